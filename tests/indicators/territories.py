"""Facts built by hand or at random for the tests of indicators: a quartier and its commune, as partners count them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from itertools import product
from random import Random

import pandas as pd

from ozoir.catalogue.model import Cle, parse_cle

QPV_CODE, COMMUNE_CODE = "QP077018", "77350"
DAY = date(2020, 12, 31)
SEXES = ("femmes", "hommes")
AGES = ("moins_25", "25_49", "50_plus")
CATEGORIES = ("a", "b", "c", "d", "e")
WHOLES = {"defm_abcde": "abcde", "defm_abc": "abc", "defm_ab": "ab"} | {f"defm_{letter}": letter for letter in CATEGORIES}


def fact(cle: str | Cle, territory: str, value: float | None, source: str = "pole_emploi", day: date = DAY, **changes) -> dict:
    """One fact; `territory` is « qpv » or « commune », a missing value is withheld by the partner."""
    cle = parse_cle(cle) if isinstance(cle, str) else cle
    is_commune = territory == "commune"
    row = {
        "mesure": cle.mesure,
        "territoire": COMMUNE_CODE if is_commune else QPV_CODE,
        "zonage": "commune" if is_commune else "QP2015",
        "date_reference": pd.Timestamp(day),
        "sexe": cle.sexe,
        "age": cle.age,
        "detail": cle.detail,
        "valeur": float("nan") if value is None else float(value),
        "statut": "non_diffuse" if value is None else "connu",
        "source": source,
        "edition": str(day.year + 1),
        "feuille": "Données",
        "ligne": 2,
        "colonne": 3,
        "entete": str(cle),
        "origine": "",
        "qpv_publies": 0,
        "qpv_non_diffuses": 0,
        "import_id": 1,
        "fichier": "extrait.xlsx",
        "charge_le": pd.Timestamp(2024, 1, 1),
    }
    return row | changes


def facts(*rows: dict) -> pd.DataFrame:
    return pd.DataFrame(list(rows))


def both(cle: str, qpv: float | None, commune: float | None, **changes) -> list[dict]:
    """The same key in the quartier and in the commune."""
    return [fact(cle, "qpv", qpv, **changes), fact(cle, "commune", commune, **changes)]


def random_territory(seed: int, days: Iterable[date] = (DAY,)) -> pd.DataFrame:
    """Job seekers by category, sex and age, with tiny groups, zeros, one-cell families; tables given in part."""
    random = Random(seed)
    rows: list[dict] = []
    scale = random.choice([1, 2, 4, 8, 15, 40])
    has_crossing, has_commune = random.random() < 0.7, random.random() < 0.95
    measures = random.sample(sorted(WHOLES), random.randint(1, len(WHOLES)))
    for day in days:
        counts = {"qpv": defaultdict(int), "commune": defaultdict(int)}
        for letter, sexe, age in product(CATEGORIES, SEXES, AGES):
            inside = 0 if random.random() < 0.25 else int(random.expovariate(1 / scale))
            outside = 0 if random.random() < 0.15 else int(random.expovariate(1 / (scale * random.choice([1, 3, 9]))))
            for mesure in measures:
                if letter in WHOLES[mesure]:
                    for key in (Cle(mesure), Cle(mesure, sexe), Cle(mesure, age=age), Cle(mesure, sexe, age)):
                        counts["qpv"][key] += inside
                        counts["commune"][key] += inside + outside
        skipped = random.choice([None, None, "femmes", "50_plus"])
        for territory in ("qpv", "commune") if has_commune else ("qpv",):
            for cle, count in counts[territory].items():
                is_crossing = len(cle.breakdown) == 2
                if (is_crossing and not has_crossing) or skipped in cle.breakdown.values():
                    continue
                rows.append(fact(cle, territory, count, day=day))
    return facts(*rows)


def publication_of(catalogue, table: pd.DataFrame, fictif: bool = False):
    """What would be published of these facts, without a base."""
    from ozoir.indicators.masking import find_masks
    from ozoir.indicators.publication import Publication

    return Publication(catalogue, table, find_masks(table, catalogue), [], 1, fictif)
