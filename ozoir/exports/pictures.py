"""A chart as a picture of its own: title, source and banner inside, the same drawing as on the screen."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace

import typst

from ozoir.charts.kinds import pick_kind
from ozoir.charts.theme import INK, MUTED
from ozoir.charts.traces import Vue, restrict
from ozoir.exports.cleaning import plain_text
from ozoir.exports.lettering import FONTS, wrap_text
from ozoir.exports.result_tables import title_with_unit
from ozoir.exports.svg import Canvas, Run, draw_svg, legend, svg_document
from ozoir.indicators.results import Result

WIDTH = 760.0
PADDING = 18.0
_USUAL = Vue()
RESOLUTION = 160  # pixels per inch of a PNG: sharp when printed the width of a page


@dataclass(frozen=True)
class Picture:
    """An SVG text, its size in pixels, and all it shows in words."""

    svg: str
    largeur: float
    hauteur: float
    alt: str


def draw_chart(result: Result, vue: Vue = _USUAL, largeur: float = 1.0, hauteur: float = 1.0) -> Picture | None:
    """The bare chart, as placed in a document that says title and source itself; None when nothing is shown.

    largeur, hauteur: shares of the usual size. Letters keep their size: a smaller chart is not a reduced one.
    """
    return _picture(result, vue, WIDTH * largeur, hauteur, "")


def draw_picture(result: Result, bandeau: str, vue: Vue = _USUAL) -> Picture | None:
    """The chart with its message, its definition, its source and the banner: it may travel alone."""
    return _picture(result, vue, WIDTH, 1.0, bandeau)


def _picture(result: Result, vue: Vue, width: float, share: float, bandeau: str) -> Picture | None:
    """bandeau: empty for a chart whose surroundings say the rest."""
    result = restrict(result, vue)
    kind = pick_kind(result, vue)
    if kind is None:
        return None
    drawing = kind.draw(result, vue)
    drawing = replace(drawing, layout={**drawing.layout, "height": drawing.layout["height"] * share})
    alt = plain_text(
        ". ".join([*(["Données fictives"] if result.fictif else []), result.message.rstrip("."), *drawing.lecture]) + "."
    )
    canvas, height = Canvas(), 4.0
    padding = PADDING if bandeau else 0.0
    if bandeau:
        canvas.text([Run(bandeau, True, MUTED)], padding, 24, 12)
        height = _paragraph(canvas, result.message, padding, 50, width, 18, INK, is_bold=True)
        height = _paragraph(canvas, title_with_unit(result), padding, height, width, 13, MUTED)
    body, body_height = draw_svg(drawing, width - 2 * padding)
    canvas.parts.append(f'<g transform="translate({padding:g} {height:.1f})">{body}</g>')
    height += body_height
    if drawing.cle:
        legend(canvas, drawing.cle, padding + 8, height + 12, 13)
        height += 26
    if bandeau and result.source:
        height = _paragraph(canvas, f"Source\u00a0: {result.source}", padding, height + 20, width, 12, MUTED)
        height = (
            _paragraph(canvas, f"Champ\u00a0: {result.champ}", padding, height, width, 12, MUTED) if result.champ else height
        )
    svg = svg_document("".join(canvas.parts), width, round(height), plain_text(result.message), alt)
    return Picture(svg, width, round(height), alt)


def _paragraph(
    canvas: Canvas, text: str, x: float, y: float, width: float, size: float, colour: str, is_bold: bool = False
) -> float:
    """Lines of text from the base line y; where the next one would stand."""
    for line in wrap_text(plain_text(text), width - 2 * x, size, is_bold):
        canvas.text([Run(line, is_bold, colour)], x, y, size)
        y += size * 1.35
    return y


_PAGE = b"""#set page(width: auto, height: auto, margin: 0pt)
#let picture = json(bytes(sys.inputs.data))
#image(bytes(picture.svg), format: "svg", width: picture.width * 1pt)"""


def to_png(picture: Picture) -> bytes:
    """The same picture in pixels."""
    data = json.dumps({"svg": picture.svg, "width": picture.largeur * 0.75})
    return typst.compile(
        _PAGE, format="png", ppi=RESOLUTION, sys_inputs={"data": data}, font_paths=[str(FONTS)], ignore_system_fonts=True
    )
