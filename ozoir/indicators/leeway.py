"""Which masked cells the published figures still pin too closely, though no single equation gives them back.

Only measures linked to one another are searched. Inside one measure, hiding a whole breakdown under totals that are
each at or above the threshold, and crossings everywhere, leaves enough room by construction: a cell may then be
anywhere between 0 and the smaller of its totals. `attack` checks it all, that too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ozoir.indicators.cells import System, split_components
from ozoir.indicators.programme import Bounded, Programme, count_width
from ozoir.indicators.relations import COMMUNE, QPV, RESTE, Node

_CLEARING = 0.75  # once sweeping leaves more than this share in doubt, what is left is asked for one by one


class Table:
    """One source at one date: its cells and equations, those that are masked, and the values they were seen at.

    What was seen stays possible when more is masked, so that a table may be searched again at little cost.
    """

    def __init__(self, system: System) -> None:
        self.system = system
        self.hidden: frozenset[Node] = frozenset()
        self.order = list(system.nodes)
        self.place = {node: rank for rank, node in enumerate(self.order)}
        self.needed = np.array([system.seuils[node] for node in self.order], float)
        self.low = np.array(list(system.nodes.values()), float)
        self.high = self.low.copy()

    def components(self, offset: int) -> list[list[Bounded]]:
        """The equations left between masked cells, in groups that a measure links to another; cells are numbered
        from `offset`. Each equation comes with the shown nodes that it holds."""
        if not self.system.is_linked:
            return []
        found, linking = [], set()
        for row in self.system.rows:
            if self.hidden.isdisjoint(row.signs) or self._is_repeated(row.signs):
                continue
            signs = self._unknowns(row.signs)
            if not signs:
                continue
            total = sum(sign * self.system.nodes[node] for node, sign in signs.items())
            named = {offset + self.place[node]: sign for node, sign in signs.items()}
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
        return territory == RESTE and rank >= 0 and (rank, COMMUNE) in self.place and (rank, COMMUNE) not in self.hidden

    def _is_repeated(self, signs: dict[Node, int]) -> bool:
        """An equation of rests alone, when it is that of the quartier seen from the commune."""
        mirrors = [node for node in signs if self._is_mirror(node)]
        return bool(mirrors) and all(node in mirrors or node not in self.hidden for node in signs)

    def most(self) -> np.ndarray:
        """The commune's shown count, which the quartier's masked one cannot exceed."""
        most = np.full(len(self.order), np.inf)
        for number, (rank, territory) in enumerate(self.order):
            commune = (rank, COMMUNE)
            if territory == QPV and (rank, RESTE) in self.place and commune not in self.hidden:
                most[number] = self.system.nodes[commune]
        return most


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
    offsets = np.cumsum([0, *(len(table.order) for table in tables)])
    search = _Search(tables)
    components = [rows for table, offset in zip(tables, offsets, strict=False) for rows in table.components(int(offset))]
    for name, lines, capped in search.find_exposed(components):
        number = int(np.searchsorted(offsets, name, side="right")) - 1
        order, offset = tables[number].order, int(offsets[number])
        pins = [*lines, *((order[other - offset][0], COMMUNE) for other in capped)]
        exposed[number].append(Exposed(order[name - offset], tuple(dict.fromkeys(pins))))
    for table, start, end in zip(tables, offsets, offsets[1:], strict=False):
        table.low, table.high = search.low[start:end], search.high[start:end]
    return exposed


class _Search:
    """What is known of each cell of all the tables: the room it needs, the most it can be, the values it was seen at."""

    def __init__(self, tables: Sequence[Table]) -> None:
        self.needed = np.concatenate([table.needed for table in tables])
        self.most = np.concatenate([table.most() for table in tables])
        self.low = np.concatenate([table.low for table in tables])
        self.high = np.concatenate([table.high for table in tables])

    def find_exposed(self, components: list[list[Bounded]]) -> list[tuple[int, list[Node], list[int]]]:
        """One exposed cell, with what holds it, per component that has some."""
        found = [self.first_exposed(rows) for rows in self.clear(components)]
        return [exposed for exposed in found if exposed is not None]

    def clear(self, components: list[list[Bounded]]) -> list[list[Bounded]]:
        """Sweep over all the components at once while that clears cells; those still in doubt are returned."""
        components, count = self._doubtful(components)
        while components:
            names, programme = self._programme([row for rows in components for row in rows])
            programme.sweep(self.needed[names])
            self.low[names], self.high[names] = programme.low, programme.high
            components, left = self._doubtful(components)
            if left > _CLEARING * count:
                break
            count = left
        return components

    def _doubtful(self, components: list[list[Bounded]]) -> tuple[list[list[Bounded]], int]:
        """The components with a cell still in doubt, and the number of such cells."""
        is_doubtful = self.high - self.low < self.needed
        kept, count = [], 0
        for rows in components:
            doubtful = {name for row, *_ in rows for name in row if is_doubtful[name]}
            if doubtful:
                kept.append(rows)
                count += len(doubtful)
        return kept, count

    def _programme(self, rows: list[Bounded]) -> tuple[list[int], Programme]:
        names = list(dict.fromkeys(name for row, *_ in rows for name in row))
        return names, Programme(names, rows, self.most[names], self.low[names], self.high[names])

    def first_exposed(self, rows: list[Bounded]) -> tuple[int, list[Node], list[int]] | None:
        """(cell, shown nodes of the equations that hold it, cells whose largest value does): the first of a component
        with too little room; freeing it often frees its neighbours."""
        names, programme = self._programme(rows)
        for place, name in enumerate(names):
            needed = self.needed[name]
            if self.high[name] - self.low[name] >= needed:
                continue
            self.low[name], self.high[name] = programme.find_range(place, needed)
            if count_width(self.low[name], self.high[name]) < needed:
                held = [node for line in sorted(programme.binding) for node in rows[line][2]]
                return name, held, [names[column] for column in sorted(programme.capped)]
        return None
