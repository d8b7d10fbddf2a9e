"""A Drawing (what the screen shows, in Plotly's terms) drawn as SVG: same numbers, marks, order and colours, no browser.

Only what `ozoir.charts` uses is understood; anything else raises, so that a new kind of chart cannot be half drawn.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from html import escape, unescape
from math import ceil, floor, log10
from typing import Any

from ozoir.charts.drawing import Drawing, spread
from ozoir.charts.theme import GRID, INK, MUTED, ROLES
from ozoir.exports.cleaning import plain_text
from ozoir.exports.lettering import FAMILY, text_width
from ozoir.numbers import format_number

LINE = 1.2  # height of a line of text, in ems
_DASHES = {"solid": "", "dash": "9 5", "dot": "2 4", "dashdot": "9 4 2 4"}
_TICK = 6


BOLD = ' font-weight="bold"'
GRADUATION = "graduation"  # the class of what the scale of an axis writes: round numbers, which are nobody's figure


@dataclass(frozen=True)
class Run:
    """A piece of a line in one style."""

    text: str
    is_bold: bool = False
    colour: str = INK


@dataclass
class Canvas:
    """Where shapes are added, in pixels from the top left corner."""

    parts: list[str] = field(default_factory=list)

    def line(self, x0: float, y0: float, x1: float, y1: float, colour: str, width: float = 1, dash: str = "solid") -> None:
        pattern = f' stroke-dasharray="{_DASHES[dash]}"' if _DASHES[dash] else ""
        self.parts.append(
            f'<line x1="{x0:.1f}" y1="{y0:.1f}" x2="{x1:.1f}" y2="{y1:.1f}" stroke="{colour}" stroke-width="{width}"{pattern}/>'
        )

    def path(self, points: list[tuple[float, float]], colour: str, width: float, dash: str) -> None:
        pattern = f' stroke-dasharray="{_DASHES[dash]}"' if _DASHES[dash] else ""
        places = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        self.parts.append(f'<polyline points="{places}" fill="none" stroke="{colour}" stroke-width="{width}"{pattern}/>')

    def rectangle(self, x: float, y: float, width: float, height: float, colour: str) -> None:
        self.parts.append(f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" fill="{colour}"/>')

    def mark(self, symbol: str, x: float, y: float, size: float, colour: str) -> None:
        half = size / 2
        if symbol == "circle":
            self.parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{half:.1f}" fill="{colour}"/>')
            return
        corners = {
            "square": [(-half, -half), (half, -half), (half, half), (-half, half)],
            "diamond": [(0, -half * 1.25), (half * 1.25, 0), (0, half * 1.25), (-half * 1.25, 0)],
            "triangle-up": [(0, -half * 1.15), (half * 1.15, half * 0.9), (-half * 1.15, half * 0.9)],
        }[symbol]
        places = " ".join(f"{x + dx:.1f},{y + dy:.1f}" for dx, dy in corners)
        self.parts.append(f'<polygon points="{places}" fill="{colour}"/>')

    def text(
        self,
        runs: list[Run],
        x: float,
        y: float,
        size: float,
        anchor: str = "start",
        angle: float = 0,
        opacity: float = 1,
        role: str = "",
    ) -> None:
        """One line; y is the base line."""
        named = f' class="{role}"' if role else ""
        turned = f' transform="rotate({angle:g} {x:.1f} {y:.1f})"' if angle else ""
        faint = f' opacity="{opacity:g}"' if opacity < 1 else ""
        words = "".join(
            f'<tspan fill="{run.colour}"{BOLD if run.is_bold else ""}>{escape(plain_text(run.text), quote=False)}</tspan>'
            for run in runs
        )
        self.parts.append(
            f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size:g}" text-anchor="{anchor}"{turned}{faint}{named}>{words}</text>'
        )


def draw_svg(drawing: Drawing, width: float) -> tuple[str, float]:
    """The shapes of the figure, without the outer element, and its height."""
    return _Plot(drawing, width).draw()


def svg_document(content: str, width: float, height: float, title: str, description: str) -> str:
    """A file of its own, its alternative text inside."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}" height="{height:g}" '
        f'role="img" lang="fr" font-family="\'{FAMILY}\', Arial, sans-serif">'
        f"<title>{escape(title)}</title><desc>{escape(description)}</desc>"
        f'<rect width="{width:g}" height="{height:g}" fill="#ffffff"/>{content}</svg>'
    )


