"""What is timed, each against a public reference in the same run."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ozoir.numbers import format_number
from ozoir.paths import ROOT, SHARED_DATA


@dataclass(frozen=True)
class Line:
    """One row of the report; `is_missed` when the goal was not reached."""

    what: str
    measured: str
    reference: str
    goal: str
    is_missed: bool

    @property
    def verdict(self) -> str:
        return "manqué" if self.is_missed else "tenu"

    def text(self) -> str:
        return f"{self.what} : {self.measured} (référence : {self.reference} ; but : {self.goal}) – {self.verdict}"


def seconds(act: Callable[[], object]) -> float:
    """Wall-clock time of one call."""
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def _s(duration: float) -> str:
    return f"{format_number(duration, 2)} s"


def _national_files() -> list[Path]:
    return sorted(path for path in SHARED_DATA.rglob("*") if path.suffix in (".csv", ".xls"))


def _command(*arguments: str, base: Path) -> None:
    subprocess.run([sys.executable, "-m", "ozoir", *arguments, "--base", str(base)], cwd=ROOT, check=True, capture_output=True)


def measure_import() -> Iterator[Line]:
    """IPRO_2021.csv: read, checked and committed, in a process already started."""
    from ozoir.catalogue.loading import load_catalogue
    from ozoir.ingestion.reading import receive
    from ozoir.store.base import open_store
    from ozoir.store.imports import load_delivery

    catalogue = load_catalogue()
    path = SHARED_DATA / "insee_qpv" / "IPRO_2021.csv"
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(Path(folder) / "contract.duckdb", create=True)
        duration = seconds(lambda: load_delivery(store, receive(path, catalogue), path))
        store.close()
    yield Line("IPRO_2021.csv, de bout en bout", _s(duration), "–", "≤ 1 s", duration > 1)


def measure_landlord() -> Iterator[Line]:
    """100 000 dwellings × 30 columns in .xlsx: guards, reading, aggregation, transaction."""
    import pandas as pd
    from python_calamine import CalamineWorkbook

    from ozoir.catalogue.loading import load_catalogue
    from ozoir.ingestion.reading import receive
    from ozoir.store.base import open_store
    from ozoir.store.imports import load_delivery
    from tests.bench.landlord import write_landlord_workbook

    catalogue = load_catalogue()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bailleur_logements_2020-12-31.xlsx"
        write_landlord_workbook(path, 100_000, catalogue.territoire.code_commune)
        bare = seconds(lambda: CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python())
        store = open_store(Path(folder) / "contract.duckdb", create=True)
        ours = seconds(lambda: load_delivery(store, receive(path, catalogue), path))
        store.close()
        slow = seconds(lambda: pd.read_excel(path, engine="openpyxl"))
    yield Line(
        "Bailleur, 100 000 × 30 en .xlsx",
        f"{_s(ours)}, rapport {format_number(ours / bare, 2)}",
        f"python-calamine seul, {_s(bare)}",
        "rapport ≤ 2",
        ours > 2 * bare,
    )
    yield Line(
        "Le même, contre pandas.read_excel (openpyxl)",
        f"{format_number(slow / ours, 1)} fois plus rapide",
        f"pandas, {_s(slow)}",
        "≥ 5 fois",
        slow < 5 * ours,
    )


@contextmanager
def _national_base() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder) / "contract.duckdb"
        for path in _national_files():
            extra = ["--edition", "2022"] if path.name.startswith("rpls_") else []
            _command("importer", str(path), *extra, base=base)
        yield base


def measure_page() -> Iterator[Line]:
    """A pillar page's script run, warm, with every national file loaded."""
    code = """
import statistics, sys, time
from streamlit.testing.v1 import AppTest
from ozoir.paths import PAGES
from ozoir.catalogue.loading import load_catalogue
(page,) = PAGES.glob('*_pilier.py')
app = AppTest.from_file('app.py', default_timeout=60).run()
for pilier in load_catalogue().contrat.piliers:
    app.query_params['pilier'] = pilier.id
    app.switch_page(f'pages/{page.name}').run()
    assert not app.exception
    times = []
    for _ in range(40):
        start = time.perf_counter(); app.run(); times.append(time.perf_counter() - start)
    print(pilier.id, statistics.quantiles(times, n=20)[-1])
"""
    with _national_base() as base:
        run = subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env={**os.environ, "OZOIR_BASE": str(base)},
            capture_output=True,
            text=True,
            check=True,
        )
    for line in run.stdout.splitlines():
        name, value = line.split()
        duration = float(value)
        yield Line(f"Page « {name} », script à chaud (95ᵉ centile)", f"{format_number(1000 * duration)} ms", "–", "≤ 150 ms", duration > 0.15)


def measure_start() -> Iterator[Line]:
    """From the start of the server to the title on the screen, against an empty Streamlit app."""
    with tempfile.TemporaryDirectory() as folder:
        empty = Path(folder) / "app.py"
        empty.write_text("import streamlit as st\nst.title('Vide')\n", encoding="utf-8")
        base = Path(folder) / "contract.duckdb"
        _command("reconstruire", base=base)
        bare = statistics.median(_time_to_title(empty, Path(folder), {}) for _ in range(3))
        ours = statistics.median(_time_to_title(ROOT / "app.py", ROOT, {"OZOIR_BASE": str(base)}) for _ in range(3))
    yield Line(
        "Démarrage à froid jusqu’à la page servie",
        f"{_s(ours)}, rapport {format_number(ours / bare, 2)}",
        f"application Streamlit vide, {_s(bare)}",
        "rapport ≤ 2",
        ours > 2 * bare,
    )


def _time_to_title(script: Path, folder: Path, environment: dict[str, str]) -> float:
    from playwright.sync_api import sync_playwright

    port = "8599"
    options = ["--server.port", port, "--server.headless", "true", "--browser.gatherUsageStats", "false", "--server.address", "127.0.0.1"]
    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        page = browser.new_page()
        start = time.perf_counter()
        server = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", str(script), *options],
            cwd=folder,
            env={**os.environ, **environment},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            while True:
                try:
                    page.goto(f"http://127.0.0.1:{port}/")
                    break
                except Exception as error:
                    if "ERR_CONNECTION_REFUSED" not in str(error) or time.perf_counter() - start > 60:
                        raise
                    time.sleep(0.05)
            page.locator("h1").first.wait_for(timeout=60_000)
            return time.perf_counter() - start
        finally:
            server.terminate()
            server.wait()
            browser.close()


MEASURES = {"import": measure_import, "landlord": measure_landlord, "page": measure_page, "start": measure_start}
