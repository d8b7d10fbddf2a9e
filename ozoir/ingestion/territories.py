"""Which territory a row, a column or a file speaks of: by code first, by name only as help."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from ozoir.catalogue.model import ReglesTerritoire, Tableau, Territoire
from ozoir.ingestion.headers import matches, normalise, read_text

BLANK, IGNORED, AGGREGATE, UNKNOWN, NOTE = -1, -2, -3, -4, -5
QUARTIER, COMMUNE = "quartier", "commune"
FRANCE = "FR"
_QUARTIERS = (
    ("QP2015", re.compile(r"QP(?:\d{3}|02[AB])\d{3}")),
    ("QP2024", re.compile(r"QN(?:\d{3}|02[AB])\d{2}[A-Z]")),
)
_SHAPES = (("commune", re.compile(r"\d{5}|2[AB]\d{3}")), ("iris", re.compile(r"\d{9}|2[AB]\d{7}")))
_DECLARED_SHAPES = {
    "epci": re.compile(r"\d{9}"),
    "departement": re.compile(r"\d{2,3}|2[AB]"),
    "region": re.compile(r"\d{1,2}"),
}
_SUMS = re.compile(r"QPV-(?:\d{2,3}|2[AB]|R\d{1,2}|FR)")
_AGGREGATES = {"ensemble", "total", "totaux", "total general", "france", "00", "1", "0"}
_NOWHERE = re.compile(r"99\d{3}|X+")  # abroad, unknown: codes of the Cnaf and the DGFiP


def is_aggregate(text: str) -> bool:
    """« Ensemble », « Total », « 00 », « Ensemble des QPV »: a row that sums the others."""
    plain = normalise(text)
    return plain in _AGGREGATES or plain.startswith(("ensemble ", "total ", "france "))


def _plain_name(text: str) -> str:
    """A place name without case, accents or hyphens."""
    return " ".join(normalise(text).replace("-", " ").split())


@dataclass(frozen=True)
class Territory:
    """A code in its zoning; the token « quartier » waits for a date to know which zoning holds."""

    code: str
    zonage: str


@dataclass(frozen=True)
class TerritoryColumn:
    """Rows and their territory: ranks in `found`, or one of BLANK, IGNORED, AGGREGATE, UNKNOWN, NOTE."""

    ranks: np.ndarray
    found: tuple[Territory, ...]


def name_several(territoire: Territoire) -> str:
    """What a refusal adds when « QPV » or « Commune » would not say which one; empty for one quartier in one commune."""
    if len(territoire.membres) < 2 and len(territoire.communes) < 2:
        return ""
    codes = ", ".join((*(codes[-1] for codes in territoire.membres), *territoire.communes))
    return (
        " Le contrat a plusieurs quartiers ou communes\u00a0: «\u00a0QPV\u00a0» et «\u00a0Commune\u00a0» ne disent pas lesquels. "
        f"Demandez leurs codes à la place ({codes})."
    )


class TerritoryReader:
    """Reads territories as one table declares them, with the catalogue's names as help."""

    def __init__(self, tableau: Tableau, territoire: Territoire) -> None:
        self._rules: ReglesTerritoire = tableau.territoire
        self._ignored = tableau.lignes_ignorees
        self._territoire = territoire
        self._exact = {normalise(text): target for text, target in self._rules.valeurs.items() if "*" not in text}
        self._wild = {text: target for text, target in self._rules.valeurs.items() if "*" in text}
        self._names = {
            _plain_name(name): QUARTIER for name in ("qpv", "quartier", territoire.nom_quartier, *territoire.alias_quartier)
        }
        self._names |= {_plain_name(name): COMMUNE for name in ("commune", territoire.nom_commune, *territoire.alias_commune)}
        if territoire.membres:  # « quartier » alone would not say which one
            self._names = {_plain_name(name): code for name, code in territoire.noms.items()}

    def read_column(self, cells: Sequence[object]) -> TerritoryColumn:
        """The territory of each cell; each distinct cell is judged once."""
        found: dict[Territory, int] = {}
        memo: dict[object, int] = {}
        for cell in dict.fromkeys(cells):
            territory = self.read(cell)
            memo[cell] = territory if isinstance(territory, int) else found.setdefault(territory, len(found))
        ranks = np.array([memo[cell] for cell in cells], dtype=np.int64)
        return TerritoryColumn(ranks, tuple(found))

    def read(self, cell: object) -> Territory | int:
        """A territory, or why the row has none."""
        text = read_text(cell)
        if not text:
            return IGNORED if "" in self._ignored else BLANK
        plain = normalise(text)
        if plain in self._exact:
            return self._declared(self._exact[plain])
        if any(matches(pattern, text) for pattern in self._ignored):
            return IGNORED
        if self._rules.zonage != "region" and is_aggregate(text):  # 1 is a region, and the whole of France elsewhere
            return AGGREGATE
        territory = self._coded(text.upper().replace(" ", ""))
        if territory is not None:
            return territory
        for pattern, target in self._wild.items():
            if matches(pattern, text):
                return self._declared(target)
        if _plain_name(text) in self._names:
            return self._declared(self._names[_plain_name(text)])
        if is_aggregate(text):
            return AGGREGATE
        return UNKNOWN if re.match(r"Q[PN]\d|\d", text.upper()) or self._rules.regle != "colonne" else NOTE

    def _declared(self, target: str) -> Territory | int:
        if target == "ignorer":
            return IGNORED
        if target in (QUARTIER, COMMUNE) and self._is_ambiguous(target):
            return UNKNOWN
        if target == QUARTIER:
            return Territory(QUARTIER, "")
        if target == COMMUNE:
            return Territory(self._territoire.code_commune, "commune")
        if target in ("epci", "departement", "region"):
            return Territory(getattr(self._territoire, target), target)
        if target == "france":
            return Territory(FRANCE, "france")
        coded = self._coded(target)
        return coded if coded is not None else UNKNOWN

    def _is_ambiguous(self, target: str) -> bool:
        """« Le quartier » of a contract of several, « la commune » of several together."""
        known = self._territoire
        return len(known.membres) > 1 if target == QUARTIER else len(known.communes) > 1

    def _coded(self, code: str) -> Territory | int | None:
        if _SUMS.fullmatch(code):
            return Territory(code, {"QPV-FR": "france"}.get(code, "region" if code.startswith("QPV-R") else "departement"))
        if _NOWHERE.fullmatch(code):
            return AGGREGATE
        quartier = next((zonage for zonage, shape in _QUARTIERS if shape.fullmatch(code)), None)
        if quartier:
            return Territory(code, quartier)
        shapes = dict(_SHAPES)
        if self._rules.zonage in _DECLARED_SHAPES:
            shapes = {self._rules.zonage: _DECLARED_SHAPES[self._rules.zonage], **shapes}  # a SIREN is not an IRIS
        if code.isdecimal() and len(code) in (4, 8) and not any(shape.fullmatch(code) for shape in shapes.values()):
            code = f"0{code}"  # Excel ate the zero of 01053 or 010530101
        return next((Territory(code, zonage) for zonage, shape in shapes.items() if shape.fullmatch(code)), None)

    def find_in(self, texts: Sequence[str]) -> Territory | None:
        """The one territory that a file's name, sheet and titles speak of (rule « fixe »); None when not exactly one."""
        found: set[Territory] = set()
        for text in texts:
            for pattern, target in self._rules.valeurs.items():
                if matches(pattern, text) or matches(f"*{pattern}*", text):
                    territory = self._declared(target)
                    if isinstance(territory, Territory):
                        found.add(territory)
            for word in re.findall(r"Q[PN]\w{6}|\b\d{5}\b", text.upper()):
                territory = self._coded(word)
                if isinstance(territory, Territory):
                    found.add(territory)
        return found.pop() if len(found) == 1 else None


def locate_quartier(territoire: Territoire, day: date) -> Territory:
    """The quartier in the zoning which holds on a date; before the first one, in the first."""
    started = [zonage for zonage in territoire.zonages if zonage.debut <= day]
    latest = (
        max(started, key=lambda zonage: zonage.debut) if started else min(territoire.zonages, key=lambda zonage: zonage.debut)
    )
    return Territory(latest.code, latest.id)


def is_in_departement(qpv: str, commune: str) -> bool:
    """Whether a quartier (« QP999001 », « QN97101A ») and a commune of the same name as its own are in one département."""
    departement = qpv[3:5] if qpv[2:3] == "0" else qpv[2:5]
    return not re.match(r"Q[PN]", qpv) or commune.startswith(departement)