class _Plot:
    """One figure being drawn: its frame, its axes, then what lies on them."""

    def __init__(self, drawing: Drawing, width: float) -> None:
        self.layout, self.data = drawing.layout, drawing.data
        self.canvas, self.width, self.height = Canvas(), width, float(drawing.layout["height"])
        self.taken: dict[str, list[tuple[float, float, float, float]]] = {}
        margin = self.layout["margin"]
        axes = {name: axis for name, axis in self.layout.items() if re.fullmatch(r"[xy]axis\d*", name)}
        self.axes = {name.replace("axis", ""): axis for name, axis in axes.items()}
        has_top = any(axis.get("side") == "top" for axis in axes.values())
        self.left = margin["l"] + self._label_width()
        self.right = width - margin["r"] - 10
        self.top = margin["t"] + (22 if has_top else 0)
        self.bottom = self.height - margin["b"] - (6 if has_top else 24) - self._below()

    def draw(self) -> tuple[str, float]:
        for name, axis in self.axes.items():
            self._draw_axis(name, axis)
        for shape in self.layout["shapes"]:
            self._draw_shape(shape)
        for trace in self.data:
            {"scatter": self._draw_scatter, "bar": self._draw_bar}[trace["type"]](trace)
        for annotation in self._ends_apart():
            self._draw_annotation(annotation)
        return "".join(self.canvas.parts), self.height

    def _label_width(self) -> float:
        """Room for the labels at the left of the plot."""
        widths = [0.0]
        for name, axis in self.axes.items():
            if name.startswith("y") and axis.get("showticklabels", True):
                size = axis["tickfont"]["size"]
                widths += [_line_width(line, size) for _, label in _ticks(axis) for line in _lines(label, INK)]
        return max(widths) + 10

    def _below(self) -> float:
        is_under = any(item.get("yref") == "paper" and item["y"] < 0 for item in self.layout["annotations"])
        return 16 if is_under else 0

    def _x(self, value: Any, axis: str = "x") -> float:
        if axis == "paper":
            return self.left + float(value) * (self.right - self.left)
        low, high = self.axes[axis].get("domain", (0, 1))
        share = _share(value, self.axes[axis]["range"])
        return self.left + (low + share * (high - low)) * (self.right - self.left)

    def _y(self, value: Any, axis: str = "y") -> float:
        if axis == "paper":
            return self.bottom - float(value) * (self.bottom - self.top)
        low, high = self.axes[axis].get("domain", (0, 1))
        share = _share(value, self.axes[axis]["range"])
        return self.bottom - (low + share * (high - low)) * (self.bottom - self.top)

    def _draw_axis(self, name: str, axis: dict[str, Any]) -> None:
        size, colour = axis["tickfont"]["size"], axis["tickfont"]["color"]
        across = axis.get("anchor", ("y" if name[0] == "x" else "x"))
        role = "" if axis.get("tickmode") == "array" else GRADUATION
        if name[0] == "y":
            x0, x1 = (self._x(value, across) for value in self.axes[across]["range"])
            for value, label in _ticks(axis):
                y = self._y(value, name)
                if axis.get("showgrid", True):
                    self.canvas.line(x0, y, x1, y, GRID)
                if axis.get("showticklabels", True):
                    self._lines_of_text(label, x0 - 6, y, size, colour, "end", "middle", role=role)
            return
        low, high = self.axes[across].get("domain", (0, 1))
        y0, y1 = (self.bottom - share * (self.bottom - self.top) for share in (low, high))
        is_top = axis.get("side") == "top"
        ticks = _ticks(axis)
        labelled = _apart([(self._x(value, name), text_width(label, size) + 6) for value, label in ticks])
        for rank, (value, label) in enumerate(ticks):
            x = self._x(value, name)
            if axis.get("showgrid", True):
                self.canvas.line(x, y0, x, y1, GRID)
            if axis.get("ticks") == "outside":
                self.canvas.line(x, y0, x, y0 + _TICK, MUTED)
            if axis.get("showticklabels", True) and rank in labelled:
                block, height = ("bottom", y1 - 6) if is_top else ("top", y0 + _TICK + 2)
                self._lines_of_text(label, x, height, size, colour, "middle", block, role=role)

    def _draw_shape(self, shape: dict[str, Any]) -> None:
        if shape["type"] != "line":
            raise NotImplementedError(f"shape {shape['type']}")
        line, xref, yref = shape["line"], shape.get("xref", "x"), shape.get("yref", "y")
        start = self._x(shape["x0"], xref), self._y(shape["y0"], yref)
        end = self._x(shape["x1"], xref), self._y(shape["y1"], yref)
        self.canvas.line(*start, *end, line["color"], line.get("width", 1), line.get("dash", "solid"))

    def _draw_scatter(self, trace: dict[str, Any]) -> None:
        modes, xaxis, yaxis = trace["mode"].split("+"), trace.get("xaxis", "x"), trace.get("yaxis", "y")
        places = [(self._x(x, xaxis), self._y(y, yaxis)) for x, y in zip(trace["x"], trace["y"], strict=True)]
        if "lines" in modes and len(places) > 1:
            line = trace["line"]
            self.canvas.path(places, line["color"], line["width"], line.get("dash", "solid"))
        if "markers" in modes:
            marker = trace["marker"]
            for x, y in places:
                self.canvas.mark(marker.get("symbol", "circle"), x, y, marker["size"], marker["color"])
        if "text" in modes:
            positions = trace["textposition"]
            if isinstance(positions, str):
                positions = [positions] * len(places)
            gap = trace.get("marker", {}).get("size", 8) / 2 + 3
            labels = list(zip(trace["text"], places, positions, strict=True))
            for text, (x, y), position in reversed(labels):  # the latest value first: where two overlap, it stays
                self._place_text(text, x, y, position, gap, trace["textfont"])

    def _place_text(self, text: str, x: float, y: float, position: str, gap: float, font: dict[str, Any]) -> None:
        """position: Plotly's « top center », « middle right »…"""
        vertical, horizontal = position.split()
        y += {"top": -gap, "middle": 0, "bottom": gap}[vertical]
        x += {"left": -gap, "center": 0, "right": gap}[horizontal]
        anchor = {"left": "end", "center": "middle", "right": "start"}[horizontal]
        block = {"top": "bottom", "middle": "middle", "bottom": "top"}[vertical]
        if self._takes_place("value", text, x, y, font["size"], anchor, block):
            self._lines_of_text(text, x, y, font["size"], font["color"], anchor, block)

    def _takes_place(self, kind: str, text: str, x: float, y: float, size: float, anchor: str, block: str) -> bool:
        """False when another text of this kind already stands there."""
        lines = _lines(text, INK)
        width, height = max(_line_width(line, size) for line in lines), len(lines) * size * LINE
        left = x - {"start": 0, "middle": width / 2, "end": width}[anchor]
        top = y - {"top": 0, "middle": height / 2, "bottom": height}[block]
        taken = self.taken.setdefault(kind, [])
        if any(left < x1 and left + width > x0 and top < y1 and top + height > y0 for x0, y0, x1, y1 in taken):
            return False
        taken.append((left, top, left + width, top + height))
        return True

    def _draw_bar(self, trace: dict[str, Any]) -> None:
        if trace.get("orientation") != "h":
            raise NotImplementedError("vertical bars")
        colours = trace["marker"]["color"]
        for rank, (value, row) in enumerate(zip(trace["x"], trace["y"], strict=True)):
            colour = colours if isinstance(colours, str) else colours[rank]
            zero, end = self._x(0), self._x(value)
            half = abs(self._y(row + trace["width"] / 2) - self._y(row))
            self.canvas.rectangle(min(zero, end), self._y(row) - half, abs(end - zero), 2 * half, colour)
            side, place = ("start", end + 5) if value >= 0 else ("end", end - 5)
            font = trace["textfont"]
            self._lines_of_text(trace["text"][rank], place, self._y(row), font["size"], font["color"], side, "middle")

    def _ends_apart(self) -> list[dict[str, Any]]:
        """The annotations, the names at the right end of lines pushed apart: a shorter chart has the same letters."""
        notes = self.layout["annotations"]
        ends = [item for item in notes if item.get("xref") == "paper" and item["x"] > 1 and item.get("yref", "y") == "y"]
        places = [self._y(item["y"], "y") for item in ends]
        tall = max((len(_lines(item["text"], "")) * item["font"]["size"] * LINE for item in ends), default=0.0)
        moved = {id(item): new - old for item, old, new in zip(ends, places, spread(places, tall), strict=True)}
        return [item | {"yshift": item.get("yshift", 0) - moved[id(item)]} if moved.get(id(item)) else item for item in notes]

    def _draw_annotation(self, item: dict[str, Any]) -> None:
        x, y = self._x(item["x"], item.get("xref", "x")), self._y(item["y"], item.get("yref", "y"))
        font = item["font"]
        anchor = {"left": "start", "center": "middle", "right": "end"}[item.get("xanchor", "center")]
        block = {"top": "top", "middle": "middle", "bottom": "bottom"}[item.get("yanchor", "middle")]
        more = {key: item[name] for key, name in (("opacity", "opacity"), ("angle", "textangle")) if name in item}
        if "angle" not in more and not self._takes_place(item["text"], item["text"], x, y, font["size"], anchor, block):
            return  # the same mark, said just beside
        self._lines_of_text(
            item["text"],
            x + item.get("xshift", 0),
            y - item.get("yshift", 0),
            font["size"],
            font["color"],
            anchor,
            block,
            **more,
        )

    def _lines_of_text(
        self, text: str, x: float, y: float, size: float, colour: str, anchor: str, block: str, **more: Any
    ) -> None:
        """Several lines around a point; block says whether the point is at their top, middle or bottom."""
        lines = _lines(text, colour)
        height = len(lines) * size * LINE
        first = y + size * 0.95 - {"top": 0, "middle": height / 2, "bottom": height}[block]
        for rank, line in enumerate(lines):
            self.canvas.text(line, x, first + rank * size * LINE, size, anchor, **more)


