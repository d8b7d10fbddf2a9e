"""A delivery examined before it is loaded: what it adds and changes, what jumps, why it may not be loaded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import pandas as pd

from ozoir.atelier.libelles import describe_territory, describe_value
from ozoir.atelier.sauts import describe_jump
from ozoir.catalogue.libelles import describe_cle
from ozoir.catalogue.loading import Catalogue
from ozoir.catalogue.model import Cle
from ozoir.errors import OzoirError
from ozoir.ingestion.delivery import Delivery, cell_name
from ozoir.numbers import MINUS, NARROW, format_date, format_number
from ozoir.store.base import Store
from ozoir.store.differences import DEPASSE, INCHANGE, MODIFIE, NOUVEAU, compare_facts, known_values
from ozoir.store.imports import check_loadable

_OTHER = ["source", "mesure", "territoire", "zonage", "sexe", "age", "detail"]  # a key, its date apart
_LONGEST_GAP = 800  # days: an earlier figure older than two years says nothing of a jump


@dataclass(frozen=True)
class Ecart:
    """One fact of the contract's territories beside what is known of it. nature: nouveau, modifie, inchange, depasse."""

    libelle: str
    territoire: str
    date_reference: date
    ancien: str
    nouveau: str
    variation: str
    nature: str
    alerte: str
    place: str
    import_id: int | None = None


@dataclass(frozen=True)
class Examen:
    """comptes: facts by nature, over all territories; ecarts: those of the contract's own, unusual ones first.

    autres_modifies: changed facts of other territories. refus: why it cannot be loaded as it stands, or None.
    """

    delivery: Delivery
    comptes: dict[str, int]
    ecarts: tuple[Ecart, ...]
    autres_modifies: int
    refus: OzoirError | None

    @property
    def alertes(self) -> tuple[Ecart, ...]:
        return tuple(ecart for ecart in self.ecarts if ecart.alerte)

    @property
    def is_loadable(self) -> bool:
        return self.refus is None and len(self.delivery.faits) > 0


def examine(store: Store, catalogue: Catalogue, delivery: Delivery) -> Examen:
    """Everything to know before « Charger »; nothing is written."""
    try:
        check_loadable(store, delivery)
        refus = None
    except OzoirError as error:
        refus = error
    if not len(delivery.faits):
        return Examen(delivery, dict.fromkeys((NOUVEAU, MODIFIE, INCHANGE, DEPASSE), 0), (), 0, refus)
    facts = compare_facts(store, delivery.faits)
    counted = facts["nature"].value_counts()
    is_own = facts["territoire"].isin(own_territories(catalogue))
    ecarts = sorted(_describe(store, catalogue, facts[is_own]), key=lambda item: (not item.alerte, _RANKS[item.nature]))
    return Examen(
        delivery,
        {nature: int(counted.get(nature, 0)) for nature in _RANKS},
        tuple(ecarts),
        int((facts["nature"][~is_own] == MODIFIE).sum()),
        refus,
    )


_RANKS = {MODIFIE: 0, NOUVEAU: 1, DEPASSE: 2, INCHANGE: 3}


def own_territories(catalogue: Catalogue) -> list[str]:
    """The codes of the contract's quartiers and communes."""
    return list(dict.fromkeys(code for item in catalogue.territoires for code in item.codes_lus))


def _describe(store: Store, catalogue: Catalogue, facts: pd.DataFrame) -> Iterator[Ecart]:
    earlier = _EarlierFigures(store, facts)
    for row in facts.to_dict("records"):
        yield _ecart(catalogue, row, earlier)


def _ecart(catalogue: Catalogue, row: dict, earlier: _EarlierFigures) -> Ecart:
    is_known = row["nature"] != NOUVEAU
    mesure, value, former = row["mesure"], row["valeur"], row["ancienne"]
    return Ecart(
        libelle=describe_cle(catalogue, Cle(mesure, row["sexe"], row["age"], row["detail"])),
        territoire=describe_territory(catalogue, row["territoire"], row["zonage"]),
        date_reference=row["date_reference"].date(),
        ancien=describe_value(catalogue, mesure, former, row["ancien_statut"]) if is_known else "",
        nouveau=describe_value(catalogue, mesure, value, row["statut"]),
        variation=describe_change(former, value) if row["nature"] in (MODIFIE, DEPASSE) else "",
        nature=row["nature"],
        alerte=_alert(row, earlier),
        place=" ".join(filter(None, (row["feuille"], cell_name(int(row["ligne"]), int(row["colonne"]))))),
        import_id=int(row["ancien_import"]) if is_known else None,
    )


def _alert(row: dict, earlier: _EarlierFigures) -> str:
    if row["nature"] in (INCHANGE, DEPASSE):
        return ""
    if row["nature"] == MODIFIE and (jump := describe_jump(row["ancienne"], row["valeur"], "la valeur connue")):
        return jump
    found = earlier.find(row)
    return describe_jump(found[1], row["valeur"], f"la valeur du {format_date(found[0])}") if found else ""


def describe_change(before: float | None, after: float | None) -> str:
    """« +2 (+1,0 %) »; no percentage of a small count."""
    if before is None or after is None or before != before or after != after:
        return ""
    change = after - before
    decimals = 0 if change == int(change) else 1
    text = format_number(change, decimals, sign=True)
    if abs(before) < 20 or abs(change) < 1e-9:
        return text
    return f"{text} ({format_number(100 * change / before, 1, sign=True)}{NARROW}%)".replace("-", MINUS)


class _EarlierFigures:
    """For each key, its known figures at earlier dates: in the base, and in the delivery itself."""

    def __init__(self, store: Store, facts: pd.DataFrame) -> None:
        known = known_values(store, sorted(set(facts["source"])), sorted(set(facts["territoire"])))
        both = pd.concat([known, facts[[*_OTHER, "date_reference", "valeur"]]], ignore_index=True).dropna(subset=["valeur"])
        self._by_key: dict[tuple, dict[date, float]] = {}
        for row in both.to_dict("records"):
            self._by_key.setdefault(tuple(row[name] for name in _OTHER), {})[row["date_reference"].date()] = row["valeur"]

    def find(self, row: dict) -> tuple[date, float] | None:
        """The latest figure before this one."""
        day = row["date_reference"].date()
        dates = self._by_key.get(tuple(row[name] for name in _OTHER), {})
        before = [other for other in dates if other < day and (day - other).days <= _LONGEST_GAP]
        return (max(before), dates[max(before)]) if before else None
