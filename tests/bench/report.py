"""The bench's table, in French, with what it was measured on."""

from __future__ import annotations

import os
import platform
from datetime import date
from importlib.metadata import version

from ozoir.numbers import format_date, format_number
from ozoir.paths import ROOT
from tests.bench.lines import Line

REPORT = ROOT / "docs" / "performances.md"
PACKAGES = ("streamlit", "plotly", "duckdb", "pandas", "python-calamine", "openpyxl")


def write_report(chapters: dict[str, list[Line]]) -> None:
    """docs/performances.md, written by `make bench` only."""
    versions = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    REPORT.write_text(
        "# Performances\n\n"
        "Page écrite par `make bench`. Les durées varient d’une machine à l’autre\u00a0: ce sont les rapports qui comptent.\n\n"
        f"Mesuré le {format_date(date.today())}, {platform.system()} {platform.machine()}, {os.cpu_count()} cœurs "
        f"(charge {format_number(os.getloadavg()[0], 1)} à la fin), Python {platform.python_version()}\u202f; {versions}.\n\n"
        + "\n".join(_table(titre, lines) for titre, lines in chapters.items()),
        encoding="utf-8",
    )


def _table(titre: str, lines: list[Line]) -> str:
    rows = "\n".join(f"| {line.what} | {line.measured} | {line.reference} | {line.goal} | {line.verdict} |" for line in lines)
    return f"## {titre}\n\n| mesure | obtenu | référence | but | verdict |\n|---|---|---|---|---|\n{rows}\n"
