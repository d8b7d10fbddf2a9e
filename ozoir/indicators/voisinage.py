"""The quartiers most like the contract's own, on the declared variables (`catalogue/comparables.toml`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ozoir.catalogue.comparables import Comparables, Variable
from ozoir.catalogue.loading import Catalogue
from ozoir.catalogue.model import Zonage
from ozoir.indicators.periods import period_label
from ozoir.store.base import Store
from ozoir.store.quartiers import describe_quartiers


@dataclass(frozen=True)
class Voisin:
    """A comparable quartier: its distance, and its value for each variable, in their order."""

    code: str
    nom: str
    commune: str
    distance: float
    valeurs: tuple[float, ...]


@dataclass(frozen=True)
class Voisinage:
    """The nearest quartiers; `propre` holds the contract's own values; `raison` says why there is none.

    candidats: quartiers with all variables published; ecartes: those that lack one.
    """

    variables: tuple[Variable, ...]
    dates: tuple[str, ...] = ()
    propre: tuple[float, ...] = ()
    voisins: tuple[Voisin, ...] = ()
    candidats: int = 0
    ecartes: int = 0
    raison: str = ""


def find_neighbours(
    store: Store, zonage: Zonage, comparables: Comparables, names: Mapping[str, tuple[str, str]], catalogue: Catalogue
) -> Voisinage:
    """The nearest quartiers on the declared variables, each at the latest date the contract's quartier publishes it."""
    variables = comparables.variables
    facts = describe_quartiers(store, zonage.id, [(item.source, item.cle_de_fait) for item in variables])
    facts["jour"] = pd.to_datetime(facts["date_reference"]).dt.date
    own = facts[facts["territoire"] == zonage.code].groupby("rang")["jour"].max()
    missing = [item.titre for rank, item in enumerate(variables) if rank not in own.index]
    if missing:
        return Voisinage(variables, raison=f"Valeur du quartier inconnue\u00a0: {', '.join(missing)}.")
    kept = facts[facts["jour"] == facts["rang"].map(own)]
    table = kept.pivot_table(index="territoire", columns="rang", values="valeur")
    complete = table.dropna()
    if len(complete) < comparables.minimum or zonage.code not in complete.index:
        return Voisinage(variables, raison="Trop peu de quartiers publient toutes les variables de comparaison.")
    distances = measure_distances(complete, zonage.code, variables)
    nearest = distances.drop(zonage.code).nsmallest(comparables.nombre)
    voisins = tuple(
        Voisin(code, *names.get(code, (code, "")), float(distance), tuple(map(float, complete.loc[code])))
        for code, distance in nearest.items()
    )
    periods = tuple(
        period_label(own[rank], catalogue.mesures[item.cle_de_fait.mesure].periode) for rank, item in enumerate(variables)
    )
    counts = len(complete) - 1, len(names) - len(complete)
    return Voisinage(variables, periods, tuple(map(float, complete.loc[zonage.code])), voisins, *counts)


def measure_distances(table: pd.DataFrame, own: str, variables: Sequence[Variable]) -> pd.Series:
    """√(Σ w·z² / Σ w): each gap in standard deviations of the candidates, of logarithms where declared."""
    scaled = table.copy()
    for rank, item in enumerate(variables):
        if item.logarithme:
            scaled[rank] = np.log(scaled[rank])
    spread = scaled.std(ddof=0).replace(0, np.nan)
    gaps = ((scaled - scaled.loc[own]) / spread).fillna(0.0)
    weights = pd.Series([item.poids for item in variables])
    return np.sqrt((gaps**2 * weights).sum(axis=1) / weights.sum()).sort_values(kind="stable")
