"""What the guards may let through, and what they saw on the way."""

from __future__ import annotations

import os
from dataclasses import dataclass, field

from ozoir.errors import OzoirError
from ozoir.ingestion.delivery import Finding, cell_name

Place = tuple[int, int]  # line and column, 1-based


@dataclass(frozen=True)
class Limits:
    """The largest file that is read; sizes in bytes, text in characters."""

    size: int = 50_000_000
    entries: int = 400
    expanded: int = 600_000_000
    ratio: int = 200
    sheets: int = 100
    columns: int = 2_000
    cells: int = 6_000_000
    area: int = 20_000_000
    sparse_area: int = 2_000_000  # from here on, at least one cell in fifty must be filled
    strings: int = 4_000_000
    text: int = 400_000_000


def chosen_limits() -> Limits:
    """The default limits, the size replaced by OZOIR_TAILLE_MAX (in Mo) when it is set."""
    setting = os.environ.get("OZOIR_TAILLE_MAX", "")
    if not setting:
        return Limits()
    if not setting.isdigit() or int(setting) == 0:
        raise OzoirError(
            "Réglage OZOIR_TAILLE_MAX mal formé.",
            f"On attend un nombre entier de mégaoctets, par exemple 50 ; reçu « {setting} ».",
        )
    return Limits(size=int(setting) * 1_000_000)


@dataclass
class SheetScan:
    """One sheet seen from its bytes: how many cells have a value, and the places a reader would silently blank.

    errors: #N/A, #DIV/0!… · unvalued: formulas whose result was not saved · percents: numbers shown as percentages ·
    linked: values that come from another workbook.
    """

    name: str
    is_hidden: bool = False
    cells: int = 0
    rows: int = 0
    columns: int = 0
    hidden_rows: int = 0
    errors: dict[Place, str] = field(default_factory=dict)
    unvalued: set[Place] = field(default_factory=set)
    percents: set[Place] = field(default_factory=set)
    linked: list[Place] = field(default_factory=list)


@dataclass
class Inspection:
    """The kind of a file (xlsx, ods, xls, texte), its sheets in order, and what is worth saying."""

    kind: str
    sheets: list[SheetScan] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def column_number(letters: str) -> int:
    """A → 1, AA → 27."""
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - 64
    return number


def is_too_wide_apart(scan: SheetScan, limits: Limits) -> bool:
    """Whether the sheet's corners are so far apart, for what it holds, that reading it would fill the memory."""
    area = scan.rows * scan.columns
    return area > limits.area or (area > limits.sparse_area and area > 50 * scan.cells)


def refuse_far_cell(scan: SheetScan, limits: Limits) -> None:
    """A sheet with too many columns, or with a cell lost far from the others, is refused."""
    if scan.columns > limits.columns:
        raise OzoirError(
            "Trop de colonnes dans une feuille.",
            f"La feuille « {scan.name} » va jusqu’à la colonne {scan.columns} ; {limits.columns} au plus sont lues. "
            "Supprimez les colonnes inutiles, ou transposez le tableau, puis enregistrez de nouveau.",
        )
    if is_too_wide_apart(scan, limits):
        corner = cell_name(scan.rows, scan.columns)
        raise OzoirError(
            "Cellule isolée très loin du tableau.",
            f"Dans la feuille « {scan.name} », une cellule remplie étend le tableau jusqu’à {corner}. "
            "Allez à cette cellule (Ctrl+Fin), supprimez les lignes et colonnes en trop, puis enregistrez de nouveau.",
        )
