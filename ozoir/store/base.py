"""Opening the base, and the one way of writing to it."""

from __future__ import annotations

import logging
import os
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from copy import copy
from pathlib import Path

import duckdb

from ozoir.access.actes import ACTES
from ozoir.access.identites import current_identity, require
from ozoir.catalogue.contrats import contract_folder, fixed_contrat
from ozoir.errors import OzoirError
from ozoir.ingestion.free_texts import refuse_personal
from ozoir.paths import backup_folder, raw_folder
from ozoir.store.backups import (
    BEFORE_SCHEMA,
    Sauvegarde,
    advise_restoring,
    compact,
    copy_closed,
    is_due,
    read_everything,
    write_backup,
)
from ozoir.store.cleaning import remove_half_written, set_aside_strays
from ozoir.store.journal import journal_digest, now, write_line
from ozoir.store.schema import MIGRATIONS, migrate, schema_version

__all__ = ["HeldBase", "Store", "journal_digest", "now", "open_store"]

LOG = logging.getLogger("ozoir.store")
FREE = ("motif", "note")  # what a person types of an act, which the journal keeps for ever

# Nothing reaches the disk or the network from SQL, and no later statement can undo that (SAFETY, DuckDB).
# The folder of backups is the one exception: ATTACH needs it.
_LOCKED = (
    "SET autoinstall_known_extensions = false",
    "SET autoload_known_extensions = false",
    "SET allow_community_extensions = false",
    "SET allowed_directories = ['{backups}']",
    "SET enable_external_access = false",
    "SET TimeZone = 'UTC'",
    "SET lock_configuration = true",
)


class HeldBase(OzoirError):
    """Another program has the base open."""


