"""Which masked cells the published figures still pin too closely, though no single equation gives them back.

Most cells are cleared by walking: from the true table along moves that keep every published figure, until some cell
reaches zero; every table met on the way was possible. What walking leaves in doubt is measured exactly, by linear
programming, which is slower.
"""

from __future__ import annotations

from math import ceil, floor, inf

import numpy as np

from ozoir.indicators.cells import Node, System, split_components
from ozoir.indicators.programme import Programme

_TOLERANCE = 1e-6
_ROUNDS = 3


def find_exposed(system: System, hidden: set[Node], needed: float) -> list[Node]:
    """The hidden nodes, among those to protect, that published figures leave less than `needed` to range over."""
    rows = []
    for row, _ in system.rows:
        kept = {node: sign for node, sign in row.items() if node in hidden}
        if kept:
            rows.append((kept, sum(sign * (system.nodes[node] or 0) for node, sign in kept.items())))
    return [node for component in split_components(rows) for node in _find_exposed_together(component, system, needed)]


def _find_exposed_together(component: list, system: System, needed: float) -> list[Node]:
    nodes = list(dict.fromkeys(node for row, _ in component for node in row))
    targets = [rank for rank, node in enumerate(nodes) if _is_target(system, node, needed)]
    if not targets:
        return []
    truth = np.array([system.nodes[node] or 0.0 for node in nodes])
    low, high = _walk(truth, _null_space(component, nodes), targets, needed)
    doubtful = [rank for rank in targets if high[rank] - low[rank] < needed]
    if not doubtful:
        return []
    programme = Programme(nodes, [(row, (total, total)) for row, total in component], low, high)
    return [nodes[rank] for rank in doubtful if width(*programme.find_range(rank, needed)) < needed]


def _is_target(system: System, node: Node, needed: float) -> bool:
    """Masked counts, and small remainders: what is left unlisted matters only when it is few."""
    if node not in system.counted or system.nodes[node] is None:
        return False
    return node[0] >= 0 or 0 < system.nodes[node] < needed


def width(low: float, high: float) -> float:
    """Of the whole numbers of an interval."""
    return (high if high == inf else floor(high + _TOLERANCE)) - ceil(low - _TOLERANCE)


def _null_space(component: list, nodes: list[Node]) -> np.ndarray:
    """An orthonormal basis, as columns, of the moves that keep every equation."""
    rank = {node: number for number, node in enumerate(nodes)}
    matrix = np.zeros((len(component), len(nodes)))
    for line, (row, _) in enumerate(component):
        for node, sign in row.items():
            matrix[line, rank[node]] = sign
    values, vectors = np.linalg.eigh(matrix.T @ matrix)
    return vectors[:, values < 1e-9]


def _walk(truth: np.ndarray, free: np.ndarray, targets: list[int], needed: float) -> tuple[np.ndarray, np.ndarray]:
    """Lowest and highest value at which each node was met."""
    point, low, high = truth, truth.copy(), truth.copy()
    for _ in range(_ROUNDS if free.shape[1] else 0):
        wanted = [rank for rank in targets if high[rank] - low[rank] < needed]
        if not wanted:
            break
        ends = _walk_ends(point, free, wanted)
        low, high = np.minimum(low, ends.min(axis=1)), np.maximum(high, ends.max(axis=1))
        point = (point + ends.mean(axis=1)) / 2
    return low, high


def _walk_ends(point: np.ndarray, free: np.ndarray, targets: list[int]) -> np.ndarray:
    """For each target, both ends of the move that shifts it and troubles the small cells least; one column per end."""
    scaled = free / np.maximum(point, 1e-2)[:, None]
    moves = free @ np.linalg.solve(scaled.T @ scaled, free[targets].T)
    moves[np.abs(moves) < 1e-9 * np.abs(moves).max(axis=0, initial=1e-300)] = 0
    ends = []
    for step in (moves, -moves):
        with np.errstate(divide="ignore", invalid="ignore"):
            room = np.where(step < 0, point[:, None] / -step, inf).min(axis=0)
        ends.append(np.maximum(point[:, None] + step * np.where(np.isfinite(room), room, 0), 0))
    return np.hstack(ends)
