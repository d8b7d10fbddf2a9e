"""The base made again from the raw folder: what ships, then what was received in its order, then the entries."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from datetime import datetime
from pathlib import Path

from ozoir.catalogue.loading import Catalogue, load_catalogue
from ozoir.errors import OzoirError
from ozoir.ingestion.delivery import Delivery
from ozoir.ingestion.reading import read_delivery, receive
from ozoir.paths import RAW, raw_folder
from ozoir.store.base import Store, open_store
from ozoir.store.correspondances import with_declarations
from ozoir.store.imports import AGGREGATE, SHIPPED, load_delivery, withdraw_import
from ozoir.store.lake import is_address
from ozoir.store.schema import ENTRY_TABLES
from ozoir.store.transfer import replace_rows

_READABLE = (".csv", ".txt", ".xlsx", ".xlsm", ".xls", ".ods")


def rebuild(path: Path, catalogue: Catalogue, fictif: bool = False, tell: Callable[[str], None] = lambda _: None) -> int:
    """Build a new base beside the old one, then put it in its place; the number of imports. The old one is untouched until then."""
    fresh_path = path.with_name(path.name + ".nouvelle")
    for leftover in (fresh_path, fresh_path.with_name(fresh_path.name + ".wal")):
        leftover.unlink(missing_ok=True)
    former = open_store(path, create=is_address(path)) if path.exists() else None
    try:
        with former.alone() if former else nullcontext():  # what another server would write meanwhile would be lost
            if former and former.state():
                former.back_up("reconstruction")
            count = _build(fresh_path, path, former, catalogue, fictif, tell)
            if former and is_address(path):
                replace_rows(fresh_path, former)
    finally:
        if former:
            former.close()
    if is_address(path):
        fresh_path.unlink()
    else:
        fresh_path.replace(path)
    return count


def _build(
    fresh_path: Path, path: Path, former: Store | None, catalogue: Catalogue, fictif: bool, tell: Callable[[str], None]
) -> int:
    fresh = open_store(fresh_path, create=True, fictif=fictif, is_kept=False)
    try:
        shipped = raw_folder(path) if fictif else RAW
        for delivery, moment, author, statut in (*_shipped(shipped, catalogue), *_received(raw_folder(path), catalogue)):
            tell(f"{delivery.fichier}\u00a0: {len(delivery.faits)} faits")
            loaded = load_delivery(fresh, delivery, None, author, moment)
            if statut == "retire":
                withdraw_import(fresh, loaded.id, author, "retiré avant reconstruction")
        count = fresh.cursor().execute("SELECT count(*) FROM imports").fetchone()[0]
        _copy_entries(former, fresh)
    except BaseException:
        fresh.close()
        fresh_path.unlink(missing_ok=True)
        raise
    fresh.close()
    return count


def _shipped(folder: Path, catalogue: Catalogue) -> Iterator[tuple]:
    """The files which lie there under their own name: part of the project, or the demonstration's."""
    received = {card["garde"] for card in _cards(folder)}
    for path in sorted(folder.iterdir() if folder.is_dir() else ()):
        if path.suffix.lower() in _READABLE and path.name not in received:
            # ours, hence read in this process: a child for each would make the first start slow
            yield read_delivery(path, catalogue), None, SHIPPED, "charge"


def _received(folder: Path, catalogue: Catalogue) -> Iterator[tuple]:
    """The files kept under their hash, in the order of their first load."""
    for card in _cards(folder):
        yield _read_card(folder, card, catalogue), datetime.fromisoformat(card["ordre"]), card["auteur"], card["statut"]


def _cards(folder: Path) -> list[dict]:
    return sorted((json.loads(path.read_text("utf-8")) for path in folder.glob("*.json")), key=lambda card: card["ordre"])


def _read_card(folder: Path, card: dict, catalogue: Catalogue) -> Delivery:
    path = folder / card["garde"]
    if not path.exists():
        raise OzoirError(
            "Original absent.",
            f"« {card['fichier']} » a été reçu mais {path} n’existe plus. Remettez-le en place, ou supprimez "
            f"{card['empreinte']}.json pour reconstruire sans lui.",
        )
    if card.get("contrat"):
        catalogue = load_catalogue(contrat=card["contrat"])
    if card.get("declaration"):
        catalogue = with_declarations(catalogue, [card["declaration"]])
    if not path.name.endswith(AGGREGATE):
        return receive(
            path, catalogue, name=card["fichier"], source=card["layout"], edition=card["edition"], millesimes=card["millesimes"]
        )
    delivery = receive(path, catalogue, name=card["fichier"])
    delivery.source, delivery.edition, delivery.empreinte = card["layout"], card["edition"], card["empreinte"]
    delivery.taille, delivery.conservable = card["taille"], False
    return delivery


def _copy_entries(former: Store | None, fresh: Store) -> None:
    """Entries and journal of the former base, as they were; the rebuilding adds one line to the journal."""
    with fresh.transaction(SHIPPED, "reconstruction", str(fresh.path.name)) as cursor:
        cursor.execute("DELETE FROM journal")
        for table in (*ENTRY_TABLES, "agents", "journal") if former else ():
            rows = former.cursor().execute(f"SELECT * FROM {table} ORDER BY id").df()
            cursor.register("lignes", rows)
            cursor.execute(f"INSERT INTO {table} SELECT * FROM lignes")
            cursor.unregister("lignes")
