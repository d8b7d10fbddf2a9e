"""Curves over time: one plot, one plot per role when counts differ in size, one small plot per modality; slopes."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from ozoir.charts.drawing import Drawing, extent, hover_text, scale, spread
from ozoir.charts.theme import GRID, INK, MUTED, ROLES, axis, base_layout, note
from ozoir.charts.traces import Trace, Vue, traces_of
from ozoir.charts.words import axis_suffix, cell_text, escape, figure_text, lower_first, short_periods, wrap
from ozoir.indicators.results import Figure, Point, Result, Serie

HEIGHT = 300
PANEL = 150
LABEL_ROOM = 118  # pixels at the right of a curve for its name
MAX_PANELS = 8
MAX_VALUES = 7  # beyond, only the first and the last value of a line are written
MAX_BREAKS = 2  # beyond, breaks are drawn but no longer named one by one
RATIO_OF_PANELS = 4  # beyond, a count drawn on the other's scale is a flat line


def is_count(result: Result) -> bool:
    return result.indicateur.nature == "effectif"


def shown_dates(traces: list[Trace]) -> list[Point]:
    """The points at which something is drawn, in order, one per date."""
    points = {point.date_reference: point for trace in traces for point, _ in trace.shown}
    return [points[day] for day in sorted(points)]


def suits_curve(result: Result, vue: Vue) -> bool:
    return not result.decoupage and len(shown_dates(traces_of(result.series[0], vue, is_count(result)))) >= 2


def suits_slope(result: Result, vue: Vue) -> bool:
    """Exactly two dates, comparable, for every role drawn."""
    if not suits_curve(result, vue):
        return False
    traces = traces_of(result.series[0], vue, is_count(result))
    return len(shown_dates(traces)) == 2 and all(len(run) == 2 for trace in traces for run in trace.segments)


def suits_panels(result: Result, vue: Vue) -> bool:
    """Counts of such different sizes that one scale would flatten the smaller."""
    if not suits_curve(result, vue) or not is_count(result):
        return False
    traces = traces_of(result.series[0], vue, True)
    tops = [max(figure.valeur for _, figure in trace.shown) for trace in traces if trace.shown]
    return len(tops) == 2 and max(tops) > RATIO_OF_PANELS * max(min(tops), 1e-9)


def suits_multiples(result: Result, vue: Vue) -> bool:
    series = modalities(result)
    dates = {point.date_reference for serie in series for point in serie.points if point.qpv.is_shown}
    return bool(result.decoupage) and len(dates) >= 2 and 2 <= len(series) <= MAX_PANELS


def modalities(result: Result) -> list[Serie]:
    """The series of a breakdown which have something to show, total apart."""
    series = result.series[1:] if result.decoupage else result.series
    return [serie for serie in series if any(point.qpv.is_shown for point in serie.points)]


def draw_curve(result: Result, vue: Vue) -> Drawing:
    """One line per role, its name at its end, breaks marked; the scale starts at zero."""
    traces = traces_of(result.series[0], vue, is_count(result))
    layout = base_layout(HEIGHT, result.fictif)
    layout["margin"] |= {"r": LABEL_ROOM, "t": 24}
    low, high = extent([figure.valeur for trace in traces for _, figure in trace.shown])
    layout["xaxis"] = _time_axis(shown_dates(traces))
    layout["yaxis"] = scale(low, high, _suffix(traces), nticks=5)
    below = traces[-1].shown_by_date if len(traces) > 1 else {}
    data = [*_lines(traces[0], below, values_on=True), *(line for trace in traces[1:] for line in _lines(trace))]
    layout["annotations"] += _end_labels(traces, low, high)
    _mark_breaks(layout, result, traces)
    return Drawing(data, layout, say(traces))


def draw_slope(result: Result, vue: Vue) -> Drawing:
    """From one date to another, both values written."""
    drawing = draw_curve(result, vue)
    positions = ["bottom center", "top center"]
    for rank, line in enumerate(drawing.data):
        is_above = max(line["y"]) >= max(other["y"][-1] for other in drawing.data)
        _write_values(line, positions[is_above] if len(drawing.data) > 1 or rank else "top center")
    return drawing


def draw_panels(result: Result, vue: Vue) -> Drawing:
    """One plot per role, one above the other, each on its own scale, which is said."""
    traces = traces_of(result.series[0], vue, True)
    layout = base_layout(60 + PANEL * len(traces), result.fictif)
    layout["margin"]["t"] = 28
    data: list[dict[str, Any]] = []
    share = 1 / len(traces)
    for rank, trace in enumerate(traces):
        top = 1 - rank * share
        bottom = top - share + (0.16 if rank < len(traces) - 1 else 0.0)
        name = "" if rank == 0 else str(rank + 1)
        low, high = extent([figure.valeur for _, figure in trace.shown], headroom=0.35)
        layout[f"xaxis{name}"] = _time_axis(shown_dates(traces), anchor=f"y{name}", showticklabels=rank == len(traces) - 1)
        layout[f"yaxis{name}"] = scale(low, high, domain=[bottom, top], nticks=4, anchor=f"x{name}")
        for line in _lines(trace, values_on=True):
            data.append({**line, "xaxis": f"x{name}", "yaxis": f"y{name}"})
        text = f"<b>{escape(trace.libelle)}</b>" + (" (échelle différente)" if rank else "")
        colour = ROLES[trace.role].texte
        layout["annotations"].append(note(text, 0, top, colour, xref="paper", yref="paper", xanchor="left", yanchor="bottom"))
    return Drawing(data, layout, say(traces))


def draw_multiples(result: Result, vue: Vue) -> Drawing:
    """One small plot per modality, all on one scale."""
    series = modalities(result)
    count = is_count(result)
    groups = [traces_of(serie, vue, count) for serie in series]
    if count:
        groups = [traces[:1] for traces in groups]
    columns = 2  # three would not be readable on a telephone
    rows = -(-len(series) // columns)
    layout = base_layout(40 + PANEL * rows, result.fictif)
    layout["margin"]["t"] = 28
    low, high = extent([figure.valeur for traces in groups for trace in traces for _, figure in trace.shown])
    dates = shown_dates([trace for traces in groups for trace in traces])
    data: list[dict[str, Any]] = []
    for rank, (serie, traces) in enumerate(zip(series, groups, strict=True)):
        row, column = divmod(rank, columns)
        name = "" if rank == 0 else str(rank + 1)
        left, right = column / columns + (0.03 if column else 0), (column + 1) / columns - 0.03
        top = 1 - row / rows
        bottom = top - (1 - (0.36 if row < rows - 1 else 0.0)) / rows
        layout[f"xaxis{name}"] = _time_axis(dates, is_sparse=True, domain=[left, right], anchor=f"y{name}")
        layout[f"yaxis{name}"] = scale(
            low, high, _suffix(traces), domain=[bottom, top], nticks=3, anchor=f"x{name}", showticklabels=column == 0
        )
        for trace in traces:
            for line in _lines(trace):
                data.append({**line, "xaxis": f"x{name}", "yaxis": f"y{name}"})
        title = f"<b>{wrap(serie.libelle, 24)}</b> {_latest_value(traces[0], dates[-1])}"
        layout["annotations"].append(note(title, left, top, INK, xref="paper", yref="paper", xanchor="left", yanchor="bottom"))
    words = tuple(
        f"{serie.libelle}, {lower_first(text)}" for serie, traces in zip(series, groups, strict=True) for text in say(traces)
    )
    return Drawing(data, layout, words, _names(groups))


def say(traces: list[Trace]) -> tuple[str, ...]:
    """Each line's figures in words."""
    return tuple(
        f"{trace.libelle}\u00a0: " + ", ".join(f"{figure_text(figure)} {point.periode}" for point, figure in trace.shown)
        for trace in traces
    )


