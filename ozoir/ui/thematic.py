"""Pages of indicators: by theme, the first ones drawn, the others one line each, then what is still awaited."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import groupby
from urllib.parse import urlencode

import streamlit as st

from ozoir.catalogue.contrat import Axe, Pilier
from ozoir.charts.bars import Paire, pair_at
from ozoir.charts.figures import Chart, build_gaps
from ozoir.charts.traces import Vue
from ozoir.charts.words import cell_text
from ozoir.indicators.publication import Publication
from ozoir.indicators.results import Result
from ozoir.numbers import plural
from ozoir.suivi.gouvernance import evenements
from ozoir.ui.blocks import prepare, show_block, show_chart, show_rows
from ozoir.ui.connexion import admit
from ozoir.ui.contrats import current_catalogue, current_contrat, link_to
from ozoir.ui.filters import Choix, draw_filters, pick, remember, switch
from ozoir.ui.session import keep
from ozoir.ui.suivi import open_dossier
from ozoir.ui.tables import folded_list, table_html
from ozoir.ui.texts import raw, safe

CHARTS_AT_ONCE = 4  # more would be slow to draw in the browser; the others come on demand
GAPS_AT_MOST = 6


def pillar_asked() -> Pilier:
    """The pillar of the address, the first when it names none; written back so that the address always says it."""
    if not current_contrat():
        admit()
    pillars = sorted(current_catalogue().contrat.piliers, key=lambda pilier: pilier.ordre)
    asked = st.query_params.get("pilier", "")
    found = next((pilier for pilier in pillars if pilier.id == asked), pillars[0])
    remember("pilier", found.id)
    return found


def pick_axis(publication: Publication) -> Axe:
    """The transversal axis chosen, kept in the address."""
    axes = {axe.id: axe for axe in publication.catalogue.contrat.axes}
    return axes[pick("axe", "Axe transversal", {name: axe.titre for name, axe in axes.items()})]


def show_pillar_head(pilier: Pilier, publication: Publication) -> None:
    """What the contract wants here, folded; then the gaps of the pillar's rates in one chart."""
    goals = "".join(
        f"<li>{safe(orientation.titre)}<ul>"
        + "".join(
            f"<li>{safe(goal.numero)}. {safe(goal.titre)}</li>" for goal in pilier.objectifs if goal.id in orientation.objectifs
        )
        + "</ul></li>"
        for orientation in pilier.orientations
    )
    st.html(f"<details><summary>Ce que vise le contrat</summary><ul>{goals}</ul></details>")
    show_gaps(publication, publication.results(pilier=pilier.id), pilier.titre, {"pilier": pilier.id})


def show_axis_head(axe: Axe, publication: Publication) -> None:
    """What the contract commits to on this axis, then its gaps."""
    commitments = "".join(f"<li>{safe(engagement.texte)}</li>" for engagement in axe.engagements)
    st.html(f"<details><summary>Ce que le contrat engage</summary><ul>{commitments}</ul></details>")
    show_gaps(publication, publication.results(axe=axe.id), axe.titre, {"axe": axe.id})


def show_gaps(publication: Publication, results: Iterable[Result], titre: str, address: dict[str, str]) -> None:
    """The widest gaps in % at the latest date, when at least two can be drawn; `address`: where their evolution is told."""
    identifiers = tuple(result.indicateur.id for result in results)
    drawn = keep(publication, ("ecarts", titre, identifiers), lambda: _draw_gaps(publication, titre, identifiers))
    if drawn:
        chart, table = drawn
        st.html('<h2 class="oz-theme">Les principaux écarts</h2>')
        show_chart(chart, "ecarts")
        question = safe("Ces écarts se réduisent-ils depuis le début du contrat ?")
        link = f'<a href="{raw(link_to(f"ecarts?{urlencode(address)}"))}" target="_self">{question}</a>'
        st.html(f'<details><summary>Ces écarts en tableau</summary>{table}</details><p class="oz-source">{link}</p>')


