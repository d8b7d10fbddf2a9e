"""Real servers, and the tabs of one visitor."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ozoir.paths import RAW, ROOT
from tests.browser.chromium_reading import START, Witness, settle, watch


@pytest.fixture(scope="session")
def shipped_base(tmp_path_factory) -> Path:
    """The base of the first run."""
    folder = tmp_path_factory.mktemp("livree")
    (folder / "raw").mkdir()
    for name in ("series_publiees.csv", "LISEZMOI.md"):
        shutil.copy(RAW / name, folder / "raw" / name)
    base = folder / "contract.duckdb"
    subprocess.run(
        [sys.executable, "-m", "ozoir", "reconstruire", "--base", str(base)], cwd=ROOT, check=True, capture_output=True
    )
    return base


@pytest.fixture(scope="session")
def serve(tmp_path_factory) -> Iterator[Callable[[Path], str]]:
    """serve(base) → the address of a server of its own, just started."""
    logs = tmp_path_factory.mktemp("serveurs")
    running: list[subprocess.Popen] = []

    def start(base: Path) -> str:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
        with (logs / f"{port}.log").open("wb") as log:
            environment = {**os.environ, "OZOIR_BASE": str(base)}
            running.append(subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log))
        address = f"http://127.0.0.1:{port}"
        _wait(address)
        return address

    yield start
    for process in running:
        process.terminate()
        process.wait(timeout=20)


@pytest.fixture
def fresh_address(serve, shipped_base, tmp_path) -> str:
    """A server nobody has visited, on its own copy of the base: a base belongs to one process."""
    shutil.copytree(shipped_base.parent, tmp_path / "copie")
    return serve(tmp_path / "copie" / shipped_base.name)


@pytest.fixture(scope="session")
def address(serve, shipped_base) -> str:
    """One server for all the tests which do not care."""
    return serve(shipped_base)


def _wait(address: str) -> None:
    limit = time.monotonic() + START
    while True:
        try:
            urllib.request.urlopen(f"{address}/_stcore/health", timeout=2).close()
            return
        except OSError:
            if time.monotonic() > limit:
                raise
            time.sleep(0.2)


@pytest.fixture(scope="session")
def context(browser):
    """What the tabs of one visitor share: the application's own files, fetched and compiled once."""
    opened = browser.new_context(locale="fr-FR")
    yield opened
    opened.close()


@pytest.fixture
def visit(context) -> Iterator[Callable[..., Witness]]:
    """visit(address, path, width, height) → a tab with the page, drawn, and what the console and the network said."""
    tabs = []

    def open_at(address: str, path: str = "", width: int = 1366, height: int = 768) -> Witness:
        page = context.new_page()
        tabs.append(page)
        page.set_viewport_size({"width": width, "height": height})
        witness = watch(page, address)
        page.goto(f"{address}/{path}")
        page.locator("h1").first.wait_for(timeout=START * 1000)
        settle(page)
        return witness

    yield open_at
    for page in tabs:
        page.close()


@pytest.fixture(scope="session")
def demo_address(serve, tmp_path_factory) -> str:
    """A server on the fictitious base, the one with the most to show."""
    folder = tmp_path_factory.mktemp("demonstration")
    base = folder / "contract.duckdb"
    for command in (
        ["-m", "ozoir.demonstration", "--sortie", str(folder / "raw")],
        ["-m", "ozoir", "reconstruire", "--fictif", "--base", str(base)],
    ):
        subprocess.run([sys.executable, *command], cwd=ROOT, check=True, capture_output=True)
    return serve(base)
