"""Gaps at two dates, one line per indicator: where each stood at T0, where it stands now, and the margin of its move."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ozoir.charts.bars import LABEL_WIDTH, names_axis, row_height
from ozoir.charts.drawing import Drawing
from ozoir.charts.theme import INK, MUTED, ROLES, axis, base_layout
from ozoir.charts.words import cell_text, escape, wrap
from ozoir.indicators.gaps import NON_SIGNIFICATIF, GapChange, write_change, write_verdict

ROWS_AT_MOST = 12
BOLD, QUIET = ROLES["qpv"].couleur, ROLES["reste"].couleur


def pick_rows(changes: Sequence[GapChange]) -> list[GapChange]:
    """Those that moved, widest first, then the key figures and the others that did not, in the order given."""
    moved = sorted((item for item in changes if item.has_moved), key=lambda item: -abs(item.delta.valeur))
    still = [item for item in changes if item.verdict == NON_SIGNIFICATIF]
    still.sort(key=lambda item: not item.indicateur.principal)
    return [*moved, *still][:ROWS_AT_MOST]


def draw_gap_changes(changes: Sequence[GapChange], fictif: bool) -> Drawing:
    """An open mark at T0, a full one now, joined; the zero line is the comparator's level. Points only."""
    names = [wrap(_label(item), LABEL_WIDTH) for item in changes]
    layout = base_layout(56 + row_height(names) * len(changes), fictif)
    values = [point.ecart.valeur for item in changes for point in (item.debut, item.fin)]
    low, high = min(0.0, *values), max(0.0, *values)
    room = 0.16 * ((high - low) or 1.0)
    layout["yaxis"] = names_axis(names)
    layout["xaxis"] = axis(range=[low - room, high + room], ticksuffix="\u00a0pts", tickformat=",.0f", nticks=6, side="top")
    layout["shapes"] = [_zero(), *(_link(row, item) for row, item in enumerate(changes))]
    data = [_marks(changes, 0, is_open=True), _marks(changes, 1, is_open=False)]
    return Drawing(data, layout, tuple(write_change(item).removesuffix(".") for item in changes))


def _label(item: GapChange) -> str:
    return f"{item.indicateur.titre} (n.s.)" if item.verdict == NON_SIGNIFICATIF else item.indicateur.titre


def _zero() -> dict[str, Any]:
    line = {"color": INK, "width": 1}
    return {"type": "line", "x0": 0, "x1": 0, "y0": 0, "y1": 1, "yref": "paper", "line": line, "layer": "below"}


def _link(row: int, item: GapChange) -> dict[str, Any]:
    line = {"color": BOLD if item.has_moved else QUIET, "width": 6}
    return {
        "type": "line",
        "x0": item.debut.ecart.valeur,
        "x1": item.fin.ecart.valeur,
        "y0": row,
        "y1": row,
        "line": line,
        "opacity": 0.35,
        "layer": "below",
    }


def _marks(changes: Sequence[GapChange], rank: int, is_open: bool) -> dict[str, Any]:
    """rank: 0 for T0, 1 for now; each value is written on the side away from the other."""
    ends = [(item.debut, item.fin)[rank].ecart for item in changes]
    others = [(item.fin, item.debut)[rank].ecart for item in changes]
    colours = [BOLD if item.has_moved else QUIET for item in changes]
    is_right = [(end.valeur, rank) > (other.valeur, 1 - rank) for end, other in zip(ends, others, strict=True)]
    return {
        "type": "scatter",
        "mode": "markers+text",
        "name": "Au départ" if is_open else "À l’arrivée",
        "x": [end.valeur for end in ends],
        "y": list(range(len(changes))),
        "marker": {
            "symbol": "circle-open" if is_open else "circle",
            "size": 12,
            "color": colours,
            "line": {"width": 2.5, "color": colours},
        },
        "text": [cell_text(end, sign=True) for end in ends],
        "textposition": ["middle right" if right else "middle left" for right in is_right],
        "textfont": {"color": INK if not is_open else MUTED, "size": 13},
        "cliponaxis": False,
        "customdata": [[f"{escape(write_change(item))}<br>{escape(write_verdict(item))}"] for item in changes],
        "hovertemplate": "%{customdata[0]}<extra></extra>",
    }
