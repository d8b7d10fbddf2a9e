"""The declared columns of a table of one row per dwelling, as arrays; what cannot be read becomes findings.

Only declared columns are looked at. A finding gives the cell, never its content: a shifted column may hold a name.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

import numpy as np
import pandas as pd

from ozoir.catalogue.model import ReglesLogements, Tableau, Territoire
from ozoir.ingestion.delivery import AVERTISSEMENT, BLOQUANT, INFORMATION, Finding, cell_name
from ozoir.numbers import format_number, parse_number, plural

NUMBERS = ("pieces", "occupants", "loyer", "surface", "impayes", "mois_impayes")
DATES = ("entree", "depart")
CODES = ("dpe", "accessible")
ROLES = ("identifiant", "commune", "etat", *NUMBERS, *DATES, *CODES)
QUARTIER, RESTE = 0, 1

_UNKNOWN_EVERYWHERE = "toutes"
_SHOWN_CELLS = 5
_MONTH = re.compile(r"^(\d{1,2})[/-](\d{4})$")
_DAY = re.compile(r"^(\d{1,2})[/-](\d{1,2})[/-](\d{4})$")
_ISO_DAY = re.compile(r"^(\d{4})-(\d{2})-(\d{2})(?:[T ].*)?$")


@dataclass
class DwellingColumns:
    """Arrays of one length, one item per dwelling counted; a role without a column in the file is not in `values`.

    population: QUARTIER or RESTE. etat: loue, association, occupe, vacant or vide. values: role → floats (NaN unknown), days (NaT unknown) or
    codes (None unknown).
    modalities: dimension → rank of the modality in `labels[dimension]`, −1 unknown.
    places: role or dimension → (1-based column, its header).
    """

    population: np.ndarray
    etat: np.ndarray
    values: dict[str, np.ndarray] = field(default_factory=dict)
    modalities: dict[str, np.ndarray] = field(default_factory=dict)
    labels: dict[str, tuple[str, ...]] = field(default_factory=dict)
    places: dict[str, tuple[int, str]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    lecture: dict[str, int] = field(default_factory=dict)


def plain(text: str) -> str:
    """A cell's text without case, accents, typographic apostrophes and repeated spaces."""
    decomposed = unicodedata.normalize("NFKD", text.replace("’", "'"))
    letters = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return " ".join(letters.casefold().split())


class _Table:
    """The header and the rows below it, asked column by column."""

    def __init__(self, header, rows, first_line: int, tableau: Tableau, feuille: str) -> None:
        self.header = [str(cell).strip() for cell in header]
        self.index = {plain(cell): rank for rank, cell in reversed(list(enumerate(self.header))) if cell}
        self.rows = rows
        self.lines = np.arange(first_line, first_line + len(rows))
        self.rules: ReglesLogements = tableau.logements
        self.tableau = tableau
        self.feuille = feuille
        self.findings: list[Finding] = []
        self.places: dict[str, tuple[int, str]] = {}

    def find(self, role: str, headers: Sequence[str]) -> int | None:
        """The rank of the first accepted header present, noted under the role."""
        for name in headers:
            rank = self.index.get(plain(name))
            if rank is not None:
                self.places[role] = (rank + 1, self.header[rank])
                return rank
        return None

    def cells(self, rank: int) -> np.ndarray:
        cells = np.empty(len(self.rows), dtype=object)
        cells[:] = [row[rank] if rank < len(row) else "" for row in self.rows]
        return cells

    def keep(self, is_kept: np.ndarray) -> None:
        self.rows = [row for row, is_row_kept in zip(self.rows, is_kept, strict=True) if is_row_kept]
        self.lines = self.lines[is_kept]

    def report(self, role: str, is_wrong: np.ndarray, gravite: str, message: str) -> None:
        """One finding per wrong cell up to a few, then one that counts the others."""
        column = self.places[role][0]
        lines = self.lines[is_wrong]
        for line in lines[:_SHOWN_CELLS]:
            self.findings.append(Finding(gravite, message, self.feuille, cell_name(int(line), column)))
        if len(lines) > _SHOWN_CELLS:
            rest = plural(len(lines) - _SHOWN_CELLS, "autre cellule", "autres cellules")
            text = f"même remarque pour {rest} de la colonne «\u00a0{self.places[role][1]}\u00a0»."
            self.findings.append(Finding(gravite, text, self.feuille))


