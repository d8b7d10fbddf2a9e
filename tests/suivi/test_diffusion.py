"""Small counts of persons never show, nor what gives them back."""

from __future__ import annotations

import pytest

from ozoir.catalogue.contrat import IndicateurRealisation
from ozoir.catalogue.saisies import Realisation
from ozoir.indicators.results import MANQUANT, MASQUE, SANS_OBJET
from ozoir.suivi.diffusion import disclose

PERSONNES = IndicateurRealisation("i", "Personnes", "effectif", "saisie", "personnes", sexe=True)
TAUX = IndicateurRealisation("t", "Taux", "taux", "saisie", "%")
HEURES = IndicateurRealisation("h", "Heures", "effectif", "saisie", "heures")
FIELDS = ("realise", "beneficiaires", "dont_qpv", "femmes", "hommes")


def masked(indicateur=PERSONNES, **values) -> set[str]:
    figures = disclose(Realisation("a", indicateur.id, 2016, **values), indicateur, 5)
    return {name for name in FIELDS if getattr(figures, name).statut == MASQUE}


def test_comfortable_counts_show():
    assert masked(realise=30.0, beneficiaires=30, dont_qpv=20, femmes=18, hommes=12) == set()


def test_a_small_sex_hides_both():
    assert masked(realise=30.0, beneficiaires=30, femmes=4, hommes=26) == {"femmes", "hommes"}


def test_a_small_rest_hides_the_quartier():
    assert masked(beneficiaires=30, dont_qpv=27) == {"dont_qpv"}  # 30 − 27 = 3 outside the quartier


def test_a_small_sex_not_told_hides_the_other():
    assert masked(beneficiaires=30, femmes=27) == {"femmes"}  # 3 men, not answered


def test_a_small_total_hides_all():
    assert masked(realise=3.0, beneficiaires=3, dont_qpv=0, femmes=1, hommes=2) == set(FIELDS)


def test_a_value_equal_to_a_masked_part_is_masked_too():
    assert masked(realise=27.0, beneficiaires=30, dont_qpv=27) == {"realise", "dont_qpv"}


def test_a_rate_that_gives_a_small_count_back_is_masked():
    assert masked(TAUX, realise=10.0, beneficiaires=30) == {"realise"}  # 3 persons
    assert masked(TAUX, realise=90.0, beneficiaires=30) == {"realise"}  # 3 persons the other way
    assert masked(TAUX, realise=50.0, beneficiaires=30) == set()


def test_zero_is_a_zero_and_five_shows():
    assert masked(realise=0.0, beneficiaires=0, dont_qpv=0) == set()
    assert masked(realise=5.0, beneficiaires=5) == set()


def test_hours_are_not_persons():
    assert masked(HEURES, realise=3.0) == set()


def test_empty_and_not_concerned_have_their_own_signs():
    empty = disclose(None, PERSONNES, 5)
    unconcerned = disclose(Realisation("a", "i", 2016, non_concerne=True), PERSONNES, 5)
    zero = disclose(Realisation("a", "i", 2016, realise=0.0), PERSONNES, 5)
    assert (empty.realise.statut, unconcerned.realise.statut, zero.realise.valeur) == (MANQUANT, SANS_OBJET, 0)
    assert {empty.realise.signe, unconcerned.realise.signe} == {"…", "///"}


@pytest.mark.parametrize("seuil", [0])
def test_those_who_enter_see_everything(seuil):
    figures = disclose(Realisation("a", "i", 2016, realise=3.0, beneficiaires=3), PERSONNES, seuil)
    assert (figures.realise.valeur, figures.beneficiaires.valeur) == (3, 3)
