"""Every page of the menu, on a base without data and on the shipped one."""

from __future__ import annotations

import re

import pytest

from ozoir.catalogue.loading import load_catalogue
from ozoir.store.base import open_store
from ozoir.ui.menu import find_entries
from tests.ui.page_reading import html_of

PILLARS = [pilier.id for pilier in load_catalogue().contrat.piliers]
ADDRESSES = [("", {})]
for entry in find_entries():
    ADDRESSES += [(entry.name, {"pilier": name}) for name in PILLARS] if entry.name == "pilier" else [(entry.name, {})]


def check_frame(app) -> str:
    """No failure, one title, the banner, the menu."""
    assert not app.exception
    body = html_of(app)
    assert 'role="alert"' not in body
    assert body.count("<h1") == 1
    assert "Diffusion restreinte" in body
    assert len(app.get("page_link")) >= len(ADDRESSES)
    return body


@pytest.mark.parametrize(("name", "address"), ADDRESSES, ids=lambda value: str(value))
def test_every_page_stands_on_an_empty_base(open_page, empty_base, name, address):
    check_frame(open_page(empty_base, name, **address))


@pytest.mark.parametrize(("name", "address"), ADDRESSES, ids=lambda value: str(value))
def test_every_page_stands_on_the_shipped_figures(open_page, shipped_base, name, address):
    body = check_frame(open_page(shipped_base, name, **address))
    text = re.sub(r"<[^>]+>", "", body)
    assert not re.search(r"\w'\w", text)
    assert not re.search(r" [;!?%»]", text)
    assert "nan" not in text.lower().split()


@pytest.mark.parametrize("pilier", PILLARS)
def test_an_empty_pillar_says_who_must_send_what(open_page, empty_base, pilier):
    app = open_page(empty_base, "pilier", pilier=pilier)
    body = html_of(app)
    assert "En attente de données" in body
    assert not app.get("plotly_chart")


def test_the_employment_page_shows_the_published_count(open_page, shipped_base):
    body = html_of(open_page(shipped_base, "pilier", pilier="emploi"))
    assert re.search(r"<th scope=\"row\">au\u00a031/12/2020</th><td>194</td>", body)


def test_a_page_draws_few_charts_at_once(open_page, shipped_base):
    charts = open_page(shipped_base, "pilier", pilier="emploi").get("plotly_chart")
    assert 1 <= len(charts) <= 5


def test_a_chart_says_its_figures_to_those_who_do_not_see_it(open_page, shipped_base):
    charts = open_page(shipped_base, "pilier", pilier="emploi").get("plotly_chart")
    assert any("194" in chart.proto.alt and "31/12/2020" in chart.proto.alt for chart in charts)


def test_every_chart_of_an_indicator_may_be_taken_as_a_picture(open_page, shipped_base):
    app = open_page(shipped_base, "pilier", pilier="emploi")
    labels = [item.proto.label for item in app.get("download_button")]
    drawn = [item.proto.id for item in app.get("plotly_chart") if "figure-ecarts" not in item.proto.id]
    assert drawn and labels == ["Image PNG", "Image SVG"] * len(drawn)


def test_an_unknown_pillar_leads_to_the_first(open_page, shipped_base):
    app = open_page(shipped_base, "pilier", pilier="inconnu")
    assert app.query_params["pilier"] == PILLARS[0]
    check_frame(app)


def test_filters_live_in_the_address(open_page, shipped_base):
    app = open_page(shipped_base, "pilier", pilier="emploi", decoupage="sexe", depuis="2019")
    assert app.selectbox(key="filtre-decoupage").value == "sexe"
    assert app.selectbox(key="filtre-depuis").value == "2019"
    app.selectbox(key="filtre-decoupage").select("age").run()
    assert app.query_params["decoupage"] == "age"
    app.selectbox(key="filtre-decoupage").select("").run()
    assert "decoupage" not in app.query_params


