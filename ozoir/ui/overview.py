"""The home page's parts: who the quartier is, its key figures, gaps, moves, and what is missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import streamlit as st

from ozoir.catalogue.loading import Catalogue
from ozoir.catalogue.model import Indicateur
from ozoir.charts.bars import Paire, pair_at
from ozoir.charts.traces import Vue
from ozoir.charts.words import cell_text, figure_text, lower_first
from ozoir.indicators.formulas import combine_margins, exceeds_margin
from ozoir.indicators.gaps import CREUSE, INVERSE, NON_SIGNIFICATIF, REDUIT, list_gap_changes
from ozoir.indicators.publication import Publication
from ozoir.indicators.results import Point, Result
from ozoir.numbers import format_number, plural
from ozoir.ui.blocks import SENS, linked_title, sparkline
from ozoir.ui.contrats import link_to
from ozoir.ui.panneau import show_panel
from ozoir.ui.session import keep
from ozoir.ui.texts import raw, safe

KEY_FIGURES = 8
LINES, MISSING_LINES = 4, 2
NOT_LOADED = "Aucun chiffre n’est encore chargé."
UNMOVED = "Aucune évolution significative\u00a0: sur de petits effectifs, les variations observées peuvent tenir au hasard."
ARROWS = {True: "↗", False: "↘"}


def show_identity(publication: Publication) -> None:
    """Name, codes, and what the contract said of the quartier when it was signed."""
    territoire, contrat = publication.catalogue.territoire, publication.catalogue.contrat
    zonages = ", ".join(
        f"{zonage.codes} (depuis {zonage.debut.year})"
        if zonage.fin is None
        else f"{zonage.codes} ({zonage.debut.year}–{zonage.fin.year})"
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
    """What the contract counted without reservation, where a key figure counts it today."""
    declared = publication.catalogue.indicateurs
    return [
        f"{format_number(item.valeur)}\u00a0{item.unite} selon le contrat"
        for item in publication.catalogue.contrat.etat_initial
        if not item.precision
        and any(declared[name].principal and declared[name].nature == "effectif" for name in item.observation)
    ]


def principal(results: Sequence[Result]) -> list[Result]:
    """The key figures which can be shown, in the catalogue's order."""
    chosen = [result for result in results if result.indicateur.principal and result.total and result.total.latest]
    return sorted((result for result in chosen if result.total.latest.qpv.is_shown), key=lambda result: result.indicateur.ordre)


def show_key_figures(results: Sequence[Result]) -> None:
    """Five to eight figures of the quartier, each with its comparator, its gap and its shape."""
    cards = "".join(_card(result) for result in principal(results)[:KEY_FIGURES])
    if not cards:
        way = f'<a href="{raw(link_to("import"))}" target="_self">Déposer les fichiers des partenaires</a>'
        st.html(f'<p class="oz-vide">Aucun chiffre clé n’est encore alimenté. {way}.</p>')
        return
    st.html(f'<ul class="oz-cartes" aria-label="Chiffres clés">{cards}</ul>')


def _card(result: Result) -> str:
    point = result.total.latest
    return (
        f'<li class="oz-carte"><h2>{linked_title(result.indicateur)}</h2><b>{cell_text(point.qpv)}</b>'
        f'<span class="oz-trait">{sparkline(result, Vue())}</span><p>{safe(result.period_of(point))}<br>{_beside(result, point)}</p></li>'
    )


def _beside(result: Result, point: Point) -> str:
    """« Reste de la commune : 8,2 % · écart +6,1 pts », at an earlier date if need be, which is then said."""
    is_count = result.indicateur.nature == "effectif"
    pair = pair_at(result.total, "", Vue(), is_count)
    if pair is None:
        return "Pas de comparaison possible à ce jour" if not is_count else "Effectif de la commune non disponible"
    text = f"{safe(pair.nom_autre)}\u00a0: {cell_text(pair.autre)}"
    if pair.periode != point.periode:
        return f"{text} {safe(pair.periode)} (quartier\u00a0: {cell_text(pair.qpv)})"
    if pair.role == point.comparateur and point.ecart.is_shown:
        text += f" · écart {cell_text(point.ecart, sign=True)}"
    elif point.part.is_shown and is_count:
        text += f" · le quartier\u00a0: {cell_text(point.part)} de la commune"
    return text


def three_panels():
    """Gaps, moves, news and missing: side by side, one under the other on a narrow screen."""
    return st.columns(3, gap="medium")


def show_gap_panel(publication: Publication, results: Sequence[Result]) -> None:
    """The widest unfavourable gaps with the rest of the commune, the commune or other QPV, always named; then their course."""
    gaps = sorted(filter(None, (_gap(result) for result in results)), key=lambda gap: -gap[0])
    course = keep(publication, "cours des écarts", lambda: _course(publication, results))
    lines = [*(text for _, text in gaps[: LINES - 1]), *([course] if course else [])]
    nothing = "Aucun écart défavorable dans les données chargées."
    show_panel("Où sont les écarts", lines, nothing if any(result.total for result in results) else NOT_LOADED)


