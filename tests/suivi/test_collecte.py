"""From the generated workbook to the base and back: preview, saving, divergences, undoing; a real LibreOffice in between."""

from __future__ import annotations

import io
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from ozoir.catalogue.classeur import LIGNES_LIBRES
from ozoir.catalogue.saisies import Commentaire, Credit, EtatAction, Modification, Realisation
from ozoir.errors import OzoirError
from ozoir.exports.collecte import write_workbook
from ozoir.paths import raw_folder
from ozoir.store.base import open_store
from ozoir.store.depots import workbook_path
from ozoir.store.suivi import current_entries, entry_history, list_deposits, restore_deposit, save_entries, withdraw_deposit
from ozoir.suivi.collecte import Changement, preview, receive_collecte, save_workbook
from tests.collecte import PILOTE, compose, fill, place, read
from tests.libreoffice import SOFFICE, type_and_save

ACTION, STAGES = "emploi-01-a1", "emploi-08-a4|jeunes_stage_trouve"
CREDIT = f"{ACTION}|etat_bop147|specifique|"
ENTRIES = (
    EtatAction(ACTION, 2016, "en_cours", 40),
    Commentaire(ACTION, 2016, "freins", "Imprimeur en retard"),
    Credit(ACTION, "etat_bop147", 2016, "specifique", "", Decimal("1000.10"), theme="2.2"),
)


@pytest.fixture
def base(store):
    save_entries(store, [Modification(entry) for entry in ENTRIES], "Alice")
    return store


def look(store, cadre, data: bytes):
    return preview(store, cadre, read(data, cadre))


def state(store) -> EtatAction:
    return next(version.saisie for version in current_entries(store, EtatAction, action=ACTION, annee=2016))


def test_the_preview_says_old_and_new_and_writes_nothing(base, cadre):
    classeur = compose(base, cadre)
    before = base.state()
    data = fill(classeur, {place(classeur, ACTION, "statut"): "Réalisée", place(classeur, CREDIT, "prevu"): 1200})
    apercu = look(base, cadre, data)
    title = "Plaquette des acteurs de la formation et de l’emploi"
    assert apercu.changements == (
        Changement(title, "statut", "en_cours", "realisee"),
        Changement(f"{title} – État – BOP 147 – Crédits spécifiques", "prevu", Decimal("1000.10"), Decimal("1200")),
    )
    assert base.state() == before


def test_a_saved_workbook_becomes_entries_with_their_author_and_the_original_is_kept(base, cadre):
    classeur = compose(base, cadre)
    data = fill(classeur, {place(classeur, ACTION, "statut"): "Réalisée", place(classeur, CREDIT, "paye"): 0.3})
    depot = save_workbook(base, look(base, cadre, data), data, "Bilal")
    assert (depot.id, depot.pilote, depot.annee, depot.saisies) == (1, PILOTE, 2016, 2)
    assert state(base) == EtatAction(ACTION, 2016, "realisee", 40)
    (credit,) = current_entries(base, Credit)
    assert (credit.saisie.prevu, credit.saisie.paye, credit.saisie.theme) == (Decimal("1000.10"), Decimal("0.30"), "2.2")
    assert (credit.auteur, credit.depot) == ("Bilal", 1)
    assert workbook_path(base, depot.empreinte, depot.fichier).read_bytes() == data


def test_cells_left_as_they_were_sent_never_overwrite_what_was_entered_since(base, cadre):
    classeur = compose(base, cadre)
    data = fill(classeur, {place(classeur, STAGES, "realise"): 12})
    save_entries(base, [Modification(EtatAction(ACTION, 2016, "realisee", 100), 1)], "Chloé")
    apercu = look(base, cadre, data)
    assert [change.champ for change in apercu.changements] == ["realise"]
    save_workbook(base, apercu, data, "Bilal")
    assert state(base).statut == "realisee"