def _draw_gaps(publication: Publication, titre: str, identifiers: tuple[str, ...]) -> tuple[Chart, str] | None:
    """The chart, and its table: the same pairs."""
    pairs = [pair for name in identifiers if (pair := _gap_pair(publication.result(name)))]
    pairs.sort(key=lambda pair: -abs(pair.qpv.valeur - pair.autre.valeur))
    if len(pairs) < 2:
        return None
    pairs = pairs[:GAPS_AT_MOST]
    titre = f"Les principaux écarts, {titre}"
    rows = [
        (safe(pair.libelle), safe(pair.periode), cell_text(pair.qpv), cell_text(pair.autre), safe(pair.nom_autre))
        for pair in pairs
    ]
    heads = ("Indicateur", "Date", "Quartier", "Comparé à", "Comparateur")
    return build_gaps(pairs, titre, publication.fictif), table_html(titre, heads, rows)


def _gap_pair(result: Result) -> Paire | None:
    if result.is_empty or result.indicateur.unite != "%":
        return None
    return pair_at(result.series[0], result.indicateur.titre, Vue(), is_count=False)


def show_indicators(publication: Publication, results: Sequence[Result]) -> None:
    """Filters, themes, then what is awaited."""
    results = sorted(results, key=lambda result: (result.indicateur.ordre, result.indicateur.titre))
    fed = [result for result in results if not (result.is_empty and result.attente)]
    waiting = [result for result in results if result.is_empty and result.attente]
    if fed:
        count = plural(len(fed), "indicateur alimenté", "indicateurs alimentés")
        st.html(f'<h2 class="oz-theme">Les indicateurs<small>{count}</small></h2>')
        choix = draw_filters(publication, fed)
        themes = list(dict.fromkeys(result.indicateur.theme for result in fed))
        left, middle, right = st.columns([5, 3, 3], vertical_alignment="bottom")
        with middle:
            choix = _with_events(publication, choix)
        with left:
            theme = pick("theme", "Thème", {"": "Tous les thèmes", **{name: name for name in themes if name}})
        with right:
            has_table = switch("tableaux", "Tableaux à côté des graphiques", True)
        kept = [result for result in fed if not theme or result.indicateur.theme == theme]
        _show_themes(publication, kept, choix, has_table, themes)
    _show_waiting(waiting, len(results))


def _with_events(publication: Publication, choix: Choix) -> Choix:
    """The choice with the dated events of the follow-up, unless the reader switched them off."""
    events = tuple(evenements(open_dossier(publication)))
    if not events or not switch("evenements", "Évènements sur les courbes", True):
        return choix
    return replace(choix, vue=replace(choix.vue, evenements=events))


def _show_themes(publication: Publication, results: list[Result], choix: Choix, has_table: bool, themes: list[str]) -> None:
    by_theme = sorted(results, key=lambda result: themes.index(result.indicateur.theme))
    room = CHARTS_AT_ONCE
    for theme, members in groupby(by_theme, key=lambda result: result.indicateur.theme):
        st.html(f'<h2 class="oz-theme">{safe(theme or "Autres indicateurs")}</h2>')
        rows = {}
        for result in members:
            name = result.indicateur.id
            block = prepare(publication, name, choix)
            if room > 0 and block.chart:
                show_block(block, name, has_table)
                room -= 1
            else:
                rows[name] = block
        show_rows(rows, str(themes.index(theme)), has_table)


def _show_waiting(waiting: list[Result], total: int) -> None:
    """One sentence per partner, and what it would feed."""
    if not waiting:
        return
    title = f'<h2 class="oz-theme">En attente de données<small>{len(waiting)} sur {plural(total, "indicateur")}</small></h2>'
    by_sentence: dict[str, list[str]] = {}
    for result in waiting:
        by_sentence.setdefault(result.attente, []).append(result.indicateur.titre)
    lists = [
        folded_list(sentence, plural(len(titles), "indicateur concerné", "indicateurs concernés"), map(safe, titles))
        for sentence, titles in by_sentence.items()
    ]
    st.html(title + "".join(lists))
