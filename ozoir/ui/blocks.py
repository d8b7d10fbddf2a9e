"""One indicator, shown: message, chart, table, source line, notes, and where each number comes from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import urlencode

import streamlit as st

from ozoir.catalogue.model import Indicateur
from ozoir.charts.figures import Chart, build_chart
from ozoir.charts.sparkline import draw_sparkline
from ozoir.charts.theme import CONFIG
from ozoir.charts.traces import Vue, compare, restrict, traces_of
from ozoir.charts.words import cell_text, figure_text
from ozoir.indicators.publication import Publication
from ozoir.indicators.results import Figure, Point, Result, Serie
from ozoir.numbers import NARROW, NBSP, format_date
from ozoir.ui.connexion import admit
from ozoir.ui.contrats import link_to
from ozoir.ui.filters import Choix, is_opened, set_opened
from ozoir.ui.frame import failure_shown
from ozoir.ui.images import offer_pictures
from ozoir.ui.origines import link_to_cell
from ozoir.ui.session import keep
from ozoir.ui.tables import column_count, result_table, signs_in, signs_legend, table_html
from ozoir.ui.texts import capitalise, raw, safe

# Columns of a table → widths of its chart and of itself; a wider table goes under its chart.
SHARES = {2: [3, 2], 3: [3, 2], 4: [3, 2], 5: [5, 6]}


@dataclass(frozen=True)
class Block:
    """Everything a block shows, ready: strings and one figure, kept as long as the base does not change.

    result, vue: what the figure was drawn from, for who takes it away as a picture.
    """

    tete: str
    chart: Chart | None
    table: str
    pied: str
    ligne: str
    waits: str
    result: Result
    vue: Vue


def prepare(publication: Publication, indicateur: str, choix: Choix) -> Block:
    """The block of an indicator as the reader asked for it."""
    return keep(publication, ("bloc", indicateur, choix), lambda: _prepare(publication, indicateur, choix))


def _prepare(publication: Publication, indicateur: str, choix: Choix) -> Block:
    result = answer(publication, indicateur, choix)
    if result.attente and result.is_empty:
        return Block("", None, "", "", "", result.attente, result, choix.vue)
    table = result_table(restrict(result, choix.vue), choix.vue, _dimension(publication, result))
    return Block(
        tete=_head(result),
        chart=build_chart(result, choix.vue) if _has_quartier(result) else None,
        table=table,
        pied=_foot(result, table),
        ligne=_row(result, choix.vue),
        waits="",
        result=result,
        vue=choix.vue,
    )


def _has_quartier(result: Result) -> bool:
    """A chart of the commune alone would fill the page without answering its question."""
    return any(point.qpv.is_shown for serie in result.series for point in serie.points)


def _dimension(publication: Publication, result: Result) -> str:
    return publication.catalogue.dimensions[result.decoupage].titre if result.decoupage else ""


def answer(publication: Publication, indicateur: str, choix: Choix) -> Result:
    """The Result behind a block, as far as this indicator follows the page's filters."""
    declared = publication.catalogue.indicateurs[indicateur]
    return publication.result(indicateur, choix.breakdown_of(declared), choix.filters_of(declared, publication.catalogue))


def show_block(block: Block, key: str, has_table: bool) -> None:
    """Head, chart and table side by side (one under the other when the table is wide or the screen narrow), foot."""
    with st.container(border=True, key=f"bloc-{key}"):
        st.html(block.tete)
        shares = SHARES.get(column_count(block.table), []) if block.chart and has_table else []
        left, right = st.columns(shares, gap="medium") if shares else [st.container()] * 2
        if block.chart:
            with left:
                show_chart(block.chart, key)
                offer_pictures(block.result, block.vue, key)
        if has_table or not block.chart:
            right.html(block.table)
        st.html(block.pied)


def show_chart(chart: Chart, key: str) -> None:
    """The figure, its alternative text, and the key of its marks when it does not name them itself."""
    figure = chart.sombre if st.context.theme.type == "dark" else chart.figure
    st.plotly_chart(figure, config=CONFIG, theme=None, alt=chart.alt, key=f"figure-{key}")
    if text := _key(chart) + _events(chart):
        st.html(text)