def _latest_value(trace: Trace, last: Point) -> str:
    """The line's last value, with its year when it is not that of the others."""
    point, figure = trace.shown[-1]
    year = "" if point.date_reference == last.date_reference else f" ({point.date_reference.year})"
    return f"<span style='color:{ROLES[trace.role].texte}'>{cell_text(figure)}{year}</span>"


def _names(groups: list[list[Trace]]) -> tuple[tuple[str, str], ...]:
    """Role and name of each line, for the key under small plots."""
    names = {trace.role: trace.libelle for traces in groups for trace in traces}
    return tuple(names.items())


def _lines(trace: Trace, beside: dict[date, Figure] | None = None, values_on: bool = False) -> list[dict[str, Any]]:
    """One Plotly line per segment, so that nothing is drawn through a break; values on the side away from `beside`."""
    look = ROLES[trace.role]
    lines = []
    for run in trace.segments:
        line = {
            "type": "scatter",
            "mode": "lines+markers",
            "name": escape(trace.libelle),
            "legendgroup": trace.role,
            "x": [point.date_reference.isoformat() for point, _ in run],
            "y": [figure.valeur for _, figure in run],
            "line": {"color": look.couleur, "dash": look.tirets, "width": look.largeur},
            "marker": {"symbol": look.symbole, "size": 9, "color": look.couleur},
            "customdata": [[hover_text(trace.libelle, point.periode, figure), cell_text(figure)] for point, figure in run],
            "hovertemplate": "%{customdata[0]}<extra></extra>",
        }
        if values_on:
            others = [(beside or {}).get(point.date_reference) for point, _ in run]
            under = [other is not None and other.valeur > figure.valeur for other, (_, figure) in zip(others, run, strict=True)]
            _write_values(line, ["bottom center" if is_under else "top center" for is_under in under])
        lines.append(line)
    return lines


