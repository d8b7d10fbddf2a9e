"""What shown figures say of counts: each one, within the rounding with which it is shown, bounds a combination of cells.

A rate is linear in its two counts. A gap, a ratio, an over-representation or a catch-up is so in the numerators once the
denominators are known: those that are masked too leave it unused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from ozoir.indicators.attack import Cell, Constraint, Disclosure
from ozoir.indicators.relations import COMMUNE, QPV, RESTE
from ozoir.indicators.results import MASQUE, Figure, Point, Result, Serie
from ozoir.numbers import NBSP, format_number

Known = Callable[[Cell], float | None]  # the shown value of a cell, None when it is masked or absent
_INFINITE = float("inf")


def nothing_known(cell: Cell) -> float | None:
    return None


def read_constraints(result: Result, known: Known = nothing_known) -> Iterator[Constraint]:
    """Every figure of every point, and the evolutions of counts."""
    for serie in result.series:
        for point in serie.points:
            yield from _point_constraints(serie, point)
            if serie.cle_denominateur is not None:
                yield from _derived_constraints(serie, point, known)
        yield from _evolution_constraints(result, serie)


def shown_counts(result: Result) -> Iterator[tuple[Cell, float]]:
    """The counts written as such, cell by cell."""
    for serie in result.series:
        for point in serie.points:
            for territory, figure in _figures(point):
                if figure.is_shown and serie.cle_denominateur is None:
                    yield _above(serie, point, territory), figure.valeur
                elif figure.numerateur is not None and figure.denominateur is not None:
                    yield _above(serie, point, territory), figure.numerateur
                    yield _below(serie, point, territory), figure.denominateur


def _figures(point: Point) -> tuple[tuple[str, Figure], ...]:
    return (QPV, point.qpv), (RESTE, point.reste), (COMMUNE, point.commune)


def _above(serie: Serie, point: Point, territory: str) -> Cell:
    return Cell(point.source, point.date_reference, serie.cle, territory)


def _below(serie: Serie, point: Point, territory: str) -> Cell:
    return Cell(point.source_denominateur, point.date_denominateur, serie.cle_denominateur, territory)


def _point_constraints(serie: Serie, point: Point) -> Iterator[Constraint]:
    for territory, figure in _figures(point):
        if not figure.is_shown:
            continue
        cell = _above(serie, point, territory)
        low, high = rounding(figure)
        if serie.cle_denominateur is None:
            yield Constraint({cell: 1.0}, low, high)
            continue
        below = _below(serie, point, territory)
        if figure.numerateur is not None:
            yield Constraint({cell: 1.0}, figure.numerateur, figure.numerateur)
            yield Constraint({below: 1.0}, figure.denominateur, figure.denominateur)
        yield from _between({cell: 100.0}, below, low, high)
    if point.part.is_shown:
        qpv, commune = (_above(serie, point, name) for name in (QPV, COMMUNE))
        yield from _between({qpv: 100.0}, commune, *rounding(point.part))


def _between(above: dict[Cell, float], below: Cell, low: float, high: float) -> Iterator[Constraint]:
    """low ≤ above / below ≤ high, without dividing."""
    yield Constraint({**above, below: -high}, -_INFINITE, 0.0)
    yield Constraint({**above, below: -low}, 0.0, _INFINITE)


def _derived_constraints(serie: Serie, point: Point, known: Known) -> Iterator[Constraint]:
    other = point.comparateur
    if not other:
        return
    one, two = _above(serie, point, QPV), _above(serie, point, other)
    d_one, d_two = known(_below(serie, point, QPV)), known(_below(serie, point, other))
    if d_one and d_two:
        if point.ecart.is_shown:
            yield Constraint({one: 100 / d_one, two: -100 / d_two}, *rounding(point.ecart))
        if point.rapport.is_shown:
            low, high = rounding(point.rapport)
            yield Constraint({one: 1 / d_one, two: -high / d_two}, -_INFINITE, 0.0)
            yield Constraint({one: 1 / d_one, two: -low / d_two}, 0.0, _INFINITE)
        if point.a_rattraper.is_shown:
            yield Constraint({one: 1.0, two: -d_one / d_two}, *rounding(point.a_rattraper))
    d_all = known(_below(serie, point, COMMUNE))
    if d_one and d_all and point.sur_representation.is_shown:
        low, high = rounding(point.sur_representation)
        yield from _between({one: d_all / d_one}, _above(serie, point, COMMUNE), low, high)


def _evolution_constraints(result: Result, serie: Serie) -> Iterator[Constraint]:
    """Last year's count and its change give this year's."""
    change = serie.evolution
    if change is None or result.indicateur.nature != "effectif" or not change.qpv.is_shown:
        return
    ends = {point.date_reference: point for point in serie.points if point.date_reference in (change.debut, change.fin)}
    if len(ends) == 2:
        before, after = (_above(serie, ends[day], QPV) for day in (change.debut, change.fin))
        yield Constraint({after: 1.0, before: -1.0}, *rounding(change.qpv))


def rounding(figure: Figure) -> tuple[float, float]:
    """The interval of what is written as this figure is."""
    half = 0.5 * 10**-figure.decimales
    return figure.valeur - half, figure.valeur + half


@dataclass(frozen=True)
class Reading:
    """One figure read back from a published file or chart. role: the figure's name in `Point`; valeur: as written."""

    document: str
    indicateur: str
    decoupage: str
    modalite: str
    jour: date
    source: str
    role: str
    valeur: float


