"""The declared columns of a table of one row per dwelling, as arrays; what cannot be read becomes findings.

Only declared columns are looked at. A finding gives cells, never their content: a shifted column may hold a name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from ozoir.catalogue.model import ReglesLogements, Territoire
from ozoir.ingestion.delivery import AVERTISSEMENT, BLOQUANT, INFORMATION, Finding
from ozoir.ingestion.guards import name_cells
from ozoir.ingestion.headers import normalise, read_text
from ozoir.ingestion.recognition import Recognised
from ozoir.ingestion.territories import name_several
from ozoir.numbers import format_number, parse_number, plural

NUMBERS = ("pieces", "occupants", "loyer", "surface", "impayes", "mois_impayes")
DATES = ("entree", "depart")
CODES = ("dpe", "accessible")
ROLES = ("identifiant", "commune", "etat", *NUMBERS, *DATES, *CODES)
QUARTIER, RESTE = 0, 1

_UNKNOWN_EVERYWHERE = "toutes"
_MONTH = re.compile(r"^(\d{1,2})[/-](\d{4})$")
_DAY = re.compile(r"^(\d{1,2})[/-](\d{1,2})[/-](\d{4})$")
_ISO_DAY = re.compile(r"^(\d{4})-(\d{2})-(\d{2})(?:[T ].*)?$")


@dataclass
class DwellingColumns:
    """Arrays of one length, one item per dwelling counted; a role without a column in the file is not in `values`.

    population: QUARTIER or RESTE. etat: loue, association, occupe, vacant or vide. values: role → floats (NaN unknown),
    days (NaT unknown) or codes (None unknown). modalities: dimension → rank of the modality in `labels[dimension]`,
    −1 unknown. places: role or dimension → its column (1-based).
    """

    population: np.ndarray
    etat: np.ndarray
    values: dict[str, np.ndarray] = field(default_factory=dict)
    modalities: dict[str, np.ndarray] = field(default_factory=dict)
    labels: dict[str, tuple[str, ...]] = field(default_factory=dict)
    places: dict[str, int] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    lecture: dict[str, int] = field(default_factory=dict)


class _Table:
    """The rows below the header, asked column by column; those left out are forgotten."""

    def __init__(self, sheet: Recognised) -> None:
        self.sheet = sheet
        self.tableau = sheet.layout.tableau
        self.rules: ReglesLogements = self.tableau.logements
        self.kept = np.arange(len(sheet.grid.rows) - sheet.header.line)
        self.findings: list[Finding] = []
        self.places: dict[str, int] = {}

    def find(self, role: str, headers: Sequence[str] | None = None) -> bool:
        """Whether a column plays the role; its place is noted."""
        column = self.sheet.column(*(self.rules.colonnes.get(role, ()) if headers is None else headers))
        if column:
            self.places[role] = column
        return bool(column)

    def header(self, role: str) -> str:
        return self.sheet.header_text(self.places[role])

    def read(self, role: str, read: Callable[[str], object]) -> np.ndarray:
        """`read` applied to the text of the role's cells, once per distinct cell."""
        return self.read_distinct(role, read).spread()

    def read_distinct(self, role: str, read: Callable[[str], object]) -> Reading:
        """The same, before it is spread over the dwellings."""
        cells = self.sheet.grid.column(self.places[role], self.sheet.first_line)
        if bool in set(map(type, cells)):  # True == 1.0 would share its reading
            cells = [("oui" if cell else "non") if isinstance(cell, bool) else cell for cell in cells]
        reading = read_cells(cells, read)
        return Reading(reading.distinct, reading.ranks[self.kept])

    def keep(self, is_kept: np.ndarray) -> None:
        self.kept = self.kept[is_kept]

    def say(self, gravite: str, message: str) -> None:
        self.findings.append(Finding(gravite, message, self.sheet.grid.name))

    def refuse(self, role: str, is_wrong: np.ndarray, message: str) -> None:
        """One blocking finding for all the wrong cells of a column."""
        if is_wrong.any():
            lines = self.kept[is_wrong] + self.sheet.first_line
            cells = name_cells((int(line), self.places[role]) for line in lines)
            text = f"colonne «\u00a0{self.header(role)}\u00a0»\u00a0: {message}"
            self.findings.append(Finding(BLOQUANT, text, self.sheet.grid.name, cells))


