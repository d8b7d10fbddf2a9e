"""Words compared as people read them: without case, accents, non-breaking spaces or odd apostrophes."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

YEAR = "{aa}"
PERIOD = "{date}"
NESTED = " > "
_YEAR_DIGITS = re.compile(r"(?=(\d\d))")
_INVISIBLE = dict.fromkeys([*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A), 0xFEFF, 0xAD])
_ALIKE = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "–": "-", "—": "-", "‑": "-", "\u2212": "-", "œ": "oe", "Œ": "oe"})


@lru_cache(maxsize=100_000)
def normalise(text: str) -> str:
    """« Tranche d’âge\u00a0» → « tranche d'age »."""
    text = text.translate(_INVISIBLE).translate(_ALIKE)
    text = unicodedata.normalize("NFKD", text)
    text = "".join(letter for letter in text if not unicodedata.combining(letter))
    return " ".join(text.casefold().split())


def read_text(cell: object) -> str:
    """What a cell shows as a word or a code: 75056.0 is « 75056 », an empty cell is empty."""
    if isinstance(cell, str):
        return " ".join((cell if cell.isascii() else cell.translate(_INVISIBLE)).split())
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return str(cell)


def year_variants(header: str) -> list[tuple[str, str]]:
    """(template, year): a normalised header with each two-digit group replaced in turn by {aa}."""
    return [
        (f"{header[: found.start()]}{YEAR}{header[found.start() + 2 :]}", found.group(1))
        for found in _YEAR_DIGITS.finditer(header)
    ]


def nest(parents: list[str], children: list[str]) -> list[str]:
    """Two header rows as one: « Femmes » above « Moins de 25 ans » is « Femmes > Moins de 25 ans »."""
    nested, parent = [], ""
    for above, below in zip(parents, children, strict=True):
        parent = above or parent
        nested.append(f"{parent}{NESTED}{below}" if parent and below else below or above)
    return nested


def matches(pattern: str, text: str) -> bool:
    """Equality without case, accents or spaces; `*` in the pattern stands for any text."""
    parts = [re.escape(part) for part in normalise(pattern).split("*")]
    return re.fullmatch(".*".join(parts), normalise(text)) is not None
