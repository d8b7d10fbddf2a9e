"""What the follow-up stands on: a theme per objective, a side per funder, an answer to give per mention of the contract."""

from __future__ import annotations

import pytest

from ozoir.catalogue.bilan import load_plan
from ozoir.catalogue.contrat_loading import load_contrat
from ozoir.catalogue.suivi import load_cadre
from ozoir.errors import OzoirError
from ozoir.paths import CATALOGUE


@pytest.fixture(scope="module")
def cadre():
    return load_cadre(load_contrat(CATALOGUE / "contrats" / "ozoir-la-ferriere"))


def test_the_years_run_from_the_contract_to_its_extension(cadre):
    assert cadre.annees[0] == 2015 and cadre.annees[-1] == 2023


def test_every_objective_has_a_theme(cadre):
    assert set(cadre.regles.themes) == {objectif.id for objectif in cadre.contrat.objectifs}


def test_both_sides_of_the_contract_have_funders(cadre):
    groups = [funder.groupe for funder in cadre.financements.financeurs.values()]
    assert set(groups) == set(cadre.financements.groupes) == {"epci_ville", "etat_autres"}
    sides = {id: funder.groupe for id, funder in cadre.financements.financeurs.items()}
    assert {id for id, side in sides.items() if side == "epci_ville"} == {"ville", "epci"}


def test_every_mention_of_the_contract_is_an_answer_to_give(cadre):
    mentioned = {((m.action or m.objectif).id, m.indicateur.id) for m in cadre.contrat.mentions}
    assert {(item.objet, item.indicateur.id) for item in cadre.attendus} == mentioned
    assert len(cadre.attendus) == len(mentioned)


def test_an_action_answers_for_its_indicators_and_for_those_of_its_objective(cadre):
    found = cadre.attendus_of(cadre.contrat.action("emploi-01-a1"))
    assert [(item.objet, item.indicateur.id) for item in found][1] == ("emploi-01", "demandeurs_emploi_a_b")


def test_pillars_and_themes_of_any_object(cadre):
    assert cadre.pilier_of("emploi-10").id == cadre.pilier_of("emploi").id == "emploi"
    assert cadre.theme_of("emploi-10") == "2.2" and cadre.theme_of("emploi") == ""
    with pytest.raises(OzoirError, match="Vouliez-vous dire"):
        cadre.pilier_of("emploi-111")


def test_the_report_answers_each_clause_of_the_contract_and_each_item_of_the_decree(cadre):
    sections = load_plan().sections
    assert {item.clause for item in sections if item.clause} == {clause.id for clause in cadre.contrat.suivi.clauses_bilan}
    assert {item for section in sections for item in section.decret} == {1, 2, 3, 4, 5, 6}
