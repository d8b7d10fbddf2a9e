"""Tables with a row per territory, broken down or not, become facts."""

from __future__ import annotations

from datetime import date

import numpy as np

from ozoir.catalogue.model import Bloc, Cle, parse_cle
from ozoir.catalogue.territoires import named_communes
from ozoir.ingestion.dates import ImpossibleDate, parse_date
from ozoir.ingestion.delivery import AVERTISSEMENT, BLOQUANT, INFORMATION, Finding, name_cells, name_lines
from ozoir.ingestion.dimensions import UNKNOWN as UNKNOWN_MODALITY
from ozoir.ingestion.dimensions import Breakdown, ModalityReader, combine, merge
from ozoir.ingestion.facts import day_number, day_of
from ozoir.ingestion.header_findings import describe_headers
from ozoir.ingestion.headers import normalise, read_text
from ozoir.ingestion.plausibility import check_headers
from ozoir.ingestion.recognition import Recognised, suggest
from ozoir.ingestion.sheets import Job, add_facts, filled_column, read_values
from ozoir.ingestion.territories import (
    AGGREGATE,
    BLANK,
    COMMUNE,
    IGNORED,
    Territory,
    TerritoryColumn,
    TerritoryReader,
    is_aggregate,
    is_in_departement,
    locate_quartier,
    name_several,
)
from ozoir.ingestion.territories import QUARTIER as QUARTIER_TOKEN
from ozoir.ingestion.values import is_number
from ozoir.ingestion.vintages import Period, read_own_period

COLONNE = "colonne"
COMMUNE_DU_QUARTIER = "commune_du_quartier"
_IMPOSSIBLE, _NO_DATE = -200_000, -100_000  # day numbers no date has


def extract_table(job: Job, sheet: Recognised, period: Period, texts: tuple[str, ...]) -> None:
    """Facts of one recognised table; `texts` are the names and titles that may say the territory of the whole file."""
    table = _Table(job, sheet, period)
    if not table.find_territories(texts):
        return
    table.read_breakdowns()
    table.read_days()
    table.leave_out_rows()
    job.findings += check_headers(sheet, table.lines)
    job.findings += describe_headers(sheet)
    for bloc in sheet.layout.tableau.blocs:
        table.load_block(bloc)
    table.keep_names()
    job.count(sheet.grid, lignes=len(table.lines))