def misread(readings: Iterable[Reading], result_of: Callable[[str, str], Result]) -> Iterator[Disclosure]:
    """What a document writes where the publication masks, or otherwise than the publication says it."""
    for reading in readings:
        result = result_of(reading.indicateur, reading.decoupage)
        for serie in result.series:
            for point in serie.points if serie.modalite == reading.modalite else ():
                if (point.date_reference, point.source) == (reading.jour, reading.source):
                    yield from _compare(reading, serie, point)


def masked_rates(result: Result) -> Iterator[tuple[Cell, Cell]]:
    """The two counts of each rate that is masked."""
    for serie in result.series:
        for point in serie.points if serie.cle_denominateur is not None else ():
            for territory, figure in _figures(point):
                if figure.statut == MASQUE:
                    yield _above(serie, point, territory), _below(serie, point, territory)


_WRITTEN = (0, 1, 6)  # decimals of a figure in a sentence, in a table, behind a chart


def find_strays(strays: Iterable[tuple[str, float]], masked: Iterable[tuple[Cell, float]]) -> Iterator[Disclosure]:
    """Numbers of documents, among those which are no shown figure, that are what a masked figure would have said."""
    cells = {round(value, decimals): cell for cell, value in masked if value for decimals in _WRITTEN}
    for document, value in strays:
        cell = cells.get(round(value, 6))
        if cell:
            yield Disclosure(cell, value, value, 0, f"{_written(document, value)}, la valeur d’une cellule masquée.")


def _written(document: str, value: float) -> str:
    return f"«{NBSP}{document}{NBSP}» écrit {format_number(value, 3)}"


def _compare(reading: Reading, serie: Serie, point: Point) -> Iterator[Disclosure]:
    figure: Figure = getattr(point, reading.role)
    territory = reading.role if reading.role in (QPV, RESTE, COMMUNE) else QPV
    cell, value = _above(serie, point, territory), reading.valeur
    written = _written(reading.document, value)
    if figure.statut == MASQUE:
        yield Disclosure(cell, value, value, 0, f"{written}, qui est masqué.")
    elif figure.valeur is None or abs(figure.valeur - value) > 1e-6 * max(1.0, abs(value)):
        yield Disclosure(cell, value, value, 0, f"{written}, que l’écran ne montre pas.")
