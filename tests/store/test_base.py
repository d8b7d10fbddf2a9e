"""Opening: clear words for what can go wrong, and nothing reachable from SQL."""

from __future__ import annotations

import subprocess
import sys

import duckdb
import pytest

from ozoir.errors import OzoirError
from ozoir.store.base import journal_digest, open_store
from ozoir.store.schema import MIGRATIONS


def test_an_absent_base_is_said_with_the_command_that_builds_it(tmp_path):
    with pytest.raises(OzoirError, match="reconstruire"):
        open_store(tmp_path / "rien.duckdb")


def test_a_file_that_is_no_base_is_refused(tmp_path):
    path = tmp_path / "contract.duckdb"
    path.write_bytes(b"ceci n'est pas une base" * 1000)
    with pytest.raises(OzoirError, match="Base illisible"):
        open_store(path)


def test_a_newer_base_is_refused_and_left_as_it_is(tmp_path):
    path = tmp_path / "contract.duckdb"
    open_store(path, create=True).close()
    with duckdb.connect(str(path)) as connection:
        connection.execute("UPDATE base SET valeur = ? WHERE cle = 'schema'", [str(len(MIGRATIONS) + 1)])
    before = path.read_bytes()
    with pytest.raises(OzoirError, match="plus récente"):
        open_store(path)
    assert path.read_bytes() == before


def test_a_second_process_is_told_who_holds_the_base(store):
    code = (
        "import sys; from pathlib import Path; from ozoir.store.base import open_store; from ozoir.errors import OzoirError\n"
        "try: open_store(Path(sys.argv[1]))\n"
        "except OzoirError as error: print(error)"
    )
    answer = subprocess.run([sys.executable, "-c", code, str(store.path)], capture_output=True, text=True, check=True)
    assert "déjà ouverte" in answer.stdout and "processus" in answer.stdout


def test_sql_reaches_neither_disk_nor_settings(store):
    for statement in (
        "SELECT * FROM read_text('/etc/hostname')",
        "COPY base TO '/tmp/x.csv'",
        "SET enable_external_access = true",
    ):
        with pytest.raises(duckdb.Error):
            store.cursor().execute(statement)


def test_opening_the_same_base_again_in_this_process_works(store):
    assert open_store(store.path).state() == store.state()


def test_the_state_grows_with_each_confirmed_write_and_only_then(store):
    with store.transaction("essai", "saisie", "objet"):
        pass
    assert store.state() == 1
    with pytest.raises(ZeroDivisionError), store.transaction("essai", "saisie", "objet"):
        raise ZeroDivisionError
    assert store.state() == 1


def test_journal_lines_chain(store):
    for rank in range(3):
        with store.transaction("essai", "saisie", "objet", {"rang": rank}):
            pass
    previous = ""
    rows = (
        store.cursor()
        .execute("SELECT fait_le, auteur, acte, objet, details, precedente, empreinte FROM journal ORDER BY id")
        .fetchall()
    )
    assert len(rows) == 3
    for moment, auteur, acte, objet, details, before, digest in rows:
        assert before == previous and digest == journal_digest(previous, moment, auteur, acte, objet, details)
        previous = digest
