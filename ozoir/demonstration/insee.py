"""Files shaped like Insee's « données par thématique » and like the RPLS: quartiers in one sheet, communes in another.

Each workbook has five title rows, technical headers in row 6, and a documentation sheet. The quartier and its commune are
counts of the same fictitious persons as the partners' files; the other quartiers are drawn among those of the quartier.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from ozoir.catalogue.model import Territoire
from ozoir.demonstration.caf import children_between, persons_covered
from ozoir.demonstration.files import FICTIVE, SUFFIX, WARNING, write_xlsx
from ozoir.demonstration.insee_columns import CENSUS_RATES, EDUCATION, HEADERS, HOUSING, INCOMES, RPLS_SHARES, Drift
from ozoir.demonstration.people import QUARTIER, RESTE, Crowd, Pool, Quarter, everyone, generator, pick

OTHERS_IN_DEPARTEMENT = 9
OTHERS_ELSEWHERE = {"93": 7, "59": 6}
POPULATIONS = {2013: (2041, 19960), 2018: (2023, 20230)}
DWELLINGS = (676, 941)
CONTRACTS = {2016: (19, 82), 2017: (18, 86), 2018: (12, 61), 2019: (9, 47), 2020: (8, 44)}
PUBLISHED_FROM = 5

DIPLOMAS = {
    "INFCAPBEP": "Inférieur au CAP-BEP",
    "CAPBEP": "CAP-BEP",
    "BAC": "Baccalauréat",
    "SUPBAC": "Supérieur au baccalauréat",
}
DURATIONS = {
    "DUR1": "Moins de 6 mois",
    "DUR2": "De 6 à moins de 12 mois",
    "DUR3": "De 12 à moins de 24 mois",
    "DUR4": "24 mois et plus",
}
AGES = {"25": "Moins de 25 ans", "2649": "De 25 à 49 ans", "50": "50 ans et plus"}


class Town:
    """The people of the demonstration and the territory they live in; counts are made once, two editions use them."""

    def __init__(self, territoire: Territoire, job_seekers: Pool, households: Pool) -> None:
        self.territoire = territoire
        self._job_seekers, self._households = job_seekers, households
        self._counts: dict[tuple[str, Place, int], dict[str, int]] = {}

    def count_job_seekers(self, place: Place, year: int) -> dict[str, int]:
        """The DEFM block of a place at the end of a year."""
        key = ("job_seekers", place, year)
        if key not in self._counts:
            self._counts[key] = count_job_seekers(Crowd(_persons(self._job_seekers, place, Quarter(year, 4))))
        return self._counts[key]

    def count_households(self, place: Place, year: int) -> dict[str, int]:
        """The CAF block of a place at the end of a year."""
        key = ("households", place, year)
        if key not in self._counts:
            self._counts[key] = count_households(_persons(self._households, place, Quarter(year, 4)))
        return self._counts[key]


@dataclass(frozen=True)
class Place:
    """One row of a file. rank 0 is the contract's quartier, others are other quartiers, −1 is the commune."""

    code: str
    name: str
    rank: int

    @property
    def population(self) -> str:
        return "commune" if self.rank < 0 else QUARTIER


def write_editions(folder: Path, town: Town) -> list[Path]:
    """Every thematic file of every edition, and the RPLS."""
    jobs: list[tuple[str, str, Callable[[Place], dict]]] = []
    for edition in range(2017, 2023):
        jobs.append((f"DEMO_{edition}", _demo_header(edition), lambda place, edition=edition: demography(town, place, edition)))
    for edition in range(2017, 2022):
        jobs.append((f"IPRO_{edition}", _ipro_header(edition), lambda place, edition=edition: employment(town, place, edition)))
    for edition in range(2019, 2023):
        jobs.append((f"REVN_{edition}", _revn_header(edition), lambda place, edition=edition: incomes(town, place, edition)))
    for edition in (2017, 2019, 2022):
        jobs.append((f"EDUC_{edition}", HEADERS["EDUC"], lambda place, edition=edition: education(place, edition)))
    jobs.append(("LOGT_2022", HEADERS["LOGT"], lambda place: housing(place, 2022)))
    for year in range(2017, 2022):
        jobs.append((f"RPLS_01-01-{year}_QPV", HEADERS["RPLS"], lambda place, year=year: social_housing(place, year)))
    return [_write(folder, name, header, row, town.territoire) for name, header, row in jobs]