def _key(chart: Chart) -> str:
    marks = "".join(
        f'<li><span class="oz-puce oz-{role}" aria-hidden="true">{_MARKS[role]}</span> {safe(name)}</li>'
        for role, name in chart.cle
    )
    return f'<ul class="oz-cle">{marks}</ul>' if marks else ""


def _events(chart: Chart) -> str:
    said = "\u202f; ".join(chart.evenements)
    return f'<p class="oz-source"><b>Évènements</b>\u00a0: {safe(said)}.</p>' if said else ""


_MARKS = {"qpv": "●", "reste": "■", "commune": "◆", "autres": "▲"}


def show_rows(blocks: dict[str, Block], key: str, has_table: bool) -> None:
    """Lines of figures, by indicator; their charts come on demand, without rerunning the page."""

    @st.fragment
    def rows() -> None:
        with failure_shown():
            admit()
            with st.container(gap=None, key=f"lignes-{key}"):  # the style sheet lays it out: a line, then its switch
                for name, block in blocks.items():
                    _show_row(block, name, has_table)

    if blocks:
        rows()


def _show_row(block: Block, key: str, has_table: bool) -> None:
    name = f"voir-{key}"
    st.html(block.ligne or _row(block.result, block.vue))  # filtered, an indicator may have nothing but its name
    st.session_state[name] = is_opened(key)
    st.toggle("Graphique" if block.chart else "Détail", key=name, on_change=lambda: set_opened(key, st.session_state[name]))
    if is_opened(key):
        show_block(block, key, has_table)


def linked_title(indicateur: Indicateur) -> str:
    """The indicator's title, leading to its theme on its pillar's page."""
    filters = {"pilier": indicateur.pilier, **({"theme": indicateur.theme} if indicateur.theme else {})}
    address = link_to(f"pilier?{urlencode(filters)}")
    return f'<a href="{raw(address)}" target="_self">{safe(indicateur.titre)}</a>'


def _head(result: Result) -> str:
    return (
        f'<h3 class="oz-message" id="{raw(result.indicateur.id)}">{safe(result.message)}</h3>'
        f'<p class="oz-sous-titre">{safe(result.indicateur.titre)}{_unit(result)}</p>{_gap_line(result)}'
    )


def _unit(result: Result) -> str:
    unit = result.indicateur.unite
    space = NARROW if unit == "%" else NBSP
    return f" (en{space}{raw(unit)})" if unit else ""


def _gap_line(result: Result) -> str:
    """Gap first, then ratio, weight and catching-up, then what changed since the start of the contract."""
    serie = result.total
    point = _latest_compared(serie) if serie and not result.decoupage else None
    parts = []
    if point is not None:
        beside = "le reste de la commune" if point.comparateur == "reste" else "la commune entière"
        parts.append(f"Écart avec {beside} {point.periode}\u00a0: <b>{figure_text(point.ecart, sign=True)}</b>")
        if point.rapport.is_shown:
            parts.append(f"rapport de {cell_text(point.rapport)} à 1")
        if point.a_rattraper.is_shown and result.indicateur.sens != "neutre":
            parts.append(_catching_up(point.a_rattraper))
    if serie and serie.evolution and not result.decoupage:
        parts.append(_evolution(serie))
    return f'<p class="oz-ecart">{capitalise(" · ".join(parts))}</p>' if parts else ""


def _catching_up(figure: Figure) -> str:
    """« soit 7 personnes de plus qu’au même taux »."""
    size = figure_text(replace(figure, valeur=abs(figure.valeur)))
    return f"soit {size} de {'plus' if figure.valeur > 0 else 'moins'} qu’au même taux"


def _latest_compared(serie: Serie) -> Point | None:
    return next((point for point in reversed(serie.points) if point.ecart.is_shown), None)


def _evolution(serie: Serie) -> str:
    change = serie.evolution
    periods = {point.date_reference: point.periode.removeprefix("au ").removeprefix("en ") for point in serie.points}
    name = f"évolution observée {safe(periods[change.debut])} → {safe(periods[change.fin])}"
    if not change.qpv.is_shown:
        return f"{name}\u00a0: {change.qpv.signe or '///'}"
    word = f" ({SENS[change.sens]})" if change.is_significant and change.sens in SENS else ""
    verdict = ' <abbr title="non significatif">n.s.</abbr>' if change.is_noise else ""
    return f"{name}\u00a0: {figure_text(change.qpv, sign=True)}{word}{verdict}"


