"""What a sheet looks like to the person who must say whether it was understood: a few of its rows, its cells marked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime

from ozoir.ingestion.grids import Cell, Grid
from ozoir.ingestion.headers import read_text
from ozoir.ingestion.layouts import LOGEMENTS, TRANSPOSE
from ozoir.ingestion.recognition import Recognised, Unrecognised

LINES, COLUMNS, TEXT, AROUND = 300, 400, 120, 5
ENTETE, TERRITOIRE, VENTILATION, VALEUR = "entete", "territoire", "ventilation", "valeur"


@dataclass(frozen=True)
class SheetPreview:
    """The first rows of a sheet and those which gave facts: (line, texts). roles: column → what it was taken for.

    entete: the header's line, 0 when none was recognised. proche, absents, inconnus, suggestions: the nearest layout
    of a sheet that is none, the headers it lacks, those it has besides, and which may stand for which.
    """

    nom: str
    lignes: tuple[tuple[int, tuple[str, ...]], ...]
    hauteur: int
    largeur: int
    entete: int = 0
    roles: tuple[tuple[int, str], ...] = ()
    tableau: str = ""
    source: str = ""
    fusions: tuple[tuple[int, int, int, int], ...] = ()
    proche: str = ""
    absents: tuple[str, ...] = ()
    inconnus: tuple[str, ...] = ()
    suggestions: tuple[tuple[str, str], ...] = ()

    @property
    def rows(self) -> dict[int, tuple[str, ...]]:
        """Line → its texts."""
        return dict(self.lignes)


def preview_sheets(
    sheets: Iterable[Recognised | Unrecognised], fact_lines: dict[str, list[int]], wanted: int = 0
) -> list[dict]:
    """One preview per visible sheet, as plain data; none for one row per dwelling. wanted: a line to show besides."""
    around = range(max(wanted - AROUND, 1), wanted + AROUND + 1) if wanted else ()
    return [
        asdict(_preview(sheet, [*fact_lines.get(sheet.grid.name, [])[:50], *around]))
        for sheet in sheets
        if not _is_row_level(sheet)
    ]


def restore_preview(data: dict) -> SheetPreview:
    """The reverse of `preview_sheets`, lists made tuples again."""
    lines = tuple((line, tuple(texts)) for line, texts in data["lignes"])
    pairs = {name: tuple(map(tuple, data[name])) for name in ("roles", "fusions", "suggestions")}
    flat = {name: tuple(data[name]) for name in ("absents", "inconnus")}
    return SheetPreview(**{**data, **pairs, **flat, "lignes": lines})


def _is_row_level(sheet: Recognised | Unrecognised) -> bool:
    return isinstance(sheet, Recognised) and sheet.layout.tableau.forme == LOGEMENTS


def _preview(sheet: Recognised | Unrecognised, fact_lines: list[int]) -> SheetPreview:
    grid = sheet.grid
    shown = sorted({*range(1, min(LINES, len(grid.rows)) + 1), *fact_lines})
    common = {
        "nom": grid.name,
        "lignes": tuple((line, _texts(grid, line)) for line in shown if line <= len(grid.rows)),
        "hauteur": len(grid.rows),
        "largeur": grid.width,
        "fusions": tuple((top, left, bottom, right) for (top, left), (bottom, right) in grid.merged[:200]),
    }
    if isinstance(sheet, Recognised):
        layout = sheet.layout
        roles = tuple(sorted(_roles(sheet).items()))
        return SheetPreview(**common, entete=sheet.header.line, roles=roles, tableau=layout.title, source=layout.source.id)
    nearest = sheet.nearest
    return SheetPreview(
        **common,
        tableau=nearest.title if nearest else "",
        proche=nearest.source.id if nearest else "",
        absents=sheet.missing,
        inconnus=sheet.unknown,
        suggestions=sheet.suggestions,
    )


def _roles(sheet: Recognised) -> dict[int, str]:
    tableau = sheet.layout.tableau
    rules = tableau.territoire
    roles: dict[int, str] = {}
    is_transposed = tableau.forme == TRANSPOSE
    values = rules.valeurs if rules.regle == "entetes" else sheet.layout.mapped
    for name in values:
        roles |= dict.fromkeys(sheet.columns.get(name, ()), VALEUR)
    for name in (
        *(column.colonne for column in tableau.dimensions),
        tableau.date,
        *(tableau.signature[:1] if is_transposed else ()),
    ):
        roles |= dict.fromkeys(sheet.columns.get(name, ()), VENTILATION)
    if rules.regle in ("colonne", "libelle") and (column := sheet.column(*rules.colonnes)):
        roles[column] = TERRITOIRE
    return roles


def _texts(grid: Grid, line: int) -> tuple[str, ...]:
    return tuple(_text(cell) for cell in grid.rows[line - 1][:COLUMNS])


def _text(cell: Cell) -> str:
    if isinstance(cell, datetime | date):
        return f"{cell:%d/%m/%Y}"
    if isinstance(cell, bool):
        return "VRAI" if cell else "FAUX"
    text = read_text(cell)
    return (text.replace(".", ",") if isinstance(cell, float) else text)[:TEXT]
