"""Backups: read again before they count, rotated, restored; a damaged base is found at its opening and one is offered."""

from __future__ import annotations

import os
import random
import shutil
import stat
from datetime import timedelta

import duckdb
import pytest

from ozoir.errors import OzoirError
from ozoir.store import backups
from ozoir.store.backups import (
    DAYS,
    LATEST,
    check_backup,
    find_backup,
    is_due,
    last_good_backup,
    list_backups,
    read_everything_in,
    restore_backup,
    rotate,
)
from ozoir.store.base import open_store
from ozoir.store.imports import list_imports, load_delivery
from ozoir.store.journal import now
from ozoir.store.verification import verify_base
from tests.store.test_imports import deliver


def enter(store) -> None:
    with store.transaction("essai", "saisie", "essai"):
        pass


def test_a_backup_holds_every_row_of_the_base(store):
    load_delivery(store, deliver("a.csv", {"QP077018": 194.0}))
    backup = store.back_up("manuelle")
    with duckdb.connect(str(backup.path), read_only=True) as copy:
        assert copy.execute("SELECT valeur FROM faits").fetchall() == [(194.0,)]
        assert copy.execute("SELECT count(*) FROM journal").fetchone() == (1,)
        assert copy.execute("SELECT valeur FROM base WHERE cle = 'etat'").fetchone() == ("1",)
    assert stat.S_IMODE(backup.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(backup.path.parent.stat().st_mode) == 0o700


def test_an_import_is_preceded_by_a_backup_of_what_was_there(store):
    load_delivery(store, deliver("a.csv", {"QP077018": 194.0}))
    assert list_backups(store.path) == []  # there was nothing to lose
    load_delivery(store, deliver("b.csv", {"QP077018": 195.0}))
    (backup,) = list_backups(store.path)
    assert (backup.motif, backup.etat) == ("import", 1)


def test_the_first_entry_of_a_day_is_preceded_by_a_backup(store, monkeypatch):
    enter(store)
    assert [item.motif for item in list_backups(store.path)] == []
    enter(store)
    assert [item.motif for item in list_backups(store.path)] == ["quotidienne"]
    enter(store)
    assert len(list_backups(store.path)) == 1
    later = now() + timedelta(hours=25)
    monkeypatch.setattr(backups, "now", lambda: later)
    enter(store)
    assert [item.etat for item in list_backups(store.path)] == [3, 1]


def test_nothing_is_due_when_nothing_was_written_since(store):
    enter(store)
    store.back_up("manuelle")
    assert not is_due(store.path, store.state(), timedelta(0))


def test_an_import_is_refused_when_its_backup_cannot_be_made(store, monkeypatch):
    load_delivery(store, deliver("a.csv", {"QP077018": 194.0}))
    monkeypatch.setattr(backups.shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(100, 99, 1))
    with pytest.raises(OzoirError, match="Disque presque plein"):
        load_delivery(store, deliver("b.csv", {"QP077018": 195.0}))
    assert len(list_imports(store)) == 1
    enter(store)  # entering goes on: the daily backup is logged as missing


def test_old_backups_go_and_the_last_of_each_day_stays(store, monkeypatch):
    enter(store)
    moments = [now() - timedelta(days=day, hours=hour) for day in range(DAYS + 15) for hour in (0, 1, 2)]
    for moment in moments:
        monkeypatch.setattr(backups, "now", lambda moment=moment: moment)
        path = backups.new_backup_path(store.path, 1, "quotidienne")
        path.touch()
    monkeypatch.undo()
    rotate(store.path)
    kept = list_backups(store.path)
    assert all(item.faite_le >= now() - timedelta(days=DAYS) for item in kept)
    assert len({item.faite_le.date() for item in kept}) >= DAYS
    assert LATEST < len(kept) <= LATEST + DAYS + 1


def test_the_only_backup_stays_however_old(store, monkeypatch):
    enter(store)
    long_ago = now() - timedelta(days=400)
    monkeypatch.setattr(backups, "now", lambda: long_ago)
    store.back_up("manuelle")
    monkeypatch.undo()
    assert rotate(store.path) == []


def test_a_restored_base_is_what_was_saved_and_the_former_one_is_kept(store):
    load_delivery(store, deliver("a.csv", {"QP077018": 194.0}))
    backup = store.back_up("manuelle")
    load_delivery(store, deliver("b.csv", {"QP077018": 195.0}))
    path = store.path
    store.close()
    former = restore_backup(path, backup.path)
    with open_store(path).cursor() as cursor:
        assert cursor.execute("SELECT valeur FROM faits_courants").fetchall() == [(194.0,)]
    assert read_everything_in(former)["imports"][0] == 2


def test_originals_received_after_the_backup_are_put_aside_not_lost(store, tmp_path):
    received = tmp_path / "recu" / "b.csv"
    received.parent.mkdir()
    received.write_bytes(b"b.csv")
    load_delivery(store, deliver("a.csv", {"QP077018": 194.0}))
    backup = store.back_up("manuelle")
    load_delivery(store, deliver("b.csv", {"QP077018": 195.0}), received)
    path = store.path
    store.close()
    restore_backup(path, backup.path)
    restored = open_store(path)
    aside = sorted(item.suffix for item in (tmp_path / "raw" / "ecartes").iterdir())
    assert aside == [".csv", ".json"] and verify_base(restored) == []
    assert restored.cursor().execute("SELECT acte FROM journal ORDER BY id DESC LIMIT 1").fetchone() == ("nettoyage",)
    restored.close()


def test_a_damaged_backup_is_never_restored(store):
    enter(store)
    backup = store.back_up("manuelle")
    content = bytearray(backup.path.read_bytes())
    content[12_288:] = os.urandom(len(content) - 12_288)
    backup.path.write_bytes(content)
    with pytest.raises(OzoirError, match="Sauvegarde illisible"):
        restore_backup(store.path, backup.path)
    assert last_good_backup(store.path) is None


def test_a_name_out_of_the_folder_is_not_followed(store, tmp_path):
    enter(store)
    store.back_up("manuelle")
    for name in ("../contract.duckdb", str(tmp_path / "contract.duckdb"), "..", "/etc/passwd"):
        with pytest.raises(OzoirError, match="Sauvegarde inconnue"):
            find_backup(store.path, name)


def test_a_damaged_base_is_found_at_its_opening_and_a_backup_offered(store):
    """200 flipped bits in the blocks in use: each one is found, or harmless."""
    load_delivery(store, deliver("a.csv", {f"QP{rank:06d}": float(rank) for rank in range(500)}))
    backup = store.back_up("manuelle")
    expected = read_everything_in(backup.path)
    path = store.path
    store.close()
    sound, chance, refused = path.read_bytes(), random.Random(3), 0
    for _ in range(25):
        damaged = bytearray(sound)
        for _ in range(8):
            damaged[chance.randrange(len(damaged))] ^= 1 << chance.randrange(8)
        path.write_bytes(damaged)
        try:
            opened = open_store(path)
        except OzoirError as error:
            refused += 1
            assert backup.path.name in error.message
            continue
        assert backups.read_everything(opened.cursor()) == expected
        opened.close()
    path.write_bytes(sound)
    assert refused > 5
    assert check_backup(backup.path) > 0


def test_the_advice_without_a_backup_is_to_rebuild(tmp_path):
    path = tmp_path / "contract.duckdb"
    path.write_bytes(b"rien" * 5000)
    with pytest.raises(OzoirError, match="reconstruire"):
        open_store(path)
