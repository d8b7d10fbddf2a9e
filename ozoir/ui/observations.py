"""The observation part of a report: main indicators, gaps, observed changes, data by sex."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from ozoir.charts.words import cell_text, figure_text, lower_first
from ozoir.indicators.results import Point
from ozoir.suivi.bilan import Observation
from ozoir.ui.suivi import VIDE, empty, show_table
from ozoir.ui.tables import period_cell, signs_legend
from ozoir.ui.texts import capitalise, safe


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
            cell_text(item.point.qpv),
            cell_text(item.point.reste),
            cell_text(item.point.commune),
            _gap(item.point),
            _evolution(item),
            period_cell(item.point),
        )
        for item in known
    ]
    heads = ("Indicateur", "Quartier", "Reste de la commune", "Commune entière", "Écart", "Évolution observée", "Date")
    show_table("Éléments d’observation", heads, rows, "")
    _show_by_sex([item for item in known if item.by_sex], annee)
    _show_foot(observations, known)


def _gap(point: Point) -> str:
    """Named, when it is not measured against the rest of the commune."""
    entire = " <small>(commune entière)</small>" if point.ecart.is_shown and point.comparateur == "commune" else ""
    return cell_text(point.ecart, sign=True) + entire


def _show_foot(observations: Sequence[Observation], known: Sequence[Observation]) -> None:
    """Signs met, sources, and the indicators without any value."""
    figures = [figure for o in known for figure in (o.point.qpv, o.point.reste, o.point.commune, o.point.ecart)]
    legend = signs_legend({figure.signe for figure in figures} | {"n.s."})
    reasons = dict.fromkeys(capitalise(o.point.ecart.raison) for o in known if o.point.ecart.raison)
    notes = "".join(f"<li>{safe(reason)}</li>" for reason in reasons)
    sources = " ; ".join(dict.fromkeys(o.result.source for o in known if o.result.source))
    absent = ", ".join(o.result.indicateur.titre for o in observations if not o.point)
    st.html(
        f'<p class="oz-signes">{legend}</p>'
        + (f'<ul class="oz-notes">{notes}</ul>' if notes else "")
        + (f'<p class="oz-source"><b>Sources</b>\u00a0: {safe(sources)}</p>' if sources else "")
        + (f'<p class="oz-source">Sans valeur connue\u00a0: {safe(absent)}.</p>' if absent else "")
    )


def _evolution(item: Observation) -> str:
    """Since the initial state of the same source."""
    change = item.evolution
    if change is None or not change.qpv.is_shown:
        return VIDE
    verdict = " n.s." if change.is_noise else ""
    return f"{figure_text(change.qpv, sign=True)}{verdict} <small>({change.debut.year}–{change.fin.year})</small>"


def _show_by_sex(observations: Sequence[Observation], annee: int) -> None:
    rows = []
    for item in observations:
        for serie in item.by_sex.series[1:]:
            points = [point for point in serie.points if point.date_reference.year <= annee]
            if points:
                name = f"{item.result.indicateur.titre} – {lower_first(serie.libelle)}"
                rows.append((safe(name), cell_text(points[-1].qpv), _gap(points[-1]), period_cell(points[-1])))
    if rows:
        st.html('<h3 class="oz-message">Par sexe</h3>')
        show_table("Éléments d’observation par sexe", ("Indicateur", "Quartier", "Écart", "Date"), rows, "")
