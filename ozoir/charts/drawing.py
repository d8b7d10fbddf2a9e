"""What a kind of chart produces, and the small arithmetic of laying things out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from ozoir.charts.theme import axis
from ozoir.charts.words import escape, figure_text, margin_text
from ozoir.indicators.results import Figure


@dataclass(frozen=True)
class Drawing:
    """A figure in Plotly's terms; lecture: all it shows, in words; cle: (role, name) of marks not named inside."""

    data: list[dict[str, Any]]
    layout: dict[str, Any]
    lecture: tuple[str, ...]
    cle: tuple[tuple[str, str], ...] = ()


def extent(values: Sequence[float], headroom: float = 0.18) -> tuple[float, float]:
    """From zero (or below, when a value is negative) to a little above the highest, for the text over it."""
    low, high = min(0.0, *values), max(0.0, *values)
    span = (high - low) or 1.0
    return (low - 0.05 * span if low < 0 else 0.0), high + headroom * span


def scale(low: float, high: float, suffix: str = "", **more: Any) -> dict[str, Any]:
    """An axis of numbers, thousands apart; no two of its graduations read alike."""
    least, form = (1.0, ",.0f") if high >= 5 else (0.1, ",.1f")
    if high - low < least * more.get("nticks", 5):
        more["dtick"] = least
    return axis(range=[low, high], ticksuffix=suffix, tickformat=form, **more)


def spread(heights: list[float], gap: float) -> list[float]:
    """The same heights, pushed apart so that no two are nearer than `gap`, order kept."""
    order = sorted(range(len(heights)), key=lambda rank: heights[rank])
    placed = list(heights)
    for lower, upper in pairwise(order):
        if placed[upper] - placed[lower] < gap:
            middle = (placed[upper] + placed[lower]) / 2
            placed[lower], placed[upper] = middle - gap / 2, middle + gap / 2
    return placed


def hover_text(libelle: str, periode: str, figure: Figure) -> str:
    """« Quartier, au 31/12/2020 : 194 personnes »."""
    margin = margin_text(figure)
    return f"<b>{escape(libelle)}</b>, {escape(periode)}\u00a0: {figure_text(figure)}" + (f" ({margin})" if margin else "")
