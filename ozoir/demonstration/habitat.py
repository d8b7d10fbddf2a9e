"""The tenure of main residences, as a housing observatory would give it: one row per tenure, one column per territory."""

from __future__ import annotations

from pathlib import Path

from ozoir.catalogue.model import Territoire
from ozoir.demonstration.files import SUFFIX, titles, write_xlsx

# Census year → tenure → (quartier, commune).
TENURES = {
    2013: {
        "Propriétaires occupants": (9, 5486),
        "Locataires du parc social": (641, 893),
        "Locataires du parc privé": (11, 1124),
        "Logés gratuitement": (7, 96),
    },
    2018: {
        "Propriétaires occupants": (12, 5571),
        "Locataires du parc social": (637, 921),
        "Locataires du parc privé": (14, 1203),
        "Logés gratuitement": (6, 91),
    },
}


def write_censuses(folder: Path, territoire: Territoire) -> list[Path]:
    """One workbook per census."""
    paths = []
    for year, tenures in TENURES.items():
        path = folder / f"habitat_{year}{SUFFIX}.xlsx"
        totals = [sum(counts) for counts in zip(*tenures.values(), strict=True)]
        rows = [["Résidences principales", *totals], *([tenure, *counts] for tenure, counts in tenures.items())]
        title = f"Commune\u00a0: {territoire.nom_commune}. Recensement {year}"
        write_xlsx(
            path,
            {"Occupation": [*titles("Observatoire de l’habitat", title), ["Statut d’occupation", "QPV", "Commune"], *rows]},
        )
        paths.append(path)
    return paths