def _lines(text: str, colour: str) -> list[list[Run]]:
    """Plotly's small markup → lines of runs; a tag stays open through a line break."""
    lines: list[list[Run]] = [[]]
    is_bold, tint = False, colour
    for piece in re.split(r"(<[^>]*>)", text):
        if re.fullmatch(r"<br\s*/?>", piece):
            lines.append([])
        elif piece in ("<b>", "</b>"):
            is_bold = piece == "<b>"
        elif piece.startswith("<span"):
            tint = re.search(r"#[0-9a-fA-F]{6}", piece)[0]
        elif piece == "</span>":
            tint = colour
        elif piece.startswith("<"):
            raise NotImplementedError(f"markup {piece}")
        elif piece:
            lines[-1].append(Run(unescape(piece), is_bold, tint))
    return lines


def _line_width(runs: list[Run], size: float) -> float:
    return sum(text_width(run.text, size, run.is_bold) for run in runs)


def _apart(places: list[tuple[float, float]]) -> set[int]:
    """Which of these labels (middle, width) may be written without touching: the last one first."""
    kept: list[int] = []
    for rank in reversed(range(len(places))):
        middle, width = places[rank]
        if all(abs(middle - places[other][0]) >= (width + places[other][1]) / 2 for other in kept):
            kept.append(rank)
    return set(kept)


