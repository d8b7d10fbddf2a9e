"""The engine of a base that several servers share: DuckLake, its catalogue in PostgreSQL, its rows as Parquet files.

The base is named by a small file, read as TOML, beside which lie the folders `parquet`, `raw` and `sauvegardes`:

    catalogue = "dbname=ozoir host=/run/postgresql user=ozoir"   # as libpq reads it; a password belongs in ~/.pgpass

DuckLake enforces no key: whoever writes takes a lock of PostgreSQL first, and each write changes the row `etat`, on which
DuckLake refuses two writers at once should that lock ever be lost.
"""

from __future__ import annotations

import importlib.util
import logging
import re
import threading
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

import duckdb

from ozoir.errors import OzoirError
from ozoir.paths import backup_folder
from ozoir.store.backups import BEFORE_SCHEMA, advise_restoring, write_backup
from ozoir.store.engine import full_disk, is_disk_full, lock_down, roll_back, take_turn
from ozoir.store.schema import MIGRATIONS, migrate, schema_version

LOG = logging.getLogger("ozoir.store")

# The wheels that bring DuckDB's extensions, signed by DuckDB: nothing is fetched while the program runs.
_EXTENSIONS = ("postgres_scanner", "ducklake")
_LOCK = 7_796_946_275  # any number, the same for every server
_PATIENCE = "120s"  # the longest write seen is the backup before an import
# Small writes wait in PostgreSQL, one table of rows per shape of a table. A shape left behind is emptied as soon as it is:
# were it done later, by one server, the others would go on looking for its rows, and stop for good.
_FLUSH = "CALL ducklake_flush_inlined_data('partage')"
_REWRITE = (
    _FLUSH,
    "CALL ducklake_merge_adjacent_files('partage')",
    "CALL ducklake_rewrite_data_files('partage', delete_threshold => 0)",
    "CALL ducklake_expire_snapshots('partage', older_than => now() - INTERVAL '{days} days')",
    "CALL ducklake_cleanup_old_files('partage', older_than => now() - INTERVAL '{days} days')",
)
_CONSTRAINT = re.compile(r" UNIQUE| CHECK \((?:[^()]|\([^()]*\))*\)")


def is_address(path: Path) -> bool:
    """True for a file that says where a shared base is, rather than being one."""
    return path.suffix == ".toml"


