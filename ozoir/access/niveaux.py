"""How sure the provider is of a person: the level asked for (`acr_values`) against the one it answers (`acr`)."""

from __future__ import annotations

import re
from collections.abc import Sequence

_RANKED = re.compile(r"eidas([1-3])")  # the levels of the European regulation, which ProConnect names so: a higher one will do


def is_enough(received: str, asked: Sequence[str]) -> bool:
    """True when nothing was asked, or one of the levels asked is reached. Levels without an order must be the very ones."""
    if not asked or received in asked:
        return True
    rank = _RANKED.fullmatch(received)
    return bool(rank) and any(rank[1] >= level[1] for level in map(_RANKED.fullmatch, asked) if level)
