"""A file becomes raw grids: every cell at the line and column where the person who opens the file sees it."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, field

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from ozoir.errors import OzoirError
from ozoir.ingestion.delivery import AVERTISSEMENT, BLOQUANT, Finding
from ozoir.ingestion.guards import inspect_file
from ozoir.ingestion.inspection import Inspection, Limits, Place, SheetScan
from ozoir.ingestion.markup_grids import read_markup
from ozoir.ingestion.ooxml import count_blank_texts
from ozoir.ingestion.packages import RESAVE, Package
from ozoir.ingestion.text_grids import read_text_grid

_CONTROL = re.compile("[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]")  # a sheet's name is shown: no line break, no reversed text
Cell = object  # str (empty when there is nothing), float, int, bool, date, datetime, time, timedelta


@dataclass(frozen=True)
class Grid:
    """One sheet as it stands. rows[0] is line 1; every row has the same width; an empty cell is an empty string.

    errors: places read as empty which hold an error or an unsaved formula result. merged: ((line, column), (line, column)).
    """

    name: str
    rows: list[list[Cell]]
    is_hidden: bool = False
    errors: dict[Place, str] = field(default_factory=dict)
    merged: tuple[tuple[Place, Place], ...] = ()

    @property
    def width(self) -> int:
        return len(self.rows[0]) if self.rows else 0

    def column(self, rank: int, first_line: int = 1) -> list[Cell]:
        """The cells of a column (1-based) from a line on."""
        return [row[rank - 1] for row in self.rows[first_line - 1 :]]


@dataclass(frozen=True)
class GridFile:
    """A file's grids, in order, and what the guards and the reader noticed. kind: xlsx, ods, xls, texte."""

    grids: tuple[Grid, ...]
    findings: tuple[Finding, ...]
    kind: str = "texte"


def read_grids(data: bytes, name: str, known: set[str], limits: Limits) -> GridFile:
    """Guards first, then every sheet; `known` holds the normalised headers of every layout (to find a separator)."""
    inspection = inspect_file(data, name, limits)
    if inspection.kind == "texte":
        rows, findings = read_text_grid(data, known, limits)
        return GridFile((Grid("", rows),), (*inspection.findings, *findings))
    if inspection.kind in ("html", "xml"):
        sheets, findings = read_markup(data, inspection.kind, limits)
        grids = tuple(Grid(name, rows, errors=errors, merged=merged) for name, rows, merged, errors in sheets)
        return GridFile(grids, (*inspection.findings, *findings), inspection.kind)
    return _read_workbook(data, inspection, limits)


def _read_workbook(data: bytes, inspection: Inspection, limits: Limits) -> GridFile:
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
        grids = tuple(_read_sheet(workbook, scan) for scan in inspection.sheets)
    except PasswordError as error:
        raise OzoirError("Fichier protégé par un mot de passe.", "Demandez une copie sans mot de passe.") from error
    except (CalamineError, OSError, ValueError) as error:
        raise OzoirError("Classeur illisible.", f"Son contenu ne peut pas être lu. {RESAVE}") from error
    findings = _check_counts(data, grids, inspection, limits)
    return GridFile(grids, (*inspection.findings, *findings), inspection.kind)


def _read_sheet(workbook: CalamineWorkbook, scan: SheetScan) -> Grid:
    sheet = workbook.get_sheet_by_name(scan.name)
    rows = sheet.to_python(skip_empty_area=False)
    for line, column in scan.percents:
        if line <= len(rows) and column <= len(rows[0]) and isinstance(rows[line - 1][column - 1], (int, float)):
            # the person sees « 12,5 % » where the file holds 0.125
            rows[line - 1][column - 1] = round(100 * rows[line - 1][column - 1], 10)
    errors = {**scan.errors, **dict.fromkeys(scan.unvalued, "formule sans résultat")}
    ranges = sheet.merged_cell_ranges or ()
    merged = tuple(((top + 1, left + 1), (bottom + 1, right + 1)) for (top, left), (bottom, right) in ranges)
    return Grid(_CONTROL.sub(" ", scan.name), rows, scan.is_hidden, errors, merged)


def _check_counts(data: bytes, grids: tuple[Grid, ...], inspection: Inspection, limits: Limits) -> list[Finding]:
    """Cells counted on the bytes = cells read, error cells and empty texts apart: nothing was lost in silence."""
    findings = []
    blanks: dict[str, int] | None = None
    for grid, scan in zip(grids, inspection.sheets, strict=True):
        read = sum(len(row) - row.count("") for row in grid.rows)
        lost = scan.cells - read - sum(_is_blank(grid, place) for place in scan.errors)
        if lost > 0 and inspection.kind == "xlsx":
            blanks = count_blank_texts(Package(data, limits)) if blanks is None else blanks
            lost -= blanks[scan.name]
        if lost > 0 and (inspection.kind == "xlsx" or read == 0):
            message = f"Lecture incomplète : {scan.cells} cellules remplies dans le fichier, {read} lues. {RESAVE}"
            findings.append(Finding(BLOQUANT if not grid.is_hidden else AVERTISSEMENT, message, grid.name))
    return findings


def _is_blank(grid: Grid, place: Place) -> bool:
    line, column = place
    return line > len(grid.rows) or column > grid.width or grid.rows[line - 1][column - 1] == ""
