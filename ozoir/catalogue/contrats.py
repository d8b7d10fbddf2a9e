"""Which contracts are declared, where, and which one is asked for. Folder names only: no contract is read here."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import islice
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
    for path in _folders(folder):
        if path.name in found:
            raise OzoirError(
                "Contrat déclaré deux fois.",
                f"«\u00a0{path.name}\u00a0» est dans {found[path.name].parent} et dans {path.parent}\u00a0: "
                "renommez l’un des dossiers.",
            )
        found[path.name] = path
    return dict(sorted(found.items()))


def _folders(folder: Path) -> Iterator[Path]:
    for home in _homes(folder):
        with os.scandir(home) as entries:
            yield from (Path(item.path) for item in entries if item.is_dir() and not item.name.startswith((".", "_")))


def _first_two(folder: Path) -> list[Path]:
    return list(islice(_folders(folder), 2))


def _homes(folder: Path) -> list[Path]:
    return [*_outside_folders(), folder / "contrats"]


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
    declared = _first_two(CATALOGUE)
    return declared[0].name if len(declared) == 1 else ""


def has_several_contracts() -> bool:
    """Whether one must be chosen. Looks at two folders at most."""
    return len(_first_two(CATALOGUE)) > 1


def is_declared(name: str) -> bool:
    """Whether this is the name of a contract, and nothing else than a name."""
    return bool(_named(name, CATALOGUE))


def _named(name: str, folder: Path) -> list[Path]:
    """The folders of this name: a name, not a way to another folder."""
    if not name or Path(name).name != name or name.startswith((".", "_")):
        return []
    return [home / name for home in _homes(folder) if (home / name).is_dir()]


def contract_folder(name: str, folder: Path = CATALOGUE) -> Path:
    """Where a contract lies; OzoirError when it is not declared, or when none is named and there are several."""
    name = name or os.environ.get(FIXED, "")
    if len(named := _named(name, folder)) == 1:
        return named[0]
    if not name and len(alone := _first_two(folder)) == 1:
        return alone[0]
    found = contract_folders(folder)
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
