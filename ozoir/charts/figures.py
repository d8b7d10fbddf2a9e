"""The way in: a Result and what the reader asked → a Plotly figure with its alternative text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import plotly.graph_objects as go

from ozoir.charts.bars import Paire, dumbbell
from ozoir.charts.carte import Place, draw_map
from ozoir.charts.drawing import Drawing
from ozoir.charts.ecarts import draw_gap_changes, pick_rows
from ozoir.charts.evenements import mark_events
from ozoir.charts.kinds import pick_kind
from ozoir.charts.quartiers import draw_dots, draw_standing
from ozoir.charts.theme import darken
from ozoir.charts.traces import Vue, restrict
from ozoir.indicators.gaps import GapChange
from ozoir.indicators.quartiers import Classement
from ozoir.indicators.results import Result


@dataclass(frozen=True)
class Chart:
    """A figure ready to show. cle: (role, name) of each mark, when the figure does not name them itself.

    evenements: what each numbered mark of the time axis stands for.
    """

    figure: go.Figure
    alt: str
    kind: str
    cle: tuple[tuple[str, str], ...] = ()
    evenements: tuple[str, ...] = ()

    @cached_property
    def sombre(self) -> go.Figure:
        """The same figure on a dark page."""
        return go.Figure(darken(self.figure.to_plotly_json()))


def build_chart(result: Result, vue: Vue) -> Chart | None:
    """The chart for this answer, or None when there is nothing to draw."""
    result = restrict(result, vue)
    kind = pick_kind(result, vue)
    if kind is None:
        return None
    concerned = [event for event in vue.evenements if event.pilier in ("", result.indicateur.pilier)]
    drawing, named = mark_events(kind.draw(result, vue), concerned)
    return replace(_chart(drawing, f"{kind.titre}. {result.message}", kind.id, result.fictif), evenements=named)


def build_gaps(pairs: Sequence[Paire], titre: str, fictif: bool) -> Chart | None:
    """Several rates at once, the quartier beside its comparator."""
    return _chart(dumbbell(pairs, fictif), titre, "haltere", fictif) if pairs else None


def build_gap_changes(changes: Sequence[GapChange], titre: str, fictif: bool) -> Chart | None:
    """Gaps at T0 and now: those that moved first, then those that did not, in grey."""
    rows = pick_rows(changes)
    return _chart(draw_gap_changes(rows, fictif), titre, "ecarts_t0", fictif) if rows else None


def build_dots(classement: Classement, titre: str, fictif: bool) -> Chart | None:
    """Every published value of every quartier, area by area."""
    return _chart(draw_dots(classement, fictif), titre, "quartiers", fictif) if classement.etapes else None


def build_standing(classement: Classement, titre: str, fictif: bool) -> Chart | None:
    """The standing over the years, when there are two dates at least."""
    return _chart(draw_standing(classement, fictif), titre, "rangs", fictif) if len(classement.etapes) > 1 else None


def build_map(places: Sequence[Place], titre: str) -> Chart:
    """The commune and the perimeters in it; outlines are never fictitious."""
    return _chart(draw_map(places), titre, "carte", fictif=False)


def _chart(drawing: Drawing, titre: str, kind: str, fictif: bool) -> Chart:
    """The alternative text says all that the figure shows."""
    words = [*(["Données fictives"] if fictif else []), titre.rstrip("."), *drawing.lecture]
    return Chart(go.Figure(data=drawing.data, layout=drawing.layout), ". ".join(words) + ".", kind, drawing.cle)
