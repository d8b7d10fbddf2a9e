"""Outlines received or dropped in the raw folder: the files themselves are the memory, rebuilding has nothing to do."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from functools import lru_cache
from pathlib import Path

from ozoir.catalogue.contours import Contour
from ozoir.errors import OzoirError
from ozoir.ingestion.contours import read_contours
from ozoir.paths import raw_folder
from ozoir.store.base import Store
from ozoir.store.imports import write_durably

_FOLDER = "contours"


def keep_contours(store: Store, data: bytes, name: str, codes: Collection[str], auteur: str) -> tuple[Contour, ...]:
    """The file under its hash and a line of the journal; OzoirError, and nothing kept, when it is broken."""
    contours = read_contours(data, name, codes)
    digest = hashlib.sha256(data).hexdigest()
    folder = raw_folder(store.path) / _FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with store.transaction(auteur, "import", digest, {"fichier": name, "contours": sorted(item.code for item in contours)}):
        write_durably(folder / f"{digest}.json", [json.dumps({"fichier": name}, ensure_ascii=False).encode()])
        write_durably(folder / f"{digest}.geojson", [data])
    return contours


def find_contours(store: Store, codes: Collection[str]) -> tuple[dict[str, Contour], list[str]]:
    """Code → its outline, the latest file first served; and why the files that cannot be read are not, in French."""
    contours: dict[str, Contour] = {}
    problems = []
    for path in sorted(_files(raw_folder(store.path)), key=lambda path: path.stat().st_mtime, reverse=True):
        read, problem = _read(path, path.stat().st_mtime_ns, tuple(codes))
        contours |= {item.code: item for item in read if item.code not in contours}
        problems += [problem] if problem else []
    return contours, problems


def _files(folder: Path) -> list[Path]:
    """Those put there by hand, and those imported."""
    return [path for place in (folder, folder / _FOLDER) for path in place.glob("*.geojson") if path.is_file()]


@lru_cache(maxsize=64)
def _read(path: Path, changed: int, codes: tuple[str, ...]) -> tuple[tuple[Contour, ...], str]:
    """`changed` is in the key so that a file replaced by hand is read again."""
    try:
        return read_contours(path.read_bytes(), _name(path), codes), ""
    except OzoirError as error:
        return (), f"{error.title} {error.message}"


def _name(path: Path) -> str:
    """As it was called when it came: its card says it."""
    card = path.with_suffix(".json")
    return json.loads(card.read_text("utf-8"))["fichier"] if card.exists() else path.name
