"""File names that speak: « prefixe_bilan_2019_publique_2020-03-12.pptx »."""

from __future__ import annotations

from ozoir.exports.cleaning import file_name_part
from ozoir.exports.contents import Dossier, Ecran


def file_name(dossier: Dossier | Ecran, stem: str, extension: str, detail: str = "") -> str:
    """prefix, document, year, detail when there is one, diffusion, frozen edition, day."""
    parts = [
        file_name_part(dossier.prefixe),
        stem,
        str(dossier.annee),
        file_name_part(detail) if detail else "",
        dossier.diffusion,
        f"edition-{dossier.numero}" if dossier.numero else "",
        dossier.edite_le.isoformat(),
        "fictif" if dossier.fictif else "",
    ]
    return "_".join(part for part in parts if part) + f".{extension}"
