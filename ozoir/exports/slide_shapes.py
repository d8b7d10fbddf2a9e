"""The shapes of a slide: texts, tables, cards and native charts, sized so that nothing overflows and all is readable."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree
from pptx.chart.chart import Chart
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_LEGEND_POSITION, XL_MARKER_STYLE, XL_TICK_LABEL_POSITION
from pptx.enum.dml import MSO_LINE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.slide import Slide
from pptx.util import Emu, Pt

from ozoir.charts.theme import ROLES
from ozoir.exports.cleaning import cell_content, plain_text
from ozoir.exports.contents import ChiffreCle, Tableau
from ozoir.exports.lettering import wrap_text
from ozoir.exports.native import LINE, NativeChart

FONT = "Arial"
INK, MUTED, BLUE, PALE, RULE = (RGBColor.from_string(code) for code in ("1F2937", "4B5563", "0B57D0", "EEF3FB", "D1D5DB"))
SIZES = (18, 16, 14)
SMALLEST = SIZES[-1]  # points: the smallest letters of a slide, read from the back of a room
MAX_LINES = 4  # of a table cell
_ROOM = 1.13  # Arial is wider than the font the widths are measured in
_MARKERS = {
    "circle": XL_MARKER_STYLE.CIRCLE,
    "square": XL_MARKER_STYLE.SQUARE,
    "diamond": XL_MARKER_STYLE.DIAMOND,
    "triangle-up": XL_MARKER_STYLE.TRIANGLE,
}
_LINES = {"solid": MSO_LINE.SOLID, "dash": MSO_LINE.DASH, "dot": MSO_LINE.ROUND_DOT, "dashdot": MSO_LINE.DASH_DOT}


@dataclass(frozen=True)
class Box:
    """A place on the slide, in points."""

    x: float
    y: float
    width: float
    height: float

    @property
    def emu(self) -> tuple[Emu, Emu, Emu, Emu]:
        return tuple(Pt(value) for value in (self.x, self.y, self.width, self.height))


def text_height(text: str, width: float, size: float, is_bold: bool = False) -> float:
    """Height of a paragraph in Arial, in points."""
    return len(wrap_slide_text(text, width, size, is_bold)) * size * 1.2


def wrap_slide_text(text: str, width: float, size: float, is_bold: bool) -> list[str]:
    """The lines of a paragraph in Arial."""
    return [line for part in plain_text(text).split("\n") for line in wrap_text(part, width / _ROOM, size, is_bold)]


def fit_text(text: str, width: float, height: float, size: float, is_bold: bool = False) -> str:
    """The text, cut at a word with « … » when it is higher than the place it has."""
    if text_height(text, width, size, is_bold) <= height:
        return text
    words = text.split(" ")
    low, high = 1, len(words)  # so many words fit; so many do not
    while high - low > 1:
        middle = (low + high) // 2
        fits = text_height(" ".join(words[:middle]) + "\u00a0…", width, size, is_bold) <= height
        low, high = (middle, high) if fits else (low, middle)
    return " ".join(words[:low]) + "\u00a0…"


def add_text(
    slide: Slide, box: Box, paragraphs: list[tuple[str, float, bool, RGBColor]], align=PP_ALIGN.LEFT, anchor=MSO_ANCHOR.TOP
):
    """Paragraphs of (text, size, bold, colour)."""
    shape = slide.shapes.add_textbox(*box.emu)
    frame = shape.text_frame
    frame.word_wrap, frame.vertical_anchor = True, anchor
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    for rank, (text, size, is_bold, colour) in enumerate(paragraphs):
        paragraph = frame.paragraphs[0] if rank == 0 else frame.add_paragraph()
        paragraph.alignment = align
        paragraph.space_after = Pt(4)
        _add_run(paragraph, text, size, is_bold, colour)
    return shape


def _add_run(paragraph, text: str, size: float, is_bold: bool, colour: RGBColor) -> None:
    for rank, line in enumerate(plain_text(text).split("\n")):
        if rank:
            paragraph.add_line_break()
        run = paragraph.add_run()
        run.text = line
        font = run.font
        font.size, font.bold, font.name, font.color.rgb = Pt(size), is_bold, FONT, colour
        run._r.get_or_add_rPr().set("lang", "fr-FR")


def add_table(slide: Slide, box: Box, table: Tableau) -> int:
    """As many lines as fit, whole, in the largest letters that hold them all; how many were left out."""
    shares = table.parts
    widths = [box.width * share / sum(shares) for share in shares]
    rows = [table.colonnes, *([cell.texte for cell in line] for line in table.lignes)]
    for size in SIZES:
        kept, heights = _fit_rows(rows, widths, box.height, size)
        if len(kept) == len(rows):
            break
    used = sum(heights)
    shape = slide.shapes.add_table(len(kept), len(widths), *Box(box.x, box.y, box.width, used).emu)
    _set_style(shape)
    for rank, width in enumerate(widths):
        shape.table.columns[rank].width = Pt(width)
    for rank, (row, height) in enumerate(zip(kept, heights, strict=True)):
        shape.table.rows[rank].height = Pt(height)
        for column, text in enumerate(row):
            _fill_cell(shape.table.cell(rank, column), text, size, rank, column in table.droite)
    shape.name = plain_text(table.titre) or "Tableau"
    return len(rows) - len(kept)


def _fit_rows(rows: list, widths: list[float], height: float, size: float) -> tuple[list[list[str]], list[float]]:
    """Rows that fit in this height, a cell being cut at MAX_LINES, and their heights; the header always, one line at least."""
    kept, heights = [], []
    for rank, row in enumerate(rows):
        row = [
            fit_text(text, width - 10, size * 1.2 * MAX_LINES, size, rank == 0) for text, width in zip(row, widths, strict=True)
        ]
        needed = max(text_height(text, width - 10, size, rank == 0) for text, width in zip(row, widths, strict=True)) + 10
        if sum(heights) + needed > height and rank > 1:
            break
        kept.append(row)
        heights.append(needed)
    return kept, heights


def _set_style(shape) -> None:
    """No built-in colours: header in pale blue, lines separated by a rule, as in the other documents."""
    properties = shape._element.graphic.graphicData.tbl.tblPr
    properties.set("bandRow", "0")
    style = properties.find(qn("a:tableStyleId"))
    style.text = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"  # « No Style, No Grid »


def _fill_cell(cell, text: str, size: float, rank: int, is_right: bool) -> None:
    cell.margin_left = cell.margin_right = Pt(5)
    cell.margin_top = cell.margin_bottom = Pt(3)
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    paragraph = cell.text_frame.paragraphs[0]
    paragraph.alignment = PP_ALIGN.RIGHT if is_right else PP_ALIGN.LEFT
    _add_run(paragraph, text, size, rank == 0, INK)
    properties = cell._tc.get_or_add_tcPr()
    line = etree.SubElement(properties, qn("a:lnB"), w="9525")
    fill = etree.SubElement(line, qn("a:solidFill"))
    etree.SubElement(fill, qn("a:srgbClr"), val=str(RULE))
    if rank == 0:
        cell.fill.solid()
        cell.fill.fore_color.rgb = PALE


def add_cards(slide: Slide, box: Box, figures: tuple[ChiffreCle, ...], columns: int = 3) -> None:
    """Key figures as cards on a grid."""
    rows = -(-len(figures) // columns)
    gap = 12
    width = (box.width - gap * (columns - 1)) / columns
    height = min((box.height - gap * (rows - 1)) / max(rows, 1), 190)
    for rank, figure in enumerate(figures):
        row, column = divmod(rank, columns)
        place = Box(box.x + column * (width + gap), box.y + row * (height + gap), width, height)
        back = slide.shapes.add_shape(1, *place.emu)
        back.fill.solid()
        back.fill.fore_color.rgb = PALE
        back.line.fill.background()
        back.shadow.inherit = False
        back.name = plain_text(figure.libelle)
        inner = Box(place.x + 10, place.y + 8, width - 20, height - 16)
        label = fit_text(figure.libelle, inner.width, 2.5 * SMALLEST * 1.2, SMALLEST, True)
        beside = fit_text(figure.comparaison, inner.width, 2.5 * SMALLEST * 1.2, SMALLEST)
        add_text(
            slide,
            inner,
            [
                (label, SMALLEST, True, INK),
                (figure.valeur, 26 if len(figure.valeur) < 16 else 20, True, BLUE),
                (figure.periode, SMALLEST, False, MUTED),
                *[(text, SMALLEST, False, INK) for text in (beside, figure.evolution) if text],
            ],
        )


def add_chart(slide: Slide, box: Box, native: NativeChart, alt: str) -> None:
    """An editable chart; its workbook holds what is drawn and nothing else."""
    data = CategoryChartData(number_format=native.format)
    data.categories = [cell_content(label) for label in native.categories]
    for serie in native.series:
        data.add_series(serie.nom, serie.valeurs)
    kind = XL_CHART_TYPE.LINE_MARKERS if native.genre == LINE else XL_CHART_TYPE.BAR_CLUSTERED
    frame = slide.shapes.add_chart(kind, *box.emu, data)
    frame._element.nvGraphicFramePr.cNvPr.set("descr", plain_text(alt))
    frame.name = plain_text(native.titre)
    chart = frame.chart
    _set_chart(chart, native, box.width)
    (_draw_lines if native.genre == LINE else _draw_bars)(chart, native)


def _set_chart(chart: Chart, native: NativeChart, width: float) -> None:
    chart.font.size, chart.font.name, chart.font.color.rgb = Pt(SMALLEST), FONT, INK
    chart.has_title = True
    chart.chart_title.text_frame.text = plain_text(fit_text(native.titre, width * 0.8, 2 * SMALLEST * 1.2 + 1, SMALLEST, True))
    run = chart.chart_title.text_frame.paragraphs[0].runs[0]
    run.font.size, run.font.bold, run.font.name, run.font.color.rgb = Pt(SMALLEST), True, FONT, MUTED
    chart.has_legend = not native.is_self_named
    if chart.has_legend:
        chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
        chart.legend.font.size = Pt(SMALLEST)
    values = chart.value_axis
    shown = [value for serie in native.series for value in serie.valeurs if value is not None]
    if min(shown, default=0) >= 0:
        values.minimum_scale = 0  # the automatic scale would not start there
    values.major_gridlines.format.line.color.rgb = RULE
    values.format.line.fill.background()
    values.tick_labels.number_format, values.tick_labels.number_format_is_linked = native.format.replace(".0", ""), False
    chart.category_axis.format.line.color.rgb = MUTED
    chart.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW


def _draw_lines(chart: Chart, native: NativeChart) -> None:
    for rank, (serie, drawn) in enumerate(zip(native.series, chart.plots[0].series, strict=True)):
        look = ROLES[serie.role]
        colour = RGBColor.from_string(look.couleur[1:].upper())
        drawn.smooth = False
        drawn.format.line.color.rgb, drawn.format.line.width = colour, Pt(look.largeur)
        drawn.format.line.dash_style = _LINES[look.tirets]
        drawn.marker.style, drawn.marker.size = _MARKERS[look.symbole], 8
        drawn.marker.format.fill.solid()
        drawn.marker.format.fill.fore_color.rgb = colour
        drawn.marker.format.line.color.rgb = colour
        others = [other.valeurs for other in native.series if other is not serie]
        _label(drawn, native, colour, XL_LABEL_POSITION.ABOVE)
        for place, value in enumerate(serie.valeurs):
            if value is not None and _is_under(value, place, others, rank):
                _label_under(drawn, place, colour, native)


def _is_under(value: float, place: int, others: list[tuple[float | None, ...]], rank: int) -> bool:
    """Another line passes over this mark: its value is written below."""
    above = [other[place] for other in others if other[place] is not None]
    return any(other > value or (other == value and rank) for other in above)


def _label_under(drawn, place: int, colour: RGBColor, native: NativeChart) -> None:
    """A label of its own for this mark: python-pptx leaves it without the number's format."""
    label = drawn.points[place].data_label
    label.position = XL_LABEL_POSITION.BELOW
    label.font.size, label.font.color.rgb = Pt(SMALLEST), colour
    element = label._dLbl
    number = etree.Element(qn("c:numFmt"), formatCode=native.format, sourceLinked="0")
    element.find(qn("c:idx")).addnext(number)


def _draw_bars(chart: Chart, native: NativeChart) -> None:
    plot = chart.plots[0]
    plot.gap_width, plot.overlap = 60, native.overlap
    chart.category_axis.reverse_order = True
    chart.value_axis.visible = False
    chart.value_axis.has_major_gridlines = False
    for serie, drawn in zip(native.series, plot.series, strict=True):
        colour = RGBColor.from_string(serie.couleur[1:].upper())
        drawn.format.fill.solid()
        drawn.format.fill.fore_color.rgb = colour
        _label(drawn, native, INK, XL_LABEL_POSITION.OUTSIDE_END)


def _label(drawn, native: NativeChart, colour: RGBColor, position) -> None:
    labels = drawn.data_labels
    labels.show_value, labels.position = True, position
    labels.number_format, labels.number_format_is_linked = native.format, False
    labels.font.size, labels.font.color.rgb = Pt(SMALLEST), colour
