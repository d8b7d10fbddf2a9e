"""Several quartiers in one contract: the facts as one of them sees them, and masks which hold for all of them at once.

Quartiers sharing their communes add up with one rest: Σ quartiers + rest = Σ communes. Each is therefore shown beside
the communes together, and its rest leaves its neighbours out too. Sums are made of published facts only, when all of
them are there, at one date and from one source.

What is withheld in one of them is withheld in all of them and in the rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pandas as pd

from ozoir.catalogue.loading import Catalogue
from ozoir.catalogue.model import Cle, Territoire
from ozoir.catalogue.territoires import ENSEMBLE_ID, whole_of
from ozoir.indicators.cells import zoning_rank, zonings_in_force
from ozoir.indicators.grouping import apply_groupings
from ozoir.indicators.masking import Masks, find_masks
from ozoir.indicators.relations import QPV, RESTE

VOISINS = "voisins"  # stands for the code of the other quartiers together
_KEY = ["source", "mesure", "zonage", "date_reference", "sexe", "age", "detail"]
# The status of a sum: that of the first of these which one of its terms has.
_STATUTS = ("non_diffuse", "manquant", "sans_objet", "provisoire", "connu")


def facts_of(facts: pd.DataFrame, territoire: Territoire, catalogue: Catalogue) -> pd.DataFrame:
    """The facts of one territory, sums made, the single facts of the others left out."""
    if not territoire.membres:
        return facts
    code, is_count = facts["territoire"], facts["mesure"].map(lambda name: catalogue.mesures[name].nature == "effectif")
    others = [codes for codes in territoire.membres if not set(codes) & set(territoire.codes_quartier)]
    tables = [facts[~code.isin(territoire.codes_lus)], facts[code.isin(territoire.codes_quartier)]]
    tables += [
        sum_facts(facts[code.isin(zonage.code.split("+")) & is_count], zonage.code.split("+"), zonage.code)
        for zonage in territoire.zonages
        if "+" in zonage.code
    ]
    if len(territoire.communes) > 1:
        tables.append(sum_facts(facts[code.isin(territoire.communes) & is_count], territoire.communes, territoire.code_commune))
    else:
        tables.append(facts[code.isin(territoire.communes)])
    if territoire.voisins:
        table = sum_facts(facts[code.isin(territoire.voisins) & is_count], [codes[0] for codes in others], VOISINS)
        tables.append(table)
    return pd.concat([table for table in tables if len(table)] or [facts.iloc[:0]], ignore_index=True)


def sum_facts(facts: pd.DataFrame, terms: Sequence[str], code: str) -> pd.DataFrame:
    """One fact per key, where there are as many territories as `terms`; the cell of a sum is said in words."""
    if facts.empty:
        return facts
    keys = [*_KEY, "import_id"] if "import_statut" in facts else _KEY
    worst = facts["statut"].astype(str).map({name: rank for rank, name in enumerate(_STATUTS)}).fillna(1)
    groups = facts.assign(_rang=worst).groupby(keys, sort=False, observed=True)
    first = groups.head(1).set_index(keys)
    found = groups.agg(_somme=("valeur", "sum"), _nombre=("territoire", "nunique"), _rang=("_rang", "min"))
    first = first.join(found.rename(columns={"_rang": "_rang_pire"})).reset_index()
    first = first[first["_nombre"] == len(terms)]
    statut = first["_rang_pire"].map(lambda rank: _STATUTS[int(rank)])
    is_known = statut.isin(("connu", "provisoire"))
    first = first.assign(
        territoire=code,
        statut=statut,
        valeur=first["_somme"].where(is_known),
        ligne=0,
        colonne=0,
        origine=f"somme de {len(terms)} territoires",
    )
    return first[list(facts.columns)]


def views_of(catalogue: Catalogue) -> list[Territoire]:
    """The quartiers which share the communes of the contract's territory, then the whole of them, shown or not."""
    own = catalogue.territoire
    each = [item for item in catalogue.territoires if item.code_commune == own.code_commune and item.id != ENSEMBLE_ID]
    return [*each, whole_of(each)] if len(each) > 1 else [own]


