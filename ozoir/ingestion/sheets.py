"""What every shape of sheet shares: the file being read, cells under merged cells, a column of values made into facts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from ozoir.catalogue.loading import Catalogue
from ozoir.catalogue.model import Bloc, Mesure, Source
from ozoir.ingestion.delivery import AVERTISSEMENT, BLOQUANT, INFORMATION, Finding, name_cells
from ozoir.ingestion.facts import Context, FactBuilder
from ozoir.ingestion.grids import Cell, Grid
from ozoir.ingestion.headers import read_text
from ozoir.ingestion.plausibility import check_numbers
from ozoir.ingestion.recognition import Recognised
from ozoir.ingestion.territories import COMMUNE, QUARTIER, Territory, locate_quartier
from ozoir.ingestion.values import (
    AMBIGU,
    CONNU,
    DEMESURE,
    ERREUR,
    GENRE,
    MANQUANT,
    NON_DIFFUSE,
    PROVISOIRE,
    TEXTE,
    CellReader,
    Reading,
)
from ozoir.ingestion.vintages import Period, find_reference_date

_PROBLEMS = {
    TEXTE: "ce texte n’est ni un nombre ni un signe connu : valeur lue comme manquante.",
    AMBIGU: "ce nombre peut se lire de plusieurs façons : valeur lue comme manquante. Écrivez-le sans séparateur de milliers.",
    GENRE: "une date ou un oui/non là où un nombre est attendu (Excel fait de « 1-4 » une date) : valeur lue comme manquante.",
    DEMESURE: "ce nombre est infini, ou trop grand pour compter quoi que ce soit\u00a0: valeur lue comme manquante.",
    ERREUR: "cellule en erreur : valeur lue comme manquante, jamais comme zéro.",
}
_PERCENT = "pourcentages écrits comme des textes : lus comme des nombres."


@dataclass
class Job:
    """One file being read: what is known of it, and what is gathered from its sheets."""

    catalogue: Catalogue
    source: Source
    millesimes: Mapping[str, object]
    builder: FactBuilder = field(default_factory=FactBuilder)
    findings: list[Finding] = field(default_factory=list)
    dates: dict[str, set[date]] = field(default_factory=dict)
    lecture: dict[str, dict[str, int]] = field(default_factory=dict)
    names: dict[Territory, tuple[str, str]] = field(default_factory=dict)
    is_row_level: bool = False
    marks: dict[tuple[str, str], list[tuple[int, int]]] = field(default_factory=dict)  # (sheet, mark) → its cells

    def __post_init__(self) -> None:
        self.reader = CellReader(self.source.vide, self.source.marques)

    def find_date(self, bloc: Bloc, period: Period, sheet: Recognised) -> tuple[date | None, bool]:
        """(the block's date or None when rows have their own, whether the block can be read)."""
        day, finding = find_reference_date(bloc, period, sheet.years, self.millesimes)
        if finding and finding not in self.findings:
            self.findings.append(finding)
        return day, not (finding and finding.gravite == BLOQUANT)

    def count(self, sheet: Grid, **numbers: int) -> None:
        """Adds to what was read of one sheet."""
        counts = self.lecture.setdefault(sheet.name, {})
        for name, number in numbers.items():
            counts[name] = counts.get(name, 0) + int(number)

    def describe_marks(self) -> list[Finding]:
        """Where signs stand for withheld values, and where percentages are texts."""
        return [
            Finding(
                INFORMATION,
                _PERCENT
                if mark == "%"
                else f"valeurs «\u00a0{mark}\u00a0»\u00a0: non diffusées, lues ni comme un nombre ni comme un zéro.",
                sheet,
                name_cells(places),
            )
            for (sheet, mark), places in self.marks.items()
        ]

    def territory_rank(self, territory: Territory, day: date) -> int:
        """The territory's number among the facts; the quartier takes the code that holds on the day."""
        if territory.code == QUARTIER:
            territory = locate_quartier(self.catalogue.territoire, day)
        return self.builder.territoires.rank(territory)

    def commune(self) -> Territory:
        """The contract's own commune."""
        return Territory(self.catalogue.territoire.code_commune, COMMUNE)


def filled_column(grid: Grid, column: int, first_line: int) -> list[Cell]:
    """The cells of a column, those under a vertical merge repeating its value."""
    cells = grid.column(column, first_line)
    for (top, left), (bottom, right) in grid.merged:
        if left <= column <= right and bottom > top and bottom >= first_line:
            value = grid.rows[top - 1][left - 1]
            for line in range(max(top, first_line), min(bottom, len(grid.rows)) + 1):
                cells[line - first_line] = value
    return cells


def read_values(
    job: Job, grid: Grid, cells: Sequence[Cell], lines: np.ndarray, column: int, entete: str, mesure: Mesure
) -> Reading:
    """The cells of one column on the given lines, with everything doubtful said."""
    reading = job.reader.read(cells)
    if grid.errors:
        for rank, line in enumerate(lines):
            if (int(line), column) in grid.errors:
                reading.statuts[rank] = MANQUANT
    for kind, ranks in reading.problems.items():
        message = f"colonne « {entete} » : {_PROBLEMS[kind]}"
        gravite = AVERTISSEMENT
        valeur = str(cells[int(ranks[0])])
        job.findings.append(Finding(gravite, message, grid.name, _places(lines[ranks], column), valeur))
    _note_marks(job, grid, cells, lines, column, reading)
    job.findings += check_numbers(reading, lines, column, entete, mesure, grid.name)
    job.count(
        grid,
        cellules=len(lines),
        cellules_chargees=np.isin(reading.statuts, (CONNU, PROVISOIRE)).sum(),
        cellules_vides=sum(cell == "" for cell in cells),
    )
    return reading


def _note_marks(job: Job, grid: Grid, cells: Sequence[Cell], lines: np.ndarray, column: int, reading: Reading) -> None:
    """« ND », « < 5 » and « 51,8 % » are said with their cells, whatever the column."""
    texts = {cell for cell in set(cells) if isinstance(cell, str) and cell}
    for rank, cell in enumerate(cells) if texts else ():
        if cell not in texts:
            continue
        if reading.statuts[rank] == NON_DIFFUSE:
            job.marks.setdefault((grid.name, read_text(cell)), []).append((int(lines[rank]), column))
        elif reading.statuts[rank] == CONNU and cell.rstrip().endswith("%"):
            job.marks.setdefault((grid.name, "%"), []).append((int(lines[rank]), column))


def _places(lines: np.ndarray, column: int) -> str:
    return name_cells((int(line), column) for line in lines)


def add_facts(job: Job, grid: Grid, reading: Reading, bloc: Bloc, place, entete: str, edition: str) -> None:
    """One column's facts. place: (cle ranks, territory ranks, day numbers, lines, column), arrays or single numbers."""
    cle, territoire, jour, lines, column = place
    contexte = Context(bloc.source, edition, grid.name, entete)
    job.builder.add(cle, territoire, jour, reading.values, reading.statuts, contexte, lines, column)
