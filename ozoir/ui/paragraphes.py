"""The paragraphs that the project team writes in a report."""

from __future__ import annotations

import streamlit as st

from ozoir.catalogue.saisies import Modification, Paragraphe
from ozoir.suivi.bilan import SectionRedigee
from ozoir.suivi.dossier import Dossier
from ozoir.ui.brouillons import draft_area
from ozoir.ui.reprise import draft_name
from ozoir.ui.saisie import ask_author, editing, is_open, show_answer, submit, warn_if_older
from ozoir.ui.suivi import empty, signature
from ozoir.ui.texts import label, safe


def show_paragraph(dossier: Dossier, annee: int, item: SectionRedigee) -> None:
    """What the team wrote, and the field to write it; each version is kept."""
    section = item.section
    if item.texte.strip():
        st.html(f'<div class="oz-texte-libre">{safe(item.texte)}</div><p class="oz-source">{signature(item.paragraphe)}</p>')
    elif section.obligatoire:
        empty(f"Texte à rédiger. {section.consigne}")
    cible = f"paragraphe-{annee}-{section.id}"
    if is_open(f"Rédiger\u00a0: {label(section.titre)}", cible):
        ask_author(cible)
        opened = editing(cible, dossier)
        warn_if_older(cible, opened, dossier, lambda it: it.version(Paragraphe, annee, section.id))
        _write(cible, opened, dossier, annee, item)


def _write(cible: str, opened: Dossier, dossier: Dossier, annee: int, item: SectionRedigee) -> None:
    """Not a form: a form would keep the text in the browser until its button, and lose it with the page."""
    section = item.section
    version = opened.version(Paragraphe, annee, section.id)
    current = version.saisie if version else Paragraphe(annee, section.id)
    number = version.id if version else 0
    with st.container(border=True):
        st.html(f"<strong>{safe(section.consigne)}</strong>" if section.consigne else "<strong>Texte</strong>")
        text = draft_area("Texte", current.texte, cible, number)
        is_sent = st.button("Enregistrer", type="primary", key=f"enregistrer-{cible}")
    show_answer(cible, dossier)
    if is_sent:
        entry = Paragraphe(annee, section.id, text)
        changed = [Modification(entry, number)] if entry != current else []
        submit(cible, dossier, changed, brouillon=draft_name(cible))
