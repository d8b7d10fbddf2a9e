"""The observation part of a report: main indicators, gaps, observed changes, data by sex."""

from __future__ import annotations

import streamlit as st

from ozoir.charts.words import cell_text, figure_text
from ozoir.suivi.bilan import Observation
from ozoir.ui.suivi import VIDE, empty, show_table
from ozoir.ui.texts import safe


def show_observations(observations: tuple[Observation, ...], annee: int) -> None:
    """The main indicators at the end of the year, their gap, what changed since the initial state; then by sex."""
    known = [item for item in observations if item.point]
    if not known:
        how = "La page «\u00a0Données\u00a0» dit quels fichiers charger."
        empty(f"Aucun indicateur principal n’a de valeur au 31/12/{annee} ou avant. {how}")
        return
    rows = [
        (
            safe(item.result.indicateur.titre),
            safe(item.point.periode),
            cell_text(item.point.qpv),
            cell_text(item.point.reste if item.point.comparateur == "reste" else item.point.commune),
            cell_text(item.point.ecart, sign=True),
            _evolution(item),
        )
        for item in known
    ]
    heads = ("Indicateur", "Date", "Quartier", "Reste ou commune", "Écart", "Évolution observée")
    show_table("Éléments d’observation", heads, rows, "")
    absent = [safe(item.result.indicateur.titre) for item in observations if not item.point]
    if absent:
        st.html(f'<p class="oz-source">Sans valeur connue\u00a0: {", ".join(absent)}.</p>')
    _show_by_sex([item for item in known if item.by_sex], annee)


def _evolution(item: Observation) -> str:
    """Since the initial state of the same source."""
    change = item.evolution
    if change is None or not change.qpv.is_shown:
        return VIDE
    verdict = "" if change.is_significant else " n.s."
    return f"{figure_text(change.qpv, sign=True)}{verdict} <small>({change.debut.year}–{change.fin.year})</small>"


def _show_by_sex(observations: list[Observation], annee: int) -> None:
    rows = []
    for item in observations:
        for serie in item.by_sex.series[1:]:
            points = [point for point in serie.points if point.date_reference.year <= annee]
            if points:
                rows.append((safe(item.result.indicateur.titre), safe(serie.libelle), safe(points[-1].periode),
                             cell_text(points[-1].qpv), cell_text(points[-1].ecart, sign=True)))  # fmt: skip
    if rows:
        st.html('<h3 class="oz-message">Par sexe</h3>')
        show_table("Éléments d’observation par sexe", ("Indicateur", "Sexe", "Date", "Quartier", "Écart"), rows, "")
