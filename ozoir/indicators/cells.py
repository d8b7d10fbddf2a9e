"""The counts of one date as masking and its attacker see them: quartier, rest of the commune, commune."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import pandas as pd

from ozoir.catalogue.loading import Catalogue
from ozoir.catalogue.model import Cle, Mesure, Territoire
from ozoir.indicators.relations import Line, Relations

QPV, RESTE, COMMUNE = "qpv", "reste", "commune"
TERRITORIES = (QPV, RESTE, COMMUNE)
WITHHELD = None  # the partner gave the cell without its value
Node = tuple[int, str]


@dataclass(frozen=True)
class Values:
    """What one source (or one import of it) says at one date. A missing territory is a cell that was not given."""

    source: str
    seuil: int
    cells: Mapping[Cle, Mapping[str, float | None]]

    def value(self, cle: Cle, territory: str) -> float | None:
        return self.cells.get(cle, {}).get(territory)

    def is_given(self, cle: Cle, territory: str) -> bool:
        return territory in self.cells.get(cle, {})


def read_cells(facts: pd.DataFrame, catalogue: Catalogue, by_import: bool = False) -> dict[date, list[Values]]:
    """The facts of the sources that are masked here, by date; by_import keeps apart what each import said."""
    territoire = catalogue.territoire
    codes = {*territoire.codes_quartier, territoire.code_commune}
    is_open = {name: not source.protegee for name, source in catalogue.statistiques.items()}
    chosen = facts[facts["territoire"].isin(codes) & facts["source"].map(is_open).eq(True)]
    tables: dict[tuple, dict[Cle, dict[str, float | None]]] = defaultdict(lambda: defaultdict(dict))
    zonings = zonings_in_force(chosen, territoire)
    columns = ("mesure", "sexe", "age", "detail", "territoire", "zonage", "valeur", "statut", "source")
    days = pd.to_datetime(chosen["date_reference"]).dt.date
    imports = chosen["import_id"] if by_import else [0] * len(chosen)
    for day, number, *row in zip(days, imports, *(chosen[name] for name in columns), strict=True):
        mesure, sexe, age, detail, code, zonage, value, statut, source = row
        if statut not in ("connu", "provisoire", "non_diffuse"):
            continue
        if code != territoire.code_commune and zonage != zonings[day]:
            continue
        territory = COMMUNE if code == territoire.code_commune else QPV
        cell = float(value) if value == value and statut != "non_diffuse" else WITHHELD
        tables[day, source, number][Cle(mesure, sexe, age, detail)][territory] = cell
    found: dict[date, list[Values]] = defaultdict(list)
    for (day, source, _), cells in sorted(tables.items(), key=lambda item: item[0]):
        for cell in cells.values():
            q, c = cell.get(QPV), cell.get(COMMUNE)
            if q is not None and c is not None and q <= c:
                cell[RESTE] = c - q
        found[day].append(Values(source, catalogue.statistiques[source].seuil, cells))
    return found


def zonings_in_force(facts: pd.DataFrame, territoire: Territoire) -> dict[date, str]:
    """At each date, the one zoning whose quartier may be shown: two overlapping ones would give their difference."""
    quartier = facts[facts["territoire"].isin(territoire.codes_quartier)]
    present: dict[date, set[str]] = defaultdict(set)
    for day, zonage in set(zip(pd.to_datetime(quartier["date_reference"]).dt.date, quartier["zonage"], strict=True)):
        present[day].add(zonage)
    return {day: max(names, key=lambda name: zoning_rank(territoire, day, name)) for day, names in present.items()}


def zoning_rank(territoire: Territoire, day: date, zonage: str) -> tuple[bool, date, str]:
    """Higher for the zoning in force that day, then for the latest one."""
    for known in territoire.zonages:
        if known.id == zonage:
            return known.debut <= day <= (known.fin or date.max), known.debut, zonage
    return False, date.min, zonage


def line_values(values: Values, relations: Relations, line: Line, territory: str) -> tuple[float, list[float]] | None:
    """(parent, children) when every member of the line is known there."""
    parent = values.value(relations.keys[line.parent], territory)
    children = [values.value(relations.keys[rank], territory) for rank in line.children]
    return None if parent is None or None in children else (parent, children)


@dataclass(frozen=True)
class System:
    """The cells of one source at one date as nodes, and the equations between them: Σ sign × node = constant.

    A node is (key's position, territory), or (−1 − line's number, territory) for what a line leaves unlisted.
    `nodes` holds the true values (None: withheld by the partner); `counted` the nodes to which the threshold applies.
    """

    nodes: dict[Node, float | None]
    rows: list[tuple[dict[Node, int], float]]
    counted: frozenset[Node]


def build_system(values: Values, relations: Relations, mesures: Mapping[str, Mesure]) -> System:
    """Every equation that a reader may write: quartier + reste = commune, and the relations of the catalogue."""
    nodes: dict[Node, float | None] = {}
    rows: list[tuple[dict[Node, int], float]] = []
    counted = set()
    for rank, cle in enumerate(relations.keys):
        cells = values.cells.get(cle, {})
        nodes |= {(rank, territory): value for territory, value in cells.items()}
        if mesures[cle.mesure].is_counted:
            counted |= {(rank, territory) for territory in cells}
        if RESTE in cells:
            rows.append(({(rank, QPV): 1, (rank, RESTE): 1, (rank, COMMUNE): -1}, 0))
    for number, line in enumerate(relations.lines):
        for territory in TERRITORIES:
            members = [(rank, territory) for rank in line.children] + [(line.parent, territory)]
            if any(node not in nodes for node in members):
                continue
            row = dict.fromkeys(members, 1) | {members[-1]: -1}
            known = None if any(nodes[node] is None for node in members) else sum(s * nodes[n] for n, s in row.items())
            remainder = (-1 - number, territory)
            if line.is_exhaustive:  # parts that do not quite add up: the reader is supposed to know by how much
                rows.append((row, known or 0))
            elif known is None or known <= 0:
                nodes[remainder] = None if known is None else -known
                if members[-1] in counted:
                    counted.add(remainder)
                rows.append((row | {remainder: 1}, 0))
    return System(nodes, rows, frozenset(counted))


def split_components(rows: list[tuple[dict, float]]) -> list[list[tuple[dict, float]]]:
    """Rows that share no node, directly or not, apart."""
    leader: dict = {}

    def find(node):
        while leader.setdefault(node, node) != node:
            leader[node] = leader[leader[node]]
            node = leader[node]
        return node

    for row, _ in rows:
        first, *others = row
        for other in others:
            leader[find(other)] = find(first)
    components = defaultdict(list)
    for row in rows:
        components[find(next(iter(row[0])))].append(row)
    return list(components.values())
