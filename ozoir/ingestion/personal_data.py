"""Columns that name persons are refused before anything is kept; a finding gives the column, never a value.

The layouts' allow-list comes first: a declared header is never suspected, an undeclared column is never stored. This is
the second fence, for a whole file that should not have been sent: hidden sheets included.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from ozoir.ingestion.delivery import BLOQUANT, Finding
from ozoir.ingestion.grids import Cell, Grid
from ozoir.ingestion.guards import name_cells
from ozoir.ingestion.headers import normalise
from ozoir.ingestion.recognition import HEAD, Recognised, Unrecognised

_PERSON = (
    r"(?:locataire|titulaire|jeune|allocataire|demandeur|beneficiaire|conjoint|enfant|usager|referent|famille|naissance|usage)"
)
_HEADERS = re.compile(
    rf"(?:nom|noms|prenom|prenoms)(?: (?:du |de la |de l'|de |d'|des )?{_PERSON}.*| patronymique| marital| usuel| complet)?"
    r"|(?:nom|prenom)s? (?:et|/|-|,) ?(?:nom|prenom)s?|nom ?/ ?prenom"
    r"|(?:date|lieu|commune|pays) de naissance.*|ne\(?e?\)? le|date naissance"
    r"|nir|(?:n°|no|num|numero)\.? ?(?:de )?(?:securite sociale|ss|insee|allocataire|caf|identifiant pole emploi|dossier)"
    r"|identifiant (?:pole emploi|france travail|i-?milo|allocataire|dossier)|matricule(?: allocataire)?"
    r"|(?:tel|telephone|portable|mobile)(?: .*)?|(?:e-?mail|mail|courriel|adresse (?:mail|e-?mail|electronique))(?: .*)?"
    r"|adresse(?: (?:postale|complete|personnelle|du (?:locataire|jeune|domicile)).*)?"
)
_NIR = re.compile(r"[1-478]\d{2}(?:0[1-9]|1[0-2]|[2-9]\d)(?:\d{2}|2[AB])\d{6}\d{2}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[a-z]{2,}", re.IGNORECASE)
_FEW_EMAILS = 3  # a contact or two at the foot of a table is no list of persons
_ADVICE = "Le fichier est refusé et n’est pas gardé\u00a0: demandez au partenaire des totaux, sans aucune donnée nominative."


def find_personal_data(grids: Iterable[Grid], sheets: Sequence[Recognised | Unrecognised]) -> list[Finding]:
    """One blocking finding per suspected column, on every sheet, hidden ones included."""
    declared = {sheet.grid.name: sheet for sheet in sheets if isinstance(sheet, Recognised)}
    return [finding for grid in grids for finding in _inspect_sheet(grid, declared.get(grid.name))]


def _inspect_sheet(grid: Grid, sheet: Recognised | None) -> Iterator[Finding]:
    known = {column for columns in sheet.columns.values() for column in columns} if sheet else set()
    for line, column in _nominative_headers(grid, sheet):
        if column not in known:
            header = grid.rows[line - 1][column - 1]
            message = f"la colonne «\u00a0{header}\u00a0» désigne des personnes. {_ADVICE}"
            yield Finding(BLOQUANT, message, grid.name, name_cells([(line, column)]))
    for column, (kind, count) in sorted(_nominative_values(grid).items()):
        yield Finding(
            BLOQUANT, f"{count} cellules de cette colonne ont la forme {kind}. {_ADVICE}", grid.name, name_cells([(1, column)])
        )


def _nominative_headers(grid: Grid, sheet: Recognised | None) -> Iterator[tuple[int, int]]:
    """Cells of the header row (of the first rows when it is not known) that read like a person's field, with cells below."""
    lines = [sheet.header.line] if sheet else range(1, min(HEAD, len(grid.rows)) + 1)
    for line in lines:
        for column, cell in enumerate(grid.rows[line - 1], 1):
            if _is_nominative(cell) and any(below != "" for below in grid.column(column, line + 1)):
                yield line, column


def _is_nominative(cell: Cell) -> bool:
    return isinstance(cell, str) and len(cell) < 60 and bool(_HEADERS.fullmatch(normalise(cell.replace("_", " "))))


def _nominative_values(grid: Grid) -> dict[int, tuple[str, int]]:
    """Column → (what its cells look like, how many): social security numbers, e-mail addresses."""
    like_nir: dict[int, list[bool]] = {}
    emails: dict[int, int] = {}
    for row in grid.rows:
        for column, cell in enumerate(row, 1):
            kind = type(cell)
            if kind is str and len(cell) >= 6:
                if "@" in cell and _EMAIL.search(cell):
                    emails[column] = emails.get(column, 0) + 1
                elif len(cell) >= 15 and cell[0] in "123478" and (digits := _nir_digits(cell)):
                    like_nir.setdefault(column, []).append(has_valid_key(digits))
            elif kind is float and cell >= 1e14 and (digits := _nir_digits(cell)):
                like_nir.setdefault(column, []).append(has_valid_key(digits))
    found = {column: ("d’adresses électroniques", count) for column, count in emails.items() if count >= _FEW_EMAILS}
    # one number in two hundred has a right key by chance: a column of other identifiers stays below half
    found |= {
        column: ("de numéros de sécurité sociale", sum(valid))
        for column, valid in like_nir.items()
        if 2 * sum(valid) > len(valid)
    }
    return found


def _nir_digits(cell: Cell) -> str:
    """The fifteen signs of what is shaped like a NIR with its key, else nothing."""
    text = f"{cell:.0f}" if isinstance(cell, float) else re.sub(r"[\s\u00a0\u202f.\-]", "", cell).upper()
    return text if _NIR.fullmatch(text) else ""


def has_valid_key(digits: str) -> bool:
    """Whether the last two digits are the key of the thirteen others (2A counts as 19, 2B as 18)."""
    number = digits[:13].replace("2A", "19").replace("2B", "18")
    return int(digits[13:]) == 97 - int(number) % 97
