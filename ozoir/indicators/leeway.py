"""Which masked cells the published figures still pin too closely, though no single equation gives them back.

Only measures linked to one another are searched. Inside one measure, hiding a whole breakdown under totals that are
each at or above the threshold, and crossings everywhere, leaves enough room by construction: a cell may then be
anywhere between 0 and the smaller of its totals. `attack` checks it all, that too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from ozoir.indicators.cells import COMMUNE, QPV, RESTE, Node, System, split_components
from ozoir.indicators.programme import Bounded, Programme, count_width


_CLEARING = 0.9  # once sweeping leaves more than this share in doubt, what is left is asked for one by one


@dataclass
class Table:
    """One source at one date: its cells and equations, those that are masked, and the values they were seen at.

    What was seen stays possible when more is masked, so that a table may be searched again at little cost.
    """

    system: System
    hidden: frozenset[Node]
    low: dict[Node, float] = field(default_factory=dict)
    high: dict[Node, float] = field(default_factory=dict)

    def components(self, number: int) -> list[list[Bounded]]:
        """The equations left between masked cells, in groups that a measure links to another; names are (number, node)."""
        found, linking = [], set()
        for row in self.system.rows:
            signs = self._unknowns(row.signs)
            if not signs or self._is_repeated(row.signs):
                continue
            total = sum(sign * self.system.nodes[node] for node, sign in signs.items())
            named = {(number, node): sign for node, sign in signs.items()}
            shown = tuple(node for node in row.signs if node not in self.hidden)
            found.append((named, (total, total), shown))
            if row.is_linking:
                linking.update(named)
        return [rows for rows in split_components(found) if any(not linking.isdisjoint(row) for row, *_ in rows)]

    def _unknowns(self, signs: dict[Node, int]) -> dict[Node, int]:
        kept: dict[Node, int] = {}
        for node, sign in signs.items():
            if node in self.hidden:
                name, sign = ((node[0], QPV), -sign) if self._is_mirror(node) else (node, sign)
                kept[name] = kept.get(name, 0) + sign
        return {node: sign for node, sign in kept.items() if sign}

    def _is_mirror(self, node: Node) -> bool:
        """A rest under a shown commune: it says nothing that the quartier does not, so it is no unknown of its own."""
        rank, territory = node
        commune = (rank, COMMUNE)
        return territory == RESTE and rank >= 0 and commune in self.system.nodes and commune not in self.hidden

    def _is_repeated(self, signs: dict[Node, int]) -> bool:
        """An equation of rests alone, when it is that of the quartier seen from the commune."""
        mirrors = [node for node in signs if self._is_mirror(node)]
        return bool(mirrors) and all(node in mirrors or node not in self.hidden for node in signs)

    def most(self, node: Node) -> float:
        """The commune's shown count, which the quartier's masked one cannot exceed."""
        rank, territory = node
        commune = (rank, COMMUNE)
        if territory != QPV or rank < 0 or commune in self.hidden or (rank, RESTE) not in self.system.nodes:
            return np.inf
        return self.system.nodes[commune]


@dataclass(frozen=True)
class Exposed:
    """A masked node with too little room, and the shown nodes that hold it."""

    node: Node
    pins: tuple[Node, ...]


def find_exposed(tables: Sequence[Table]) -> list[list[Exposed]]:
    """For each table, one exposed node per group of linked cells where some have less room than needed.

    All the tables are searched together.
    """
    exposed: list[list[Exposed]] = [[] for _ in tables]
    components = [rows for number, table in enumerate(tables) for rows in table.components(number)]
    names = dict.fromkeys(name for rows in components for row, *_ in rows for name in row)
    needed = {(number, node): tables[number].system.seuils[node] for number, node in names}
    most = {(number, node): tables[number].most(node) for number, node in names}
    low = {(number, node): tables[number].low.get(node, tables[number].system.nodes[node]) for number, node in names}
    high = {(number, node): tables[number].high.get(node, tables[number].system.nodes[node]) for number, node in names}
    search = _Search(needed, most, low, high)
    for rows in search.clear(components):
        found = search.first_exposed(rows)
        if found is not None:
            (number, node), pins = found
            exposed[number].append(Exposed(node, pins))
    for number, node in names:
        tables[number].low[node], tables[number].high[node] = low[number, node], high[number, node]
    return exposed


@dataclass
class _Search:
    """What is known of each cell: the room it needs, the most it can be, the values it was seen at."""

    needed: dict
    most: dict
    low: dict
    high: dict

    def is_doubtful(self, name) -> bool:
        return self.high[name] - self.low[name] < self.needed[name]

    def clear(self, components: list[list[Bounded]]) -> list[list[Bounded]]:
        """Sweep over all the components at once while that clears cells; those still in doubt are returned."""
        components, count = self._doubtful(components)
        while components:
            names, programme = self._programme([row for rows in components for row in rows])
            programme.sweep(np.array([self.needed[name] for name in names], float))
            self.low.update(zip(names, programme.low.tolist(), strict=True))
            self.high.update(zip(names, programme.high.tolist(), strict=True))
            components, left = self._doubtful(components)
            if left > _CLEARING * count:
                break
            count = left
        return components

    def _doubtful(self, components: list[list[Bounded]]) -> tuple[list[list[Bounded]], int]:
        found, count = [], 0
        for rows in components:
            doubtful = {name for row, *_ in rows for name in row if self.is_doubtful(name)}
            count += len(doubtful)
            if doubtful:
                found.append(rows)
        return found, count

    def _programme(self, rows: list[Bounded]) -> tuple[list, Programme]:
        names = list(dict.fromkeys(name for row, *_ in rows for name in row))
        return names, Programme(names, rows, *([table[name] for name in names] for table in (self.most, self.low, self.high)))

    def first_exposed(self, rows: list[Bounded]) -> tuple | None:
        """(cell, what holds it): the first of a component with too little room; freeing it often frees its neighbours."""
        names, programme = self._programme(rows)
        for place, name in enumerate(names):
            if not self.is_doubtful(name):
                continue
            self.low[name], self.high[name] = programme.find_range(place, self.needed[name])
            if count_width(self.low[name], self.high[name]) < self.needed[name]:
                pins = [node for line in sorted(programme.binding) for node in rows[line][2]]
                pins += [(names[column][1][0], COMMUNE) for column in sorted(programme.capped)]
                return name, tuple(dict.fromkeys(pins))
        return None
