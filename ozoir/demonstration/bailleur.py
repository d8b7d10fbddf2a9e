"""The landlord's two files: one row per dwelling with the marks real ones have, and the summary by résidence."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from ozoir.catalogue.model import Territoire
from ozoir.demonstration.files import SUFFIX, titles, write_xlsx
from ozoir.demonstration.people import QUARTIER
from ozoir.demonstration.stock import Year

DWELLING_HEADER = ["IDENT_INT", "RESIDENCE", "DEPCOM", "QPV", "TYPECONST", "NBPIECE", "SURFHAB", "CONSTRUCT", "FINAN"]
DWELLING_HEADER += ["CONV", "MODE", "BAIL", "DATE_DEP_DERLOCAT", "LOYERPRINC", "LOYERACC", "NB_OCCUPANTS"]
DWELLING_HEADER += ["IMPAYES_MONTANT", "IMPAYES_MOIS", "DPEDATE", "DPEENERGIE", "PMR"]
RESIDENCE_HEADER = ["Résidence", "QPV", "Logements", "Logements loués ou proposés", "Logements occupés", "Logements vacants"]
RESIDENCE_HEADER += [
    "Vacants depuis plus de trois mois",
    "Emménagements",
    "Départs",
    "Demandes de mutation",
    "Ménages en impayé",
]
RESIDENCE_HEADER += [
    "Ménages en impayé de plus de trois mois",
    "Montant des impayés (€)",
    "Logements accessibles",
    "Logements rénovés",
]


def write_dwellings(folder: Path, territoire: Territoire, years: list[Year]) -> list[Path]:
    """One workbook per year, one row per dwelling."""
    paths = []
    for year in years:
        path = folder / f"bailleur_logements_{year.year}-12-31{SUFFIX}.xlsx"
        title = f"État du parc logement par logement, situation au 31/12/{year.year}"
        write_xlsx(path, {"Logements": [*titles(title), DWELLING_HEADER, *_dwelling_rows(year, territoire)]})
        paths.append(path)
    return paths


def _dwelling_rows(year: Year, territoire: Territoire) -> list[list]:
    rows = []
    for rank, home in enumerate(year.dwellings.to_dict("records")):
        is_let = home["mode"] == "1"
        # one dwelling in ninety lacks a value, written in one of the landlords' ways
        is_unknown = (rank * 7 + year.year) % 90 == 0
        rents = "9999" if is_unknown else f"{home['loyer']:.4e}" if rank % 50 == 0 else home["loyer"]
        rows.append(
            [
                home["identifiant"],
                home["residence"],
                territoire.code_commune,
                1 if home["population"] == QUARTIER else 2,
                "C",
                home["pieces"],
                home["surface"],
                home["construit"],
                "HLM/O" if home["construit"] < 1977 else "PLUS",
                1,
                home["mode"],
                _month(home["bail"]) if is_let else "",
                _day(home["depart"]) if rank % 2 else _month(home["depart"]),
                rents if is_let else "",
                "999",
                ("NC" if rank % 2 else 999) if is_unknown and is_let else _blank(home["occupants"]),
                _blank(home["impayes"]),
                _blank(home["mois_impayes"]),
                "01/1900" if is_unknown else f"06/{max(2013, home['renove'])}",
                "NA" if is_unknown else home["dpe"],
                1 if home["pmr"] else 2,
            ]
        )
    return rows


def _blank(number: float) -> float | str:
    return "" if np.isnan(number) else number


def _day(day: pd.Timestamp) -> str:
    return "" if pd.isna(day) else day.strftime("%d/%m/%Y")


def _month(day: pd.Timestamp) -> str:
    return "" if pd.isna(day) else day.strftime("%m/%Y")


def write_residences(folder: Path, territoire: Territoire, years: list[Year]) -> list[Path]:
    """One workbook per year, one row per résidence and two totals."""
    paths = []
    for year in years:
        path = folder / f"bailleur_residences_{year.year}-12-31{SUFFIX}.xlsx"
        title = f"Bilan par résidence. Commune\u00a0: {territoire.nom_commune}. Situation au 31/12/{year.year}"
        notes = [[], ["La ligne « Total commune » porte sur tout le parc du bailleur dans la commune."]]
        write_xlsx(path, {"Résidences": [*titles(title), RESIDENCE_HEADER, *summarise_residences(year), *notes]})
        paths.append(path)
    return paths


def summarise_residences(year: Year) -> list[list]:
    """A row per résidence, then « Total QPV » and « Total commune »."""
    stock = year.dwellings
    is_quartier = stock["population"] == QUARTIER
    rows = []
    for name, homes in stock.groupby("residence", sort=False):
        flag = "oui" if (homes["population"] == QUARTIER).all() else "non"
        rows.append([name, flag, *_summary(homes, year.year)])
    rows.append(["Total QPV", "oui", *_summary(stock[is_quartier], year.year)])
    rows.append(["Total commune", "", *_summary(stock, year.year)])
    return rows


def _summary(homes: pd.DataFrame, year: int) -> list[float]:
    start, three_months_ago = np.datetime64(f"{year}-01-01"), np.datetime64(f"{year}-09-30")
    is_let, is_vacant = homes["mode"] == "1", homes["mode"] == "2"
    # leases are known by their month in the file of dwellings
    is_recent = homes["bail"].to_numpy().astype("datetime64[M]") >= start.astype("datetime64[M]")
    has_left = homes["depart"].to_numpy() >= start
    return [
        len(homes),
        int((is_let | is_vacant).sum()),
        int(homes["mode"].isin(["1", "4", "5"]).sum()),
        int(is_vacant.sum()),
        int((is_vacant & (homes["depart"].to_numpy() < three_months_ago)).sum()),
        int((is_let & is_recent).sum()),
        int(has_left.sum()),
        round(0.09 * len(homes)) + year % 5,
        int((homes["impayes"] > 0).sum()),
        int((homes["mois_impayes"] > 3).sum()),
        round(float(homes["impayes"].sum()), 2),
        int(homes["pmr"].sum()),
        int((homes["renove"] == year).sum()),
    ]
