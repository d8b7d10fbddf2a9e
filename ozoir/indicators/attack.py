"""The attacker: what the published figures alone say about each masked cell, by linear programming.

Knows every published cell, every equation between cells, the rounding of the rates shown, and that counts are whole
and not negative. A masked cell whose interval is narrower than its threshold is a disclosure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from ozoir.catalogue.loading import Catalogue
from ozoir.catalogue.model import Cle
from ozoir.indicators.cells import Grid, Values, build_grid, build_system, split_components
from ozoir.indicators.programme import Bounded, Name, Programme, build_matrix, count_width
from ozoir.indicators.relations import BREAKDOWN, COMMUNE, QPV, RESTE, TERRITORIES, Node, Relations, build_relations
from ozoir.numbers import NBSP, format_date, format_number

EVERYONE = "toutes les personnes comptées sont du même côté, et c’est publié."
_SLACK = 1e-6
_CLEARING = 0.9  # once sweeping leaves more than this share in doubt, what is left is bounded cell by cell
_PLACES = {QPV: "quartier", RESTE: "reste de la commune", COMMUNE: "commune"}


@dataclass(frozen=True)
class Cell:
    """One count of one territory at one date in one source."""

    source: str
    day: date
    cle: Cle
    territory: str


@dataclass(frozen=True)
class Constraint:
    """low ≤ Σ coefficient × cell ≤ high: what a published figure says of cells."""

    coefficients: Mapping[Cell, float]
    low: float
    high: float


@dataclass(frozen=True)
class Disclosure:
    """A masked cell that the published figures bound more closely than its threshold, or one that should be masked."""

    cell: Cell
    low: float
    high: float
    seuil: int
    reason: str = ""

    def sentence(self) -> str:
        cell = self.cell
        place = _PLACES.get(cell.territory, f"«{NBSP}{cell.territory}{NBSP}»")
        where = f"{cell.source}, {cell.cle}, {place} au {format_date(cell.day)}{NBSP}: "
        if self.reason:
            return where + self.reason
        bounds = f"entre {format_number(self.low)} et {format_number(self.high)}"
        return f"{where}les valeurs publiées la situent {bounds}, moins que le seuil de {self.seuil}."


def attack(
    tables: Mapping[date, list[Values]],
    catalogue: Catalogue,
    is_hidden: Callable[[Cell], bool],
    constraints: Iterable[Constraint] = (),
    is_told: Callable[[Cell], bool] = lambda cell: False,
) -> list[Disclosure]:
    """Every disclosure, in a stable order. `tables` holds the true counts: the attacker only uses those not hidden.

    is_told: shown by an earlier edition, though hidden now: known, and no longer to be protected.
    """
    knowledge = Knowledge(catalogue)
    knowledge.read(tables, lambda cell: is_hidden(cell) and not is_told(cell))
    for constraint in constraints:
        knowledge.add_constraint(constraint)
    return [*find_shown(tables, catalogue, is_hidden), *knowledge.groups, *knowledge.find_disclosures()]


def find_shown(
    tables: Mapping[date, list[Values]], catalogue: Catalogue, is_hidden: Callable[[Cell], bool]
) -> Iterator[Disclosure]:
    """Small counts that are shown, and amounts, means and rates shown while the count they describe is not."""
    for day, variants in sorted(tables.items()):
        for values in variants:
            source = catalogue.statistiques[values.source]
            for cle, cells in values.cells.items():
                mesure = catalogue.mesures[cle.mesure]
                seuil = source.seuils.get(mesure.unite, source.seuil)
                count = replace(cle, mesure=mesure.effectif)
                for territory, value in cells.items():
                    cell = Cell(values.source, day, cle, territory)
                    if value is None or is_hidden(cell):
                        continue
                    if mesure.is_counted and 0 < value < seuil:
                        yield Disclosure(cell, value, value, seuil, f"effectif publié sous le seuil de {seuil}.")
                    if mesure.effectif and count in values.cells and is_hidden(replace(cell, cle=count)):
                        yield Disclosure(
                            cell, value, value, seuil, "valeur publiée alors que l’effectif qu’elle décrit est masqué."
                        )


def find_groups(grid: Grid, relations: Relations) -> Iterator[tuple[int, str, float]]:
    """(key, territory, count) wherever a modality, or a measure that others contain, holds everyone."""
    for line in relations.lines:
        for territory in TERRITORIES if line.kind == BREAKDOWN or line.is_about_all else ():
            parent = grid.counts[territory][line.parent]
            for rank in line.children if parent and grid.seuils[line.parent] else ():
                if grid.counts[territory][rank] == parent:
                    yield rank, territory, parent


def is_true(constraint: Constraint, value_of: Callable[[Cell], float | None]) -> bool:
    """Whether a published figure speaks of these values; an earlier edition may speak of others."""
    values = [value_of(cell) for cell in constraint.coefficients]
    if None in values:
        return False
    total = sum(weight * value for weight, value in zip(constraint.coefficients.values(), values, strict=True))
    return constraint.low - _SLACK <= total <= constraint.high + _SLACK


class Knowledge:
    """Unknowns (masked cells and unlisted remainders) and the rows that bind them."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.truth: dict[Name, float] = {}
        self.seuils: dict[Name, int] = {}  # of the unknowns; 0: not to be protected
        self.rows: list[Bounded] = []
        self.groups: list[Disclosure] = []
        self._shapes: dict[frozenset[Cle], Relations] = {}

    def read(
        self,
        tables: Mapping[date, list[Values]],
        is_hidden: Callable[[Cell], bool],
        place: Callable[[str], str] = str,
        is_telling_only: bool = False,
    ) -> None:
        """Cells and equations of one point of view. place: what to call each territory, when there are several views.

        is_telling_only: protect only the masked cells which say something of a few persons by themselves.
        """
        for day, variants in sorted(tables.items()):
            for values in variants:
                keys = frozenset(values.cells)
                if keys not in self._shapes:
                    self._shapes[keys] = build_relations(keys, self.catalogue.mesures, self.catalogue.dimensions)
                self._read(day, values, self._shapes[keys], is_hidden, place, is_telling_only)

    def _read(self, day: date, values: Values, relations: Relations, is_hidden, place, is_telling_only: bool) -> None:
        grid = build_grid(values, relations, self.catalogue)
        system = build_system(grid, relations)
        groups = list(find_groups(grid, relations))
        telling = {(rank, territory) for rank, territory, _ in groups}
        names: dict[Node, Name] = {}
        for node, value in system.nodes.items():
            rank, territory = node
            where = place(territory)
            is_listed = rank >= 0
            # A remainder is that of one view: another one numbers its lines otherwise.
            name = (
                Cell(values.source, day, relations.keys[rank], where)
                if is_listed
                else (values.source, day, (rank, place(QPV)), where)
            )
            names[node] = name
            self.truth.setdefault(name, value)
            if (
                not is_listed
                or node in grid.withheld
                or is_hidden(name if where == territory else replace(name, territory=territory))
            ):
                seuil = system.seuils[node]
                is_spared = is_telling_only and is_listed and not 0 < value < seuil and node not in telling
                self.seuils[name] = 0 if is_spared else seuil
        for row in system.rows:
            self.add_equation({names[node]: sign for node, sign in row.signs.items()})
        self.groups += [
            Disclosure(names[rank, territory], value, value, grid.seuils[rank], EVERYONE)
            for rank, territory, value in groups
            if names[rank, territory] not in self.seuils
        ]

    def add_equation(self, row: Mapping[Name, float]) -> None:
        """Σ sign × cell is what the true values make it."""
        constant = sum(sign * self.truth[name] for name, sign in row.items())
        self._add_row(dict(row), constant, constant)

    def add_constraint(self, constraint: Constraint) -> None:
        """A published figure; of no use to the attacker when one of its cells was never given."""
        if all(cell in self.truth for cell in constraint.coefficients):
            self._add_row(dict(constraint.coefficients), constraint.low, constraint.high)

    def _add_row(self, row: dict[Name, float], low: float, high: float) -> None:
        """Published cells move to the right-hand side; a row without unknown says nothing. All its cells are read before."""
        known = sum(sign * self.truth[name] for name, sign in row.items() if name not in self.seuils)
        row = {name: sign for name, sign in row.items() if name in self.seuils}
        if row:
            self.rows.append((row, (low - known, high - known)))

    def find_disclosures(self) -> list[Disclosure]:
        """All the cells are pushed up and down together first: that clears most of them; each other one is bounded alone."""
        components = [rows for rows in split_components(self.rows) if self._is_sensitive(rows)]
        reach = {name: (value, value) for name, value in self.truth.items()}
        left, count = self._count_doubtful(components, reach), float("inf")
        while components and left < _CLEARING * count:
            rows = [row for rows in components for row in rows]
            names = list(dict.fromkeys(name for row, _ in rows for name in row))
            low, high = zip(*(reach[name] for name in names), strict=True)
            whole = Programme(*build_matrix(names, rows), low, high)
            whole.sweep(np.array([self.seuils[name] for name in names], float))
            reach |= {name: (low, high) for name, low, high in zip(names, whole.low, whole.high, strict=True)}
            components = [rows for rows in components if self._count_doubtful([rows], reach)]
            left, count = self._count_doubtful(components, reach), left
        return [found for rows in components for found in self._bound(rows, reach)]

    def _count_doubtful(self, components: list[list[Bounded]], reach: Mapping[Name, tuple[float, float]]) -> int:
        """The cells not yet seen at values as far apart as their threshold."""
        names = {name for rows in components for row, _ in rows for name in row}
        return sum(reach[name][1] - reach[name][0] < self.seuils[name] for name in names)

    def _is_sensitive(self, rows: list[Bounded]) -> bool:
        return any(self.seuils[name] for row, _ in rows for name in row)

    def _bound(self, rows: list[Bounded], reach: Mapping[Name, tuple[float, float]]) -> Iterator[Disclosure]:
        """Those of one component; `reach`: the interval in which each cell was seen already."""
        names = list(dict.fromkeys(name for row, _ in rows for name in row))
        doubtful = [rank for rank, name in enumerate(names) if reach[name][1] - reach[name][0] < self.seuils[name]]
        if not doubtful:
            return
        low, high = zip(*(reach[name] for name in names), strict=True)
        programme = Programme(*build_matrix(names, rows), low, high)
        for rank in doubtful:
            name, seuil = names[rank], self.seuils[names[rank]]
            if programme.has_room(rank, seuil):
                continue
            lowest, highest = programme.find_range(rank)
            is_whole = float(self.truth[name]).is_integer()
            if (count_width(lowest, highest) if is_whole else highest - lowest) < seuil:
                cell = name if isinstance(name, Cell) else Cell(name[0], name[1], Cle("complément"), name[3])
                yield Disclosure(cell, max(lowest, 0), highest, seuil)
