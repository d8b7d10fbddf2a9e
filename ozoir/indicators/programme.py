"""Linear programming over masked cells: the interval in which published figures leave each of them.

One table after the other is met where some cells are least, or most: it proves room, since each is checked against the
equations, whatever found it. Masking trusts that solver for the lack of room, which only masks more; the attacker asks
`scipy.optimize.linprog`.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from math import inf

import numpy as np
from scipy.optimize import linprog

# SciPy's own binding of HiGHS: `linprog` starts anew for each objective, which is most of the time of an audit.
from scipy.optimize._highspy import _core as highs
from scipy.sparse import csr_matrix, vstack

from ozoir.errors import OzoirError

Name = Hashable
Bounded = tuple[Mapping[Name, float], tuple[float, float]]  # low ≤ Σ coefficient × cell ≤ high

_TOLERANCE = 1e-6
_SWEEPS = 4
_FAR = 1e5  # proving room needs no table whose cells are farther than this from those already met
_PRIMAL = 4  # the simplex that goes on from the last table met, still possible when only the objective changes


class Programme:
    """All the tables that agree with some rows: cells ≥ 0. Each table met widens what is known of every cell at once."""

    def __init__(
        self, matrix: csr_matrix, sides: np.ndarray, low: np.ndarray, high: np.ndarray, most: np.ndarray | None = None
    ) -> None:
        """`matrix`: one row per equation; `sides`: its least and largest value; `low`, `high`: values at which each cell
        is already known to be possible; `most`: the largest value of each cell."""
        self.matrix, self.sides = matrix, sides
        self.low, self.high = np.array(low, float), np.array(high, float)
        self.most = np.full(matrix.shape[1], inf) if most is None else most
        self.binding: set[int] = set()  # the equations that stopped the last pushes
        self.capped: set[int] = set()  # the cells whose largest value did
        self._model: highs._Highs | None = None
        self._columns = np.arange(matrix.shape[1], dtype=np.int32)

    def sweep(self, needed: np.ndarray) -> None:
        """Push all the cells still within less than `needed` (0: not wanted) up and down together, at random.

        A few sweeps clear most cells of many tables at once; they prove room, never the lack of it.
        """
        random = np.random.default_rng(0)
        objective = np.zeros(len(needed))
        for count in range(_SWEEPS):
            is_wanted = count_width(self.low, self.high) < needed
            if not is_wanted.any():
                return
            if count % 2:
                objective = -objective * is_wanted
            else:
                objective = random.choice([-1.0, 1.0], len(needed)) * random.uniform(0.5, 1.5, len(needed)) * is_wanted
            self._push(objective)

    def has_room(self, rank: int, needed: float) -> bool:
        """Whether a cell was met at values `needed` apart, once pushed both ways; if not, what holds it is kept."""
        self.binding.clear()
        self.capped.clear()
        for sign in (1, -1):
            if count_width(self.low[rank], self.high[rank]) >= needed:
                return True
            objective = np.zeros(len(self.low))
            objective[rank] = sign
            self._push(objective)
        return count_width(self.low[rank], self.high[rank]) >= needed

    def find_range(self, rank: int) -> tuple[float, float]:
        """The exact interval of a cell."""
        objective = np.zeros(len(self.low))
        objective[rank] = 1
        low, high = self._solve(objective), -self._solve(-objective)
        return low, high

    def _push(self, objective: np.ndarray) -> None:
        """Meet the table where the objective is least, starting from the last one met."""
        if self._model is None:
            self._model = self._build_model(objective)
        else:
            self._model.setOptionValue("simplex_strategy", _PRIMAL)
            self._model.changeColsCost(len(self._columns), self._columns, objective)
        self._model.run()
        if self._model.getModelStatus() != highs.HighsModelStatus.kOptimal:
            raise _impossible(self._model.modelStatusToString(self._model.getModelStatus()))
        solution = self._model.getSolution()
        met = np.asarray(solution.col_value)
        self.binding.update(np.flatnonzero(np.abs(solution.row_dual) > _TOLERANCE).tolist())
        self.capped.update(np.flatnonzero((np.abs(solution.col_dual) > _TOLERANCE) & (met > self.most - _TOLERANCE)).tolist())
        if self._is_possible(met):
            self.low, self.high = np.minimum(self.low, met), np.maximum(self.high, met)

    def _is_possible(self, met: np.ndarray) -> bool:
        totals = self.matrix @ met
        is_held = (totals >= self.sides[:, 0] - _TOLERANCE) & (totals <= self.sides[:, 1] + _TOLERANCE)
        return bool(is_held.all() and (met >= -_TOLERANCE).all() and (met <= self.most + _TOLERANCE).all())

    def _build_model(self, objective: np.ndarray) -> highs._Highs:
        rows, columns = self.matrix.shape
        lp = highs.HighsLp()
        lp.num_row_, lp.num_col_ = rows, columns
        lp.col_cost_, lp.col_lower_ = objective, np.zeros(columns)
        lp.col_upper_ = np.minimum(self.most, self.high + _FAR)
        lp.row_lower_, lp.row_upper_ = self.sides[:, 0].copy(), self.sides[:, 1].copy()
        entries = lp.a_matrix_
        entries.format_ = highs.MatrixFormat.kRowwise
        entries.num_row_, entries.num_col_ = rows, columns
        entries.start_, entries.index_, entries.value_ = self.matrix.indptr, self.matrix.indices, self.matrix.data
        model = highs._Highs()
        model.setOptionValue("output_flag", False)
        model.passModel(lp)
        return model

    def _solve(self, objective: np.ndarray) -> float:
        """The least value of the objective; −inf when nothing published limits it."""
        lows, highs_ = self.sides.T
        is_equal = lows == highs_
        constraints = {"bounds": np.column_stack([np.zeros(len(self.most)), self.most])}
        if is_equal.any():
            constraints |= {"A_eq": self.matrix[is_equal], "b_eq": lows[is_equal]}
        if not is_equal.all():
            unequal, ends = self.matrix[~is_equal], np.concatenate([highs_[~is_equal], -lows[~is_equal]])
            is_bounding = np.isfinite(ends)
            constraints |= {"A_ub": vstack([unequal, -unequal]).tocsr()[is_bounding], "b_ub": ends[is_bounding]}
        answer = linprog(objective, **constraints, method="highs")
        if answer.status == 3:
            return -inf
        if answer.status != 0:
            raise _impossible(answer.message)
        return answer.fun


def _impossible(reason: str) -> OzoirError:
    return OzoirError("Contrôle du secret impossible.", f"Les valeurs publiées se contredisent\u00a0: {reason}")


def build_matrix(names: Sequence[Name], rows: Sequence[Bounded]) -> tuple[csr_matrix, np.ndarray]:
    """Rows given by name, as a matrix and the least and largest value of each."""
    rank = {name: number for number, name in enumerate(names)}
    entries = [(line, rank[name], sign) for line, (row, _) in enumerate(rows) for name, sign in row.items()]
    lines, columns, signs = zip(*entries, strict=True)
    matrix = csr_matrix((signs, (lines, columns)), shape=(len(rows), len(names)), dtype=float)
    return matrix, np.array([sides for _, sides in rows], float)


def count_width(low: np.ndarray | float, high: np.ndarray | float) -> np.ndarray:
    """Width of the whole numbers of an interval, or of each."""
    return np.floor(high + _TOLERANCE) - np.ceil(low - _TOLERANCE)
