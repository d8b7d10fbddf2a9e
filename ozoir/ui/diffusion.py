"""Which diffusion the pages show: the public one to readers, either to signatories, who choose under the menu."""

from __future__ import annotations

import streamlit as st

from ozoir.access.identites import current_identity, is_allowed
from ozoir.catalogue.diffusions import DIFFUSIONS, PUBLIQUE, RESTREINTE
from ozoir.ui.texts import typeset

_CHOSEN = "diffusion-choisie"  # apart from the widget, whose value Streamlit forgets from one page to the next
BANNERS = {PUBLIQUE: "Diffusion publique", RESTREINTE: "Diffusion restreinte – signataires du contrat de ville"}
HELP = "En diffusion publique, les seuils du secret statistique peuvent être plus stricts et les échanges entre pilotes sont retirés des documents."


def current_diffusion() -> str:
    """That of whoever reads, now."""
    if not is_allowed(current_identity(), "lecture restreinte"):
        return PUBLIQUE
    return st.session_state.get(_CHOSEN, RESTREINTE)


def draw_choice() -> None:
    """In the side bar, for those who may read both."""
    if not is_allowed(current_identity(), "lecture restreinte"):
        return
    offered = (RESTREINTE, PUBLIQUE)
    with st.sidebar:
        st.selectbox(
            "Diffusion affichée",
            offered,
            index=offered.index(current_diffusion()),
            format_func=lambda name: typeset(DIFFUSIONS[name]),
            key="diffusion-affichee",
            help=HELP,
            on_change=lambda: st.session_state.update({_CHOSEN: st.session_state["diffusion-affichee"]}),
        )