class Store:
    """One open base. Readers take `cursor()`, one per script run or query; writers take `transaction()`.

    is_kept is False for a base being built, which has neither backups nor originals of its own yet.
    Entries are those of one contract: the one named by `of_contract`, else the only one this process is for.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, path: Path, is_kept: bool = True) -> None:
        self._connection = connection
        self._writing = threading.RLock()
        self._contrat = ""
        self._by_contract: dict[str, Store] = {}
        self.path = path
        self.is_kept = is_kept

    def of_contract(self, contrat: str) -> Store:
        """The same base, for the entries of this contract."""
        if contrat not in self._by_contract:  # one for good: what is kept in memory is found by it
            other = self._by_contract[contrat] = copy(self)
            other._contrat = contrat
        return self._by_contract[contrat]

    @property
    def asked_contrat(self) -> str:
        """The contract asked for, else the only one there is; empty when there are several and none was named."""
        return self._contrat or fixed_contrat()

    @property
    def contrat(self) -> str:
        """Whose entries are read and written; OzoirError when several are declared and none was named."""
        return self._contrat or contract_folder("").name

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """A connection of one's own: a shared one silently mixes rows between threads on DuckDB 1.5."""
        return self._connection.cursor()

    def state(self) -> int:
        """Grows with every confirmed write: what anything kept in memory depends on."""
        return int(self.setting("etat", "0"))

    @property
    def identity(self) -> str:
        """Of this base and no other: a rebuilt one has another."""
        return self.setting("identite")

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

        The person acting must have the right to this act (ozoir/access/actes.py), and sign with their own name.
        `details` may be filled until the block ends. One writer at a time: the next waits for its turn.
        """
        self._check_right(auteur, acte)
        with self._writing:
            self._save_before(acte)
            with self._written(auteur, acte, objet, {} if details is None else details) as cursor:
                yield cursor
                cursor.execute("UPDATE base SET valeur = CAST(CAST(valeur AS BIGINT) + 1 AS VARCHAR) WHERE cle = 'etat'")

    @contextmanager
    def record(self, auteur: str, acte: str, objet: str, details: dict | None = None) -> Iterator:
        """A journal line for an act which changes no figure (a refused sign-in, an export): the state stays."""
        self._check_right(auteur, acte)
        with self._writing, self._written(auteur, acte, objet, {} if details is None else details) as cursor:
            yield cursor

    @contextmanager
    def aside(self, auteur: str) -> Iterator:
        """What only changes what its author sees (last choices, last visit): no line in the journal, the state stays."""
        _check_own_name(auteur)
        with self._writing, self._all_or_nothing() as cursor:
            yield cursor

    @contextmanager
    def _written(self, auteur: str, acte: str, objet: str, details: dict) -> Iterator:
        for name in FREE:
            refuse_personal(str(details.get(name, "")))
        with self._all_or_nothing() as cursor:
            yield cursor
            named = {"contrat": self._contrat} if self._contrat and not ACTES[acte].is_automatic else {}
            write_line(cursor, auteur, acte, objet, named | details)

    @contextmanager
    def _all_or_nothing(self) -> Iterator:
        cursor = self.cursor()
        try:
            cursor.execute("BEGIN")
            yield cursor
            cursor.execute("COMMIT")
        except duckdb.Error as error:
            _roll_back(cursor)
            raise _explain_write(self.path, error) from error
        except BaseException:
            _roll_back(cursor)
            raise

    def back_up(self, motif: str) -> Sauvegarde:
        """A checked copy of the whole base; writers wait for its end."""
        with self._writing:
            return write_backup(self.cursor(), self.path, self.state(), motif)

    def back_up_if_due(self) -> Sauvegarde | None:
        """The daily backup, when something was written since the latest one."""
        with self._writing:
            return self.back_up("quotidienne") if is_due(self.path, self.state()) else None

    def _save_before(self, acte: str) -> None:
        """Before an import the backup is a condition; the daily one must not keep people from entering."""
        if not self.is_kept or self.state() == 0:
            return
        if ACTES[acte].is_backed_up:
            self.back_up("import")
            return
        try:
            self.back_up_if_due()
        except OzoirError as error:
            LOG.error("daily backup failed: %s", error)

    def _check_right(self, auteur: str, acte: str) -> None:
        if acte in ACTES and ACTES[acte].is_automatic:
            return
        require(current_identity().within(self.asked_contrat), acte)
        _check_own_name(auteur)

    def close(self) -> None:
        """Write the log into the file and let go of it."""
        self._connection.close()


def open_store(path: Path, create: bool = False, fictif: bool = False, is_kept: bool = True) -> Store:
    """The base at this path, locked down and at this program's schema; OzoirError says why it cannot be opened."""
    if not path.exists() and not create:
        raise OzoirError(
            "Base absente.",
            f"Le fichier {path} n’existe pas. Construisez-le avec « python -m ozoir reconstruire --base {path} ».",
        )
    os.umask(0o077)  # the base, its log, originals and backups are this account's alone
    is_new = not path.exists()
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        connection = _connect(path)
        (is_locked,) = connection.execute("SELECT current_setting('lock_configuration')").fetchone()
        if is_locked:  # this process already holds the same base
            return Store(connection, path, is_kept)
        connection = _bring_up_to_date(connection, path)
        with _closed_on_failure(connection):
            if is_new:
                connection.execute("INSERT OR REPLACE INTO base VALUES ('fictif', ?)", ["oui" if fictif else "non"])
            _lock(connection, path)
            _keep_private(path)
            read_everything(connection)
    except duckdb.Error as error:
        raise _corrupt(path) from error
    store = Store(connection, path, is_kept)
    if is_kept and not is_new:
        _tidy(store)
    return store


def _connect(path: Path) -> duckdb.DuckDBPyConnection:
    try:
        return duckdb.connect(str(path))
    except duckdb.IOException as error:
        raise _explain(path, error) from error