def _course(publication: Publication, results: Sequence[Result]) -> str:
    """« Depuis T0 : 1 écart se creuse, 35 stables (n.s.) », leading to the whole table; empty when none can be followed."""
    changes = list_gap_changes(results, publication.catalogue)
    counts = Counter(item.verdict for item in changes)
    followed = [
        f"{counts[verdict]}\u00a0{one if counts[verdict] == 1 else many}"
        for verdict, one, many in (
            (REDUIT, "se réduit", "se réduisent"),
            (CREUSE, "se creuse", "se creusent"),
            (INVERSE, "change de sens", "changent de sens"),
            (NON_SIGNIFICATIF, "ne bouge pas (n.s.)", "ne bougent pas (n.s.)"),
        )
        if counts[verdict]
    ]
    if not followed:
        return ""
    link = f'<a href="{raw(link_to("ecarts"))}" target="_self">Depuis le début du contrat</a>'
    return f"{link}, de tous les écarts\u00a0: {safe(', '.join(followed))}"


def _gap(result: Result) -> tuple[float, str] | None:
    """Width of the gap relative to the comparator, when it goes against the wish, and its sentence."""
    sens = result.indicateur.sens
    if result.total is None or result.indicateur.nature == "effectif" or sens == "neutre":
        return None
    pair = pair_at(result.total, "", Vue(), is_count=False)
    if pair is None or not pair.autre.valeur or _is_noise(pair):
        return None
    width = (pair.qpv.valeur - pair.autre.valeur) / abs(pair.autre.valeur) * (-1 if sens == "hausse" else 1)
    if width <= 0:
        return None
    text = (
        f"{linked_title(result.indicateur)}\u00a0: <b>{cell_text(pair.qpv)}</b>, contre {cell_text(pair.autre)} "
        f"({safe(lower_first(pair.nom_autre))}, {safe(pair.periode)})"
    )
    return width, text


def _is_noise(pair: Paire) -> bool:
    """Whether the gap is within its margin: that of the quartier alone beside a published figure which has none.

    A quartier's published value without margin is not judged.
    """
    if pair.qpv.marge is None:
        return False
    margin = combine_margins(pair.qpv.marge, pair.autre.marge or 0.0)
    return not exceeds_margin(pair.qpv.valeur - pair.autre.valeur, margin)


def show_moves_panel(results: Sequence[Result]) -> None:
    """Only changes larger than what chance makes on such counts."""
    moved = [result for result in results if result.total and result.total.evolution and result.total.evolution.is_significant]
    moved.sort(
        key=lambda result: (result.total.evolution.sens not in SENS, not result.indicateur.principal, result.indicateur.ordre)
    )
    show_panel(
        "Ce qui a bougé",
        [_move(result) for result in moved if result.total.evolution.qpv.is_shown][:LINES],
        UNMOVED if any(result.total for result in results) else NOT_LOADED,
    )


def _move(result: Result) -> str:
    change = result.total.evolution
    value = figure_text(change.qpv, sign=True)
    arrow = ARROWS[change.qpv.valeur > 0]
    verdict = f', <span class="oz-etat">{SENS[change.sens]}</span>' if change.sens in SENS else ""
    return (
        f'{linked_title(result.indicateur)}\u00a0: <b><span class="oz-etat">{arrow}\u00a0{value}</span></b> '
        f"de {change.debut.year} à {change.fin.year}{verdict}"
    )


def show_missing_panel(publication: Publication, results: Sequence[Result]) -> None:
    """How many indicators wait for each partner, and where to see it in full."""
    waiting = [result.indicateur for result in results if result.is_empty and result.attente]
    partners = Counter(awaited_partner(publication.catalogue, indicateur) for indicateur in waiting)
    items = [
        f"{safe(name)}\u00a0: {plural(count, 'indicateur')} en attente" for name, count in partners.most_common(MISSING_LINES)
    ]
    items.append(f'<a href="{raw(link_to("donnees"))}" target="_self">Voir les données et les fichiers attendus</a>')
    show_panel(f"Ce qui manque ({plural(len(waiting), 'indicateur')} sur {len(results)})", items, "")


def awaited_partner(catalogue: Catalogue, indicateur: Indicateur) -> str:
    """Who sends the first layout that would feed this indicator, else the producer of its first source."""
    for name in indicateur.sources:
        for layout in catalogue.sources.values():
            if any(bloc.source == name for tableau in layout.tableaux for bloc in tableau.blocs):
                return layout.producteur
    return catalogue.statistiques[indicateur.sources[0]].producteur
