"""A cell becomes a value and a status: a number, or why there is none; never a number out of a doubtful text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ozoir.catalogue.model import STATUTS
from ozoir.ingestion.headers import normalise, read_text
from ozoir.numbers import LARGEST, parse_number

CONNU, PROVISOIRE, NON_DIFFUSE, MANQUANT, SANS_OBJET = range(len(STATUTS))
TEXTE, AMBIGU, GENRE, ERREUR, DEMESURE = "texte", "ambigu", "genre", "erreur", "démesuré"
PROBLEMS = ("", TEXTE, AMBIGU, GENRE, ERREUR, DEMESURE)

_MARKS = {
    **dict.fromkeys(
        ("s", "c", "secret", "secret statistique", "confidentiel", "faible", "masque", "*", "**", "***"), NON_DIFFUSE
    ),
    **dict.fromkeys(("ns", "n.s.", "n.s", "non significatif", "nd", "n.d.", "n.d", "n/d", "non diffuse"), NON_DIFFUSE),
    **dict.fromkeys(("nc", "n.c.", "n.c", "non communique", "non publie"), NON_DIFFUSE),
    **dict.fromkeys(("so", "s.o.", "s/o", "sans objet", "///", "//", "non concerne"), SANS_OBJET),
    **dict.fromkeys(("-", "--", "...", "..", "na", "n/a", "n.a.", "non disponible", "non renseigne", "inconnu"), MANQUANT),
}
_ERROR = re.compile(r"#(?:n/a|div/0|ref|value|valeur|name|nom|num|nombre|null|nul) ?[!?]?")
_UNDER = re.compile(r"(?:<|≤|<=|moins de|inferieur a) ?\d+")
_RANGE = re.compile(r"(\d{1,2}) ?(?:-|a) ?(\d{1,2})")
_BRACKET = re.compile(r"[\[(][a-z.]{1,4}[\])]")
_PROVISIONAL = re.compile(r"(.*\d)\s*(?:\(p\)|p)", re.IGNORECASE)
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(?:[.,]\d{3})+")


@dataclass(frozen=True)
class Reading:
    """A column of cells, read. problems: row numbers (from 0) by kind of problem, for cells whose text is no value."""

    values: np.ndarray  # float, NaN without value
    statuts: np.ndarray  # ranks in STATUTS
    problems: dict[str, np.ndarray]
    looks_like_thousands: np.ndarray  # « 1.234 »: a decimal number, or a count written with a foreign separator


class CellReader(dict):
    """Reads cells of one source; each distinct cell is judged once, whatever the number of columns."""

    def __init__(self, vide: str, marques: dict[str, str]) -> None:
        super().__init__()
        self._blank = STATUTS.index(vide)
        self._marks = {**_MARKS, **{normalise(text): STATUTS.index(statut) for text, statut in marques.items()}}
        self._values: list[float] = []
        self._statuts: list[int] = []
        self._problems: list[int] = []
        self._thousands: list[bool] = []

    def read(self, cells: Sequence[object]) -> Reading:
        """Values and statuses of a column."""
        if bool in set(map(type, cells)):  # True == 1.0 would share its reading
            cells = [("VRAI" if cell else "FAUX") if isinstance(cell, bool) else cell for cell in cells]
        ranks = np.array([self[cell] for cell in cells], dtype=np.int64)
        problems = np.array(self._problems, dtype=np.int8)[ranks] if len(ranks) else np.empty(0, np.int8)
        return Reading(
            np.array(self._values)[ranks] if len(ranks) else np.empty(0),
            np.array(self._statuts, dtype=np.int8)[ranks] if len(ranks) else np.empty(0, np.int8),
            {kind: np.flatnonzero(problems == rank) for rank, kind in enumerate(PROBLEMS) if kind and (problems == rank).any()},
            np.array(self._thousands, dtype=bool)[ranks] if len(ranks) else np.empty(0, bool),
        )

    def __missing__(self, cell: object) -> int:
        value, statut, problem = self._judge(cell)
        self._values.append(value)
        self._statuts.append(statut)
        self._problems.append(PROBLEMS.index(problem))
        self._thousands.append(isinstance(cell, str) and bool(_THOUSANDS.fullmatch(cell.strip())))
        self[cell] = rank = len(self._values) - 1
        return rank

    def _judge(self, cell: object) -> tuple[float, int, str]:
        nothing = float("nan")
        if isinstance(cell, (int, float)):
            mark = self._marks.get(read_text(cell))
            if mark is None and not abs(cell) < LARGEST:
                return nothing, MANQUANT, DEMESURE
            return (float(cell), CONNU, "") if mark is None else (nothing, mark, "")
        if not isinstance(cell, str):
            return nothing, MANQUANT, GENRE
        text = read_text(cell)
        if not text:
            return nothing, self._blank, ""
        number = parse_number(text)
        if number is not None and text not in self._marks:  # a source may declare that 999 means unknown
            return number, CONNU, ""
        mark = self._marks.get(normalise(text))
        return (nothing, mark, "") if mark is not None else self._judge_text(text)

    def _judge_text(self, text: str) -> tuple[float, int, str]:
        nothing, plain = float("nan"), normalise(text)
        found = _PROVISIONAL.fullmatch(text)
        if found and (number := parse_number(found.group(1))) is not None:
            return number, PROVISOIRE, ""
        between = _RANGE.fullmatch(plain)
        is_range = between is not None and int(between.group(1)) < int(between.group(2))
        if _UNDER.fullmatch(plain) or _BRACKET.fullmatch(plain) or is_range:
            return nothing, NON_DIFFUSE, ""
        if _ERROR.fullmatch(plain):
            return nothing, MANQUANT, ERREUR
        if text in ("VRAI", "FAUX"):
            return nothing, MANQUANT, GENRE
        return nothing, MANQUANT, AMBIGU if re.fullmatch(r"[+-]?[\d.,\s]+%?", text) else TEXTE


def is_number(cell: object) -> bool:
    """A number, or a text that spells one."""
    if isinstance(cell, str):
        return parse_number(cell) is not None
    return isinstance(cell, (int, float)) and not isinstance(cell, bool)
