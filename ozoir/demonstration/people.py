"""Fictitious job seekers, CAF households and young people, drawn once: each date is a window on the same drawing.

A window that slides by a few persons moves its counts gently, as real series do, and every table is a count of the same
persons, so that women and men, ages and totals always add up, and the quartier never exceeds the commune.
Sizes and shares follow the orders of magnitude of the published files; no value is theirs.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

SEED = 2015
YEARS = tuple(range(2015, 2021))
QUARTIER, RESTE = "quartier", "reste"

# Persons registered at the end of each year, all categories; households and young people in the year.
_JOB_SEEKERS = {QUARTIER: (247, 253, 234, 227, 213, 221), RESTE: (1236, 1214, 1182, 1149, 1108, 1203)}
_HOUSEHOLDS = {QUARTIER: (451, 470, 468, 498, 541, 529), RESTE: (2492, 2547, 2609, 2703, 2858, 2901)}
_YOUTHS = {QUARTIER: (88, 94, 91, 97, 102, 99), RESTE: (311, 322, 318, 334, 341, 347)}
_SEASON = {1: 1.02, 2: 0.985, 3: 1.01, 4: 1.0}
_TURNOVER = 0.1  # of the window, per quarter


@dataclass(frozen=True, order=True)
class Quarter:
    """The end of a quarter."""

    year: int
    rank: int

    @property
    def day(self) -> str:
        """JJ/MM/AAAA."""
        return {1: "31/03", 2: "30/06", 3: "30/09", 4: "31/12"}[self.rank] + f"/{self.year}"

    @property
    def iso(self) -> str:
        """AAAA-MM-JJ."""
        day, month, year = self.day.split("/")
        return f"{year}-{month}-{day}"

    @property
    def steps(self) -> int:
        """Quarters since the first drawn."""
        return (self.year - YEARS[0]) * 4 + self.rank - 1


def generator(purpose: int) -> np.random.Generator:
    """A source of chance of its own for each purpose: adding one never changes the others."""
    return np.random.default_rng([SEED, purpose])


def pick(chance: np.random.Generator, count: int, shares: dict[str, float]) -> np.ndarray:
    """`count` labels drawn with these shares (which need not add up to one)."""
    weights = np.array(list(shares.values()), float)
    return chance.choice(np.array(list(shares), dtype=object), size=count, p=weights / weights.sum())


def everyone(persons: pd.DataFrame, territoire: str) -> pd.DataFrame:
    """The rows of the quartier, or of the whole commune."""
    return persons[persons["territoire"] == QUARTIER] if territoire == QUARTIER else persons


class Crowd:
    """Persons asked how many have several modalities at once; None stands for « any »."""

    def __init__(self, persons: pd.DataFrame) -> None:
        self.columns = {name: persons[name].to_numpy(dtype=object) for name in persons}
        self.size = len(persons)
        self._masks: dict[tuple[str, object], np.ndarray] = {}

    def which(self, **wanted: object) -> np.ndarray:
        """A mask: those with every wanted modality; a tuple means any of its items."""
        found = np.ones(self.size, bool)
        for name, modality in wanted.items():
            if modality is not None:
                found &= self._mask(name, modality)
        return found

    def count(self, **wanted: object) -> int:
        """How many they are."""
        return int(self.which(**wanted).sum())

    def _mask(self, name: str, modality: object) -> np.ndarray:
        if (name, modality) not in self._masks:
            items = modality if isinstance(modality, tuple) else (modality,)
            self._masks[name, modality] = np.logical_or.reduce([self.columns[name] == item for item in items])
        return self._masks[name, modality]


class Pool:
    """One drawing of everybody who will ever appear, in the order in which they appear."""

    def __init__(self, drawn: dict[str, pd.DataFrame], sizes: dict[str, tuple[int, ...]]) -> None:
        self.drawn = drawn
        self.sizes = sizes

    def at(self, quarter: Quarter, since: int = 0) -> pd.DataFrame:
        """Those present at the end of the quarter, and those who left in the `since` quarters before."""
        windows = []
        for territoire, drawn in self.drawn.items():
            size = self._size(territoire, quarter)
            start = int(quarter.steps * _TURNOVER * self.sizes[territoire][0])
            earlier = int(since * _TURNOVER * self.sizes[territoire][0])
            windows.append(drawn.iloc[max(0, start - earlier) : start + size])
        return pd.concat(windows, ignore_index=True)

    def _size(self, territoire: str, quarter: Quarter) -> int:
        sizes = self.sizes[territoire]
        rank = quarter.year - YEARS[0]
        before = sizes[max(0, rank - 1)]
        trend = before + (sizes[rank] - before) * quarter.rank / 4
        return round(trend * _SEASON[quarter.rank])


def _pool(sizes: dict[str, tuple[int, ...]], draw, purpose: int) -> Pool:
    chance = generator(purpose)
    drawn = {}
    for territoire in (QUARTIER, RESTE):
        count = int(max(sizes[territoire]) * 1.1 + len(YEARS) * 4 * _TURNOVER * sizes[territoire][0]) + 1
        drawn[territoire] = draw(chance, territoire, count).assign(territoire=territoire)
    return Pool(drawn, sizes)


def draw_job_seekers() -> Pool:
    """Job seekers: categorie, sexe, age, duree, diplome, rsa, nationalite, renforce, and what they were prescribed."""

    def draw(chance, territoire: str, count: int) -> pd.DataFrame:
        is_quartier = territoire == QUARTIER
        ages = {"Moins de 25 ans": 17, "De 25 à 49 ans": 60, "50 ans et plus": 23}
        diplomas = {"Inférieur au CAP-BEP": 24, "CAP-BEP": 33, "Baccalauréat": 25, "Supérieur au baccalauréat": 18}
        if not is_quartier:
            ages = {"Moins de 25 ans": 14, "De 25 à 49 ans": 58, "50 ans et plus": 28}
            diplomas = {"Inférieur au CAP-BEP": 11, "CAP-BEP": 28, "Baccalauréat": 26, "Supérieur au baccalauréat": 35}
        durations = {
            "Moins de 6 mois": 40,
            "De 6 à moins de 12 mois": 18,
            "De 12 à moins de 24 mois": 17 if is_quartier else 16,
            "24 mois et plus": 25 if is_quartier else 17,
        }
        return pd.DataFrame(
            {
                "categorie": pick(chance, count, {"A": 63, "B": 11, "C": 18, "D": 4, "E": 4}),
                "sexe": pick(chance, count, {"Femmes": 49 if is_quartier else 52, "Hommes": 51 if is_quartier else 48}),
                "age": pick(chance, count, ages),
                "duree": pick(chance, count, durations),
                "diplome": pick(chance, count, diplomas),
                "rsa": pick(chance, count, {"Bénéficiaires du RSA": 18 if is_quartier else 8, "Non bénéficiaires du RSA": 82}),
                "nationalite": pick(
                    chance, count, {"Français": 74 if is_quartier else 91, "Étrangers": 26 if is_quartier else 9}
                ),
                "renforce": chance.random(count) < (0.19 if is_quartier else 0.11),
                "prescrit": chance.random(count),
            }
        )

    return _pool(_JOB_SEEKERS, draw, 1)


def draw_households() -> Pool:
    """CAF households: famille, femme, enfants (a tuple of ages), etudiant, jeune, benefits, quotient, montant."""

    def draw(chance, territoire: str, count: int) -> pd.DataFrame:
        is_quartier = territoire == QUARTIER
        families = {"isoles": 34, "monoparents": 28, "couples_sans_enfant": 5, "couples_avec_enfants": 33}
        if not is_quartier:
            families = {"isoles": 24, "monoparents": 20, "couples_sans_enfant": 5, "couples_avec_enfants": 51}
        family = pick(chance, count, families)
        has_children = np.isin(family.astype(str), ("monoparents", "couples_avec_enfants"))
        ages = np.array([*[1.0] * 18, 0.9, 0.8, 0.4, 0.3, 0.2, 0.2, 0.2])  # few children count beyond twenty
        ages /= ages.sum()
        sizes = np.where(has_children, 1 + chance.binomial(4, 0.27 if is_quartier else 0.22, count), 0)
        is_poor = chance.random(count) < (0.42 if is_quartier else 0.22)
        is_alone = family == "isoles"
        has_rsa = is_poor & (chance.random(count) < 0.32)
        has_prime = ~has_rsa & (chance.random(count) < (0.34 if is_quartier else 0.26))
        share = np.where(is_poor, chance.random(count), 0.3 * chance.random(count))
        quotient = np.where(
            is_poor,
            pick(chance, count, {"moins_400": 60, "400_799": 40}),
            pick(chance, count, {"400_799": 25, "800_1199": 42, "1200_plus": 33}),
        )
        quotient[chance.random(count) < 0.015] = "inconnu"
        housing = chance.random(count)
        is_young = is_alone & (chance.random(count) < 0.12)
        return pd.DataFrame(
            {
                "famille": family,
                "femme": chance.random(count) < np.where(family == "monoparents", 0.9, 0.5),
                "enfants": [tuple(chance.choice(25, size=size, p=ages)) for size in sizes],
                "adultes": np.where(np.char.startswith(family.astype(str), "couples"), 2, 1),
                "etudiant": is_young & (chance.random(count) < 0.45),
                "jeune": is_young,
                "rsa": has_rsa,
                "prime": has_prime,
                "aah": is_alone & (chance.random(count) < (0.22 if is_quartier else 0.17)),
                "logement": housing < (0.62 if is_quartier else 0.34),
                "apl": housing < (0.59 if is_quartier else 0.21),
                "dependance_50": share >= 0.5,
                "dependance_100": share >= 0.72,
                "bas_revenus": is_poor,
                "quotient": quotient,
                "montant": chance.integers(60, 480, count) + np.where(has_rsa, 510, 0) + 90 * sizes,
            }
        )

    return _pool(_HOUSEHOLDS, draw, 2)


def draw_youths() -> Pool:
    """Young people of the Mission Locale: sexe, age, niveau, nouveau, and one chance per scheme."""

    def draw(chance, territoire: str, count: int) -> pd.DataFrame:
        is_quartier = territoire == QUARTIER
        levels = {"Sans qualification": 27, "CAP-BEP": 33, "Baccalauréat": 30, "Supérieur au baccalauréat": 8}
        if not is_quartier:
            levels = {"Sans qualification": 18, "CAP-BEP": 32, "Baccalauréat": 36, "Supérieur au baccalauréat": 12}
        return pd.DataFrame(
            {
                "sexe": pick(chance, count, {"Femmes": 48, "Hommes": 52}),
                "age": pick(chance, count, {"16-17 ans": 12, "18-21 ans": 53, "22-25 ans": 35}),
                "niveau": pick(chance, count, levels),
                "nouveau": chance.random(count) < 0.36,
                **{f"chance_{rank}": chance.random(count) for rank in range(16)},
            }
        )

    return _pool(_YOUTHS, draw, 3)
