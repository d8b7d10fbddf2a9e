"""Figures which jump: doubled or halved in a year, or as many times larger as a slip of unit makes them."""

from __future__ import annotations

from ozoir.numbers import NARROW, format_number

_FLOOR = 20  # a count below twenty doubles by chance
_SLIPS = (10, 100, 1000)


def describe_jump(before: float | None, after: float | None, comparison: str) -> str:
    """What is unusual in this change, in French; empty when nothing is. comparison: « le 31/12/2019 », « la valeur connue »."""
    if before is None or after is None or before != before or after != after or before <= 0 or after <= 0:
        return ""
    if max(before, after) < _FLOOR:
        return ""
    ratio = after / before
    for slip in _SLIPS:
        tolerance = 0.02 if slip == 10 else 0.25
        for factor, word in ((ratio, "plus grand"), (1 / ratio, "plus petit")):
            if abs(factor / slip - 1) <= tolerance:
                return f"environ {format_number(slip)} fois {word} que {comparison}\u00a0: erreur d’unité\u202f?"
    if ratio >= 2:
        return f"×{NARROW}{format_number(ratio, 1)} par rapport à {comparison}"
    if ratio <= 0.5:
        return f"divisé par {format_number(1 / ratio, 1)} par rapport à {comparison}"
    return ""
