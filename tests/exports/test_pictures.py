"""Charts as pictures: what the screen shows, no more, no less, and the words which say it."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from xml.etree import ElementTree

import pytest

from ozoir.charts.drawing import Drawing
from ozoir.charts.kinds import KINDS, pick_kind
from ozoir.charts.theme import ROLES, base_layout
from ozoir.charts.traces import Vue
from ozoir.exports.lettering import text_width, wrap_text
from ozoir.exports.pictures import draw_chart, draw_picture, to_png
from ozoir.exports.svg import draw_svg
from tests.charts import samples
from tests.exports.dossiers import HOSTILE, LONG

BANNER = "Diffusion publique · établi le 12/03/2020"


def words(svg: str) -> str:
    """The text of a picture, in the order it is drawn."""
    return " ".join(
        "".join(element.itertext()) for element in ElementTree.fromstring(svg).iter() if element.tag.endswith("text")
    )


def shown_labels(drawing: Drawing) -> list[str]:
    """The values Plotly writes on the figure."""
    return [text for trace in drawing.data if "text" in trace.get("mode", "text") for text in trace.get("text", [])]


def test_every_kind_of_chart_has_a_sample():
    assert set(samples.ALL) == {kind.id for kind in KINDS}


@pytest.mark.parametrize("kind", samples.ALL)
def test_the_picture_writes_every_value_the_screen_writes(kind):
    result = samples.ALL[kind]()
    drawing = pick_kind(result, Vue()).draw(result, Vue())
    drawn = words(draw_chart(result).svg)
    labels = shown_labels(drawing)
    assert all(label in drawn for label in labels)
    assert labels or kind == "petits_multiples"  # whose values stand in the titles


@pytest.mark.parametrize("kind", samples.ALL)
def test_marks_are_as_many_and_as_coloured_as_on_the_screen(kind):
    result = samples.ALL[kind]()
    drawing = pick_kind(result, Vue()).draw(result, Vue())
    svg = draw_svg(drawing, 760)[0]
    for role, look in ROLES.items():
        on_screen = sum(
            len(trace["x"]) for trace in drawing.data if trace["type"] == "scatter" and trace["marker"]["color"] == look.couleur
        )
        shape = "circle" if role == "qpv" else "polygon"
        assert len(re.findall(rf'<{shape}[^>]*fill="{look.couleur}"', svg)) == on_screen


def test_a_point_stands_at_its_value_on_the_scale():
    """25 % and 29 % of the slope: their heights are in proportion above zero, whose line is drawn too."""
    svg = draw_chart(samples.slope()).svg
    first, last = (float(y) for y in re.findall(r'<circle cx="[\d.]+" cy="([\d.]+)"', svg))
    zero = max(float(y) for y in re.findall(r'<line x1="[\d.]+" y1="([\d.]+)" x2="[\d.]+" y2="\1" stroke="#e5e7eb"', svg))
    assert (zero - last) / (zero - first) == pytest.approx(29 / 25, rel=0.01)


def test_a_picture_that_travels_alone_says_message_unit_source_and_diffusion():
    result = samples.rates()
    text = words(draw_picture(result, BANNER).svg)
    assert BANNER in text and result.message in text and result.source in text and "(%)" in text


def test_the_alternative_text_is_inside_the_file_and_says_each_figure():
    picture = draw_chart(samples.slope())
    root = ElementTree.fromstring(picture.svg)
    assert root[1].text == picture.alt
    assert "25,0\u202f% au 31/12/2015" in picture.alt and "29,0\u202f% au 31/12/2021" in picture.alt


def test_nothing_to_show_gives_no_picture():
    assert draw_chart(samples.everything_masked()) is None


def test_a_demonstration_says_so_inside_the_picture():
    result = samples.rates()
    picture = draw_picture(replace(result, fictif=True), BANNER)
    assert "Données fictives" in words(picture.svg) and picture.alt.startswith("Données fictives")


def test_markup_in_a_label_stays_text():
    picture = draw_picture(replace(samples.by_age(), message=HOSTILE), BANNER)
    assert "<b>gras</b>" in words(picture.svg) and "< 25 ans" in words(picture.svg)
    assert "\x07" not in picture.svg and "\u202e" not in picture.svg


def test_a_long_title_is_cut_in_lines_that_fit():
    picture = draw_picture(replace(samples.rates(), message=LONG), BANNER)
    lines = re.findall(r'font-size="18"[^>]*><tspan[^>]*font-weight="bold">([^<]*)', picture.svg)
    assert len(lines) >= 2 and all(text_width(unescape(line), 18, True) <= picture.largeur for line in lines)
    assert " ".join(wrap_text(LONG, 724, 18, True)) == LONG


def test_a_chart_drawn_in_an_unknown_way_is_refused_rather_than_half_drawn():
    layout = base_layout(200) | {"xaxis": samples_axis(), "yaxis": samples_axis()}
    with pytest.raises(KeyError):
        draw_svg(Drawing([{"type": "pie"}], layout, ()), 400)


def samples_axis() -> dict:
    return {"range": [0, 1], "tickfont": {"size": 12, "color": "#000000"}}


def test_a_png_is_the_same_picture_in_pixels():
    picture = draw_picture(samples.one_date(), BANNER)
    content = to_png(picture)
    assert content[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = (int.from_bytes(content[start : start + 4], "big") for start in (16, 20))
    assert width / height == pytest.approx(picture.largeur / picture.hauteur, rel=0.01)
