"""Editions: freeze one, open one as it was, see what was revised since, find a figure by its reference."""

from __future__ import annotations

import streamlit as st

from ozoir.access.identites import current_identity, is_allowed
from ozoir.catalogue.diffusions import DIFFUSIONS, PUBLIQUE
from ozoir.charts.words import figure_text
from ozoir.errors import OzoirError
from ozoir.exports.comparison import compare_dossiers, revisions_table
from ozoir.exports.contents import Dossier, Tableau
from ozoir.exports.editions import freeze_edition, open_edition
from ozoir.exports.references import Reference, find_figure, parse_reference
from ozoir.numbers import format_date, plural
from ozoir.suivi.editions import Edition, list_editions
from ozoir.ui.documents import show_downloads
from ozoir.ui.filters import pick, remember
from ozoir.ui.frame import show_failure
from ozoir.ui.saisie import ask_author, auteur_courant
from ozoir.ui.session import current_store
from ozoir.ui.suivi import empty, heading, show_table
from ozoir.ui.texts import raw, safe

_DONE, _TURN = "edition-figee", "edition-tour"
MAX_REVISIONS = 200


def show_freezing(dossier: Dossier) -> None:
    """Name and freeze what is on the page."""
    heading("Figer une édition", "Chiffres, masques, textes et sources gardés ensemble, tels qu’ils sont aujourd’hui")
    if done := st.session_state.pop(_DONE, ""):
        st.html(f'<p class="oz-faite" role="status">{safe(f"Édition « {done} » figée.")}</p>')
    if not is_allowed(current_identity(), "édition figée"):
        empty("Figer une édition demande le rôle de chef de projet.")
        return
    ask_author("edition")
    tour = st.session_state.get(_TURN, 0)
    with st.form("figer"):
        nom = st.text_input("Nom de l’édition", placeholder="COPIL du 12/03/2020", max_chars=80, key=f"figer-nom-{tour}")
        is_sure = st.checkbox("Je confirme\u00a0: une édition figée ne se modifie plus et ne s’efface pas.", key=f"figer-sur-{tour}")
        if st.form_submit_button("Figer", type="primary"):
            if is_sure:
                _freeze(dossier, nom)
            else:
                show_failure(OzoirError("Rien n’a été figé.", "Cochez d’abord la confirmation."))


def _freeze(dossier: Dossier, nom: str) -> None:
    try:
        with st.spinner("L’édition est en cours d’enregistrement…"):
            edition = freeze_edition(current_store(), dossier, nom, auteur_courant())
    except OzoirError as error:
        show_failure(error)
        return
    st.session_state[_DONE] = edition.nom
    st.session_state[_TURN] = st.session_state.get(_TURN, 0) + 1
    st.rerun()


def show_editions(today: Dossier) -> None:
    """The list; one of them opened, with its documents and what changed since."""
    heading("Éditions figées")
    editions = [edition for edition in list_editions(current_store()) if _may_read(edition)]
    if not editions:
        empty("Aucune édition n’est encore figée.")
        return
    rows = [
        (
            safe(item.nom),
            str(item.annee),
            safe(DIFFUSIONS[item.diffusion]),
            format_date(item.figee_le),
            raw(item.auteur),
            str(item.id),
        )
        for item in editions
    ]
    show_table("Éditions figées", ("Nom", "Année", "Diffusion", "Figée le", "Par", "Numéro"), rows)
    chosen = pick("edition", "Rouvrir une édition", {"": "Aucune", **{str(item.id): item.nom for item in editions}})
    if not chosen:
        return
    frozen = open_edition(current_store(), chosen)
    st.html(f'<p class="oz-chapeau">{safe(frozen.bandeau)}. Lecture seule\u00a0: une édition ne change plus.</p>')
    show_downloads(frozen, f"edition-{chosen}")
    _show_revisions(frozen, today)


def _may_read(edition: Edition) -> bool:
    return edition.diffusion == PUBLIQUE or is_allowed(current_identity(), "lecture restreinte")


def _show_revisions(frozen: Dossier, today: Dossier) -> None:
    """Compared figure by figure with today's, for the same year whatever is chosen above."""
    if today.annee != frozen.annee:
        empty(f"Choisissez l’année {frozen.annee} en haut de la page pour comparer cette édition avec aujourd’hui.")
        return
    revisions = compare_dossiers(frozen, today)
    heading("Ce qui a changé depuis", plural(len(revisions), "chiffre"))
    table = revisions_table(revisions, MAX_REVISIONS)
    if not table.lignes:
        empty(table.vide)
        return
    _show(table)
    if len(revisions) > MAX_REVISIONS:
        st.html(f'<p class="oz-source">{MAX_REVISIONS} premières lignes sur {len(revisions)}.</p>')


def _show(table: Tableau) -> None:
    show_table(table.titre, table.colonnes, [tuple(safe(cell.texte) for cell in line) for line in table.lignes])


def show_search(today: Dossier) -> None:
    """A reference copied from any document leads to its figure, in its edition."""
    heading("Retrouver un chiffre", "par la référence imprimée sous lui")
    st.session_state["reference"] = st.query_params.get("reference", "")
    typed = st.text_input(
        "Référence",
        placeholder="defm_abc:2020-12-31:i12:e3",
        key="reference",
        max_chars=200,
        on_change=lambda: remember("reference", st.session_state["reference"].strip()),
    )
    if not typed.strip():
        return
    try:
        reference = parse_reference(typed)
        dossier = open_edition(current_store(), str(reference.edition)) if reference.edition else today
    except OzoirError as error:
        show_failure(error)
        return
    _show_figure(reference, dossier)


def _show_figure(reference: Reference, dossier: Dossier) -> None:
    found = find_figure(dossier.resultats, reference)
    if found is None:
        place = (
            f"l’édition «\u00a0{dossier.edition}\u00a0»"
            if dossier.edition
            else f"les chiffres d’aujourd’hui, jusqu’à {dossier.annee}"
        )
        empty(f"Aucun chiffre de cette référence dans {place}.")
        return
    result, serie, point = found
    rows = [
        (title, figure_text(figure) or "–", safe(figure.raison))
        for title, figure in (
            ("Quartier", point.qpv),
            ("Reste de la commune", point.reste),
            ("Commune entière", point.commune),
            ("Écart", point.ecart),
        )
    ]
    modality = f", {serie.libelle}" if serie.modalite else ""
    st.html(f'<h3 class="oz-message">{safe(f"{result.indicateur.titre}{modality}, {point.periode}")}</h3>')
    show_table("Chiffre retrouvé", ("Territoire", "Valeur", "Remarque"), [(safe(a), safe(b), c) for a, b, c in rows])
    places = [item for figure in (point.qpv, point.commune) for item in figure.provenances]
    cells = [
        (
            raw(item.fichier),
            raw(item.feuille or "–"),
            raw(item.cellule or "–"),
            raw(item.entete),
            raw(item.edition),
            str(item.import_id),
        )
        for item in places
    ]
    if cells:
        show_table("D’où il vient", ("Fichier", "Feuille", "Cellule", "Colonne", "Édition du fichier", "Import n°"), cells)
