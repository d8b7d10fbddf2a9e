"""Dates as partners write them: days, months, quarters, years."""

from __future__ import annotations

import calendar
import re
from datetime import date, datetime

from ozoir.ingestion.headers import normalise, read_text

_MONTHS = (
    *("janvier", "fevrier", "mars", "avril", "mai", "juin"),
    *("juillet", "aout", "septembre", "octobre", "novembre", "decembre"),
)
_NAMES = "|".join(_MONTHS)
_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[t ]00:00:00)?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_MONTH = re.compile(r"(\d{1,2})[/.-](\d{4})")
_ISO_MONTH = re.compile(r"(\d{4})[-/](\d{1,2})")
_QUARTER = re.compile(r"(\d{4})[ -]?t(?:rim)?([1-4])")
_QUARTER_FIRST = re.compile(r"t([1-4])[ -]?(\d{4})|([1-4])(?:er|e|eme)? trimestre (\d{4})")
_WORDS = re.compile(rf"(?:(\d{{1,2}})(?:er)? )?({_NAMES}) (\d{{4}})")
_YEAR = re.compile(r"(?:annee )?(\d{4})")
_SCHOOL_YEAR = re.compile(r"(\d{4}) ?[-/] ?(\d{4}|\d{2})")
_PERIOD = re.compile(
    rf"\d{{1,2}}[/.-]\d{{1,2}}[/.-]\d{{4}}|\d{{4}}-\d{{2}}-\d{{2}}(?: 00:00:00)?"
    r"|(?:t[1-4]|[1-4](?:er|e|eme)? trimestre)[ -]?\d{4}"
    rf"|20\d{{2}}[ -]?t(?:rim)?[1-4]|(?:(?:\d{{1,2}}|1er) )?(?:{_NAMES}) \d{{4}}|\d{{1,2}}/20\d{{2}}"
    r"|(?<!\d)20\d{2} ?[-/] ?(?:20)?\d{2}(?!\d)|(?<!\d)(?:19|20)\d{2}(?!\d)"
)
_DATED = re.compile(rf"\bau (\d{{1,2}}[/.-]\d{{1,2}}[/.-]\d{{4}}|(?:\d{{1,2}}|1er) (?:{_NAMES}) \d{{4}})")
EARLIEST, LATEST_MARGIN = 1950, 2


class ImpossibleDate(ValueError):
    """A text written as a date which no calendar has, or which lies outside what the project can hold."""


def parse_date(cell: object, day: str = "12-31") -> date | None:
    """The date a cell means; `day` (MM-JJ) completes a year alone, months and quarters give their last day.

    None when it is no date at all; ImpossibleDate for the 31/02, the year 0202 or the year 2199.
    """
    if isinstance(cell, datetime):
        return _within(cell.date())
    if isinstance(cell, date):
        return _within(cell)
    text = normalise(read_text(cell))
    try:
        found = _parse(text, day)
    except ValueError as error:
        raise ImpossibleDate(text) from error
    return _within(found) if found else None


def _within(day: date) -> date:
    if not EARLIEST <= day.year <= date.today().year + LATEST_MARGIN:
        raise ImpossibleDate(day.isoformat())
    return day


def _parse(text: str, day: str) -> date | None:
    if found := _DAY.fullmatch(text):
        return date(int(found[3]), int(found[2]), int(found[1]))
    if found := _ISO.fullmatch(text) or _COMPACT.fullmatch(text):
        return date(int(found[1]), int(found[2]), int(found[3]))
    if found := _MONTH.fullmatch(text):
        return month_end(int(found[2]), int(found[1]))
    if found := _ISO_MONTH.fullmatch(text):
        return month_end(int(found[1]), int(found[2]))
    if found := _QUARTER.fullmatch(text):
        return month_end(int(found[1]), 3 * int(found[2]))
    if found := _QUARTER_FIRST.fullmatch(text):
        quarter, year = found[1] or found[3], found[2] or found[4]
        return month_end(int(year), 3 * int(quarter))
    if found := _WORDS.fullmatch(text):
        year, month = int(found[3]), _MONTHS.index(found[2]) + 1
        return date(year, month, int(found[1])) if found[1] else month_end(year, month)
    if found := _YEAR.fullmatch(text):
        return complete_year(int(found[1]), day)
    return None


def month_end(year: int, month: int) -> date:
    """The last day of a month; ValueError when there is no such month."""
    if not 1 <= month <= 12:
        raise ValueError(f"month {month}")
    return date(year, month, calendar.monthrange(year, month)[1])


def complete_year(year: int, day: str) -> date:
    """(2018, « 01-01 ») → 01/01/2018."""
    month, number = day.split("-")
    return date(year, int(month), int(number))


def replace_periods(text: str, mark: str) -> tuple[str, str]:
    """(normalised, each date replaced by a mark; the last date): « abc 2018 » → (« abc {date} », « 2018 »)."""
    plain = normalise(text)
    periods = _PERIOD.findall(plain)
    return (_PERIOD.sub(mark, plain), periods[-1]) if periods else (plain, "")


def mark_periods(text: str, mark: str) -> str:
    """The same text, written as it was, each of its dates replaced by a mark."""
    plain = normalise(text)
    if len(plain) != len(text):  # spaces or letters were folded: places no longer correspond
        return _PERIOD.sub(mark, plain)
    for found in reversed(list(_PERIOD.finditer(plain))):
        text = text[: found.start()] + mark + text[found.end() :]
    return text


def read_period(text: str, day: str = "12-31") -> date | None:
    """The date of a period met in a header or a sheet's name; a school year (2018-2019) is the year it starts in."""
    if (years := _SCHOOL_YEAR.fullmatch(text)) and int(years[2]) % 100 == (int(years[1]) + 1) % 100:
        return _within(complete_year(int(years[1]), day))
    return parse_date(text, day)


def find_dates(text: str) -> set[date]:
    """Every « au 31/12/2020 », « au 31 décembre 2020 » of a title."""
    found = set()
    for match in _DATED.finditer(normalise(text)):
        try:
            day = parse_date(match.group(1).replace("1er", "1"))
        except ImpossibleDate:
            continue
        if day:
            found.add(day)
    return found
