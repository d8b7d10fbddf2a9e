"""The numbers that a text, a picture or a PDF writes, as somebody who received it would read them."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any
from xml.etree import ElementTree

from ozoir.exports.svg import GRADUATION
from ozoir.indicators.results import Result
from ozoir.numbers import format_date

# « 12 345,6 » is one number, thousands apart by a no-break space; a sign says a direction, which is not what is looked for.
_NUMBER = re.compile(r"(?<![\w,.])\d{1,3}(?:[\u202f\u00a0]\d{3})+(?:,\d+)?|(?<![\w,])\d+(?:,\d+)?")
# What numbers a document's own parts: tables, pages, the lines left out; « 13 / 23 » ends a page, dots lead to another.
_PARTS = re.compile(
    r"ARABIC \d+|Tableau[\s\u00a0]+\d+|\d+ / \d+[ ]*$|(?:\. ){3,}.*$|et \d+[\s\u00a0]+autres? lignes?", re.MULTILINE
)
_SENTENCES = ("message", "lecture")  # made of a Result's figures: to be checked, not to be believed
_SECONDS = 120


def written_numbers(text: str) -> set[float]:
    """Every number of a text, dates and labels included."""
    found = (re.sub(r"[\u202f\u00a0]", "", item).replace(",", ".") for item in _NUMBER.findall(text))
    return {float(item) for item in found}


def prose_numbers(text: str) -> set[float]:
    """Those of a document's text, its pages and tables left uncounted."""
    return written_numbers(_PARTS.sub(" ", text))


def own_numbers(value: Any) -> set[float]:
    """Those of the texts and dates that a document is made of, the sentences written from figures excepted."""
    return set().union(*(written_numbers(text) for text in _texts(value)))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, date):
        yield format_date(value)
    elif is_dataclass(value):
        skipped = _SENTENCES if isinstance(value, Result) else ()
        for item in fields(value):
            if item.name not in skipped:
                yield from _texts(getattr(value, item.name))
    elif isinstance(value, dict):
        yield from _texts(tuple(value.values()))
    elif isinstance(value, tuple | list | frozenset):
        for item in value:
            yield from _texts(item)


def picture_numbers(svg: str | bytes) -> set[float]:
    """Those written on a picture and in its alternative text; the scale of its axes says nothing of a count."""
    return set().union(*(written_numbers(text) for text in _picture_texts(svg, is_scale=False)))


def scale_numbers(svg: str | bytes) -> set[float]:
    """Those of the scale of its axes."""
    return set().union(*(written_numbers(text) for text in _picture_texts(svg, is_scale=True)))


def _picture_texts(svg: str | bytes, is_scale: bool) -> Iterator[str]:
    for element in ElementTree.fromstring(svg).iter():
        name = element.tag.rpartition("}")[2]
        if name in ("text", "title", "desc") and (element.get("class") == GRADUATION) == is_scale:
            yield "".join(element.itertext())


def pdf_text(content: bytes) -> str | None:
    """What poppler's pdftotext extracts; None when it is not installed."""
    if not shutil.which("pdftotext"):
        return None
    command = ["pdftotext", "-layout", "-", "-"]
    text = subprocess.run(command, input=content, capture_output=True, check=True, timeout=_SECONDS).stdout.decode()
    return re.sub(r"(?<=\d) (?=\d{3}(?!\d))", "\u202f", text)  # it gives the narrow space between thousands as a plain one
