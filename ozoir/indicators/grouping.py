"""Too many small cells: categories are grouped instead of hidden, as the catalogue declares.

A breakdown is shown by its declared groups, at every date, once more than a third of its dates would be masked. There
are only these two states, one inside the other, so that figures shown before and after a change say nothing together.
Measures that contain one another keep their categories: groups in one only would escape the equations between them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from ozoir.catalogue.loading import Catalogue
from ozoir.catalogue.model import Cle, Mesure
from ozoir.indicators.cells import Values, read_cells
from ozoir.indicators.relations import TERRITORIES

MOST_MASKED = 1 / 3


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
    tables = [values for variants in read_cells(facts, catalogue).values() for values in variants]
    linked = {name for mesure in catalogue.mesures.values() for name in (mesure.inclus_dans, *mesure.parties)}
    groups = {}
    for source, name in sorted({(values.source, cle.mesure) for values in tables for cle in values.cells}):
        mesure = catalogue.mesures[name]
        if mesure.inclus_dans or mesure.parties or name in linked or not mesure.is_counted:
            continue
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
    concerned = {(source, mesure) for source, mesure, _ in groupings.groups}
    is_concerned = pd.Series(
        [pair in concerned for pair in zip(facts["source"], facts["mesure"], strict=True)], index=facts.index, dtype=bool
    )
    if not is_concerned.any():
        return facts
    kept, given, gathered = [], set(), defaultdict(list)
    for row in facts[is_concerned].to_dict("records"):
        own = Cle(row["mesure"], row["sexe"], row["age"], row["detail"])
        shown = groupings.shown_key(row["source"], own)
        place = (row["source"], row["territoire"], row["zonage"], row["date_reference"], row["import_id"])
        if shown == own:
            kept.append(row)
            given.add((own, place))
        elif shown is not None:
            gathered[shown, place].append(row)
    grouped = [
        _sum_rows(cle, rows)
        for (cle, place), rows in gathered.items()
        if (cle, place) not in given and len(rows) == _size(groupings, cle, rows[0])
    ]
    return pd.concat([facts[~is_concerned], pd.DataFrame(kept + grouped, columns=facts.columns)], ignore_index=True)


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
