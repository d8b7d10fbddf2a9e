"""Backups: whole bases in the folder `sauvegardes`, each read again before it counts, the oldest ones removed."""

from __future__ import annotations

import os
import re
import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import duckdb

from ozoir.errors import OzoirError
from ozoir.numbers import format_date, format_size
from ozoir.paths import backup_folder
from ozoir.store.journal import find_break, now
from ozoir.store.schema import MIGRATIONS, migrate, schema_version

# Kept: the latest ones, whatever their age below the limit, and the last one of each day; never older than the limit.
LATEST, DAYS = 10, 30
BEFORE_SCHEMA = "avant-schema-"  # the motif of the copy taken before an upgrade ends with the new schema's number
DAILY = timedelta(hours=24)
_NAME = re.compile(r"(?P<moment>\d{8}T\d{12})-etat(?P<etat>\d+)-(?P<motif>[a-z0-9-]+)\.duckdb")
_STAMP = "%Y%m%dT%H%M%S%f"


@dataclass(frozen=True)
class Sauvegarde:
    """One backup. etat: the base's state it holds; motif: import, quotidienne, manuelle, schema, restauration."""

    path: Path
    faite_le: datetime
    etat: int
    motif: str
    taille: int


def list_backups(base: Path) -> list[Sauvegarde]:
    """The latest first."""
    folder = backup_folder(base)
    found = [item for path in folder.iterdir() if (item := _read_name(path))] if folder.is_dir() else []
    return sorted(found, key=lambda item: item.faite_le, reverse=True)


def _read_name(path: Path) -> Sauvegarde | None:
    match = _NAME.fullmatch(path.name)
    if not match:
        return None
    return Sauvegarde(path, datetime.strptime(match["moment"], _STAMP), int(match["etat"]), match["motif"], path.stat().st_size)


def write_backup(cursor, base: Path, size: int, etat: int, motif: str) -> Sauvegarde:
    """Copy every table into a new base, read it from the disk, compare, keep. Writers must wait meanwhile.

    The engine's own COPY FROM DATABASE changes a setting, which the lock forbids: the tables are made by the
    migrations and filled one by one.
    """
    target = new_backup_path(base, etat, motif)
    part = target.with_suffix(".part")
    refuse_full_disk(size, target.parent)
    try:
        with duckdb.connect(str(part)) as fresh:
            migrate(fresh, until=schema_version(cursor))
        expected = fill(cursor, part)
        if read_everything_in(part) != expected:
            raise OzoirError(
                "Sauvegarde manquée.",
                f"La copie écrite dans {target.parent} ne se relit pas comme la base\u00a0: disque défaillant\u202f?",
            )
        settle_file(part, target)
    except duckdb.Error as error:
        raise OzoirError("Sauvegarde impossible.", f"{target.parent}\u00a0: {str(error).splitlines()[0]}") from error
    finally:
        for leftover in (part, part.with_name(part.name + ".wal")):
            leftover.unlink(missing_ok=True)
    rotate(base)
    return _read_name(target)


def copy_closed(base: Path, etat: int, motif: str) -> Sauvegarde:
    """The same for a base nobody has open, byte for byte: whatever its schema."""
    target = new_backup_path(base, etat, motif)
    refuse_full_disk(base.stat().st_size, target.parent)
    part = target.with_suffix(".part")
    shutil.copyfile(base, part)
    settle_file(part, target)
    return _read_name(target)


def new_backup_path(base: Path, etat: int, motif: str) -> Path:
    folder = backup_folder(base)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder / f"{now():{_STAMP}}-etat{etat}-{motif}.duckdb"


def fill(cursor, path: Path) -> dict[str, tuple]:
    """Every row of every table into the base at this path; what was read, table by table."""
    cursor.execute(f"ATTACH '{_quoted(path)}' AS copie")
    try:
        tables = table_names(cursor)
        cursor.execute("BEGIN")
        cursor.execute("DELETE FROM copie.base")
        for table in tables:
            cursor.execute(f"INSERT INTO copie.{table} SELECT * FROM {table}")
        cursor.execute("COMMIT")
        return read_everything(cursor)
    finally:
        cursor.execute("DETACH copie")


