"""The quartier against the rest of its commune: when it is computed, and what is said when it is not."""

from __future__ import annotations

from datetime import date
from math import isclose

from hypothesis import given
from hypothesis import strategies as some

from ozoir.indicators.comparison import (
    COMMUNE,
    NO_COMMUNE,
    NOT_ADDITIVE,
    RESTE,
    Pair,
    compare_counts,
    compare_rates,
    compare_values,
    rest_of_commune,
)
from ozoir.indicators.results import MANQUANT, MASQUE, NON_CALCULE, NON_DIFFUSE, PROVISOIRE
from ozoir.indicators.terms import ABSENT, RAISONS, Term

DAY = date(2020, 12, 31)


def known(value: float, **changes) -> Term:
    return Term(value, **({"source": "caf", "zonage": "QP2015", "date_reference": DAY} | changes))


def without(statut: str) -> Term:
    return Term(None, statut, RAISONS[statut])


def pair(qpv: float, commune: float, **changes) -> Pair:
    return Pair(known(qpv), known(commune), **changes)


def test_rates_gap_ratio_share_and_catch_up_by_hand():
    found = compare_rates(pair(60, 160), pair(200, 1200), "foyers")
    assert found.qpv.valeur == 30  # 60 of 200
    assert found.reste.valeur == 10  # 100 of 1 000
    assert round(found.commune.valeur, 3) == 13.333
    assert (found.ecart.valeur, found.ecart.unite) == (20, "points")
    assert found.rapport.valeur == 3
    assert found.part.valeur == 37.5
    assert isclose(found.sur_representation.valeur, (60 / 160) / (200 / 1200))
    assert isclose(found.a_rattraper.valeur, 60 - 0.10 * 200)
    assert found.comparateur == RESTE
    assert (found.qpv.numerateur, found.qpv.denominateur) == (60, 200)
    assert (found.reste.numerateur, found.reste.denominateur) == (100, 1000)


def test_the_whole_commune_would_understate_the_gap():
    found = compare_rates(pair(60, 160), pair(200, 1200), "foyers")
    assert found.qpv.valeur - found.commune.valeur < found.ecart.valeur


def test_a_rate_on_fewer_than_100_is_written_without_decimal():
    assert compare_rates(pair(20, 160), pair(42, 1200), "foyers").qpv.decimales == 0


def test_population_of_the_rest_is_the_difference():
    found = compare_counts(pair(2016, 20191), "habitants")
    assert found.reste.valeur == 18175
    assert round(found.part.valeur, 2) == 9.98
    assert found.ecart.statut == NON_CALCULE


def test_a_quartier_larger_than_its_commune_is_not_subtracted():
    found = compare_counts(pair(120, 100), "personnes")
    assert found.reste.statut == NON_CALCULE
    assert "120" in found.reste.raison and "100" in found.reste.raison
    assert not found.part.is_shown


def test_medians_stand_beside_the_whole_commune():
    found = compare_values(pair(16170, 26220, is_additive=False), "€", 0)
    assert (found.comparateur, found.ecart.valeur, found.ecart.unite) == (COMMUNE, -10050, "€")
    assert not found.reste.is_shown and found.reste.raison == NOT_ADDITIVE
    assert not found.part.is_shown


def test_a_published_rate_has_its_gap_in_points():
    assert compare_values(pair(25.4, 12.0, is_additive=False), "%", 1).ecart.unite == "points"


def test_another_source_or_another_date_is_not_subtracted():
    other_source = Pair(known(20), known(100, source="dares_defm"))
    assert "même source" in rest_of_commune(other_source).raison
    other_day = Pair(known(20), known(100, date_reference=date(2019, 12, 31)))
    assert "31/12/2020" in rest_of_commune(other_day).raison and "31/12/2019" in rest_of_commune(other_day).raison


def test_a_rest_without_inhabitants_is_not_divided():
    found = compare_rates(pair(20, 20), pair(200, 200), "foyers")
    assert found.reste.statut == NON_CALCULE and found.ecart.statut == NON_CALCULE