def _write(folder: Path, name: str, header: str, row: Callable[[Place], dict], territoire: Territoire) -> Path:
    columns = [column.replace("␣", " ") for column in header.split()]
    path = folder / f"{name}{SUFFIX}.xlsx"
    sheets = {
        "QPV": [*_five_titles(name, "par quartier prioritaire"), columns, *_rows(columns, row, _quartiers(territoire))],
        "COM": [*_five_titles(name, "par commune"), columns, *_rows(columns, row, [_commune(territoire)])],
        "Documentation": [[WARNING], ["Variables, sources et dates comme dans le fichier de même nom publié par l’Insee."]],
    }
    write_xlsx(path, sheets)
    return path


def _five_titles(name: str, scale: str) -> list[list[str]]:
    return [
        [WARNING],
        [f"{FICTIVE} – {name}, données {scale}"],
        ["Champ\u00a0: zonage 2015"],
        ["Source\u00a0: tirage aléatoire"],
        [],
    ]


def _rows(columns: list[str], row: Callable[[Place], dict], places: list[Place]) -> list[list]:
    rows = []
    for place in places:
        values = {"CODGEO": place.code, "CodGeo": place.code, "LIBGEO": place.name, **row(place)}
        rows.append([values.get(column, 0 if column.upper().startswith("NOTE") else None) for column in columns])
    return rows


def _quartiers(territoire: Territoire) -> list[Place]:
    departements = {territoire.departement: OTHERS_IN_DEPARTEMENT, **OTHERS_ELSEWHERE}
    codes = [f"QP{departement:0>3}{900 + rank}" for departement, count in departements.items() for rank in range(1, count + 1)]
    others = [Place(code, f"Quartier fictif {rank}", rank) for rank, code in enumerate(codes, 1)]
    return [Place(territoire.zonages[0].code, territoire.nom_quartier, 0), *others]


def _commune(territoire: Territoire) -> Place:
    return Place(territoire.code_commune, territoire.nom_commune, -1)


def _persons(pool: Pool, place: Place, quarter: Quarter) -> pd.DataFrame:
    """Those of the quartier, of the commune, or as many drawn among the quartier's as another quartier has."""
    present = pool.at(quarter)
    if place.rank <= 0:
        return everyone(present, place.population)
    own = everyone(present, QUARTIER)
    size = round(len(own) * _scale(place))
    return own.sample(size, replace=True, random_state=1000 * place.rank + quarter.steps)


def _scale(place: Place) -> float:
    """How many times larger than the contract's another quartier is."""
    return generator(100 + place.rank).uniform(0.6, 3.2)


def _population(place: Place, census: int) -> int:
    quartier, commune = POPULATIONS[census]
    if place.rank < 0:
        return commune
    return round(quartier * _scale(place)) if place.rank else quartier


def demography(town: Town, place: Place, edition: int) -> dict:
    """DEMO: populations, census rates, CAF households two years before the edition."""
    census = 2013 if edition <= 2020 else 2018
    values = _rates(place, CENSUS_RATES, _census_year(edition))
    size = _population(place, census)
    values["POP_MUN"] = size
    if place.rank == 0:
        values |= {"POP_COM_QP": size, "POP_COM": POPULATIONS[census][1], "LIB_COM": town.territoire.nom_commune}
    elif place.rank > 0:
        values |= {"POP_COM_QP": size, "POP_COM": 12 * size, "LIB_COM": f"Commune fictive {place.rank}"}
    return values | _publish(town.count_households(place, edition - 2))


