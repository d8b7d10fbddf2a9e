"""Linear programming over masked cells: the interval in which published figures leave each of them."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence

import numpy as np

from ozoir.errors import OzoirError

Name = Hashable
Row = tuple[Mapping[Name, float], tuple[float, float]]  # low ≤ Σ coefficient × cell ≤ high


class Programme:
    """All the tables that agree with some rows: cells ≥ 0. Each solution met widens what is known of every cell."""

    def __init__(
        self, names: Sequence[Name], rows: Sequence[Row], low: np.ndarray | None = None, high: np.ndarray | None = None
    ) -> None:
        """`low`, `high`: values at which each cell is already known to be possible."""
        from scipy.sparse import csr_matrix, vstack  # slow to import, and useless while nothing is masked

        rank = {name: number for number, name in enumerate(names)}
        entries = [(line, rank[name], sign) for line, (row, _) in enumerate(rows) for name, sign in row.items()]
        lines, columns, signs = zip(*entries, strict=True)
        matrix = csr_matrix((signs, (lines, columns)), shape=(len(rows), len(names)), dtype=float)
        lows, highs = np.array([bounds for _, bounds in rows], float).T
        is_equal = lows == highs
        unequal = matrix[~is_equal]
        self._constraints = {
            "A_eq": matrix[is_equal] if is_equal.any() else None,
            "b_eq": lows[is_equal] if is_equal.any() else None,
        }
        if unequal.shape[0]:
            sides = np.concatenate([highs[~is_equal], -lows[~is_equal]])
            is_bounding = np.isfinite(sides)
            self._constraints |= {"A_ub": vstack([unequal, -unequal]).tocsr()[is_bounding], "b_ub": sides[is_bounding]}
        self._low = np.full(len(names), np.inf) if low is None else low.copy()
        self._high = np.full(len(names), -np.inf) if high is None else high.copy()

    def find_range(self, rank: int, needed: float) -> tuple[float, float]:
        """The interval of a cell: exact when it is narrower than needed, else known to be at least that wide."""
        for sign in (1, -1):
            if self._high[rank] - self._low[rank] >= needed:
                break
            self._solve(rank, sign)
        return self._low[rank], self._high[rank]

    def _solve(self, rank: int, sign: int) -> None:
        from scipy.optimize import linprog

        objective = np.zeros(len(self._low))
        objective[rank] = sign
        answer = linprog(objective, **self._constraints, bounds=(0, None), method="highs")
        if answer.status == 3:  # unbounded: nothing published limits this cell from above
            self._high[rank] = np.inf
        elif answer.status == 0:
            self._low = np.minimum(self._low, answer.x)
            self._high = np.maximum(self._high, answer.x)
        else:
            raise OzoirError("Contrôle du secret impossible.", f"Les valeurs publiées se contredisent : {answer.message}")
