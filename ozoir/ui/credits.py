"""The page of credits: what was planned, engaged and paid, by whom, for what; and the table to enter it."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from ozoir.access.identites import current_identity, is_allowed
from ozoir.catalogue.saisies import NATURES_CREDIT, Credit
from ozoir.catalogue.suivi import Cadre
from ozoir.indicators.publication import Publication
from ozoir.numbers import plural
from ozoir.suivi.bilan import Credits, sum_lines
from ozoir.suivi.credits import Dimension, Montants, dimensions, sum_amounts
from ozoir.suivi.dossier import Dossier
from ozoir.ui.filters import pick
from ozoir.ui.saisie import ask_author
from ozoir.ui.saisie_tableau import edit_credits
from ozoir.ui.suivi import (
    AMOUNT_HEADS,
    NOTE_INCONNUS,
    NOTE_TAUX,
    VIDE,
    amounts_cells,
    empty,
    heading,
    open_dossier,
    pick_year,
    show_table,
    sum_text,
)
from ozoir.ui.tables import table_html
from ozoir.ui.texts import raw, safe

VUES = {"synthese": "Synthèse", "saisie": "Saisir les crédits"}


def show_credits(publication: Publication) -> None:
    dossier = open_dossier(publication)
    columns = st.columns(3)
    with columns[0]:
        annee = pick_year(dossier)
    with columns[1]:
        pilier = pick("pilier", "Pilier", {"": "Tous", **{p.id: p.titre_court for p in dossier.cadre.contrat.piliers}})
    with columns[2]:
        vue = pick("vue", "Afficher", VUES if is_allowed(current_identity(), "saisie") else {"synthese": VUES["synthese"]})
    if vue == "saisie":
        _edit(dossier, annee, pilier)
    else:
        _show_summary(dossier, annee, pilier)


def _in_pillar(cadre: Cadre, lines: Sequence[Credit], pilier: str) -> list[Credit]:
    return [line for line in lines if pilier in ("", cadre.pilier_of(line.objet).id)]


def _edit(dossier: Dossier, annee: int, pilier: str) -> None:
    cadre = dossier.cadre
    ask_author()
    st.caption(
        "Une ligne par financeur et par action. Quand l’argent n’est pas rattaché à une action, choisissez l’objectif ou le "
        "pilier. Montants en euros, au centime\u00a0: 1234,50. Case vide\u00a0: montant inconnu\u202f; 0\u00a0: aucun crédit. "
        "Pour ajouter une ligne, tapez dans la dernière, vide\u202f; pour en retirer une, cochez-la à gauche puis Suppr."
    )
    lines = _in_pillar(cadre, dossier.entries(Credit, annee=annee), pilier)
    objets = {id: f"{cadre.pilier_of(id).titre_court} – {titre}" for id, titre in cadre.titres.items()}
    objets = {id: titre for id, titre in objets.items() if pilier in ("", cadre.pilier_of(id).id)}
    edit_credits(dossier, lines, objets, annee)


def _show_summary(dossier: Dossier, annee: int, pilier: str) -> None:
    cadre = dossier.cadre
    lines = _in_pillar(cadre, dossier.entries(Credit, annee=annee), pilier)
    total = sum_amounts(lines)
    if not total.lignes:
        how = "Choisissez «\u00a0Saisir les crédits\u00a0», ou envoyez un classeur de collecte."
        empty(f"Aucun crédit n’est saisi pour {annee}. {how}")
    else:
        heading(f"Crédits {annee}", plural(total.lignes, "ligne"))
        show_credit_tables(sum_lines(cadre, lines), cadre)
        _show_lines(cadre, lines, annee)
    _show_years(dossier, pilier)


def show_credit_tables(credits: Credits, cadre: Cadre) -> None:
    """The two sides of the contract, then funders, pillars, themes."""
    ways = dimensions(cadre)
    st.html(_sums_table(credits.groupes, ways["groupe"], credits.total))
    left, right = st.columns(2, gap="medium")
    left.html(_sums_table(credits.financeurs, ways["financeur"]))
    right.html(_sums_table(credits.piliers, ways["pilier"]) + _sums_table(credits.themes, ways["theme"]))
    st.html(_cross_table(credits, ways["financeur"], ways["pilier"]))
    st.html(f'<p class="oz-source">{NOTE_TAUX} {NOTE_INCONNUS}</p>')


def _sums_table(sums: dict[str, Montants], dimension: Dimension, total: Montants | None = None) -> str:
    rows = [(safe(dimension.modalites[id]), *amounts_cells(montants)) for id, montants in sums.items()]
    if total:
        rows.append(("<b>Total</b>", *amounts_cells(total)))
    return table_html(f"Crédits par {dimension.titre.lower()}", (dimension.titre, *AMOUNT_HEADS), rows)


def _cross_table(credits: Credits, rows: Dimension, columns: Dimension) -> str:
    """Engaged amounts, funder × pillar."""
    pillars = list(credits.piliers)
    body = [
        (safe(rows.modalites[id]), *(sum_text(cells[p].engage) if p in cells else VIDE for p in pillars))
        for id, cells in credits.financeurs_piliers.items()
    ]
    heads = ("Montants engagés", *(columns.modalites[id] for id in pillars))
    return table_html("Montants engagés par financeur et par pilier", heads, body)


def _show_lines(cadre: Cadre, lines: list[Credit], annee: int) -> None:
    rows = [
        (
            safe(cadre.titres[line.objet]),
            safe(cadre.financements.financeurs[line.financeur].titre + (f" – {line.ligne}" if line.ligne else "")),
            NATURES_CREDIT[line.nature],
            raw(line.theme or cadre.theme_of(line.objet) or VIDE),
            *amounts_cells(sum_amounts([line])),
        )
        for line in lines
        if sum_amounts([line]).lignes
    ]
    table = table_html(f"Lignes de crédits {annee}", ("Objet", "Financeur", "Nature", "Thème", *AMOUNT_HEADS), rows, "oz-texte")
    st.html(f"<details><summary>Toutes les lignes ({len(rows)})</summary>{table}</details>")


def _show_years(dossier: Dossier, pilier: str) -> None:
    lines = _in_pillar(dossier.cadre, dossier.entries(Credit), pilier)
    years = [str(annee) for annee in dossier.cadre.annees]
    sums = {annee: sum_amounts(line for line in lines if str(line.annee) == annee) for annee in years}
    rows = [(annee, *amounts_cells(sums[annee])) for annee in years if sums[annee].lignes]
    if len(rows) > 1:
        heading("D’une année à l’autre")
        show_table("Crédits par année", ("Année", *AMOUNT_HEADS), rows, "")
