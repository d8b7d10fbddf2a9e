"""What is typed in a form or an entry table and not saved: kept aside at each field for its author, taken up on return."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import streamlit as st

from ozoir.catalogue.saisies import Modification
from ozoir.numbers import format_date
from ozoir.suivi.brouillons import read_draft, write_draft
from ozoir.ui.contrats import current_contrat
from ozoir.ui.session import recall, recall_names, remember
from ozoir.ui.texts import safe

NOT_KEPT = (
    "Ce que vous tapez n’est pas gardé en brouillon\u00a0: il contient des coordonnées, ou la base ne peut pas être modifiée. "
    "Enregistrez avant de quitter la page."
)


@dataclass(frozen=True)
class Brouillon:
    """A draft as it was when its form appeared: it stays so while the form is on screen.

    quand: empty when there was none; a part of the fields' keys, so that they start afresh once it is given up.
    """

    nom: str
    modifications: tuple[Modification, ...] = ()
    quand: str = ""


def draft_name(cible: str, element: str = "") -> str:
    """Under what a draft is kept."""
    return f"saisie-{current_contrat()}-{cible}/{element}"


def pending(cible: str) -> list[str]:
    """The elements of a form (« D4 », or nothing for a new one) on which this person left something unsaved."""
    start = draft_name(cible)
    return [name.removeprefix(start) for name in recall_names(start)]


def drop_drafts(cible: str) -> None:
    """Nothing unsaved is left in this form."""
    for element in pending(cible):
        drop_draft(draft_name(cible, element))


def drop_draft(nom: str) -> None:
    remember(nom, None)
    st.session_state.pop(nom, None)
    st.session_state.pop(_kept(nom), None)


def take_up(cible: str, element: str, is_shown: bool) -> Brouillon:
    """The draft under this form, read again when the form was not on screen just before."""
    nom = draft_name(cible, element)
    if not is_shown or nom not in st.session_state:
        kept = recall(nom)
        st.session_state[nom] = Brouillon(nom, read_draft(kept["modifications"]), kept["quand"]) if kept else Brouillon(nom)
        st.session_state[_kept(nom)] = kept["modifications"] if kept else []
    return st.session_state[nom]


def _kept(nom: str) -> str:
    return f"garde-{nom}"


def keep_draft(nom: str, modifications: Iterable[Modification]) -> None:
    """Aside, when it is not what already is."""
    said = write_draft(modifications)
    if said == st.session_state.get(_kept(nom), []):
        return
    is_kept = remember(nom, {"modifications": said, "quand": datetime.now().isoformat()} if said else None)
    if is_kept:
        st.session_state[_kept(nom)] = said
    else:
        st.html(f'<p class="oz-vide" role="status">{safe(NOT_KEPT)}</p>')


def say_taken_up(brouillon: Brouillon) -> None:
    """That what is shown is not saved yet, since when, and the way back to what is."""
    if not brouillon.quand:
        return
    moment = datetime.fromisoformat(brouillon.quand)
    text = f"Votre brouillon du {format_date(moment)} à {moment:%H:%M} est repris\u00a0: il n’est pas encore enregistré."
    st.html(f'<p class="oz-vide" role="status">{safe(text)}</p>')
    st.button("Abandonner ce brouillon", key=f"abandonner-{brouillon.nom}", on_click=drop_draft, args=(brouillon.nom,))
