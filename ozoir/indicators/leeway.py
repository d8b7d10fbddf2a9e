"""Which masked cells the published figures still pin too closely, though no single equation gives them back.

Only measures linked to one another are searched. Inside one measure, hiding a whole breakdown under totals that are
each at or above the threshold, and crossings everywhere, leaves enough room by construction: a cell may then be
anywhere between 0 and the smaller of its totals. `attack` checks it all, that too.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from ozoir.indicators.cells import System
from ozoir.indicators.programme import Programme, count_width
from ozoir.indicators.relations import COMMUNE, QPV, RESTE, Node

_CLEARING = 0.65  # once sweeping leaves more than this share in doubt, what is left is asked for one by one


class Table:
    """One source at one date: its cells and equations, those that are masked, and the values they were seen at.

    What was seen stays possible when more is masked, so that a table may be searched again at little cost.
    """

    def __init__(self, system: System) -> None:
        self.system = system
        self.order = list(system.nodes)
        self.needed = np.array([system.seuils[node] for node in self.order], float)
        self.values = np.array(list(system.nodes.values()), float)
        self.low, self.high = self.values.copy(), self.values.copy()
        self.is_hidden = np.zeros(len(self.order), bool)
        place = {node: number for number, node in enumerate(self.order)}
        # The quartier's cell that says as much as a rest, once the commune is shown; that commune; −1: none.
        self._twin, self._whole = np.full((2, len(self.order)), -1)
        for (rank, territory), number in place.items():
            if rank >= 0 and territory != COMMUNE and (rank, RESTE) in place and (rank, COMMUNE) in place:
                self._whole[number] = place[rank, COMMUNE]
                self._twin[number] = place[rank, QPV] if territory == RESTE else -1
        entries = [(line, place[node], sign) for line, row in enumerate(system.rows) for node, sign in row.signs.items()]
        self._entries = np.array(entries, int).reshape(-1, 3).T
        self.is_linking = np.array([row.is_linking for row in system.rows], bool)

    def hide(self, nodes: Collection[Node]) -> None:
        self.is_hidden = np.array([node in nodes for node in self.order], bool)

    def equations(self) -> np.ndarray:
        """(equation, cell, sign) of what is left between masked cells, in columns.

        A rest under a shown commune says nothing that the quartier does not: it is no unknown of its own, and neither
        are equations of such rests alone, those of the quartier seen from the commune.
        """
        entries = self._entries[:, self.is_hidden[self._entries[1]]]
        lines, cells, signs = entries
        is_mirror = (self._twin[cells] >= 0) & ~self.is_hidden[self._whole[cells]]
        entries = np.array([lines, np.where(is_mirror, self._twin[cells], cells), np.where(is_mirror, -signs, signs)])
        entries = entries[:, np.bincount(lines, ~is_mirror, len(self.is_linking))[lines] > 0]
        # A hidden quartier and its rest under a shown commune: nothing is left of their equation.
        _, same = np.unique(entries[0] * len(self.order) + entries[1], return_inverse=True)
        return entries[:, np.bincount(same, entries[2])[same] != 0]

    def most(self) -> np.ndarray:
        """The commune's shown count, which the quartier's masked one cannot exceed."""
        most = np.full(len(self.order), np.inf)
        is_bounded = (self._whole >= 0) & (self._twin < 0)
        is_bounded[is_bounded] &= ~self.is_hidden[self._whole[is_bounded]]
        most[is_bounded] = self.values[self._whole[is_bounded]]
        return most

    def shown_in(self, line: int) -> list[Node]:
        """The shown nodes of an equation."""
        _, cells, _ = self._entries[:, self._entries[0] == line]
        return [self.order[cell] for cell in cells if not self.is_hidden[cell]]


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
    search = _Search(tables)
    for cell, lines, capped in search.find_exposed():
        number = search.table_of(cell)
        table, first_cell, first_line = tables[number], search.first_cells[number], search.first_lines[number]
        pins = [node for line in lines for node in table.shown_in(line - first_line)]
        pins += [(table.order[other - first_cell][0], COMMUNE) for other in capped]
        exposed[number].append(Exposed(table.order[cell - first_cell], tuple(dict.fromkeys(pins))))
    search.remember(tables)
    return exposed


class _Search:
    """The equations of all the tables, in groups of linked cells, and what is known of each cell: the room it needs, the
    most it can be, the values it was seen at. Cells and equations are numbered from one table to the next."""

    def __init__(self, tables: Sequence[Table]) -> None:
        self.first_cells = np.cumsum([0, *(len(table.order) for table in tables)])
        self.first_lines = np.cumsum([0, *(len(table.is_linking) for table in tables)])
        self.needed, self.low, self.high, self.most, values = (
            np.concatenate(parts)
            for parts in zip(
                *((table.needed, table.low, table.high, table.most(), table.values) for table in tables), strict=True
            )
        )
        entries = [
            table.equations() + np.array([[line], [cell], [0]])
            for table, line, cell in zip(tables, self.first_lines, self.first_cells, strict=False)
        ]
        self.entries = np.concatenate(entries, axis=1)
        lines, cells, signs = self.entries
        self.totals = np.bincount(lines, signs * values[cells], self.first_lines[-1])
        self.groups = self._find_groups(np.concatenate([table.is_linking for table in tables]))

    def _find_groups(self, is_linking: np.ndarray) -> np.ndarray:
        """The group of each entry, named after its first one; −1 when no measure is linked to another in it."""
        lines, cells, _ = self.entries
        size = self.first_lines[-1] + self.first_cells[-1]
        joins = csr_matrix((np.ones(len(lines)), (lines, self.first_lines[-1] + cells)), shape=(size, size))
        _, labels = connected_components(joins, directed=False)
        groups = labels[lines]
        names, firsts = np.unique(groups, return_index=True)
        is_linked = np.isin(names, groups[is_linking[lines]])
        number = np.full(size, -1)
        number[names[is_linked]] = firsts[is_linked]
        return number[groups]

    def table_of(self, cell: int) -> int:
        return int(np.searchsorted(self.first_cells, cell, side="right")) - 1

    def remember(self, tables: Sequence[Table]) -> None:
        for table, start, end in zip(tables, self.first_cells, self.first_cells[1:], strict=False):
            table.low, table.high = self.low[start:end], self.high[start:end]

    def find_exposed(self) -> list[tuple[int, list[int], list[int]]]:
        """One exposed cell, with the equations and the largest values that hold it, per group that has some."""
        found = [self._first_exposed(group) for group in self._clear()]
        return [exposed for exposed in found if exposed is not None]

    def _clear(self) -> list[int]:
        """Sweep over all the groups at once while that clears cells; those still in doubt are returned."""
        groups, count = self._doubtful(self.groups >= 0)
        while len(groups):
            _, cells, programme = self._programme(np.isin(self.groups, groups))
            programme.sweep(self.needed[cells])
            self.low[cells], self.high[cells] = programme.low, programme.high
            groups, left = self._doubtful(np.isin(self.groups, groups))
            if left > _CLEARING * count:
                break
            count = left
        return groups.tolist()

    def _doubtful(self, is_asked: np.ndarray) -> tuple[np.ndarray, int]:
        """The groups with a cell still in doubt, and the number of such cells."""
        cells = self.entries[1]
        is_doubtful = is_asked & (count_width(self.low, self.high) < self.needed)[cells]
        return np.unique(self.groups[is_doubtful]), len(np.unique(cells[is_doubtful]))

    def _programme(self, is_chosen: np.ndarray) -> tuple[np.ndarray, np.ndarray, Programme]:
        """(equations, cells, the programme over them), in the order of the equations."""
        lines, cells, signs = self.entries[:, is_chosen]
        numbers, rows = np.unique(lines, return_inverse=True)
        found, firsts, columns = np.unique(cells, return_index=True, return_inverse=True)
        order = np.argsort(firsts)
        columns = np.argsort(order)[columns]
        names = found[order]
        matrix = csr_matrix((signs, (rows, columns)), shape=(len(numbers), len(names)), dtype=float)
        sides = np.repeat(self.totals[numbers][:, None], 2, axis=1)
        return numbers, names, Programme(matrix, sides, self.low[names], self.high[names], self.most[names])

    def _first_exposed(self, group: int) -> tuple[int, list[int], list[int]] | None:
        """The first cell of a group with too little room; freeing it often frees its neighbours."""
        lines, cells, programme = self._programme(self.groups == group)
        for place, needed in enumerate(self.needed[cells]):
            if not programme.has_room(place, needed):
                capped = [int(cells[column]) for column in sorted(programme.capped)]
                return int(cells[place]), [int(lines[line]) for line in sorted(programme.binding)], capped
        return None
