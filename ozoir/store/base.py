"""Opening the base, and the one way of writing to it."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from copy import copy
from datetime import timedelta
from pathlib import Path

import duckdb

from ozoir.access.actes import ACTES
from ozoir.access.identites import current_identity, require
from ozoir.catalogue.contrats import contract_folder, fixed_contrat
from ozoir.errors import OzoirError
from ozoir.ingestion.free_texts import refuse_personal
from ozoir.paths import backup_folder, raw_folder
from ozoir.store.backups import Sauvegarde, is_due, read_everything, write_backup
from ozoir.store.cleaning import remove_half_written, set_aside_strays
from ozoir.store.engine import FileEngine, HeldBase, roll_back
from ozoir.store.journal import journal_digest, now, write_line
from ozoir.store.lake import LakeEngine, is_address
from ozoir.store.schema import write_setting

__all__ = ["HeldBase", "Store", "journal_digest", "now", "open_store"]

LOG = logging.getLogger("ozoir.store")
FREE = ("motif", "note")  # what a person types of an act, which the journal keeps for ever

# Of a shared base: files younger than this may be those that another server is writing.
OTHERS_WRITING = timedelta(hours=6)

# Every write changes this row, be it to what it was: two writers at once are then refused, see lake.py.
_TOUCH = "UPDATE base SET valeur = valeur WHERE cle = 'etat'"


class Store:
    """One open base. Readers take `cursor()`, one per script run or query; writers take `transaction()`.

    is_kept is False for a base being built, which has neither backups nor originals of its own yet.
    Entries are those of one contract: the one named by `of_contract`, else the only one this process is for.
    """

    def __init__(self, engine: FileEngine | LakeEngine, is_kept: bool = True) -> None:
        self._engine = engine
        self._contrat = ""
        self._by_contract: dict[str, Store] = {}
        self._own = threading.local()
        self.path = engine.path
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
        return self._engine.cursor()

    def alone(self, is_waiting: bool = True) -> AbstractContextManager[None]:
        """Nobody else writes meanwhile, in this process or another. Without waiting, OzoirError when somebody writes."""
        return self._engine.alone(is_waiting)

    def size(self) -> int:
        """In bytes, on the disk."""
        return self._engine.size()

    def state(self) -> int:
        """Grows with every confirmed write: what anything kept in memory depends on."""
        return int(self.setting("etat", "0"))

    @property
    def own_state(self) -> int:
        """The state that this thread's latest write left: what it reads afterwards must not be older."""
        return getattr(self._own, "state", 0)

    @property
    def identity(self) -> str:
        """Of this base and no other: a rebuilt one has another."""
        return self.setting("identite")

    @property
    def is_fictif(self) -> bool:
        """True for a demonstration base, which accepts fictitious files only."""
        return self.setting("fictif", "non") == "oui"

    def setting(self, key: str, default: str = "") -> str:
        try:
            row = self.cursor().execute("SELECT valeur FROM base WHERE cle = ?", [key]).fetchone()
        except duckdb.Error as error:  # read first, at each click: where a stopped engine shows
            raise self._engine.explain(error) from error
        return row[0] if row else default

    @contextmanager
    def transaction(self, auteur: str, acte: str, objet: str, details: dict | None = None) -> Iterator:
        """All or nothing: the statements run on the yielded cursor, the journal line and the new state, or none.

        The person acting must have the right to this act (ozoir/access/actes.py), and sign with their own name.
        `details` may be filled until the block ends. One writer at a time: the next waits for its turn.
        """
        self._check_right(auteur, acte)
        with self.alone():
            self._save_before(acte)
            with self._written(auteur, acte, objet, {} if details is None else details) as cursor:
                yield cursor
                cursor.execute("UPDATE base SET valeur = CAST(CAST(valeur AS BIGINT) + 1 AS VARCHAR) WHERE cle = 'etat'")
            self._own.state = self.state()

    @contextmanager
    def record(self, auteur: str, acte: str, objet: str, details: dict | None = None) -> Iterator:
        """A journal line for an act which changes no figure (a refused sign-in, an export): the state stays."""
        self._check_right(auteur, acte)
        with self.alone(), self._written(auteur, acte, objet, {} if details is None else details) as cursor:
            yield cursor
            cursor.execute(_TOUCH)

    @contextmanager
    def aside(self, auteur: str, is_waiting: bool = True) -> Iterator:
        """What only changes what its author sees (last choices, last visit): no line in the journal, the state stays."""
        _check_own_name(auteur)
        with self.alone(is_waiting), self._all_or_nothing() as cursor:
            yield cursor
            cursor.execute(_TOUCH)

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
            roll_back(cursor)
            raise self._engine.explain(error) from error
        except BaseException:
            roll_back(cursor)
            raise

    def back_up(self, motif: str) -> Sauvegarde:
        """A checked copy of the whole base; writers wait for its end."""
        with self.alone():
            return write_backup(self.cursor(), self.path, self.size(), self.state(), motif)

    def back_up_if_due(self) -> Sauvegarde | None:
        """The daily backup, when something was written since the latest one."""
        with self.alone():
            if not is_due(self.path, self.state()):
                return None
            done = self.back_up("quotidienne")
            self._engine.tidy()
            return done

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
        """Let go of the base; a file gets the rest of its log."""
        self._engine.close()


