"""The fictitious landlord's stock: dwellings drawn once, then lived in year after year."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ozoir.demonstration.people import QUARTIER, RESTE, YEARS, generator, pick

# Résidence → dwellings, year built, year of renovation (None: not renovated).
RESIDENCES = {
    QUARTIER: {
        "Les Tilleuls": (124, 1974, 2017),
        "Les Charmes": (118, 1974, 2017),
        "Les Érables": (112, 1975, 2018),
        "Les Bouleaux": (107, 1975, 2019),
        "Les Acacias": (112, 1976, 2020),
        "Les Frênes": (103, 1976, None),
    },
    RESTE: {"Le Clos du Moulin": (62, 1989, None), "Le Verger": (58, 2004, None), "La Garenne": (43, 2012, None)},
}
_ROOMS = {QUARTIER: {1: 4, 2: 9, 3: 35, 4: 42, 5: 10}, RESTE: {1: 8, 2: 29, 3: 38, 4: 20, 5: 5}}
_DEPARTURE = {QUARTIER: 0.055, RESTE: 0.085}
_RENT_PER_M2 = {QUARTIER: 4.55, RESTE: 6.4}
_IN_ARREARS = {QUARTIER: 0.14, RESTE: 0.12}


@dataclass(frozen=True)
class Year:
    """The stock on 31 December: `dwellings`, one row each, and the year."""

    year: int
    dwellings: pd.DataFrame


def draw_stock() -> list[Year]:
    """Every year's stock: residence, population, pieces, surface, mode, bail, depart, loyer, occupants, arrears, dpe, pmr."""
    chance = generator(4)
    dwellings = _draw_buildings(chance)
    dwellings["bail"] = _random_days(chance, len(dwellings), 1990, YEARS[0] - 1)
    dwellings["depart"] = np.datetime64("NaT", "D")
    dwellings["mode"] = np.where(chance.random(len(dwellings)) < 0.012, "4", "1")
    dwellings.loc[dwellings.groupby("residence").head(1).index, "mode"] = "5"  # the caretaker's flat
    dwellings["occupants"] = _draw_occupants(chance, dwellings["pieces"].to_numpy(), is_new=False)
    return [_live_a_year(chance, dwellings, year) for year in YEARS]


def _draw_buildings(chance: np.random.Generator) -> pd.DataFrame:
    parts = []
    for population, residences in RESIDENCES.items():
        for name, (count, built, renovated) in residences.items():
            pieces = pick(chance, count, {str(rooms): share for rooms, share in _ROOMS[population].items()}).astype(int)
            surface = np.round(14 + 16.2 * pieces + chance.normal(0, 3, count))
            parts.append(
                pd.DataFrame(
                    {
                        "population": population,
                        "residence": name,
                        "construit": built,
                        "renove": renovated or 0,
                        "pieces": pieces,
                        "surface": surface,
                        "loyer_m2": _RENT_PER_M2[population] * chance.normal(1, 0.04, count),
                        "dpe": pick(chance, count, _energy(built)),
                        "pmr": chance.random(count) < (0.35 if built > 2000 else 0.03),
                    }
                )
            )
    stock = pd.concat(parts, ignore_index=True)
    stock["identifiant"] = [f"L{rank:05d}" for rank in range(1, len(stock) + 1)]
    return stock


def _energy(built: int) -> dict[str, float]:
    if built > 2000:
        return {"B": 30, "C": 60, "D": 10}
    return {"D": 45, "E": 40, "F": 12, "G": 3}


def _draw_occupants(chance: np.random.Generator, pieces: np.ndarray, is_new: bool) -> np.ndarray:
    """Long-standing households have shrunk, new ones fill their dwelling."""
    wanted = pieces + 0.35 if is_new else 0.72 * pieces + 0.25
    return np.maximum(1, np.round(chance.normal(wanted, 1.05))).astype(int)


def _live_a_year(chance: np.random.Generator, dwellings: pd.DataFrame, year: int) -> Year:
    """Departures and new tenants of the year, in place; a copy of the stock as it stands at its end."""
    count = len(dwellings)
    last = np.datetime64(f"{year}-12-31")
    quitting = dwellings["population"].map(_DEPARTURE).to_numpy()
    is_leaving = (dwellings["mode"] == "1").to_numpy() & (chance.random(count) < quitting)
    left = _random_days(chance, count, year, year)
    # the landlord knows one departure in two by its month only
    left[::2] = left[::2].astype("datetime64[M]").astype("datetime64[D]")
    dwellings.loc[is_leaving, "depart"] = left[is_leaving]
    dwellings.loc[is_leaving, "mode"] = "2"
    waiting = np.round(chance.gamma(1.6, 26, count)).astype("timedelta64[D]")
    is_empty = (dwellings["mode"] == "2").to_numpy()
    moved_in = np.maximum(dwellings["depart"].to_numpy(), np.datetime64(f"{year - 1}-12-15")) + waiting
    is_let_again = is_empty & (moved_in <= last)
    dwellings.loc[is_let_again, "mode"] = "1"
    dwellings.loc[is_let_again, "bail"] = moved_in[is_let_again]
    newcomers = _draw_occupants(chance, dwellings["pieces"].to_numpy(), is_new=True)
    dwellings.loc[is_let_again, "occupants"] = newcomers[is_let_again]
    _renovate(chance, dwellings, year)
    return Year(year, _at_the_end(chance, dwellings, year))


def _renovate(chance: np.random.Generator, dwellings: pd.DataFrame, year: int) -> None:
    is_done = (dwellings["renove"] == year).to_numpy()
    dwellings.loc[is_done, "dpe"] = pick(chance, int(is_done.sum()), {"B": 20, "C": 75, "D": 5})


def _at_the_end(chance: np.random.Generator, dwellings: pd.DataFrame, year: int) -> pd.DataFrame:
    """Vacant dwellings of the résidence renovated next are emptied for works; rents and arrears of December."""
    stock = dwellings.copy()
    is_next = (stock["renove"] == year + 1) & (stock["mode"] == "2")
    stock.loc[is_next, "mode"] = "3"
    is_let = (stock["mode"] == "1").to_numpy()
    growth = 1.009 ** (year - YEARS[0])
    stock["loyer"] = np.where(is_let, np.round(stock["loyer_m2"] * stock["surface"] * growth, 2), np.nan)
    months = chance.geometric(0.34, len(stock))
    is_owing = is_let & (chance.random(len(stock)) < stock["population"].map(_IN_ARREARS).to_numpy())
    stock["mois_impayes"] = np.where(is_let, np.where(is_owing, months, 0), np.nan)
    stock["impayes"] = np.round(stock["mois_impayes"] * stock["loyer"], 2)
    stock["occupants"] = np.where(stock["mode"].isin(["1", "4", "5"]), stock["occupants"], np.nan)
    return stock


def _random_days(chance: np.random.Generator, count: int, first: int, last: int) -> np.ndarray:
    start, end = np.datetime64(f"{first}-01-01"), np.datetime64(f"{last}-12-31")
    return start + chance.integers(0, int((end - start).astype(int)) + 1, count).astype("timedelta64[D]")
