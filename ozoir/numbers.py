"""French numbers and dates: read from files, written for people.

Reading accepts every spelling met in partners' files (LAYOUTS §6); writing follows METHOD §4.
Rounding is decimal half-up everywhere, so that a screen, a slide and a workbook agree.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

NARROW = "\u202f"  # thousands, before ; ! ? % €
NBSP = "\u00a0"  # before :, inside « »
MINUS = "\u2212"
LARGEST = 1e15  # beyond, not every whole number can be held, and no figure of a territory is so large

_SPACES = re.compile(r"[\s\u00a0\u202f\u2009]+")
_THOUSANDS = re.compile(r"^[+-]?\d{1,3}(?:[ \u00a0\u202f\u2009]\d{3})+(?:[.,]\d+)?$")
_PLAIN = re.compile(r"^[+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:[eE][+-]?\d+)?$")


def parse_number(text: str) -> float | None:
    """The number a cell's text spells, or None when it is not one number without doubt.

    « 2 034 », « 31,9 », « -10,4 », « 1.1144e+006 », « 12,5 % » are numbers; « 1,234.5 », « 1.234,5 »,
    « 12 34 », « < 5 », « 1-4 » are not: the caller must say so with the cell.
    """
    text = text.strip(" \u00a0\u202f\u2009\t").replace(MINUS, "-")
    if text.endswith("%"):
        text = text[:-1].rstrip(" \u00a0\u202f\u2009")
    if _THOUSANDS.match(text):
        text = _SPACES.sub("", text)
    if not _PLAIN.match(text):
        return None
    number = float(text.replace(",", "."))
    return number if abs(number) < LARGEST else None  # « 1e999 » spells the infinite


def parse_amount(text: str) -> Decimal | None:
    """The exact euros a text spells (« 1 234,50 € »), or None when it is not one amount without doubt."""
    text = text.strip(" \u00a0\u202f\u2009\t").removesuffix("€").strip(" \u00a0\u202f\u2009\t").replace(MINUS, "-")
    if _THOUSANDS.match(text):
        text = _SPACES.sub("", text)
    return Decimal(text.replace(",", ".")) if _PLAIN.match(text) and "e" not in text.lower() else None


def round_half_up(value: float, decimals: int = 0) -> Decimal:
    """The decimal nearest to the number as it prints, halves away from zero (12,25 → 12,3)."""
    try:
        return Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    except InvalidOperation as error:
        raise ValueError(f"not a finite number: {value!r}") from error


def format_number(value: float, decimals: int = 0, sign: bool = False) -> str:
    """« 2 034 », « −3,2 », « +3,2 » when sign is wanted; thousands by U+202F, minus by U+2212."""
    rounded = round_half_up(value, decimals)
    if rounded == 0:
        rounded = abs(rounded)
    text = f"{abs(rounded):,.{decimals}f}".replace(",", NARROW).replace(".", ",")
    if rounded < 0:
        return MINUS + text
    return ("+" if sign and rounded > 0 else "") + text


def format_amount(amount: Decimal) -> str:
    """« 1 234,50 € », exact to the cent; the cents are left out when there are none."""
    decimals = 0 if amount == amount.to_integral_value() else 2
    text = f"{abs(amount):,.{decimals}f}".replace(",", NARROW).replace(".", ",")
    return f"{MINUS if amount < 0 else ''}{text}{NARROW}€"


def format_date(day: date) -> str:
    """JJ/MM/AAAA."""
    return day.strftime("%d/%m/%Y")


def format_size(count: int) -> str:
    """A file's size in Ko or Mo."""
    if count < 1_000_000:
        return f"{format_number(count / 1_000, 0)}{NBSP}Ko"
    return f"{format_number(count / 1_000_000, 1)}{NBSP}Mo"


def plural(count: float, singular: str, many: str = "") -> str:
    """« 1 fait », « 2 faits »: the count written in French with its noun agreed (0 and 1 are singular)."""
    noun = singular if abs(count) < 2 else (many or singular + "s")
    return f"{format_number(count)}{NBSP}{noun}"
