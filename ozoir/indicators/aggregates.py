"""The quartier's context: the same measures summed over all the QPV of a département, a région, the country.

Only published values are summed, with how many QPV published and how many did not. A rate over all QPV needs a
numerator and a denominator of the same QPV: each is also summed over those that published the other (`paired_key`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import lru_cache

import pandas as pd

from ozoir.catalogue.loading import Catalogue
from ozoir.catalogue.model import CHAMP, Cle, Indicateur
from ozoir.ingestion.delivery import FACT_COLUMNS
from ozoir.store.base import Store
from ozoir.store.facts import current_facts, measure_facts

_KNOWN = ("connu", "provisoire")
_KEY = ["source", "mesure", "sexe", "age", "detail", "date_reference"]


def paired_key(cle: Cle, other: Cle, day: date, other_day: date) -> Cle:
    """The key of a sum restricted to the QPV that published `other`; its date is said when it is not the same."""
    return _paired(cle, other, "" if other_day == day else f", date={other_day.isoformat()}")


@lru_cache(maxsize=10_000)  # asked for at each date of each series
def _paired(cle: Cle, other: Cle, when: str) -> Cle:
    return cle.with_modality(CHAMP, str(other).replace(";", ",") + when)


def published_series(store: Store, catalogue: Catalogue) -> pd.DataFrame:
    """What ships with the project: published facts of the contract's territories, and the sums over all QPV."""
    territoire = catalogue.territoire
    own = current_facts(store, territoire.codes_lus)
    tables = [own[own["source"].map(lambda name: catalogue.statistiques[name].protegee).eq(True)]]
    for zonage in territoire.zonages:
        facts = {
            name: measure_facts(store, name, zonage.id)
            for name, mesure in catalogue.mesures.items()
            if mesure.nature == "effectif"
        }
        facts = {name: published_only(table, catalogue) for name, table in facts.items()}
        tables += [sum_over_qpv(table, catalogue) for table in facts.values()]
        tables += [sum_pairs(facts, indicateur, catalogue) for indicateur in catalogue.indicateurs.values()]
    tables = [table for table in tables if len(table)]
    return pd.concat(tables, ignore_index=True).drop_duplicates([*_KEY, "territoire", "zonage"], ignore_index=True)


def published_only(facts: pd.DataFrame, catalogue: Catalogue) -> pd.DataFrame:
    """Facts of single QPV from sources that protect themselves."""
    is_published = facts["source"].map(lambda name: catalogue.statistiques[name].protegee).eq(True)
    return facts[is_published & ~facts["territoire"].str.startswith("QPV-")]


def departement_of(qpv: str) -> str:
    """« QP093010 » → 93, « QP02A001 » → 2A, « QP971001 » → 971."""
    return qpv[3:5] if qpv[2] == "0" else qpv[2:5]


def areas_of(catalogue: Catalogue, codes: Iterable[str]) -> dict[str, list[str]]:
    """Comparator (a département’s QPV, a region’s, France’s) → the QPV it sums."""
    found = {}
    for area in catalogue.territoire.comparateurs:
        place = area.removeprefix("QPV-")
        region = catalogue.regions.get(place)
        departements = region.departements if region else (place,)
        found[area] = [code for code in codes if place == "FR" or departement_of(code) in departements]
    return found


def sum_over_qpv(facts: pd.DataFrame, catalogue: Catalogue) -> pd.DataFrame:
    """One fact per key and area; QPV whose value is withheld are counted, never estimated."""
    if facts.empty:
        return facts
    areas = areas_of(catalogue, facts["territoire"].unique())
    return pd.DataFrame([row for area, codes in areas.items() for row in _sum_keys(facts, area, codes)])


def _sum_keys(facts: pd.DataFrame, area: str, codes: list[str]) -> Iterator[dict]:
    for _, rows in facts[facts["territoire"].isin(codes)].groupby(_KEY, sort=True):
        yield _sum_row(rows, rows["statut"].isin(_KNOWN), area)


