"""« L’écart se réduit-il ? »: what moved most, then every indicator in one table, sorted as asked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import streamlit as st

from ozoir.charts.figures import build_gap_changes
from ozoir.charts.words import cell_text, margin_text
from ozoir.indicators.gaps import (
    ABSENT,
    JUGEMENTS,
    MOVED,
    NON_SIGNIFICATIF,
    SANS_MARGE,
    VERDICTS,
    VOULU,
    GapChange,
    expected_by_chance,
    list_gap_changes,
    rank_moves,
    write_verdict,
)
from ozoir.indicators.publication import Publication
from ozoir.indicators.results import Point
from ozoir.numbers import format_date, plural
from ozoir.ui.blocks import linked_title, show_chart
from ozoir.ui.filters import pick
from ozoir.ui.session import keep
from ozoir.ui.tables import folded_list, signs_legend, table_html
from ozoir.ui.texts import safe

STYLE = Path(__file__).with_name("ecarts.css")
LINES = 5
HEADS = ("Indicateur", "Voulu", "Départ (T0)", "Écart au départ", "Arrivée", "Écart à l’arrivée", "Évolution", "Verdict")
MARQUES = {"reduit": "→←", "creuse": "←→", "inverse": "⇄", NON_SIGNIFICATIF: "=", SANS_MARGE: "?", ABSENT: "///"}
TRIS = {
    "verdict": "Verdict, les plus fortes évolutions d’abord",
    "contrat": "Ordre du contrat",
    "titre": "Nom de l’indicateur",
    "ecart": "Écart actuel, du plus grand au plus petit",
    "pilier": "Pilier",
}
EMPTY = (
    "Aucun écart ne peut encore être suivi avec ces filtres\u00a0: il faut le quartier et sa commune, à deux dates "
    "comparables. La page «\u00a0Données\u00a0» dit quels fichiers sont attendus."
)
CLE = "cercle vide\u00a0: départ\u202f; plein\u00a0: arrivée\u202f; 0\u00a0: même niveau que le comparateur"
LECTURE = (
    "L’écart est le taux du quartier moins celui du reste de la commune, en points (à défaut, de la commune entière). "
    "Il «\u00a0se réduit\u00a0» quand les deux se rapprochent. «\u00a0Favorable\u00a0»\u00a0: le quartier a évolué, par "
    "rapport au reste de la commune, dans le sens voulu par le contrat. C’est une évolution observée, pas l’effet du contrat. "
    "Une ligne ne traverse jamais un changement de périmètre, de source ou de définition."
)


def show_gap_changes(publication: Publication) -> None:
    """Filters in the address, summary, chart, table, and what cannot be said."""
    st.html(STYLE)
    pilier, axe, verdict, tri = _draw_choices(publication)
    changes = keep(publication, ("ecarts-t0", pilier, axe), lambda: _changes(publication, pilier, axe))
    judged = [item for item in changes if item.debut]
    if not judged:
        st.html(f'<p class="oz-vide">{safe(EMPTY)}</p>')
    else:
        _show_moves(changes)
        titre = "Les écarts au départ et à l’arrivée"
        chart = keep(
            publication, ("ecarts-t0-figure", pilier, axe), lambda: build_gap_changes(changes, titre, publication.fictif)
        )
        if chart:
            st.html(f'<h2 class="oz-theme">{titre}<small>{CLE}</small></h2>')
            show_chart(chart, "ecarts-t0")
        _show_table([item for item in judged if verdict in ("", item.verdict)], tri)
    _show_absent([item for item in changes if not item.debut])


def _changes(publication: Publication, pilier: str, axe: str) -> list[GapChange]:
    return list_gap_changes(publication.results(pilier or None, axe or None), publication.catalogue)


def _draw_choices(publication: Publication) -> tuple[str, str, str, str]:
    contrat = publication.catalogue.contrat
    piliers = {pilier.id: pilier.titre_court for pilier in sorted(contrat.piliers, key=lambda item: item.ordre)}
    columns = st.columns([3, 3, 2, 4])
    with columns[0]:
        pilier = pick("pilier", "Pilier", {"": "Tous les piliers", **piliers})
    with columns[1]:
        axe = pick("axe", "Axe transversal", {"": "Tous", **{axe.id: axe.titre for axe in contrat.axes}})
    with columns[2]:
        named = {name: text for name, text in VERDICTS.items() if name != ABSENT}
        verdict = pick("verdict", "Verdict", {"": "Tous", **named})
    with columns[3]:
        tri = pick("tri", "Trier le tableau par", TRIS)
    return pilier, axe, verdict, tri


def _show_moves(changes: Sequence[GapChange]) -> None:
    """What moved most in either direction; never what may be chance."""
    closer, wider = rank_moves(changes)
    left, right = st.columns(2, gap="medium")
    with left:
        _panel("Les écarts qui se réduisent le plus", closer, "Aucun écart ne s’est réduit plus que sa marge.")
    with right:
        _panel("Les écarts qui se creusent ou changent de sens", wider, "Aucun écart ne s’est creusé plus que sa marge.")
    judged, by_chance = expected_by_chance(changes)
    text = (
        f"{plural(judged, 'écart jugé', 'écarts jugés')} avec leur marge à 95\u202f%, dont {len(closer) + len(wider)} au-delà."
    )
    if by_chance:
        text += f" Le hasard seul en ferait dépasser environ {by_chance}\u00a0: une évolution isolée se lit avec prudence."
    st.html(f'<p class="oz-source">{safe(text)}</p>')


def _panel(titre: str, items: Sequence[GapChange], empty: str) -> None:
    lines = "".join(f"<li>{_move(item)}</li>" for item in items[:LINES])
    body = f"<ul>{lines}</ul>" if lines else f"<p>{safe(empty)}</p>"
    st.html(f'<section class="oz-panneau"><h2>{safe(titre)}</h2>{body}</section>')


def _move(item: GapChange) -> str:
    sens = f", {JUGEMENTS[item.sens]}" if JUGEMENTS[item.sens] else ""
    return (
        f"{linked_title(item.indicateur)}\u00a0: écart de {cell_text(item.debut.ecart, sign=True)} à "
        f"<b>{cell_text(item.fin.ecart, sign=True)}</b> ({_short(item.debut)} → {_short(item.fin)}), "
        f'<span class="oz-etat">{safe(write_verdict(item))}</span>{sens}'
    )


def _short(point: Point) -> str:
    return safe(point.periode.removeprefix("au ").removeprefix("en "))


def _show_table(items: list[GapChange], tri: str) -> None:
    st.html(
        f'<h2 class="oz-theme">Tous les indicateurs<small>{plural(len(items), "écart suivi", "écarts suivis")}</small></h2>'
    )
    if not items:
        st.html('<p class="oz-vide">Aucun écart n’a ce verdict avec ces filtres.</p>')
        return
    rows = [_row(item) for item in sorted(items, key=ORDERS[tri])]
    st.html(table_html("Écarts au départ et à l’arrivée, par indicateur", HEADS, rows, "oz-ecarts oz-verdicts oz-haute"))
    marks = " · ".join(
        f"<b>{MARQUES[name]}</b>\u00a0: {safe(VERDICTS[name])}" for name in (*MOVED, NON_SIGNIFICATIF, SANS_MARGE)
    )
    signs = signs_legend({"n.s.", *({"p"} if any("\u00a0p<" in cell for row in rows for cell in row) else set())})
    st.html(f'<p class="oz-source">{safe(LECTURE)}</p><p class="oz-signes">{marks} · {signs}</p>')
    if any(item.verdict == SANS_MARGE for item in items):
        raison = next(item.raison for item in items if item.verdict == SANS_MARGE)
        st.html(f'<p class="oz-source"><b>Non jugé</b>\u00a0: {safe(raison)} Ces lignes ne sont pas classées.</p>')


RANG = {**dict.fromkeys(MOVED, 0), NON_SIGNIFICATIF: 1, SANS_MARGE: 2}
ORDERS: dict[str, Callable[[GapChange], tuple]] = {
    "verdict": lambda item: (RANG[item.verdict], -abs(item.delta.valeur) if item.has_moved else 0),
    "contrat": lambda item: (item.indicateur.pilier, item.indicateur.ordre, item.indicateur.titre),
    "titre": lambda item: (item.indicateur.titre,),
    "ecart": lambda item: (item.fin.ecart.unite != "points", -abs(item.fin.ecart.valeur)),
    "pilier": lambda item: (item.indicateur.pilier, RANG[item.verdict], item.indicateur.ordre),
}


def _row(item: GapChange) -> tuple[str, ...]:
    margin = margin_text(item.delta)
    moved = f"<b>{cell_text(item.delta, sign=True)}</b>" if item.has_moved else cell_text(item.delta, sign=True)
    sens = JUGEMENTS[item.sens]
    beside = "<small>commune entière</small>" if item.fin.comparateur == "commune" else ""
    return (
        linked_title(item.indicateur),
        VOULU[item.indicateur.sens] or "–",
        _start(item),
        cell_text(item.debut.ecart, sign=True),
        _period(item.fin),
        cell_text(item.fin.ecart, sign=True) + beside,
        moved + (f'<span class="oz-marge">{margin}</span>' if margin else ""),
        f'<span class="oz-etat"><span aria-hidden="true">{MARQUES[item.verdict]}</span> {VERDICTS[item.verdict]}</span>'
        + (f"<small>{sens}</small>" if sens else ""),
    )


def _start(item: GapChange) -> str:
    late = f"<small>T0\u00a0: {format_date(item.t0)}</small>" if item.is_late else ""
    return _period(item.debut) + late


def _period(point: Point) -> str:
    return safe(point.periode).replace(" ", "\u00a0")


def _show_absent(items: Sequence[GapChange]) -> None:
    """Indicators without a followed gap, by reason, with the latest gap when one is known."""
    if not items:
        return
    by_reason: dict[str, list[GapChange]] = {}
    for item in items:
        by_reason.setdefault(item.raison, []).append(item)
    st.html(f'<h2 class="oz-theme">Écarts non calculés<small>{plural(len(items), "indicateur")}, et pourquoi</small></h2>')
    for raison, members in sorted(by_reason.items(), key=lambda pair: -len(pair[1])):
        lines = [f"{linked_title(item.indicateur)}{_latest(item)}" for item in members]
        st.html(folded_list(raison, plural(len(members), "indicateur concerné", "indicateurs concernés"), lines))


def _latest(item: GapChange) -> str:
    if item.fin is None:
        return ""
    return f"\u00a0: écart de {cell_text(item.fin.ecart, sign=True)} {safe(item.fin.periode)}"
