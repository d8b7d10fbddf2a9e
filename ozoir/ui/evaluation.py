"""The evaluation: the yearly report's matter over several years, against the initial state."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import streamlit as st

from ozoir.catalogue.saisies import STATUTS_ACTION, Proposition
from ozoir.indicators.publication import Publication
from ozoir.suivi.bilan import Evaluation, build_evaluation
from ozoir.suivi.dossier import Dossier
from ozoir.ui.credits import show_credit_tables
from ozoir.ui.filters import pick
from ozoir.ui.gouvernance import followed_rows
from ozoir.ui.observations import show_observations
from ozoir.ui.paragraphes import show_paragraph
from ozoir.ui.suivi import AMOUNT_HEADS, MARQUES, VIDE, amounts_cells, empty, heading, show_table
from ozoir.ui.texts import safe


def show_evaluation(publication: Publication, dossier: Dossier, fin: int) -> None:
    """From a first year, to choose, to the page's year."""
    years = [annee for annee in dossier.cadre.annees if annee <= fin]
    debut = int(pick("depuis", "Depuis", {str(annee): str(annee) for annee in years}))
    evaluation = build_evaluation(publication, dossier, debut, fin)
    contrat = dossier.cadre.contrat
    st.html(
        f'<p class="oz-source">Contrat\u00a0: {safe(contrat.suivi.evaluation_mi_parcours)} '
        "Chaque comparaison part de l’état initial de sa propre source\u202f; "
        "on parle d’évolution observée, jamais d’effet du contrat.</p>"
    )
    for rank, item in enumerate(evaluation.sections, 1):
        heading(f"{rank}. {item.section.titre}", f"{debut}–{fin}")
        show_paragraph(dossier, fin, item)
        CONTENUS[item.section.contenu](dossier, evaluation)


def _show_situation(dossier: Dossier, evaluation: Evaluation) -> None:
    show_observations(evaluation.observation, evaluation.annees[-1])


def _show_actions(dossier: Dossier, evaluation: Evaluation) -> None:
    """Action × year: a mark per status, its legend below."""
    if not any(any(item.statuts.values()) for item in evaluation.parcours):
        empty("Aucun état d’action n’est saisi sur ces années.")
        return
    for pilier in dossier.cadre.contrat.piliers:
        rows = [
            (safe(item.action.titre), *(_mark(statut) for statut in item.statuts.values()))
            for item in evaluation.parcours
            if dossier.cadre.pilier_of(item.action.id).id == pilier.id
        ]
        st.html(f'<h3 class="oz-message">{safe(pilier.titre)}</h3>')
        heads = ("Action", *(str(annee) for annee in evaluation.annees))
        show_table(f"Actions année par année, {pilier.titre}", heads, rows, "oz-matrice")
    legend = " · ".join(f"<b>{MARQUES[id]}</b> {titre}" for id, titre in STATUTS_ACTION.items())
    st.html(f'<p class="oz-signes">{legend} · {VIDE} non renseigné</p>')


def _mark(statut: str) -> str:
    if not statut:
        return VIDE
    return f'<span role="img" title="{STATUTS_ACTION[statut]}">{MARQUES[statut]}</span>'


def _show_credits(dossier: Dossier, evaluation: Evaluation) -> None:
    if not evaluation.credits.total.lignes:
        empty("Aucun crédit n’est saisi sur ces années.")
        return
    rows = [(annee, *amounts_cells(montants)) for annee, montants in evaluation.credits.annees.items()]
    show_table("Crédits par année", ("Année", *AMOUNT_HEADS), rows, "")
    show_credit_tables(evaluation.credits, dossier.cadre)


def _show_followup(dossier: Dossier, evaluation: Evaluation) -> None:
    if not evaluation.propositions:
        empty("Aucune proposition n’est saisie sur ces années.")
        return
    show_table("Propositions de la période", *followed_rows(dossier, Proposition, evaluation.propositions, date.today()))


CONTENUS: dict[str, Callable[[Dossier, Evaluation], None]] = {
    "observation": _show_situation,
    "actions": _show_actions,
    "credits": _show_credits,
    "ajustements": _show_followup,
}
