"""All the priority quartiers at once: one measure, or one rate, ranked within each area, in one query."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from ozoir.catalogue.model import Cle
from ozoir.store.base import Store
from ozoir.store.schema import CURRENT

# Sums of QPV are written with the zoning of what they sum: they are not quartiers.
_SINGLE = "territoire NOT LIKE 'QPV-%'"
_KEY = "(source = ? AND mesure = ? AND sexe = ? AND age = ? AND detail = ?)"
_KNOWN = "statut IN ('connu', 'provisoire')"


@dataclass(frozen=True)
class Rangement:
    """What is ranked: a key of one source, over another key for a rate (in %), in one zoning.

    is_last_known: the denominator is the latest known at the numerator's date, else that of the same date.
    """

    zonage: str
    source: str
    cle: Cle
    cle_denominateur: Cle | None = None
    source_denominateur: str = ""
    is_last_known: bool = False


def quartier_codes(store: Store, zonage: str) -> list[str]:
    """The codes of the quartiers of one zoning, in order."""
    rows = store.cursor().execute(
        "SELECT code FROM territoires WHERE zonage = ? AND code NOT LIKE 'QPV-%' ORDER BY code", [zonage]
    )
    return [code for (code,) in rows.fetchall()]


def rank_quartiers(store: Store, asked: Rangement, areas: Mapping[str, Sequence[str]], own: str) -> pd.DataFrame:
    """The rank of `own` in each area at each date, and every quartier at its latest known date.

    Columns: aire, date_reference, territoire, valeur (None: not published), numerateur, denominateur, statut, rang (from
    the highest; ties share the best), ex_aequo (with it, itself included), publies, non_diffuses, inferieurs, mediane.
    """
    pairs = [(area, code) for area, codes in areas.items() for code in codes]
    values, parameters = _values(asked, store.contrat)
    query = f"""
        WITH {values},
        membres AS (SELECT unnest(?::VARCHAR[]) AS aire, unnest(?::VARCHAR[]) AS territoire),
        ranges AS (
            SELECT aire, valeurs.*,
                   rank() OVER (aires ORDER BY valeur DESC NULLS LAST) AS rang,
                   count(*) OVER (PARTITION BY aire, date_reference, valeur) AS ex_aequo,
                   count(valeur) OVER aires AS publies,
                   count(*) OVER aires AS presents,
                   median(valeur) OVER aires AS mediane,
                   max(date_reference) FILTER (territoire = ? AND valeur IS NOT NULL) OVER (PARTITION BY aire) AS derniere
            FROM membres JOIN valeurs USING (territoire)
            WINDOW aires AS (PARTITION BY aire, date_reference)
        )
        SELECT aire, date_reference, territoire, valeur, numerateur, denominateur, statut, rang, ex_aequo, publies,
               presents - publies AS non_diffuses, publies - rang - ex_aequo + 1 AS inferieurs, mediane
        FROM ranges WHERE territoire = ? OR date_reference = derniere ORDER BY aire, date_reference, valeur, territoire
    """
    names, codes = [area for area, _ in pairs], [code for _, code in pairs]
    return store.cursor().execute(query, [*parameters, names, codes, own, own]).df()


def _values(asked: Rangement, contrat: str) -> tuple[str, list[str]]:
    """The common tables down to `valeurs` (territory, date, value), and their parameters. The facts are read once."""
    keys = [(asked.source, asked.cle)]
    if asked.cle_denominateur is not None:
        keys.append((asked.source_denominateur or asked.source, asked.cle_denominateur))
    # The conditions bear on columns of the facts' key, so that DuckDB filters before it ranks editions.
    tables = f"""
        lus AS MATERIALIZED (
            SELECT source, mesure, sexe, age, detail, territoire, date_reference, statut,
                   CASE WHEN {_KNOWN} AND NOT isnan(valeur) THEN valeur END AS valeur
            FROM {CURRENT} WHERE zonage = ? AND {_SINGLE} AND ({" OR ".join([_KEY] * len(keys))})
        ),
        n AS (SELECT territoire, date_reference, valeur, statut FROM lus WHERE {_KEY})"""
    parameters = [contrat, asked.zonage, *(text for key in keys for text in _texts(*key)), *_texts(*keys[0])]
    if asked.cle_denominateur is None:
        plain = "SELECT territoire, date_reference, valeur, NULL AS numerateur, NULL AS denominateur, statut FROM n"
        return f"{tables}, valeurs AS ({plain})", parameters
    known = "AND valeur IS NOT NULL" if asked.is_last_known else ""
    join, same = ("ASOF LEFT JOIN", ">=") if asked.is_last_known else ("LEFT JOIN", "=")
    tables += f""",
        d AS (SELECT territoire, date_reference, valeur FROM lus WHERE {_KEY} {known}),
        valeurs AS (
            SELECT n.territoire, n.date_reference, CASE WHEN d.valeur > 0 THEN 100 * n.valeur / d.valeur END AS valeur,
                   n.valeur AS numerateur, d.valeur AS denominateur, n.statut
            FROM n {join} d ON n.territoire = d.territoire AND n.date_reference {same} d.date_reference
        )"""
    return tables, [*parameters, *_texts(*keys[1])]


def _texts(source: str, cle: Cle) -> tuple[str, ...]:
    """The parameters of `_KEY`."""
    return source, cle.mesure, cle.sexe, cle.age, cle.detail


def describe_quartiers(store: Store, zonage: str, keys: Sequence[tuple[str, Cle]]) -> pd.DataFrame:
    """Published values of several (source, key) for every quartier: rang (of the key), territoire, date_reference, valeur."""
    tables = [
        f"SELECT {number} AS rang, territoire, date_reference, valeur FROM {CURRENT} "
        f"WHERE zonage = ? AND {_KEY} AND {_SINGLE} AND {_KNOWN} AND NOT isnan(valeur)"
        for number in range(len(keys))
    ]
    parameters = [text for source, cle in keys for text in (store.contrat, zonage, *_texts(source, cle))]
    return store.cursor().execute(" UNION ALL ".join(tables), parameters).df()


def quartier_names(store: Store, zonage: str) -> dict[str, tuple[str, str]]:
    """Code → (name, commune), as the producers write them."""
    rows = store.cursor().execute("SELECT code, libelle, commune FROM territoires WHERE zonage = ?", [zonage]).fetchall()
    return {code: (libelle, commune) for code, libelle, commune in rows}


def ranked_keys(store: Store, zonage: str, fewest: int) -> set[tuple[str, Cle]]:
    """Every (source, key) that at least `fewest` quartiers of a zoning publish."""
    rows = store.cursor().execute(
        "SELECT source, mesure, sexe, age, detail FROM faits "
        "WHERE import_id IN (SELECT id FROM imports WHERE imports.statut = 'charge' AND imports.contrat IN ('', ?)) "
        f"AND zonage = ? AND {_SINGLE} AND {_KNOWN} GROUP BY ALL HAVING approx_count_distinct(territoire) >= ?",
        [store.contrat, zonage, fewest],
    )
    return {(source, Cle(*parts)) for source, *parts in rows.fetchall()}