def read_columns(
    header: Sequence[object],
    rows: Sequence[Sequence[object]],
    first_line: int,
    tableau: Tableau,
    territoire: Territoire,
    feuille: str = "",
) -> DwellingColumns:
    """The dwellings that count: those of the commune, still in the stock. `first_line` is the line of rows[0]."""
    table = _Table(header, rows, first_line, tableau, feuille)
    missing = _missing_columns(table)
    if missing:
        return DwellingColumns(np.empty(0, int), np.empty(0, object), findings=missing)
    read = len(table.rows)
    _leave_out_empty_rows(table)
    dwellings = len(table.rows)
    _check_identifiers(table)
    _leave_out_other_communes(table, territoire)
    _leave_out_sold(table)
    columns = DwellingColumns(_read_population(table), _read_etat(table), places=table.places)
    for role in (*NUMBERS, *DATES, *CODES):
        rank = table.find(role, table.rules.colonnes.get(role, ()))
        if rank is not None:
            columns.values[role] = _read_labels(table, role) if role in CODES else _read_values(table, role, rank)
    _read_dimensions(table, columns)
    columns.findings = table.findings
    columns.lecture = {
        "lignes": read,
        "lignes_ignorees": read - dwellings,
        "logements": len(table.rows),
        "logements_ecartes": dwellings - len(table.rows),
    }
    return columns


def _missing_columns(table: _Table) -> list[Finding]:
    wanted = {"territoire": table.tableau.territoire.colonnes, "etat": table.rules.colonnes["etat"]}
    return [
        Finding(BLOQUANT, f"la colonne «\u00a0{headers[0]}\u00a0» est absente\u00a0: sans elle, rien ne peut être compté.", table.feuille)
        for role, headers in wanted.items()
        if table.find(role, headers) is None
    ]


def _leave_out_empty_rows(table: _Table) -> None:
    """Notes, blank rows and totals have neither territory nor state."""
    ranks = [table.places["territoire"][0] - 1, table.places["etat"][0] - 1]
    is_dwelling = np.zeros(len(table.rows), bool)
    for rank in ranks:
        is_dwelling |= _map(table.cells(rank), lambda text: bool(text)).astype(bool)
    if not is_dwelling.all():
        count = plural(int((~is_dwelling).sum()), "ligne")
        message = f"{count} sans quartier ni mode d’occupation, lue comme une note ou un total et laissée de côté."
        table.findings.append(Finding(INFORMATION, message, table.feuille))
        table.keep(is_dwelling)


def _check_identifiers(table: _Table) -> None:
    """A dwelling listed twice would be counted twice; the identifiers themselves are forgotten at once."""
    rank = table.find("identifiant", table.rules.colonnes.get("identifiant", ()))
    if rank is None:
        return
    identifiers = pd.Series(_map(table.cells(rank), lambda text: text or None))
    is_repeated = (identifiers.duplicated() & identifiers.notna()).to_numpy()
    table.report("identifiant", is_repeated, BLOQUANT, "ce logement est déjà décrit plus haut\u00a0: il serait compté deux fois.")


def _leave_out_other_communes(table: _Table, territoire: Territoire) -> None:
    rank = table.find("commune", table.rules.colonnes.get("commune", ()))
    if rank is None:
        return
    is_here = _map(table.cells(rank), lambda text: text == territoire.code_commune).astype(bool)
    if not is_here.all():
        count = plural(int((~is_here).sum()), "logement")
        message = f"{count} hors de la commune {territoire.code_commune}, laissés de côté."
        table.findings.append(Finding(INFORMATION, message, table.feuille))
        table.keep(is_here)


def _leave_out_sold(table: _Table) -> None:
    is_sold = _read_codes(table, "etat", table.rules.codes["etat"]) == "sorti"
    if is_sold.any():
        count = plural(int(is_sold.sum()), "logement")
        message = f"{count} sortis du patrimoine (vendus, démolis), laissés de côté."
        table.findings.append(Finding(INFORMATION, message, table.feuille))
        table.keep(~is_sold)


def _read_codes(table: _Table, role: str, codes: dict[str, str]) -> np.ndarray:
    """The declared meaning of each cell, None where the text is not declared."""
    meanings = {plain(text): meaning for text, meaning in codes.items()}
    return _map(table.cells(table.places[role][0] - 1), lambda text: meanings.get(plain(text)))


def _read_population(table: _Table) -> np.ndarray:
    codes = _read_codes(table, "territoire", table.tableau.territoire.valeurs)
    accepted = ", ".join(table.tableau.territoire.valeurs)
    message = f"on ne sait pas si ce logement est dans le quartier. Valeurs acceptées\u00a0: {accepted}."
    table.report("territoire", codes == None, BLOQUANT, message)  # noqa: E711 — compared item by item
    is_quartier = codes == "quartier"
    if len(codes) and not is_quartier.any():
        header = table.places["territoire"][1]
        message = f"aucun logement n’est dans le quartier d’après la colonne «\u00a0{header}\u00a0»."
        table.findings.append(Finding(BLOQUANT, message, table.feuille))
    return np.where(is_quartier, QUARTIER, RESTE)


