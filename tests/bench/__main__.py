"""Speed, as ratios in one run: `make bench`, or `python -m tests.bench fichiers pages…` for some of MEASURES.

Writes docs/performances.md: the chapters measured, with the date, the machine and the versions.
"""

from __future__ import annotations

import sys

from tests.bench.growth import measure_growth
from tests.bench.imports import measure_files
from tests.bench.indicators import measure_indicators
from tests.bench.lines import Line
from tests.bench.pages import measure_pages, measure_start
from tests.bench.report import write_report
from tests.bench.sessions import measure_sessions

MEASURES = {
    "fichiers": ("Fichiers reçus", measure_files),
    "pages": ("Pages", measure_pages),
    "demarrage": ("Démarrage", measure_start),
    "indicateurs": ("Indicateurs", measure_indicators),
    "croissance": ("Croissance de la base", measure_growth),
    "sessions": ("Lecteurs à la fois", measure_sessions),
}


def main(names: list[str]) -> int:
    """Run the measures named (all by default); exit code 1 when a goal is missed."""
    chapters: dict[str, list[Line]] = {}
    for name, (titre, measure) in MEASURES.items():
        if not names or name in names:
            chapters[titre] = []
            for line in measure():
                print(line.text(), flush=True)
                chapters[titre].append(line)
    write_report(chapters)
    return 1 if any(line.is_missed for lines in chapters.values() for line in lines) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
