"""Text that came from outside, made safe for a file: no formula, no control character, no markup."""

from __future__ import annotations

import re
import unicodedata

# What XML cannot hold, and the marks which turn the reading order around.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ufffe\uffff\ud800-\udfff]")
_FORMULA = tuple("=+-@\t\r\n＝＋－＠")  # the wide forms too: some spreadsheets fold them


def plain_text(text: str) -> str:
    """The same text without what a document cannot hold."""
    return _FORBIDDEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def property_text(text: str) -> str:
    """For a file's properties, which hold 255 characters."""
    return plain_text(text).replace("\n", " ")[:255]


def shorten(text: str, length: int = 60) -> str:
    """The text, or its first words and « … »."""
    return text if len(text) <= length else text[: length - 2].rsplit(" ", 1)[0] + "\u00a0…"


def cell_content(text: str) -> str:
    """Text for a cell: a leading sign that a spreadsheet would run is preceded by an apostrophe."""
    text = plain_text(text).replace("\t", " ")
    return "'" + text if text.lstrip(" \u00a0\u202f").startswith(_FORMULA) else text


def file_name_part(text: str) -> str:
    """Lower-case ASCII letters, digits and hyphens: « COPIL du 12/03 » → « copil-du-12-03 »."""
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", ascii_text.lower()).strip("-")[:60].strip("-") or "sans-nom"


def sheet_name(text: str, taken: set[str]) -> str:
    """A sheet's name as Excel accepts it: 31 characters at most, none of []:*?/\\, unique whatever the case."""
    name = re.sub(r"[\[\]:*?/\\]", " ", plain_text(text)).replace("\n", " ").strip(" '")[:31].strip(" '") or "Feuille"
    base, rank = name, 2
    while name.casefold() in taken:
        suffix = f" ({rank})"
        name, rank = base[: 31 - len(suffix)] + suffix, rank + 1
    taken.add(name.casefold())
    return name
