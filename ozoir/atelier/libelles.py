"""Facts in words: where, how much."""

from __future__ import annotations

from ozoir.catalogue.loading import Catalogue
from ozoir.numbers import NARROW, format_number

_SIGNS = {"non_diffuse": "nd", "manquant": "…", "sans_objet": "///"}


def describe_territory(catalogue: Catalogue, code: str, zonage: str) -> str:
    """« Quartier (QP2015) », « Commune », else the code."""
    for known in catalogue.territoires:
        if code in known.codes_quartier:
            return f"Quartier ({zonage})" if len(catalogue.territoires) == 1 else f"{known.nom_quartier} ({zonage})"
        if code == known.code_commune:
            return "Commune"
    return code


def describe_value(catalogue: Catalogue, mesure: str, value: float | None, statut: str) -> str:
    """« 2 034 », « 31,9 % », or the sign which stands for no number."""
    if statut in _SIGNS or value is None or value != value:
        return _SIGNS.get(statut, "…")
    declared = catalogue.mesures.get(mesure)
    decimals = 0 if value == int(value) else max(declared.decimales if declared else 0, 1)
    unit = f"{NARROW}{declared.unite}" if declared and declared.unite in ("%", "€") else ""
    return f"{format_number(value, decimals)}{unit}{NARROW + 'p' if statut == 'provisoire' else ''}"
