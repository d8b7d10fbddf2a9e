"""Opening the base, and the one way of writing to it."""

from __future__ import annotations

import hashlib
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from ozoir.errors import OzoirError
from ozoir.store.schema import NEXT_ID, migrate

# Nothing reaches the disk or the network from SQL, and no later statement can undo that (SAFETY, DuckDB).
_LOCKED = (
    "SET autoinstall_known_extensions = false",
    "SET autoload_known_extensions = false",
    "SET allow_community_extensions = false",
    "SET enable_external_access = false",
    "SET TimeZone = 'UTC'",
    "SET lock_configuration = true",
)


class Store:
    """One open base. Readers take `cursor()`, one per script run or query; writers take `transaction()`."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, path: Path) -> None:
        self._connection = connection
        self._writing = threading.RLock()
        self.path = path

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """A connection of one's own: a shared one silently mixes rows between threads on DuckDB 1.5."""
        return self._connection.cursor()

    def state(self) -> int:
        """Grows with every confirmed write: what anything kept in memory depends on."""
        return int(self.setting("etat", "0"))

    @property
    def is_fictif(self) -> bool:
        """True for a demonstration base, which accepts fictitious files only."""
        return self.setting("fictif", "non") == "oui"

    def setting(self, key: str, default: str = "") -> str:
        row = self.cursor().execute("SELECT valeur FROM base WHERE cle = ?", [key]).fetchone()
        return row[0] if row else default

    @contextmanager
    def transaction(self, auteur: str, acte: str, objet: str, details: dict | None = None) -> Iterator:
        """All or nothing: the statements run on the yielded cursor, the journal line and the new state, or none.

        `details` may be filled until the block ends. One writer at a time: the next waits for its turn.
        """
        details = {} if details is None else details
        with self._writing:
            cursor = self.cursor()
            cursor.execute("BEGIN")
            try:
                yield cursor
                _write_journal(cursor, auteur, acte, objet, details)
                cursor.execute("UPDATE base SET valeur = CAST(CAST(valeur AS BIGINT) + 1 AS VARCHAR) WHERE cle = 'etat'")
                cursor.execute("COMMIT")
            except BaseException:
                cursor.execute("ROLLBACK")
                raise

    def close(self) -> None:
        """Write the log into the file and let go of it."""
        self._connection.close()


def open_store(path: Path, create: bool = False, fictif: bool = False) -> Store:
    """The base at this path, locked down and at this program's schema; OzoirError says why it cannot be opened."""
    if not path.exists() and not create:
        raise OzoirError(
            "Base absente.",
            f"Le fichier {path} n’existe pas. Construisez-le avec « python -m ozoir reconstruire --base {path} ».",
        )
    is_new = not path.exists()
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        connection = duckdb.connect(str(path))
    except duckdb.IOException as error:
        raise _explain(path, error) from error
    except duckdb.Error as error:
        raise _corrupt(path) from error
    try:
        migrate(connection)
        if is_new:
            connection.execute("INSERT OR REPLACE INTO base VALUES ('fictif', ?)", ["oui" if fictif else "non"])
        (is_locked,) = connection.execute("SELECT current_setting('lock_configuration')").fetchone()
        for statement in () if is_locked else _LOCKED:  # locked when this process already holds the same base
            connection.execute(statement)
    except OzoirError:
        connection.close()
        raise
    except duckdb.Error as error:
        connection.close()
        raise _corrupt(path) from error
    return Store(connection, path)


def _explain(path: Path, error: duckdb.IOException) -> OzoirError:
    if "lock" in str(error).lower():
        holder = re.search(r"PID (\d+)", str(error))
        who = f" (processus {holder[1]})" if holder else ""
        return OzoirError(
            "Base déjà ouverte par un autre programme.",
            f"{path} est tenue par un autre programme{who}, sans doute l’application. "
            "Arrêtez-le, ou faites cette opération depuis l’application, puis recommencez.",
        )
    if "permission" in str(error).lower() or "read-only" in str(error).lower():
        return OzoirError("Base inaccessible.", f"Ce compte ne peut pas lire ou écrire {path} : vérifiez ses droits.")
    return _corrupt(path)


def _corrupt(path: Path) -> OzoirError:
    return OzoirError(
        "Base illisible.",
        f"{path} est endommagée ou n’est pas une base de ce programme. Renommez ce fichier, puis reconstruisez la base "
        "avec « python -m ozoir reconstruire ».",
    )


def now() -> datetime:
    """UTC without time zone, as the base keeps it."""
    return datetime.now(UTC).replace(tzinfo=None)


def _write_journal(cursor, auteur: str, acte: str, objet: str, details: dict) -> None:
    row = cursor.execute("SELECT empreinte FROM journal ORDER BY id DESC LIMIT 1").fetchone()
    previous = row[0] if row else ""
    moment = now()
    text = json.dumps(details, ensure_ascii=False, sort_keys=True, default=str)
    cursor.execute(
        "INSERT INTO journal (id, fait_le, auteur, acte, objet, details, precedente, empreinte) "
        f"VALUES ({NEXT_ID.format(table='journal')}, ?, ?, ?, ?, ?, ?, ?)",
        [moment, auteur, acte, objet, text, previous, journal_digest(previous, moment, auteur, acte, objet, text)],
    )


def journal_digest(previous: str, moment: datetime, auteur: str, acte: str, objet: str, details: str) -> str:
    """The chain: each line's print covers the one before, so that a changed or removed line shows."""
    line = "\x1f".join([previous, moment.isoformat(), auteur, acte, objet, details])
    return hashlib.sha256(line.encode()).hexdigest()