def write_compact(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """The whole base written anew, without the remains of what was erased; the connection must not be locked."""
    connection.execute(f"ATTACH '{_quoted(path)}' AS copie")
    connection.execute(f"COPY FROM DATABASE {_current(connection)} TO copie")
    connection.execute("DETACH copie")


def _current(connection) -> str:
    (name,) = connection.execute("SELECT current_database()").fetchone()
    return '"' + name.replace('"', '""') + '"'


def compact(base: Path) -> None:
    """The same, in place, for a base nobody has open."""
    part = base.with_name(base.name + ".part")
    part.unlink(missing_ok=True)
    with duckdb.connect(str(base)) as connection:
        expected = read_everything(connection)
        write_compact(connection, part)
    if read_everything_in(part) != expected:
        raise OzoirError("Réécriture manquée.", f"{base} n’a pas pu être réécrite à l’identique : disque défaillant ?")
    with duckdb.connect(str(part)) as connection:  # last: a stop before here starts it all again
        connection.execute("DELETE FROM base WHERE cle = 'compacter'")
    settle_file(part, base)


def table_names(cursor) -> list[str]:
    rows = cursor.execute(
        "SELECT table_name FROM duckdb_tables() WHERE database_name = current_database() AND NOT internal ORDER BY table_name"
    )
    return [name for (name,) in rows.fetchall()]


def read_everything(cursor) -> dict[str, tuple]:
    """Rows and a print of each table: reading all of it is what finds a damaged block (the open alone does not)."""
    printed = "count(*), CAST(coalesce(sum(hash({name})), 0) AS VARCHAR)"
    each = [f"SELECT '{name}', {printed.format(name=name)} FROM {name}" for name in table_names(cursor)]
    return {name: tuple(found) for name, *found in cursor.execute(" UNION ALL ".join(each)).fetchall()}


def read_everything_in(path: Path) -> dict[str, tuple]:
    """The same, of a closed base, opened apart as a restored one would be; its journal must hold too."""
    with duckdb.connect(str(path), read_only=True) as connection:
        if find_break(connection):
            raise OzoirError("Sauvegarde altérée.", f"{path.name}\u00a0: {find_break(connection)}")
        return read_everything(connection)


def settle_file(part: Path, target: Path) -> None:
    """Give the file its name, for good and for this account only."""
    part.chmod(0o600)
    with part.open("rb") as stream:
        os.fsync(stream.fileno())
    part.replace(target)
    if hasattr(os, "O_DIRECTORY"):
        folder = os.open(target.parent, os.O_RDONLY | os.O_DIRECTORY)
        os.fsync(folder)
        os.close(folder)


def refuse_full_disk(size: int, folder: Path) -> None:
    """A copy needs the base's own size, and some room to go on working."""
    needed, free = size * 3 // 2, shutil.disk_usage(folder).free
    if free < needed:
        raise OzoirError(
            "Disque presque plein.",
            f"La sauvegarde demande {format_size(needed)}, il reste {format_size(free)} dans {folder}. "
            "Libérez de la place, puis recommencez.",
        )


def is_due(base: Path, etat: int, every: timedelta = DAILY) -> bool:
    """True when something has been written since the latest backup, and that one is a day old (or there is none)."""
    if etat == 0:
        return False
    latest = next(iter(list_backups(base)), None)
    return latest is None or (latest.etat != etat and now() - latest.faite_le >= every)


def rotate(base: Path) -> list[Path]:
    """Remove what is no longer to be kept; the latest always stays."""
    backups = list_backups(base)
    limit = now() - timedelta(days=DAYS)
    kept, days = set(), set()
    for rank, item in enumerate(backups):
        if rank == 0 or (item.faite_le >= limit and (rank < LATEST or item.faite_le.date() not in days)):
            kept.add(item.path)
            days.add(item.faite_le.date())
    removed = [item.path for item in backups if item.path not in kept]
    for path in removed:
        path.unlink(missing_ok=True)
    return removed


def check_backup(path: Path) -> int:
    """The schema of a backup which opens, reads to its end and holds; OzoirError otherwise."""
    try:
        read_everything_in(path)
        with duckdb.connect(str(path), read_only=True) as connection:
            version = schema_version(connection)
    except (duckdb.Error, OSError) as error:
        raise OzoirError(
            "Sauvegarde illisible.", f"{path} est absente, endommagée, ou n’est pas une base de ce programme."
        ) from error
    if not 0 < version <= len(MIGRATIONS):
        raise OzoirError(
            "Sauvegarde d’une autre version.",
            f"{path.name} est au schéma {version}, ce programme connaît les schémas 1 à {len(MIGRATIONS)}.",
        )
    return version


def last_good_backup(base: Path) -> Sauvegarde | None:
    """The latest one which reads to its end."""
    for item in list_backups(base):
        try:
            check_backup(item.path)
        except OzoirError:
            continue
        return item
    return None


def advise_restoring(base: Path) -> str:
    """What to type when the base cannot be read."""
    good = last_good_backup(base)
    if good is None:
        return (
            "Il n’y a pas de sauvegarde lisible\u00a0: renommez ce fichier, puis reconstruisez la base avec "
            "«\u00a0python -m ozoir reconstruire\u00a0»."
        )
    return (
        f"Dernière sauvegarde saine\u00a0: {format_date(good.faite_le)} à {good.faite_le:%H:%M} (UTC). Restaurez-la avec "
        f"«\u00a0python -m ozoir restaurer {good.path.name}\u00a0»\u00a0; le fichier endommagé sera gardé à côté."
    )


def restore_backup(base: Path, chosen: Path) -> Path | None:
    """Put a checked backup in the base's place; where the former base now lies (None when there was none).

    Nobody may have the base open: the caller makes sure of it.
    """
    check_backup(chosen)
    part = base.with_name(base.name + ".part")
    refuse_full_disk(chosen.stat().st_size, base.parent)
    shutil.copyfile(chosen, part)
    if read_everything_in(part) != read_everything_in(chosen):
        part.unlink()
        raise OzoirError(
            "Restauration manquée.", f"La copie de {chosen.name} ne se relit pas à l’identique\u00a0: disque défaillant\u202f?"
        )
    aside = base.with_name(f"{base.name}.avant-{now():%Y%m%dT%H%M%S}")
    log = base.with_name(base.name + ".wal")
    former = aside if base.exists() else None
    if former:
        if log.exists():  # first: a log beside another base than its own would be refused or, worse, replayed
            log.replace(aside.with_name(aside.name + ".wal"))
        os.link(base, aside)  # then the new one takes the name in one step: at no instant is there no base
    settle_file(part, base)
    return former


def find_backup(base: Path, name: str) -> Sauvegarde:
    """A backup by its file name, the latest when no name is given; never a path out of the folder."""
    backups = list_backups(base)
    if not backups:
        raise OzoirError("Aucune sauvegarde.", f"Il n’y a pas de sauvegarde dans {backup_folder(base)}.")
    if not name:
        return backups[0]
    found = next((item for item in backups if item.path.name == Path(name).name), None)
    if found is None:
        known = "\n".join(f"– {item.path.name}" for item in backups[:10])
        raise OzoirError(
            "Sauvegarde inconnue.",
            f"«\u00a0{name}\u00a0» n’est pas dans {backup_folder(base)}. Les plus récentes\u00a0:\n{known}",
        )
    return found


def _quoted(path: Path) -> str:
    """A path as SQL text: ATTACH takes no parameter."""
    return str(path).replace("'", "''")