def find_common_masks(
    facts: pd.DataFrame, catalogue: Catalogue, history: pd.DataFrame | None = None, least: Masks | None = None
) -> Masks:
    """The masks of a contract's territory and of those it shares its communes with.

    They are searched from each point of view in turn, each hiding at least what the others hide, until none adds any.
    """
    views = views_of(catalogue)
    if len(views) == 1:
        past = history if history is None else facts_of(history, views[0], catalogue)
        return find_masks(facts_of(facts, views[0], catalogue), catalogue, past, least=least)
    zonings = _common_zonings(facts, views, catalogue)
    facts, history = (
        _in_zonings(facts, zonings, catalogue),
        history if history is None else _in_zonings(history, zonings, catalogue),
    )
    masks, former = least, None
    while masks is None or former is None or masks.levels != former.levels:
        former = masks
        for view in reversed(views):  # the whole of them first: its groups of categories serve them all
            seen = facts_of(facts, view, catalogue)
            past = history if history is None else facts_of(history, view, catalogue)
            found = find_masks(seen, replace(catalogue, territoire=view), past, least=masks and _known_to(masks, seen))
            masks = _merge(masks, found) if masks else found
    hidden = {
        day: keys | {(cle, other) for cle, place in keys if place in (QPV, RESTE) for other in (QPV, RESTE)}
        for day, keys in masks.hidden.items()
    }
    return replace(masks, hidden=hidden, zonings=zonings)


def _common_zonings(facts: pd.DataFrame, views: Sequence[Territoire], catalogue: Catalogue) -> dict[tuple[str, date], str]:
    """The one zoning shown of all the quartiers: another one of a neighbour would give a difference."""
    is_open = facts["source"].map(lambda name: not catalogue.statistiques[name].protegee)
    chosen: dict[tuple[str, date], str] = {}
    for view in views[:-1]:
        for (source, day), zonage in zonings_in_force(facts[is_open], view).items():
            held = chosen.get((source, day), zonage)
            chosen[source, day] = max(held, zonage, key=lambda name: (_rank(views, day, name), name))
    return chosen


def _rank(views: Sequence[Territoire], day: date, zonage: str) -> tuple:
    return max(zoning_rank(view, day, zonage) for view in views)


def _in_zonings(facts: pd.DataFrame, zonings: dict[tuple[str, date], str], catalogue: Catalogue) -> pd.DataFrame:
    """Without what the quartiers say in a zoning which is not shown."""
    own = catalogue.territoire
    days = pd.to_datetime(facts["date_reference"]).dt.date
    is_kept = [
        code in own.communes or zonings.get((source, day), zonage) == zonage
        for code, source, day, zonage in zip(facts["territoire"], facts["source"], days, facts["zonage"], strict=True)
    ]
    is_place = facts["territoire"].isin(own.codes_lus)
    return facts[pd.Series(is_kept, index=facts.index, dtype=bool) | ~is_place]


def _known_to(masks: Masks, seen: pd.DataFrame) -> Masks:
    """The same masks, of the keys given from one point of view only."""
    seen = apply_groupings(seen, masks.groupings)
    days = pd.to_datetime(seen["date_reference"]).dt.date
    given = {
        (day, Cle(*parts)) for day, *parts in zip(days, seen["mesure"], seen["sexe"], seen["age"], seen["detail"], strict=True)
    }
    levels = {day: {cle: level for cle, level in found.items() if (day, cle) in given} for day, found in masks.levels.items()}
    return replace(masks, levels=levels)


def _merge(before: Masks, after: Masks) -> Masks:
    days = before.hidden.keys() | after.hidden.keys()
    levels = {}
    for day in before.levels.keys() | after.levels.keys():
        one, other = before.levels.get(day, {}), after.levels.get(day, {})
        levels[day] = {cle: max(one.get(cle, 0), other.get(cle, 0)) for cle in one.keys() | other.keys()}
    hidden = {day: before.hidden.get(day, frozenset()) | after.hidden.get(day, frozenset()) for day in days}
    return replace(after, hidden=hidden, levels=levels)
