"""METHOD §1 as plain functions of numbers, unrounded; rates and gaps in points (0 to 100).

The margins are a reading aid on exhaustive counts: half-widths of 95 % intervals.
"""

from __future__ import annotations

from math import sqrt

Z_95 = 1.96
SMALLEST_RATE_OF_A_RATIO = 1.0  # points: under it, a ratio says more about chance than about the quartier
SMALLEST_BASE_OF_A_CHANGE = 20  # persons: under it, a relative change is not written


def rate(numerator: float, denominator: float) -> float:
    """100·N/D."""
    return 100 * numerator / denominator


def gap(rate_qpv: float, rate_rest: float) -> float:
    """Écart in points: the quartier minus its comparator."""
    return rate_qpv - rate_rest


def ratio(rate_qpv: float, rate_rest: float) -> float | None:
    """Rapport, or None when the comparator is too near zero."""
    return rate_qpv / rate_rest if rate_rest >= SMALLEST_RATE_OF_A_RATIO else None


def share(qpv: float, commune: float) -> float | None:
    """Part of the commune's count that lives in the quartier, in %."""
    return 100 * qpv / commune if commune > 0 else None


def over_representation(n_qpv: float, n_commune: float, d_qpv: float, d_commune: float) -> float | None:
    """(N_QPV/N_commune) / (D_QPV/D_commune)."""
    if n_commune <= 0 or d_commune <= 0 or d_qpv <= 0:
        return None
    return (n_qpv / n_commune) / (d_qpv / d_commune)


def catch_up(n_qpv: float, d_qpv: float, rate_rest: float) -> float:
    """À rattraper: units above (or under) what the rest's rate would give in the quartier."""
    return n_qpv - rate_rest / 100 * d_qpv


def rate_margin(numerator: float, denominator: float) -> float | None:
    """±1,96·√(p(1−p)/n) in points; None for 0 % and 100 %, where the formula would claim certainty."""
    if not 0 < numerator < denominator:
        return None
    p = numerator / denominator
    return 100 * Z_95 * sqrt(p * (1 - p) / denominator)


def combine_margins(first: float | None, second: float | None) -> float | None:
    """Margin of a difference of independent figures; None when one of them has none."""
    return None if first is None or second is None else sqrt(first**2 + second**2)


def count_change_margin(before: float, after: float) -> float | None:
    """1,96·√(a+b): a change exceeds this exactly when |z| = |b−a|/√(a+b) exceeds 1,96."""
    return Z_95 * sqrt(before + after) if before + after > 0 else None


def relative_change(before: float, after: float) -> float | None:
    """(b−a)/a in %, or None on a base under 20."""
    return 100 * (after - before) / before if before >= SMALLEST_BASE_OF_A_CHANGE else None


def exceeds_margin(change: float | None, margin: float | None) -> bool:
    """Whether a change is more than noise; what has no margin is never called significant."""
    return change is not None and margin is not None and abs(change) > margin