def test_a_breakdown_shows_its_modalities(open_page, shipped_base):
    body = html_of(open_page(shipped_base, "pilier", pilier="emploi", decoupage="sexe"))
    assert '<th scope="row">Femmes</th>' in body and '<th scope="row">Hommes</th>' in body


def test_one_sex_alone_may_be_asked(open_page, shipped_base):
    body = html_of(open_page(shipped_base, "pilier", pilier="emploi", sexe="femmes"))
    assert re.search(r"<th scope=\"row\">au\u00a031/12/2020</th><td>96</td>", body)


def test_an_indicator_which_a_filter_leaves_empty_keeps_its_name(open_page, shipped_base):
    """Its row still says which it is."""
    body = check_frame(open_page(shipped_base, "pilier", pilier="emploi", sexe="femmes"))
    assert "n’a pas pu s’afficher" not in body
    assert "contrats aidés" in body.lower()


def test_a_theme_alone_may_be_asked(open_page, shipped_base):
    app = open_page(shipped_base, "pilier", pilier="emploi", theme="Contrats aidés")
    assert [chart.proto.id for chart in app.get("plotly_chart")]
    assert "Demandeurs d’emploi</h2>" not in html_of(app)


def test_a_chart_comes_on_demand_and_stays_in_the_address(open_page, shipped_base):
    app = open_page(shipped_base, "pilier", pilier="emploi")
    before = len(app.get("plotly_chart"))
    toggle = next(item for item in app.toggle if item.key and item.key.startswith("voir-"))
    toggle.set_value(True).run()
    assert len(app.get("plotly_chart")) == before + 1
    assert app.query_params["voir"] == toggle.key.removeprefix("voir-")


def test_tables_may_be_put_away(open_page, shipped_base):
    with_tables = html_of(open_page(shipped_base, "pilier", pilier="emploi")).count("<table>")
    without = html_of(open_page(shipped_base, "pilier", pilier="emploi", tableaux="non")).count("<table>")
    assert without < with_tables


def test_provenance_goes_down_to_the_cell(open_page, shipped_base):
    body = html_of(open_page(shipped_base, "pilier", pilier="emploi"))
    assert "D’où viennent ces chiffres" in body
    assert re.search(r"<td><a href=\"import[^\"]*cellule=[A-Z]+\d+#case\"[^>]*>[A-Z]+\d+</a></td>", body)


def test_an_absent_base_is_said_calmly(open_page, tmp_path):
    app = open_page(tmp_path / "absente.duckdb")
    body = html_of(app)
    assert not app.exception
    assert "Base absente" in body and "reconstruire" in body
    assert "Traceback" not in body


def test_a_failure_inside_a_page_is_said_calmly_and_logged(open_page, shipped_base, monkeypatch, caplog):
    from ozoir.ui import imports

    monkeypatch.setattr(imports, "show_imports", lambda *_: 1 / 0)
    app = open_page(shipped_base, "donnees")
    assert "n’a pas pu s’afficher" in html_of(app)
    assert "ZeroDivisionError" in caplog.text
    assert "ZeroDivisionError" not in html_of(app)


def test_a_demonstration_base_says_so_on_every_page(open_page, tmp_path):
    base = tmp_path / "contract.duckdb"
    open_store(base, create=True, fictif=True).close()
    for name, address in ADDRESSES:
        assert "Données fictives" in html_of(open_page(base, name, **address))


def test_a_gap_within_the_margin_of_the_quartier_is_no_gap_of_the_home_page(open_page, shipped_base):
    """15,5 % of 194 job seekers is known to ± 1,96·√(0,155·0,845/194) = 5,1 points: 14,0 % in other quartiers is no gap."""
    panel = next(text for text in html_of(open_page(shipped_base, "")).split("<section") if "Où sont les écarts" in text)
    assert "25\u202f207" in panel
    assert "moins de 25 ans" not in panel


def test_a_key_figure_leads_to_its_theme(open_page, shipped_base):
    assert 'href="pilier?pilier=emploi&amp;theme=Demandeurs+d%E2%80%99emploi"' in html_of(open_page(shipped_base))
