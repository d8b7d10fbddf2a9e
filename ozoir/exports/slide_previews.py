"""The slides of a deck drawn as pictures, from the very file that will be downloaded: what is seen is what it holds."""

from __future__ import annotations

import io
from dataclasses import dataclass

from pptx import Presentation
from pptx.chart.chart import Chart
from pptx.dml.fill import FillFormat
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION
from pptx.enum.dml import MSO_FILL
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.shapes.base import BaseShape

from ozoir.charts.theme import GRID, INK, MUTED
from ozoir.exports.lettering import text_width
from ozoir.exports.slide_shapes import SMALLEST, Box, wrap_slide_text
from ozoir.exports.svg import LINE, Canvas, Run, svg_document
from ozoir.numbers import format_number

_ANCHORS = {PP_ALIGN.RIGHT: "end", PP_ALIGN.CENTER: "middle"}
_AFTER = 4.0  # points between two paragraphs
_PLOT_TOP, _PLOT_FOOT, _LEGEND = 44.0, 26.0, 24.0


@dataclass(frozen=True)
class Apercu:
    """One slide: its title, and the slide as an SVG text."""

    titre: str
    svg: str


def preview_slides(deck: bytes) -> tuple[Apercu, ...]:
    """Every slide of a deck made by `render_deck`; the town's own template is not drawn, only what is put on it."""
    presentation = Presentation(io.BytesIO(deck))
    width, height = presentation.slide_width.pt, presentation.slide_height.pt
    found = []
    for slide in presentation.slides:
        canvas = Canvas()
        for shape in slide.shapes:
            _draw_shape(canvas, shape)
        title = slide.shapes.title.text_frame.text
        said = " ".join(text for shape in slide.shapes for text in _texts(shape) if text)
        found.append(Apercu(title, svg_document("".join(canvas.parts), width, height, title, said)))
    return tuple(found)


def _texts(shape: BaseShape) -> list[str]:
    """What a slide says, chart and tables included."""
    if shape.has_chart:
        return [shape._element.nvGraphicFramePr.cNvPr.get("descr", "")]
    if shape.has_table:
        return [cell.text_frame.text for row in shape.table.rows for cell in row.cells]
    return [shape.text_frame.text] if shape.has_text_frame else []


def _draw_shape(canvas: Canvas, shape: BaseShape) -> None:
    box = Box(shape.left.pt, shape.top.pt, shape.width.pt, shape.height.pt)
    if shape.has_chart:
        _ChartDrawing(canvas, shape.chart, box).draw()
    elif shape.has_table:
        _draw_table(canvas, shape.table, box)
    elif shape.has_text_frame:
        if colour := (None if shape.is_placeholder else _colour(shape.fill)):
            canvas.rectangle(box.x, box.y, box.width, box.height, colour)
        _draw_text(canvas, shape.text_frame, box)


def _colour(fill: FillFormat) -> str | None:
    return f"#{fill.fore_color.rgb}" if fill.type == MSO_FILL.SOLID else None


def _draw_text(canvas: Canvas, frame, box: Box, margin: float = 0.0) -> None:
    """Wrapped as PowerPoint would wrap it in the same place."""
    lines = []
    for paragraph in frame.paragraphs:
        anchor = _ANCHORS.get(paragraph.alignment, "start")
        runs = paragraph.runs
        size = runs[0].font.size.pt if runs and runs[0].font.size else SMALLEST
        is_bold = bool(runs and runs[0].font.bold)
        colour = f"#{runs[0].font.color.rgb}" if runs and runs[0].font.color and runs[0].font.color.type else INK
        text = "\n".join(run.text for run in runs)
        wrapped = wrap_slide_text(text, box.width - 2 * margin, size, is_bold)
        lines += [(line, size, is_bold, colour, anchor) for line in wrapped]
        lines.append(("", _AFTER / LINE, False, INK, "start"))
    height = sum(size * LINE for _, size, *_ in lines) - _AFTER
    free = max(box.height - height, 0.0)
    y = box.y + {MSO_ANCHOR.MIDDLE: free / 2, MSO_ANCHOR.BOTTOM: free}.get(frame.vertical_anchor, 0.0)
    places = {"start": box.x + margin, "middle": box.x + box.width / 2, "end": box.x + box.width - margin}
    for line, size, is_bold, colour, anchor in lines:
        y += size * LINE
        if line:
            canvas.text([Run(line, is_bold, colour)], places[anchor], y - 0.25 * size, size, anchor)


def _draw_table(canvas: Canvas, table, box: Box) -> None:
    y = box.y
    for row in table.rows:
        x = box.x
        for column, cell in zip(table.columns, row.cells, strict=True):
            place = Box(x, y, column.width.pt, row.height.pt)
            if colour := _colour(cell.fill):
                canvas.rectangle(place.x, place.y, place.width, place.height, colour)
            _draw_text(canvas, _Middle(cell.text_frame), place, cell.margin_left.pt)
            x += column.width.pt
        y += row.height.pt
        canvas.line(box.x, y, box.x + box.width, y, GRID)


@dataclass(frozen=True)
class _Middle:
    """The text of a cell, which stands in the middle of it."""

    frame: object

    @property
    def paragraphs(self):
        return self.frame.paragraphs

    @property
    def vertical_anchor(self):
        return MSO_ANCHOR.MIDDLE


