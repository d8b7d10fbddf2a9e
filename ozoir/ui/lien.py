"""The link which shows the same view to somebody else, ready to be copied."""

from __future__ import annotations

from urllib.parse import urlencode, urlsplit, urlunsplit

import streamlit as st


@st.fragment
def show_link() -> None:
    """Folded at the end of each page, made when opened: the box to copy from is the heaviest part of the front end.

    What a reader chose is in the address; what they typed without saving is not.
    """
    place = st.expander("Lien vers cette vue", key="lien", on_change="rerun")
    if place.open:
        with place:
            st.html("<p>Les choix de la page (année, filtres, graphiques ouverts…) sont dans ce lien.</p>")
            choices = {name: st.query_params.get_all(name) for name in st.query_params}
            st.code(link_of(st.context.url or "", choices), language=None, wrap_lines=True)


def link_of(url: str, choices: dict[str, list[str]]) -> str:
    """The page's address with its present choices."""
    scheme, host, path, _, _ = urlsplit(url)
    return urlunsplit((scheme, host, path, urlencode(choices, doseq=True), ""))
