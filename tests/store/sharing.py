"""A process that writes in a shared base: `python -m tests.store.sharing BASE REPORT NAME COUNT [hold]`.

Each confirmed entry is one line of the report, written before the next begins. An engine that stops is waited for.
With `hold`, it stops inside its first transaction, after having written in it, and waits to be killed.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import duckdb

from ozoir.catalogue.saisies import EtatAction, Modification
from ozoir.errors import OzoirError
from ozoir.store.base import Store, open_store
from ozoir.store.suivi import current_entries, save_entries

PATIENCE = 60.0  # seconds without the engine


def write(store: Store, report: Path, name: str, count: int) -> None:
    for rank in range(count):
        entry = EtatAction(f"{name}-{rank}", 2020, "en_cours", rank % 101)
        limit = time.monotonic() + PATIENCE
        while not _is_saved(store, entry):
            assert time.monotonic() < limit, "the engine did not come back"
            time.sleep(0.1)
        with report.open("a", encoding="utf-8") as stream:
            stream.write(entry.action + "\n")


def _is_saved(store: Store, entry: EtatAction) -> bool:
    """What the page tells its author to do: start again. An entry saved although the answer was lost changes nothing more."""
    try:
        save_entries(store, [Modification(entry, 0)], "essai")
        return entry.avancement % 5 > 0 or entry in {version.saisie for version in current_entries(store, EtatAction)}
    except (OzoirError, duckdb.Error):  # the latter from a read cut short
        return False


def hold(store: Store, report: Path) -> None:
    with store.transaction("essai", "saisie", "à demi") as cursor:
        cursor.execute("INSERT INTO etats_actions VALUES (9, 'essai', now()::TIMESTAMP, 0, 'à demi', 2020, 'en_cours', 1, '')")
        report.write_text("inside", encoding="utf-8")
        time.sleep(PATIENCE)


if __name__ == "__main__":
    base, told, author, number = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], int(sys.argv[4])
    opened = open_store(base)
    opened.is_kept = False  # the daily backup has its own tests
    if "hold" in sys.argv:
        hold(opened, told)
    write(opened, told, author, number)
