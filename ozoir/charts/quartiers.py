"""The quartier among the others: every published value as a dot, one line per area, and its standing over the years."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ozoir.charts.bars import LABEL_WIDTH, names_axis
from ozoir.charts.drawing import Drawing
from ozoir.charts.theme import INK, MUTED, ROLES, axis, base_layout, note
from ozoir.charts.words import axis_suffix, cell_text, escape, figure_text, wrap
from ozoir.indicators.quartiers import Classement, Position, Quartier, ordinal
from ozoir.indicators.results import Figure
from ozoir.indicators.wording import upper_first
from ozoir.numbers import NARROW, format_number

ROW = 92
LOWEST, MIDDLE = -4.0, 50.0  # of the axis of shares: a little under nothing; half of the quartiers
GOLDEN = 0.618  # successive multiples spread the dots of a line without any pattern
LOOKS = ("commune", "reste", "autres", "qpv")  # one per area, widest first


def draw_dots(classement: Classement, fictif: bool) -> Drawing:
    """One line per area: the other quartiers in grey, the median as an upright stroke, the quartier in blue."""
    etape = classement.derniere
    places = etape.positions
    names = [wrap(_label(place), LABEL_WIDTH) for place in places]
    values = [quartier.valeur for place in places for quartier in classement.autres[place.aire]]
    low, high = min(*values, etape.figure.valeur), max(*values, etape.figure.valeur)
    room = 0.06 * ((high - low) or 1.0)
    layout = base_layout(56 + ROW * len(places), fictif)
    layout["yaxis"] = names_axis(names)
    layout["xaxis"] = axis(
        range=[low - room, high + room], ticksuffix=axis_suffix(etape.figure), tickformat=",.0f", nticks=7, side="top"
    )
    layout["shapes"] = [_median(row, place) for row, place in enumerate(places)]
    data = [_others(row, place, classement.autres[place.aire], etape.figure) for row, place in enumerate(places)]
    data.append(_own(places, etape.figure, etape.periode))
    words = tuple(
        f"{place.libelle}\u00a0: quartier {figure_text(etape.figure)}, médiane {_like(etape.figure, place.mediane)}, "
        f"{ordinal(place.rang)} rang sur {format_number(place.publies)}"
        for place in places
    )
    return Drawing(data, layout, words)


def _label(place: Position) -> str:
    return f"{upper_first(place.libelle)} ({format_number(place.publies)}\u00a0publiés)"


def _like(figure: Figure, value: float) -> str:
    return figure_text(Figure(value, unite=figure.unite, decimales=figure.decimales))


def _median(row: int, place: Position) -> dict[str, Any]:
    line = {"color": INK, "width": 2}
    return {"type": "line", "x0": place.mediane, "x1": place.mediane, "y0": row - 0.38, "y1": row + 0.38, "line": line}


def _others(row: int, place: Position, quartiers: Sequence[Quartier], figure: Figure) -> dict[str, Any]:
    shift = [0.62 * ((rank * GOLDEN) % 1 - 0.5) for rank in range(len(quartiers))]
    return {
        "type": "scatter",
        "mode": "markers",
        "name": escape(place.libelle),
        "x": [quartier.valeur for quartier in quartiers],
        "y": [row + offset for offset in shift],
        "marker": {"symbol": "circle", "size": 5, "color": ROLES["reste"].couleur, "opacity": 0.35},
        "customdata": [
            [f"<b>{escape(item.nom)}</b>, {escape(item.commune)}\u00a0: {_like(figure, item.valeur)}"] for item in quartiers
        ],
        "hovertemplate": "%{customdata[0]}<extra></extra>",
    }


def _own(places: Sequence[Position], figure: Figure, periode: str) -> dict[str, Any]:
    look = ROLES["qpv"]
    return {
        "type": "scatter",
        "mode": "markers+text",
        "name": "Quartier",
        "x": [figure.valeur] * len(places),
        "y": list(range(len(places))),
        "marker": {"symbol": look.symbole, "size": 14, "color": look.couleur},
        "text": [cell_text(figure), *[""] * (len(places) - 1)],
        "textposition": "top center",
        "textfont": {"color": look.texte, "size": 14},
        "cliponaxis": False,
        "customdata": [[f"<b>Quartier</b>, {escape(periode)}\u00a0: {figure_text(figure)}"]] * len(places),
        "hovertemplate": "%{customdata[0]}<extra></extra>",
    }


def draw_standing(classement: Classement, fictif: bool) -> Drawing:
    """Share of the other quartiers with a lower value, date after date: 50 % is the middle of the area."""
    etapes = classement.etapes
    areas = [place.aire for place in etapes[-1].positions]
    layout = base_layout(280, fictif)
    layout["margin"]["r"] = 150
    layout["xaxis"] = axis(
        tickmode="array",
        tickvals=list(range(len(etapes))),
        ticktext=[escape(etape.periode) for etape in etapes],
        showgrid=False,
    )
    top = min(max(*(place.part_inferieurs for etape in etapes for place in etape.positions), MIDDLE) + 8, 104)
    layout["yaxis"] = axis(range=[LOWEST, top], ticksuffix=f"{NARROW}%", nticks=6)
    layout["shapes"] = [
        {
            "type": "line",
            "x0": 0,
            "x1": 1,
            "xref": "paper",
            "y0": MIDDLE,
            "y1": MIDDLE,
            "line": {"color": MUTED, "width": 1},
            "layer": "below",
        }
    ]
    data, words = [], []
    for area, role in zip(areas, LOOKS, strict=False):
        known = [(rank, etape, place) for rank, etape in enumerate(etapes) for place in etape.positions if place.aire == area]
        data.append(_line(known, role))
        words.append(
            f"{known[-1][2].libelle}\u00a0: " + ", ".join(f"{etape.periode} {_share(place)}" for _, etape, place in known)
        )
    layout["annotations"] += _ends(etapes[-1].positions, top)
    return Drawing(data, layout, tuple(words))


def _share(place: Position) -> str:
    return f"{format_number(place.part_inferieurs)}{NARROW}%"


def _line(known: list, role: str) -> dict[str, Any]:
    look = ROLES[role]
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": escape(known[-1][2].libelle),
        "x": [rank for rank, _, _ in known],
        "y": [place.part_inferieurs for _, _, place in known],
        "line": {"color": look.couleur, "dash": look.tirets, "width": look.largeur},
        "marker": {"symbol": look.symbole, "size": 8, "color": look.couleur},
        "customdata": [
            [f"<b>{escape(place.libelle)}</b>, {escape(etape.periode)}\u00a0: {_share(place)} ont une valeur inférieure"]
            for _, etape, place in known
        ],
        "hovertemplate": "%{customdata[0]}<extra></extra>",
    }


def _ends(places: Sequence[Position], top: float) -> list[dict[str, Any]]:
    """Names at the right, kept apart from one another; top: of the axis."""
    apart = 0.16 * (top - LOWEST)
    order = sorted(range(len(places)), key=lambda rank: places[rank].part_inferieurs)
    heights: dict[int, float] = {}
    floor = LOWEST
    for rank in order:
        heights[rank] = floor = max(places[rank].part_inferieurs, floor)
        floor += apart
    overflow = max(0.0, floor - apart - top + 4)
    return [
        note(
            f"<b>{wrap(upper_first(places[rank].libelle), 18)}</b>",
            1.01,
            heights[rank] - overflow,
            ROLES[LOOKS[rank % len(LOOKS)]].texte,
            xref="paper",
            xanchor="left",
            align="left",
            size=12,
        )
        for rank in order
    ]
