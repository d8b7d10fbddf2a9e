"""The collection workbooks received, kept as they came: in `raw/collecte/`, each under its print."""

from __future__ import annotations

from pathlib import Path

from ozoir.catalogue.saisies import Depot, Modification
from ozoir.paths import raw_folder
from ozoir.store.base import Store
from ozoir.store.imports import write_durably
from ozoir.store.suivi import save_deposit


def workbook_path(store: Store, empreinte: str, fichier: str) -> Path:
    """Where the original of a deposit lies."""
    return raw_folder(store.path) / "collecte" / f"{empreinte}{Path(fichier).suffix.lower()}"


def keep_and_save(store: Store, depot: Depot, modifications: list[Modification], content: bytes) -> Depot:
    """The original first, durably, then the entries in one transaction; refused, nothing of it remains."""
    path = workbook_path(store, depot.empreinte, depot.fichier)
    was_there = path.exists()
    path.parent.mkdir(parents=True, exist_ok=True)
    write_durably(path, [content])
    try:
        return save_deposit(store, depot, modifications)
    except BaseException:
        if not was_there:
            path.unlink()
        raise
