"""The paragraphs that the project team writes in a report."""

from __future__ import annotations

import streamlit as st

from ozoir.catalogue.saisies import Modification, Paragraphe
from ozoir.suivi.bilan import SectionRedigee
from ozoir.suivi.dossier import Dossier
from ozoir.ui.saisie import ask_author, editing, entry_form, is_open, warn_if_older
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
        entry_form(cible, section.consigne, lambda: _write(opened, annee, section.id), dossier)


def _write(opened: Dossier, annee: int, section: str):
    version = opened.version(Paragraphe, annee, section)
    text = st.text_area(
        "Texte", value=version.saisie.texte if version else "", height=200, key=f"texte-{annee}-{section}-{opened.etat}",
        label_visibility="collapsed",
    ).strip()  # fmt: skip
    entry = Paragraphe(annee, section, text)
    current = version.saisie if version else Paragraphe(annee, section)
    return ([Modification(entry, version.id if version else 0)] if entry != current else []), []
