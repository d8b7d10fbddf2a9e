"""Collection workbooks in tests: made from a base, filled by hand, cell by cell named as a reader would."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date

from openpyxl import Workbook, load_workbook

from ozoir.catalogue.classeur import FEUILLES, Classeur
from ozoir.catalogue.suivi import Cadre
from ozoir.exports.collecte import write_workbook
from ozoir.ingestion.collecte import Collecte, read_collecte
from ozoir.ingestion.collecte_worker import LIMITS
from ozoir.ingestion.grids import read_grids
from ozoir.store.base import Store
from ozoir.suivi.collecte import compose_workbook
from ozoir.suivi.dossier import load_dossier

PILOTE, ANNEE, DAY = "Service emploi intercommunal", 2016, date(2016, 11, 3)
FIRST_ROW = 5


def compose(store: Store, cadre: Cadre, pilote: str = PILOTE, annee: int = ANNEE) -> Classeur:
    return compose_workbook(load_dossier(store, cadre), pilote, annee, DAY)


def place(classeur: Classeur, key: str, field: str) -> tuple[str, str]:
    """(sheet, cell) of a field in the row of a key, without its year: place(c, "emploi-01-a1", "statut") → Actions, F5."""
    for feuille in FEUILLES:
        for rank, line in enumerate(classeur.lignes[feuille.id]):
            if line.cle == f"{classeur.entete.annee}|{key}":
                letter = "ABCDEFGHIJKLMN"[[column.champ for column in feuille.colonnes].index(field)]
                return feuille.titre, f"{letter}{FIRST_ROW + rank}"
    raise KeyError(key)


def edit(data: bytes, change: Callable[[Workbook], object]) -> bytes:
    """The file after somebody worked on it."""
    book = load_workbook(io.BytesIO(data))
    change(book)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def fill(classeur: Classeur, values: dict[tuple[str, str], object]) -> bytes:
    """The written workbook, with these values in these (sheet, cell)."""

    def type_values(book: Workbook) -> None:
        for (sheet, cell), value in values.items():
            book[sheet][cell] = value

    return edit(write_workbook(classeur), type_values)


def read(data: bytes, cadre: Cadre, annee: int = ANNEE, name: str = "retour.xlsx") -> Collecte:
    """Read in this process; the limited one has tests of its own."""
    return read_collecte(read_grids(data, name, set(), LIMITS), data, name, cadre, annee)
