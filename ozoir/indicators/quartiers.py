"""« Parmi les quartiers »: where the contract's quartier stands among the others, from published values only.

A quartier whose producer withholds its value is counted and named as such, never placed. The contract's own quartier
is placed only where its figure may be shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from ozoir.catalogue.comparables import Comparables
from ozoir.catalogue.loading import Catalogue
from ozoir.catalogue.model import Indicateur, Zonage
from ozoir.indicators.aggregates import areas_of
from ozoir.indicators.formulas import rate_margin
from ozoir.indicators.masking import Masks
from ozoir.indicators.periods import period_label, period_phrase
from ozoir.indicators.publication import Publication
from ozoir.indicators.relations import QPV
from ozoir.indicators.results import MASQUE, Figure
from ozoir.indicators.terms import RAISONS
from ozoir.indicators.voisinage import Voisinage, find_neighbours
from ozoir.indicators.wording import indicator_phrase, is_for_a_hundred, lower_first, number, upper_first, value
from ozoir.numbers import NARROW, NBSP, format_number, plural
from ozoir.store.base import Store
from ozoir.store.quartiers import (
    Rangement,
    quartier_codes,
    quartier_names,
    rank_quartiers,
    ranked_keys,
)

FEWEST = 30  # quartiers that publish a key, under which a rank says nothing
SMALL_BASE = 100
VOISINS = "voisins"
COUNTS = "Un effectif dépend d’abord de la taille du quartier\u00a0: il n’est pas classé."
NO_VALUE = "Le producteur ne diffuse pas la valeur du quartier\u00a0: il n’est pas placé parmi les autres."


@dataclass(frozen=True)
class Quartier:
    """One quartier of the country and its published value."""

    code: str
    nom: str
    commune: str
    valeur: float


@dataclass(frozen=True)
class Position:
    """The rank in one area, from the highest value; ties share the best rank, `ex_aequo` counts them, itself included.

    rang_haut, rang_bas: best and worst rank within the margin of the quartier's own rate, when it has one.
    """

    aire: str
    libelle: str
    rang: int
    ex_aequo: int
    publies: int
    non_diffuses: int
    inferieurs: int
    mediane: float
    rang_haut: int | None = None
    rang_bas: int | None = None

    @property
    def part_inferieurs(self) -> float:
        """Of the other quartiers that publish, the share (%) with a lower value."""
        return 100 * self.inferieurs / (self.publies - 1) if self.publies > 1 else 0.0


@dataclass(frozen=True)
class Etape:
    """The positions at one date."""

    date_reference: date
    periode: str
    figure: Figure
    positions: tuple[Position, ...]


@dataclass(frozen=True)
class Classement:
    """One indicator among the quartiers: dates in order, then every other quartier at the latest; or `raison`."""

    indicateur: Indicateur
    source: str = ""
    zonage: str = ""
    etapes: tuple[Etape, ...] = ()
    autres: Mapping[str, tuple[Quartier, ...]] | None = None
    lecture: str = ""
    raison: str = ""

    @property
    def derniere(self) -> Etape | None:
        return self.etapes[-1] if self.etapes else None


@dataclass(frozen=True)
class Terrain:
    """What is the same whatever the indicator: the zoning, its quartiers, its areas, the neighbours."""

    zonage: Zonage
    noms: Mapping[str, tuple[str, str]]
    aires: Mapping[str, Sequence[str]]
    libelles: Mapping[str, str]
    voisinage: Voisinage
    cles: frozenset


def survey(store: Store, catalogue: Catalogue, comparables: Comparables) -> Terrain | None:
    """The latest zoning of which the national files are loaded, or None."""
    territoire = catalogue.territoire
    for zonage in sorted(territoire.zonages, key=lambda item: item.debut, reverse=True):
        codes = quartier_codes(store, zonage.id)
        keys = ranked_keys(store, zonage.id, FEWEST) if len(codes) >= FEWEST else set()
        if not keys:
            continue
        names = quartier_names(store, zonage.id)
        voisinage = find_neighbours(store, zonage, comparables, names, catalogue)
        areas = {area: members for area, members in reversed(areas_of(catalogue, codes).items()) if len(members) > 1}
        labels = {area: territoire.comparateurs[area].removeprefix("Ensemble des ") for area in areas}
        if voisinage.voisins:
            areas[VOISINS] = [zonage.code, *(voisin.code for voisin in voisinage.voisins)]
            labels[VOISINS] = "quartiers comparables"
        return Terrain(zonage, names, areas, labels, voisinage, frozenset(keys))
    return None


def rankable(terrain: Terrain, catalogue: Catalogue) -> list[Indicateur]:
    """The rates and published values that enough quartiers publish, in the catalogue's order."""
    found = [item for item in catalogue.indicateurs.values() if _sources(item, terrain, catalogue)]
    return sorted(found, key=lambda item: (not item.principal, item.ordre, item.titre))


def _sources(indicateur: Indicateur, terrain: Terrain, catalogue: Catalogue) -> list[str]:
    """Those of producers that protect their own figures: a local extract knows no other quartier."""
    if indicateur.nature == "effectif":
        return []
    return [
        name
        for name in indicateur.sources
        if catalogue.statistiques[name].protegee
        and catalogue.statistiques[indicateur.source_denominateur or name].protegee
        and (name, indicateur.cle_numerateur) in terrain.cles
        and (
            not indicateur.denominateur or (indicateur.source_denominateur or name, indicateur.cle_denominateur) in terrain.cles
        )
    ]