def test_the_same_cell_changed_on_both_sides_is_told_and_nothing_is_lost(base, cadre):
    classeur = compose(base, cadre)
    data = fill(classeur, {place(classeur, ACTION, "statut"): "En retard", place(classeur, STAGES, "realise"): 12})
    save_entries(base, [Modification(EtatAction(ACTION, 2016, "realisee", 100), 1)], "Chloé")
    apercu = look(base, cadre, data)
    (divergence,) = apercu.divergences
    assert divergence.auteur == "Chloé"
    assert [(change.ancien, change.nouveau) for change in divergence.changements] == [("realisee", "en_retard"), (100, 40)]
    save_workbook(base, apercu, data, "Bilal")
    assert state(base).statut == "realisee"
    assert [version.saisie.realise for version in current_entries(base, Realisation)] == [12.0]


def test_a_divergence_settled_for_the_workbook_keeps_the_other_value_in_the_history(base, cadre):
    classeur = compose(base, cadre)
    data = fill(classeur, {place(classeur, ACTION, "statut"): "En retard"})
    save_entries(base, [Modification(EtatAction(ACTION, 2016, "realisee", 100), 1)], "Chloé")
    save_workbook(base, look(base, cadre, data), data, "Bilal", retained=[0])
    assert [version.saisie.statut for version in entry_history(base, EtatAction)] == ["en_cours", "realisee", "en_retard"]


def test_somebody_entering_the_same_thing_is_no_divergence(base, cadre):
    classeur = compose(base, cadre)
    data = fill(classeur, {place(classeur, ACTION, "statut"): "Réalisée"})
    save_entries(base, [Modification(EtatAction(ACTION, 2016, "realisee", 40), 1)], "Chloé")
    apercu = look(base, cadre, data)
    assert (apercu.changements, apercu.divergences, apercu.deja_enregistrees) == ((), (), 1)
    with pytest.raises(OzoirError, match="Rien à enregistrer"):
        save_workbook(base, apercu, data, "Bilal")


def test_an_entry_made_between_preview_and_saving_refuses_the_whole_workbook(base, cadre):
    classeur = compose(base, cadre)
    data = fill(classeur, {place(classeur, ACTION, "statut"): "En retard", place(classeur, STAGES, "realise"): 12})
    apercu = look(base, cadre, data)
    save_entries(base, [Modification(EtatAction(ACTION, 2016, "realisee", 100), 1)], "Chloé")
    with pytest.raises(OzoirError, match="Chloé"):
        save_workbook(base, apercu, data, "Bilal")
    assert not list_deposits(base) and not current_entries(base, Realisation)
    assert not list((raw_folder(base.path) / "collecte").iterdir())


def test_an_emptied_cell_takes_the_value_back(base, cadre):
    classeur = compose(base, cadre)
    data = fill(classeur, {place(classeur, ACTION, "freins"): None, place(classeur, CREDIT, "prevu"): None})
    save_workbook(base, look(base, cadre, data), data, "Bilal")
    assert current_entries(base, Commentaire)[0].saisie.texte == ""
    assert current_entries(base, Credit)[0].saisie.prevu is None
    assert entry_history(base, Commentaire)[0].saisie.texte == "Imprimeur en retard"


def test_a_blocking_finding_saves_nothing(base, cadre):
    classeur = compose(base, cadre)
    data = fill(classeur, {place(classeur, ACTION, "statut"): "Réalisée", place(classeur, STAGES, "realise"): "beaucoup"})
    apercu = look(base, cadre, data)
    assert (apercu.changements, apercu.modifications) == ((), ())
    before = base.state()
    with pytest.raises(OzoirError, match="constats bloquants"):
        save_workbook(base, apercu, data, "Bilal")
    assert base.state() == before


def test_the_same_file_twice_is_refused_and_its_withdrawal_gives_the_former_values_back(base, cadre):
    classeur = compose(base, cadre)
    data = fill(classeur, {place(classeur, ACTION, "statut"): "Réalisée"})
    save_workbook(base, look(base, cadre, data), data, "Bilal")
    with pytest.raises(OzoirError, match="déjà reçu"):
        look(base, cadre, data)
    withdraw_deposit(base, 1, "Alice", "mauvais fichier")
    assert state(base).statut == "en_cours"
    with pytest.raises(OzoirError, match="Rétablissez"):
        look(base, cadre, data)
    restore_deposit(base, 1, "Alice")
    assert state(base).statut == "realisee"


