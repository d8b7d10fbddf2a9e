"""What every test may ask for: the catalogue, a fresh base, the real files (absent elsewhere than here: skipped)."""

from __future__ import annotations

from pathlib import Path

import pytest

from ozoir.paths import SHARED_CONTRAT, SHARED_DATA


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


@pytest.fixture
def store(tmp_path):
    """An empty base of its own."""
    from ozoir.store.base import open_store

    opened = open_store(tmp_path / "contract.duckdb", create=True)
    yield opened
    opened.close()
