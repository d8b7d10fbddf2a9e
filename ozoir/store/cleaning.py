"""At start: what a sudden stop left behind is put aside, never destroyed: half-written files, originals without import."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path

from ozoir.paths import backup_folder, raw_folder

ECARTES = "ecartes"
_HASHED = re.compile(r"(?P<empreinte>[0-9a-f]{64})\.")
_HALF_WRITTEN = (".ecriture", ".part")


def remove_half_written(base: Path, before: datetime) -> list[str]:
    """Files which never got their name: nobody was told that they were there."""
    folders = (base.parent, raw_folder(base), raw_folder(base) / "collecte", backup_folder(base))
    found = [
        path
        for folder in folders
        if folder.is_dir()
        for path in folder.iterdir()
        if path.suffix in _HALF_WRITTEN and path.is_file() and _written_at(path) <= before
    ]
    for path in found:
        path.unlink(missing_ok=True)
    return [path.name for path in found]


def set_aside_strays(cursor, base: Path, before: datetime) -> list[str]:
    """Originals kept for an import which was never confirmed: moved to `raw/ecartes`, so that rebuilding ignores them."""
    imports = {digest for (digest,) in cursor.execute("SELECT empreinte FROM imports").fetchall()}
    deposits = {digest for (digest,) in cursor.execute("SELECT empreinte FROM depots").fetchall()}
    found = [*_strays(raw_folder(base), imports), *_strays(raw_folder(base) / "collecte", deposits)]
    strays = [path for path in found if _written_at(path) <= before]
    for path in strays:
        aside = raw_folder(base) / ECARTES
        aside.mkdir(mode=0o700, exist_ok=True)
        path.replace(aside / path.name)
    return [path.name for path in strays]


def _written_at(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC).replace(tzinfo=None)


def _strays(folder: Path, known: set[str]) -> list[Path]:
    if not folder.is_dir():
        return []
    hashed = ((path, _HASHED.match(path.name)) for path in sorted(folder.iterdir()) if path.is_file())
    return [path for path, match in hashed if match and match["empreinte"] not in known and not _belongs_elsewhere(path, known)]


def _belongs_elsewhere(path: Path, known: set[str]) -> bool:
    """An aggregate is kept under its file's print: its own card says which import it feeds."""
    card = path.parent / f"{path.name.split('.')[0]}.json"
    return card.exists() and json.loads(card.read_text("utf-8")).get("empreinte") in known
