"""A shared base on a real PostgreSQL; skipped where PostgreSQL or DuckDB's extensions are not installed."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from pathlib import Path

import pytest

from ozoir.store.base import open_store
from tests.store.postgres import Server, find_programs


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """One server for all the tests of this process."""
    programs = find_programs()
    if programs is None or not importlib.util.find_spec("duckdb_extension_ducklake"):
        pytest.skip("PostgreSQL ou les extensions de DuckDB absents (requirements-ducklake.txt)")
    server = Server(programs)
    server.start()
    yield server
    server.stop()


def name_base(folder: Path, address: str) -> Path:
    """The small file that says where a shared base is."""
    path = folder / "contract.toml"
    path.write_text(f'catalogue = "{address}"\n', encoding="utf-8")
    return path


@pytest.fixture
def address(postgres, tmp_path) -> Path:
    """Of a shared base in which nothing was ever put."""
    return name_base(tmp_path, postgres.create_database())


@pytest.fixture(scope="session")
def _lake(postgres, tmp_path_factory):
    store = open_store(name_base(tmp_path_factory.mktemp("partagee"), postgres.create_database()), create=True)
    yield store
    store.close()


@pytest.fixture
def lake(_lake):
    """An empty shared base: the same one for each test, emptied, since making one takes seconds."""
    cursor = _lake.cursor()
    tables = cursor.execute("SELECT table_name FROM duckdb_tables() WHERE database_name = current_database()").fetchall()
    for (table,) in tables:
        if table != "base" and cursor.execute(f"SELECT count(*) FROM {table}").fetchone()[0]:
            cursor.execute(f"DELETE FROM {table}")
    cursor.execute("UPDATE base SET valeur = '0' WHERE cle = 'etat'")
    return _lake
