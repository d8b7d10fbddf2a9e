"""A few points as a small inline image: no library, no request, for tables and key figures."""

from __future__ import annotations

from urllib.parse import quote

from ozoir.charts.traces import Trace

WIDTH, HEIGHT, PAD = 110, 30, 4
# An image does not follow the page: one blue and one grey which stand out, three to one, on a light page as on a dark one.
QUARTIER, BESIDE = "#2f74e0", "#7b8594"


def draw_sparkline(traces: list[Trace]) -> str:
    """An image element (Streamlit strips bare SVG): the quartier's line over its comparator's, on one scale.

    Empty when the quartier has fewer than two dates.
    """
    dates = sorted({point.date_reference for trace in traces for point, _ in trace.shown})
    if len(traces[0].shown) < 2:
        return ""
    values = [figure.valeur for trace in traces for _, figure in trace.shown]
    low, high = min(values), max(values)
    first, span = dates[0], (dates[-1] - dates[0]).days or 1

    def place(day, value) -> tuple[float, float]:
        x = PAD + (day - first).days / span * (WIDTH - 2 * PAD)
        share = 0.5 if high == low else (value - low) / (high - low)
        return round(x, 1), round(HEIGHT - PAD - share * (HEIGHT - 2 * PAD), 1)

    parts = []
    for trace in reversed(traces):
        colour = QUARTIER if trace.role == "qpv" else BESIDE
        dash = "" if trace.role == "qpv" else ' stroke-dasharray="3 2"'
        for run in trace.segments:
            spots = [place(point.date_reference, figure.valeur) for point, figure in run]
            path = " ".join(f"{x},{y}" for x, y in spots)
            parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"{dash}></polyline>')
    point, figure = traces[0].shown[-1]
    x, y = place(point.date_reference, figure.valeur)
    parts.append(f'<circle cx="{x}" cy="{y}" r="3" fill="{QUARTIER}"></circle>')
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">{"".join(parts)}</svg>'
    return f'<img src="data:image/svg+xml,{quote(svg)}" width="{WIDTH}" height="{HEIGHT}" alt="">'
