"""Tables say each figure once, named and dated, and say why a figure is missing."""

from __future__ import annotations

import re

from ozoir.charts.traces import Vue, restrict
from ozoir.ui.tables import result_table, signs_in, signs_legend
from tests.charts import samples

NEAREST = Vue()


def heads(table: str) -> list[str]:
    return re.findall(r'<th scope="col">(.*?)</th>', table)


def cells(table: str, row: str) -> list[str]:
    (found,) = re.findall(rf'<tr><th scope="row">{row}</th>(.*?)</tr>', table)
    return re.findall(r"<td>(.*?)</td>", found)


def test_dates_come_latest_first_with_the_gap():
    table = result_table(samples.rates(), NEAREST)
    assert heads(table) == ["Date", "Quartier", "Reste de la commune", "Écart"]
    assert cells(table, "au\u00a031/12/2021") == ["48,6\u202f%", "51,2\u202f%", "−2,6\u00a0pts"]
    assert table.index("31/12/2021") < table.index("31/12/2016")


def test_a_masked_date_shows_its_sign_and_nothing_else():
    assert cells(result_table(samples.rates(), NEAREST), "au\u00a031/12/2019") == ["s", "s", "///"]


def test_the_signs_seen_are_explained_and_no_other():
    legend = signs_legend(signs_in(result_table(samples.everything_masked(), NEAREST)))
    assert "<b>s</b>\u00a0: secret statistique" in legend
    assert "n.s." not in legend and "provisoire" not in legend


def test_a_column_without_any_figure_is_left_out():
    assert heads(result_table(samples.other_qpv(), NEAREST)) == ["Date", "Quartier", samples.AREA]


def test_a_breakdown_has_one_row_per_modality_whatever_its_label():
    table = result_table(samples.by_age(), NEAREST)
    assert cells(table, "&lt; 25 ans")[:3] == ["au\u00a031/12/2021", "45,7\u202f%", "49,0\u202f%"]


def test_a_breakdown_keeps_the_earlier_dates_of_the_quartier():
    table = result_table(samples.counts_by_age(), NEAREST)
    assert heads(table)[-2:] == ["Quartier, au 31/12/2017", "Quartier, au 31/12/2016"]
    assert cells(table, "50 ans et plus") == ["au\u00a031/12/2018", "46", "44", "46"]


def test_a_table_names_itself_for_those_who_hear_it():
    assert "<caption" in result_table(samples.rates(), NEAREST)


def test_a_period_without_any_date_is_said():
    assert "Aucune date dans la période choisie" in result_table(restrict(samples.rates(), Vue(depuis=2030)), NEAREST)
