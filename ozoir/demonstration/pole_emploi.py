"""The quarterly workbook of Pôle emploi: job seekers crossed, then support and prescriptions."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from pathlib import Path

from ozoir.catalogue.model import Territoire
from ozoir.demonstration.files import SUFFIX, titles, write_xlsx
from ozoir.demonstration.people import QUARTIER, YEARS, Crowd, Pool, Quarter, everyone

TOTAL = "Total"
CATEGORIES = ("A", "B", "C", "D", "E", "AB", "ABC", "ABCDE")  # each is the union of its letters
SEXES = (TOTAL, "Femmes", "Hommes")
AGES = (TOTAL, "Moins de 25 ans", "De 25 à 49 ans", "50 ans et plus")
BREAKDOWNS = {
    "duree": ("Moins de 6 mois", "De 6 à moins de 12 mois", "De 12 à moins de 24 mois", "24 mois et plus"),
    "diplome": ("Inférieur au CAP-BEP", "CAP-BEP", "Baccalauréat", "Supérieur au baccalauréat"),
    "rsa": ("Bénéficiaires du RSA", "Non bénéficiaires du RSA"),
    "nationalite": ("Français", "Étrangers"),
}
HEADER = ["Date", "Code territoire", "Territoire", "Catégorie", "Sexe", "Tranche d’âge"]
HEADER += ["Ancienneté d’inscription", "Niveau de formation", "RSA", "Nationalité", "Nombre"]
# What a person was prescribed in the year: the slice of [0, 1) their chance falls in.
PRESCRIPTIONS = {
    "Activ’Projet": (0.00, 0.045),
    "CIE": (0.05, 0.061),
    "CAE": (0.061, 0.089),
    "CUI": (0.05, 0.089),
    "Aides à la mobilité": (0.10, 0.165),
    "Permis B": (0.17, 0.192),
    "Entrées en formation": (0.20, 0.305),
    "Reprises d’emploi": (0.32, 0.555),
}
YOUTH_CONTRACTS = (0.60, 0.72)
LAST_YEAR_OF_YOUTH_CONTRACTS = 2017
SUPPORT_HEADER = [
    "Date",
    "Code territoire",
    "Territoire",
    "Sexe",
    "Accompagnement renforcé",
    "Activ’Projet",
    "CUI",
    "CIE",
    "CAE",
]
SUPPORT_HEADER += ["Emplois d’avenir", "Aides à la mobilité", "Permis B", "Entrées en formation", "Reprises d’emploi"]


def quarters() -> list[Quarter]:
    """The fourth quarter of every year, and every quarter of the last two years."""
    return [Quarter(year, rank) for year in YEARS for rank in (1, 2, 3, 4) if rank == 4 or year >= YEARS[-2]]


def write_quarters(folder: Path, territoire: Territoire, pool: Pool) -> list[Path]:
    """One workbook per quarter."""
    return [_write_quarter(folder, territoire, pool, quarter) for quarter in quarters()]


def _write_quarter(folder: Path, territoire: Territoire, pool: Pool, quarter: Quarter) -> Path:
    present = pool.at(quarter)
    of_the_year = pool.at(quarter, since=3)
    job_seekers, support = [], []
    for population in (QUARTIER, "commune"):
        place = _place(quarter, territoire, population)
        here = Crowd(everyone(present, population))
        job_seekers += [[*place, *cells] for cells in count_job_seekers(here)]
        support += [[*place, *cells] for cells in count_support(here, Crowd(everyone(of_the_year, population)), quarter.year)]
    if quarter == quarters()[-1]:
        _withhold(job_seekers)
        support[3][-1] = f"{support[3][-1]} (p)"
    title = f"Situation au {quarter.day}"
    legend = [[], ["n.c.\u00a0: non communiqué. (p)\u00a0: provisoire. ///\u00a0: sans objet (dispositif fermé)."]]
    path = folder / f"pole_emploi_{quarter.iso}{SUFFIX}.xlsx"
    sheets = {
        "DEFM": [*titles("Demandeurs d’emploi en fin de mois", title), HEADER, *job_seekers, *legend],
        "Accompagnement": [
            *titles("Accompagnement renforcé, prescriptions et prestations des douze derniers mois", title),
            SUPPORT_HEADER,
            *support,
            *legend,
        ],
    }
    write_xlsx(path, sheets)
    return path


def _place(quarter: Quarter, territoire: Territoire, population: str) -> list[str]:
    if population == QUARTIER:
        return [quarter.day, territoire.zonages[0].code, f"QPV {territoire.nom_quartier}"]
    return [quarter.day, territoire.code_commune, territoire.nom_commune]


def count_job_seekers(persons: Crowd) -> Iterator[list]:
    """Category × sex × age; then, for A and ABC, sex × each other breakdown and, for ABC, sex × age × duration."""
    for category, sexe, age in product(CATEGORIES, SEXES, AGES):
        count = persons.count(categorie=tuple(category), sexe=_any(sexe), age=_any(age))
        yield [category, sexe, age, TOTAL, TOTAL, TOTAL, TOTAL, count]
    for category in ("A", "ABC"):
        for (name, modalities), sexe in product(BREAKDOWNS.items(), SEXES):
            ages = AGES if (category, name) == ("ABC", "duree") else (TOTAL,)
            for age, modality in product(ages, modalities):
                cells = {**dict.fromkeys(BREAKDOWNS, TOTAL), name: modality}
                count = persons.count(categorie=tuple(category), sexe=_any(sexe), age=_any(age), **{name: modality})
                yield [category, sexe, age, *cells.values(), count]


def count_support(present: Crowd, of_the_year: Crowd, year: int) -> Iterator[list]:
    """By sex: those closely supported at the date, and what was prescribed in the twelve months before."""
    chances = of_the_year.columns["prescrit"].astype(float)
    for sexe in SEXES:
        counts = {"Accompagnement renforcé": present.count(categorie=tuple("ABC"), renforce=True, sexe=_any(sexe))}
        concerned = of_the_year.which(sexe=_any(sexe))
        for name, (low, high) in PRESCRIPTIONS.items():
            counts[name] = int((concerned & (chances >= low) & (chances < high)).sum())
        counts["Emplois d’avenir"] = "///"
        if year <= LAST_YEAR_OF_YOUTH_CONTRACTS:
            low, high = YOUTH_CONTRACTS
            young = of_the_year.which(sexe=_any(sexe), age=AGES[1])
            counts["Emplois d’avenir"] = int((young & (chances >= low) & (chances < high)).sum())
        yield [sexe, *(counts[name] for name in SUPPORT_HEADER[4:])]


def _any(modality: str) -> str | None:
    return None if modality == TOTAL else modality


def _withhold(rows: list[list]) -> None:
    """One cell the partner did not communicate: foreign job seekers of the quartier, both sexes, category ABC."""
    for row in rows:
        if row[3:5] == ["ABC", TOTAL] and row[9] == "Étrangers":
            row[-1] = "n.c."
            return