def _write_values(line: dict[str, Any], position: str | list[str]) -> None:
    line["mode"] = "lines+markers+text"
    values = [row[1] for row in line["customdata"]]
    is_crowded = len(values) > MAX_VALUES
    line["text"] = ["" if is_crowded and 0 < rank < len(values) - 1 else value for rank, value in enumerate(values)]
    line["textposition"] = position
    line["textfont"] = {"color": ROLES[line["legendgroup"]].texte, "size": 13}
    line["cliponaxis"] = False


def _time_axis(points: list[Point], is_sparse: bool = False, **more: Any) -> dict[str, Any]:
    """Ticks only at the dates of the figures; in a small plot, the first and the last."""
    labels = short_periods(points)
    ticks = [(point.date_reference, label) for point, label in zip(points, labels, strict=True)]
    if len({day.year for day, _ in ticks}) < len(ticks):  # several dates a year: only the last of each
        ticks = [
            tick for tick, after in zip(ticks, [*ticks[1:], None], strict=True) if not after or after[0].year > tick[0].year
        ]
    if is_sparse or len(ticks) > 12:
        ticks = [ticks[0], ticks[-1]]
    first, last = points[0].date_reference, points[-1].date_reference
    nearest = (last - first) / 20  # 31/12/2020 then 01/01/2021: one label would be written over the other
    ticks = [tick for tick, after in pairwise([*ticks, None]) if not after or after[0] - tick[0] >= nearest]
    pad = max(timedelta(days=(last - first).days * 0.06), timedelta(days=30))
    return axis(
        type="date",
        range=[(first - pad).isoformat(), (last + pad).isoformat()],
        tickmode="array",
        tickvals=[day.isoformat() for day, _ in ticks],
        ticktext=[label for _, label in ticks],
        showgrid=False,
        ticks="outside",
        tickangle=0,
        **more,
    )


def _suffix(traces: list[Trace]) -> str:
    return axis_suffix(next((figure for trace in traces for _, figure in trace.shown), None))


def _end_labels(traces: list[Trace], low: float, high: float) -> list[dict[str, Any]]:
    """Each line's name in its colour at its right end, kept apart from the others."""
    ends = [(trace, trace.shown[-1][1].valeur) for trace in traces if trace.shown]
    room = HEIGHT - 60
    heights = spread([(value - low) / (high - low) * room for _, value in ends], gap=40)
    return [
        note(
            f"<b>{wrap(trace.libelle, 15)}</b>",
            1.01,
            low + height / room * (high - low),
            ROLES[trace.role].texte,
            xref="paper",
            xanchor="left",
            align="left",
        )
        for (trace, _), height in zip(ends, heights, strict=True)
    ]


def _mark_breaks(layout: dict[str, Any], result: Result, traces: list[Trace]) -> None:
    """A thin upright line where the series must not be read through, and why when it is declared."""
    breaks = _breaks(traces)
    for rank, (before, after) in enumerate(breaks):
        middle = before + (after - before) / 2
        layout["shapes"].append(
            {
                "type": "line",
                "x0": middle.isoformat(),
                "x1": middle.isoformat(),
                "y0": 0,
                "y1": 1,
                "yref": "paper",
                "line": {"color": MUTED, "width": 1, "dash": "dot"},
            }
        )
        if len(breaks) <= MAX_BREAKS or rank == len(breaks) - 1:
            is_declared = any(before < item.date <= after for item in result.indicateur.ruptures)
            text = "rupture" if is_declared else "autre source ou périmètre"
            text = "ruptures de série" if len(breaks) > MAX_BREAKS else text
            layout["annotations"].append(
                note(text, middle.isoformat(), 1, MUTED, yref="paper", yanchor="bottom", size=12, bgcolor=GRID)
            )


def _breaks(traces: list[Trace]) -> list[tuple[date, date]]:
    """Pairs of dates between which the quartier's line is cut."""
    points = [point for point, _ in traces[0].shown]
    return [
        (first.date_reference, second.date_reference) for first, second in pairwise(points) if first.segment != second.segment
    ]
