"""What each partner owes, when, what came last; the letter to ask for it, the blank workbook to send."""

from __future__ import annotations

from datetime import date

import streamlit as st

from ozoir.atelier.calendrier import ETATS, Echeance, list_deadlines
from ozoir.catalogue.loading import Catalogue
from ozoir.exports.modeles import offered_templates, write_template
from ozoir.indicators.publication import Publication
from ozoir.numbers import NBSP, format_date, format_number, plural
from ozoir.suivi.couverture import build_matrix, list_awaited, write_letter
from ozoir.suivi.dossier import Dossier
from ozoir.ui.suivi import empty, heading, show_table
from ozoir.ui.texts import raw, safe, typeset

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MARKS = {"recu": "●", "attendu": "○", "en_retard": "▲", "jamais": "▲"}


def show_calendar(publication: Publication, catalogue: Catalogue, dossier: Dossier) -> None:
    """One line per layout; the local extracts first, and the late ones first among them."""
    deadlines = list_deadlines(catalogue, dossier.cadre.regles, publication.imports(), date.today())
    late = sum(item.etat in ("en_retard", "jamais") for item in deadlines if item.source.locale)
    heading(
        "Le calendrier des partenaires",
        f"en retard ou jamais reçu\u00a0: {plural(late, 'extraction locale', 'extractions locales')}",
    )
    rows = [_row(item) for item in deadlines]
    show_table(
        "Calendrier des partenaires",
        ["Partenaire", "Fichier", "Rythme", "Dernier reçu", "Chiffres du", "Attendu avant le", "Ce qui a changé", "État"],
        rows,
    )
    _show_templates(catalogue)
    _show_letters(publication, dossier)


def _row(item: Echeance) -> tuple[str, ...]:
    received = f"import n°{NBSP}{item.dernier.id}, le {format_date(item.dernier.charge_le)}" if item.dernier else "–"
    return (
        safe(item.partenaire),
        safe(item.source.titre),
        safe(item.source.frequence),
        received,
        format_date(item.derniere_date) if item.derniere_date else "–",
        format_date(item.attendu_le) if item.attendu_le else "–",
        _change(item),
        f'<span class="oz-etat">{_MARKS[item.etat]} {_state(item)}</span>',
    )


def _state(item: Echeance) -> str:
    """Nobody owes what is published: it is there to be downloaded."""
    return ETATS[item.etat] if item.source.locale or item.etat in ("recu", "attendu") else "À télécharger"


def _change(item: Echeance) -> str:
    """How many figures more or less than the delivery before."""
    if not item.dernier or not item.precedent:
        return "–"
    gap = item.dernier.faits - item.precedent.faits
    return f"{format_number(gap, sign=True)} faits" if gap else "autant de faits"


def _show_templates(catalogue: Catalogue) -> None:
    heading("Les modèles à remplir")
    st.html(
        "<p>Un classeur vierge par extraction locale\u00a0: listes déroulantes, intitulés verrouillés, mode d’emploi. Rempli, il se charge sans question.</p>"
    )
    sources = offered_templates(catalogue)
    left, middle, right = st.columns([2, 1, 1], vertical_alignment="bottom")
    chosen = left.selectbox(
        "Extraction", list(sources), format_func=lambda name: typeset(sources[name].titre), key="modele-source"
    )
    today = date.today()
    day = middle.date_input("Date des chiffres", value=date(today.year - 1, 12, 31), format="DD/MM/YYYY", key="modele-date")
    modele = write_template(sources[chosen], catalogue, day)
    right.download_button(
        "Télécharger le modèle",
        data=modele.contenu,
        file_name=modele.nom,
        mime=XLSX,
        on_click="ignore",
        key="modele",
        width="stretch",
    )
    st.html(f"<p>{safe(sources[chosen].demande)} Fichier\u00a0: <code>{raw(modele.nom)}</code></p>")


def _show_letters(publication: Publication, dossier: Dossier) -> None:
    heading("Les demandes, prêtes à copier")
    waiting = list_awaited(build_matrix(publication, dossier, date.today()), publication.catalogue, dossier.cadre.regles)
    if not waiting:
        empty("Rien n’est attendu d’aucun partenaire.")
    for attente in waiting:
        with st.expander(f"{attente.partenaire} ({plural(len(attente.lignes), 'indicateur')})"):
            st.code(write_letter(attente, dossier.cadre), language=None, wrap_lines=True)
