"""Pages as the server runs them, without a browser: one run per page, on an empty base and on the shipped figures."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from ozoir.paths import RAW, ROOT
from ozoir.store.base import open_store


@pytest.fixture(scope="session")
def empty_base(tmp_path_factory) -> Path:
    """A base in which nothing was ever loaded."""
    path = tmp_path_factory.mktemp("vide") / "contract.duckdb"
    open_store(path, create=True).close()
    return path


@pytest.fixture(scope="session")
def shipped_base(tmp_path_factory) -> Path:
    """The base of the first run: what the project ships, and nothing else."""
    folder = tmp_path_factory.mktemp("livree")
    (folder / "raw").mkdir()
    for name in ("series_publiees.csv", "LISEZMOI.md"):
        shutil.copy(RAW / name, folder / "raw" / name)
    base = folder / "contract.duckdb"
    subprocess.run(
        [sys.executable, "-m", "ozoir", "reconstruire", "--base", str(base)], cwd=ROOT, check=True, capture_output=True
    )
    return base


@pytest.fixture
def open_page(monkeypatch) -> Iterator[Callable[..., AppTest]]:
    """open_page(base, "pilier", pilier="emploi") → the page after its run."""

    def run(base: Path, name: str = "", **address: str) -> AppTest:
        monkeypatch.setenv("OZOIR_BASE", str(base))
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
        if name:  # straight to it: the home page first would cost as much as the page
            (path,) = (ROOT / "pages").glob(f"*_{name}.py")
            for key, value in address.items():
                app.query_params[key] = value
            app.switch_page(str(path))
        return app.run()

    return run