def open_store(path: Path, create: bool = False, fictif: bool = False, is_kept: bool = True) -> Store:
    """The base at this path, locked down and at this program's schema; OzoirError says why it cannot be opened."""
    if not path.exists() and not create:
        raise OzoirError(
            "Base absente.",
            f"Le fichier {path} n’existe pas. Construisez-le avec « python -m ozoir reconstruire --base {path} ».",
        )
    os.umask(0o077)  # the base, its log, originals and backups are this account's alone
    path.parent.mkdir(parents=True, exist_ok=True)
    engine = LakeEngine(path) if is_address(path) else FileEngine(path)
    try:
        if engine.is_locked():  # this process already holds the same base
            return Store(engine, is_kept)
        _prepare(engine, create, fictif)
    except duckdb.Error as error:
        engine.close()
        raise engine.corrupt() from error
    except BaseException:  # a base which cannot be used is let go of, so that a backup can take its place
        engine.close()
        raise
    store = Store(engine, is_kept)
    if is_kept and not engine.is_new:
        _tidy(store, engine.is_shared)
    return store


def _prepare(engine: FileEngine | LakeEngine, create: bool, fictif: bool) -> None:
    if engine.is_new and not create:
        raise OzoirError(
            "Base vide.",
            f"{engine.path} désigne une base où rien n’a encore été mis. Transférez-y la vôtre avec "
            f"«\u00a0python -m ozoir transferer --base CHEMIN {engine.path}\u00a0», "
            "ou construisez-la avec «\u00a0python -m ozoir reconstruire\u00a0».",
        )
    engine.bring_up_to_date()
    if engine.is_new:
        write_setting(engine.cursor(), "fictif", "oui" if fictif else "non")
    engine.lock()
    _keep_private(engine.path)
    read_everything(engine.cursor())


def _keep_private(path: Path) -> None:
    """Also for a base made before, or copied by hand."""
    for file in (path, path.with_name(path.name + ".wal")):
        if file.exists():
            file.chmod(0o600)
    for folder in (raw_folder(path), backup_folder(path)):
        if folder.is_dir() and hasattr(os, "geteuid") and folder.stat().st_uid == os.geteuid():
            folder.chmod(0o700)


def _tidy(store: Store, is_shared: bool) -> None:
    """What a sudden stop left behind; the journal says what was put aside."""
    before = now() - (OTHERS_WRITING if is_shared else timedelta(0))
    remove_half_written(store.path, before)
    strays = set_aside_strays(store.cursor(), store.path, before)
    if strays:
        with store.record("programme", "nettoyage", "raw/ecartes", {"fichiers": strays}):
            LOG.warning("originals without import set aside: %s", ", ".join(strays))


def _check_own_name(auteur: str) -> None:
    identite = current_identity()
    if not identite.is_local and auteur != identite.auteur:
        raise OzoirError("Auteur refusé.", "Une personne connectée ne signe que de son propre nom. Rien n’a été enregistré.")