SENS = {"favorable": "favorable", "defavorable": "défavorable"}


def _foot(result: Result, table: str) -> str:
    """Source ; date ; champ ; lecture, then notes, the signs of the table, definition and provenance."""
    latest = result.total.latest if result.total else None
    entries = [
        ("Source", result.source),
        ("Date", latest.periode if latest else ""),
        ("Champ", result.champ),
        ("Lecture", result.lecture),
    ]
    caption = " ".join(f"<b>{name}</b>\u00a0: {safe(_sentence(text))}" for name, text in entries if text)
    notes = "".join(f"<li>{safe(text)}</li>" for text in result.notes)
    signs = signs_legend(signs_in(table) | _not_significant(result))
    return (
        f'<p class="oz-source">{caption}</p>'
        + (f'<ul class="oz-notes">{notes}</ul>' if notes else "")
        + (f'<p class="oz-signes">{signs}</p>' if signs else "")
        + _definition(result)
        + _provenance(result)
    )


def _sentence(text: str) -> str:
    return text if text.endswith((".", "…", "!", "?")) else f"{text}."


def _not_significant(result: Result) -> set[str]:
    change = result.total.evolution if result.total else None
    return {"n.s."} if change and change.qpv.is_shown and change.is_noise else set()


def _definition(result: Result) -> str:
    declared = result.indicateur
    cautions = "".join(f"<li>{safe(text)}</li>" for text in declared.precautions if text not in result.notes)
    breaks = "".join(f"<li>Rupture au {format_date(item.date)}\u00a0: {safe(item.texte)}</li>" for item in declared.ruptures)
    extra = f"<ul>{cautions}{breaks}</ul>" if cautions or breaks else ""
    return f"<details><summary>Définition et précautions</summary><p>{safe(declared.definition)}</p>{extra}</details>"


def _provenance(result: Result) -> str:
    """Down to the cell, for each number shown."""
    rows = [
        (
            raw(item.fichier),
            raw(item.feuille or "–"),
            link_to_cell(item.import_id, item.feuille, item.cellule),
            raw(item.entete),
            raw(item.edition),
            f'<a href="{raw(link_to(f"import?vue=imports&numero={item.import_id}"))}" target="_self">{item.import_id}</a>',
            raw(item.origine or "–"),
        )
        for item in result.provenances
    ]
    if not rows:
        return ""
    heads = ["Fichier", "Feuille", "Cellule", "Colonne", "Édition", "Import n°", "Fichier et colonne d’origine"]
    table = table_html(f"Provenance\u00a0: {result.indicateur.titre}", heads, rows, "oz-provenance")
    return f"<details><summary>D’où viennent ces chiffres\u202f?</summary>{table}</details>"


def _row(result: Result, vue: Vue) -> str:
    """Title, date, the quartier's figure, the comparator's, the gap, and the shape of the series."""
    serie = result.total
    point = serie.latest if serie else None
    if point is None:
        return f'<div class="oz-ligne"><span class="oz-nom">{safe(result.indicateur.titre)}</span></div>'
    is_count = result.indicateur.nature == "effectif"
    beside = compare(serie, vue, is_count)
    other = beside.shown_by_date.get(point.date_reference) if beside else None
    cells = [_cell("Quartier", point.qpv, "oz-fort")]
    if other:
        cells.append(_cell(beside.libelle, other))
    if point.ecart.is_shown and (beside is None or beside.role == point.comparateur):
        cells.append(_cell("Écart", point.ecart, sign=True))
    line = sparkline(restrict(result, vue), vue)
    return (
        f'<div class="oz-ligne" id="{raw(result.indicateur.id)}"><span class="oz-nom">{safe(result.indicateur.titre)}'
        f'<small>{safe(point.periode)}</small></span>{"".join(cells)}<span class="oz-trait">{line}</span></div>'
    )


def sparkline(result: Result, vue: Vue) -> str:
    """The shape of the total; a count stands alone, its comparator being of another size."""
    if not result.series:
        return ""
    is_count = result.indicateur.nature == "effectif"
    return draw_sparkline(traces_of(result.series[0], vue, is_count)[: 1 if is_count else None])


def _cell(name: str, figure: Figure, style: str = "", sign: bool = False) -> str:
    return f'<span class="oz-valeur {style}"><small>{safe(name)}</small>{cell_text(figure, sign)}</span>'
