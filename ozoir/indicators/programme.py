"""Linear programming over masked cells: the interval in which published figures leave each of them."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from math import ceil, floor, inf

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_matrix, vstack

from ozoir.errors import OzoirError

Name = Hashable
Bounded = tuple[Mapping[Name, float], tuple[float, float]]  # low ≤ Σ coefficient × cell ≤ high; what follows is free

_TOLERANCE = 1e-6
_SWEEPS = 4


class Programme:
    """All the tables that agree with some rows: cells ≥ 0. Each table met widens what is known of every cell at once."""

    def __init__(
        self,
        names: Sequence[Name],
        rows: Sequence[Bounded],
        most: Sequence[float] | None = None,
        low: Sequence[float] | None = None,
        high: Sequence[float] | None = None,
    ) -> None:
        """`most`: the largest value of each cell; `low`, `high`: values at which it is already known to be possible."""
        rank = {name: number for number, name in enumerate(names)}
        entries = [(line, rank[name], sign) for line, (row, *_) in enumerate(rows) for name, sign in row.items()]
        lines, columns, signs = zip(*entries, strict=True)
        matrix = csr_matrix((signs, (lines, columns)), shape=(len(rows), len(names)), dtype=float)
        lows, highs = np.array([row[1] for row in rows], float).T
        is_equal = lows == highs
        self._constraints = {
            "A_eq": matrix[is_equal] if is_equal.any() else None,
            "b_eq": lows[is_equal] if is_equal.any() else None,
            "bounds": (0, None) if most is None else np.column_stack([np.zeros(len(names)), most]),
        }
        unequal = matrix[~is_equal]
        if unequal.shape[0]:
            sides = np.concatenate([highs[~is_equal], -lows[~is_equal]])
            is_bounding = np.isfinite(sides)
            self._constraints |= {"A_ub": vstack([unequal, -unequal]).tocsr()[is_bounding], "b_ub": sides[is_bounding]}
        self.binding: set[int] = set()  # the equations that stopped the last cell asked for
        self.capped: set[int] = set()  # the cells whose largest value did
        self.low = np.full(len(names), inf) if low is None else np.array(low, float)
        self.high = np.full(len(names), -inf) if high is None else np.array(high, float)

    def sweep(self, needed: np.ndarray) -> None:
        """Push all the cells still within less than `needed` (0: not wanted) up and down together, at random.

        A few sweeps clear most cells of many tables at once; they prove room, never the lack of it.
        """
        random = np.random.default_rng(0)
        objective = np.zeros(len(needed))
        for count in range(_SWEEPS):
            is_wanted = self.high - self.low < needed
            if not is_wanted.any():
                return
            if count % 2:
                objective = -objective * is_wanted
            else:
                objective = random.choice([-1.0, 1.0], len(needed)) * random.uniform(0.5, 1.5, len(needed)) * is_wanted
            self._solve(objective)

    def find_range(self, rank: int, needed: float) -> tuple[float, float]:
        """The interval of a cell: exact when it is narrower than needed, else known to be at least that wide."""
        self.binding.clear()
        self.capped.clear()
        for sign in (1, -1):
            if self.high[rank] - self.low[rank] >= needed:
                break
            objective = np.zeros(len(self.low))
            objective[rank] = sign
            if self._solve(objective) == -inf:
                self.high[rank] = inf
        return self.low[rank], self.high[rank]

    def _solve(self, objective: np.ndarray) -> float:
        """The least value of the objective; −inf when nothing published limits it."""
        answer = linprog(objective, **self._constraints, method="highs")
        if answer.status == 3:
            return -inf
        if answer.status != 0:
            raise OzoirError("Contrôle du secret impossible.", f"Les valeurs publiées se contredisent : {answer.message}")
        self.low = np.minimum(self.low, answer.x)
        self.high = np.maximum(self.high, answer.x)
        if self._constraints["A_eq"] is not None:
            self.binding.update(np.flatnonzero(np.abs(answer.eqlin.marginals) > _TOLERANCE).tolist())
        self.capped.update(np.flatnonzero(np.abs(answer.upper.marginals) > _TOLERANCE).tolist())
        return answer.fun


def count_width(low: float, high: float) -> float:
    """Width of the whole numbers of an interval."""
    return (high if high == inf else floor(high + _TOLERANCE)) - ceil(low - _TOLERANCE)
