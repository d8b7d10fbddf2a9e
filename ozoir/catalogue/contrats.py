"""Which contracts are declared, where, and which one is asked for. Folder names only: no contract is read here."""

from __future__ import annotations

import os
from pathlib import Path

from ozoir.catalogue.toml_reading import read_toml
from ozoir.errors import OzoirError, did_you_mean
from ozoir.paths import CATALOGUE

FIXED, FOLDERS = "OZOIR_CONTRAT", "OZOIR_CONTRATS"


def contract_folders(folder: Path = CATALOGUE) -> dict[str, Path]:
    """Name → folder: those of OZOIR_CONTRATS (several folders apart by the system's separator), then those which ship.

    A name found twice is a mistake: which one was meant cannot be known.
    """
    found: dict[str, Path] = {}
    for home in (*_outside_folders(), folder / "contrats"):
        with os.scandir(home) as entries:
            for entry in sorted(entries, key=lambda entry: entry.name):
                if not entry.is_dir() or entry.name.startswith((".", "_")):
                    continue
                if entry.name in found:
                    raise OzoirError(
                        "Contrat déclaré deux fois.",
                        f"«\u00a0{entry.name}\u00a0» est dans {found[entry.name].parent} et dans {home}\u00a0: "
                        "renommez l’un des dossiers.",
                    )
                found[entry.name] = Path(entry.path)
    return found


def _outside_folders() -> list[Path]:
    asked = [Path(text).expanduser() for text in os.environ.get(FOLDERS, "").split(os.pathsep) if text.strip()]
    for path in asked:
        if not path.is_dir():
            raise OzoirError("Dossier de contrats absent.", f"{FOLDERS} nomme {path}, qui n’est pas un dossier.")
    return asked


def fixed_contrat() -> str:
    """The contract this process is for: OZOIR_CONTRAT, else the only one declared; empty when one is to be chosen."""
    name = os.environ.get(FIXED, "")
    if name:
        return name
    declared = contract_folders()
    return next(iter(declared)) if len(declared) == 1 else ""


def contract_folder(name: str, folder: Path = CATALOGUE) -> Path:
    """Where a contract lies; OzoirError when it is not declared, or when none is named and there are several."""
    found = contract_folders(folder)
    name = name or os.environ.get(FIXED, "")
    if not name and len(found) == 1:
        return next(iter(found.values()))
    if name in found:
        return found[name]
    if not name:
        raise OzoirError(
            "Contrat de ville à choisir.",
            f"Plusieurs contrats sont déclarés ({', '.join(list(found)[:20])})\u00a0: "
            f"nommez-en un avec --contrat, ou par {FIXED}.",
        )
    raise OzoirError(
        "Contrat de ville inconnu.",
        f"«\u00a0{name}\u00a0».{did_you_mean(name, found)} Contrats déclarés\u00a0: {', '.join(list(found)[:20])}.",
    )


def national_layouts(folder: Path = CATALOGUE) -> frozenset[str]:
    """The layouts of published files, which serve every contract."""
    return frozenset(path.stem for path in (folder / "sources").glob("*.toml") if not read_toml(path).get("locale", True))