class _Table:
    """The rows below a header, and what is known of each."""

    def __init__(self, job: Job, sheet: Recognised, period: Period) -> None:
        self.job, self.sheet, self.period = job, sheet, period
        self.tableau = sheet.layout.tableau
        self.size = len(sheet.grid.rows) - sheet.header.line
        self.lines = np.arange(sheet.first_line, sheet.first_line + self.size)
        self.breakdowns: list[Breakdown] = []
        self.days: dict[str, np.ndarray] = {}  # by jour of the rule: « ligne » blocks of one table share a column
        self.is_dated = np.ones(self.size, bool)
        self.by_header: dict[int, Territory] = {}  # rule « entetes »: value column → territory

    def _say(self, gravite: str, message: str, cells: str = "", valeur: str = "", suggestion: str = "") -> None:
        self.job.findings.append(Finding(gravite, message, self.sheet.grid.name, cells, valeur, suggestion))

    def _cells(self, column: int) -> list:
        return filled_column(self.sheet.grid, column, self.sheet.first_line)

    def find_territories(self, texts: tuple[str, ...]) -> bool:
        """The territory of each row (or column, or of the file); False, and a blocking finding, when it cannot be told."""
        rules, reader = self.tableau.territoire, TerritoryReader(self.tableau, self.job.catalogue.territoire)
        self.column = self.sheet.column(*rules.colonnes)
        if rules.regle == "fixe":
            territory = reader.find_in(texts)
            self.column = 0
            self.territories = TerritoryColumn(np.zeros(self.size, np.int64), (territory,) if territory else ())
            if territory is None:
                accepted = ", ".join(f"« {text} »" for text in rules.valeurs)
                self._say(
                    BLOQUANT,
                    f"Le territoire n’est dit ni par le nom du fichier ni par ses titres. Écrivez-y l’un de : {accepted}.",
                )
            return territory is not None
        if rules.regle == "entetes":
            self._find_territory_columns(reader)
            return bool(self.by_header)
        if not self.column:
            self._say(BLOQUANT, f"La colonne du territoire (« {rules.colonnes[0]} ») est absente.")
            return False
        self.territories = reader.read_column(self._cells(self.column))
        if not (self.territories.ranks >= 0).any():
            header = self.sheet.header_text(self.column)
            self._say(
                BLOQUANT,
                f"Aucun territoire reconnu dans la colonne « {header} » : l’en-tête est peut-être décalé. "
                "On attend des codes de quartier (QP…, QN…), de commune ou d’IRIS."
                f"{name_several(self.job.catalogue.territoire)}",
                name_cells([(self.sheet.header.line, self.column)]),
            )
            return False
        return True

    def _find_territory_columns(self, reader: TerritoryReader) -> None:
        for name in self.tableau.territoire.valeurs:
            for column in self.sheet.columns.get(name, ()):
                territory = reader.read(name)
                if isinstance(territory, Territory):
                    self.by_header[column] = territory
        if not self.by_header:
            self._say(BLOQUANT, "Aucune colonne de territoire reconnue dans l’en-tête.")
        self.territories = TerritoryColumn(np.zeros(self.size, np.int64), tuple(self.by_header.values())[:1])

    def read_breakdowns(self) -> None:
        """The modality of each row, for each dimension column that stands in the file."""
        for declared in self.tableau.dimensions:
            if column := self.sheet.column(declared.colonne):
                reader = ModalityReader(declared, self.job.catalogue)
                cells = self._cells(column)
                breakdown = reader.read(cells)
                self.breakdowns.append(breakdown)
                self._describe_modalities(reader, breakdown, cells, column)

    def _describe_modalities(self, reader: ModalityReader, breakdown: Breakdown, cells: list, column: int) -> None:
        is_unknown = (breakdown.ranks == UNKNOWN_MODALITY) & (self.territories.ranks >= 0)
        unknown: dict[str, list[int]] = {}
        for rank in np.flatnonzero(is_unknown).tolist():
            if self._has_values(rank):
                unknown.setdefault(read_text(cells[rank]), []).append(rank)
        for text, ranks in unknown.items():
            places = name_cells((int(self.lines[rank]), column) for rank in ranks)
            message = f"modalité inconnue dans la colonne « {self.sheet.header_text(column)} » : lignes non chargées."
            self._say(AVERTISSEMENT, message, places, text or "(vide)", suggest(text, reader.column.valeurs) if text else "")

    def read_days(self) -> None:
        """The date of each row, for the blocks that say so."""
        dated = [bloc for bloc in self.tableau.blocs if bloc.millesime.regle == "ligne"]
        column = self.sheet.column(self.tableau.date) if self.tableau.date else 0
        if not dated:
            return
        if not column:
            self._say(BLOQUANT, f"La colonne de date (« {self.tableau.date} ») est absente.")
        cells = self._cells(column) if column else [""] * self.size
        for jour in {bloc.millesime.jour for bloc in dated}:
            memo = {cell: _read_day(cell, jour) for cell in set(cells)}
            self.days[jour] = np.array([memo[cell] for cell in cells], dtype=np.int64)
            for kind, gravite, message in (
                (_IMPOSSIBLE, BLOQUANT, "date impossible."),
                (_NO_DATE, AVERTISSEMENT, "ce n’est pas une date : ligne non chargée."),
            ):
                for rank in np.flatnonzero((self.days[jour] == kind) & (self.territories.ranks >= 0)).tolist():
                    if column and self._has_values(rank):
                        self._say(gravite, message, name_cells([(int(self.lines[rank]), column)]), read_text(cells[rank]))
            self.is_dated &= self.days[jour] > _NO_DATE

    def leave_out_rows(self) -> None:
        """Keeps the rows that speak of a territory, on a date, for a modality; the others are said, with their lines."""
        ranks = self.territories.ranks
        is_kept = (ranks >= 0) & self.is_dated
        for breakdown in self.breakdowns:
            is_kept &= breakdown.ranks != UNKNOWN_MODALITY
        if not self.column:  # no territory cell tells a note from a row of figures
            is_kept &= np.array([self._has_numbers(rank) or self._is_blank_data(rank) for rank in range(self.size)], bool)
        else:
            self._describe_left_out()
        self.keep(is_kept)

    def _is_blank_data(self, rank: int) -> bool:
        """A row with its modalities but no number: its blanks are facts too (withheld, missing)."""
        return bool(self.breakdowns) and all(breakdown.ranks[rank] >= 0 for breakdown in self.breakdowns)

    def keep(self, is_kept: np.ndarray) -> None:
        """Only these rows from now on."""
        self.ranks = np.flatnonzero(is_kept)
        self.lines = self.lines[is_kept]
        self.territory_of_row = self.territories.ranks[is_kept]
        self.breakdowns = [Breakdown(one.dimension, one.ranks[is_kept], one.modalities) for one in self.breakdowns]
        self.days = {jour: days[is_kept] for jour, days in self.days.items()}

    def _describe_left_out(self) -> None:
        ranks = self.territories.ranks
        for rank in np.flatnonzero(ranks == BLANK).tolist():
            if is_aggregate(self._first_text(rank)):
                ranks[rank] = AGGREGATE  # the total's name stands in another column than its code
        totals = np.flatnonzero(ranks == AGGREGATE).tolist()
        if totals:
            texts = ", ".join(dict.fromkeys(f"« {self._territory_text(rank) or self._first_text(rank)} »" for rank in totals[:5]))
            lines = name_lines(self.lines[totals])
            self._say(INFORMATION, f"Lignes d’ensemble laissées de côté ({texts}) : {lines}.")
        strays = [
            rank
            for rank in np.flatnonzero((ranks < 0) & (ranks != AGGREGATE) & (ranks != IGNORED)).tolist()
            if self._is_filled(rank)
        ]
        notes = [rank for rank in strays if not self._has_numbers(rank)]
        if notes:
            self._say(INFORMATION, f"Lignes de texte ignorées (titres, libellés, notes) : {name_lines(self.lines[notes])}.")
        for rank in [rank for rank in strays if self._has_numbers(rank)][:20]:
            text = self._territory_text(rank)
            place = name_cells([(int(self.lines[rank]), self.column)])
            known = self.job.catalogue.territoire
            near = suggest(text, (*known.codes_quartier, known.code_commune, *self.tableau.territoire.valeurs)) if text else ""
            reason = "territoire absent" if ranks[rank] == BLANK else "territoire inconnu"
            self._say(AVERTISSEMENT, f"{reason} : la ligne {int(self.lines[rank])} n’est pas chargée.", place, text, near)
        self.job.count(self.sheet.grid, lignes_ignorees=len(totals) + len(strays) + int((ranks == IGNORED).sum()))

    def _row(self, rank: int) -> list:
        return self.sheet.grid.rows[self.sheet.header.line + rank]

    def _territory_text(self, rank: int) -> str:
        return read_text(self._row(rank)[self.column - 1])

    def _first_text(self, rank: int) -> str:
        return next((text for cell in self._row(rank) if (text := read_text(cell))), "")

    def _is_filled(self, rank: int) -> bool:
        return any(cell != "" for cell in self._row(rank))

    def _has_numbers(self, rank: int) -> bool:
        row = self._row(rank)
        return any(is_number(row[column - 1]) for column in self._value_columns())

    def _has_values(self, rank: int) -> bool:
        """Anything in a column of values, withheld marks included."""
        row = self._row(rank)
        return any(row[column - 1] != "" for column in self._value_columns())

    def _value_columns(self) -> list[int]:
        if self.by_header:
            return list(self.by_header)
        return [column for name in self.sheet.layout.mapped for column in self.sheet.columns.get(name, ())]

    def load_block(self, bloc: Bloc) -> None:
        """The facts of one block's columns, at its date, at each row's or at each column's."""
        if bloc.millesime.regle == COLONNE:
            self._load_dated_columns(bloc)
            return
        day, is_readable = self.job.find_date(bloc, self.period, self.sheet)
        if not is_readable or not len(self.lines):
            return
        numbers = np.full(len(self.lines), day_number(day)) if day else self.days[bloc.millesime.jour]
        wanted = [(column, text) for name, text in bloc.colonnes.items() for column in self._columns_of(name)]
        self._load_columns(bloc, wanted, numbers)

    def _load_dated_columns(self, bloc: Bloc) -> None:
        """The columns of one date after those of another: « 2018 | 2019 | 2020 »."""
        by_day: dict[date, list[tuple[int, str]]] = {}
        for name, text in bloc.colonnes.items():
            for column in self.by_header or self.sheet.columns.get(name, ()):
                if day := find_column_date(self.job, self.sheet, column, bloc):
                    by_day.setdefault(day, []).append((column, text))
        for day, wanted in by_day.items():
            if len(self.lines):
                self._load_columns(bloc, wanted, np.full(len(self.lines), day_number(day)))

    def _load_columns(self, bloc: Bloc, wanted: list[tuple[int, str]], numbers: np.ndarray) -> None:
        self.job.dates.setdefault(bloc.nom, set()).update(day_of(int(number)) for number in np.unique(numbers))
        is_taken, ranks = self._territory_ranks(bloc, numbers)
        combinations, partial = combine(self.breakdowns, len(self.lines))
        for column, text in wanted:
            if column in self.by_header:
                ranks = self._repeat(self.by_header[column], numbers)
            self._load_column(bloc, column, parse_cle(text), (combinations, partial), (is_taken, ranks, numbers))

    def _columns_of(self, name: str) -> list[int]:
        if self.by_header:
            return list(self.by_header)
        return list(self.sheet.columns.get(name, ())[:1])

    def _load_column(self, bloc: Bloc, column: int, cle: Cle, breakdown, place) -> None:
        """One column, in as many parts as its rows have measures: each is checked for what it is."""
        (combinations, partial), (is_taken, ranks, numbers) = breakdown, place
        keys = [merge(cle, other) for other in partial]
        cle_ranks = np.array([self.job.builder.cles.rank(key) for key in keys])[combinations]
        for mesure in dict.fromkeys(key.mesure for key in keys):
            is_part = is_taken & np.array([key.mesure == mesure for key in keys])[combinations]
            self._load_part(bloc, column, mesure, is_part, (cle_ranks, ranks, numbers))

    def _load_part(self, bloc: Bloc, column: int, mesure: str, is_part: np.ndarray, place) -> None:
        grid, header = self.sheet.grid, self.sheet.header.line
        cells = [grid.rows[header + rank][column - 1] for rank in self.ranks[is_part].tolist()]
        lines, entete = self.lines[is_part], self.sheet.header_text(column)
        reading = read_values(self.job, grid, cells, lines, column, entete, self.job.catalogue.mesures[mesure])
        parts = [values[is_part] for values in place]
        add_facts(self.job, grid, reading, bloc, (*parts, lines, column), entete, self.period.edition)

    def _territory_ranks(self, bloc: Bloc, numbers: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(rows taken, territory rank of every row among the facts)."""
        found = self.territories.found
        if bloc.territoire == COMMUNE_DU_QUARTIER:
            ranks = self._communes_of_rows()
            return ranks >= 0, ranks
        table = np.array([-1 if one.code == QUARTIER_TOKEN else self.job.builder.territoires.rank(one) for one in found])
        ranks = table[self.territory_of_row]
        is_token = ranks < 0
        ranks[is_token] = self._repeat(Territory(QUARTIER_TOKEN, ""), numbers[is_token])
        return np.ones(len(numbers), bool), ranks

    def _repeat(self, territory: Territory, numbers: np.ndarray) -> np.ndarray:
        """The rank of one territory on each row's date."""
        if territory.code != QUARTIER_TOKEN:
            return np.full(len(numbers), self.job.builder.territoires.rank(territory))
        days, inverse = np.unique(numbers, return_inverse=True)
        known = self.job.catalogue.territoire
        located = [locate_quartier(known, day_of(int(day))) for day in days]
        return np.array([self.job.builder.territoires.rank(one) for one in located])[inverse]

    def _communes_of_rows(self) -> np.ndarray:
        """Of each row, the one commune of a declared contract that its commune cell names; −1 when it names no such one.

        Without that column, the contract's own commune, on the rows of its own quartier.
        """
        column = self.sheet.column(*self.tableau.territoire.communes)
        if not column:
            codes = {*self.job.catalogue.territoire.codes_quartier, QUARTIER_TOKEN}
            is_own = np.array([one.code in codes for one in self.territories.found], bool)[self.territory_of_row]
            return np.where(is_own, self.job.builder.territoires.rank(self.job.commune()), -1)
        known = {normalise(name): code for name, code in named_communes().items()}
        cells, ranks, seen = self._cells(column), np.full(len(self.lines), -1), set()
        for place, (rank, territory) in enumerate(zip(self.ranks.tolist(), self.territory_of_row.tolist(), strict=True)):
            code = known.get(normalise(read_text(cells[rank])))
            if code and code not in seen and is_in_departement(self.territories.found[territory].code, code):
                seen.add(code)  # repeated on the row of each of its quartiers
                ranks[place] = self.job.builder.territoires.rank(Territory(code, COMMUNE))
        return ranks

    def keep_names(self) -> None:
        """The names and communes of the territories loaded, as the file writes them."""
        rules, header = self.tableau.territoire, self.sheet.header.line
        label, commune = self.sheet.column(*rules.libelles), self.sheet.column(*rules.communes)
        if not (label or commune) or not self.column:
            return
        _, firsts = np.unique(self.territory_of_row, return_index=True)
        for first in firsts.tolist():
            territory = self.territories.found[self.territory_of_row[first]]
            row = self.sheet.grid.rows[header + int(self.ranks[first])]
            texts = [read_text(row[column - 1]).replace(" ,", ",") if column else "" for column in (label, commune)]
            if territory.code != QUARTIER_TOKEN and territory not in self.job.names:
                self.job.names[territory] = (texts[0], texts[1])


def find_column_date(job: Job, sheet: Recognised, column: int, bloc: Bloc) -> date | None:
    """The date in a column's own header; one that cannot be is a blocking finding with its cell."""
    text = sheet.periods.get(column, "")
    day = read_own_period(text, bloc.millesime.jour)
    if day is None:
        message = f"on attend une année ou une date dans l’intitulé «\u00a0{sheet.header_text(column)}\u00a0»."
        job.findings.append(Finding(BLOQUANT, message, sheet.grid.name, name_cells([(sheet.header.line, column)]), text))
    return day


def _read_day(cell: object, jour: str) -> int:
    try:
        day = parse_date(cell, jour)
    except ImpossibleDate:
        return _IMPOSSIBLE
    return day_number(day) if day else _NO_DATE
