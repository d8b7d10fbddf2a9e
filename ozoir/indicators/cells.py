"""The counts of one date as masking and its attacker see them: quartier, rest of the commune, commune."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date

import pandas as pd

from ozoir.catalogue.loading import Catalogue
from ozoir.catalogue.model import ENSEMBLE, Cle, Territoire
from ozoir.indicators.relations import COMMUNE, INCLUSION, QPV, RESTE, TERRITORIES, Line, Node, Relations, Row


@dataclass(frozen=True)
class Values:
    """What one source (or one import of it) says at one date: key → territory → count, None when it was withheld."""

    source: str
    cells: Mapping[Cle, Mapping[str, float | None]]

    def is_within(self, other: Values) -> bool:
        """Whether the other says all of this too."""
        return self.source == other.source and all(
            cells.items() <= other.cells.get(cle, {}).items() for cle, cells in self.cells.items()
        )


def read_cells(
    facts: pd.DataFrame, catalogue: Catalogue, by_import: bool = False, mesures: Collection[str] | None = None
) -> dict[date, list[Values]]:
    """The facts of the sources that are masked here, by date; by_import keeps apart what each import said.

    `mesures`: of these alone, when others are of no use to who asks.
    """
    crossed = crossed_measures(catalogue)
    territoire = catalogue.territoire
    open_sources = [name for name, source in catalogue.statistiques.items() if not source.protegee]
    codes = [*territoire.codes_quartier, territoire.code_commune]
    is_given = facts["statut"].isin(("connu", "provisoire", "non_diffuse"))
    chosen = facts[facts["territoire"].isin(codes) & facts["source"].isin(open_sources) & is_given]
    zonings = zonings_in_force(chosen, territoire)
    chosen = chosen if mesures is None else chosen[chosen["mesure"].isin(mesures)]
    tables: dict[tuple, dict[Cle, dict[str, float | None]]] = defaultdict(lambda: defaultdict(dict))
    keys: dict[tuple, Cle | None] = {}  # None: too fine
    days = pd.to_datetime(chosen["date_reference"]).dt.date.tolist()
    numbers = chosen["import_id"].tolist() if by_import else [0] * len(chosen)
    columns = ("mesure", "sexe", "age", "detail", "territoire", "zonage", "valeur", "statut", "source")
    rows = zip(days, numbers, *(chosen[name].tolist() for name in columns), strict=True)
    for day, number, mesure, sexe, age, detail, code, zonage, value, statut, source in rows:
        if code != territoire.code_commune and zonage != zonings[source, day]:
            continue
        parts = (mesure, sexe, age, detail)
        if parts not in keys:
            cle = Cle(*parts)
            keys[parts] = None if is_too_fine(cle, crossed) else cle
        cle = keys[parts]
        if cle is None:
            continue
        territory = COMMUNE if code == territoire.code_commune else QPV
        is_known = value == value and statut != "non_diffuse"
        tables[day, source, number][cle][territory] = float(value) if is_known else None
    found: dict[date, list[Values]] = defaultdict(list)
    for (day, source, _), cells in sorted(tables.items(), key=lambda item: item[0]):
        for cell in cells.values():
            quartier, commune = cell.get(QPV), cell.get(COMMUNE)
            if quartier is not None and commune is not None and quartier <= commune:
                cell[RESTE] = commune - quartier
        found[day].append(Values(source, cells))
    return found


def is_too_fine(cle: Cle, crossed: frozenset[str]) -> bool:
    """Whether a key crosses more criteria than may ever be shown of a source masked here.

    Two at most, and only for the main one of the measures that contain one another: crossed too, the others would
    leave in the quartier cells of a few persons, and pin one another.
    """
    criteria = (cle.sexe != ENSEMBLE) + (cle.age != ENSEMBLE) + cle.detail.count(":")
    return criteria > 2 or (criteria == 2 and cle.mesure not in crossed)


def crossed_measures(catalogue: Catalogue) -> frozenset[str]:
    """Of each set of measures linked by inclusions and parts, the one that serves the indicators most."""
    links = [({mesure.id: 1, other: 1},) for mesure in catalogue.mesures.values() for other in mesure.linked]
    chains = [{name for row, *_ in rows for name in row} for rows in split_components(links)]
    importance = measure_importance(catalogue)
    chosen = {max(sorted(chain), key=lambda name: importance[name]) for chain in chains}
    return frozenset(chosen | catalogue.mesures.keys() - set().union(*chains))


def measure_importance(catalogue: Catalogue) -> Counter[str]:
    """How much each measure serves the indicators: between two figures, the less used one is withheld."""
    importance: Counter[str] = Counter()
    for indicateur in catalogue.indicateurs.values():
        importance[indicateur.cle_numerateur.mesure] += 3 if indicateur.principal else 2
        if indicateur.cle_denominateur:
            importance[indicateur.cle_denominateur.mesure] += 1
    return importance


def zonings_in_force(facts: pd.DataFrame, territoire: Territoire) -> dict[tuple[str, date], str]:
    """(source, date) → the one zoning whose quartier may be shown: two overlapping ones would give their difference."""
    quartier = facts[facts["territoire"].isin(territoire.codes_quartier)]
    present: dict[tuple[str, date], set[str]] = defaultdict(set)
    for source, day, zonage in quartier[["source", "date_reference", "zonage"]].drop_duplicates().itertuples(index=False):
        present[source, pd.Timestamp(day).date()].add(zonage)
    return {key: max(names, key=lambda name: zoning_rank(territoire, key[1], name)) for key, names in present.items()}


def zoning_rank(territoire: Territoire, day: date, zonage: str) -> tuple[bool, date, str]:
    """Higher for the zoning in force that day, then for the latest one."""
    for known in territoire.zonages:
        if known.id == zonage:
            return known.debut <= day <= (known.fin or date.max), known.debut, zonage
    return False, date.min, zonage


@dataclass(frozen=True)
class Grid:
    """The values of one source at one date, by position of the keys; `seuils` is 0 for what is not a count of someone."""

    source: str
    counts: dict[str, list[float | None]]
    withheld: frozenset[Node]
    seuils: list[int]

    def line(self, line: Line, territory: str) -> tuple[float, list[float]] | None:
        """(parent, children) when every member of the line is known there."""
        counts = self.counts[territory]
        parent = counts[line.parent]
        children = [counts[rank] for rank in line.children]
        return None if parent is None or None in children else (parent, children)

    def line_threshold(self, line: Line) -> int:
        """What is not listed is of the kind of the child for an inclusion, of the strictest member otherwise."""
        return self.seuils[line.children[0]] if line.kind == INCLUSION else max(self.seuils[rank] for rank in line.members)

    def leaves_room(self, crossing: Mapping[tuple[str, str], int]) -> bool:
        """Whether every cell may range over its threshold while all totals and the commune's crossing are shown.

        Proven by exchanges: one more here, one fewer in the same row and in the same column, one more in the fourth
        corner, and the reverse in the rest of the commune.
        """
        return all(
            self._room(crossing, row, column) >= self.seuils[rank]
            for (row, column), rank in crossing.items()
            if self.counts[QPV][rank] is not None
        )

    def _room(self, crossing: Mapping[tuple[str, str], int], row: str, column: str) -> float:
        best = 0.0
        for (other_row, other_column), corner in crossing.items():
            turns = [(other_row, column), (row, other_column)]
            if other_row == row or other_column == column or any(turn not in crossing for turn in turns):
                continue
            more = [crossing[row, column], corner]
            fewer = [crossing[turn] for turn in turns]
            best = max(best, self._exchange(fewer, more) + self._exchange(more, fewer))
        return best

    def _exchange(self, fewer: list[int], more: list[int]) -> float:
        """How many may leave `fewer` for `more` in the quartier, and the reverse in the rest."""
        losses = [self.counts[QPV][rank] for rank in fewer] + [self.counts[RESTE][rank] for rank in more]
        return 0.0 if None in losses else min(losses)


def build_grid(values: Values, relations: Relations, catalogue: Catalogue) -> Grid:
    source = catalogue.statistiques[values.source]
    counts: dict[str, list[float | None]] = {name: [None] * len(relations.keys) for name in TERRITORIES}
    withheld, seuils = set(), [0] * len(relations.keys)
    for rank, cle in enumerate(relations.keys):
        mesure = catalogue.mesures[cle.mesure]
        seuils[rank] = source.seuils.get(mesure.unite, source.seuil) if mesure.is_counted else 0
        for territory, count in values.cells.get(cle, {}).items():
            counts[territory][rank] = count
            if count is None:
                withheld.add((rank, territory))
    return Grid(values.source, counts, frozenset(withheld), seuils)


@dataclass
class System:
    """The cells of one source at one date as nodes, and the equations between them.

    `nodes` holds the true values; `seuils` the room that each node needs when it is not shown. Cells withheld by the
    partner hold a plausible value. The constant of a row is what the values make it: a reader is supposed to know by
    how much parts do not add up.
    """

    nodes: dict[Node, float] = field(default_factory=dict)
    seuils: dict[Node, int] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    is_linked: bool = False


def build_system(grid: Grid, relations: Relations) -> System:
    """Every equation that a reader may write: quartier + reste = commune, and the relations of the catalogue."""
    system = System()
    for territory in TERRITORIES:
        for rank, count in enumerate(grid.counts[territory]):
            if count is not None:
                system.nodes[rank, territory] = count
                system.seuils[rank, territory] = grid.seuils[rank]
    for rank, territory in sorted(grid.withheld):
        system.nodes[rank, territory] = _plausible(grid, relations, rank, territory)
        system.seuils[rank, territory] = grid.seuils[rank]
    for rank, count in enumerate(grid.counts[RESTE]):
        if count is not None:
            system.rows.append(Row({(rank, QPV): 1, (rank, RESTE): 1, (rank, COMMUNE): -1}))
    for number, line in enumerate(relations.lines):
        for territory in TERRITORIES:
            if all((rank, territory) in system.nodes for rank in line.members):
                _add_line(system, grid, line, (-1 - number, territory), relations.rows[number, territory])
    return system


def _add_line(system: System, grid: Grid, line: Line, remainder: Node, row: Row) -> None:
    if not line.is_exhaustive:
        territory = remainder[1]
        left = system.nodes[line.parent, territory] - sum(system.nodes[rank, territory] for rank in line.children)
        if left < 0:
            return
        seuil = grid.line_threshold(line) if line.is_remainder_sensitive else 0
        system.nodes[remainder] = left
        system.seuils[remainder] = seuil if 0 < left < seuil else 0
    system.rows.append(row)
    system.is_linked |= row.is_linking


def _plausible(grid: Grid, relations: Relations, rank: int, territory: str) -> float:
    """For a cell withheld by the partner: its share of what the other modalities leave of their total."""
    counts = grid.counts[territory]
    for number in relations.lines_of[rank]:
        line = relations.lines[number]
        if line.is_exhaustive and rank in line.children and counts[line.parent] is not None:
            left = counts[line.parent] - sum(counts[child] or 0 for child in line.children)
            return max(left, 0) // sum(counts[child] is None for child in line.children)
    return 0.0


def split_components(rows: list[tuple]) -> list[list[tuple]]:
    """Rows (node → sign, …) that share no node, directly or not, apart."""
    leader: dict = {}

    def find(node):
        while leader.setdefault(node, node) != node:
            leader[node] = leader[leader[node]]
            node = leader[node]
        return node

    for row, *_ in rows:
        first, *others = row
        for other in others:
            leader[find(other)] = find(first)
    components = defaultdict(list)
    for row in rows:
        components[find(next(iter(row[0])))].append(row)
    return list(components.values())
