"""Lists of persons which have no header, or a harmless one: family names, « NOM Prénom », capitals beside ages or births.

Words alone do not tell a family name from a commune or a résidence. What tells them is a list of known names, or a table where
every row has another name and nothing is counted: a table of totals has numbers, and its names stand under a header.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path

from ozoir.ingestion.grids import Cell
from ozoir.ingestion.headers import normalise, read_text
from ozoir.ingestion.personal_values import birth_share, is_age, is_capitals, is_initials, is_person_name, is_place

_SURNAME = re.compile(r"(?:(?:DE|DU|LE|LA|EL|AIT|BEN|VAN|DA|DI|DOS) )?[A-ZÀ-Ý][A-ZÀ-Ý'’-]{2,}(?: [A-ZÀ-Ý'’-]{2,})?")
_FULL = re.compile(r"[A-ZÀ-Ý][A-ZÀ-Ý'’ -]{1,}[A-ZÀ-Ý],? [A-ZÀ-Ý][a-zà-ÿ'’]+(?:[- ][A-ZÀ-Ý][a-zà-ÿ'’]+)?")
_GIVEN = re.compile(r"[A-ZÀ-Ý][a-zà-ÿ]{1,}(?:[- ][A-ZÀ-Ý][a-zà-ÿ]+)?")
_NUMBER = re.compile(r"\d[\d \u202f\u00a0]*(?:,\d+)?")
_SEX = {"f", "h", "m", "femme", "homme", "feminin", "masculin"}
_KNOWN, _FEW, _MOST, _SPREAD = 0.4, 4, 0.7, 0.9


@lru_cache(maxsize=1)
def family_names() -> frozenset[str]:
    lines = Path(__file__).with_name("patronymes.txt").read_text("utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


def is_family_name(cell: Cell) -> bool:
    """« BENALI », « Traoré », « Mme Diallo »: one or two words, one of them a known family name."""
    if not isinstance(cell, str) or not 2 < len(cell) < 40 or is_place(cell):
        return False
    words = [word for word in re.split(r"[ ,.]+", normalise(cell)) if word not in ("m", "mme", "mr", "mlle", "")]
    return 1 <= len(words) <= 3 and any(word in family_names() for word in words)


def looks_like_persons(cells: Sequence[Cell]) -> bool:
    """A column of family names, whatever stands above and beside it: four in ten are known, and they differ."""
    distinct = {cell for cell in cells if isinstance(cell, str)}
    named = sum(is_family_name(cell) or is_person_name(cell) for cell in distinct)
    return len(distinct) >= _FEW and named >= _KNOWN * len(distinct) and len(distinct) >= 0.6 * len(cells)


def find_headless_list(columns: dict[int, Sequence[Cell]]) -> int:
    """The column of names of a sheet without header: « NOM Prénom », or other names where nothing is counted; 0 when none is.

    columns: column → its filled cells, from the first line on.
    """
    filled = {column: cells for column, cells in columns.items() if len(cells) >= _FEW}
    full = next((column for column, cells in filled.items() if _is_list(cells, _FULL.fullmatch)), 0)
    if full or any(map(_is_counted, filled.values())):
        return full
    for column, cells in filled.items():
        others = [other for rank, other in filled.items() if rank != column]
        if _is_list(cells, _SURNAME.fullmatch) and any(map(_is_about_one_person, others)):
            return column
        if _is_list(cells, is_capitals, 0.6) and any(map(_is_about_one_person, others)):
            return column
    return 0


def _is_list(cells: Sequence[Cell], test: Callable[[str], object], spread: float = _SPREAD) -> bool:
    """The first cell like the others, most of them of this form, hardly one met twice, none of them a place."""
    texts = [read_text(cell) for cell in cells]
    fitting = [text for text in texts if test(text) and not is_place(text)]
    is_headless = bool(fitting) and fitting[0] == texts[0]
    firsts = {text.split()[0] for text in fitting}
    return is_headless and len(fitting) >= _MOST * len(texts) and len(firsts) >= spread * len(fitting)


def _is_about_one_person(cells: Sequence[Cell]) -> bool:
    """Ages, births, sexes or given names: what stands beside a name."""
    share = [sum(map(test, cells)) / len(cells) for test in (is_age, _is_sex, is_initials, _is_given_name)]
    return max(share) >= _MOST or birth_share(cells) >= 0.6


def _is_sex(cell: Cell) -> bool:
    return normalise(read_text(cell)) in _SEX


def _is_given_name(cell: Cell) -> bool:
    return isinstance(cell, str) and bool(_GIVEN.fullmatch(cell.strip())) and not is_place(cell) and not _is_sex(cell)


def _is_counted(cells: Sequence[Cell]) -> bool:
    """Numbers which are no ages: something is counted here."""
    numbers = [cell for cell in cells if isinstance(cell, int | float) and not isinstance(cell, bool | datetime | date)]
    texts = [cell for cell in cells if isinstance(cell, str) and _NUMBER.fullmatch(cell.strip())]
    return len(numbers) + len(texts) >= 0.5 * len(cells) and not sum(map(is_age, cells)) >= 0.9 * len(cells)