class _ChartDrawing:
    """Bars or lines with their values, from the chart's own data."""

    def __init__(self, canvas: Canvas, chart: Chart, box: Box) -> None:
        self.canvas, self.chart, self.box = canvas, chart, box
        self.plot = chart.plots[0]
        self.categories = [str(name) for name in self.plot.categories]
        self.is_line = chart.chart_type == XL_CHART_TYPE.LINE_MARKERS
        values = [value for serie in self.plot.series for value in serie.values if value is not None]
        self.low, self.high = min(0.0, *values, 0.0), max([0.0, *values])

    def draw(self) -> None:
        title = wrap_slide_text(self.chart.chart_title.text_frame.text, 0.8 * self.box.width, SMALLEST, True)
        for rank, line in enumerate(title, 1):
            y = self.box.y + rank * SMALLEST * LINE
            self.canvas.text([Run(line, True, MUTED)], self.box.x + self.box.width / 2, y, SMALLEST, "middle")
        foot = _LEGEND if self.chart.has_legend else 0.0
        inner = Box(self.box.x, self.box.y + _PLOT_TOP, self.box.width, self.box.height - _PLOT_TOP - foot)
        (self._draw_lines if self.is_line else self._draw_bars)(inner)
        if self.chart.has_legend:
            self._draw_legend()

    def _draw_legend(self) -> None:
        names = [(serie.name, self._colour(serie)) for serie in self.plot.series]
        width = sum(text_width(name, SMALLEST) + 34 for name, _ in names)
        x, y = self.box.x + (self.box.width - width) / 2, self.box.y + self.box.height - 6
        for name, colour in names:
            self.canvas.mark("square", x + 6, y - 5, 10, colour)
            self.canvas.text([Run(name)], x + 16, y, SMALLEST)
            x += text_width(name, SMALLEST) + 34

    def _colour(self, serie) -> str:
        return f"#{serie.format.line.color.rgb if self.is_line else serie.format.fill.fore_color.rgb}"

    def _text(self, serie, value: float) -> str:
        """As the chart's own number format says."""
        code = serie.data_labels.number_format.partition('"')
        unit = code[2].rstrip('"')
        return format_number(value, len(code[0].partition(".")[2])) + unit

    def _draw_bars(self, inner: Box) -> None:
        labels = [wrap_slide_text(name, 0.4 * inner.width, SMALLEST, False) for name in self.categories]
        left = inner.x + max((text_width(line, SMALLEST) for lines in labels for line in lines), default=0.0) + 12
        scale = (inner.x + inner.width - left - 70) / ((self.high - self.low) or 1.0)
        each = inner.height / max(len(self.categories), 1)
        series = list(self.plot.series)
        is_stacked = self.plot.overlap == 100  # one bar for each category, whatever its series
        thickness = each / 1.6 / (1 if is_stacked else len(series))
        for rank, lines in enumerate(labels):
            top = inner.y + rank * each + 0.19 * each
            middle = inner.y + (rank + 0.5) * each
            for number, line in enumerate(lines):
                y = middle + (number - (len(lines) - 1) / 2) * SMALLEST * LINE + 0.35 * SMALLEST
                self.canvas.text([Run(line)], left - 8, y, SMALLEST, "end")
            for place, serie in enumerate(series):
                value = serie.values[rank]
                if value is None:
                    continue
                y = top + (0 if is_stacked else place * thickness)
                start, end = sorted((left - self.low * scale, left + (value - self.low) * scale))
                self.canvas.rectangle(start, y, end - start, 0.95 * thickness, self._colour(serie))
                self.canvas.text([Run(self._text(serie, value))], end + 5, y + thickness / 2 + 0.35 * SMALLEST, SMALLEST)

    def _draw_lines(self, inner: Box) -> None:
        left, width = inner.x + 40, inner.width - 80
        height = inner.height - _PLOT_FOOT
        step = width / max(len(self.categories) - 1, 1)
        scale = (height - 20) / ((self.high - self.low) or 1.0)
        base = inner.y + height
        self.canvas.line(inner.x, base, inner.x + inner.width, base, MUTED)
        for rank, name in enumerate(self.categories):
            self.canvas.text([Run(name)], left + rank * step, base + 20, SMALLEST, "middle")
        for serie in self.plot.series:
            colour, drawn = self._colour(serie), []
            for rank, value in enumerate(serie.values):
                if value is None:
                    self._draw_line(drawn, colour)
                    drawn = []
                    continue
                x, y = left + rank * step, base - (value - self.low) * scale
                drawn.append((x, y))
                self.canvas.mark("circle", x, y, 8, colour)
                is_under = serie.points[rank].data_label.position == XL_LABEL_POSITION.BELOW
                run = Run(self._text(serie, value), False, colour)
                self.canvas.text([run], x, y + (SMALLEST + 5 if is_under else -9), SMALLEST, "middle")
            self._draw_line(drawn, colour)

    def _draw_line(self, places: list[tuple[float, float]], colour: str) -> None:
        if len(places) > 1:
            self.canvas.path(places, colour, 2.5, "solid")
