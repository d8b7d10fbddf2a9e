"""A full disk, a read-only disk, a clock which jumps: what was confirmed stays, what was not is said."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from datetime import datetime, timedelta

import pytest

from ozoir.paths import ROOT
from ozoir.store import journal
from ozoir.store.base import open_store
from ozoir.store.verification import verify_base

_FILL = """
import json, os, resource, signal, sys
from pathlib import Path
from ozoir.errors import OzoirError
from ozoir.store.base import open_store
store = open_store(Path(sys.argv[1]))
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), int(sys.argv[2])))
confirmed = 0
try:
    for rank in range(100000):
        with store.transaction("essai", "saisie", f"{rank}", {"texte": os.urandom(100_000).hex()}):
            pass
        confirmed += 1
except OzoirError as error:
    print(json.dumps([confirmed, error.title]))
    sys.stdout.flush()
    os._exit(0)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="pas de limite de taille de fichier sous Windows")
def test_a_disk_which_fills_up_loses_nothing_confirmed(tmp_path):
    """No more than 2 MB more may be written to one file: the engine meets the same error as on a full disk."""
    path = tmp_path / "contract.duckdb"
    open_store(path, create=True).close()
    limit = path.stat().st_size + 2_000_000
    answer = subprocess.run(
        [sys.executable, "-c", _FILL, str(path), str(limit)], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert answer.returncode == 0, answer.stderr
    confirmed, title = json.loads(answer.stdout)
    assert title in ("Disque plein.", "Base inutilisable.") and confirmed > 3
    store = open_store(path)
    assert store.state() == confirmed
    assert verify_base(store) == []
    store.close()


_AS_ANOTHER = """
import os, sys
from pathlib import Path
from ozoir.errors import OzoirError
from ozoir.store.base import open_store
os.setuid(65534)
try:
    open_store(Path(sys.argv[1]))
except OzoirError as error:
    print(error.title)
"""


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="il faut pouvoir devenir un autre compte")
@pytest.mark.parametrize("mode", [0o444, 0o600])
def test_a_base_this_account_may_not_write_is_said_to_be_out_of_reach(tmp_path, mode):
    path = tmp_path / "contract.duckdb"
    open_store(path, create=True).close()
    for folder in (tmp_path, *tmp_path.parents):
        if not folder.stat().st_mode & 0o001:
            folder.chmod(0o755)
    path.chmod(mode)
    answer = subprocess.run([sys.executable, "-c", _AS_ANOTHER, str(path)], cwd=ROOT, capture_output=True, text=True)
    assert answer.stdout.strip() == "Base inaccessible.", answer.stderr


def test_a_clock_which_goes_back_keeps_the_journal_in_order(store, monkeypatch):
    def enter() -> None:
        with store.transaction("essai", "saisie", "essai"):
            pass

    enter()
    monkeypatch.setattr(journal, "now", lambda: datetime(2001, 1, 1))
    enter()
    monkeypatch.setattr(journal, "now", lambda: datetime.now() + timedelta(days=400))
    enter()
    monkeypatch.undo()
    enter()
    moments = [moment for (moment,) in store.cursor().execute("SELECT fait_le FROM journal ORDER BY id").fetchall()]
    assert moments == sorted(moments)
    assert verify_base(store) == []


def test_base_originals_and_backups_are_this_account_s_alone(store, tmp_path):
    from ozoir.store.imports import load_delivery
    from tests.store.test_imports import deliver

    received = tmp_path / "recu" / "a.csv"
    received.parent.mkdir()
    received.write_bytes(b"a.csv")
    load_delivery(store, deliver("a.csv", {"QP077018": 194.0}), received)
    load_delivery(store, deliver("b.csv", {"QP077018": 195.0}))
    files = [path for path in tmp_path.rglob("*") if path.is_file() and received not in (path, path.parent)]
    assert {path.suffix for path in files} >= {".duckdb", ".json", ".csv"}
    assert {
        path.name: oct(stat.S_IMODE(path.stat().st_mode)) for path in files if stat.S_IMODE(path.stat().st_mode) & 0o077
    } == {}
    for folder in ("raw", "sauvegardes"):
        assert stat.S_IMODE((tmp_path / folder).stat().st_mode) == 0o700
