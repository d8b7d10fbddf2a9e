"""The preview of a deck shows what the file holds."""

from __future__ import annotations

import io
import re
from html import unescape

import pytest
from pptx import Presentation

from ozoir.exports.deck import render_deck
from ozoir.exports.slide_previews import preview_slides
from tests.exports import dossiers


def words_of(svg: str) -> str:
    return " ".join(unescape(re.sub("<[^>]+>", " ", svg.split("</desc>")[1])).split())


@pytest.mark.parametrize("name", sorted(dossiers.ALL))
def test_every_slide_is_shown_with_all_its_words(name):
    content = render_deck(dossiers.ALL[name]())
    slides = Presentation(io.BytesIO(content)).slides
    previews = preview_slides(content)
    assert len(previews) == len(slides)
    for slide, preview in zip(slides, previews, strict=True):
        shown = words_of(preview.svg)
        for shape in slide.shapes:
            texts = [shape.text_frame.text] if shape.has_text_frame else []
            if shape.has_table:
                texts = [cell.text_frame.text for row in shape.table.rows for cell in row.cells]
            for text in texts:
                assert all(word in shown for word in text.split()), (preview.titre, text)


def test_a_chart_is_shown_with_the_numbers_of_its_workbook(dossier):
    content = render_deck(dossier)
    slides = Presentation(io.BytesIO(content)).slides
    number = next(rank for rank, slide in enumerate(slides) if any(shape.has_chart for shape in slide.shapes))
    chart = next(shape.chart for shape in slides[number].shapes if shape.has_chart)
    shown = words_of(preview_slides(content)[number].svg)
    values = [value for serie in chart.plots[0].series for value in serie.values if value is not None]
    assert values
    for value in values:
        assert f"{value:.1f}".replace(".", ",") in shown


def test_markup_in_a_label_stays_text():
    for preview in preview_slides(render_deck(dossiers.ALL["hostile"]())):
        assert "<script" not in preview.svg and "<img" not in preview.svg
