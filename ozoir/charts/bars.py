"""Figures of one date, side by side: bars, and dumbbells which draw the gap itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ozoir.charts.drawing import Drawing, extent, hover_text, scale
from ozoir.charts.lines import is_count, modalities
from ozoir.charts.theme import GRID, INK, LIBELLES, MUTED, ROLES, axis, base_layout, note
from ozoir.charts.traces import Vue, compare
from ozoir.charts.words import axis_suffix, cell_text, escape, figure_text, lower_first, wrap
from ozoir.indicators.results import Figure, Point, Result, Serie

ROW, LINE = 40, 18  # pixels: a row at least, one line of its label
LABEL_WIDTH = 32  # characters
MAX_ROWS = 8
ROOM_FOR_A_VALUE = 0.1  # of the axis, to the left of a mark


@dataclass(frozen=True)
class Paire:
    """One line of a dumbbell: the quartier's figure and the one it is set beside."""

    libelle: str
    periode: str
    qpv: Figure
    autre: Figure
    role: str
    nom_autre: str


def pair_at(serie: Serie, libelle: str, vue: Vue, is_count: bool) -> Paire | None:
    """The latest date at which the quartier and its comparator both have a figure."""
    beside = compare(serie, vue, is_count)
    others = beside.shown_by_date if beside else {}
    for point in reversed(serie.points):
        if point.qpv.is_shown and point.date_reference in others:
            return Paire(libelle, point.periode, point.qpv, others[point.date_reference], beside.role, beside.libelle)
    return None


def latest_pairs(result: Result, vue: Vue) -> list[Paire]:
    """One per modality which can be compared."""
    pairs = [pair_at(serie, serie.libelle, vue, is_count(result)) for serie in modalities(result)]
    return [pair for pair in pairs if pair]


def suits_dumbbell(result: Result, vue: Vue) -> bool:
    return bool(result.decoupage) and not is_count(result) and 2 <= len(latest_pairs(result, vue)) <= MAX_ROWS


def draw_dumbbell(result: Result, vue: Vue) -> Drawing:
    """One line per modality."""
    return dumbbell(latest_pairs(result, vue), result.fictif)


def dumbbell(pairs: Sequence[Paire], fictif: bool) -> Drawing:
    """Two marks per line joined by a bar whose length is the gap; values written outside."""
    names = [wrap(pair.libelle, LABEL_WIDTH) for pair in pairs]
    layout = base_layout(56 + row_height(names) * len(pairs), fictif)
    low, high = extent([figure.valeur for pair in pairs for figure in (pair.qpv, pair.autre)], headroom=0.3)
    layout["yaxis"] = names_axis(names)
    layout["xaxis"] = scale(low, high, axis_suffix(pairs[0].qpv), nticks=5, side="top")
    layout["shapes"] = [
        {
            "type": "line",
            "x0": pair.qpv.valeur,
            "x1": pair.autre.valeur,
            "y0": row,
            "y1": row,
            "line": {"color": GRID, "width": 7},
            "layer": "below",
        }
        for row, pair in enumerate(pairs)
    ]
    data = [_marks("qpv", LIBELLES["qpv"], [(row, pair, pair.qpv, pair.autre) for row, pair in enumerate(pairs)], high)]
    for role, name in dict.fromkeys((pair.role, pair.nom_autre) for pair in pairs):
        members = [(row, pair, pair.autre, pair.qpv) for row, pair in enumerate(pairs) if pair.nom_autre == name]
        data.append(_marks(role, name, members, high))
    key = {("qpv", LIBELLES["qpv"]): None} | {(pair.role, pair.nom_autre): None for pair in pairs}
    words = tuple(
        f"{pair.libelle}, {pair.periode}\u00a0: quartier {figure_text(pair.qpv)}, "
        f"{lower_first(pair.nom_autre)} {figure_text(pair.autre)}"
        for pair in pairs
    )
    return Drawing(data, layout, words, tuple(key))


def row_height(names: Sequence[str]) -> int:
    """Room for the longest label."""
    return max(ROW, 10 + LINE * max(name.count("<br>") + 1 for name in names))


def names_axis(names: Sequence[str]) -> dict[str, Any]:
    """Rows from top to bottom, under their names."""
    return axis(
        range=[len(names) - 0.5, -0.5],
        tickmode="array",
        tickvals=list(range(len(names))),
        ticktext=list(names),
        tickfont={"size": 13, "color": INK},
        showgrid=False,
    )


