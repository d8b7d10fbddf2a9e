"""The journal on screen: who did what, when, filtered through the address."""

from __future__ import annotations

from datetime import date, timedelta

import streamlit as st

from ozoir.access.actes import ACTES
from ozoir.exploitation.registre import Filtre, journal_authors, journal_break, read_journal
from ozoir.numbers import format_date, plural
from ozoir.ui.filters import pick, remember
from ozoir.ui.session import current_store
from ozoir.ui.tables import table_html
from ozoir.ui.texts import raw, safe

PERIODES = {"": "Tout", "1": "Depuis hier", "7": "7 derniers jours", "31": "31 derniers jours", "366": "12 derniers mois"}
LIMITE = 200


def show_journal() -> None:
    store = current_store()
    filtre = _ask(journal_authors(store))
    lines = read_journal(store, filtre)
    _show_chain(journal_break(store))
    if not lines:
        st.html('<p class="oz-vide">Aucune ligne ne répond à ces filtres.</p>')
        return
    more = f", les {LIMITE} plus récentes" if len(lines) == LIMITE else ""
    st.html(f'<h2 class="oz-theme">Lignes du journal<small>{plural(len(lines), "ligne")}{more}</small></h2>')
    rows = [
        (
            str(line.numero),
            f"{format_date(line.fait_le)} {line.fait_le:%H:%M}",
            safe(line.auteur),
            safe(line.acte),
            raw(line.objet or "–"),
            raw(line.details or "–"),
        )
        for line in lines
    ]
    st.html(
        table_html("Journal", ["Ligne", "Date et heure (UTC)", "Par", "Acte", "Objet", "Détails"], rows, "oz-texte oz-haute")
    )


def _ask(authors: dict[str, str]) -> Filtre:
    left, middle, right, last = st.columns(4)
    with left:
        acte = pick("acte", "Acte", {"": "Tous", **{name: row.titre for name, row in ACTES.items()}})
    with middle:
        auteur = pick("auteur", "Par", {"": "Tous", **authors})
    with right:
        days = pick("periode", "Période", PERIODES)
    with last:
        st.session_state["journal-texte"] = st.query_params.get("texte", "")
        texte = st.text_input(
            "Texte cherché",
            key="journal-texte",
            max_chars=100,
            on_change=lambda: remember("texte", st.session_state["journal-texte"].strip()),
        )
    depuis = date.today() - timedelta(days=int(days)) if days else None
    return Filtre(acte, auteur, depuis, None, texte.strip(), LIMITE)


def _show_chain(broken: str) -> None:
    if broken:
        st.html(f'<div class="oz-probleme" role="alert"><strong>Le journal a été altéré.</strong><p>{safe(broken)}</p></div>')
    else:
        st.html(
            '<p class="oz-faite" role="status">Chaque ligne porte l’empreinte de la '
            "précédente\u00a0: la chaîne est intacte.</p>"
        )
