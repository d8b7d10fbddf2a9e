"""Reference dates in French, as a label and inside a sentence, by kind of measure."""

from __future__ import annotations

from datetime import date, timedelta

from ozoir.numbers import format_date

MONTHS = (
    *("janvier", "février", "mars", "avril", "mai", "juin"),
    *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
)
ROLLING = "sur 12 mois au"


def period_label(day: date, periode: str) -> str:
    """« au 31/12/2020 », « en 2018 », « RP 2018 », « au 2e trimestre 2021 », « sur 12 mois au 31/12/2020 »."""
    if periode == "recensement":
        return f"RP {day.year}"
    if periode == "douze_mois":
        return f"{ROLLING} {format_date(day)}"
    return _span(day, periode) or f"au {format_date(day)}"


def period_phrase(day: date, periode: str) -> str:
    """« fin 2020 », « fin mars 2021 », « au 1er janvier 2022 », « en 2018 », « au recensement de 2018 »…"""
    if periode == "recensement":
        return f"au recensement de {day.year}"
    if periode == "douze_mois":
        return f"sur les douze mois terminés {day_phrase(day)}"
    return _span(day, periode) or day_phrase(day)


def _span(day: date, periode: str) -> str:
    """A year or a quarter, said alike everywhere; nothing for a day."""
    return {"annee": f"en {day.year}", "trimestre": f"au {_quarter(day)}"}.get(periode, "")


def since_phrase(day: date, periode: str) -> str:
    """« depuis fin 2016 », « depuis 2014 », « depuis le recensement de 2013 »…"""
    if periode == "annee":
        return f"depuis {day.year}"
    if periode == "recensement":
        return f"depuis le recensement de {day.year}"
    if periode == "trimestre":
        return f"depuis le {_quarter(day)}"
    phrase = day_phrase(day)
    return f"depuis le {phrase[3:]}" if phrase.startswith("au ") else f"depuis {phrase}"


def day_phrase(day: date) -> str:
    """« fin 2020 », « fin mars 2021 », « au 1er janvier 2022 », « au 15 mars 2021 »."""
    if (day + timedelta(days=1)).day == 1:
        return f"fin {day.year}" if day.month == 12 else f"fin {MONTHS[day.month - 1]} {day.year}"
    return f"au {'1er' if day.day == 1 else day.day} {MONTHS[day.month - 1]} {day.year}"


def is_year_later(before: date, after: date) -> bool:
    """Same day one year on, month ends included (28/02 and 29/02)."""
    return after.year == before.year + 1 and after.month == before.month and abs(after.day - before.day) <= 1


def _quarter(day: date) -> str:
    rank = (day.month - 1) // 3 + 1
    return f"{rank}{'er' if rank == 1 else 'e'} trimestre {day.year}"
