"""METHOD §1, by hand and as properties."""

from __future__ import annotations

from math import isclose

import pytest
from hypothesis import given
from hypothesis import strategies as some

from ozoir.indicators.formulas import (
    catch_up,
    combine_margins,
    count_change_margin,
    exceeds_margin,
    gap,
    over_representation,
    rate,
    rate_margin,
    ratio,
    relative_change,
    share,
)

counts = some.integers(1, 10_000)


def test_104_women_of_214_make_48_6_points_give_or_take_6_7():
    assert round(rate(104, 214), 1) == 48.6
    assert round(rate_margin(104, 214), 1) == 6.7


def test_20_of_42_leave_15_1_points_of_doubt():
    assert round(rate_margin(20, 42), 1) == 15.1


def test_from_194_to_214_is_not_significant():
    margin = count_change_margin(194, 214)
    assert round(1.96 * (214 - 194) / margin, 2) == 0.99  # z
    assert not exceeds_margin(214 - 194, count_change_margin(194, 214))


def test_from_150_to_214_is_significant():
    assert exceeds_margin(214 - 150, count_change_margin(150, 214))


def test_nothing_without_a_margin_is_significant():
    assert not exceeds_margin(40, None)
    assert not exceeds_margin(None, 3)


@pytest.mark.parametrize("numerator, denominator", [(0, 20), (20, 20), (30, 20)])
def test_a_rate_of_0_or_100_percent_claims_no_certainty(numerator, denominator):
    assert rate_margin(numerator, denominator) is None


def test_the_gap_is_the_quartier_minus_its_comparator():
    assert gap(48.5, 40.0) == 8.5


def test_a_ratio_to_a_tiny_rate_is_not_given():
    assert ratio(12.0, 0.4) is None
    assert ratio(12.0, 8.0) == 1.5


def test_shares_by_hand():
    assert share(30, 120) == 25
    assert share(0, 0) is None
    # 30 of the commune's 120 unemployed live where 200 of its 2 000 inhabitants live: 25 % against 10 %.
    assert over_representation(30, 120, 200, 2000) == 2.5
    assert over_representation(30, 120, 0, 2000) is None


def test_what_is_to_be_caught_up_by_hand():
    # At the rest's 5 %, 200 inhabitants would have 10 unemployed: 20 fewer.
    assert catch_up(30, 200, 5.0) == 20


def test_a_relative_change_needs_a_base_of_20():
    assert relative_change(19, 38) is None
    assert relative_change(20, 25) == 25


@given(counts, counts, some.integers(2, 50))
def test_scaling_both_terms_leaves_a_rate_as_it_is(numerator, denominator, factor):
    assert isclose(rate(numerator, denominator), rate(factor * numerator, factor * denominator))


@given(counts, counts)
def test_a_rate_and_its_complement_have_the_same_margin(first, second):
    total = first + second
    assert isclose(rate_margin(first, total), rate_margin(second, total))


@given(some.integers(0, 50), some.integers(0, 50))
def test_a_difference_is_less_sure_than_each_of_its_terms(first, second):
    assert combine_margins(first, second) >= max(first, second)
