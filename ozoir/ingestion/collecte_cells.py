"""One cell of a collection workbook → a value, or what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal
from difflib import get_close_matches

from ozoir.catalogue.classeur import ENTIER, EUROS, LISTE, NON_CONCERNE, POURCENTAGE, TEXTE, Valeur, cell_text
from ozoir.ingestion.free_texts import ADVICE, personal_kinds
from ozoir.ingestion.headers import normalise, read_text
from ozoir.numbers import format_date, parse_number

_FIRST_NUMBER = re.compile(r"^\D{0,3}(\d+(?:[.,]\d+)?)\b")
_EURO = re.compile(r"(?:€|euros?|eur)\s*$", re.IGNORECASE)
_NOT_CONCERNED = ("non concerne", "sans objet", "nc", "n/c", "///")
_THOUSANDS_OR_DECIMALS = re.compile(r"^[+-]?\d{1,3}(?:[.,]\d{3})+$")
_ID = re.compile(r"\[([\w-]+)\]\s*$")


@dataclass(frozen=True)
class Lecture:
    """What a cell gives: a value (None when empty), or a message and what was perhaps meant."""

    valeur: Valeur = None
    message: str = ""
    suggestion: str = ""
    is_warning: bool = False


def shown_text(cell: object) -> str:
    """The cell as its reader sees it, near enough to be found again."""
    if isinstance(cell, bool):
        return "VRAI" if cell else "FAUX"
    if isinstance(cell, date):
        return format_date(cell)
    return cell_text(cell if isinstance(cell, (str, int, float, Decimal)) or cell is None else str(cell))


def read_cell(cell: object, nature: str, choix: Mapping[str, str]) -> Lecture:
    """The value of one cell to fill; `choix` is the list of accepted values, id → label."""
    text = shown_text(cell)
    if not text:
        return Lecture("" if nature in (TEXTE, LISTE) else None)
    if nature == TEXTE:
        return Lecture(text)
    if nature == LISTE:
        return _read_choice(text, choix)
    return _read_number(cell, text, nature)


def find_person(text: str) -> Lecture | None:
    """What in a free text points to a person; its words are never quoted."""
    if kinds := personal_kinds(text):
        return Lecture(message=f"ce texte contient {' et '.join(kinds)}. {ADVICE}")
    return None


def _read_choice(text: str, choix: Mapping[str, str]) -> Lecture:
    by_name = {normalise(label): id for id, label in choix.items()}
    found = by_name.get(normalise(text))
    if found is None and (quoted := _ID.search(text)) and quoted[1] in choix:
        found = quoted[1]
    if found is not None:
        return Lecture(found)
    near = get_close_matches(normalise(text), by_name, n=1, cutoff=0.5)
    accepted = ", ".join(choix.values()) if len(choix) <= 8 else "celles de la liste déroulante de la case"
    return Lecture(
        None,
        f"cette valeur n’est pas dans la liste. Valeurs acceptées\u00a0: {accepted}.",
        choix[by_name[near[0]]] if near else "",
    )


def _read_number(cell: object, text: str, nature: str) -> Lecture:
    if isinstance(cell, (bool, date, time, timedelta)):
        return Lecture(
            None, "un nombre est attendu\u202f; le tableur en a fait une date ou une valeur logique. Retapez le nombre."
        )
    number = Decimal(text) if isinstance(cell, (int, float, Decimal)) else _spelled(text)
    if number is None:
        if normalise(text) in _NOT_CONCERNED:
            return Lecture(
                None,
                f"un nombre est attendu. Pour dire «\u00a0{NON_CONCERNE.lower()}\u00a0», videz les chiffres et "
                "choisissez-le dans sa colonne.",
            )
        if _THOUSANDS_OR_DECIMALS.match(text):
            return Lecture(
                None,
                "milliers ou décimales\u202f? Retapez le nombre sans séparateur de milliers, avec une virgule pour les "
                "décimales.",
            )
        found = _FIRST_NUMBER.search(text)
        return Lecture(
            None, "un nombre est attendu, sans texte. Laissez la case vide si vous ne savez pas.", found[1] if found else ""
        )
    if nature == ENTIER:
        if number != number.to_integral_value():
            return Lecture(None, "un nombre entier est attendu.")
        return Lecture(int(number))
    if nature == EUROS:
        return Lecture(number)
    if nature == POURCENTAGE and 0 < number < 1:
        hundred = cell_text(100 * number).replace(".", ",")
        return Lecture(
            float(number),
            f"taux inférieur à 1\u202f%\u00a0: un taux s’écrit de 0 à 100. Si c’est {hundred}\u202f%, écrivez {hundred}.",
            is_warning=True,
        )
    return Lecture(float(number))


def _spelled(text: str) -> Decimal | None:
    """A number typed as text: « 1 234,50 € ». « 1.234 » may be a thousand or a little more than one: refused."""
    text = _EURO.sub("", read_text(text))
    number = None if _THOUSANDS_OR_DECIMALS.match(text) else parse_number(text)
    return None if number is None else Decimal(repr(number))


def read_copy(text: str, nature: str, choix: Mapping[str, str]) -> Valeur:
    """The value of a cell as the workbook was generated with it."""
    is_number = text and nature not in (TEXTE, LISTE)
    return read_cell(Decimal(text) if is_number else text, nature, choix).valeur
