"""The kinds of chart, one row each: the first that suits the answer is drawn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ozoir.charts.bars import draw_bars, draw_dumbbell, suits_bars, suits_dumbbell
from ozoir.charts.drawing import Drawing
from ozoir.charts.lines import (
    draw_curve,
    draw_multiples,
    draw_panels,
    draw_slope,
    suits_curve,
    suits_multiples,
    suits_panels,
    suits_slope,
)
from ozoir.charts.traces import Vue
from ozoir.indicators.results import Result


@dataclass(frozen=True)
class Kind:
    """One way of drawing: what it is called for a reader, when it is right, how it is done."""

    id: str
    titre: str
    suits: Callable[[Result, Vue], bool]
    draw: Callable[[Result, Vue], Drawing]


KINDS = (
    Kind("haltere", "Écarts par modalité", suits_dumbbell, draw_dumbbell),
    Kind("petits_multiples", "Une courbe par modalité", suits_multiples, draw_multiples),
    Kind("courbes_separees", "Courbes, une échelle par territoire", suits_panels, draw_panels),
    Kind("pente", "Évolution entre deux dates", suits_slope, draw_slope),
    Kind("courbe", "Courbe", suits_curve, draw_curve),
    Kind("barres", "Barres", suits_bars, draw_bars),
)


def pick_kind(result: Result, vue: Vue) -> Kind | None:
    """The kind for this answer, or None when it has no number, or one alone."""
    return None if result.is_empty else next((kind for kind in KINDS if kind.suits(result, vue)), None)
