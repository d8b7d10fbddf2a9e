"""The engine of a base kept in one DuckDB file: the default, for one server. `lake.py` is the same for several."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import duckdb

from ozoir.errors import OzoirError
from ozoir.paths import backup_folder
from ozoir.store.backups import BEFORE_SCHEMA, advise_restoring, compact, copy_closed
from ozoir.store.schema import MIGRATIONS, migrate, schema_version

# Nothing reaches the disk or the network from SQL, and no later statement can undo that (SAFETY, DuckDB).
# The engine's own folders are the one exception: ATTACH needs that of the backups.
_LOCKED = (
    "SET autoinstall_known_extensions = false",
    "SET autoload_known_extensions = false",
    "SET allow_community_extensions = false",
    "SET allowed_directories = [{folders}]",
    "SET enable_external_access = false",
    "SET TimeZone = 'UTC'",
    "SET lock_configuration = true",
)


class HeldBase(OzoirError):
    """Another program has the base open."""


class FileEngine:
    """One process at a time has the file; its threads write in turn. is_new: nothing was there yet."""

    is_shared = False

    def __init__(self, path: Path) -> None:
        self.path = path
        self.is_new = not path.exists()
        self._writing = threading.RLock()
        self._connection = self._connect()

    def _connect(self) -> duckdb.DuckDBPyConnection:
        try:
            return duckdb.connect(str(self.path))
        except duckdb.Error as error:
            raise self._explain_open(error) from error

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """A connection of one's own: a shared one silently mixes rows between threads on DuckDB 1.5."""
        return self._connection.cursor()

    @contextmanager
    def alone(self, is_waiting: bool = True) -> Iterator[None]:
        """Nobody else writes meanwhile; may be taken again inside. Without waiting, OzoirError when somebody writes."""
        take_turn(self._writing, is_waiting)
        try:
            yield
        finally:
            self._writing.release()

    def bring_up_to_date(self) -> None:
        """Forward to this program's schema; the base as it was is kept first, for whoever must go back."""
        version = schema_version(self._connection)
        is_erased = bool(version and self._connection.execute("SELECT 1 FROM base WHERE cle = 'compacter'").fetchone())
        is_older = 0 < version < len(MIGRATIONS)
        if is_older or is_erased:
            self.close()
            if is_older:
                copy_closed(self.path, 0, f"{BEFORE_SCHEMA}{len(MIGRATIONS)}")
            if is_erased:
                compact(self.path)
            self._connection = self._connect()
        migrate(self._connection)

    def is_locked(self) -> bool:
        """True when this process has already opened, and locked, the same base."""
        return self._connection.execute("SELECT current_setting('lock_configuration')").fetchone()[0]

    def lock(self) -> None:
        lock_down(self._connection, [backup_folder(self.path)])

    def tidy(self) -> None:
        """Nothing to do: the file tidies itself."""

    def size(self) -> int:
        """In bytes, on the disk."""
        return self.path.stat().st_size

    def close(self) -> None:
        """Write the log into the file and let go of it."""
        self._connection.close()

    def explain(self, error: duckdb.Error) -> OzoirError | duckdb.Error:
        """Why a write failed, when it is the disk's fault; else the error itself."""
        if is_disk_full(error):
            return full_disk(self.path)
        text = str(error).lower()
        if "database has been invalidated" in text or "read-only" in text or isinstance(error, duckdb.IOException):
            return OzoirError(
                "Base inutilisable.",
                f"{self.path} ne peut plus être écrite (disque plein, débranché ou en lecture seule). Rien n’a été enregistré. "
                "Rétablissez le disque, puis redémarrez l’application.",
            )
        return error

    def _explain_open(self, error: duckdb.Error) -> OzoirError:
        text = str(error).lower()
        if re.search(r"set lock|conflicting lock|used by another process", text):  # not « block », in a damaged file
            holder = re.search(r"PID (\d+)", str(error))
            who = f" (processus {holder[1]})" if holder else ""
            return HeldBase(
                "Base déjà ouverte par un autre programme.",
                f"{self.path} est tenue par un autre programme{who}, sans doute l’application. "
                "Arrêtez-le, ou faites cette opération depuis l’application, puis recommencez.",
            )
        if "permission" in text or "read-only" in text:
            return OzoirError(
                "Base inaccessible.", f"Ce compte ne peut pas lire ou écrire {self.path}\u00a0: vérifiez ses droits."
            )
        return self.corrupt()

    def corrupt(self) -> OzoirError:
        """The base cannot be read, and what to type."""
        return OzoirError(
            "Base illisible.",
            f"{self.path} est endommagée ou n’est pas une base de ce programme. {advise_restoring(self.path)}",
        )


def take_turn(lock: threading.RLock, is_waiting: bool) -> None:
    """The lock is held; OzoirError when it is not to be waited for."""
    if not lock.acquire(blocking=is_waiting):
        raise OzoirError("Base occupée.", "Quelqu’un d’autre enregistre en ce moment\u00a0: recommencez.")


def lock_down(connection: duckdb.DuckDBPyConnection, folders: list[Path]) -> None:
    """For every connection of this database, for good: nothing but these folders is within reach of SQL."""
    named = ", ".join("'" + str(folder).replace("'", "''") + "'" for folder in folders)
    for statement in _LOCKED:
        connection.execute(statement.format(folders=named))


def is_disk_full(error: duckdb.Error) -> bool:
    return bool(re.search("no space left|file too large|disk full|quota", str(error).lower()))


def full_disk(path: Path) -> OzoirError:
    return OzoirError(
        "Disque plein.",
        f"Rien n’a été enregistré\u00a0: il n’y a plus de place là où se trouve {path}. Ce qui était enregistré avant l’est "
        "toujours. Libérez de la place, redémarrez l’application, puis recommencez.",
    )


def roll_back(cursor: duckdb.DuckDBPyConnection) -> None:
    """A full disk, or an engine that stopped, may have ended the transaction, or the whole connection, already."""
    with suppress(duckdb.Error):
        cursor.execute("ROLLBACK")