def _share(value: Any, bounds: list[Any]) -> float:
    low, high, place = (_number(item) for item in (*bounds, value))
    return (place - low) / (high - low)


def _number(value: Any) -> float:
    return float(date.fromisoformat(value[:10]).toordinal()) if isinstance(value, str) else float(value)


def _ticks(axis: dict[str, Any]) -> list[tuple[Any, str]]:
    """Places and labels: those given, or round numbers."""
    if axis.get("tickmode") == "array":
        return list(zip(axis["tickvals"], axis["ticktext"], strict=True))
    low, high = sorted(axis["range"])
    step = axis.get("dtick") or _round_step((high - low) / max(axis.get("nticks", 5), 1))
    decimals = max(0, -floor(log10(step) + 1e-9))
    return [
        (rank * step, format_number(rank * step, decimals) + axis.get("ticksuffix", ""))
        for rank in range(ceil(low / step - 1e-9), floor(high / step + 1e-9) + 1)
    ]


def _round_step(step: float) -> float:
    """The nearest 1, 2 or 5 times a power of ten above."""
    power = 10 ** floor(log10(step))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= step - 1e-9)


def legend(canvas: Canvas, keys: tuple[tuple[str, str], ...], x: float, y: float, size: float) -> float:
    """The key of the marks on one line, and where it ends."""
    for role, name in keys:
        look = ROLES[role]
        canvas.line(x, y, x + 26, y, look.couleur, look.largeur, look.tirets)
        canvas.mark(look.symbole, x + 13, y, 9, look.couleur)
        canvas.text([Run(name, colour=look.couleur)], x + 32, y + size * 0.35, size)
        x += 32 + text_width(name, size) + 24
    return x
