"""(e) Sessions: 1 to 100 readers at once on a real server."""

from __future__ import annotations

from collections.abc import Iterator

from tests.bench.charge import SECONDS, take
from tests.bench.indicators import demonstration_base
from tests.bench.lines import Line, in_seconds, scratch

VISITORS = (1, 10, 50, 100)
DURATION = 45.0


def measure_sessions() -> Iterator[Line]:
    with scratch() as folder:
        base = demonstration_base(folder)
        for visitors in VISITORS:
            found = take(base, visitors, DURATION, 8571)
            yield Line(
                f"{visitors} lecteurs pendant {DURATION:.0f} s, {len(found.alone.seconds)} pages",
                f"p95 {in_seconds(found.alone.percentile(0.95))}, {len(found.faults)} erreur(s), {found.during} Mo",
                goal=f"p95 ≤ {in_seconds(SECONDS['seul'])}, aucune erreur",
                is_missed=bool(found.faults) or found.alone.percentile(0.95) > SECONDS["seul"],
            )
