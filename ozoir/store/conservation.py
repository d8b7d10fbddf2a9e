"""Originals whose time is over: their facts are kept as a readable file, read again, before the original goes."""

from __future__ import annotations

import json
import logging
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

from ozoir.catalogue.loading import Catalogue
from ozoir.ingestion.delivery import FACT_COLUMNS
from ozoir.ingestion.reading import read_delivery
from ozoir.ingestion.series import write_series
from ozoir.paths import raw_folder
from ozoir.store.base import Store, now
from ozoir.store.cleaning import ECARTES
from ozoir.store.depots import workbook_path
from ozoir.store.imports import AGGREGATE, write_durably

LOG = logging.getLogger("ozoir.store")
KEEP_DAYS = "conservation_jours"
EXPIRED = "conservation échue"
_COMPARED = ("mesure", "territoire", "zonage", "date_reference", "sexe", "age", "detail", "statut")


def remove_expired(store: Store, catalogue: Catalogue, days: int) -> list[str]:
    """Names of the files which went; nothing for 0 days. What cannot be read again the same is kept, and said in the log."""
    if days <= 0:
        return []
    limit, folder, gone = now() - timedelta(days=days), raw_folder(store.path), []
    for path in sorted(folder.glob("*.json")):
        card = json.loads(path.read_text("utf-8"))
        is_original = not card["garde"].endswith(AGGREGATE) and (folder / card["garde"]).exists()
        if is_original and datetime.fromisoformat(card["ordre"]) < limit and _keep_facts(store, catalogue, path, card):
            gone.append(card["fichier"])
    return gone + _remove_workbooks(store, limit) + _remove_put_aside(folder / ECARTES, limit)


def _keep_facts(store: Store, catalogue: Catalogue, path: Path, card: dict) -> bool:
    """True once the facts lie in a file of their own, which `reconstruire` reads instead of the original.

    path: of the card. Stopped anywhere in between, the next round does what is left.
    """
    digest, contrat = card["empreinte"], card.get("contrat", "")
    found = store.cursor().execute(
        f"SELECT {', '.join(f'faits.{name}' for name in FACT_COLUMNS)} FROM faits JOIN imports ON imports.id = import_id "
        "WHERE empreinte = ? AND ? IN ('', imports.contrat)",
        [digest, contrat],
    )
    rows = found.df()
    kept, part = path.with_name(f"{path.stem}{AGGREGATE}"), path.with_name(f"{path.stem}.part")
    write_series(rows, part)
    write_durably(kept, [part.read_bytes()])
    part.unlink()
    if _counted(read_delivery(kept, catalogue).faits) != _counted(rows):
        LOG.error("facts of %s do not read back the same: its original is kept", digest)
        kept.unlink()
        return False
    with store.record("programme", EXPIRED, digest, {"fichier": card["fichier"]}) as cursor:
        cursor.execute("UPDATE imports SET conserve = false WHERE empreinte = ? AND ? IN ('', contrat)", [digest, contrat])
    written = {**card, "garde": kept.name, "conserve": False}
    write_durably(path, [json.dumps(written, ensure_ascii=False, indent=1).encode()])
    cards = (json.loads(other.read_text("utf-8")) for other in path.parent.glob(f"{digest}*.json"))
    if all(other["garde"] != card["garde"] for other in cards):  # the same file may have been sent to two contracts
        (path.parent / card["garde"]).unlink()
    return True


def _counted(faits) -> Counter:
    """Facts as comparable lines, values included; a missing value is one text."""
    columns = [faits[name].astype(str).str[:10] if name == "date_reference" else faits[name].astype(str) for name in _COMPARED]
    values = ["" if value != value or value is None else repr(float(value)) for value in faits["valeur"]]
    return Counter(zip(*columns, values, strict=True))


def _remove_workbooks(store: Store, limit: datetime) -> list[str]:
    """Collection workbooks: what they said is in the entries, which every rebuilding copies."""
    gone = []
    for empreinte, fichier, moment in store.cursor().execute("SELECT empreinte, fichier, charge_le FROM depots").fetchall():
        path = workbook_path(store, empreinte, fichier)
        if moment < limit and path.exists():
            with store.record("programme", EXPIRED, empreinte, {"fichier": fichier}):
                pass
            path.unlink()
            gone.append(fichier)
    return gone


def _remove_put_aside(folder: Path, limit: datetime) -> list[str]:
    """What was put aside belongs to no import."""
    moment = limit.replace(tzinfo=UTC).timestamp()
    files = [path for path in folder.iterdir() if path.is_file()] if folder.is_dir() else []
    old = [path for path in files if path.stat().st_mtime < moment]
    for path in old:
        path.unlink()
    return [path.name for path in old]
