"""Two contracts in one base: figures, entries and roles stay apart, national files serve both."""

from __future__ import annotations

import shutil
import time

import pytest

from ozoir.access.actes import ACTES, ROLES
from ozoir.access.comptes import read_accounts
from ozoir.access.identites import Attribution, Identite, acting_as, is_allowed
from ozoir.catalogue.contrats import contract_folders, fixed_contrat
from ozoir.catalogue.loading import load_catalogue
from ozoir.catalogue.saisies import Commentaire, EtatAction, Modification
from ozoir.errors import OzoirError
from ozoir.indicators.publication import publish
from ozoir.store.editions import list_editions, save_edition
from ozoir.store.imports import list_imports, withdraw_import
from ozoir.store.journal import list_authors, read_lines
from ozoir.store.suivi import current_entries, save_entries
from tests.contrats.conftest import FIRST, VALMONT, write_contract


def test_a_contract_outside_the_program_is_declared_by_its_folder(two_contracts):
    assert set(contract_folders()) == {FIRST, VALMONT} and fixed_contrat() == ""
    with pytest.raises(OzoirError, match="choisir"):
        load_catalogue()


def test_a_name_is_never_a_way_to_another_folder(two_contracts):
    for name in ("../valmont", f"{two_contracts}/valmont", ".", "..", ""):
        with pytest.raises(OzoirError):
            load_catalogue(contrat=name)


def test_the_contract_follows_the_indicators_it_lists_under_its_own_pillars(valmont):
    assert [pilier.id for pilier in valmont.contrat.piliers] == ["logement", "travail", "education", "tranquillite"]
    assert {item.id: item.pilier for item in valmont.indicateurs.values()} == {
        "population": "logement",
        "defm_abc": "travail",
        "part_jeunes_defm": "travail",
        "taux_pauvrete": "logement",
        "enfants_caf": "education",
    }


def test_what_serves_all_contracts_is_read_once(two_contracts):
    first, second = load_catalogue(contrat=FIRST), load_catalogue(contrat=VALMONT)
    assert all(first.sources[name] is second.sources[name] for name in first.sources)


def test_one_national_file_serves_both(read_base, valmont):
    first = publish(read_base, load_catalogue(contrat=FIRST)).result("population").total.latest
    second = publish(read_base, valmont).result("population").total.latest
    assert (first.qpv.valeur, first.commune.valeur) == (1744, 20000)
    assert (second.qpv.valeur, second.commune.valeur) == (1800, 19000)


def test_a_partner_file_counts_for_its_contract_only(shared_base, valmont):
    own = shared_base.of_contract(VALMONT)
    assert {item.fichier for item in list_imports(own)} == {"national.csv", "valmont.xlsx"}
    assert {item.fichier for item in list_imports(shared_base.of_contract(FIRST))} == {"national.csv", "premier.xlsx"}
    (theirs,) = (item for item in list_imports(shared_base.of_contract(FIRST)) if item.contrat)
    with pytest.raises(OzoirError, match="Import inconnu"):
        withdraw_import(own, theirs.id, "Alice", "")
    assert publish(shared_base, valmont).result("defm_abc").total.latest.qpv.valeur == 200


def test_entries_editions_and_journal_are_each_contract_s_own(shared_base):
    first, second = shared_base.of_contract(FIRST), shared_base.of_contract(VALMONT)
    save_entries(first, [Modification(EtatAction("emploi-01-a1", 2019, "en_cours", 40))], "Alice")
    save_entries(second, [Modification(EtatAction("travail-01-a1", 2025, "termine", 100))], "Bachir")
    (mine,), (theirs,) = current_entries(first, EtatAction), current_entries(second, EtatAction)
    assert (mine.saisie.action, theirs.saisie.action) == ("emploi-01-a1", "travail-01-a1")
    for store, text in ((first, "a"), (second, "b")):
        save_edition(store, "COPIL", 2025, "publique", "1", 1, text, "Alice")
    assert [edition.nom for edition in list_editions(first)] == ["COPIL"] == [e.nom for e in list_editions(second)]
    lines = read_lines(shared_base.cursor(), acte="saisie", contrat=VALMONT)
    assert [line.details.count(VALMONT) for line in lines] == [1]
    assert "Bachir" in list_authors(shared_base.cursor()) and "Bachir" not in list_authors(shared_base.cursor(), FIRST)
    with pytest.raises(OzoirError, match="choisir"):
        save_entries(shared_base, [Modification(Commentaire("emploi-01-a1", 2019, "bilan", "x"))], "Alice")


