"""What every test may ask for: the catalogue, a fresh base, the real files (absent elsewhere than here: skipped)."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from ozoir.paths import SHARED_CONTRAT, SHARED_DATA

CHROMIUM = next((path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None)
# Each file goes whole to one of the two workers: the longest first, so that both end together.
LONGEST = ("browser/test_toutes_les_pages.py", "contrats", "store/test_lake", "browser", "access", "ui")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Sorted by the first of LONGEST in their path; the others after, in their own order."""
    items.sort(key=lambda item: next((rank for rank, part in enumerate(LONGEST) if part in item.path.as_posix()), len(LONGEST)))


@pytest.fixture(scope="session")
def catalogue():
    """The shipped catalogue."""
    from ozoir.catalogue.loading import load_catalogue

    return load_catalogue()


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real published files."""
    if not SHARED_DATA.is_dir():
        pytest.skip("fichiers réels absents (../shared/data)")
    return SHARED_DATA


@pytest.fixture(scope="session")
def contract_text() -> str:
    """The contract itself, as Markdown."""
    if not SHARED_CONTRAT.is_file():
        pytest.skip("contrat absent (../shared/contrat)")
    return SHARED_CONTRAT.read_text("utf-8")


@pytest.fixture(scope="session")
def browser():
    """One real Chromium for all tests; skipped only where there is none."""
    if CHROMIUM is None:
        pytest.skip("Chromium absent")
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as driver:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        opened = driver.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield opened
        opened.close()


@pytest.fixture
def store(tmp_path):
    """An empty base of its own."""
    from ozoir.store.base import open_store

    opened = open_store(tmp_path / "contract.duckdb", create=True)
    yield opened
    opened.close()
