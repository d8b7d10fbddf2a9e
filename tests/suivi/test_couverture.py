"""Coverage: each state of an indicator in a year, who is asked for it, and the words of the letter."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from ozoir.catalogue.saisies import EtatAction, Modification, Realisation
from ozoir.suivi.couverture import build_matrix, list_awaited, write_letter
from ozoir.suivi.dossier import load_dossier
from ozoir.suivi.enregistrement import save

TODAY = date(2022, 6, 1)


@pytest.fixture
def matrix(publication, dossier):
    return build_matrix(publication, dossier, TODAY)


def row(matrix, id, objet=""):
    (found,) = [item for item in matrix if item.id == id and item.objet == objet]
    return found


def test_every_indicator_of_both_kinds_has_one_row(matrix, catalogue, cadre):
    assert len(matrix) == len(catalogue.indicateurs) + len(cadre.attendus)
    assert {tuple(item.etats) for item in matrix} == {cadre.annees}


def test_statistics_fed_withheld_late_and_missing(matrix):
    states = row(matrix, "defm_abc").etats
    assert (states[2016], states[2017], states[2019]) == ("alimente",) * 3
    assert states[2018] == "non_diffuse"
    assert states[2015] == "manquant"  # a later year is there
    assert states[2020] == "en_retard"  # nothing came since
    assert states[2021] == "pas_encore"  # figures of 31/12/N come with the edition N + 1, and 2022 is not over


def test_a_statistic_never_fed_is_missing(matrix):
    assert row(matrix, "taux_pauvrete").etats[2016] == "manquant"


def test_an_entered_indicator_is_fed_by_a_value_a_zero_or_not_concerned(matrix):
    assert row(matrix, "participants_qpv_ateliers_numeriques", "emploi-06").etats[2016] == "alimente"
    assert row(matrix, "passages_jeunes", "emploi-04-a3").etats[2016] == "alimente"  # answered 0
    assert row(matrix, "realisation_maison_sante", "cohesion-sociale-03-a1").etats[2016] == "non_concerne"


def test_a_silent_pilot_is_late_then_missing_once_a_later_year_is_answered(matrix):
    states = row(matrix, "participants_qpv_ateliers_numeriques", "emploi-06").etats
    assert (states[2015], states[2017], states[2022]) == ("manquant", "en_retard", "pas_encore")


def test_what_the_contract_leaves_vague_is_to_be_defined(matrix):
    assert row(matrix, "indicateurs_cispd", "cohesion-sociale-11").etats[2016] == "a_definir"


def test_an_indicator_fed_by_statistics_follows_them(matrix):
    states = row(matrix, "demandeurs_emploi_a_b", "emploi-01").etats
    assert states[2016] == row(matrix, "defm_ab").etats[2016]


def test_an_action_that_does_not_take_place_owes_nothing(publication, dossier, store, cadre):
    save(store, cadre, [Modification(EtatAction("emploi-07-a2", 2017, "abandonnee"))], "Alice")
    later = build_matrix(publication, load_dossier(store, cadre), TODAY)
    assert row(later, "jeunes_aides_permis", "emploi-07-a2").etats[2017] == "non_concerne"


def test_each_pilot_is_asked_for_its_own_and_insee_for_downloads(matrix, catalogue, cadre):
    waiting = {item.partenaire: item for item in list_awaited(matrix, catalogue, cadre.regles)}
    assert "jeunes_aides_permis" in [line.id for line in waiting["Association La Brèche"].lignes]
    assert not waiting["Association La Brèche"].is_public
    assert waiting["Insee"].is_public
    assert "demandeurs_emploi_a_b" not in [line.id for line in waiting["Pôle emploi"].lignes]  # asked as defm_ab, once
    assert "defm_abc" in [line.id for line in waiting["Pôle emploi"].lignes]


def test_the_letter_names_the_years_and_no_person(matrix, catalogue, cadre):
    waiting = {item.partenaire: item for item in list_awaited(matrix, catalogue, cadre.regles)}
    letter = write_letter(waiting["Association La Brèche"], cadre)
    assert letter.startswith("Objet\u00a0: suivi annuel – Contrat de ville")
    assert "– Jeunes aidés pour le permis de conduire – " in letter
    assert "\u00a0: 2015 et 2017 à 2021" in letter  # 2016 was answered, 2022 is not over
    assert "aucune donnée nominative" in letter
    download = write_letter(waiting["Insee"], cadre, [2016])
    assert download.startswith("À télécharger") and "Madame" not in download


def test_a_letter_may_be_limited_to_a_year(matrix, catalogue, cadre):
    (waiting,) = [i for i in list_awaited(matrix, catalogue, cadre.regles) if i.partenaire == "Association La Brèche"]
    assert "\u00a0: 2017." in write_letter(replace(waiting, lignes=waiting.lignes[:1]), cadre, [2017])


def test_a_target_alone_is_not_an_answer(publication, dossier, store, cadre):
    target = Realisation("emploi-07-a2", "jeunes_aides_permis", 2018, cible=10.0)
    save(store, cadre, [Modification(target)], "Alice")
    later = build_matrix(publication, load_dossier(store, cadre), TODAY)
    assert row(later, "jeunes_aides_permis", "emploi-07-a2").etats[2018] == "en_retard"
