"""Originals kept for a time only: what goes, what stays, and a base which is still rebuilt the same."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta

import pytest

from ozoir.catalogue.saisies import Depot
from ozoir.exploitation import entretien
from ozoir.exploitation.reglages import change_setting, kept_days
from ozoir.ingestion.reading import read_delivery
from ozoir.store import rebuilding
from ozoir.store.base import open_store
from ozoir.store.conservation import remove_expired
from ozoir.store.depots import keep_and_save, workbook_path
from ozoir.store.imports import list_imports, load_delivery
from ozoir.store.journal import now, read_lines
from ozoir.store.verification import verify_base
from tests.ingestion.samples import demo_text, write_text

VALUES = "SELECT mesure, territoire, date_reference, detail, valeur, statut, edition FROM faits_courants ORDER BY ALL"


@pytest.fixture
def loaded(store, tmp_path, catalogue):
    """A base with one received file, as old as its card says: a hundred days."""
    (tmp_path / "recu").mkdir()
    received = write_text(tmp_path / "recu", "DEMO_2021.csv", demo_text())
    load_delivery(store, read_delivery(received, catalogue), received)
    (card,) = (tmp_path / "raw").glob("*.json")
    old = {**json.loads(card.read_text("utf-8")), "ordre": (now() - timedelta(days=100)).isoformat()}
    card.write_text(json.dumps(old), "utf-8")
    return store


def originals(store) -> list[str]:
    return sorted(path.name.partition(".")[2] for path in (store.path.parent / "raw").iterdir() if path.is_file())


@pytest.mark.parametrize("days", [0, 101])
def test_nothing_goes_before_its_time(loaded, catalogue, days):
    assert remove_expired(loaded, catalogue, days) == []
    assert originals(loaded) == ["csv", "json"]


def test_an_old_original_goes_and_its_facts_stay(loaded, catalogue):
    before = loaded.cursor().execute(VALUES).fetchall()
    assert remove_expired(loaded, catalogue, 99) == ["DEMO_2021.csv"]
    assert originals(loaded) == ["agregat.csv", "json"]
    assert loaded.cursor().execute(VALUES).fetchall() == before and len(before) == 40
    assert not list_imports(loaded)[0].conserve
    assert [line.acte for line in read_lines(loaded.cursor())] == ["conservation échue", "import"]
    assert verify_base(loaded) == []
    assert remove_expired(loaded, catalogue, 99) == []


def test_a_base_rebuilt_without_the_original_holds_the_same_facts(loaded, catalogue, monkeypatch):
    monkeypatch.setattr(rebuilding, "RAW", loaded.path.parent / "rien")  # nothing ships here: the received file alone
    before = loaded.cursor().execute(VALUES).fetchall()
    remove_expired(loaded, catalogue, 99)
    path = loaded.path
    loaded.close()
    rebuilding.rebuild(path, catalogue)
    again = open_store(path)
    found = again.cursor().execute(VALUES).fetchall()
    again.close()
    assert found == before


def test_what_does_not_read_back_the_same_keeps_its_original(loaded, catalogue):
    loaded.cursor().execute("UPDATE faits SET detail = 'inconnue:x' WHERE ligne = 2")
    assert remove_expired(loaded, catalogue, 99) == []
    assert originals(loaded) == ["csv", "json"]


def test_a_collection_workbook_is_checked_then_goes_in_its_time(store, catalogue):
    digest = hashlib.sha256(b"classeur").hexdigest()
    depot = Depot(0, digest, "classeur.xlsx", 8, "Ville", 2020, "essai", now(), "charge", 0, [])
    depot = keep_and_save(store, depot, [], b"classeur")
    path = workbook_path(store, digest, depot.fichier)
    assert verify_base(store) == []
    path.write_bytes(b"autre chose")
    assert "a été modifié" in verify_base(store)[0]
    path.unlink()
    assert "a disparu" in verify_base(store)[0]
    path.write_bytes(b"classeur")
    store.cursor().execute("UPDATE depots SET charge_le = charge_le - INTERVAL 100 DAY")
    assert remove_expired(store, catalogue, 99) == ["classeur.xlsx"]
    assert not path.exists() and verify_base(store) == []


def test_the_daily_upkeep_applies_the_setting(loaded, catalogue):
    entretien.look_after(loaded)
    assert originals(loaded) == ["csv", "json"] and kept_days(loaded) == 0
    change_setting(loaded, catalogue, "conservation_jours", 90, "registre des traitements")
    entretien.look_after(loaded)
    assert originals(loaded) == ["agregat.csv", "json"]
