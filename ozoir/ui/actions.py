"""The page of actions: filters, the list, entry tables; one action has its own sheet."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

import streamlit as st

from ozoir.access.identites import current_identity, is_allowed
from ozoir.catalogue.contrat import Action
from ozoir.catalogue.saisies import STATUTS_ACTION
from ozoir.indicators.publication import Publication
from ozoir.numbers import plural
from ozoir.suivi.actions import Filtre, action_sheet, filter_actions, measure_progress
from ozoir.suivi.dossier import Dossier
from ozoir.ui.contrats import link_to
from ozoir.ui.fiche_action import show_sheet
from ozoir.ui.filters import pick
from ozoir.ui.saisie import ask_author
from ozoir.ui.saisie_tableau import HELP, edit_indicators, edit_states
from ozoir.ui.suivi import (
    NON_RENSEIGNE,
    VIDE,
    empty,
    heading,
    open_dossier,
    percent,
    pick_year,
    progress_text,
    show_table,
    status_html,
)
from ozoir.ui.texts import raw, safe

VUES = {"liste": "Liste", "etats": "Saisir les états", "indicateurs": "Saisir les indicateurs"}


def show_actions(publication: Publication) -> None:
    """One action when the address names it, else the list."""
    dossier = open_dossier(publication)
    if action_id := st.query_params.get("action", ""):
        show_sheet(publication, dossier, action_id)
        return
    annee, filtre, vue = _filters(dossier)
    actions = filter_actions(dossier, annee, filtre)
    if not actions:
        empty("Aucune action ne répond à ces filtres. Élargissez-les pour en retrouver.")
    elif vue == "etats":
        ask_author()
        st.caption(HELP)
        edit_states(dossier, actions, annee)
    elif vue == "indicateurs":
        _edit_indicators(dossier, actions, annee)
    else:
        _show_list(dossier, actions, annee)


def _filters(dossier: Dossier) -> tuple[int, Filtre, str]:
    """Year, filters and view, all in the address."""
    contrat = dossier.cadre.contrat
    first, second = st.columns(4), st.columns(3)
    with first[0]:
        annee = pick_year(dossier)
    with first[1]:
        pilier = pick("pilier", "Pilier", {"": "Tous", **{item.id: item.titre_court for item in contrat.piliers}})
    with first[2]:
        orientations = contrat.pilier(pilier).orientations if pilier else contrat.orientations
        orientation = pick("orientation", "Orientation", {"": "Toutes", **{item.id: item.titre for item in orientations}})
    with first[3]:
        vue = pick("vue", "Afficher", VUES if is_allowed(current_identity(), "saisie") else {"liste": VUES["liste"]})
    with second[0]:
        pilote = pick("pilote", "Pilote", {"": "Tous", **{name: name for name in dossier.cadre.pilotes()}})
    with second[1]:
        axe = pick("axe", "Axe transversal", {"": "Tous", **{item.id: item.titre for item in contrat.axes}},
                   help="Actions de l’axe, et celles des objectifs que ses engagements désignent.")  # fmt: skip
    with second[2]:
        statut = pick("statut", "Statut", {"": "Tous", **STATUTS_ACTION, "non_renseigne": NON_RENSEIGNE})
    return annee, Filtre(pilier=pilier, orientation=orientation, pilote=pilote, axe=axe, statut=statut), vue


def _show_list(dossier: Dossier, actions: Sequence[Action], annee: int) -> None:
    contrat = dossier.cadre.contrat
    progress = measure_progress(dossier, actions, annee)
    heading(f"Actions en {annee}", f"{plural(len(actions), 'action')}, avancement moyen {progress_text(progress)}")
    if not progress.renseignees:
        how = "Choisissez «\u00a0Saisir les états\u00a0» ci-dessus, ou envoyez un classeur de collecte."
        empty(f"Aucun état n’est saisi pour {annee}. {how}")
    for pilier in contrat.piliers:
        rows = [_list_row(dossier, action, annee) for action in actions if dossier.cadre.pilier_of(action.id).id == pilier.id]
        if rows:
            st.html(f'<h3 class="oz-message">{safe(pilier.titre)}</h3>')
            heads = ("Action", "Objectif", "Pilotes", "Axes", "Statut", "Avancement", "Indicateurs renseignés")
            show_table(f"Actions {annee}, {pilier.titre}", heads, rows, "oz-texte oz-haute")


def _list_row(dossier: Dossier, action: Action, annee: int) -> tuple[str, ...]:
    sheet = action_sheet(dossier, action.id, annee)
    axes = [axe.titre for axe in dossier.cadre.contrat.axes if axe.id in action.axes]
    entered = [line for line in sheet.indicateurs if line.attendu.is_entered]
    answered = sum(line.reponse != "vide" for line in entered)
    return (
        f'<a href="{action_link(action.id, annee)}" target="_self">{safe(action.titre)}</a>',
        f'<abbr title="{safe(sheet.objectif.titre)}">{sheet.objectif.numero}</abbr>',
        safe(", ".join(action.pilotes) or "Sans pilote"),
        safe(", ".join(axes) or VIDE),
        status_html(sheet.statut),
        percent(sheet.avancement),
        f"{answered} sur {len(entered)}" if entered else "Aucun",
    )


def action_link(action_id: str, annee: int) -> str:
    return raw(link_to(f"actions?{urlencode({'action': action_id, 'annee': annee})}"))


def _edit_indicators(dossier: Dossier, actions: Sequence[Action], annee: int) -> None:
    asked = {(item.objet, item.indicateur.id): item for action in actions for item in dossier.cadre.attendus_of(action)}
    attendus = [item for item in asked.values() if item.is_entered]
    if not attendus:
        why = "le contrat n’en prévoit pas, ou les fichiers des partenaires les donnent."
        empty(f"Ces actions n’ont aucun indicateur à saisir\u00a0: {why}")
        return
    ask_author()
    st.caption(HELP)
    edit_indicators(dossier, attendus, annee)