def test_a_tiny_rate_of_the_rest_gives_a_gap_and_no_ratio():
    found = compare_rates(pair(60, 62), pair(200, 1200), "foyers")
    assert found.ecart.is_shown and found.rapport.statut == NON_CALCULE


def test_a_missing_commune_is_said_with_what_is_missing():
    found = compare_rates(Pair(known(60), ABSENT), Pair(known(200), ABSENT), "foyers")
    assert found.qpv.is_shown and not found.commune.is_shown
    assert (found.reste.statut, found.reste.raison) == (MANQUANT, NO_COMMUNE)
    assert not found.comparateur


def test_a_withheld_quartier_is_never_found_by_difference():
    found = compare_counts(Pair(without(NON_DIFFUSE), known(100)), "personnes")
    assert (found.qpv.statut, found.reste.statut, found.part.statut) == (NON_DIFFUSE,) * 3
    assert found.commune.valeur == 100


def test_a_masked_term_masks_everything_derived_from_it():
    cases = [
        (Pair(without(MASQUE), known(160)), pair(200, 1200)),
        (pair(60, 160), Pair(without(MASQUE), known(1200))),
        (pair(60, 160), pair(200, 1200, is_rest_masked=True)),
        (pair(60, 160, is_rest_masked=True), pair(200, 1200)),
    ]
    for numerator, denominator in cases:
        found = compare_rates(numerator, denominator, "foyers")
        for name in ("reste", "ecart", "rapport", "sur_representation", "a_rattraper"):
            figure = getattr(found, name)
            assert figure.statut == MASQUE, name
            assert figure.valeur is figure.numerateur is figure.denominateur is figure.marge is None
            assert not figure.provenances


def test_a_masked_numerator_shows_neither_its_rate_nor_its_denominator():
    found = compare_rates(Pair(without(MASQUE), known(160)), pair(200, 1200), "foyers").qpv
    assert found.valeur is found.numerateur is found.denominateur is None


def test_masking_outranks_any_other_reason():
    found = compare_counts(Pair(without(MASQUE), ABSENT), "personnes")
    assert found.reste.statut == MASQUE


def test_a_provisional_term_makes_provisional_figures():
    found = compare_counts(Pair(known(20, statut=PROVISOIRE), known(100)), "personnes")
    assert found.reste.statut == found.part.statut == PROVISOIRE and found.reste.valeur == 80


@given(some.integers(0, 5000), some.integers(0, 5000))
def test_quartier_plus_rest_is_the_commune(inside, outside):
    assert compare_counts(pair(inside, inside + outside), "personnes").reste.valeur == outside


@given(some.integers(1, 500), some.integers(1, 500), some.integers(0, 500), some.integers(0, 500))
def test_swapping_quartier_and_rest_turns_the_gap_round(n_inside, n_outside, more_inside, more_outside):
    d_inside, d_outside = n_inside + more_inside, n_outside + more_outside
    n_commune, d_commune = n_inside + n_outside, d_inside + d_outside
    one = compare_rates(pair(n_inside, n_commune), pair(d_inside, d_commune), "foyers")
    other = compare_rates(pair(n_outside, n_commune), pair(d_outside, d_commune), "foyers")
    assert isclose(one.ecart.valeur, -other.ecart.valeur, abs_tol=1e-9)
    assert isclose(one.ecart.marge or 0, other.ecart.marge or 0, abs_tol=1e-9)


@given(some.integers(1, 500), some.integers(1, 500), some.integers(2, 20))
def test_scaling_every_count_leaves_gap_ratio_and_share_as_they_are(inside, outside, factor):
    small = compare_rates(pair(inside, inside + outside), pair(600, 1800), "foyers")
    large = compare_rates(pair(factor * inside, factor * (inside + outside)), pair(factor * 600, factor * 1800), "foyers")
    for name in ("ecart", "rapport", "part", "sur_representation"):
        assert isclose(getattr(small, name).valeur or 0, getattr(large, name).valeur or 0, abs_tol=1e-9)
    assert isclose(large.a_rattraper.valeur, factor * small.a_rattraper.valeur, abs_tol=1e-6)
