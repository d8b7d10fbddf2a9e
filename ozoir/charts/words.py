"""A figure as text: the number, its unit or its sign, ready for a label, a cell or an alternative text."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from ozoir.indicators.results import PROVISOIRE, Figure, Point
from ozoir.numbers import NARROW, NBSP, format_number

_UNITS = {"%": f"{NARROW}%", "€": f"{NARROW}€", "€/m²": f"{NBSP}€/m²", "points": f"{NBSP}pts", "pts": f"{NBSP}pts"}


def escape(text: str) -> str:
    """Text for Plotly, which would take « < 25 ans » for a tag."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def number_text(figure: Figure, sign: bool = False) -> str:
    """The number alone, or the conventional sign when there is none; a provisional number says so."""
    if not figure.is_shown:
        return figure.signe
    text = format_number(figure.valeur, figure.decimales, sign)
    return f"{text}{NBSP}p" if figure.statut == PROVISOIRE else text


def cell_text(figure: Figure, sign: bool = False) -> str:
    """For a table: the number with %, € or pts; counts stay bare, the caption names what is counted."""
    if not figure.is_shown:
        return figure.signe
    number = format_number(figure.valeur, figure.decimales, sign)
    suffix = f"{NBSP}p" if figure.statut == PROVISOIRE else ""
    return f"{number}{_UNITS.get(figure.unite, '')}{suffix}"


def figure_text(figure: Figure, sign: bool = False) -> str:
    """For a sentence: the number with its whole unit."""
    if not figure.is_shown or figure.unite in _UNITS or not figure.unite:
        return cell_text(figure, sign)
    return f"{number_text(figure, sign)}{NBSP}{figure.unite}"


def margin_text(figure: Figure) -> str:
    """« ± 6,7 pts », or nothing."""
    if not figure.is_shown or figure.marge is None:
        return ""
    unit = f"{NBSP}pts" if figure.unite in ("%", "points", "pts") else ""
    return f"±{NBSP}{format_number(figure.marge, figure.decimales)}{unit}"


def short_periods(points: Sequence[Point]) -> list[str]:
    """Axis labels, no two alike: the year alone, else month and year where a year has several dates, else the whole day."""
    days = [point.date_reference for point in points]
    labels = [str(day.year) for day in days]
    if len(set(labels)) == len(labels):
        return labels
    for form in ("%m/%Y", "%d/%m/%Y"):
        labels = [_year_end(day) or day.strftime(form) for day in days]
        if len(set(labels)) == len(labels):
            return labels
    return [day.strftime("%d/%m/%Y") for day in days]


def _year_end(day: date) -> str:
    """The year alone for its last day."""
    return str(day.year) if (day.month, day.day) == (12, 31) else ""


def axis_suffix(figure: Figure | None) -> str:
    """What follows the numbers of an axis."""
    return _UNITS.get(figure.unite, "") if figure and figure.unite in ("%", "€") else ""


def wrap(text: str, width: int) -> str:
    """Long labels on two or three lines, so that they do not eat the chart."""
    lines, line = [], ""
    for word in text.split(" "):
        if line and len(line) + len(word) + 1 > width:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    return "<br>".join(escape(part) for part in [*lines, line])


def lower_first(text: str) -> str:
    """For the middle of a sentence; acronyms keep their capitals."""
    return text if text[:2].isupper() else text[:1].lower() + text[1:]
