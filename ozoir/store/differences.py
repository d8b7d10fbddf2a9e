"""What a delivery would change, fact by fact: before it is loaded, and between two imports."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from ozoir.ingestion.delivery import FACT_COLUMNS
from ozoir.store.base import Store
from ozoir.store.schema import CURRENT, KEY

NOUVEAU, MODIFIE, INCHANGE, DEPASSE = "nouveau", "modifie", "inchange", "depasse"

# A delivery of an older edition than what is known changes nothing that is shown: it only adds to the history.
_NATURE = f"""
    CASE WHEN ancien_statut IS NULL THEN '{NOUVEAU}'
         WHEN (ancien_statut, ancienne) IS NOT DISTINCT FROM (statut, valeur) THEN '{INCHANGE}'
         WHEN ancienne_edition > edition THEN '{DEPASSE}'
         ELSE '{MODIFIE}' END
"""


def compare_facts(store: Store, faits: pd.DataFrame) -> pd.DataFrame:
    """The delivery's facts with ancienne, ancien_statut, ancienne_edition, ancien_import, ancien_fichier and nature."""
    cursor = store.cursor()
    cursor.register("livraison", faits[list(FACT_COLUMNS)])
    return cursor.execute(
        f"""
        WITH connus AS (
            SELECT {KEY}, valeur AS ancienne, statut AS ancien_statut, edition AS ancienne_edition,
                   import_id AS ancien_import, fichier AS ancien_fichier
            FROM {CURRENT} WHERE source IN (SELECT unnest(?)))
        SELECT *, {_NATURE} AS nature
        FROM (SELECT * REPLACE (CAST(date_reference AS DATE) AS date_reference,
                                CASE WHEN isnan(valeur) THEN NULL ELSE valeur END AS valeur) FROM livraison)
        LEFT JOIN connus USING ({KEY})
        ORDER BY mesure, territoire, date_reference, sexe, age, detail
        """,
        [store.contrat, sorted(set(faits["source"]))],
    ).df()


def known_values(store: Store, sources: Sequence[str], territoires: Sequence[str]) -> pd.DataFrame:
    """Current values with their key, for these sources and territories: what earlier dates a new figure is compared with."""
    return (
        store.cursor()
        .execute(
            f"SELECT {KEY}, valeur FROM {CURRENT} WHERE statut IN ('connu', 'provisoire') "
            "AND source IN (SELECT unnest(?)) AND territoire IN (SELECT unnest(?))",
            [store.contrat, list(sources), list(territoires)],
        )
        .df()
    )


def compare_imports(store: Store, first: int, second: int, territoires: Sequence[str]) -> pd.DataFrame:
    """Facts of two imports side by side for these territories: avant and apres are NULL where an import says nothing."""
    side = f"SELECT {KEY}, valeur, statut FROM faits WHERE import_id = ? AND territoire IN (SELECT unnest(?))"
    return (
        store.cursor()
        .execute(
            f"""
        SELECT {KEY}, avant.valeur AS avant, avant.statut AS statut_avant, apres.valeur AS apres, apres.statut AS statut_apres
        FROM ({side}) AS avant FULL JOIN ({side}) AS apres USING ({KEY})
        WHERE (avant.statut, avant.valeur) IS DISTINCT FROM (apres.statut, apres.valeur)
        ORDER BY {KEY}
        """,
            [first, list(territoires), second, list(territoires)],
        )
        .df()
    )
