"""A fact key in words."""

from __future__ import annotations

from ozoir.catalogue.loading import Catalogue
from ozoir.catalogue.model import Cle


def describe_cle(catalogue: Catalogue, cle: Cle) -> str:
    """« Demandeurs d’emploi ABC – Femmes, Moins de 25 ans »."""
    labels = [
        catalogue.modality_label(dimension, modality)
        for dimension, modality in cle.breakdown.items()
        if dimension in catalogue.dimensions
    ]
    title = catalogue.mesures[cle.mesure].titre if cle.mesure in catalogue.mesures else cle.mesure
    return f"{title} – {', '.join(labels)}" if labels else title
