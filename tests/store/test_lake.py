"""A base that several servers share: nothing lost, nothing twice, a process or the engine killed at any instant.

OZOIR_LAKE: how many writes each of the four processes does (make soak: 100).
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import duckdb
import pytest

from ozoir.catalogue.saisies import EtatAction
from ozoir.errors import OzoirError
from ozoir.paths import ROOT
from ozoir.store.agents import erase_agent, list_agents, register
from ozoir.store.backups import check_backup, read_everything, read_everything_in
from ozoir.store.base import open_store
from ozoir.store.facts import current_facts
from ozoir.store.imports import list_imports, load_delivery
from ozoir.store.lake import LakeEngine, without_constraints
from ozoir.store.schema import MIGRATIONS, migrate
from ozoir.store.suivi import current_entries
from ozoir.store.transfer import restore_shared, transfer
from ozoir.store.verification import verify_base
from tests.store import crashing
from tests.store.test_imports import deliver

PROCESSES, WRITES = 4, int(os.environ.get("OZOIR_LAKE", "3"))


def start(base: Path, report: Path, name: str, count: int, *options: str) -> subprocess.Popen:
    command = [sys.executable, "-m", "tests.store.sharing", str(base), str(report), name, str(count), *options]
    return subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True)


def wait_for(report: Path, lines: int) -> None:
    limit = time.monotonic() + 120
    while not report.exists() or len(report.read_text("utf-8").splitlines()) < lines:
        assert time.monotonic() < limit, "the writer did not start"
        time.sleep(0.02)


def check(store, confirmed: set[str], writes: int) -> None:
    """Every confirmed entry once, ids and journal without a gap."""
    cursor = store.cursor()
    actions = [version.saisie.action for version in current_entries(store, EtatAction)]
    assert confirmed <= set(actions) and len(actions) == len(set(actions)) == writes
    for table in ("etats_actions", "journal"):
        assert cursor.execute(f"SELECT count(*), count(DISTINCT id), max(id) FROM {table}").fetchone() == (writes,) * 3
    assert store.state() == writes and verify_base(store) == []


def test_four_processes_writing_at_once_lose_nothing(lake, tmp_path):
    reports = [tmp_path / f"p{rank}" for rank in range(PROCESSES)]
    processes = [start(lake.path, report, report.name, WRITES) for report in reports]
    for process in processes:
        assert process.wait(timeout=60 + 10 * WRITES) == 0, process.stderr.read()
    confirmed = {line for report in reports for line in report.read_text("utf-8").split()}
    assert len(confirmed) == PROCESSES * WRITES
    check(lake, confirmed, PROCESSES * WRITES)


def test_a_process_killed_inside_a_transaction_leaves_nothing_and_holds_nobody_up(lake, tmp_path):
    report = tmp_path / "tenu"
    process = start(lake.path, report, "tenu", 0, "hold")
    wait_for(report, 1)
    process.kill()
    process.wait()
    began = time.monotonic()
    with lake.transaction("essai", "saisie", "après"):
        pass
    assert time.monotonic() - began < 20  # far below the patience of a writer
    assert current_entries(lake, EtatAction) == [] and lake.state() == 1 and verify_base(lake) == []


def test_the_engine_killed_in_the_middle_of_writing_is_waited_for(lake, postgres, tmp_path):
    report = tmp_path / "ecrits"
    process = start(lake.path, report, "e", 12)
    wait_for(report, 3)
    postgres.kill()
    with pytest.raises(OzoirError, match="injoignable"):
        lake.state()
    with pytest.raises(OzoirError, match="injoignable"), lake.transaction("essai", "saisie", "refusée"):
        pass
    postgres.start()
    assert process.wait(timeout=120) == 0, process.stderr.read()
    check(lake, set(report.read_text("utf-8").split()), 12)


def test_without_the_lock_the_row_of_the_state_still_refuses_one_of_two_writers(lake):
    first, second = lake.cursor(), lake.cursor()
    for cursor in (first, second):
        cursor.execute("BEGIN")
        cursor.execute("UPDATE base SET valeur = valeur WHERE cle = 'etat'")
    first.execute("COMMIT")
    with pytest.raises(duckdb.Error, match="conflict"):
        second.execute("COMMIT")


def test_a_base_goes_to_the_shared_engine_and_back_without_a_difference(store, address, tmp_path):
    original = tmp_path / "recu.csv"
    delivery = crashing.deliver(original, "recu")
    load_delivery(store, delivery, original)
    expected = read_everything(store.cursor())
    store.close()
    shared = tmp_path / "serveur" / "contract.toml"
    shared.parent.mkdir()
    shared.write_bytes(address.read_bytes())
    transfer(store.path, shared)
    back = tmp_path / "retour" / "contract.duckdb"
    assert transfer(shared, back) == {table: count for table, (count, _) in expected.items()}
    assert read_everything_in(back) == expected
    with closing(open_store(back)) as returned:
        assert verify_base(returned) == [] and (back.parent / "raw" / f"{delivery.empreinte}.csv").exists()
    with pytest.raises(OzoirError, match="pas vide"):
        transfer(back, shared)


def test_a_backup_is_a_file_and_comes_back_while_others_read(lake):
    load_delivery(lake, deliver("a.csv", {"QP077018": 194.0}))
    kept = lake.back_up("manuelle")
    check_backup(kept.path)
    load_delivery(lake, deliver("b.csv", {"QP077018": 300.0}, edition="2022"))
    before = lake.state()
    former = restore_shared(lake.path, kept.path)
    assert list(current_facts(lake, ["QP077018"])["valeur"]) == [194.0] and len(list_imports(lake)) == 1
    assert lake.state() > before  # what readers keep in memory of the former state is not shown again
    check_backup(former)


def test_an_erased_name_is_in_no_earlier_version_and_the_other_servers_go_on(lake):
    with lake.record("programme", "connexion", "") as cursor:
        reference = register(cursor, "Camille Effacée", "c@exemple.fr", "")
    erase_agent(lake, reference, "essai")
    open_store(lake.path).close()
    assert lake.setting("compacter") == ""
    versions = lake.cursor().execute("SELECT count(*) FROM ducklake_snapshots('partage')").fetchone()[0]
    assert reference in {agent.id for agent in list_agents(lake)}
    files = [duckdb.sql(f"FROM '{path}'").fetchall() for path in (lake.path.parent / "parquet").rglob("*.parquet")]
    assert versions <= 2 and "Camille" not in str(files)
    held = read_everything(lake.cursor())  # by this server, which had the base open while the other rewrote it
    with lake.transaction("essai", "saisie", "après"):
        pass
    assert held["agents"][0] == 1 and lake.state() == 2


@pytest.mark.skipif("OZOIR_LAKE" not in os.environ, reason="une base de plus, dix secondes : make soak")
def test_an_older_shared_base_is_brought_up_to_date_and_kept_as_it_was(address):
    engine = LakeEngine(address)
    migrate(engine.cursor(), until=3, adapt=without_constraints)
    engine.close()
    with closing(open_store(address)) as opened:
        assert opened.setting("schema") == str(len(MIGRATIONS))
    (kept,) = (address.parent / "sauvegardes").iterdir()
    assert check_backup(kept) == 3


def test_a_file_of_rows_that_went_missing_is_found_at_opening(lake):
    load_delivery(lake, deliver("a.csv", {f"QP{rank:06d}": 1.0 for rank in range(40)}))
    file = max((lake.path.parent / "parquet").rglob("*.parquet"), key=lambda path: path.stat().st_mtime)
    file.rename(file.with_suffix(".parti"))
    try:
        with pytest.raises(OzoirError, match="Base illisible"):
            open_store(lake.path)
    finally:
        file.with_suffix(".parti").rename(file)


@pytest.mark.parametrize(
    ("content", "title"),
    [("", "Adresse"), ("catalogue = 3", "Adresse"), ('catalogue = "dbname=x host=/nulle/part"', "injoignable")],
)
def test_a_wrong_address_is_said(tmp_path, postgres, content, title):
    path = tmp_path / "contract.toml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(OzoirError, match=title):
        open_store(path)


def test_an_empty_shared_base_is_said_with_the_command_that_fills_it(address):
    with pytest.raises(OzoirError, match="transferer"):
        open_store(address)
