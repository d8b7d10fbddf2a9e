"""The home page's parts: who the quartier is, its key figures, gaps, moves, and what is missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import streamlit as st

from ozoir.charts.traces import Vue, compare
from ozoir.charts.words import cell_text, figure_text, lower_first
from ozoir.indicators.publication import Publication
from ozoir.indicators.results import Point, Result
from ozoir.numbers import format_date, format_number, plural
from ozoir.ui.blocks import sparkline
from ozoir.ui.menu import page_path
from ozoir.ui.texts import safe

KEY_FIGURES = 8
LINES = 5
ARROWS = {True: "↗", False: "↘"}
SENS = {"favorable": "favorable", "defavorable": "défavorable", "stable": "sans sens souhaité"}


def show_identity(publication: Publication) -> None:
    """Name, codes, and what the contract said of the quartier when it was signed."""
    territoire, contrat = publication.catalogue.territoire, publication.catalogue.contrat
    zonages = ", ".join(
        f"{zonage.code} (depuis {zonage.debut.year})" if zonage.fin is None else f"{zonage.code} ({zonage.debut.year}–{zonage.fin.year})"
        for zonage in territoire.zonages
    )
    facts = [
        f"<strong>{safe(territoire.nom_quartier)}</strong>, {safe(territoire.nom_commune)}",
        f"Code {safe(zonages)}",
        f"Contrat {contrat.periode.debut}–{contrat.periode.fin}",
        *(f"{safe(text)}" for text in _initial_facts(publication)),
    ]
    st.html(f'<div class="oz-identite">{"".join(f"<span>{fact}</span>" for fact in facts)}</div>')


def _initial_facts(publication: Publication) -> list[str]:
    """What the contract counted, for the units that key figures count today."""
    units = {item.unite for item in publication.catalogue.indicateurs.values() if item.principal and item.nature == "effectif"}
    counts = [item for item in publication.catalogue.contrat.etat_initial if item.territoire == "qpv" and item.unite in units]
    return [f"{format_number(item.valeur)}\u00a0{item.unite} selon le contrat" for item in counts[:3]]


def principal(results: Sequence[Result]) -> list[Result]:
    """The key figures which can be shown, in the catalogue's order."""
    chosen = [result for result in results if result.indicateur.principal and result.total and result.total.latest]
    return sorted((result for result in chosen if result.total.latest.qpv.is_shown), key=lambda result: result.indicateur.ordre)


def show_key_figures(results: Sequence[Result]) -> None:
    """Five to eight figures of the quartier, each with its comparator, its gap and its shape."""
    cards = "".join(_card(result) for result in principal(results)[:KEY_FIGURES])
    if not cards:
        st.html('<p class="oz-vide">Aucun chiffre clé n’est encore alimenté. La page « Données » dit quels fichiers sont attendus.</p>')
        return
    st.html(f'<ul class="oz-cartes" aria-label="Chiffres clés">{cards}</ul>')


def _card(result: Result) -> str:
    point = result.total.latest
    return (
        f'<li class="oz-carte"><h2>{safe(result.indicateur.titre)}</h2><b>{cell_text(point.qpv)}</b>'
        f'<span class="oz-trait">{sparkline(result, Vue())}</span><p>{safe(point.periode)}<br>{_beside(result, point)}</p></li>'
    )


def _beside(result: Result, point: Point) -> str:
    """« Reste de la commune : 8,2 % · écart +6,1 pts », or the reason why nothing compares."""
    is_count = result.indicateur.nature == "effectif"
    beside = compare(result.total, Vue(), is_count)
    other = beside.shown_by_date.get(point.date_reference) if beside else None
    if other is None:
        return "comparaison avec la commune non disponible" if is_count else "comparaison non disponible"
    text = f"{safe(beside.libelle)}\u00a0: {cell_text(other)}"
    if beside.role == point.comparateur and point.ecart.is_shown:
        text += f" · écart {cell_text(point.ecart, sign=True)}"
    elif point.part.is_shown and is_count:
        text += f" · le quartier en regroupe {cell_text(point.part)}"
    return text


def three_panels():
    """Gaps, moves, missing: side by side, one under the other on a narrow screen."""
    return st.columns(3, gap="medium")


def _panel(titre: str, items: Sequence[str], empty: str) -> None:
    body = f"<ul>{''.join(f'<li>{item}</li>' for item in items)}</ul>" if items else f"<p>{empty}</p>"
    st.html(f'<section class="oz-panneau"><h2>{safe(titre)}</h2>{body}</section>')


def show_gap_panel(results: Sequence[Result]) -> None:
    """The widest unfavourable gaps in points, with the rest of the commune, the commune or other QPV, always named."""
    gaps = sorted(filter(None, (_gap(result) for result in results)), key=lambda gap: -gap[0])
    _panel("Où sont les écarts", [text for _, text in gaps[:LINES]], "Aucun écart ne peut être calculé avec les données chargées.")


def _gap(result: Result) -> tuple[float, str] | None:
    """Width of the gap in the unwanted direction, and its sentence."""
    serie, sens = result.total, result.indicateur.sens
    if serie is None or serie.latest is None or result.indicateur.unite != "%" or sens == "neutre":
        return None
    point = serie.latest
    beside = compare(serie, Vue(), is_count=False)
    other = beside.shown_by_date.get(point.date_reference) if beside else None
    if other is None or not point.qpv.is_shown:
        return None
    width = (point.qpv.valeur - other.valeur) * (-1 if sens == "hausse" else 1)
    if width <= 0:
        return None
    text = f"{safe(result.indicateur.titre)}\u00a0: <b>{cell_text(point.qpv)}</b>, contre {cell_text(other)} ({safe(lower_first(beside.libelle))})"
    return width, text


def show_moves_panel(results: Sequence[Result]) -> None:
    """Only changes larger than what chance makes on such counts."""
    moved = [result for result in results if result.total and result.total.evolution and result.total.evolution.is_significant]
    moved.sort(key=lambda result: (not result.indicateur.principal, result.indicateur.ordre))
    _panel(
        "Ce qui a bougé",
        [_move(result) for result in moved if result.total.evolution.qpv.is_shown][:LINES],
        "Aucune évolution significative\u202f: sur de petits effectifs, les variations observées peuvent tenir au hasard.",
    )


def _move(result: Result) -> str:
    change = result.total.evolution
    value = figure_text(change.qpv, sign=True)
    arrow = ARROWS[change.qpv.valeur > 0]
    return (
        f"{safe(result.indicateur.titre)}\u00a0: <b>{arrow} {value}</b> de {change.debut.year} à {change.fin.year}, "
        f'<span class="oz-etat">{SENS.get(change.sens, "")}</span>'
    )


def show_missing_panel(publication: Publication, results: Sequence[Result]) -> None:
    """How many indicators wait, for whom; what came last."""
    waiting = [result for result in results if result.is_empty and result.attente]
    partners = Counter(result.attente for result in waiting)
    items = [f"{safe(sentence)} <small>({plural(count, 'indicateur')})</small>" for sentence, count in partners.most_common(LINES - 1)]
    imports = [item for item in publication.imports() if item.statut == "charge"]
    if imports:
        latest = max(imports, key=lambda item: item.charge_le)
        items.insert(0, f"Dernier fichier chargé\u00a0: {safe(latest.fichier)}, le {format_date(latest.charge_le)}")
    _panel(f"Ce qui manque ({len(waiting)} sur {len(results)} indicateurs)", items, "Tous les indicateurs sont alimentés.")
    st.page_link(page_path("donnees"), label="Voir les données et les fichiers attendus")
