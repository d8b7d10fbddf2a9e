"""Killed at any instant, the base keeps every confirmed act and no half one. OZOIR_KILLS: how many kills (make soak: 200)."""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import time

import pytest

from ozoir.paths import ROOT
from ozoir.store.base import open_store
from tests.store.crashing import faults

KILLS = int(os.environ.get("OZOIR_KILLS", "10"))
START_LIMIT = 3.0  # seconds, issue's own


@pytest.fixture
def spawner():
    """A process which already has the program in memory."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.store.crashing"], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    yield process
    process.stdin.close()
    process.wait(timeout=10)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="pas de fork sur ce système")
def test_no_confirmed_act_is_lost_and_none_is_half_done(tmp_path, spawner):
    base, report = tmp_path / "contract.duckdb", tmp_path / "actes"
    open_store(base, create=True).close()
    chance, slowest, confirmed = random.Random(7), 0.0, 0
    for turn in range(KILLS):
        spawner.stdin.write(json.dumps([str(base), str(report), turn]) + "\n")
        spawner.stdin.flush()
        child = int(spawner.stdout.readline())
        _wait_until_it_writes(report, turn + 1)
        time.sleep(chance.uniform(0.0, 0.9))
        os.kill(child, signal.SIGKILL)
        _wait_until_gone(child)
        found, opening = faults(base, report)
        assert found == [], f"kill {turn}"
        slowest = max(slowest, opening)
        confirmed = report.read_text("utf-8").count("{") - turn - 1
    print(f"{KILLS} kills, {confirmed} confirmed acts, slowest opening {slowest:.2f} s")
    assert confirmed > 2 * KILLS
    assert slowest < START_LIMIT


def _wait_until_it_writes(report, turns: int) -> None:
    limit = time.monotonic() + 30
    while not report.exists() or report.read_text("utf-8").count('"ready"') < turns:
        assert time.monotonic() < limit, "the writer did not start"
        time.sleep(0.02)


def _wait_until_gone(child: int) -> None:
    """The lock on the file goes with the process."""
    limit = time.monotonic() + 10
    with contextlib.suppress(ProcessLookupError):
        while time.monotonic() < limit:
            os.kill(child, 0)
            time.sleep(0.01)
