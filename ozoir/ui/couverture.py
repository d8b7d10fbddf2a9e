"""The page of coverage: indicator × year, and what is awaited from each partner, with a letter ready to copy."""

from __future__ import annotations

from collections import Counter
from datetime import date

import streamlit as st

from ozoir.indicators.publication import Publication
from ozoir.numbers import NBSP, plural
from ozoir.suivi.couverture import (
    ALIMENTE,
    AWAITED,
    ETATS,
    LEGENDE,
    OBSERVATION,
    REALISATION,
    Attente,
    Ligne,
    build_matrix,
    list_awaited,
    write_letter,
)
from ozoir.suivi.dossier import Dossier
from ozoir.ui.completude import show_details
from ozoir.ui.filters import pick
from ozoir.ui.suivi import empty, heading, object_title, open_dossier, show_table
from ozoir.ui.texts import safe

MARQUES = {
    "alimente": "●",
    "non_concerne": "nc",
    "non_diffuse": "nd",
    "en_retard": "▲",
    "manquant": "○",
    "a_definir": "?",
    "pas_encore": "·",
}
GENRES = {"": "Tous", OBSERVATION: "Observation (statistiques)", REALISATION: "Réalisation (actions du contrat)"}
VUES = {
    "matrice": "Matrice indicateur × année",
    "attentes": "Ce qui est attendu, par partenaire",
    "details": "Ce qui est connu par sexe et par âge",
}


def show_coverage_page(publication: Publication) -> None:
    dossier = open_dossier(publication)
    columns = st.columns(4)
    with columns[0]:
        vue = pick("vue", "Afficher", VUES)
    with columns[1]:
        pilier = pick("pilier", "Pilier", {"": "Tous", **{p.id: p.titre_court for p in dossier.cadre.contrat.piliers}})
    with columns[2]:
        genre = pick("genre", "Indicateurs", GENRES)
    with columns[3]:
        annee = pick("annee", "Année", {"": "Toutes", **{str(a): str(a) for a in dossier.cadre.annees}})
    years = (int(annee),) if annee else dossier.cadre.annees
    rows = [
        row
        for row in build_matrix(publication, dossier, date.today())
        if pilier in ("", row.pilier) and genre in ("", row.genre)
    ]
    if vue == "details":
        show_details(publication, pilier)
    elif vue == "matrice":
        _show_matrix(dossier, rows, years)
    else:
        _show_awaited(publication, dossier, rows, years)


def _show_matrix(dossier: Dossier, rows: list[Ligne], years: tuple[int, ...]) -> None:
    counts = Counter(row.etats[year] for row in rows for year in years)
    st.html(f'<p class="oz-signes">{_legend(counts)}</p>')
    for pilier in dossier.cadre.contrat.piliers:
        for genre in (OBSERVATION, REALISATION):
            shown = [row for row in rows if row.pilier == pilier.id and row.genre == genre]
            if shown:
                fed = sum(any(row.etats[year] == ALIMENTE for year in years) for row in shown)
                heading(f"{pilier.titre_court} – {GENRES[genre].lower()}", f"{fed} alimentés sur {len(shown)}")
                body = [(_title(dossier, row), *(_cell(row.etats[year]) for year in years)) for row in shown]
                heads = ("Indicateur", *(str(year) for year in years))
                show_table(f"Couverture, {pilier.titre_court}", heads, body, "oz-matrice")


def _title(dossier: Dossier, row: Ligne) -> str:
    place = f"<br><small>{safe(object_title(dossier.cadre, row.objet))}</small>" if row.objet else ""
    return safe(row.libelle) + place


def _cell(etat: str) -> str:
    return f'<span class="oz-case oz-{etat}" role="img" title="{ETATS[etat]}">{MARQUES[etat]}</span>'


def _legend(counts: Counter) -> str:
    return "".join(
        f'<span class="oz-legende" title="{safe(LEGENDE[etat])}">{_cell(etat)} {titre}{NBSP}({counts[etat]})</span>'
        for etat, titre in ETATS.items()
        if counts[etat]
    )


def _show_awaited(publication: Publication, dossier: Dossier, rows: list[Ligne], years: tuple[int, ...]) -> None:
    wanted = [row for row in rows if any(row.etats[year] in AWAITED for year in years)]
    waiting = list_awaited(wanted, publication.catalogue, dossier.cadre.regles)
    heading("Ce qui est attendu", plural(len(waiting), "destinataire"))
    if not waiting:
        empty("Rien n’est attendu : tous les indicateurs choisis sont alimentés, à définir ou pas encore attendus.")
    for attente in waiting:
        _show_partner(dossier, attente, years)


def _show_partner(dossier: Dossier, attente: Attente, years: tuple[int, ...]) -> None:
    with st.expander(f"{attente.partenaire} ({plural(len(attente.lignes), 'indicateur')})"):
        st.caption("Texte prêt à copier\u00a0: l’icône apparaît au survol, en haut à droite.")
        st.code(write_letter(attente, dossier.cadre, years), language=None, wrap_lines=True)
