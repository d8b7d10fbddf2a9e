"""Dated events on a time axis: a thin upright line and a numbered mark, said in full on hover and under the chart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from ozoir.catalogue.saisies import Evenement
from ozoir.charts.drawing import Drawing
from ozoir.charts.theme import MUTED
from ozoir.charts.words import escape
from ozoir.numbers import format_date

NEAR_THE_TOP = 0.93


def mark_events(drawing: Drawing, events: Sequence[Evenement]) -> tuple[Drawing, tuple[str, ...]]:
    """The drawing with the events that fall within its time axes, and what each number stands for."""
    axes = [name for name, axis in drawing.layout.items() if name.startswith("xaxis") and axis.get("type") == "date"]
    if not axes:
        return drawing, ()
    first, last = (date.fromisoformat(bound[:10]) for bound in drawing.layout[axes[0]]["range"])
    shown = [event for event in events if first <= event.jour <= last]
    if not shown:
        return drawing, ()
    marks = [_marks(shown, name.removeprefix("xaxis"), drawing.layout) for name in axes]
    lines = [_line(event, name.removeprefix("xaxis")) for name in axes for event in shown]
    layout = {**drawing.layout, "shapes": [*drawing.layout["shapes"], *lines]}
    words = tuple(f"{rank}. {_said(event)}" for rank, event in enumerate(shown, start=1))
    reading = (*drawing.lecture, "Évènements\u00a0: " + "\u202f; ".join(words))
    return replace(drawing, data=[*drawing.data, *marks], layout=layout, lecture=reading), words


def _said(event: Evenement) -> str:
    """« Ouverture de la crèche, le 03/09/2018 »."""
    return f"{event.titre}, le {format_date(event.jour)}"


def _line(event: Evenement, axis: str) -> dict[str, Any]:
    day = event.jour.isoformat()
    place = {"xref": f"x{axis}", "yref": f"y{axis} domain", "x0": day, "x1": day, "y0": 0, "y1": 1}
    return {"type": "line", **place, "line": {"color": MUTED, "width": 1}, "opacity": 0.45, "layer": "below"}


def _marks(events: Sequence[Evenement], axis: str, layout: dict[str, Any]) -> dict[str, Any]:
    low, high = layout[f"yaxis{axis}"]["range"]
    said = [f"<b>{escape(event.titre)}</b>, le {format_date(event.jour)}" for event in events]
    more = [f"<br>{escape(event.texte)}" if event.texte else "" for event in events]
    return {
        "type": "scatter",
        "mode": "markers+text",
        "name": "Évènements",
        "x": [event.jour.isoformat() for event in events],
        "y": [low + NEAR_THE_TOP * (high - low)] * len(events),
        "xaxis": f"x{axis}",
        "yaxis": f"y{axis}",
        "text": [str(rank) for rank in range(1, len(events) + 1)],
        "textposition": "middle right",
        "textfont": {"color": MUTED, "size": 12},
        "marker": {"symbol": "triangle-down", "size": 9, "color": MUTED},
        "customdata": [[text + rest] for text, rest in zip(said, more, strict=True)],
        "hovertemplate": "%{customdata[0]}<extra></extra>",
        "cliponaxis": False,
    }
