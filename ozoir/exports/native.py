"""A Result as data for an editable chart of PowerPoint or Excel: same numbers, order and colours as on the screen."""

from __future__ import annotations

from dataclasses import dataclass

from ozoir.charts.bars import latest_pairs
from ozoir.charts.kinds import pick_kind
from ozoir.charts.lines import is_count, modalities, shown_dates
from ozoir.charts.theme import LIBELLES, ROLES
from ozoir.charts.traces import Trace, Vue, traces_of
from ozoir.charts.words import short_periods
from ozoir.exports.cleaning import cell_content
from ozoir.exports.result_tables import title_with_unit
from ozoir.indicators.results import Figure, Result

_USUAL = Vue()
LINE, BAR = "courbe", "barres"
FRENCH = "[$-40C]"  # decimal comma and thin thousands whatever the language of the reader's program
_NUMBERS = {0: "#,##0", 1: "#,##0.0", 2: "#,##0.00"}


@dataclass(frozen=True)
class NativeSerie:
    """One line or set of bars; a value is None where nothing may be drawn."""

    nom: str
    role: str
    valeurs: tuple[float | None, ...]

    @property
    def couleur(self) -> str:
        return ROLES[self.role].couleur


@dataclass(frozen=True)
class NativeChart:
    """genre: courbe or barres (horizontal, first category on top). An empty category cuts the lines at a break."""

    genre: str
    titre: str
    categories: tuple[str, ...]
    series: tuple[NativeSerie, ...]
    unite: str
    decimales: int

    @property
    def format(self) -> str:
        """Number format, in the spreadsheet's own language; a percentage is kept as 0 to 100."""
        number = FRENCH + _NUMBERS[min(self.decimales, 2)]
        return f'{number}"\u202f%"' if self.unite == "%" else f'{number}"\u202f€"' if self.unite == "€" else number

    @property
    def is_self_named(self) -> bool:
        """No legend is needed: one series, or bars named each by its own category."""
        return len(self.series) == 1 or self._has_one_bar_each

    @property
    def _has_one_bar_each(self) -> bool:
        counts = [sum(value is not None for value in serie.valeurs) for serie in self.series]
        return self.genre == BAR and counts == [1] * len(self.categories)

    @property
    def overlap(self) -> int:
        """Percentage by which the bars of one category overlap."""
        return 100 if self._has_one_bar_each else -5


def native_charts(result: Result, vue: Vue = _USUAL) -> tuple[NativeChart, ...]:
    """None, one, or one per territory when their counts need two scales."""
    kind = pick_kind(result, vue)
    if kind is None:
        return ()
    if result.decoupage or kind.id == "barres":
        return (_bars(result, vue),)
    traces = [trace for trace in traces_of(result.series[0], vue, is_count(result)) if trace.shown]
    groups = [[trace] for trace in traces] if kind.id == "courbes_separees" else [traces]
    return tuple(_lines(result, group) for group in groups)


def _lines(result: Result, traces: list[Trace]) -> NativeChart:
    points = shown_dates(traces)
    labels = dict(zip((point.date_reference for point in points), short_periods(points), strict=True))
    slots: list = []  # a date, or None for the cut between two segments
    for before, point in zip((None, *points), points, strict=False):
        if before is not None and before.segment != point.segment:
            slots.append(None)
        slots.append(point.date_reference)
    series = tuple(
        NativeSerie(cell_content(trace.libelle), trace.role, tuple(_value(trace.shown_by_date.get(day)) for day in slots))
        for trace in traces
    )
    figure = traces[0].shown[0][1]
    return NativeChart(
        LINE, _title(result), tuple(labels.get(day, " ") for day in slots), series, figure.unite, figure.decimales
    )


def _bars(result: Result, vue: Vue) -> NativeChart:
    """Modalities at their latest date beside their comparator, or the territories of one date."""
    if result.decoupage:
        pairs = latest_pairs(result, vue) if not is_count(result) else []
        beside = {pair.libelle: pair for pair in pairs}
        rows = [(serie.libelle, serie.latest) for serie in modalities(result)]
        series = [NativeSerie(LIBELLES["qpv"], "qpv", tuple(point.qpv.valeur for _, point in rows))]
        for role, name in dict.fromkeys((pair.role, pair.nom_autre) for pair in pairs):
            matching = [beside.get(label) for label, _ in rows]
            values = tuple(_value(pair.autre) if pair and pair.nom_autre == name else None for pair in matching)
            series.append(NativeSerie(cell_content(name), role, values))
        figure = next(point.qpv for _, point in rows if point.qpv.is_shown)
        labels = tuple(cell_content(f"{label} ({point.date_reference.year})") for label, point in rows)
        return NativeChart(BAR, _title(result), labels, tuple(series), figure.unite, figure.decimales)
    return _territories(result)


def _territories(result: Result) -> NativeChart:
    """One bar per territory, each in its colour."""
    points = result.series[0].points
    point = [point for point in points if point.qpv.is_shown or point.commune.is_shown][-1]
    point = result.series[0].latest if result.series[0].latest.qpv.is_shown else point
    rows = [(role, LIBELLES[role], getattr(point, role)) for role in ("qpv", "reste", "commune")]
    if not is_count(result):
        rows += [("autres", area.libelle, area.figure) for area in point.comparateurs]
    rows = [(role, cell_content(label), figure) for role, label, figure in rows if figure.is_shown]
    series = tuple(
        NativeSerie(label, role, tuple(figure.valeur if rank == place else None for place in range(len(rows))))
        for rank, (role, label, figure) in enumerate(rows)
    )
    figure = rows[0][2]
    return NativeChart(
        BAR, f"{_title(result)}, {point.periode}", tuple(row[1] for row in rows), series, figure.unite, figure.decimales
    )


def _value(figure: Figure | None) -> float | None:
    return figure.valeur if figure is not None and figure.is_shown else None


def _title(result: Result) -> str:
    return cell_content(title_with_unit(result))
