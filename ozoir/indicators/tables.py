"""A Result laid flat: one row per modality and date, for the commands, the CSV and the workbook."""

from __future__ import annotations

from typing import Any

from ozoir.indicators.results import Figure, Point, Result, Serie

FIGURES = ("qpv", "reste", "commune", "ecart", "rapport", "part", "sur_representation", "a_rattraper")
COLUMNS = (
    "indicateur",
    "titre",
    "unite",
    "decoupage",
    "modalite",
    "libelle_modalite",
    "date_reference",
    "periode",
    "source",
    "zonage",
    *(column for name in FIGURES for column in (name, f"{name}_statut", f"{name}_raison")),
    "qpv_numerateur",
    "qpv_denominateur",
    "qpv_marge",
    "comparateur",
    "comparateurs",
    "evolution_sens",
)


def result_rows(result: Result) -> list[dict[str, Any]]:
    """Rows with COLUMNS as keys; a number is None when its status says why."""
    return [_row(result, serie, point) for serie in result.series for point in serie.points]


def _row(result: Result, serie: Serie, point: Point) -> dict[str, Any]:
    indicateur = result.indicateur
    row = {
        "indicateur": indicateur.id,
        "titre": indicateur.titre,
        "unite": indicateur.unite,
        "decoupage": result.decoupage,
        "modalite": serie.modalite,
        "libelle_modalite": serie.libelle,
        "date_reference": point.date_reference,
        "periode": point.periode,
        "source": point.source,
        "zonage": point.zonage,
        "qpv_numerateur": point.qpv.numerateur,
        "qpv_denominateur": point.qpv.denominateur,
        "qpv_marge": point.qpv.marge,
        "comparateur": point.comparateur,
        "comparateurs": " | ".join(_comparator(comparateur) for comparateur in point.comparateurs),
        "evolution_sens": serie.evolution.sens if serie.evolution and point is serie.points[-1] else "",
    }
    for name in FIGURES:
        figure: Figure = getattr(point, name)
        row |= {name: figure.valeur, f"{name}_statut": figure.statut, f"{name}_raison": figure.raison}
    return row


def _comparator(comparateur) -> str:
    value = comparateur.figure.valeur
    text = comparateur.figure.signe if value is None else f"{value:.12g}".replace(".", ",")
    return (
        f"{comparateur.libelle} : {text} ({comparateur.qpv_publies} QPV publiés, {comparateur.qpv_non_diffuses} non diffusés)"
    )