def read_columns(sheet: Recognised, territoire: Territoire) -> DwellingColumns:
    """The dwellings that count: those of the commune, still in the stock."""
    table = _Table(sheet)
    is_complete = all([table.find("territoire", table.tableau.territoire.colonnes), table.find("etat")])
    if not is_complete:
        table.say(BLOQUANT, "Sans la colonne du quartier et celle du mode d’occupation, rien ne peut être compté.")
        return DwellingColumns(np.empty(0, int), np.empty(0, object), findings=table.findings)
    if which := name_several(territoire):
        table.say(BLOQUANT, f"Un fichier par logement dit «\u00a0dans le quartier\u00a0» ou non.{which}")
        return DwellingColumns(np.empty(0, int), np.empty(0, object), findings=table.findings)
    read = len(table.kept)
    _leave_out_notes(table)
    dwellings = len(table.kept)
    _check_identifiers(table)
    _leave_out_other_communes(table, territoire)
    _leave_out_sold(table)
    columns = DwellingColumns(_read_population(table), _read_etat(table), places=table.places)
    for role in (*NUMBERS, *DATES, *CODES):
        if table.find(role):
            columns.values[role] = _read_labels(table, role) if role in CODES else _read_values(table, role)
    _read_dimensions(table, columns)
    columns.findings = table.findings
    columns.lecture = {
        "lignes": read,
        "lignes_ignorees": read - dwellings,
        "logements": len(table.kept),
        "logements_ecartes": dwellings - len(table.kept),
    }
    return columns


def _leave_out_notes(table: _Table) -> None:
    """Notes, blank rows and totals have neither territory nor state."""
    is_dwelling = np.zeros(len(table.kept), bool)
    for role in ("territoire", "etat"):
        is_dwelling |= table.read(role, bool).astype(bool)
    if not is_dwelling.all():
        count = plural(int((~is_dwelling).sum()), "ligne")
        table.say(
            INFORMATION,
            f"Lecture de {count} sans quartier ni mode d’occupation comme note ou total\u00a0: rien n’en est compté.",
        )
        table.keep(is_dwelling)


def _check_identifiers(table: _Table) -> None:
    """A dwelling listed twice would be counted twice; the identifiers themselves are forgotten at once."""
    if not table.find("identifiant"):
        return
    cells = table.sheet.grid.column(table.places["identifiant"], table.sheet.first_line)
    if all(type(cell) is str for cell in cells) and len(set(map(str.strip, cells))) == len(cells):
        return  # all distinct, as they nearly always are: no need to read each
    identifiers = table.read("identifiant", lambda text: text)
    seen: set[str] = set()
    is_repeated = np.zeros(len(identifiers), bool)
    for rank, identifier in enumerate(identifiers.tolist()):
        is_repeated[rank] = identifier in seen
        if identifier:
            seen.add(identifier)
    table.refuse("identifiant", is_repeated, "logement déjà décrit plus haut, il serait compté deux fois.")


def _leave_out_other_communes(table: _Table, territoire: Territoire) -> None:
    if not table.find("commune"):
        return
    is_here = table.read("commune", lambda text: text == territoire.code_commune).astype(bool)
    if not is_here.all():
        count = plural(int((~is_here).sum()), "logement")
        table.say(INFORMATION, f"Hors de la commune {territoire.code_commune}\u00a0: {count}, sans effet sur les chiffres.")
        table.keep(is_here)


def _leave_out_sold(table: _Table) -> None:
    is_sold = _read_codes(table, "etat", table.rules.codes["etat"]) == "sorti"
    if is_sold.any():
        count = plural(int(is_sold.sum()), "logement")
        table.say(INFORMATION, f"Hors du patrimoine à la date (vente, démolition)\u00a0: {count}, sans effet sur les chiffres.")
        table.keep(~is_sold)


def _read_codes(table: _Table, role: str, codes: dict[str, str]) -> np.ndarray:
    """The declared meaning of each cell, None where the text is not declared."""
    meanings = {normalise(text): meaning for text, meaning in codes.items()}
    return table.read(role, lambda text: meanings.get(normalise(text)))


def _read_population(table: _Table) -> np.ndarray:
    valeurs = table.tableau.territoire.valeurs
    codes = _read_codes(table, "territoire", valeurs)
    message = f"on ne sait pas si ce logement est dans le quartier. Valeurs acceptées\u00a0: {', '.join(valeurs)}."
    table.refuse("territoire", is_none(codes), message)
    is_quartier = codes == "quartier"
    if not is_quartier.any():
        table.say(
            BLOQUANT, f"Aucun logement n’est dans le quartier d’après la colonne «\u00a0{table.header('territoire')}\u00a0»."
        )
    return np.where(is_quartier, QUARTIER, RESTE)


