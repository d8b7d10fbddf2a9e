"""Tampering shows: with the journal, with the facts, with the originals."""

from __future__ import annotations

import pytest

from ozoir.store.imports import load_delivery
from ozoir.store.verification import verify_base
from tests.store.test_imports import deliver


@pytest.fixture
def loaded(store, tmp_path):
    received = tmp_path / "recu" / "a.csv"
    received.parent.mkdir()
    received.write_bytes(b"a.csv")  # deliver() takes the name's hash as the file's
    load_delivery(store, deliver("a.csv", {"QP077018": 194.0}), received)
    load_delivery(store, deliver("b.csv", {"QP077018": 195.0}))
    return store


def test_an_untouched_base_has_no_problem(loaded):
    assert verify_base(loaded) == []


def test_a_changed_journal_line_shows(loaded):
    loaded.cursor().execute("UPDATE journal SET auteur = 'autre' WHERE id = 1")
    assert "la ligne 1" in verify_base(loaded)[0]


def test_a_removed_journal_line_shows(loaded):
    loaded.cursor().execute("DELETE FROM journal WHERE id = 1")
    assert "la ligne 2" in verify_base(loaded)[0]


def test_a_removed_fact_shows(loaded):
    loaded.cursor().execute("DELETE FROM faits WHERE import_id = 2")
    assert verify_base(loaded) == ["Import n° 2 (« b.csv ») : 0\u00a0fait au lieu de 1\u00a0fait."]


def test_a_changed_original_shows(loaded, tmp_path):
    (kept,) = (tmp_path / "raw").glob("*.csv")
    kept.write_bytes(b"autre chose")
    assert "a été modifié" in verify_base(loaded)[0]
