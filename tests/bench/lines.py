"""What a measure gives, and how measures are taken."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp

from ozoir.numbers import format_number
from ozoir.paths import ROOT, SHARED_DATA

CHROMIUM = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


@dataclass(frozen=True)
class Line:
    """One row of the report; is_missed: True when the goal was not reached, None when nothing is promised."""

    what: str
    measured: str
    reference: str = "–"
    goal: str = "–"
    is_missed: bool | None = None

    @property
    def verdict(self) -> str:
        return {True: "manqué", False: "tenu", None: "–"}[self.is_missed]

    def text(self) -> str:
        return f"{self.what} : {self.measured} (référence : {self.reference} ; but : {self.goal}) – {self.verdict}"


def seconds(act: Callable[[], object]) -> float:
    """Wall-clock time of one call."""
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def in_seconds(duration: float) -> str:
    return f"{format_number(duration, 2)} s"


def in_milliseconds(duration: float) -> str:
    return f"{format_number(1000 * duration)} ms"


def ratio(measured: float, reference: float) -> str:
    return f"rapport {format_number(measured / reference, 2)}"


def run_python(code: str, *arguments: str, base: Path | None = None) -> dict:
    """The JSON that a Python process of its own prints at its end."""
    environment = {**os.environ, **({"OZOIR_BASE": str(base)} if base else {})}
    command = [sys.executable, "-c", code, *arguments]
    run = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    return json.loads(run.stdout.splitlines()[-1])


def run_command(*arguments: str, base: Path) -> None:
    command = [sys.executable, "-m", "ozoir", *arguments, "--base", str(base)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)


@lru_cache(maxsize=1)
def national_base() -> Path:
    """A base with every real file loaded, built once per run."""
    base = Path(mkdtemp(prefix="bench")) / "contract.duckdb"
    for path in sorted(SHARED_DATA.rglob("*")):
        if path.suffix in (".csv", ".xls"):
            run_command("importer", str(path), *(["--edition", "2022"] if path.name.startswith("rpls_") else []), base=base)
    return base


@contextmanager
def served(script: Path, folder: Path, port: int, base: Path | None = None) -> Iterator[str]:
    """A Streamlit server on this script; its address."""
    options = ["--server.port", str(port), "--server.headless", "true", "--browser.gatherUsageStats", "false"]
    process = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", str(script), *options, "--server.address", "127.0.0.1"],
        cwd=folder,
        env={**os.environ, **({"OZOIR_BASE": str(base)} if base else {})},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


@contextmanager
def scratch() -> Iterator[Path]:
    with TemporaryDirectory(prefix="bench") as folder:
        yield Path(folder)