def _side(value: float, other: float, high: float) -> str:
    """Away from the other mark; above when there is no room before the axis."""
    if value >= other:
        return "middle right"
    return "middle left" if value > ROOM_FOR_A_VALUE * high else "top center"


def _marks(role: str, name: str, members: list[tuple[int, Paire, Figure, Figure]], high: float) -> dict[str, Any]:
    look = ROLES[role]
    return {
        "type": "scatter",
        "mode": "markers+text",
        "name": escape(name),
        "x": [figure.valeur for _, _, figure, _ in members],
        "y": [row for row, *_ in members],
        "marker": {"symbol": look.symbole, "size": 12, "color": look.couleur},
        "text": [cell_text(figure) for _, _, figure, _ in members],
        "textposition": [_side(figure.valeur, other.valeur, high) for _, _, figure, other in members],
        "textfont": {"color": look.texte, "size": 13},
        "cliponaxis": False,
        "customdata": [
            [f"{escape(pair.libelle)}<br>{hover_text(name, pair.periode, figure)}"] for _, pair, figure, _ in members
        ],
        "hovertemplate": "%{customdata[0]}<extra></extra>",
    }


def suits_bars(result: Result, vue: Vue) -> bool:
    """One bar alone would compare nothing: its figure is read in the text and the table."""
    return len(_bar_rows(result)) >= 2


def _bar_rows(result: Result) -> list[tuple[str, str, str, Figure]]:
    """Modalities of the quartier, or the territories themselves when there is no breakdown."""
    return _modality_rows(result) if result.decoupage and modalities(result) else _territory_rows(result)


def draw_bars(result: Result, vue: Vue) -> Drawing:
    """One bar per modality or per territory."""
    rows = _bar_rows(result)
    names = [wrap(label, LABEL_WIDTH) for _, label, _, _ in rows]
    layout = base_layout(44 + row_height(names) * len(rows), result.fictif)
    low, high = extent([figure.valeur for _, _, _, figure in rows])
    layout["xaxis"] = axis(range=[low, high], nticks=5, showticklabels=False, showgrid=False)
    layout["yaxis"] = names_axis(names)
    layout["annotations"].append(
        note(escape(rows[0][2]), 0, -0.04, MUTED, xref="paper", yref="paper", xanchor="left", yanchor="top", size=12)
    )
    data = [
        {
            "type": "bar",
            "orientation": "h",
            "x": [figure.valeur for _, _, _, figure in rows],
            "y": list(range(len(rows))),
            "width": 0.62,
            "marker": {"color": [ROLES[role].couleur for role, *_ in rows]},
            "text": [cell_text(figure) for _, _, _, figure in rows],
            "textposition": "outside",
            "textfont": {"color": INK, "size": 14},
            "cliponaxis": False,
            "customdata": [[hover_text(label, periode, figure)] for _, label, periode, figure in rows],
            "hovertemplate": "%{customdata[0]}<extra></extra>",
        }
    ]
    words = tuple(f"{label}, {periode}\u00a0: {figure_text(figure)}" for _, label, periode, figure in rows)
    return Drawing(data, layout, words)


def _modality_rows(result: Result) -> list[tuple[str, str, str, Figure]]:
    points = [(serie.libelle, serie.latest) for serie in modalities(result)]
    return [("qpv", label, point.periode, point.qpv) for label, point in points]


def _territory_rows(result: Result) -> list[tuple[str, str, str, Figure]]:
    """Role, label, period and figure of each territory at the latest date that shows anything."""
    point = _latest(result.series[0].points)
    rows = [
        ("qpv", LIBELLES["qpv"], point.periode, point.qpv),
        ("reste", LIBELLES["reste"], point.periode, point.reste),
        ("commune", LIBELLES["commune"], point.periode, point.commune),
    ]
    if not is_count(result):
        rows += [("autres", area.libelle, point.periode, area.figure) for area in point.comparateurs]
    return [row for row in rows if row[3].is_shown]


def _latest(points: tuple[Point, ...]) -> Point:
    of_qpv = [point for point in points if point.qpv.is_shown]
    return (of_qpv or [point for point in points if point.commune.is_shown])[-1]
