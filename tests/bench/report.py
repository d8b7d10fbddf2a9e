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
    """docs/performances.md, written by the bench only: the chapters just measured replace the former ones."""
    versions = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    kept = _chapters(REPORT.read_text("utf-8")) if REPORT.exists() else {}
    kept |= {titre: _table(lines) for titre, lines in chapters.items()}
    REPORT.write_text(
        "# Performances\n\n"
        "Page écrite par `make bench` (ou `python -m tests.bench fichiers…` pour certains chapitres). Les durées varient d’une "
        "machine à l’autre\u00a0: ce sont les rapports qui comptent.\n\n"
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} cœurs, Python {platform.python_version()}\u202f; "
        f"{versions}.\n\n"
        + "\n".join(f"## {titre}\n\n{text}" for titre, text in kept.items()),
        encoding="utf-8",
    )


def _chapters(text: str) -> dict[str, str]:
    """Title → what is under it."""
    parts = (part.partition("\n\n") for part in text.split("\n## ")[1:])
    return {titre.strip(): body.strip("\n") + "\n" for titre, _, body in parts}


def _table(lines: list[Line]) -> str:
    rows = "\n".join(f"| {line.what} | {line.measured} | {line.reference} | {line.goal} | {line.verdict} |" for line in lines)
    when = f"Mesuré le {format_date(date.today())}, charge {format_number(os.getloadavg()[0], 1)} à la fin."
    return f"{when}\n\n| mesure | obtenu | référence | but | verdict |\n|---|---|---|---|---|\n{rows}\n"
