"""Cells which look like what belongs to one person: numbers, addresses, names, dates of birth. Shapes only, no header."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path

from ozoir.ingestion.dates import ImpossibleDate, parse_date
from ozoir.ingestion.grids import Cell
from ozoir.ingestion.headers import normalise, read_text

_NIR = re.compile(r"[1-478]\d{2}(?:0[1-9]|1[0-2]|[2-9]\d)(?:\d{2}|2[AB])\d{6}\d{2}")
_NIR_IN_TEXT = re.compile(
    r"(?<!\d)[1-478](?:[ .\-\u00a0\u202f]?\d){4}[ .\-\u00a0\u202f]?(?:\d{2}|2[ABab])(?:[ .\-\u00a0\u202f]?\d){8}(?!\d)"
)
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[a-z]{2,}", re.IGNORECASE)
PHONE = re.compile(r"(?:(?:\+|00)33[ .]?(?:\(0\))?|0)[1-9](?:[ .\-\u00a0\u202f]?\d{2}){4}")
MOBILE = re.compile(r"(?<!\d)(?:(?:\+|00)33[ .]?|0)[67](?:[ .\-\u00a0\u202f]?\d{2}){4}(?!\d)")
ADDRESS = re.compile(
    r"\d{1,4} ?(?:bis|ter|quater|[a-d])?,? (?:rue|r\.|avenue|av\.?|boulevard|bd\.?|allee|all\.?|place|pl\.?|chemin|ch\.?|impasse|imp\.?|"
    r"square|sq\.?|cours|quai|route|rte|passage|sente|sentier|villa|hameau|lotissement) .+"
)
BORN = re.compile(r"\bne\(?e?\)? le \d{1,2}|\bdate de naissance\b.{0,5}\d{1,2}[/. -]|\bddn\b.{0,4}\d", re.IGNORECASE)
CIVILITY = re.compile(r"(?<![\w.-])(?:Mme|M\.|Mr|Mlle|Madame|Monsieur|Mademoiselle) +[A-ZÀ-Ý][\w’'-]+")
_INITIALS = re.compile(r"[A-ZÀ-Ý]\. ?-?[A-ZÀ-Ý]\.?(?: ?[A-ZÀ-Ý]\.?)?")
_CAPITALS = re.compile(r"[A-Z]{2,3}")
_JOBSEEKER = re.compile(r"[1-9]\d{6,7}[A-Z]")
_WORD = re.compile(r"[a-z'.-]+")
_PLACES = re.compile(
    r"(?:rue|avenue|allee|place|residence|cite|square|quartier|ecole|college|lycee|creche|ehpad|stade|gymnase|maison|centre|"
    r"espace|hotel|tour|batiment|bat|clos|parc|les|la|le|saint|sainte|st|ste|villa|hameau|bois|domaine|zac|foyer)\b"
)
_MARKS = {
    "NA",
    "NC",
    "ND",
    "NS",
    "SO",
    "NR",
    "QP",
    "QN",
    "QPV",
    "HF",
    "FH",
    "AH",
    "CDI",
    "CDD",
    "RSA",
    "AAH",
    "APL",
    "CAP",
    "BEP",
    "BAC",
    "CUI",
    "CIE",
    "CAE",
    "PEC",
    "CEJ",
}
_OLDEST, _YOUNGEST = 105, 10


@lru_cache(maxsize=1)
def given_names() -> frozenset[str]:
    lines = Path(__file__).with_name("prenoms.txt").read_text("utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


def nir_digits(cell: Cell) -> str:
    """The fifteen signs of what is shaped like a NIR with its key, else nothing."""
    text = f"{cell:.0f}" if isinstance(cell, float) else re.sub(r"[\s\u00a0\u202f.\-]", "", str(cell)).upper()
    return text if _NIR.fullmatch(text) else ""


def has_valid_key(digits: str) -> bool:
    """Whether the last two digits are the key of the thirteen others (2A counts as 19, 2B as 18)."""
    number = digits[:13].replace("2A", "19").replace("2B", "18")
    return int(digits[13:]) == 97 - int(number) % 97


def holds_nir(text: str) -> bool:
    """Whether a sentence holds a number with a right key."""
    return any((digits := nir_digits(found)) and has_valid_key(digits) for found in _NIR_IN_TEXT.findall(text))


def is_person_name(cell: Cell) -> bool:
    """« Fatima », « DUPONT Marie », « Martin, Paul »: words only, one of them a given name, no place."""
    if not isinstance(cell, str) or not 2 < len(cell) < 50:
        return False
    words = normalise(cell).replace(",", " ").split()
    if not 1 <= len(words) <= 4 or not all(_WORD.fullmatch(word) for word in words) or is_place(cell):
        return False
    return any(part in given_names() for word in words for part in word.split("-"))


def is_place(text: str) -> bool:
    """« Résidence des Lilas », « Les Épinettes »: the first word is that of a place."""
    return bool(_PLACES.match(normalise(text)))


def is_address(cell: Cell) -> bool:
    """« 12 bis, rue des Lilas »."""
    return isinstance(cell, str) and bool(ADDRESS.fullmatch(normalise(cell)))


def is_phone(cell: Cell) -> bool:
    """« 06 12 34 56 78 », or the number Excel makes of it."""
    if isinstance(cell, str):
        return bool(PHONE.fullmatch(cell.strip()))
    return isinstance(cell, float) and cell.is_integer() and 6e8 <= cell < 8e8


def is_jobseeker_number(cell: Cell) -> bool:
    """Seven or eight digits and a letter; what starts with 0 is a school's code."""
    return isinstance(cell, str) and bool(_JOBSEEKER.fullmatch(cell.strip()))


def is_initials(cell: Cell) -> bool:
    """« M. D. », « J.-P. »."""
    return isinstance(cell, str) and bool(_INITIALS.fullmatch(cell.strip()))


def is_capitals(cell: Cell) -> bool:
    """« MD »: initials, when ages stand beside."""
    return isinstance(cell, str) and bool(_CAPITALS.fullmatch(cell.strip())) and cell.strip() not in _MARKS


def is_age(cell: Cell) -> bool:
    """A whole number of years, written alone or with « ans »."""
    text = normalise(read_text(cell)).removesuffix(" ans")
    return text.isdecimal() and len(text) <= 3 and int(text) <= 110


def birth_share(cells: Sequence[Cell]) -> float:
    """Of the filled cells, the share which are full dates, of the past, spread over years and over the month: births."""
    days = [day for cell in cells if (day := _day(cell))]
    filled = sum(cell != "" for cell in cells)
    if len(days) < 3 or not filled:
        return 0.0
    today = date.today().year
    inner = sum(1 < day.day < 28 for day in days) / len(days)
    middle = sorted(today - day.year for day in days)[len(days) // 2]
    is_spread = len(set(days)) > 0.6 * len(days) and len({(day.month, day.day) for day in days}) >= 3
    return len(days) / filled if is_spread and inner >= 0.5 and _YOUNGEST <= middle <= _OLDEST else 0.0


def _day(cell: Cell) -> date | None:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if not isinstance(cell, str) or not re.fullmatch(
        r"\d{1,2}[/.-]\d{1,2}[/.-](?:19|20)\d{2}|(?:19|20)\d{2}-\d{2}-\d{2}", cell.strip()
    ):
        return None
    try:
        return parse_date(cell)
    except ImpossibleDate:
        found = re.search(r"(?:19|20)\d{2}", cell)
        return date(int(found[0]), 6, 15) if found and int(found[0]) < 1950 else None
