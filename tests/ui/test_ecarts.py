"""« L’écart se réduit-il ? » as the server draws it."""

from __future__ import annotations

import re

import pytest

from ozoir.charts.figures import build_gap_changes
from ozoir.indicators.gaps import list_gap_changes
from ozoir.ui.ecarts import ORDERS, TRIS
from tests.indicators.states import Y15, Y20, rates, table_of
from tests.indicators.territories import publication_of
from tests.ui.page_reading import html_of


@pytest.fixture(scope="module")
def changes(catalogue):
    rows = rates((Y15, (130, 500), (330, 3500)), (Y20, (70, 500), (300, 3500)))
    return list_gap_changes(publication_of(catalogue, table_of(rows)).results(), catalogue)


def test_the_chart_draws_the_two_ends_of_each_gap(changes):
    chart = build_gap_changes(changes, "Les écarts", False)
    start, now = chart.figure.data
    assert [round(value, 1) for value in (*start.x, *now.x)] == [27.7, 9.9]
    assert "il s’est réduit de 17,8" in chart.alt
    assert chart.sombre.data[1].marker.color != now.marker.color


def test_nothing_to_draw_draws_nothing(catalogue):
    nothing = list_gap_changes(publication_of(catalogue, table_of([])).results(), catalogue)
    assert build_gap_changes(nothing, "Les écarts", False) is None


def test_every_order_is_offered(changes):
    assert set(ORDERS) == set(TRIS)
    followed = [item for item in changes if item.debut]
    assert all(sorted(followed, key=order) for order in ORDERS.values())


def test_the_shipped_figures_say_why_no_gap_is_followed(open_page, shipped_base):
    body = html_of(open_page(shipped_base, "ecarts"))
    assert "Écarts non calculés" in body
    assert re.search(r"deux effectifs ne se comparent pas par leur écart", body)


def test_filters_of_gaps_live_in_the_address(open_page, shipped_base):
    app = open_page(shipped_base, "ecarts", pilier="emploi", axe="jeunesse", tri="titre")
    assert app.selectbox(key="filtre-pilier").value == "emploi"
    assert app.selectbox(key="filtre-axe").value == "jeunesse"
    assert app.selectbox(key="filtre-tri").value == "titre"


def test_what_is_missing_by_sex_stands_on_the_page_of_coverage(open_page, shipped_base):
    body = html_of(open_page(shipped_base, "couverture", vue="details"))
    assert "décret du 3 septembre 2015" in body
    assert "À demander" in body and "Indicateur par indicateur" in body


def test_each_axis_says_what_its_indicators_lack(open_page, shipped_base):
    body = html_of(open_page(shipped_base, "axes", axe="egalite"))
    assert "Par sexe et par âge" in body and "couverture?vue=details" in body