def locate(store: Store, publication: Publication, terrain: Terrain, identifiant: str) -> Classement:
    """The positions of one indicator at every date since the first edition."""
    catalogue = publication.catalogue
    indicateur = catalogue.indicateurs[identifiant]
    if indicateur.nature == "effectif":
        return Classement(indicateur, raison=COUNTS)
    raison = NO_VALUE
    for source in _sources(indicateur, terrain, catalogue):
        asked = Rangement(
            zonage=terrain.zonage.id,
            source=source,
            cle=indicateur.cle_numerateur,
            cle_denominateur=indicateur.cle_denominateur,
            source_denominateur=indicateur.source_denominateur,
            is_last_known=indicateur.denominateur_dernier_connu,
        )
        rows = rank_quartiers(store, asked, terrain.aires, terrain.zonage.code)
        rows["jour"] = pd.to_datetime(rows["date_reference"]).dt.date
        # A date at which nobody else is published has no rank: « 1er sur 1 » would read as a place.
        own = rows[(rows["territoire"] == terrain.zonage.code) & rows["valeur"].notna() & (rows["publies"] > 1)]
        if own.empty:
            continue
        latest = own["jour"].max()
        shown = own[[not hides_own(publication.masks, asked, day) for day in own["jour"]]]
        if latest not in set(shown["jour"]):
            raison = RAISONS[MASQUE]
            continue
        return _classify(catalogue, terrain, indicateur, asked, rows, shown)
    return Classement(indicateur, raison=raison)


def hides_own(masks: Masks, asked: Rangement, day: date) -> bool:
    """Whether our own masks withhold the quartier's figure at that date."""
    keys = [(asked.source, asked.cle)]
    if asked.cle_denominateur:
        keys.append((asked.source_denominateur or asked.source, asked.cle_denominateur))
    return any(
        masks.hides(source, day, cle, QPV) or masks.hides_other_zoning(source, day, asked.zonage) for source, cle in keys
    )


def _classify(
    catalogue: Catalogue, terrain: Terrain, indicateur: Indicateur, asked: Rangement, rows: pd.DataFrame, own: pd.DataFrame
) -> Classement:
    mesure = catalogue.mesures[asked.cle.mesure]
    latest = own["jour"].max()
    now = rows[(rows["jour"] == latest) & rows["valeur"].notna() & (rows["territoire"] != terrain.zonage.code)]
    others = {
        area: tuple(
            Quartier(code, *terrain.noms.get(code, (code, "")), float(valeur))
            for code, valeur in now[now["aire"] == area][["territoire", "valeur"]].itertuples(index=False)
        )
        for area in terrain.aires
    }
    steps = []
    for day, found in own.groupby("jour", sort=True):
        figure = _figure(indicateur, mesure.decimales, found.iloc[0])
        by_area = found.set_index("aire")
        positions = [
            _position(by_area.loc[area], area, terrain.libelles[area], figure, others[area] if day == latest else ())
            for area in terrain.aires
            if area in by_area.index
        ]
        steps.append(Etape(day, period_label(day, mesure.periode), figure, tuple(positions)))
    lecture = write_reading(indicateur, steps[-1], period_phrase(latest, mesure.periode))
    return Classement(indicateur, asked.source, asked.zonage, tuple(steps), others, lecture)


def _figure(indicateur: Indicateur, decimals: int, row: pd.Series) -> Figure:
    statut = str(row["statut"])
    if indicateur.cle_denominateur is None:
        return Figure(float(row["valeur"]), statut, unite=indicateur.unite, decimales=decimals)
    n, d = float(row["numerateur"]), float(row["denominateur"])
    shown = indicateur.decimales if d >= SMALL_BASE else 0
    return Figure(float(row["valeur"]), statut, "", indicateur.unite or "%", shown, n, d, rate_margin(n, d))


def _position(row: pd.Series, area: str, label: str, figure: Figure, others: Sequence[Quartier]) -> Position:
    best = worst = None
    if others and figure.marge is not None:
        values = np.array([quartier.valeur for quartier in others])
        best = 1 + int((values > figure.valeur + figure.marge).sum())
        worst = 1 + int((values > figure.valeur - figure.marge).sum())
    counts = (int(row[name]) for name in ("rang", "ex_aequo", "publies", "non_diffuses", "inferieurs"))
    return Position(area, label, *counts, float(row["mediane"]), best, worst)


def ordinal(rank: int, first: str = "er") -> str:
    """« 1er » (or « 1re »), « 612e », « 1 012e »."""
    return f"{format_number(rank)}{first if rank == 1 else 'e'}"


def write_reading(indicateur: Indicateur, etape: Etape, when: str) -> str:
    """« En 2017, le taux de pauvreté est de 29,2 % dans le quartier : 1 309e valeur sur 1 348 QPV de France… »"""
    if is_for_a_hundred(indicateur):
        text = f"{upper_first(when)}, le quartier compte {number(etape.figure)} {lower_first(indicateur.titre)}"
    else:
        text = f"{upper_first(when)}, {indicator_phrase(indicateur.titre)} est de {value(etape.figure)} dans le quartier"
    if not etape.positions:
        return f"{text}."
    place = etape.positions[0]
    order = "de la plus élevée à la plus faible"
    text += f"{NBSP}: {ordinal(place.rang, 're')} valeur sur {format_number(place.publies)}{NBSP}{place.libelle}, {order}"
    if place.ex_aequo > 1:
        text += f", à égalité avec {plural(place.ex_aequo - 1, 'autre')}"
    text += f"{NARROW}; {format_number(place.part_inferieurs)}{NARROW}% des autres ont une valeur inférieure"
    if place.non_diffuses:
        text += f". La valeur de {plural(place.non_diffuses, 'quartier')} n’est pas diffusée"
    return f"{text}."
