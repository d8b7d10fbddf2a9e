"""One look for every chart, light or dark: a fixed meaning for each colour, French numbers, no template, no button."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

FONT = "Source Sans, system-ui, sans-serif"
INK, MUTED, GRID, SURFACE, ALERT = "#1f2937", "#4b5563", "#e5e7eb", "#ffffff", "#9a3412"


@dataclass(frozen=True)
class Look:
    """How one role is drawn. Dash and symbol differ too: colour alone never tells two roles apart.

    texte is the colour of its words, which need more contrast than lines (4,5:1 against 3:1).
    """

    couleur: str
    tirets: str
    symbole: str
    largeur: float
    texte: str


ROLES = {
    "qpv": Look("#0b57d0", "solid", "circle", 3, "#0b57d0"),
    "reste": Look("#5b6470", "dash", "square", 2, "#4b5563"),
    "commune": Look("#7f8997", "dot", "diamond", 2, "#5b6470"),
    "autres": Look("#b45309", "dashdot", "triangle-up", 2, "#92400e"),
}
# Every colour a chart may hold → the one which takes its place, with the same meaning, on a dark page.
DARK = {
    INK: "#e6e9ee",
    MUTED: "#b3bcc9",
    GRID: "#333d4a",
    SURFACE: "#14181f",
    ALERT: "#f0a078",
    "#0b57d0": "#7cacf8",
    "#5b6470": "#a3adba",
    "#7f8997": "#8a94a2",
    "#b45309": "#f0a35e",
    "#92400e": "#f6b26b",
}
_COLOUR = re.compile(r"#[0-9a-f]{6}")
LIBELLES = {"qpv": "Quartier", "reste": "Reste de la commune", "commune": "Commune entière"}

MOIS = ["janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"]
JOURS = ["dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"]

# The locale travels with each chart: Plotly's own file would be fetched from outside.
CONFIG: dict[str, Any] = {
    "displayModeBar": False,
    "scrollZoom": False,
    "doubleClick": False,
    "showTips": False,
    "locale": "fr",
    "locales": {
        "fr": {
            "dictionary": {},
            "format": {
                "days": JOURS,
                "shortDays": [day[:3] for day in JOURS],
                "months": MOIS,
                "shortMonths": [month[:4] for month in MOIS],
                "date": "%d/%m/%Y",
                "decimal": ",",
                "thousands": "\u202f",
            },
        }
    },
}


def base_layout(height: int, fictif: bool = False) -> dict[str, Any]:
    """The layout all charts start from."""
    layout: dict[str, Any] = {
        "template": {},
        "height": height,
        "separators": ",\u202f",
        "font": {"family": FONT, "size": 14, "color": INK},
        "paper_bgcolor": SURFACE,
        "plot_bgcolor": SURFACE,
        "margin": {"l": 8, "r": 8, "t": 16, "b": 8},
        "showlegend": False,
        "dragmode": False,
        "hovermode": "closest",
        "hoverlabel": {"bgcolor": SURFACE, "bordercolor": MUTED, "font": {"family": FONT, "size": 14, "color": INK}},
        "annotations": [],
        "shapes": [],
    }
    if fictif:
        layout["annotations"].append(watermark())
    return layout


def watermark() -> dict[str, Any]:
    """« Données fictives », inside the figure so that a copy of it keeps saying so."""
    return {
        "text": "Données fictives",
        "xref": "paper",
        "yref": "paper",
        "x": 0.5,
        "y": 0.5,
        "showarrow": False,
        "textangle": -12,
        "opacity": 0.35,
        "font": {"size": 26, "color": ALERT},
    }


def axis(**more: Any) -> dict[str, Any]:
    """A quiet axis that cannot be dragged or zoomed."""
    return {
        "fixedrange": True,
        "zeroline": False,
        "gridcolor": GRID,
        "linecolor": MUTED,
        "tickfont": {"size": 13, "color": MUTED},
        "automargin": True,
        **more,
    }


def note(text: str, x: Any, y: Any, colour: str = MUTED, **more: Any) -> dict[str, Any]:
    """A text on the chart."""
    font = {"size": more.pop("size", 13), "color": colour}
    return {"text": text, "x": x, "y": y, "showarrow": False, "font": font, **more}


def darken(part: Any) -> Any:
    """The same part of a figure (dict, list, text, number) in the colours of a dark page."""
    if isinstance(part, dict):
        return {name: darken(value) for name, value in part.items()}
    if isinstance(part, list | tuple):
        return [darken(value) for value in part]
    return _COLOUR.sub(lambda found: DARK[found.group()], part) if isinstance(part, str) else part
