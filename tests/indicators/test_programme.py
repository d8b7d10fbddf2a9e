"""Room proved by pushing tables about, against the exact interval of each cell by SciPy's `linprog`."""

from __future__ import annotations

from math import inf
from random import Random

import numpy as np
import pytest
from scipy.optimize import linprog

from ozoir.indicators.programme import Programme, build_matrix, count_width


def random_programme(seed: int) -> tuple[np.ndarray, list, np.ndarray]:
    """(true values, rows, most): sums of a few cells, some given within bounds only, some cells capped."""
    random = Random(seed)
    truth = np.array([random.choice([0, 1, 3, 8, 20, 60]) for _ in range(12)], float)
    rows = []
    for _ in range(9):
        row = {cell: random.choice([1.0, 1.0, -1.0]) for cell in random.sample(range(12), random.randint(2, 4))}
        total = sum(sign * truth[cell] for cell, sign in row.items())
        slack = random.choice([0, 0, 0, 2, inf])
        rows.append((row, (total - min(slack, 3), total + slack)))
    most = np.array([value + random.choice([0, 4, inf]) for value in truth])
    return truth, rows, most


def exact_range(rows, most, cell: int) -> tuple[float, float]:
    matrix, sides = build_matrix(range(12), rows)
    ends = np.concatenate([sides[:, 1], -sides[:, 0]])
    kept = np.isfinite(ends)
    limits = {"A_ub": np.vstack([matrix.toarray(), -matrix.toarray()])[kept], "b_ub": ends[kept]}
    objective = np.eye(12)[cell]
    answers = [linprog(sign * objective, **limits, bounds=list(zip(np.zeros(12), most, strict=True))) for sign in (1, -1)]
    low, high = (sign * answer.fun if answer.status == 0 else inf for sign, answer in zip((1, -1), answers, strict=True))
    return low, high


@pytest.mark.parametrize("seed", range(6))
def test_room_is_proved_where_linear_programming_finds_it_and_nowhere_else(seed):
    truth, rows, most = random_programme(seed)
    programme = Programme(*build_matrix(range(12), rows), truth, truth, most)
    programme.sweep(np.full(12, 5.0))
    for cell in range(12):
        low, high = exact_range(rows, most, cell)
        assert low - 1e-6 <= programme.low[cell] and programme.high[cell] <= high + 1e-6
        assert programme.has_room(cell, 5) == (count_width(low, high) >= 5)
        assert programme.find_range(cell) == pytest.approx((low, high))


def test_a_table_that_breaks_an_equation_proves_nothing():
    """Two cells that make 10: 4 and 6 are possible, 9 and 9 are not, whoever says so."""
    programme = Programme(*build_matrix("ab", [({"a": 1.0, "b": 1.0}, (10, 10))]), np.array([5.0, 5.0]), np.array([5.0, 5.0]))
    assert programme._is_possible(np.array([4.0, 6.0]))
    assert not programme._is_possible(np.array([9.0, 9.0]))
    assert not programme._is_possible(np.array([-1.0, 11.0]))
