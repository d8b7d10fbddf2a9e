"""Every path of the project, once."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGES = ROOT / "pages"
CATALOGUE = ROOT / "ozoir" / "catalogue"
RAW = ROOT / "data" / "raw"
BASE = ROOT / "data" / "contract.duckdb"
DEMO_RAW = ROOT / "data" / "demo" / "raw"
DEMO_BASE = ROOT / "data" / "demo" / "contract.duckdb"
SHARED_DATA = ROOT.parent / "shared" / "data"
SHARED_CONTRAT = ROOT.parent / "shared" / "contrat" / "contrat-de-ville.md"


def chosen_base() -> Path:
    """The base of this process: OZOIR_BASE when set, else data/contract.duckdb."""
    return Path(os.environ.get("OZOIR_BASE") or BASE).resolve()


def raw_folder(base: Path) -> Path:
    """Where the original files of a base are kept: the folder `raw` beside it."""
    return base.resolve().parent / "raw"


def backup_folder(base: Path) -> Path:
    """Where the backups of a base are kept: the folder `sauvegardes` beside it."""
    return base.resolve().parent / "sauvegardes"
