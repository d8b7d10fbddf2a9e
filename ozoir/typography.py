"""French typography, for texts typed or copied without it."""

from __future__ import annotations

import re
import unicodedata

from ozoir.numbers import NARROW, NBSP

_SPACE = f"[ {NBSP}{NARROW}]"
_RULES = (
    (re.compile(r"(?<=\w)'(?=\w)"), "’"),
    (re.compile(r"\.\.\."), "…"),
    (re.compile(rf"{_SPACE}+(?=[;!?%])"), NARROW),
    (re.compile(rf"{_SPACE}+(?=:)"), NBSP),
    (re.compile(rf"«{_SPACE}*"), f"«{NBSP}"),
    (re.compile(rf"{_SPACE}*»"), f"{NBSP}»"),
)


def typeset(text: str) -> str:
    """Apostrophes, ellipses and no-break spaces; twice gives the same as once."""
    for pattern, replacement in _RULES:
        text = pattern.sub(replacement, text)
    return text


def alphabetical(text: str) -> str:
    """What to sort by: « É » is an « E », a capital is a small letter."""
    return "".join(letter for letter in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(letter))
