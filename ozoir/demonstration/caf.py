"""The yearly table of the CAF, in the old .xls format: one row per indicator, one column per territory."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd

from ozoir.catalogue.model import Territoire
from ozoir.demonstration.files import SUFFIX, titles, write_xls
from ozoir.demonstration.people import QUARTIER, YEARS, Pool, Quarter, everyone

FIRST_YEAR_OF_PRIME = 2016
PRIME = "Foyers percevant la prime d’activité"
AGES = {
    "de moins de 3 ans": (0, 2),
    "de 3 à 5 ans": (3, 5),
    "de 6 à 10 ans": (6, 10),
    "de 11 à 14 ans": (11, 14),
    "de 15 à 17 ans": (15, 17),
    "de 18 à 24 ans": (18, 24),
}
FAMILIES = {
    "personnes isolées": "isoles",
    "familles monoparentales": "monoparents",
    "couples sans enfant": "couples_sans_enfant",
    "couples avec enfant(s)": "couples_avec_enfants",
}


def children_between(households: pd.DataFrame, low: int = 0, high: int = 24) -> int:
    """How many children of these households have an age in these bounds, both included."""
    return int(sum(low <= age <= high for ages in households["enfants"] for age in ages))


def persons_covered(households: pd.DataFrame) -> int:
    """Adults and children of these households."""
    return int(households["adultes"].sum()) + children_between(households)


def _with(name: str, modality: object = True) -> Callable[[pd.DataFrame], int]:
    return lambda households: int((households[name] == modality).sum())


def _children(low: int, high: int) -> Callable[[pd.DataFrame], int]:
    return lambda households: children_between(households, low, high)


def _rsa_of(family: str) -> Callable[[pd.DataFrame], int]:
    return lambda households: int((households["rsa"] & (households["famille"] == family)).sum())


# Row label → how it is counted, in the order of the table.
INDICATORS: dict[str, Callable[[pd.DataFrame], int]] = {
    "Foyers allocataires": len,
    "Personnes couvertes": persons_covered,
    "Allocataires isolés sans enfant": _with("famille", "isoles"),
    "Familles monoparentales": _with("famille", "monoparents"),
    "Familles monoparentales dont le parent est une femme": lambda households: int(
        (households["femme"] & (households["famille"] == "monoparents")).sum()
    ),
    "Couples sans enfant": _with("famille", "couples_sans_enfant"),
    "Couples avec enfant(s)": _with("famille", "couples_avec_enfants"),
    "dont couples avec trois enfants ou plus": lambda households: int(
        ((households["famille"] == "couples_avec_enfants") & (households["enfants"].map(len) >= 3)).sum()
    ),
    "Quotient familial de moins de 400 €": _with("quotient", "moins_400"),
    "Quotient familial de 400 à 799 €": _with("quotient", "400_799"),
    "Quotient familial de 800 à 1 199 €": _with("quotient", "800_1199"),
    "Quotient familial de 1 200 € et plus": _with("quotient", "1200_plus"),
    "Quotient familial inconnu": _with("quotient", "inconnu"),
    "Enfants couverts de moins de 25 ans": children_between,
    **{f"Enfants {label}": _children(*bounds) for label, bounds in AGES.items()},
    "Allocataires étudiants": _with("etudiant"),
    "Allocataires de moins de 25 ans non étudiants": lambda households: int(
        (households["jeune"] & ~households["etudiant"]).sum()
    ),
    "Foyers percevant le RSA socle": _with("rsa"),
    **{f"RSA socle, {label}": _rsa_of(family) for label, family in FAMILIES.items()},
    PRIME: _with("prime"),
    "Foyers percevant l’AAH": _with("aah"),
    "Foyers percevant une aide au logement": _with("logement"),
    "dont APL": _with("apl"),
    "Foyers dont les prestations font au moins 50 % des ressources": _with("dependance_50"),
    "Foyers dont les prestations font 100 % des ressources": _with("dependance_100"),
    "Foyers à bas revenus": _with("bas_revenus"),
    "Personnes vivant dans un foyer à bas revenus": lambda households: persons_covered(households[households["bas_revenus"]]),
    "Montant versé en décembre (€)": lambda households: int(households["montant"].sum()),
}


def write_years(folder: Path, territoire: Territoire, pool: Pool) -> list[Path]:
    """One workbook per year."""
    paths = []
    for year in YEARS:
        households = pool.at(Quarter(year, 4))
        path = folder / f"caf_{year}-12-31{SUFFIX}.xls"
        notes = [
            [],
            ["Champ\u00a0: allocataires du régime général ayant un droit versable au mois de décembre."],
            ["///\u00a0: sans objet (la prime d’activité n’existait pas). n.c.\u00a0: non communiqué."],
        ]
        title = f"QPV\u00a0: {territoire.nom_quartier}. Commune\u00a0: {territoire.nom_commune}. Situation au 31/12/{year}"
        header = ["Indicateur", "QPV", "Commune"]
        write_xls(
            path,
            {"Allocataires": [*titles("Allocataires de la Caf", title), header, *count_households(households, year), *notes]},
        )
        paths.append(path)
    return paths


def count_households(households: pd.DataFrame, year: int) -> list[list]:
    """[label, quartier, commune], one row per indicator."""
    territories = [everyone(households, QUARTIER), everyone(households, "commune")]
    rows = []
    for label, count in INDICATORS.items():
        is_missing = label == PRIME and year < FIRST_YEAR_OF_PRIME
        rows.append([label, *("///" if is_missing else count(territory) for territory in territories)])
    return rows