def _sum_row(rows: pd.DataFrame, is_summed: pd.Series, area: str, cle: Cle | None = None) -> dict:
    """A fact like those it sums, for the area; `cle` when it is a paired key."""
    published = int(is_summed.sum())
    withheld = int((rows["statut"] == "non_diffuse").sum())
    latest = rows.loc[rows["edition"].idxmax()] if rows["edition"].nunique() > 1 else rows.iloc[0]
    row = {name: latest[name] for name in (*FACT_COLUMNS, "fichier")}
    if cle is not None:
        row |= {"sexe": cle.sexe, "age": cle.age, "detail": cle.detail}
    return row | {
        "territoire": area,
        "valeur": float(rows["valeur"][is_summed].sum()) if published else float("nan"),
        "statut": "connu" if published else "non_diffuse",
        "feuille": "",
        "ligne": 0,
        "colonne": 0,
        "qpv_publies": published,
        "qpv_non_diffuses": withheld if cle is None else len(rows) - published,
    }


def sum_pairs(facts: Mapping[str, pd.DataFrame], indicateur: Indicateur, catalogue: Catalogue) -> pd.DataFrame:
    """Numerators and denominators of a rate, over the QPV that published both, for the total and each modality."""
    if indicateur.cle_denominateur is None:
        return pd.DataFrame()
    rows = [
        row
        for n_key, d_key in _pair_keys(facts, indicateur, catalogue)
        for source in indicateur.sources
        for row in _sum_pair(facts, indicateur, source, n_key, d_key, catalogue)
    ]
    return pd.DataFrame(rows)


def _pair_keys(facts: Mapping[str, pd.DataFrame], indicateur: Indicateur, catalogue: Catalogue) -> list[tuple[Cle, Cle]]:
    """(N, D) as `computation` asks for them: D is broken down like N where it can be."""
    n_key, d_key = indicateur.cle_numerateur, indicateur.cle_denominateur
    found = [(n_key, d_key)]
    for dimension in dict.fromkeys((*indicateur.decoupages, "sexe", "age")):
        if dimension in n_key.breakdown:
            continue
        for modality in catalogue.dimensions[dimension].modalites:
            broken_down = n_key.with_modality(dimension, modality)
            if len(_select(facts, broken_down)):
                d_broken_down = d_key.with_modality(dimension, modality)
                found.append((broken_down, d_broken_down if len(_select(facts, d_broken_down)) else d_key))
    return found


def _select(facts: Mapping[str, pd.DataFrame], cle: Cle) -> pd.DataFrame:
    table = facts.get(cle.mesure)
    if table is None or table.empty:
        return pd.DataFrame()
    return table[(table["sexe"] == cle.sexe) & (table["age"] == cle.age) & (table["detail"] == cle.detail)]


def _sum_pair(facts, indicateur: Indicateur, source: str, n_key: Cle, d_key: Cle, catalogue: Catalogue) -> Iterator[dict]:
    numerators, denominators = _select(facts, n_key), _select(facts, d_key)
    if numerators.empty or denominators.empty:
        return
    numerators = numerators[numerators["source"] == source]
    denominators = denominators[denominators["source"] == (indicateur.source_denominateur or source)]
    areas = areas_of(catalogue, numerators["territoire"].unique())
    for day, n_rows in numerators.groupby("date_reference"):
        d_day = _denominator_day(indicateur, denominators, day)
        d_rows = denominators[denominators["date_reference"] == d_day] if d_day is not None else denominators[:0]
        if d_rows.empty:
            continue
        days = pd.Timestamp(day).date(), pd.Timestamp(d_day).date()
        for area, codes in areas.items():
            n_area, d_area = (rows[rows["territoire"].isin(codes)] for rows in (n_rows, d_rows))
            known = _known_codes(n_area) & _known_codes(d_area)
            if known:
                yield _sum_row(n_area, n_area["territoire"].isin(known), area, paired_key(n_key, d_key, *days))
                yield _sum_row(d_area, d_area["territoire"].isin(known), area, paired_key(d_key, n_key, *reversed(days)))


def _denominator_day(indicateur: Indicateur, denominators: pd.DataFrame, day):
    if not indicateur.denominateur_dernier_connu:
        return day
    earlier = denominators["date_reference"][denominators["date_reference"] <= day]
    return earlier.max() if len(earlier) else None


def _known_codes(rows: pd.DataFrame) -> set[str]:
    return set(rows["territoire"][rows["statut"].isin(_KNOWN)])
