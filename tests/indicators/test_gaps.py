"""« L’écart se réduit-il ? »: what is judged, what is only shown, what is refused and why."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from ozoir.indicators.evolution import DEFAVORABLE, FAVORABLE, STABLE
from ozoir.indicators.gaps import (
    ABSENT,
    COLUMNS,
    CREUSE,
    INVERSE,
    NON_SIGNIFICATIF,
    REDUIT,
    SANS_MARGE,
    compare_gaps,
    expected_by_chance,
    gap_rows,
    list_gap_changes,
    rank_moves,
    write_change,
    write_verdict,
)
from tests.indicators.states import Y15, Y19, Y20, counts, rates, table_of
from tests.indicators.territories import both, fact, publication_of


def changed(catalogue, indicateur: str, rows: list[dict]):
    result = publication_of(catalogue, table_of(rows)).result(indicateur)
    return compare_gaps(result, catalogue)


def rsa(catalogue, *values):
    return changed(catalogue, "part_rsa_caf", rates(*values))


def test_a_gap_that_shrinks_by_hand(catalogue):
    """130/330 against (500−130)/(3500−330) is 39,4 − 11,7 = 27,7; 70/300 against 430/3200 is 23,3 − 13,4 = 9,9."""
    item = rsa(catalogue, (Y15, (130, 500), (330, 3500)), (Y20, (70, 500), (300, 3500)))
    assert round(item.debut.ecart.valeur, 1) == 27.7 and round(item.fin.ecart.valeur, 1) == 9.9
    assert round(item.delta.valeur, 1) == -17.8
    assert (item.verdict, item.sens) == (REDUIT, FAVORABLE)
    assert (item.debut.date_reference, item.fin.date_reference) == (Y15, Y20)


def test_a_gap_that_widens_is_unfavourable_when_a_fall_is_wanted(catalogue):
    """18,75 − 13,84 = 4,91 becomes 33,33 − 12,30 = 21,03."""
    item = rsa(catalogue, (Y15, (60, 500), (320, 3500)), (Y20, (110, 500), (330, 3500)))
    assert (item.verdict, item.sens) == (CREUSE, DEFAVORABLE)
    assert "il s’est creusé de 16,1\u00a0points (±" in write_change(item)


def test_t0_is_that_of_the_source_of_the_segment_compared(catalogue):
    rows = rates((date(2014, 12, 31), (100, 500), (320, 3500)), (Y15, (130, 500), (330, 3500)), (Y20, (70, 500), (300, 3500)))
    result = publication_of(catalogue, table_of(rows)).result("part_rsa_caf")
    assert compare_gaps(result, catalogue).debut.date_reference == Y15  # T0 of the Caf's extract
    alone = replace(result.total.points[-1], date_reference=date(2021, 12, 31), source="insee_filosofi", segment=1)
    serie = replace(result.total, points=(*result.total.points, alone))
    item = compare_gaps(replace(result, series=(serie,)), catalogue)
    assert (item.t0, item.debut.date_reference, item.fin.date_reference) == (Y15, Y15, Y20)


def test_a_change_within_its_margin_is_not_ranked(catalogue):
    item = rsa(catalogue, (Y15, (60, 500), (320, 3500)), (Y20, (66, 500), (330, 3500)))
    assert (item.verdict, item.sens) == (NON_SIGNIFICATIF, STABLE)
    assert rank_moves([item]) == ([], [])
    assert write_change(item).endswith("évolution non significative.")


def test_a_gap_may_change_side(catalogue):
    item = rsa(catalogue, (Y15, (130, 500), (330, 3500)), (Y20, (15, 500), (300, 3500)))
    assert item.verdict == INVERSE
    assert rank_moves([item]) == ([], [item])


def test_a_lead_of_the_quartier_that_melts_is_said_so(catalogue):
    """4 % of the quartier against 14 % of the rest, then 13 % against 13 %: closer, in the unwanted direction."""
    item = rsa(catalogue, (Y15, (14, 500), (350, 3500)), (Y20, (46, 500), (350, 3500)))
    assert (item.verdict, item.sens) == (REDUIT, DEFAVORABLE)
    assert "avance du quartier" in write_verdict(item)


def test_the_start_is_the_first_date_from_t0_on(catalogue):
    before = (date(2013, 12, 31), (200, 500), (330, 3500))
    item = rsa(catalogue, before, (Y19, (130, 500), (330, 3500)), (Y20, (70, 500), (300, 3500)))
    assert item.debut.date_reference == Y19 and item.t0 == Y15 and item.is_late


def test_counts_have_no_gap(catalogue):
    item = changed(catalogue, "defm_abc", both("defm_abc", 260, 1500, day=Y19) + both("defm_abc", 194, 1450, day=Y20))
    assert item.verdict == ABSENT and "effectifs" in item.raison and item.delta.valeur is None


def test_a_published_rate_is_shown_but_not_judged(catalogue):
    rows = both("indice_jeunesse", 3.6, 1.5, source="insee_rp", day=date(2010, 1, 1))
    rows += both("indice_jeunesse", 3.0, 1.1, source="insee_rp", day=date(2018, 1, 1))
    item = changed(catalogue, "indice_jeunesse", rows)
    assert item.verdict == SANS_MARGE and item.sens == STABLE
    assert round(item.delta.valeur, 1) == -0.2
    assert rank_moves([item]) == ([], [])


def test_a_break_is_never_crossed(catalogue):
    rows = both("taux_pauvrete", 29.2, 12.0, source="insee_filosofi", day=Y15)
    rows += both("taux_pauvrete", 25.4, 12.1, source="insee_filosofi", day=Y20)
    item = changed(catalogue, "taux_pauvrete", rows)
    assert item.verdict == ABSENT and item.debut is None and item.delta.valeur is None
    assert item.raison.startswith("Rupture de série") and ". (" not in item.raison


def test_rolling_periods_that_share_months_are_not_compared(catalogue):
    rows = []
    for day, prescribed in ((date(2020, 3, 31), 15), (Y20, 60)):
        rows += both("prescriptions_aides_mobilite", prescribed, 200, source="pole_emploi_prescriptions", day=day)
        rows += both("defm_abc", 200, 1400, day=day)
    publication = publication_of(catalogue, table_of(rows))
    assert publication.result("prescriptions_aides_mobilite").total.evolution is None
    item = compare_gaps(publication.result("taux_prescription_aides_mobilite"), catalogue)
    assert item.verdict == ABSENT and "se recouvrent" in item.raison


def test_a_new_perimeter_is_never_crossed(catalogue):
    rows = rates((Y15, (130, 500), (330, 3500)))
    late = rates((date(2024, 12, 31), (70, 500), (300, 3500)))
    quartier = {"territoire": "QN07718M", "zonage": "QP2024"}
    rows += [row | quartier if row["territoire"] == "QP077018" else row for row in late]
    item = changed(catalogue, "part_rsa_caf", rows)
    assert item.verdict == ABSENT and "périmètre" in item.raison


def test_a_masked_gap_says_so_and_gives_nothing(catalogue):
    item = rsa(catalogue, (Y15, (4, 500), (200, 3500)), (Y20, (3, 500), (200, 3500)))
    assert item.verdict == ABSENT and "Secret statistique" in item.raison
    (row,) = gap_rows([item], catalogue)
    assert [row[name] for name in ("ecart_debut", "ecart_fin", "delta", "marge")] == [None] * 4


def test_one_masked_end_says_so(catalogue):
    item = rsa(catalogue, (Y15, (3, 500), (200, 3500)), (Y20, (60, 500), (330, 3500)))
    assert item.verdict == ABSENT and "masqué" in item.raison and item.fin.date_reference == Y20


def test_an_indicator_without_data_says_who_must_send_it(catalogue):
    item = changed(catalogue, "part_rsa_caf", [fact("defm_abc", "qpv", 194)])
    assert item.verdict == ABSENT and item.raison.startswith("Pas encore de donnée")


def test_without_commune_there_is_no_gap(catalogue):
    insee = {"source": "insee_pole_emploi"}
    rows = counts("defm_abc", (Y19, 198), (Y20, 194), **insee) + counts("defm_abc; sexe=femmes", (Y19, 101), (Y20, 96), **insee)
    item = changed(catalogue, "part_femmes_defm", rows)
    assert item.verdict == ABSENT and item.raison


def test_moves_are_ranked_widest_first_whatever_the_order_given(catalogue):
    wide = rsa(catalogue, (Y15, (130, 500), (330, 3500)), (Y20, (70, 500), (300, 3500)))
    small = rsa(catalogue, (Y15, (130, 500), (330, 3500)), (Y20, (100, 500), (330, 3500)))
    noise = rsa(catalogue, (Y15, (60, 500), (320, 3500)), (Y20, (66, 500), (330, 3500)))
    assert rank_moves([small, noise, wide])[0] == rank_moves([wide, small, noise])[0] == [wide, small]
    assert expected_by_chance([wide, small, noise] * 10) == (30, 2)


def test_the_table_has_one_row_per_indicator(catalogue):
    publication = publication_of(catalogue, table_of(rates((Y15, (130, 500), (330, 3500)), (Y20, (70, 500), (300, 3500)))))
    rows = gap_rows(list_gap_changes(publication.results(), catalogue), catalogue)
    assert len(rows) == len(catalogue.indicateurs)
    assert all(set(row) == set(COLUMNS) for row in rows)
    assert all(row["delta"] is not None or row["raison"] for row in rows)


@settings(max_examples=12, deadline=None)
@given(some.integers(20, 150), some.integers(20, 150), some.integers(2, 4))
def test_more_people_make_the_same_change_surer(catalogue, before, after, factor):
    """Multiplying every count leaves the gaps as they are, and narrows their margin."""
    one, many = (
        rsa(
            catalogue,
            (Y15, (k * before, k * 500), (k * 330, k * 3500)),
            (Y20, (k * after, k * 500), (k * 330, k * 3500)),
        )
        for k in (1, factor)
    )
    assert many.delta.valeur == pytest.approx(one.delta.valeur)
    assert many.delta.marge < one.delta.marge
