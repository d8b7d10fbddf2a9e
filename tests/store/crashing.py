"""A process that writes without end until it is killed, and what must be true of the base it leaves.

Run as a script it is a spawner: it loads the program once, then forks a writer for each line read, and answers its
number. Each writer says « begun » and « done » around each act, on a file opened without buffer.
"""

from __future__ import annotations

import hashlib
import json
import os
import signal
import sys
import threading
import time
from datetime import date
from pathlib import Path

import pandas as pd

from ozoir.catalogue.saisies import EtatAction, Modification
from ozoir.ingestion.delivery import Delivery
from ozoir.store.base import open_store
from ozoir.store.imports import list_imports, load_delivery, withdraw_import
from ozoir.store.suivi import current_entries, save_entries
from ozoir.store.verification import verify_base

FACTS = 60


def deliver(path: Path, seed: str) -> Delivery:
    """A small true-shaped delivery, whose original is the file at this path."""
    content = f"contenu {seed}\n".encode() * 40
    path.write_bytes(content)
    rows = pd.DataFrame(
        {
            "mesure": "defm_abc", "territoire": [f"QP{rank:06d}" for rank in range(FACTS)], "zonage": "QP2015",
            "date_reference": date(2020, 12, 31), "sexe": "ensemble", "age": "ensemble", "detail": "",
            "valeur": float(len(seed)),
            "statut": "connu", "source": "insee_pole_emploi", "edition": "2021", "feuille": "", "ligne": 1, "colonne": 1,
            "entete": "ABC", "origine": "", "qpv_publies": 0, "qpv_non_diffuses": 0,
        }
    )  # fmt: skip
    names = pd.DataFrame({"code": [], "zonage": [], "libelle": [], "commune": []})
    return Delivery(path.name, hashlib.sha256(content).hexdigest(), len(content), "insee_ipro", "2021", rows, names)


def write_without_end(base: Path, report: Path, turn: int) -> None:
    """Two threads at once: imports, some withdrawn; and entries."""
    descriptor = os.open(report, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def say(**line) -> None:
        os.write(descriptor, (json.dumps(line) + "\n").encode())

    store = open_store(base)
    store.is_kept = turn % 3 == 0  # the others take no backups, and so write faster
    say(ready=True)

    def enter() -> None:
        for rank in range(10**6):
            entry = EtatAction(f"action-{turn}-{rank}", 2020, "en_cours", rank % 101)
            save_entries(store, [Modification(entry, 0)], "essai")
            say(saisie=entry.action)

    threading.Thread(target=enter, daemon=True).start()
    received = base.parent / "recus"
    received.mkdir(exist_ok=True)
    for rank in range(10**6):
        path = received / f"f-{turn}-{rank}.csv"
        loaded = load_delivery(store, deliver(path, path.stem), path, "essai")
        say(importe=loaded.empreinte)
        path.unlink()
        if rank % 3 == 0:
            withdraw_import(store, loaded.id, "essai", "essai")
            say(retire=loaded.empreinte)


def spawn() -> None:
    """One line « base report turn » → one writer, whose number is answered. The engine never runs in the spawner itself."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        base, report, turn = json.loads(line)
        child = os.fork()
        if child == 0:
            write_without_end(Path(base), Path(report), turn)
            os._exit(0)
        print(child, flush=True)


def faults(base: Path, report: Path) -> tuple[list[str], float]:
    """What is wrong with the base left behind, in words, and the seconds its opening took."""
    lines = [json.loads(line) for line in report.read_text("utf-8").splitlines() if line.endswith("}")]
    began = time.monotonic()
    store = open_store(base)
    opening = time.monotonic() - began
    try:
        imports = {item.empreinte: item for item in list_imports(store)}
        entries = {version.saisie.action for version in current_entries(store, EtatAction)}
        found = verify_base(store)
        found += [
            f"import confirmé perdu : {line['importe']}"
            for line in lines
            if "importe" in line and line["importe"] not in imports
        ]
        found += [
            f"retrait perdu : {line['retire']}"
            for line in lines
            if "retire" in line and imports[line["retire"]].statut != "retire"
        ]
        found += [
            f"saisie confirmée perdue : {line['saisie']}"
            for line in lines
            if "saisie" in line and line["saisie"] not in entries
        ]
        found += [f"import à demi : {item.fichier}" for item in imports.values() if item.faits != FACTS]
        (counted,) = store.cursor().execute("SELECT count(*) FROM journal WHERE acte <> 'nettoyage'").fetchone()
        if counted != store.state():
            found.append(f"{counted} lignes de journal pour l’état {store.state()}")
        raw = base.parent / "raw"
        found += (
            [f"original sans import : {path.name}" for path in raw.glob("*.json") if path.stem not in imports]
            if raw.is_dir()
            else []
        )
        found += [f"original absent : {digest}" for digest in imports if not (raw / f"{digest}.csv").exists()]
        found += (
            [f"écriture inachevée : {path.name}" for path in raw.iterdir() if path.suffix in (".part", ".ecriture")]
            if raw.is_dir()
            else []
        )
    finally:
        store.close()
    return found, opening


if __name__ == "__main__":
    spawn()
