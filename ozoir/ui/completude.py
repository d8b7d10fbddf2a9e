"""The report of what is missing by sex and by age, in full on the page of coverage, axis by axis on theirs."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

import streamlit as st

from ozoir.catalogue.contrat import Axe
from ozoir.catalogue.model import Indicateur
from ozoir.indicators.publication import Publication
from ozoir.indicators.splits import CRITERES, ETATS, LEGENDE, PARTIEL, Detail, count_states, list_details
from ozoir.numbers import NBSP, plural
from ozoir.ui.blocks import linked_title
from ozoir.ui.contrats import link_to
from ozoir.ui.session import keep
from ozoir.ui.tables import folded_list, table_html
from ozoir.ui.texts import raw, safe

LOI = (
    "Le rapport annuel présente ses données par sexe (décret du 3 septembre 2015)\u202f; le contrat a aussi un axe jeunesse. "
    "Ce relevé dit ce qui est connu, ce qui manque, et qui peut le donner."
)


def show_details(publication: Publication, pilier: str) -> None:
    """Every indicator of a pillar, or all: known, missing, from whom."""
    chosen = [item for item in publication.catalogue.indicateurs.values() if pilier in ("", item.pilier)]
    details = keep(publication, ("details", pilier), lambda: list_details(publication, chosen))
    st.html(f'<p class="oz-source">{safe(LOI)}</p>')
    for critere, titre in CRITERES.items():
        counts = count_states(details, critere)
        summary = " · ".join(
            f'<span title="{safe(LEGENDE[etat])}">{safe(name)}{NBSP}({counts[etat]})</span>'
            for etat, name in ETATS.items()
            if counts[etat]
        )
        st.html(f'<p class="oz-signes"><b>{safe(titre.capitalize())}</b>{NBSP}: {summary}</p>')
    _show_requests([detail for detail in details if detail.is_missing])
    _show_table(details, chosen)
    legend = " · ".join(f"<b>{safe(ETATS[etat])}</b>{NBSP}: {safe(text)}" for etat, text in LEGENDE.items())
    st.html(f'<p class="oz-signes">{legend}</p>')


def _show_requests(missing: Sequence[Detail]) -> None:
    """By partner: what to ask."""
    by_partner: dict[str, list[Detail]] = {}
    for detail in missing:
        by_partner.setdefault(detail.partenaire, []).append(detail)
    st.html(f'<h2 class="oz-theme">À demander<small>{plural(len(by_partner), "partenaire")}</small></h2>')
    for partner, items in sorted(by_partner.items(), key=lambda pair: -len(pair[1])):
        lines = [f"{linked_title(item.indicateur)}, {CRITERES[item.critere]}{_wanted(item)}" for item in items]
        st.html(folded_list(partner, plural(len(items), "détail attendu", "détails attendus"), lines))


def _wanted(detail: Detail) -> str:
    return f"{NBSP}: {safe(', '.join(detail.manquantes).lower())}" if detail.connues else ""


def _show_table(details: Sequence[Detail], chosen: Sequence[Indicateur]) -> None:
    by_key = {(detail.indicateur.id, detail.critere): detail for detail in details}
    rows = [
        (linked_title(item), *(_cell(by_key[item.id, critere]) for critere in CRITERES))
        for item in sorted(chosen, key=lambda one: (one.pilier, one.ordre, one.titre))
    ]
    st.html(f'<h2 class="oz-theme">Indicateur par indicateur<small>{plural(len(rows), "indicateur")}</small></h2>')
    heads = ("Indicateur", *(titre.capitalize() for titre in CRITERES.values()))
    st.html(table_html("Détail par sexe et par âge", heads, rows, "oz-texte"))


def _cell(detail: Detail) -> str:
    """The state, then what is known or wanted; the known detail leads to where it is shown."""
    text = f"<b>{safe(ETATS[detail.etat])}</b>"
    if detail.connues:
        address = urlencode({"pilier": detail.indicateur.pilier, "theme": detail.indicateur.theme, "decoupage": detail.critere})
        text += f'<br><a href="{raw(link_to(f"pilier?{address}"))}" target="_self">{safe(", ".join(detail.connues))}</a>'
    if detail.etat == PARTIEL and not detail.partenaire:
        text += "<br><small>le reste est masqué ou non diffusé</small>"
    if detail.partenaire:
        text += f"<br><small>à demander{NBSP}: {safe(detail.partenaire)}</small>"
    return text


def show_axis_details(publication: Publication, axe: Axe) -> None:
    """On an axis: which of its indicators lack a detail, in one folded list, and the way to the whole report."""
    chosen = [item for item in publication.catalogue.indicateurs.values() if axe.id in item.axes]
    details = keep(publication, ("details-axe", axe.id), lambda: list_details(publication, chosen))
    missing = [detail for detail in details if detail.is_missing]
    items = [
        f"{linked_title(item.indicateur)}, {CRITERES[item.critere]}{_wanted(item)} ({safe(item.partenaire)})"
        for item in missing
    ]
    st.html(
        f'<h2 class="oz-theme">Par sexe et par âge</h2><p class="oz-source">{safe(LOI)} '
        f'<a href="{raw(link_to("couverture?vue=details"))}" target="_self">Voir le relevé de tous les indicateurs</a></p>'
    )
    if items:
        count = plural(len(missing), "détail manque", "détails manquent")
        st.html(folded_list("", f"{count} sur cet axe", items))
    else:
        st.html('<p class="oz-vide">Aucun détail ne manque aux indicateurs de cet axe.</p>')
