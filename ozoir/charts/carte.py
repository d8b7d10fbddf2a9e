"""Where the quartier is in its commune: outlines on a plane, without any tile, and the same in words."""

from __future__ import annotations

from collections.abc import Sequence
from math import atan2, hypot, pi
from typing import Any

from ozoir.catalogue.contours import Contour, to_kilometres
from ozoir.charts.drawing import Drawing
from ozoir.charts.theme import INK, ROLES, base_layout, note
from ozoir.charts.words import escape
from ozoir.numbers import NBSP, format_number

HEIGHT = 380
_WINDS = ("à l’est", "au nord-est", "au nord", "au nord-ouest", "à l’ouest", "au sud-ouest", "au sud", "au sud-est")
_AT_THE_CENTRE = 0.12  # of the commune's half width
Place = tuple[Contour, str, str]  # outline, name, role


def draw_map(places: Sequence[Place]) -> Drawing:
    """The widest first, so that the quartier is drawn over its commune; the vintage before the current one is dashed."""
    ordered = sorted(places, key=lambda place: -place[0].superficie)
    origin = ordered[0][0].centre
    layout = base_layout(HEIGHT)
    layout["xaxis"] = {"visible": False, "fixedrange": True, "constrain": "domain"}
    layout["yaxis"] = {"visible": False, "fixedrange": True, "scaleanchor": "x", "scaleratio": 1, "constrain": "domain"}
    data = [_outline(contour, name, role, origin) for contour, name, role in ordered]
    layout["annotations"] += [_label(contour, name, role, origin, rank) for rank, (contour, name, role) in enumerate(ordered)]
    _add_scale(layout, ordered[0][0], origin)
    return Drawing(data, layout, say_map(ordered))


def _outline(contour: Contour, name: str, role: str, origin: tuple[float, float]) -> dict[str, Any]:
    look = ROLES["qpv" if role == "ancien" else role]
    east: list[float | None] = []
    north: list[float | None] = []
    for ring in contour.anneaux:
        points = [to_kilometres(point, origin) for point in ring]
        east += [*(round(point[0], 4) for point in points), None]
        north += [*(round(point[1], 4) for point in points), None]
    is_filled = role == "qpv"
    return {
        "type": "scatter",
        "mode": "lines",
        "name": escape(name),
        "x": east[:-1],
        "y": north[:-1],
        "line": {"color": look.couleur, "width": look.largeur, "dash": "dash" if role == "ancien" else "solid"},
        **({"fill": "toself", "fillcolor": look.couleur, "opacity": 0.75} if is_filled else {}),
        "hoveron": "fills" if is_filled else "points",
        "hoverinfo": "text",
        "text": escape(f"{name}\u00a0: {area_text(contour)}"),
    }


def _label(contour: Contour, name: str, role: str, origin: tuple[float, float], rank: int) -> dict[str, Any]:
    """Names stand beside the outlines, at the end of a short line, so that they hide nothing."""
    west, south, east, _ = contour.cadre
    colour = ROLES["qpv" if role == "ancien" else role].texte
    if rank == 0:
        x, y = to_kilometres(((west + east) / 2, south), origin)
        return note(f"<b>{escape(name)}</b>", x, y, colour, yanchor="top")
    x, y = to_kilometres((east, contour.centre[1]), origin)
    arrow = {"showarrow": True, "arrowhead": 0, "arrowwidth": 1, "arrowcolor": colour, "ax": 36, "ay": 30 * (rank - 2) - 14}
    return note(f"<b>{escape(name)}</b>", x, y, colour, xanchor="left") | arrow


def _add_scale(layout: dict[str, Any], widest: Contour, origin: tuple[float, float]) -> None:
    """A line of one kilometre (100 m for a hamlet), and where north is."""
    west, south, east, north = (*to_kilometres(widest.cadre[:2], origin), *to_kilometres(widest.cadre[2:], origin))
    length = 1.0 if east - west > 3 else 0.1
    low = south - 0.08 * (north - south)
    layout["shapes"].append(
        {"type": "line", "x0": west, "x1": west + length, "y0": low, "y1": low, "line": {"color": INK, "width": 2}}
    )
    text = f"{format_number(length * 1000)}{NBSP}m" if length < 1 else f"{format_number(length)}{NBSP}km"
    layout["annotations"].append(note(text, west + length, low, INK, xanchor="left", yanchor="middle"))
    layout["annotations"].append(note("▲ Nord", 0, 1, INK, xref="paper", yref="paper", xanchor="left", yanchor="top"))


def area_text(contour: Contour) -> str:
    """« 0,17 km² »."""
    return f"{format_number(contour.superficie, 2 if contour.superficie < 10 else 1)}{NBSP}km²"


def say_map(places: Sequence[Place]) -> tuple[str, ...]:
    """What the map shows, in words: sizes, shares, and on which side of the commune."""
    (town, town_name, _), *rest = places
    return (f"{town_name}\u00a0: {area_text(town)}", *(_said(place, town) for place in rest))


def _said(place: Place, town: Contour) -> str:
    contour, name, _ = place
    share = format_number(100 * contour.superficie / town.superficie, 1)
    return f"{name}\u00a0: {area_text(contour)}, soit {share}\u202f% de la commune, {where_in(contour, town)}"


def where_in(contour: Contour, town: Contour) -> str:
    """« au nord-est de la commune, à 1,2 km de son centre »."""
    east, north = to_kilometres(contour.centre, town.centre)
    reach = to_kilometres(town.cadre[2:], town.centre)
    away = hypot(east, north)
    if away < _AT_THE_CENTRE * hypot(*reach):
        return "au centre de la commune"
    wind = _WINDS[round(atan2(north, east) / (pi / 4)) % 8]
    return f"{wind} de la commune, à {format_number(away, 1)}{NBSP}km de son centre"
