"""The yearly table of the Mission Locale, as .csv: sex × age × level of training, with their totals."""

from __future__ import annotations

from itertools import product
from pathlib import Path

from ozoir.catalogue.model import Territoire
from ozoir.demonstration.files import SUFFIX, WARNING, write_csv
from ozoir.demonstration.people import QUARTIER, YEARS, Crowd, Pool, Quarter, everyone

TOTAL = "Total"
SEXES = (TOTAL, "Femmes", "Hommes")
AGES = (TOTAL, "16-17 ans", "18-21 ans", "22-25 ans")
LEVELS = (TOTAL, "Sans qualification", "CAP-BEP", "Baccalauréat", "Supérieur au baccalauréat")
# Scheme → chance to enter it in the year, first and last year of the scheme.
SCHEMES = {
    "PACEA": (0.42, 2015, 2099),
    "Garantie jeunes": (0.11, 2017, 2021),
    "CEJ": (0.14, 2022, 2099),
    "Emplois d’avenir": (0.06, 2015, 2017),
    "CUI": (0.03, 2015, 2099),
    "Contrats Starter": (0.02, 2015, 2017),
    "Service civique": (0.04, 2015, 2099),
    "Deuxième chance": (0.05, 2015, 2099),
    "Parrainages": (0.07, 2015, 2099),
    "Entrées en emploi": (0.31, 2015, 2099),
    "Entrées en alternance": (0.06, 2015, 2099),
    "Entrées en formation": (0.17, 2015, 2099),
    "Retours en scolarité": (0.03, 2015, 2099),
    "Décrocheurs suivis": (0.12, 2015, 2099),
}
LAST_YEAR_OF_CIVIS = 2016


def write_years(folder: Path, territoire: Territoire, pool: Pool) -> list[Path]:
    """One file per year; until 2016 the main scheme was CIVIS."""
    paths = []
    for year in YEARS:
        schemes = ["CIVIS" if name == "PACEA" and year <= LAST_YEAR_OF_CIVIS else name for name in SCHEMES]
        header = [
            "Année",
            "Code territoire",
            "Territoire",
            "Sexe",
            "Tranche d’âge",
            "Niveau de formation",
            "Premiers accueils",
            "Jeunes suivis",
            *schemes,
        ]
        youths = pool.at(Quarter(year, 4))
        path = folder / f"mission_locale_{year}{SUFFIX}.csv"
        places = {
            QUARTIER: [year, territoire.zonages[0].code, f"QPV {territoire.nom_quartier}"],
            "commune": [year, territoire.code_commune, territoire.nom_commune],
        }
        rows = [
            [*place, *cells]
            for population, place in places.items()
            for cells in count_youths(Crowd(everyone(youths, population)), year)
        ]
        write_csv(path, [[WARNING], header, *rows])
        paths.append(path)
    return paths


def count_youths(youths: Crowd, year: int) -> list[list]:
    """[sex, age, level, first contacts, followed, one count per scheme], totals included; /// outside a scheme's years."""
    has_entered = [
        youths.columns[f"chance_{rank}"].astype(float) < chance for rank, (chance, _, _) in enumerate(SCHEMES.values())
    ]
    rows = []
    for labels in product(SEXES, AGES, LEVELS):
        wanted = {
            name: None if label == TOTAL else label for name, label in zip(("sexe", "age", "niveau"), labels, strict=True)
        }
        chosen = youths.which(**wanted)
        entries = [
            int((chosen & entered).sum()) if first <= year <= last else "///"
            for entered, (_, first, last) in zip(has_entered, SCHEMES.values(), strict=True)
        ]
        rows.append([*labels, youths.count(nouveau=True, **wanted), int(chosen.sum()), *entries])
    return rows
