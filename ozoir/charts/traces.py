"""What is drawn beside the quartier: which comparator, under which name, at which dates."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from ozoir.catalogue.saisies import Evenement
from ozoir.charts.theme import LIBELLES
from ozoir.indicators.results import SANS_OBJET, Comparateur, Figure, Point, Result, Serie

RESTE, COMMUNE = "reste", "commune"  # the two local comparators, as written in addresses
_NOTHING = Figure(None, SANS_OBJET)


@dataclass(frozen=True)
class Vue:
    """What the reader asked: comparateur « » (the nearest that exists), reste, commune or an area's label; first year.

    evenements: those to mark on time axes, of every pillar.
    """

    comparateur: str = ""
    depuis: int = 0
    evenements: tuple[Evenement, ...] = ()


@dataclass(frozen=True)
class Trace:
    """One role along a series; `figures` go with `points`."""

    role: str
    libelle: str
    points: tuple[Point, ...]
    figures: tuple[Figure, ...]

    @property
    def shown(self) -> list[tuple[Point, Figure]]:
        """Only what has a number."""
        return [(point, figure) for point, figure in zip(self.points, self.figures, strict=True) if figure.is_shown]

    @property
    def shown_by_date(self) -> dict[date, Figure]:
        """Date → figure, only what has a number."""
        return {point.date_reference: figure for point, figure in self.shown}

    @property
    def segments(self) -> list[list[tuple[Point, Figure]]]:
        """Runs that may be joined by a line: no break, no change of source or zoning, no hole inside."""
        runs: list[list[tuple[Point, Figure]]] = []
        previous = None
        for point, figure in zip(self.points, self.figures, strict=True):
            key = point.segment if figure.is_shown else None
            if key is not None:
                if key == previous:
                    runs[-1].append((point, figure))
                else:
                    runs.append([(point, figure)])
            previous = key
        return runs


def restrict(result: Result, vue: Vue) -> Result:
    """The same answer, from the first year asked; the total stays first, even without any date left."""
    if not vue.depuis:
        return result
    kept = tuple(
        replace(serie, points=tuple(point for point in serie.points if point.date_reference.year >= vue.depuis))
        for serie in result.series
    )
    return replace(result, series=(*kept[:1], *(serie for serie in kept[1:] if serie.points)))


def traces_of(serie: Serie, vue: Vue, is_count: bool) -> list[Trace]:
    """The quartier, then its comparator when one has a number. Sums of many QPV do not stand beside one count."""
    qpv = Trace("qpv", LIBELLES["qpv"], serie.points, tuple(point.qpv for point in serie.points))
    beside = compare(serie, vue, is_count)
    return [qpv, beside] if beside else [qpv]


def compare(serie: Serie, vue: Vue, is_count: bool) -> Trace | None:
    """The comparator asked for; by default rest of the commune, else the whole commune, else the nearest other QPV."""
    for name in [vue.comparateur] if vue.comparateur else [RESTE, COMMUNE, *area_names(serie)]:
        if name not in (RESTE, COMMUNE) and is_count:
            continue
        role = name if name in (RESTE, COMMUNE) else "autres"
        figures = tuple(_figure(point, name) for point in serie.points)
        if any(figure.is_shown for figure in figures):
            return Trace(role, LIBELLES.get(name, name), serie.points, figures)
    return None


def area_names(serie: Serie) -> list[str]:
    """The other QPV this series can stand beside, nearest first."""
    names: dict[str, None] = {}
    for point in serie.points:
        names.update(dict.fromkeys(area.libelle for area in point.comparateurs if area.figure.is_shown))
    return list(names)


def area_at(point: Point, name: str) -> Comparateur | None:
    """The comparator of that name at that date."""
    return next((area for area in point.comparateurs if area.libelle == name), None)


def _figure(point: Point, name: str) -> Figure:
    if name == RESTE:
        return point.reste
    if name == COMMUNE:
        return point.commune
    area = area_at(point, name)
    return area.figure if area else _NOTHING
