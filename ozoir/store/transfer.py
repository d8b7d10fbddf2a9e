"""From one base to another, whatever their engines: every table copied in one transaction, then compared."""

from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path

from ozoir.access.comptes import accounts_path
from ozoir.errors import OzoirError
from ozoir.paths import raw_folder
from ozoir.store.backups import check_backup, read_everything, settle_file, table_names
from ozoir.store.base import Store, open_store
from ozoir.store.engine import roll_back
from ozoir.store.lake import is_address
from ozoir.store.schema import write_setting
from ozoir.store.verification import verify_base

_ROWS = 100_000  # at a time: millions of facts pass without filling the memory


def transfer(source: Path, target: Path) -> dict[str, int]:
    """A base, its originals and its accounts to a place where there is none; rows by table. The source stays as it is."""
    building = target if is_address(target) else target.with_name(target.name + ".nouvelle")
    if not is_address(target):
        _refuse_occupied(target, target.exists())
        building.unlink(missing_ok=True)
    with (
        closing(open_store(source, is_kept=False)) as former,
        closing(open_store(building, create=True, fictif=former.is_fictif, is_kept=False)) as fresh,
    ):
        held = read_everything(fresh.cursor())
        _refuse_occupied(target, any(count for table, (count, _) in held.items() if table != "base"))
        with former.alone():
            _copy_files(source, target)
            copied = _copy_tables(former, fresh)
        _refuse_problems(target, verify_base(fresh))
    if building != target:
        settle_file(building, target)
    return {table: count for table, (count, _) in copied.items()}


def replace_rows(fresh: Path, target: Store) -> None:
    """What a shared base holds gives way to a base just built, at once for all its readers; nobody else may be writing."""
    with closing(open_store(fresh, is_kept=False)) as source:  # the state never comes back: what is kept in memory goes by it
        _copy_tables(source, target, etat=max(source.state(), target.state()) + 1)


def restore_shared(base: Path, chosen: Path) -> Path:
    """A checked backup in the place of what a shared base holds; the backup taken of that first."""
    check_backup(chosen)
    part = base.with_name(base.name + ".nouvelle")
    shutil.copyfile(chosen, part)
    with closing(open_store(base)) as store, store.alone():
        former = store.back_up("restauration")
        replace_rows(part, store)
    part.unlink()
    return former.path


def _copy_tables(source: Store, target: Store, etat: int | None = None) -> dict[str, tuple]:
    """All the rows or none of them, then read again; `etat` is the state to give, that of the source when absent."""
    reading, writing = source.cursor(), target.cursor()
    writing.execute("BEGIN")
    try:
        for table in table_names(reading):
            writing.execute(f"DELETE FROM {table}")
            writing.register("lignes", reading.execute(f"SELECT * FROM {table}").to_arrow_reader(_ROWS))
            writing.execute(f"INSERT INTO {table} SELECT * FROM lignes")
            writing.unregister("lignes")
        expected, found = read_everything(reading), read_everything(writing)
        _refuse_problems(target.path, [f"La table {name} diffère." for name in expected if expected[name] != found.get(name)])
        if etat is not None:
            write_setting(writing, "etat", str(etat))
        writing.execute("COMMIT")
    except BaseException:
        roll_back(writing)
        raise
    return expected


def _copy_files(source: Path, target: Path) -> None:
    if source.parent == target.parent:
        return
    if raw_folder(source).is_dir():
        shutil.copytree(raw_folder(source), raw_folder(target), dirs_exist_ok=True)
    if accounts_path(source).exists() and accounts_path(source) != accounts_path(target):
        shutil.copy2(accounts_path(source), accounts_path(target))


def _refuse_occupied(target: Path, is_occupied: bool) -> None:
    if is_occupied:
        raise OzoirError(
            "La base cible n’est pas vide.",
            f"{target} contient déjà une base\u00a0: rien n’a été changé. Donnez un autre chemin, ou mettez-la de côté.",
        )


def _refuse_problems(target: Path, problems: list[str]) -> None:
    if problems:
        raise OzoirError("Transfert manqué.", f"{target} ne se relit pas comme la base d’origine\u00a0: {' '.join(problems)}")
