"""Entries: a history that is never overwritten, two authors, workbooks that can be withdrawn, cents that stay cents."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest

from ozoir.catalogue.saisies import (
    KINDS,
    Avis,
    Besoin,
    Commentaire,
    Credit,
    Decision,
    Depot,
    EtatAction,
    Evenement,
    Modification,
    Paragraphe,
    Proposition,
    Realisation,
    Reunion,
)
from ozoir.errors import OzoirError
from ozoir.store.base import open_store
from ozoir.store.rebuilding import rebuild
from ozoir.store.schema import ENTRY_TABLES
from ozoir.store.suivi import (
    current_entries,
    entry_history,
    list_deposits,
    restore_deposit,
    save_deposit,
    save_entries,
    withdraw_deposit,
)

EXAMPLES = (
    EtatAction("a1", 2016, "en_cours", 40),
    Commentaire("a1", 2016, "freins", "Salle indisponible"),
    Realisation("a1", "jeunes", 2016, realise=12.5, cible=20.0, beneficiaires=12, dont_qpv=0, femmes=None, texte="pm"),
    Credit("a1", "etat", 2016, "specifique", "", Decimal("1234567.89"), Decimal("0.10"), None, "1.1", "BOP"),
    Reunion("", "copil", date(2016, 3, 1), "Bilan", "signataires", "Relevé"),
    Decision("", 2016, "Relancer", "R1", "a1", "Espace social", date(2016, 6, 30), "en_cours"),
    Proposition("", 2016, "Déplacer", "a1", "conseil citoyen", True, "Ville", date(2017, 1, 1), "retenue"),
    Besoin("", 2016, "formation", "Secret statistique", "equipe_projet", "chef de projet", Decimal("1500.00")),
    Avis("", 2016, "conseil_municipal", date(2017, 3, 1), None, "attendu"),
    Evenement("", date(2016, 9, 1), "Ouverture", "De la salle", "emploi"),
    Paragraphe(2016, "observation", "Texte"),
)


def save(store, entry, base=0, auteur="Alice"):
    return save_entries(store, [Modification(entry, base)], auteur)


def depot(**changes) -> Depot:
    values = dict(
        id=0, empreinte="abc", fichier="retour.xlsx", taille=10, pilote="Osica", annee=2016, auteur="Alice",
        charge_le=datetime(2017, 1, 1), statut="charge", saisies=0, constats=[{"message": "Cellule vide."}],
    )  # fmt: skip
    return Depot(**(values | changes))


@pytest.mark.parametrize("entry", EXAMPLES, ids=lambda entry: type(entry).__name__)
def test_every_kind_of_entry_is_read_back_as_it_was_saved(store, entry):
    (written,) = save(store, entry).ecrites
    (read,) = current_entries(store, type(entry))
    assert read == written
    assert read.saisie == entry or read.saisie.reference
    assert (read.auteur, read.depot) == ("Alice", 0)


def test_free_text_is_typeset_whatever_keyboard_it_was_typed_on(store):
    save_entries(store, [Modification(Commentaire("action-1", 2019, "freins", "L'accord tarde : pas d'élu !"))], "pilote")
    (version,) = current_entries(store, Commentaire)
    assert version.saisie.texte == "L’accord tarde\u00a0: pas d’élu\u202f!"


def test_every_kind_has_an_example_and_a_table_copied_when_rebuilding():
    assert {type(entry) for entry in EXAMPLES} == set(KINDS)
    assert {kind.TABLE for kind in KINDS} | {"depots"} <= set(ENTRY_TABLES)


def test_nothing_is_overwritten_and_the_history_is_readable(store):
    (first,) = save(store, EtatAction("a1", 2016, "en_cours", 40)).ecrites
    (second,) = save(store, EtatAction("a1", 2016, "realisee", 100), first.id, "Bilal").ecrites
    history = entry_history(store, EtatAction, action="a1", annee=2016)
    assert [(version.auteur, version.saisie.statut) for version in history] == [("Alice", "en_cours"), ("Bilal", "realisee")]
    assert current_entries(store, EtatAction) == [second]
    assert first.saisi_le <= second.saisi_le


def test_the_second_of_two_authors_is_told_and_nothing_is_lost(store):
    (seen_by_both,) = save(store, EtatAction("a1", 2016, "en_cours", 40)).ecrites
    save(store, EtatAction("a1", 2016, "en_pause", 40), seen_by_both.id, "Bilal")
    answer = save(store, EtatAction("a1", 2016, "realisee", 100), seen_by_both.id, "Chloé")
    (conflict,) = answer.conflits
    assert not answer.ecrites
    assert conflict.refusee.saisie.statut == "realisee"
    assert conflict.actuelle.saisie.statut == "en_pause"
    assert "Bilal" in conflict.sentence() and "UTC" in conflict.sentence()
    assert current_entries(store, EtatAction)[0].saisie.statut == "en_pause"
    assert save(store, conflict.refusee.saisie, conflict.actuelle.id, "Chloé").ecrites


def test_a_table_with_one_conflict_saves_its_other_rows(store):
    save(store, EtatAction("a1", 2016, "en_cours", 40), auteur="Bilal")
    answer = save_entries(
        store, [Modification(EtatAction("a1", 2016, "realisee")), Modification(EtatAction("a2", 2016, "a_venir"))], "Chloé"
    )
    assert [version.saisie.action for version in answer.ecrites] == ["a2"]
    assert [conflict.refusee.saisie.action for conflict in answer.conflits] == ["a1"]


def test_two_authors_saying_the_same_thing_do_not_conflict(store):
    save(store, EtatAction("a1", 2016, "en_cours", 40))
    answer = save(store, EtatAction("a1", 2016, "en_cours", 40), auteur="Bilal")
    assert (answer.inchangees, answer.conflits, answer.ecrites) == (1, (), ())
    assert len(entry_history(store, EtatAction)) == 1


def test_empty_zero_and_not_concerned_are_three_things(store):
    for rank, entry in enumerate(
        (
            Realisation("a1", "i", 2014),
            Realisation("a1", "i", 2015, realise=0.0),
            Realisation("a1", "i", 2016, non_concerne=True),
        )
    ):
        save(store, entry, auteur=f"auteur {rank}")
    answers = [version.saisie.reponse for version in current_entries(store, Realisation)]
    assert answers == ["vide", "valeur", "non_concerne"]


def test_amounts_stay_exact(store):
    amounts = [Decimal("0.10"), Decimal("0.20"), Decimal("999999999999.99")]
    for rank, amount in enumerate(amounts):
        save(store, Credit("a1", "etat", 2015 + rank, "specifique", engage=amount))
    read = [version.saisie.engage for version in current_entries(store, Credit)]
    assert read == amounts
    assert sum(read) == Decimal("1000000000000.29")


def test_references_follow_each_other_and_a_retired_item_keeps_its_own(store):
    (first,) = save(store, Decision("", 2016, "Une")).ecrites
    assert first.saisie.reference == "D1"
    save(store, Decision("D1", 2016, "Une", retire=True), first.id)
    (second,) = save(store, Decision("", 2016, "Deux")).ecrites
    assert second.saisie.reference == "D2"
    assert [version.saisie.reference for version in current_entries(store, Decision)] == ["D2"]
    assert len(entry_history(store, Decision, reference="D1")) == 2


def test_a_workbook_is_withdrawn_and_restored(store):
    save(store, EtatAction("a1", 2016, "en_cours", 10))
    kept = save_deposit(store, depot(), [Modification(EtatAction("a1", 2016, "realisee", 100), base=1)])
    assert (kept.id, kept.saisies) == (1, 1)
    assert current_entries(store, EtatAction)[0].saisie.statut == "realisee"
    withdraw_deposit(store, 1, "Alice", "mauvaise année")
    assert current_entries(store, EtatAction)[0].saisie.statut == "en_cours"
    assert [version.is_counted for version in entry_history(store, EtatAction)] == [True, False]
    restore_deposit(store, 1, "Alice")
    assert current_entries(store, EtatAction)[0].saisie.statut == "realisee"
    assert list_deposits(store)[0].constats == [{"message": "Cellule vide."}]


def test_the_same_workbook_twice_is_refused(store):
    save_deposit(store, depot(), [])
    with pytest.raises(OzoirError, match="déjà reçu"):
        save_deposit(store, depot(fichier="copie.xlsx"), [])


def test_a_workbook_made_before_somebody_s_entry_is_refused_whole(store):
    save(store, EtatAction("a1", 2016, "en_cours", 10), auteur="Bilal")
    rows = [Modification(EtatAction("a2", 2016, "realisee", 100)), Modification(EtatAction("a1", 2016, "realisee", 100))]
    with pytest.raises(OzoirError, match="Bilal"):
        save_deposit(store, depot(), rows)
    assert [version.saisie.action for version in current_entries(store, EtatAction)] == ["a1"]
    assert not list_deposits(store)


def test_entries_survive_closing(tmp_path):
    path = tmp_path / "contract.duckdb"
    first = open_store(path, create=True)
    save(first, EtatAction("a1", 2016, "en_cours", 40))
    first.close()
    second = open_store(path)
    assert current_entries(second, EtatAction)[0].saisie.avancement == 40
    second.close()


def test_rebuilding_keeps_every_version_exactly(tmp_path, catalogue):
    path = tmp_path / "contract.duckdb"
    first = open_store(path, create=True)
    (tmp_path / "raw").mkdir()
    save_entries(first, [Modification(entry) for entry in EXAMPLES], "Alice")
    save(first, Credit("a1", "caf", 2016, "droit_commun", prevu=Decimal("999999999999.99")))
    save(first, EtatAction("a1", 2016, "realisee", 100), 1)
    save_deposit(first, depot(), [Modification(Paragraphe(2017, "observation", "Déposé"))])
    before = {kind: entry_history(first, kind) for kind in KINDS}
    deposits = list_deposits(first)
    first.close()
    rebuild(path, catalogue)
    second = open_store(path)
    assert {kind: entry_history(second, kind) for kind in KINDS} == before
    assert list_deposits(second) == deposits
    assert save(second, EtatAction("a1", 2018, "a_venir")).ecrites[0].id == before[EtatAction][-1].id + 1
    second.close()