def count_households(households: pd.DataFrame) -> dict[str, int]:
    """Every count of the CAF block, by column name."""
    families = households["famille"]
    ages = {
        "ENF": (0, 24),
        "ENF_2": (0, 2),
        "ENF_3_5": (3, 5),
        "ENF_6_10": (6, 10),
        "ENF_11_14": (11, 14),
        "ENF_15_17": (15, 17),
        "ENF_18_24": (18, 24),
    }
    return {
        "A": len(households),
        "PERCOU": persons_covered(households),
        "AM": int((families == "monoparents").sum()),
        "AI": int((families == "isoles").sum()),
        "ACSSENF": int((families == "couples_sans_enfant").sum()),
        "ACAVENF": int((families == "couples_avec_enfants").sum()),
        "AC3ENF": int(((families == "couples_avec_enfants") & (households["enfants"].map(len) >= 3)).sum()),
        "A_NETUD_24": int((households["jeune"] & ~households["etudiant"]).sum()),
        "A_ETUD": int(households["etudiant"].sum()),
        **{name: children_between(households, *bounds) for name, bounds in ages.items()},
        "APPA": int(households["prime"].sum()),
        "ARSAS": int(households["rsa"].sum()),
        "AAAH": int(households["aah"].sum()),
    }


def employment(town: Town, place: Place, edition: int) -> dict:
    """IPRO: census rates, aided contracts and job seekers on 31 December of the year before the edition."""
    year = edition - 1
    values = _rates(place, CENSUS_RATES, _census_year(edition))
    values |= _publish(_contracts(place, year))
    job_seekers = town.count_job_seekers(place, year)
    before = town.count_job_seekers(place, year - 1)
    published = _publish(job_seekers)
    for name in ("ABC", "ABC_F", "ABC_H", "A", "A_F", "A_H"):
        if published[name] is not None:
            published[f"EVOL_{name}_T4"] = round(100 * (job_seekers[name] / before[name] - 1), 1)
    published |= {"A_N_T4": published["A"], "A_N1_T4": _publish(before)["A"]}
    return values | published


def count_job_seekers(persons: Crowd) -> dict[str, int]:
    """Every count of the DEFM block, by column name."""
    searching = {"categorie": tuple("ABC")}
    parts = {
        "ABCDE": {},
        "ABC": searching,
        "A": {"categorie": "A"},
        "ABC_RSA": {**searching, "rsa": "Bénéficiaires du RSA"},
        **{f"ABC_{name}": {**searching, "diplome": label} for name, label in DIPLOMAS.items()},
        **{f"ABC_{name}": {**searching, "duree": label} for name, label in DURATIONS.items()},
    }
    counts = {}
    for name, wanted in parts.items():
        for suffix, sexe in (("", None), ("_F", "Femmes"), ("_H", "Hommes")):
            counts[f"{name}{suffix}"] = persons.count(sexe=sexe, **wanted)
    counts |= {f"ABC_{name}": persons.count(age=label, **searching) for name, label in AGES.items()}
    counts["ABC_FR"] = persons.count(nationalite="Français", **searching)
    counts["ABC_E"] = persons.count(nationalite="Étrangers", **searching)
    return counts


