"""What reading a file yields: facts with their cells, and findings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from ozoir.ingestion.previews import SheetPreview

BLOQUANT, AVERTISSEMENT, INFORMATION = "bloquant", "avertissement", "information"
GRAVITES = (BLOQUANT, AVERTISSEMENT, INFORMATION)
CERTAIN, PRESUME, LEVE = "certain", "presume", "leve"  # rows about persons: sure, looking like it, answered for by somebody

FACT_COLUMNS = {
    "mesure": "str",
    "territoire": "str",  # a code of quartier, commune or IRIS, or a sum of QPV: QPV-<département>, QPV-R<région>, QPV-FR
    "zonage": "str",  # QP2015, QP2024, commune, iris, epci, departement, region, france
    "date_reference": "date",
    "sexe": "str",  # ensemble, femmes, hommes
    "age": "str",
    "detail": "str",  # the other dimensions, « diplome:bac », or empty
    "valeur": "float",  # NaN when the status has no value
    "statut": "str",  # connu, provisoire, non_diffuse, manquant, sans_objet
    "source": "str",  # the statistical source, a key of statistiques.toml
    "edition": "str",
    "feuille": "str",  # empty for text files
    "ligne": "int",  # 1-based, as the person who opens the file sees it
    "colonne": "int",
    "entete": "str",  # the column's own header
    "origine": "str",  # for republished series: the producer's file and column
    "qpv_publies": "int",  # for sums of QPV: how many published, how many withheld; 0 elsewhere
    "qpv_non_diffuses": "int",
}


@dataclass(frozen=True)
class Finding:
    """One thing to know about a file: what, where, which value, what was perhaps meant."""

    gravite: str
    message: str
    feuille: str = ""
    cellule: str = ""
    valeur: str = ""
    suggestion: str = ""

    def sentence(self) -> str:
        """« Feuille X, cellule B7, valeur « 12 a » : message Vouliez-vous dire … ? »"""
        place = [
            f"feuille «\u00a0{self.feuille}\u00a0»" if self.feuille else "",
            f"cellule {self.cellule}" if self.cellule else "",
            f"valeur «\u00a0{self.valeur}\u00a0»" if self.valeur else "",
        ]
        place = ", ".join(part for part in place if part)
        text = f"{place[0].upper()}{place[1:]}\u00a0: {self.message}" if place else self.message
        return f"{text} Vouliez-vous dire «\u00a0{self.suggestion}\u00a0»\u202f?" if self.suggestion else text


@dataclass
class Delivery:
    """One file, understood: which layout, which edition, which dates, the facts, the findings.

    conservable is False when the file holds one row per dwelling or person-like unit: it must not be kept.
    lecture counts what was read: lignes, cellules, cellules_chargees, cellules_vides, … by sheet.
    """

    fichier: str
    empreinte: str
    taille: int
    source: str
    edition: str
    faits: pd.DataFrame
    territoires: pd.DataFrame  # code, zonage, libelle, commune
    findings: list[Finding] = field(default_factory=list)
    dates: dict[str, tuple[date, ...]] = field(default_factory=dict)
    lecture: dict[str, dict[str, int]] = field(default_factory=dict)
    fictif: bool = False
    conservable: bool = True
    reconnaissance: str = ""
    millesimes: dict[str, int] = field(default_factory=dict)  # years given by the analyst, by block
    nominatif: str = ""
    apercus: list[SheetPreview] = field(default_factory=list)
    contrat: str = ""  # the contract it was read for; empty for a published file, which serves them all
    declaration: str = ""  # the TOML of a layout which does not ship with the project

    @property
    def blocking(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.gravite == BLOQUANT]


def column_letters(column: int) -> str:
    """1 → A, 27 → AA."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def cell_name(line: int, column: int) -> str:
    """(7, 2) → B7."""
    return f"{column_letters(column)}{line}"


def name_cells(places: Iterable[tuple[int, int]], shown: int = 5) -> str:
    """« B7, B9, C12 et 34 autres »."""
    ordered = sorted(set(places))
    names = ", ".join(cell_name(*place) for place in ordered[:shown])
    rest = len(ordered) - shown
    if rest <= 0:
        return names
    return f"{names} et {rest} autre{'s' if rest > 1 else ''}"


def name_lines(lines: Iterable[int]) -> str:
    """« lignes 2, 7 à 9 »."""
    runs: list[list[int]] = []
    for line in sorted(int(line) for line in lines):
        if runs and line == runs[-1][1] + 1:
            runs[-1][1] = line
        else:
            runs.append([line, line])
    texts = [str(first) if first == last else f"{first} à {last}" for first, last in runs[:8]]
    if len(runs) > 8:
        texts.append(f"et {len(runs) - 8} autres groupes")
    return f"ligne{'s' if len(runs) > 1 or runs[0][0] != runs[0][1] else ''} {', '.join(texts)}"
