"""Every state in which a figure may be, each with hand-built facts and the indicator that shows it."""

from __future__ import annotations

from datetime import date

import pandas as pd

from tests.indicators.territories import both, fact, facts

Y14, Y15, Y16, Y17, Y19, Y20 = (date(year, 12, 31) for year in (2014, 2015, 2016, 2017, 2019, 2020))
CENSUS_13, CENSUS_18 = date(2013, 1, 1), date(2018, 1, 1)
INSEE = {"source": "insee_pole_emploi"}


def counts(name: str, *values: tuple[date, float | None], **changes) -> list[dict]:
    return [fact(name, "qpv", value, day=day, **changes) for day, value in values]


def rates(*values: tuple[date, tuple[float, float], tuple[float, float]]) -> list[dict]:
    """RSA among CAF households: (numerators, denominators) of quartier and commune."""
    rows = []
    for day, numerators, denominators in values:
        rows += both("caf_rsa_socle", *numerators, source="caf", day=day)
        rows += both("caf_allocataires", *denominators, source="caf", day=day)
    return rows


STATES: dict[str, tuple[str, list[dict]]] = {
    "effectif, évolution non significative": ("defm_abc", counts("defm_abc", (Y19, 198), (Y20, 194), **INSEE)),
    "effectif, hausse nette": ("defm_abc", counts("defm_abc", (Y19, 150), (Y20, 214), **INSEE)),
    "effectif, baisse nette, commune connue": (
        "defm_abc",
        [*both("defm_abc", 260, 1500, day=Y19), *both("defm_abc", 194, 1450, day=Y20)],
    ),
    "effectif inchangé": ("defm_abc", counts("defm_abc", (Y19, 194), (Y20, 194), **INSEE)),
    "effectif, trimestre": ("defm_abc", counts("defm_abc", (date(2020, 9, 30), 203), (Y20, 194))),
    "effectif, une seule date": ("defm_abc", counts("defm_abc", (Y20, 194), **INSEE)),
    "effectif nul": ("defm_abc", both("defm_abc", 0, 120)),
    "effectif sous vingt, sans pourcentage": (
        "premiers_accueils",
        counts("premiers_accueils", (Y19, 6), (Y20, 19), source="mission_locale"),
    ),
    "effectif du recensement": (
        "population",
        [
            *both("population_municipale", 2034, 19917, source="insee_rp_pop", day=CENSUS_13),
            *both("population_municipale", 2016, 20191, source="insee_rp_pop", day=CENSUS_18),
        ],
    ),
    "effectif sur douze mois": (
        "prescriptions_permis_b",
        both("prescriptions_permis_b", 12, 40, source="pole_emploi_prescriptions"),
    ),
    "taux au-dessus du reste, écart qui se creuse": (
        "part_rsa_caf",
        rates((Y15, (60, 320), (500, 3500)), (Y20, (110, 330), (500, 3500))),
    ),
    "taux au-dessus du reste, écart qui se réduit": (
        "part_rsa_caf",
        rates((Y15, (130, 330), (500, 3500)), (Y20, (70, 300), (500, 3500))),
    ),
    "taux, écart non significatif": ("part_rsa_caf", rates((Y20, (30, 210), (500, 3500)))),
    "taux identique": ("part_rsa_caf", rates((Y20, (50, 350), (500, 3500)))),
    "taux, commune absente": (
        "part_femmes_defm",
        [*counts("defm_abc", (Y20, 194), **INSEE), *counts("defm_abc; sexe=femmes", (Y20, 96), **INSEE)],
    ),
    "taux pour cent habitants": (
        "taux_inscription_defm",
        [
            *both("defm_abc", 194, 1500),
            *both("population_municipale", 2016, 20191, source="insee_rp_pop", day=CENSUS_18),
        ],
    ),
    "taux masqué": ("part_rsa_caf", rates((Y20, (4, 200), (500, 3500)))),
    "effectif masqué, commune connue": ("defm_abc", both("defm_abc", 3, 1500)),
    "effectif non diffusé": ("defm_abc", counts("defm_abc", (Y20, None), **INSEE)),
    "effectif de la commune seulement": ("defm_abc", [fact("defm_abc", "commune", 1500)]),
    "médiane à côté de la commune entière": (
        "revenu_disponible_median",
        both("revenu_disponible; quantile=mediane", 16170, 26220, source="insee_filosofi"),
    ),
    "médiane de la commune seulement": (
        "revenu_disponible_median",
        [fact("revenu_disponible; quantile=mediane", "commune", 25207.2, source="insee_filosofi")],
    ),
    "taux publié": ("taux_pauvrete", both("taux_pauvrete", 25.4, 12.1, source="insee_filosofi")),
    "taux publié, rupture entre les deux dates": (
        "taux_pauvrete",
        counts("taux_pauvrete", (Y15, 29.2), (Y16, 31.3), source="insee_filosofi"),
    ),
    "indice": ("indice_jeunesse", both("indice_jeunesse", 3.0, 1.1, source="insee_rp", day=CENSUS_18)),
    "donnée provisoire": ("defm_abc", [fact("defm_abc", "qpv", 194, statut="provisoire", **INSEE)]),
    "titre à incise": (
        "part_residences_vacantes",
        both("part_residences_vacantes", 3.1, 5.2, source="insee_rp", day=CENSUS_18),
    ),
    "dispositif sans objet": (
        "entrees_cej",
        [fact("entrees_cej", "qpv", None, source="mission_locale", statut="sans_objet")],
    ),
    "taux sur moins de cent personnes": (
        "taux_retard_sixieme",
        [
            *both("eleves_en_retard; classe=sixieme", 6, 40, source="insee_educ", day=date(2020, 9, 1)),
            *both("eleves; classe=sixieme", 40, 500, source="insee_educ", day=date(2020, 9, 1)),
        ],
    ),
    "vide, partenaires au pluriel": ("part_proprietaires", []),
    "vide, partenaire local": ("premiers_accueils", []),
    "vide, fichier à télécharger": ("taux_pauvrete", []),
}


def table_of(rows: list[dict]) -> pd.DataFrame:
    return facts(*rows) if rows else facts(fact("defm_abc", "qpv", 1)).iloc[:0]
