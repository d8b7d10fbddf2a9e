"""What goes into the documents: chosen by the reader, and found again at their next visit."""

from __future__ import annotations

from dataclasses import asdict, fields

import streamlit as st

from ozoir.catalogue.contrat import Contrat
from ozoir.exports.assembly import Choix
from ozoir.indicators.publication import Publication
from ozoir.typography import alphabetical
from ozoir.ui.session import recall, remember
from ozoir.ui.texts import typeset

_MEMORY = "contenu des documents"


def ask_content(publication: Publication) -> Choix:
    """Pillars, indicators in the order wanted, axes, actions one by one, a comment of one's own."""
    contrat = publication.catalogue.contrat
    memory = f"{_MEMORY}, {contrat.id}"
    if _key("piliers") not in st.session_state:  # arriving on the page; then what is on screen decides
        st.session_state[memory] = _recalled(memory)
    known = st.session_state[memory]
    is_chosen = known != Choix()
    with st.expander("Choisir ce qui entre dans les documents", expanded=is_chosen):
        if is_chosen:
            left, right = st.columns([3, 1], vertical_alignment="center")
            left.html('<p class="oz-source">Vos derniers choix sont repris.</p>')
            if right.button("Tout remettre", key="documents-tout", width="stretch"):
                _start_again(memory)
        choix = _ask(publication, contrat, known)
    if choix != _recalled(memory):
        remember(memory, asdict(choix))
    return choix


def _recalled(memory: str) -> Choix:
    """The last choices, as far as this version of the program still knows them."""
    told = recall(memory) or {}
    names = {item.name for item in fields(Choix)}
    return Choix(**{name: tuple(value) if isinstance(value, list) else value for name, value in told.items() if name in names})


def _start_again(memory: str) -> None:
    """Everything goes in again."""
    remember(memory, asdict(Choix()))
    for key in [name for name in st.session_state if str(name).startswith("documents-choix-")]:
        del st.session_state[key]
    st.rerun()


def _ask(publication: Publication, contrat: Contrat, known: Choix) -> Choix:
    pillars = {pilier.id: pilier.titre_court for pilier in contrat.piliers}
    piliers = _choose("Piliers", pillars, "piliers", "Tous", known)
    declared = sorted(publication.catalogue.indicateurs.values(), key=lambda item: alphabetical(item.titre))
    indicators = {item.id: item.titre for item in declared if not piliers or item.pilier in piliers}
    none = "Tous, dans l’ordre du catalogue"
    indicateurs = _choose("Indicateurs, dans l’ordre voulu", indicators, "indicateurs", none, known)
    goals = {objectif.id: objectif for objectif in contrat.objectifs if not piliers or objectif.pilier in piliers}
    offered = {
        action.id: f"{goals[action.objectif].numero}. {action.titre}" for action in contrat.actions if action.objectif in goals
    }
    actions = _choose("Actions", offered, "actions", "Toutes", known)
    first, second = st.columns(2)
    axes = first.toggle("Axes transversaux", value=known.axes, key=_key("axes"))
    silent = second.toggle(
        "Actions sans réponse",
        value=known.sans_reponse,
        key=_key("sans-reponse"),
        help="Les actions pour lesquelles aucun état n’est saisi.",
    )
    commentaire = st.text_area(
        "Commentaire de présentation",
        value=known.commentaire,
        key=_key("commentaire"),
        max_chars=2000,
        help="Placé en tête de la partie sur la situation du quartier.",
    )
    return Choix(piliers, indicateurs, actions, axes, silent, commentaire)


def _key(name: str) -> str:
    return f"documents-choix-{name}"


def _choose(titre: str, options: dict[str, str], name: str, none: str, known: Choix) -> tuple[str, ...]:
    """Several of these, in the order they were picked; what was remembered and is no longer offered is left out."""
    chosen = st.multiselect(
        titre,
        list(options),
        default=[id for id in getattr(known, name) if id in options],
        format_func=lambda id: typeset(options[id]),
        key=_key(name),
        placeholder=none,
    )
    return tuple(id for id in chosen if id in options)
