"""The reading of an untrusted file in a child process: bounded memory, time and files, no handle on the base."""

from __future__ import annotations

import json
import os
import pickle
import struct
import subprocess
import sys
import threading
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from ozoir.errors import OzoirError
from ozoir.paths import ROOT

if TYPE_CHECKING:
    from ozoir.catalogue.loading import Catalogue
    from ozoir.ingestion.reading import Answer, Request

MEMORY = 2_000_000_000
SECONDS = 120
_LENGTH = struct.Struct("<Q")


class Child:
    """The reading process of one file, which another thread may stop."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen | None = None
        self.is_stopped = False

    def start(self, command: list[str], environment: dict[str, str]) -> subprocess.Popen:
        """The process, unless it was stopped before it began."""
        with self._lock:
            if self.is_stopped:
                raise _stopped()
            pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
            self._process = subprocess.Popen(command, **pipes, env=environment, cwd=ROOT)
            return self._process

    def forget(self) -> None:
        """Lets go of the ended process, and of the file which it was sent and still holds."""
        with self._lock:
            self._process = None

    def stop(self) -> None:
        """At once, whatever it is doing."""
        with self._lock:
            self.is_stopped = True
            if self._process is not None:
                self._process.kill()


def _stopped() -> OzoirError:
    return OzoirError("Lecture arrêtée.", "Vous l’avez arrêtée ; rien n’a été chargé.".replace(" ;", " ;"))


def run_child(request: Request, catalogue: Catalogue, child: Child | None = None) -> Answer:
    """The child's answer; its refusal, its death and its silence are OzoirErrors."""
    # pickle goes from parent to child only: what comes back is JSON and arrays of numbers, which execute nothing
    return unpack(run_worker("ozoir.ingestion.worker", pickle.dumps((request, catalogue)), child))


def run_worker(module: str, message: bytes, child: Child | None = None) -> bytes:
    """What a module run as a limited process writes, given this message; without an answer, an OzoirError."""
    child = child or Child()
    environment = {
        **os.environ,
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "PYTHONPATH": str(ROOT),
        "PYTHONUTF8": "1",
    }
    environment.pop("OZOIR_BASE", None)
    command = [sys.executable, "-m", module]
    process = child.start(command, environment)
    try:
        answer, _ = process.communicate(message, timeout=SECONDS)
    except subprocess.TimeoutExpired as error:
        child.stop()
        process.communicate()
        raise OzoirError(
            "Lecture abandonnée : trop longue.",
            f"Le fichier demandait plus de {SECONDS} secondes. Retirez les feuilles et colonnes inutiles, ou partagez-le.",
        ) from error
    finally:
        child.forget()
    if child.is_stopped:
        raise _stopped()
    if process.returncode != 0:
        raise OzoirError(
            "Lecture interrompue par sécurité.",
            "Le fichier demande trop de mémoire ou fait échouer le lecteur ; rien n’a été chargé. "
            "Ouvrez-le dans un tableur, supprimez les feuilles et mises en forme inutiles, puis enregistrez-le de nouveau.",
        )
    return answer


def pack(answer: Answer) -> bytes:
    """Details and texts as JSON, then the arrays one after the other: nothing in it can be executed."""
    arrays = {name: column[0] if isinstance(column, tuple) else column for name, column in answer.columns.items()}
    content = {
        "details": {
            **answer.details,
            "dates": {bloc: [day.isoformat() for day in days] for bloc, days in answer.details["dates"].items()},
        },
        "territoires": answer.territoires,
        "colonnes": [
            {"nom": name, "type": array.dtype.str, "longueur": len(array), "textes": _texts(answer.columns[name])}
            for name, array in arrays.items()
        ],
    }
    text = json.dumps(content, ensure_ascii=False).encode()
    return b"".join([_LENGTH.pack(len(text)), text, *(array.tobytes() for array in arrays.values())])


def _texts(column) -> list[str] | None:
    return column[1] if isinstance(column, tuple) else None


def pack_refusal(error: OzoirError) -> bytes:
    """A refusal travels like an answer."""
    text = json.dumps({"refus": [error.title, error.message]}, ensure_ascii=False).encode()
    return _LENGTH.pack(len(text)) + text


def unpack(message: bytes) -> Answer:
    """The answer, or the child's refusal raised here."""
    from ozoir.ingestion.reading import Answer

    (length,) = _LENGTH.unpack_from(message)
    content = json.loads(message[_LENGTH.size : _LENGTH.size + length])
    if "refus" in content:
        raise OzoirError(*content["refus"])
    details = content["details"]
    details["dates"] = {bloc: tuple(date.fromisoformat(day) for day in days) for bloc, days in details["dates"].items()}
    columns, position = {}, _LENGTH.size + length
    for column in content["colonnes"]:
        array = np.frombuffer(message, np.dtype(column["type"]), column["longueur"], position).copy()
        position += array.nbytes
        columns[column["nom"]] = array if column["textes"] is None else (array, column["textes"])
    return Answer(columns, details, [tuple(row) for row in content["territoires"]])
