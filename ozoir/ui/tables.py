"""Tables as plain HTML: read aloud cell by cell, copied as they look, nothing sent that is not shown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ozoir.charts.traces import Vue, area_at, area_names
from ozoir.charts.words import cell_text, margin_text
from ozoir.indicators.results import LEGENDE_SIGNES, MASQUE, SANS_OBJET, Figure, Point, Result
from ozoir.numbers import NBSP
from ozoir.ui.texts import safe

_EMPTY = Figure(None, SANS_OBJET)


@dataclass(frozen=True)
class Column:
    """A header and, for each row, its cell already in HTML."""

    titre: str
    cells: tuple[str, ...]


def table_html(legende: str, heads: Sequence[str], rows: Iterable[Sequence[str]], style: str = "") -> str:
    """First column = row headers. Cells come escaped; `legende` is read aloud and hidden from sight."""
    head = "".join(f'<th scope="col">{safe(text)}</th>' for text in heads)
    body = "".join(
        f'<tr><th scope="row">{cells[0]}</th>{"".join(f"<td>{cell}</td>" for cell in cells[1:])}</tr>' for cells in rows
    )
    return (
        f'<div class="oz-table {style}" tabindex="0" role="group" aria-label="{safe(legende)}"><table>'
        f'<caption class="oz-invisible">{safe(legende)}</caption><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def folded_list(sentence: str, summary: str, items: Iterable[str]) -> str:
    """A sentence, and what it is about on demand; items: HTML."""
    lines = "".join(f"<li>{item}</li>" for item in items)
    return f'<div class="oz-vide">{safe(sentence)}<details><summary>{summary}</summary><ul>{lines}</ul></details></div>'


def result_table(result: Result, vue: Vue, dimension: str = "Modalité") -> str:
    """Dates of the total, latest first; with a breakdown (`dimension`: its title), modalities at their latest date."""
    if not any(serie.points for serie in result.series):
        return '<p class="oz-source">Aucune date dans la période choisie.</p>'
    if result.decoupage:
        return _modalities_table(result, vue, dimension)
    serie = result.series[0]
    points = tuple(reversed(serie.points))
    columns = _point_columns(result, points, _areas(result, vue))
    rows = zip((_period_cell(result, point) for point in points), *(column.cells for column in columns), strict=True)
    heads = ["Date", *(column.titre for column in columns)]
    return table_html(f"{result.indicateur.titre}, par date", heads, rows, "oz-dates")


def _modalities_table(result: Result, vue: Vue, dimension: str) -> str:
    """One row per modality at its latest date; when there are several dates, the quartier's earlier ones too."""
    series = [serie for serie in result.series if serie.points]
    points = tuple(serie.latest for serie in series)
    columns = _point_columns(result, points, _areas(result, vue))
    dates = sorted({point.date_reference for serie in series for point in serie.points}, reverse=True)[1:6]
    by_date = [{point.date_reference: point.qpv for point in serie.points} for serie in series]
    earlier = [
        Column(f"Quartier, {_period_at(result, day)}", tuple(cell_text(figures.get(day, _EMPTY)) for figures in by_date))
        for day in dates
    ]
    when = Column("Date", tuple(period_cell(point) for point in points))
    heads = [dimension, when.titre, *(column.titre for column in (*columns, *earlier))]
    rows = zip(
        (safe(serie.libelle) for serie in series), when.cells, *(column.cells for column in (*columns, *earlier)), strict=True
    )
    return table_html(f"{result.indicateur.titre}, par modalité", heads, rows, "oz-modalites")


def period_cell(point: Point) -> str:
    """« au 31/12/2020 », never cut."""
    return safe(point.periode).replace(" ", NBSP)


def _period_cell(result: Result, point: Point) -> str:
    """With who counts, under it, where several do."""
    return safe(result.period_of(point)).replace(" ", NBSP).replace(f"{NBSP}(", " (")


def _period_at(result: Result, day) -> str:
    return next(point.periode for serie in result.series for point in serie.points if point.date_reference == day)


def _areas(result: Result, vue: Vue) -> list[str]:
    """The other QPV to write down: those asked for, else all that have a figure."""
    if result.indicateur.nature == "effectif":
        return []
    names = list(dict.fromkeys(name for serie in result.series for name in area_names(serie)))
    return [vue.comparateur] if vue.comparateur in names else names


def _point_columns(result: Result, points: tuple[Point, ...], areas: list[str]) -> list[Column]:
    """Only the columns in which something is to be read; the quartier's is always there.

    A rate stands beside the rest of the commune, else the whole commune; counts also show their total and their share.
    """
    is_count = result.indicateur.nature == "effectif"
    has_rest = _has_news(point.reste for point in points)
    has_commune = _has_news(point.commune for point in points) and (is_count or not has_rest)
    candidates = [
        ("Quartier", [_with_margin(point.qpv) for point in points], True),
        ("Reste de la commune", [cell_text(point.reste) for point in points], has_rest),
        ("Commune entière", [cell_text(point.commune) for point in points], has_commune),
        ("Écart", [_gap(point) for point in points], _has_news(point.ecart for point in points)),
        (
            "Part du quartier",
            [cell_text(point.part) for point in points],
            is_count and _has_news(point.part for point in points),
        ),
    ]
    for name in areas:
        figures = [area.figure if (area := area_at(point, name)) else _EMPTY for point in points]
        candidates.append((name, [cell_text(figure) for figure in figures], any(figure.is_shown for figure in figures)))
    return [Column(titre, tuple(cells)) for titre, cells, is_kept in candidates if is_kept]


def _has_news(figures: Iterable[Figure]) -> bool:
    """A number, or a mask: the other signs in a whole column would say nothing."""
    return any(figure.is_shown or figure.statut == MASQUE for figure in figures)


def _with_margin(figure: Figure) -> str:
    margin = margin_text(figure)
    return cell_text(figure) + (f'<span class="oz-marge">{margin}</span>' if margin else "")


def _gap(point: Point) -> str:
    return cell_text(point.ecart, sign=True)


def column_count(table: str) -> int:
    """How many columns stand in a table: a narrow one goes beside its chart, a wide one under it."""
    return table.count('scope="col"')


def signs_legend(signs: Iterable[str]) -> str:
    """What the signs seen here mean; nothing when there is none."""
    seen = set(signs)
    known = [(sign, text) for sign, text in LEGENDE_SIGNES if sign in seen]
    return " · ".join(f"<b>{sign}</b>\u00a0: {safe(text)}" for sign, text in known)


def signs_in(table: str) -> set[str]:
    """The signs which stand in a table."""
    cells = set(re.findall(r"<td>([^<]*)", table))
    known = {sign for sign, _ in LEGENDE_SIGNES}
    return (cells & known) | ({"p"} if any(cell.endswith("\u00a0p") for cell in cells) else set())