def _read_etat(table: _Table) -> np.ndarray:
    codes = _read_codes(table, "etat", table.rules.codes["etat"])
    accepted = ", ".join(table.rules.codes["etat"])
    message = f"mode d’occupation absent ou inconnu. Valeurs acceptées\u00a0: {accepted}."
    table.report("etat", codes == None, BLOQUANT, message)  # noqa: E711
    return codes


def _unknown_marks(table: _Table, role: str) -> set[str]:
    return {"", *(plain(mark) for kind in (_UNKNOWN_EVERYWHERE, role) for mark in table.rules.inconnus.get(kind, ()))}


def _read_labels(table: _Table, role: str) -> np.ndarray:
    """The codes of one optional column; a code that is neither declared nor a mark is a blocking finding."""
    codes = table.rules.codes.get(role, {})
    found = _read_codes(table, role, {**codes, **dict.fromkeys(_unknown_marks(table, role), "inconnu")})
    accepted = ", ".join(codes)
    table.report(role, found == None, BLOQUANT, f"code inconnu. Valeurs acceptées\u00a0: {accepted}.")  # noqa: E711
    found[found == "inconnu"] = None
    return found


def _read_values(table: _Table, role: str, rank: int) -> np.ndarray:
    """Numbers (or days) of one column; declared marks are unknown, anything else is a blocking finding."""
    is_day = role in DATES
    unknown = _unknown_marks(table, role)
    spelled = {plain(text): float(count) for text, count in table.rules.pieces.items()} if role == "pieces" else {}
    parse = parse_day if is_day else parse_number
    wrong = object()

    def read(text: str):
        if plain(text) in unknown:
            return None
        value = spelled.get(plain(text))
        value = parse(text) if value is None else value
        return wrong if value is None else value

    found = _map(table.cells(rank), read)
    is_wrong = np.array([value is wrong for value in found], bool)
    kind = "une date (JJ/MM/AAAA ou MM/AAAA)" if is_day else "un nombre"
    table.report(role, is_wrong, BLOQUANT, f"{kind} est attendu dans la colonne «\u00a0{table.places[role][1]}\u00a0».")
    found[is_wrong] = None
    if is_day:
        return np.array(found, dtype="datetime64[D]")
    values = found.astype(float)
    table.report(role, values < 0, BLOQUANT, f"un nombre négatif est impossible dans «\u00a0{table.places[role][1]}\u00a0».")
    return values


def _read_dimensions(table: _Table, columns: DwellingColumns) -> None:
    """Breakdowns by a declared column; « pieces » is broken down from the number read, other columns from their text."""
    for declared in table.tableau.dimensions:
        labels = tuple(dict.fromkeys(declared.valeurs.values()))
        ranks = {label: rank for rank, label in enumerate(labels)}
        meanings = {plain(text): ranks[label] for text, label in declared.valeurs.items()}
        if declared.colonne in table.rules.colonnes.get("pieces", ()) and "pieces" in columns.values:
            table.places[declared.dimension] = table.places["pieces"]
            cells = columns.values["pieces"].astype(object)
        else:
            rank = table.find(declared.dimension, (declared.colonne, *declared.anciens_noms))
            if rank is None:
                continue
            cells = table.cells(rank)
        found = _map(cells, lambda text, meanings=meanings: meanings.get(plain(text), -1)).astype(int)
        columns.modalities[declared.dimension] = found
        columns.labels[declared.dimension] = labels
        _report_unknown_share(table, declared.dimension, int((found < 0).sum()))


def _report_unknown_share(table: _Table, dimension: str, count: int) -> None:
    if count:
        header = table.places[dimension][1]
        share = format_number(100 * count / len(table.rows), 1)
        message = f"{plural(count, 'logement')} ({share}\u202f%) sans «\u00a0{header}\u00a0» lisible\u00a0: comptés dans les totaux, pas dans le détail."
        table.findings.append(Finding(AVERTISSEMENT, message, table.feuille))


def parse_day(text: str) -> date | None:
    """The day a text spells; « MM/AAAA » is the first of the month."""
    try:
        if match := _MONTH.match(text):
            return date(int(match[2]), int(match[1]), 1)
        if match := _DAY.match(text):
            return date(int(match[3]), int(match[2]), int(match[1]))
        if match := _ISO_DAY.match(text):
            return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None
    return None


def _map(cells: np.ndarray, read: Callable[[str], object]) -> np.ndarray:
    """`read` applied to the text of every cell, once per distinct cell."""
    ranks, distinct = pd.factorize(cells, use_na_sentinel=False)
    found = np.empty(len(distinct), dtype=object)
    for rank, cell in enumerate(distinct):
        found[rank] = read(_text(cell))
    return found[ranks]


def _text(cell: object) -> str:
    """What the cell shows: whole numbers without « .0 », days in ISO order, nothing for an empty cell."""
    if cell is None or cell != cell:
        return ""
    if isinstance(cell, bool):
        return "oui" if cell else "non"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return str(cell).strip()