def _read_etat(table: _Table) -> np.ndarray:
    codes = _read_codes(table, "etat", table.rules.codes["etat"])
    accepted = ", ".join(table.rules.codes["etat"])
    table.refuse("etat", is_none(codes), f"mode d’occupation absent ou inconnu. Valeurs acceptées\u00a0: {accepted}.")
    return codes


def _unknown_marks(table: _Table, role: str) -> set[str]:
    return {"", *(normalise(mark) for kind in (_UNKNOWN_EVERYWHERE, role) for mark in table.rules.inconnus.get(kind, ()))}


def _read_labels(table: _Table, role: str) -> np.ndarray:
    """The codes of one optional column; a code that is neither declared nor a mark is a blocking finding."""
    codes = table.rules.codes.get(role, {})
    found = _read_codes(table, role, {**codes, **dict.fromkeys(_unknown_marks(table, role), "inconnu")})
    table.refuse(role, is_none(found), f"code inconnu. Valeurs acceptées\u00a0: {', '.join(codes)}.")
    found[found == "inconnu"] = None
    return found


def _read_values(table: _Table, role: str) -> np.ndarray:
    """Numbers (or days) of one column; declared marks are unknown, anything else is a blocking finding."""
    is_day = role in DATES
    unknown = _unknown_marks(table, role)
    spelled = {normalise(text): float(count) for text, count in table.rules.pieces.items()} if role == "pieces" else {}
    parse = parse_day if is_day else parse_number
    wrong = object()

    def read(text: str):
        plain = normalise(text)
        if plain in unknown:
            return None
        value = spelled[plain] if plain in spelled else parse(text)
        return wrong if value is None else value

    found = table.read_distinct(role, read)
    is_wrong = found.distinct == wrong
    message = "une date (JJ/MM/AAAA ou MM/AAAA) est attendue." if is_day else "un nombre est attendu."
    table.refuse(role, is_wrong[found.ranks], message)
    found.distinct[is_wrong] = None
    values = found.distinct.astype("datetime64[D]" if is_day else float)[found.ranks]
    if not is_day:
        table.refuse(role, values < 0, "un nombre négatif est impossible.")
    return values


def _read_dimensions(table: _Table, columns: DwellingColumns) -> None:
    """Breakdowns by a declared column; rooms are broken down from the number read, other columns from their text."""
    for declared in table.tableau.dimensions:
        labels = tuple(dict.fromkeys(declared.valeurs.values()))
        ranks = {normalise(text): labels.index(label) for text, label in declared.valeurs.items()}

        def rank_of(text: str, ranks=ranks) -> int:
            return ranks.get(normalise(text), -1)

        if declared.colonne in table.rules.colonnes.get("pieces", ()) and "pieces" in columns.values:
            table.places[declared.dimension] = table.places["pieces"]
            found = read_cells(columns.values["pieces"].tolist(), rank_of).spread()
        elif table.find(declared.dimension, (declared.colonne, *declared.anciens_noms)):
            found = table.read(declared.dimension, rank_of)
        else:
            continue
        columns.modalities[declared.dimension] = found.astype(int)
        columns.labels[declared.dimension] = labels
        _report_unknown_share(table, declared.dimension, int((found < 0).sum()))


def _report_unknown_share(table: _Table, dimension: str, count: int) -> None:
    if count:
        share = format_number(100 * count / len(table.kept), 1)
        who = f"{plural(count, 'logement')} ({share}\u202f%) sans «\u00a0{table.header(dimension)}\u00a0» lisible"
        table.say(AVERTISSEMENT, f"Détail incomplet\u00a0: {who}, comptés dans les totaux seulement.")


def parse_day(text: str) -> date | None:
    """The day a text spells; « MM/AAAA » is the first of the month, for leases and departures known by their month."""
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


@dataclass(frozen=True)
class Reading:
    """What was read of each distinct cell, and for each cell its rank among them."""

    distinct: np.ndarray
    ranks: np.ndarray

    def spread(self) -> np.ndarray:
        """What was read of every cell."""
        return self.distinct[self.ranks]


class _Ranks(dict):
    """A rank for each new cell, in the order met."""

    def __missing__(self, cell: object) -> int:
        self[cell] = rank = len(self)
        return rank


def read_cells(cells: Sequence[object], read: Callable[[str], object]) -> Reading:
    """`read` applied to the text of every cell, once per distinct cell."""
    memory = _Ranks()
    ranks = np.fromiter(map(memory.__getitem__, cells), int, len(cells))
    distinct = np.empty(len(memory), object)
    distinct[:] = [read(read_text(cell)) for cell in memory]
    return Reading(distinct, ranks)


def is_none(items: np.ndarray) -> np.ndarray:
    """Which items are None."""
    return np.equal(items, None).astype(bool)