class LakeEngine:
    """Any number of processes at once; their writes wait for each other. is_new: nothing was there yet."""

    is_shared = True

    def __init__(self, path: Path) -> None:
        self.path = path
        self.folder = path.resolve().parent / "parquet"
        self._writing = threading.RLock()
        self._depth = 0
        address = _read_address(path)
        self._connection = duckdb.connect(":memory:", config={"autoload_known_extensions": "false"})
        for name in _EXTENSIONS:
            self._connection.execute(f"LOAD '{_extension(name)}'")
        self.folder.mkdir(mode=0o700, exist_ok=True)
        try:
            self._connection.execute(
                f"ATTACH 'ducklake:postgres:{_quoted(address)}' AS partage "
                f"(DATA_PATH '{_quoted(str(self.folder))}/', METADATA_CATALOG 'catalogue')"
            )
            self.is_new = schema_version(self.cursor()) == 0
        except duckdb.Error as error:
            self.close()
            raise self.explain(error) from error

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """A connection of one's own, in the lake: each starts in the empty database of the process."""
        cursor = self._connection.cursor()
        cursor.execute("USE partage")
        return cursor

    @contextmanager
    def alone(self, is_waiting: bool = True) -> Iterator[None]:
        """Nobody else writes meanwhile, in any process; may be taken again inside. PostgreSQL frees a dead process's lock."""
        take_turn(self._writing, is_waiting)
        try:
            with nullcontext() if self._depth else self._held(_PATIENCE if is_waiting else "1ms"):
                yield
        finally:
            self._writing.release()

    @contextmanager
    def _held(self, patience: str) -> Iterator[None]:
        holder = self._take_lock(patience)
        self._depth += 1
        try:
            yield
        finally:
            self._depth -= 1
            roll_back(holder)

    def _take_lock(self, patience: str) -> duckdb.DuckDBPyConnection:
        """Held by a transaction of its own, which does nothing else."""
        holder = self._connection.cursor()
        try:
            holder.execute("BEGIN")
            holder.execute(
                f"FROM postgres_query('catalogue', 'SELECT set_config(''lock_timeout'', ''{patience}'', true), "
                f"pg_advisory_xact_lock({_LOCK})')"
            )
            holder.fetchall()
        except duckdb.Error as error:
            roll_back(holder)
            raise self.explain(error) from error
        return holder

    def bring_up_to_date(self) -> None:
        """Forward to this program's schema; the base as it was is kept first, for whoever must go back."""
        with self.alone():
            cursor = self.cursor()
            version = schema_version(cursor)
            if 0 < version < len(MIGRATIONS):
                write_backup(cursor, self.path, self.size(), 0, f"{BEFORE_SCHEMA}{len(MIGRATIONS)}")
            migrate(cursor, adapt=without_constraints)
            if version < len(MIGRATIONS):
                cursor.execute(_FLUSH)
            if cursor.execute("SELECT 1 FROM base WHERE cle = 'compacter'").fetchone():
                self._rewrite(days=0)
                cursor.execute("DELETE FROM base WHERE cle = 'compacter'")

    def is_locked(self) -> bool:
        """Never: each opening has its own connection."""
        return False

    def lock(self) -> None:
        lock_down(self._connection, [self.folder, backup_folder(self.path)])

    def tidy(self) -> None:
        """Once a day, many small writes become few files; versions older than a month go. It may fail: the next day does it."""
        try:
            self._rewrite(days=30)
        except duckdb.Error as error:
            LOG.error("shared base not tidied: %s", error)

    def _rewrite(self, days: int) -> None:
        """Nothing is left of what was changed or erased before so many days, in any file or version."""
        cursor = self.cursor()
        for statement in _REWRITE:
            cursor.execute(statement.format(days=days))

    def size(self) -> int:
        """In bytes, on the disk; what PostgreSQL keeps is not counted."""
        return sum(path.stat().st_size for path in self.folder.rglob("*.parquet"))

    def close(self) -> None:
        self._connection.close()

    def explain(self, error: duckdb.Error) -> OzoirError | duckdb.Error:
        """Why the base cannot be read or written, when it is not a fault of this program; else the error itself."""
        text = str(error).lower()
        if is_disk_full(error):
            return full_disk(self.folder)
        if "lock timeout" in text:
            return OzoirError(
                "Base occupée.",
                "Un autre serveur écrit depuis plus de deux minutes. Rien n’a été enregistré\u00a0: recommencez.",
            )
        if "failed to commit ducklake transaction" in text and "conflict" in text:
            return OzoirError(
                "Base modifiée entre-temps.",
                "Un autre serveur a écrit au même instant. Rien n’a été enregistré\u00a0: recommencez.",
            )
        if "invalidated" in text:
            return OzoirError(
                "Base inutilisable.", "Le moteur s’est arrêté. Rien n’a été enregistré\u00a0: redémarrez l’application."
            )
        if "data_path" in text:
            return OzoirError(
                "Dossier de la base partagée déplacé.",
                f"La base a été créée avec un autre dossier que {self.folder}. "
                "Tous les serveurs doivent la voir sous le même chemin.",
            )
        if re.search("connect|server closed|terminat|shutting down|starting up|recovery|ssl|authentication", text):
            return OzoirError(
                "Base partagée injoignable.",
                f"PostgreSQL, désigné dans {self.path}, ne répond pas. Ce qui n’était pas confirmé n’est pas enregistré. "
                "Vérifiez qu’il tourne et que ce compte peut s’y connecter, puis recommencez\u00a0: "
                "l’application n’est pas à redémarrer.",
            )
        return error

    def corrupt(self) -> OzoirError:
        """The base cannot be read, and what to type."""
        return OzoirError(
            "Base illisible.",
            f"La base désignée par {self.path} ne se lit pas jusqu’au bout\u00a0: un fichier de {self.folder} manque ou est "
            f"endommagé, ou ce n’est pas une base de ce programme. {advise_restoring(self.path)}",
        )


def without_constraints(statements: str) -> str:
    """The tables as DuckLake accepts them: what the constraints promise is ensured inside each transaction."""
    return _CONSTRAINT.sub("", statements).replace(" PRIMARY KEY", " NOT NULL")


def _read_address(path: Path) -> str:
    try:
        text = tomllib.loads(path.read_text("utf-8"))["catalogue"]
    except (OSError, KeyError, ValueError):
        text = ""
    if not isinstance(text, str) or not text:
        raise OzoirError(
            "Adresse de la base partagée absente.",
            f'{path} doit contenir une ligne comme\u00a0: catalogue = "dbname=ozoir host=/run/postgresql user=ozoir".',
        )
    return text


def _extension(name: str) -> str:
    """Where the wheel of this extension put it."""
    found = importlib.util.find_spec(f"duckdb_extension_{name}")
    files = [path for folder in (found.submodule_search_locations if found else ()) for path in Path(folder).rglob(f"{name}.*")]
    if not files:
        raise OzoirError(
            "Base partagée\u00a0: il manque une extension.",
            f"L’extension {name} de DuckDB n’est pas installée\u00a0: pip install -r requirements-ducklake.txt.",
        )
    return _quoted(str(files[0]))


def _quoted(text: str) -> str:
    return text.replace("'", "''")