@contextmanager
def _closed_on_failure(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """A base which cannot be used is let go of, so that a backup can take its place."""
    try:
        yield
    except BaseException:
        connection.close()
        raise


def _bring_up_to_date(connection: duckdb.DuckDBPyConnection, path: Path) -> duckdb.DuckDBPyConnection:
    """Forward to this program's schema; the base as it was is kept first, for whoever must go back."""
    with _closed_on_failure(connection):
        version = schema_version(connection)
        is_erased = bool(version and connection.execute("SELECT 1 FROM base WHERE cle = 'compacter'").fetchone())
    is_older = 0 < version < len(MIGRATIONS)
    if is_older or is_erased:
        connection.close()
        if is_older:
            copy_closed(path, 0, f"{BEFORE_SCHEMA}{len(MIGRATIONS)}")
        if is_erased:
            compact(path)
        connection = _connect(path)
    with _closed_on_failure(connection):
        migrate(connection)
    return connection


def _lock(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    backups = str(backup_folder(path)).replace("'", "''")
    for statement in _LOCKED:
        connection.execute(statement.format(backups=backups))


def _keep_private(path: Path) -> None:
    """Also for a base made before, or copied by hand."""
    for file in (path, path.with_name(path.name + ".wal")):
        if file.exists():
            file.chmod(0o600)
    for folder in (raw_folder(path), backup_folder(path)):
        if folder.is_dir() and hasattr(os, "geteuid") and folder.stat().st_uid == os.geteuid():
            folder.chmod(0o700)


def _tidy(store: Store) -> None:
    """What a sudden stop left behind; the journal says what was put aside."""
    remove_half_written(store.path)
    strays = set_aside_strays(store.cursor(), store.path)
    if strays:
        with store.record("programme", "nettoyage", "raw/ecartes", {"fichiers": strays}):
            LOG.warning("originals without import set aside: %s", ", ".join(strays))


def _check_own_name(auteur: str) -> None:
    identite = current_identity()
    if not identite.is_local and auteur != identite.auteur:
        raise OzoirError("Auteur refusé.", "Une personne connectée ne signe que de son propre nom. Rien n’a été enregistré.")


def _roll_back(cursor) -> None:
    """A full disk may have ended the transaction, or the whole connection, already."""
    with suppress(duckdb.Error):
        cursor.execute("ROLLBACK")


def _explain_write(path: Path, error: duckdb.Error) -> OzoirError | duckdb.Error:
    text = str(error).lower()
    if "no space left" in text or "file too large" in text or "disk full" in text or "quota" in text:
        return OzoirError(
            "Disque plein.",
            f"Rien n’a été enregistré\u00a0: il n’y a plus de place là où se trouve {path}. Ce qui "
            "était enregistré avant l’est "
            "toujours. Libérez de la place, redémarrez l’application, puis recommencez.",
        )
    if "database has been invalidated" in text or "read-only" in text or isinstance(error, duckdb.IOException):
        return OzoirError(
            "Base inutilisable.",
            f"{path} ne peut plus être écrite (disque plein, débranché ou en lecture seule). Rien n’a été enregistré. "
            "Rétablissez le disque, puis redémarrez l’application.",
        )
    return error


def _explain(path: Path, error: duckdb.IOException) -> OzoirError:
    if re.search(r"set lock|conflicting lock|used by another process", str(error).lower()):  # not « block », in a damaged file
        holder = re.search(r"PID (\d+)", str(error))
        who = f" (processus {holder[1]})" if holder else ""
        return HeldBase(
            "Base déjà ouverte par un autre programme.",
            f"{path} est tenue par un autre programme{who}, sans doute l’application. "
            "Arrêtez-le, ou faites cette opération depuis l’application, puis recommencez.",
        )
    if "permission" in str(error).lower() or "read-only" in str(error).lower():
        return OzoirError("Base inaccessible.", f"Ce compte ne peut pas lire ou écrire {path} : vérifiez ses droits.")
    return _corrupt(path)


def _corrupt(path: Path) -> OzoirError:
    return OzoirError(
        "Base illisible.", f"{path} est endommagée ou n’est pas une base de ce programme. {advise_restoring(path)}"
    )