def test_publications_of_two_contracts_do_not_drive_each_other_out(read_base, valmont):
    first, second = publish(read_base, load_catalogue(contrat=FIRST)), publish(read_base, valmont)
    assert publish(read_base, load_catalogue(contrat=FIRST)) is first and publish(read_base, valmont) is second
    plaine = publish(read_base, load_catalogue(contrat=VALMONT, quartier="la-plaine"))
    assert plaine is not second and plaine.result("defm_abc").total.latest.qpv.valeur == 140


@pytest.mark.parametrize("acte", [acte for acte in ACTES.values() if not acte.is_automatic], ids=lambda acte: acte.id)
@pytest.mark.parametrize("role", list(ROLES))
def test_roles_on_one_contract_give_nothing_on_another(role, acte):
    person = Identite("A", frozenset(), attributions=(Attribution(frozenset({role}), frozenset({FIRST})),))
    assert is_allowed(person.within(FIRST), acte.id) == (role in acte.roles and not acte.is_of_base)
    assert not is_allowed(person.within(VALMONT), acte.id) and not is_allowed(person, acte.id)


def test_the_store_refuses_whoever_has_no_role_on_its_contract(shared_base):
    roles = frozenset({"chef_de_projet", "analyste", "administrateur"})
    person = Identite("A", roles, auteur="agent-1", attributions=(Attribution(roles, frozenset({FIRST})),))
    entry = [Modification(EtatAction("travail-01-a1", 2025, "termine", 100))]
    with acting_as(person):
        with pytest.raises(OzoirError, match="refusée"):
            save_entries(shared_base.of_contract(VALMONT), entry, "agent-1")
        (common,) = (item for item in list_imports(shared_base.of_contract(FIRST)) if not item.contrat)
        with pytest.raises(OzoirError, match="refusée"):  # a national file is everybody's
            withdraw_import(shared_base.of_contract(FIRST), common.id, "agent-1", "")
        save_entries(
            shared_base.of_contract(FIRST), [Modification(EtatAction("emploi-01-a1", 2019, "en_cours", 40))], "agent-1"
        )


def test_the_file_of_people_limits_roles_to_contracts(tmp_path):
    path = tmp_path / "acces.toml"
    path.write_text(
        '[[personnes]]\ncourriel = "a@exemple.fr"\nroles = ["lecteur"]\n\n'
        '[[personnes]]\ncourriel = "a@exemple.fr"\nroles = ["analyste"]\ncontrats = ["valmont"]\n'
    )
    person = Identite("A", frozenset(), attributions=read_accounts(path).attributions_of("a@exemple.fr", "", {}))
    assert person.within(VALMONT).roles == {"lecteur", "analyste"} and person.within(FIRST).roles == {"lecteur"}
    path.write_text('[[personnes]]\ncourriel = "a@exemple.fr"\nroles = ["lecteur"]\ncontrats = []\n')
    with pytest.raises(OzoirError, match="contrats est une liste"):
        read_accounts(path)


def test_a_hundred_declared_contracts_cost_a_page_nothing(tmp_path, monkeypatch, read_base):
    many = write_contract(tmp_path / "cent")
    monkeypatch.setenv("OZOIR_CONTRATS", str(many))

    def spent() -> float:
        best = float("inf")
        for _ in range(5):
            start = time.process_time()
            for _ in range(20):
                publish(read_base, load_catalogue(contrat=VALMONT))
                fixed_contrat()
            best = min(best, time.process_time() - start)
        return best

    few = spent()
    for number in range(100):
        shutil.copytree(many / VALMONT, many / f"copie-{number:03d}")
        (many / f"copie-{number:03d}" / "contrat.toml").write_text("illisible, donc jamais lu")
    assert spent() < 2 * few + 0.01