def _contracts(place: Place, year: int) -> dict[str, int]:
    """Aided contracts: CA = CUI + EAV, CUI = CIE + CAE, CIE = outside Starter + Starter."""
    chance = generator(7000 + 10 * year)
    is_open = year <= 2017
    kinds = {"CIE_HS": 12, "CIE_S": 8 if is_open else 0, "CAE": 45, "EAV": 35 if is_open else 0}
    size = sum(CONTRACTS[year])
    signed = pd.DataFrame({"genre": pick(chance, size, kinds), "femme": chance.random(size) < 0.55})
    signed["territoire"] = [QUARTIER] * CONTRACTS[year][0] + [RESTE] * CONTRACTS[year][1]
    mine = signed.sample(15 + place.rank, random_state=place.rank) if place.rank > 0 else everyone(signed, place.population)
    kind, is_woman = mine["genre"].to_numpy(), mine["femme"].to_numpy()
    counts = {}
    groups = {"CA": ("CIE_HS", "CIE_S", "CAE", "EAV"), "CUI": ("CIE_HS", "CIE_S", "CAE"), "CIE": ("CIE_HS", "CIE_S")}
    for name in ("CA", "CUI", "CIE", "CIE_HS", "CIE_S", "CAE", "EAV"):
        is_counted = np.isin(kind, groups.get(name, (name,)))
        every, women = int(is_counted.sum()), int((is_counted & is_woman).sum())
        counts |= {name: every, f"{name}_F": women, f"{name}_H": every - women}
    return counts


def incomes(town: Town, place: Place, edition: int) -> dict:
    """REVN: Filosofi four years before the edition, Cnam the year before, CAF two years before."""
    values = _rates(place, INCOMES, edition - 4)
    covered = round(0.97 * _population(place, 2018))
    free, paying = (0.098, 0.019) if place.rank >= 0 else (0.032, 0.009)
    values |= {"C": covered, "C_C2SNP": round(covered * free), "C_C2SP": round(covered * paying)}
    values["CC2S"] = values["C_C2SNP"] + values["C_C2SP"]
    return values | _publish(town.count_households(place, edition - 2))


def education(place: Place, edition: int) -> dict:
    """EDUC: pupils and late pupils of the school year that began two years before the edition."""
    return _publish({name: round(value) for name, value in _rates(place, EDUCATION, edition - 2).items()})


def housing(place: Place, edition: int) -> dict:
    """LOGT: RPLS two years before the edition, census four years before."""
    return _rates(place, HOUSING, edition - 4) | social_housing(place, edition - 2)


def social_housing(place: Place, year: int) -> dict:
    """RPLS on 1 January: the vacancy of most quartiers is withheld by the producer."""
    quartier, commune = DWELLINGS
    size = quartier if place.rank == 0 else commune if place.rank < 0 else round(quartier * _scale(place))
    values = {"nbLsPls": size, **_rates(place, RPLS_SHARES, year)}
    if place.rank > 0 and place.rank % 5 < 2:
        values |= {"txVac": None, "txVac3m": None}
    return values


def _census_year(edition: int) -> int:
    return 2010 if edition <= 2018 else edition - 4


def _rates(place: Place, drifts: dict[str, Drift], year: int) -> dict[str, float]:
    """Each rate on its line; another quartier is the quartier, off by up to a quarter."""
    values = {}
    for rank, (name, drift) in enumerate(drifts.items()):
        value = drift.at(year, is_commune=place.rank < 0)
        if place.rank > 0:
            value *= generator(10_000 + 100 * place.rank + rank).uniform(0.8, 1.25)
        values[name] = round(value, drift.decimals)
    return values


def _publish(counts: dict[str, int]) -> dict[str, int | None]:
    """As the producer does: nothing under five, and never one sex without the other."""
    published = {name: None if count < PUBLISHED_FROM else count for name, count in counts.items()}
    for name in counts:
        pair = (f"{name}_F", f"{name}_H")
        if set(pair) <= set(counts) and None in (published[pair[0]], published[pair[1]]):
            published |= dict.fromkeys(pair)
    return published


def _demo_header(edition: int) -> str:
    return HEADERS["DEMO"] if edition >= 2021 else HEADERS["DEMO"].replace("NOTE_RP ", "")


def _revn_header(edition: int) -> str:
    return HEADERS["REVN"].replace("CC2S", "C_C2SNP C_C2SP") if edition >= 2022 else HEADERS["REVN"]


def _ipro_header(edition: int) -> str:
    if edition <= 2018:
        return HEADERS["IPRO_2017"]
    return HEADERS["IPRO_2021"] if edition >= 2021 else HEADERS["IPRO_2021"].replace("EDLIM", "EPREC")