def test_a_workbook_of_the_demonstration_does_not_enter_a_real_base(base, cadre, tmp_path):
    demonstration = open_store(tmp_path / "demo" / "contract.duckdb", create=True, fictif=True)
    classeur = compose(demonstration, cadre)
    demonstration.close()
    with pytest.raises(OzoirError, match="démonstration"):
        look(base, cadre, write_workbook(classeur))
    assert "FICTIVES" in load_workbook(io.BytesIO(write_workbook(classeur)))["Actions"]["B1"].value


@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice absent")
@pytest.mark.parametrize("suffix", [".xlsx", ".ods"])
def test_a_workbook_filled_and_saved_by_libreoffice_gives_the_entries_that_were_typed(base, cadre, tmp_path, suffix):
    classeur = compose(base, cadre)
    sent, returned = tmp_path / "collecte.xlsx", tmp_path / f"retour{suffix}"
    sent.write_bytes(write_workbook(classeur))
    free = str(5 + len(classeur.lignes["credits"]) + LIGNES_LIBRES - 1)
    sondage = "emploi-08-a3|questionnaire_journee_jobs"
    typed = {
        place(classeur, ACTION, "statut"): "Réalisée",
        place(classeur, ACTION, "avancement"): "100",
        place(classeur, ACTION, "freins"): "",
        place(classeur, ACTION, "reussites"): "=2 forums, « jeunes »\net adultes",
        place(classeur, STAGES, "realise"): "0",
        place(classeur, STAGES, "cible"): "20",
        place(classeur, STAGES, "beneficiaires"): "12",
        place(classeur, STAGES, "dont_qpv"): "5",
        place(classeur, STAGES, "femmes"): "7",
        place(classeur, STAGES, "hommes"): "5",
        place(classeur, "emploi-01|taux_frequentation_structures", "realise"): "45.5",
        place(classeur, sondage, "non_concerne"): "Non concerné",
        place(classeur, CREDIT, "prevu"): "1234567.89",
        place(classeur, CREDIT, "engage"): "1000.1",
        ("Crédits", f"B{free}"): classeur.objets["emploi-08-a4"],
        ("Crédits", f"C{free}"): "Ville",
        ("Crédits", f"D{free}"): "Droit commun",
        ("Crédits", f"G{free}"): "0.1",
        ("Crédits", f"J{free}"): "Salle prêtée",
    }
    type_and_save(sent, typed, returned, tmp_path / "profil")
    apercu = preview(base, cadre, receive_collecte(returned.read_bytes(), returned.name, cadre, 2016))
    assert apercu.collecte.findings == ()
    depot = save_workbook(base, apercu, returned.read_bytes(), "Bilal")
    saved = [
        version.saisie
        for kind in (EtatAction, Commentaire, Realisation, Credit)
        for version in entry_history(base, kind, depot=depot.id)
    ]
    assert saved == [
        EtatAction(ACTION, 2016, "realisee", 100),
        Commentaire(ACTION, 2016, "freins", ""),
        Commentaire(ACTION, 2016, "reussites", "=2 forums, « jeunes »\net adultes"),
        Realisation("emploi-01", "taux_frequentation_structures", 2016, realise=45.5),
        Realisation("emploi-08-a3", "questionnaire_journee_jobs", 2016, non_concerne=True),
        Realisation("emploi-08-a4", "jeunes_stage_trouve", 2016, False, 0.0, 20.0, 12, 5, 7, 5),
        Credit(ACTION, "etat_bop147", 2016, "specifique", "", Decimal("1234567.89"), Decimal("1000.10"), theme="2.2"),
        Credit("emploi-08-a4", "ville", 2016, "droit_commun", "", Decimal("0.10"), commentaire="Salle prêtée"),
    ]
