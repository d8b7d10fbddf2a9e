"""The slides, opened again: charts, tables, notes, sizes."""

from __future__ import annotations

import io
from dataclasses import replace

import openpyxl
import pytest
from pptx import Presentation
from pptx.util import Pt

from ozoir.exports.deck import BODY, HEIGHT, WIDTH, render_deck
from ozoir.exports.native import LINE, native_charts
from ozoir.exports.slide_shapes import SMALLEST, fit_text, text_height
from tests.charts import samples
from tests.exports import dossiers
from tests.exports.conftest import exported


def opened(name: str):
    return Presentation(io.BytesIO(exported(name, "pptx").contenu))


def charts(deck) -> list:
    return [shape.chart for slide in deck.slides for shape in slide.shapes if shape.has_chart]


@pytest.mark.parametrize("name", dossiers.ALL)
def test_a_deck_has_ten_to_fifteen_slides_all_titled_with_banner_and_notes(name):
    dossier, deck = dossiers.ALL[name](), opened(name)
    assert 10 <= len(deck.slides) <= 15
    for slide in deck.slides:
        assert slide.shapes.title.text_frame.text.strip()
        assert dossier.bandeau[:20] in slide.notes_slide.notes_text_frame.text
        texts = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
        assert any(text.startswith(dossier.bandeau[:40]) for text in texts)


@pytest.mark.parametrize("name", dossiers.ALL)
def test_nothing_leaves_the_slide_and_no_letter_is_too_small(name):
    for slide in opened(name).slides:
        for shape in slide.shapes:
            assert shape.left >= 0 and shape.top >= 0
            assert shape.left + shape.width <= Pt(WIDTH) and shape.top + shape.height <= Pt(HEIGHT)
            frames = [shape.text_frame] if shape.has_text_frame else []
            if shape.has_table:
                frames = [cell.text_frame for row in shape.table.rows for cell in row.cells]
                assert shape.top + sum(row.height for row in shape.table.rows) <= Pt(BODY.y + BODY.height)
            sizes = [run.font.size for frame in frames for paragraph in frame.paragraphs for run in paragraph.runs]
            assert all(size is not None and size >= Pt(SMALLEST) for size in sizes)


def test_the_pillar_charts_hold_the_figures_of_their_results_and_their_workbook_too():
    dossier = dossiers.ordinary()
    expected = [native for partie in dossier.piliers for native in native_charts(dossier.resultats_of(partie)[0])]
    drawn = charts(opened("ordinary"))[1:]  # the first compares several indicators
    assert len(drawn) == len(expected)
    for chart, native in zip(drawn, expected, strict=True):
        assert list(chart.plots[0].categories) == list(native.categories)
        assert [list(serie.values) for serie in chart.plots[0].series] == [list(serie.valeurs) for serie in native.series]
        sheet = openpyxl.load_workbook(io.BytesIO(chart.part.chart_workbook.xlsx_part.blob)).active
        columns = [
            [row[0].value for row in sheet.iter_rows(min_row=2, min_col=place, max_col=place)]
            for place in range(2, 2 + len(native.series))
        ]
        assert columns == [list(serie.valeurs) for serie in native.series]


def test_the_gap_chart_sets_each_rate_beside_the_rest_at_the_same_date():
    """48,6 and 51,2 for women, 29,0 and 21,0 for tenants, 48,6 and 51,2 for the families of one parent."""
    plot = charts(opened("ordinary"))[0].plots[0]
    assert [list(serie.values) for serie in plot.series] == [[48.6, 29.0, 48.6], [51.2, 21.0, 51.2]]


def test_a_scale_of_positive_figures_starts_at_zero():
    assert all(chart.value_axis.minimum_scale == 0 for chart in charts(opened("ordinary")))


def test_a_line_is_cut_at_a_break_by_an_empty_category():
    (native,) = native_charts(samples.rates())
    assert native.genre == LINE and native.categories == ("2016", "2017", "2018", " ", "2020", "2021")
    assert native.series[0].valeurs == (52.6, 55.0, 51.4, None, 49.5, 48.6)


@pytest.mark.parametrize("kind", samples.ALL)
def test_every_kind_has_its_editable_chart(kind):
    natives = native_charts(samples.ALL[kind]())
    assert len(natives) == (2 if kind == "courbes_separees" else 1)
    assert all(any(value is not None for value in serie.valeurs) for native in natives for serie in native.series)


def test_a_hidden_quartier_leaves_the_commune_alone_on_its_chart():
    points = [
        replace(point, qpv=samples.NOTHING, reste=samples.NOTHING, commune=samples.figure(40.0 + rank))
        for rank, point in enumerate(samples.slope().series[0].points)
    ]
    (native,) = native_charts(samples.result(samples.serie(*points)))
    assert [serie.role for serie in native.series] == ["commune"] and native.series[0].valeurs == (40.0, 41.0)


def test_everything_masked_draws_no_chart_and_says_so():
    deck = opened("masked")
    assert charts(deck) == []
    assert "Aucun chiffre d’observation" in "".join(
        shape.text_frame.text for slide in deck.slides for shape in slide.shapes if shape.has_text_frame
    )


def test_a_long_text_is_cut_at_a_word_within_its_height():
    cut = fit_text(dossiers.LONG, 200, 40, 14)
    assert cut.endswith("\u00a0…") and dossiers.LONG.startswith(cut.removesuffix("\u00a0…"))
    assert text_height(cut, 200, 14) <= 40


def test_the_town_s_own_template_is_used_by_the_names_of_its_layouts(tmp_path, dossier):
    template = Presentation()
    template.slide_layouts[0].name = "Couverture"
    template.slide_layouts[5].name = "Titre seul"
    template.slides.add_slide(template.slide_layouts[1])
    template.slide_width, template.slide_height = Pt(WIDTH), Pt(HEIGHT)
    template.save(tmp_path / "presentation.pptx")
    deck = Presentation(io.BytesIO(render_deck(dossier, tmp_path / "presentation.pptx")))
    assert [slide.slide_layout.name for slide in deck.slides][:2] == ["Couverture", "Titre seul"]
    assert 10 <= len(deck.slides) <= 15
