"""Too many small cells: categories are grouped instead of hidden, as the catalogue declares.

A breakdown is shown by its declared groups, at every date, once more than a third of its dates would be masked. There
are only these two states, one inside the other, so that figures shown before and after a change say nothing together.
Measures that contain one another keep their categories: groups in one only would escape the equations between them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pandas as pd

from ozoir.catalogue.loading import Catalogue
from ozoir.catalogue.model import Cle, Mesure
from ozoir.indicators.cells import Values, read_cells
from ozoir.indicators.relations import TERRITORIES

MOST_MASKED = 1 / 3
_PLACE = ("source", "territoire", "zonage", "date_reference", "import_id")


@dataclass(frozen=True)
class Groupings:
    """(source, measure, dimension) → modality → the group in which it is shown, itself when it stays alone."""

    groups: Mapping[tuple[str, str, str], Mapping[str, str]]

    def shown_key(self, source: str, cle: Cle) -> Cle | None:
        """The key under which a fact counts: its own, its group's, or none when a crossing would undo the groups."""
        found = [name for name in cle.breakdown if (source, cle.mesure, name) in self.groups]
        if not found:
            return cle
        if len(cle.breakdown) > 1:
            return None
        (dimension,) = found
        modality = cle.breakdown[dimension]
        return cle.with_modality(dimension, self.groups[source, cle.mesure, dimension].get(modality, modality))


NO_GROUPING = Groupings({})


def find_groupings(facts: pd.DataFrame, catalogue: Catalogue) -> Groupings:
    """The breakdowns of these facts that are to be shown by groups."""
    linked = {name for mesure in catalogue.mesures.values() for name in (mesure.id, *mesure.linked) if mesure.linked}
    alone = [name for name, mesure in catalogue.mesures.items() if mesure.is_counted and name not in linked]
    tables = [values for variants in read_cells(facts, catalogue, mesures=alone).values() for values in variants]
    groups = {}
    for source, name in sorted({(values.source, cle.mesure) for values in tables for cle in values.cells}):
        mesure = catalogue.mesures[name]
        own = [values for values in tables if values.source == source]
        seuil = catalogue.statistiques[source].seuils.get(mesure.unite, catalogue.statistiques[source].seuil)
        for dimension, family in mesure.familles.items():
            partition = declared_partition(catalogue, dimension, family)
            if partition and _is_mostly_masked(own, mesure, dimension, family, seuil):
                groups[source, name, dimension] = partition
    return Groupings(groups)


def declared_partition(catalogue: Catalogue, dimension: str, family: tuple[str, ...]) -> dict[str, str]:
    """Modality → group, for the groups that lie within the family; empty when none does."""
    declared = catalogue.dimensions[dimension].regroupements.items()
    partition = {member: group for group, members in declared if set(members) <= set(family) for member in members}
    return {name: partition.get(name, name) for name in family} if partition else {}


def _is_mostly_masked(tables: list[Values], mesure: Mesure, dimension: str, family: tuple[str, ...], seuil: int) -> bool:
    keys = [Cle(mesure.id).with_modality(dimension, name) for name in family]
    masked = given = 0
    for values in tables:
        rows = [[values.cells.get(key, {}).get(territory) for key in keys] for territory in TERRITORIES]
        if any(count is not None for row in rows for count in row):
            given += 1
            masked += any(count is not None and 0 < count < seuil for row in rows for count in row)
    return masked > MOST_MASKED * given


def apply_groupings(facts: pd.DataFrame, groupings: Groupings) -> pd.DataFrame:
    """The facts with their groups in place of what is grouped."""
    sources = {source for source, *_ in groupings.groups}
    is_concerned = facts["source"].isin(sources)
    if not is_concerned.any():
        return facts
    others, facts = facts[~is_concerned], facts[is_concerned]
    names = ("source", "mesure", "sexe", "age", "detail")
    owns = list(zip(*(facts[name].tolist() for name in names), strict=True))
    keys = {own: (Cle(*own[1:]), groupings.shown_key(own[0], Cle(*own[1:]))) for own in set(owns)}
    is_kept = pd.Series([keys[own][0] == keys[own][1] for own in owns], index=facts.index, dtype=bool)
    is_added = pd.Series([keys[own][1] not in (None, keys[own][0]) for own in owns], index=facts.index, dtype=bool)
    gathered: dict[tuple, list[dict]] = defaultdict(list)
    added, columns = facts[is_added], list(facts)
    for values in zip(*(added[name].tolist() for name in columns), strict=True):
        row = dict(zip(columns, values, strict=True))
        _, shown = keys[tuple(row[name] for name in names)]
        gathered[shown, *(row[name] for name in _PLACE)].append(row)
    kept = facts[is_kept]
    given = {(keys[own][0], *place) for own, place in _places(kept, names)} if gathered else set()
    grouped = [
        _sum_rows(key[0], rows)
        for key, rows in gathered.items()
        if key not in given and len(rows) == _size(groupings, key[0], rows[0])
    ]
    return pd.concat([others, kept, pd.DataFrame(grouped, columns=facts.columns)], ignore_index=True)


def _places(facts: pd.DataFrame, names: tuple[str, ...]) -> Iterator[tuple[tuple, tuple]]:
    """(what, where and when) of each fact."""
    columns = [facts[name].tolist() for name in names], [facts[name].tolist() for name in _PLACE]
    return zip(zip(*columns[0], strict=True), zip(*columns[1], strict=True), strict=True)


def _size(groupings: Groupings, cle: Cle, row: dict) -> int:
    """How many modalities the group stands for: a sum lacking one would be wrong."""
    ((dimension, group),) = cle.breakdown.items()
    return list(groupings.groups[row["source"], cle.mesure, dimension].values()).count(group)


def _sum_rows(cle: Cle, rows: list[dict]) -> dict:
    """One fact for several; it has no cell of its own, and names the columns it adds."""
    is_known = all(row["statut"] in ("connu", "provisoire") for row in rows)
    worst = next((row["statut"] for row in rows if row["statut"] != "connu"), "connu")
    return rows[0] | {
        "sexe": cle.sexe,
        "age": cle.age,
        "detail": cle.detail,
        "valeur": sum(row["valeur"] for row in rows) if is_known else float("nan"),
        "statut": worst,
        "ligne": 0,
        "colonne": 0,
        "entete": " + ".join(dict.fromkeys(str(row["entete"]) for row in rows)),
    }
