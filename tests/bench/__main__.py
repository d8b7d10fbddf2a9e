"""Speed, as ratios in one run: `make bench`, or `python -m tests.bench [import landlord page start]`.

Writes docs/performances.md with the date, the machine and the versions.
"""

from __future__ import annotations

import sys

from tests.bench.measures import MEASURES, Line
from tests.bench.report import write_report


def main(names: list[str]) -> int:
    """Run the measures named (all by default); exit code 1 when a goal is missed."""
    lines: list[Line] = []
    for name, measure in MEASURES.items():
        if not names or name in names:
            for line in measure():
                print(line.text(), flush=True)
                lines.append(line)
    if not names:
        write_report(lines)
    return 1 if any(line.is_missed for line in lines) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
