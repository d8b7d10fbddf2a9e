"""The bench's table, in French, with what it was measured on."""

from __future__ import annotations

import os
import platform
from datetime import date
from importlib.metadata import version

from ozoir.numbers import format_date
from ozoir.paths import ROOT
from tests.bench.measures import Line

REPORT = ROOT / "docs" / "performances.md"
PACKAGES = ("streamlit", "plotly", "duckdb", "pandas", "python-calamine", "openpyxl")


def write_report(lines: list[Line]) -> None:
    """docs/performances.md, written by `make bench` only."""
    rows = "\n".join(f"| {line.what} | {line.measured} | {line.reference} | {line.goal} | {line.verdict} |" for line in lines)
    versions = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    REPORT.write_text(
        "# Performances\n\n"
        "Page écrite par `make bench`. Les durées varient d’une machine à l’autre : ce sont les rapports qui comptent.\n\n"
        f"Mesuré le {format_date(date.today())} — {platform.system()} {platform.machine()}, {os.cpu_count()} cœurs, "
        f"Python {platform.python_version()} ; {versions}.\n\n"
        f"| mesure | obtenu | référence | but | verdict |\n|---|---|---|---|---|\n{rows}\n",
        encoding="utf-8",
    )
