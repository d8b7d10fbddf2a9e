"""Every fictitious extract of the demonstration, in one folder."""

from __future__ import annotations

from pathlib import Path

from ozoir.catalogue.model import Territoire
from ozoir.demonstration import bailleur, caf, habitat, insee, mission_locale, pole_emploi
from ozoir.demonstration.people import draw_households, draw_job_seekers, draw_youths
from ozoir.demonstration.stock import draw_stock
from ozoir.errors import OzoirError


def write_everything(folder: Path, territoire: Territoire) -> list[Path]:
    """The files written, partner by partner; two runs give the same cells."""
    if len(territoire.membres) > 1 or len(territoire.communes) > 1:
        raise OzoirError(
            "Pas d’extraits fictifs pour ce contrat.",
            "Ils sont écrits pour un quartier dans une commune. Les modèles à remplir, page «\u00a0Import\u00a0», "
            "portent les codes de tous les quartiers.",
        )
    folder.mkdir(parents=True, exist_ok=True)
    job_seekers, households = draw_job_seekers(), draw_households()
    stock = draw_stock()
    return [
        *pole_emploi.write_quarters(folder, territoire, job_seekers),
        *caf.write_years(folder, territoire, households),
        *bailleur.write_dwellings(folder, territoire, stock),
        *bailleur.write_residences(folder, territoire, stock),
        *mission_locale.write_years(folder, territoire, draw_youths()),
        *habitat.write_censuses(folder, territoire),
        *insee.write_editions(folder, insee.Town(territoire, job_seekers, households)),
    ]
