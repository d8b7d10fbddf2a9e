"""Long texts are not lost when the connection drops or the page is left: what is typed is kept aside for its author."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from ozoir.numbers import format_date
from ozoir.ui.reprise import draft_name
from ozoir.ui.session import recall, remember
from ozoir.ui.texts import safe


def draft_area(titre: str, saved: str, cible: str, version: int) -> str:
    """A text area which starts from the author's draft, when they left one, else from what is saved.

    version: of the text it starts from, so that a draft older than a colleague's save says so.
    """
    key, name = f"brouillon-{cible}-{version}", draft_name(cible)
    kept = recall(name)
    is_taken_up = bool(kept and kept["texte"] != saved)
    if key not in st.session_state:
        st.session_state[key] = kept["texte"] if is_taken_up else saved
    place = st.empty()
    text = st.text_area(titre, height=200, key=key, on_change=lambda: _keep(name, st.session_state[key], saved, version))
    if is_taken_up and text != saved:
        _say(place, key, name, saved, kept, version)
    return text.strip()


def _keep(name: str, text: str, saved: str, version: int) -> None:
    remember(name, {"texte": text, "version": version, "quand": datetime.now().isoformat()} if text != saved else None)


def _say(place, key: str, name: str, saved: str, kept: dict, version: int) -> None:
    moment = datetime.fromisoformat(kept["quand"])
    text = f"Votre brouillon du {format_date(moment)} à {moment:%H:%M} est repris\u00a0: il n’est pas encore enregistré."
    if kept["version"] != version:
        text += " Depuis, quelqu’un a enregistré un autre texte, que vous voyez ci-dessus."

    def drop() -> None:
        remember(name, None)
        st.session_state[key] = saved

    with place.container():
        st.html(f'<p class="oz-vide" role="status">{safe(text)}</p>')
        st.button("Abandonner ce brouillon", key=f"abandonner-{key}", on_click=drop)
