"""Collection workbooks on screen: send them, receive them, see what they change, save or drop, undo."""

from __future__ import annotations

from datetime import date

import streamlit as st

from ozoir.access.identites import current_identity, is_allowed
from ozoir.catalogue.classeur import actions_of, attendus_of, pilots
from ozoir.catalogue.saisies import EtatAction, Realisation
from ozoir.catalogue.suivi import Cadre
from ozoir.errors import OzoirError
from ozoir.exports.collecte import workbook_name, write_all, write_workbook
from ozoir.numbers import NBSP, format_date, plural
from ozoir.suivi.collecte import (
    Collecte,
    compose_workbook,
    list_deposits,
    preview,
    receive_collecte,
    restore_deposit,
    save_workbook,
    withdraw_deposit,
)
from ozoir.suivi.dossier import Dossier
from ozoir.ui.collecte_preview import show_preview
from ozoir.ui.saisie import auteur_courant
from ozoir.ui.session import current_store
from ozoir.ui.suivi import empty, heading, show_table
from ozoir.ui.telechargements import hand_over
from ozoir.ui.televersement import let_go, print_of
from ozoir.ui.texts import raw, safe, typeset

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_DONE, _ROUND, _CHOSEN = "collecte-faits", "collecte-tour", "collecte-pilote"


def show_sending(dossier: Dossier, annee: int) -> None:
    """One workbook, or all of them; and where each pilot stands."""
    heading("Envoyer les classeurs", f"année {annee}")
    names = pilots(dossier.cadre)
    left, middle, right = st.columns([2, 1, 1], vertical_alignment="bottom")
    pilote = left.selectbox("Pilote", names, key=_CHOSEN)
    classeur = compose_workbook(dossier, pilote, annee, date.today())
    middle.download_button(
        "Télécharger son classeur",
        data=hand_over("lecture restreinte", lambda: write_workbook(classeur)),
        file_name=workbook_name(classeur),
        mime=XLSX,
        on_click="ignore",
        key="collecte-un",
        width="stretch",
    )
    right.download_button(
        f"Tous les classeurs ({len(names)})",
        data=hand_over(
            "lecture restreinte",
            lambda: write_all(compose_workbook(dossier, name, annee, date.today()) for name in names),
        ),
        file_name=f"collecte-{annee}.zip",
        mime="application/zip",
        on_click="ignore",
        key="collecte-tous",
        width="stretch",
    )
    rows = [_pilot_row(dossier, name, annee) for name in names]
    show_table(
        f"Réponses par pilote, {annee}",
        ["Pilote", "Actions renseignées", "Indicateurs répondus", "Dernier classeur reçu"],
        rows,
    )


def _pilot_row(dossier: Dossier, pilote: str, annee: int) -> tuple[str, ...]:
    actions = actions_of(dossier.cadre, pilote)
    asked = [item for item in attendus_of(dossier.cadre, pilote) if item.is_entered]
    states = [entry for action in actions if (entry := dossier.entry(EtatAction, action.id, annee)) and entry.statut]
    answers = [
        entry
        for item in asked
        if (entry := dossier.entry(Realisation, item.objet, item.indicateur.id, annee)) and entry.reponse != "vide"
    ]
    received = [
        depot
        for depot in list_deposits(current_store())
        if (depot.pilote, depot.annee, depot.statut) == (pilote, annee, "charge")
    ]
    last = f"n°{NBSP}{received[0].id}, le {format_date(received[0].charge_le)}" if received else "–"
    return (
        safe(pilote),
        f"{len(states)}{NBSP}sur{NBSP}{len(actions)}",
        f"{len(answers)}{NBSP}sur{NBSP}{len(asked)}" if asked else "–",
        last,
    )


def show_receiving(dossier: Dossier, annee: int) -> None:
    """Filled workbooks: each one with what was understood and what it would change."""
    heading("Recevoir les classeurs remplis", f"année {annee}")
    if not is_allowed(current_identity(), "dépôt de classeur"):
        empty("Recevoir un classeur rempli demande le rôle de chef de projet.")
        return
    tour = st.session_state.setdefault(_ROUND, 0)
    zone = f"collecte-fichiers-{tour}"
    files = st.file_uploader(
        "Déposer un ou plusieurs classeurs remplis (.xlsx ou .ods)",
        type=["xlsx", "xlsm", "ods"],
        accept_multiple_files=True,
        key=zone,
        max_upload_size=5,
    )
    done = _done(tour)
    for sentence in (done if files else _done(tour - 1) | done).values():
        st.html(f'<p class="oz-faite" role="status">{sentence}</p>')
    waiting = {print_of(file): file for file in files or ()}
    for digest, file in waiting.items():
        if digest in done:
            let_go(file, zone)
            continue
        with st.container(border=True, key=f"classeur-{digest[:12]}"):
            _show_file(dossier.cadre, digest, file.name, file.getvalue(), annee)
    if files and all(digest in done for digest in waiting):
        st.session_state[_ROUND] = tour + 1
        st.rerun()


def _done(tour: int | None = None) -> dict[str, str]:
    """What became of the files of a round of uploads, the current one unless told: digest → sentence."""
    tour = st.session_state[_ROUND] if tour is None else tour
    return st.session_state.setdefault(f"{_DONE}-{tour}", {})


@st.cache_resource(show_spinner="Lecture du classeur…", max_entries=30)
def _read(digest: str, name: str, annee: int, contrat: str, _data: bytes, _cadre: Cadre) -> Collecte:
    """digest and contrat stand in the key for the bytes and the frame, which are not hashed."""
    return receive_collecte(_data, name, _cadre, annee)


def _show_file(cadre: Cadre, digest: str, name: str, data: bytes, annee: int) -> None:
    st.html(f"<h3 class='oz-message'>{raw(name)}</h3>")
    try:
        apercu = preview(current_store(), cadre, _read(digest, name, annee, cadre.contrat.id, data, cadre))
    except OzoirError as error:
        st.html(f'<div class="oz-probleme" role="alert"><strong>{safe(error.title)}</strong><p>{safe(error.message)}</p></div>')
        _drop_button(digest, name, "Retirer ce fichier de la liste")
        return
    retained = show_preview(apercu, digest[:12])
    left, right = st.columns(2)
    is_savable = not apercu.collecte.blocking and bool(apercu.modifications or retained)
    if left.button("Enregistrer", type="primary", key=f"enregistrer-{digest[:12]}", disabled=not is_savable, width="stretch"):
        depot = save_workbook(current_store(), apercu, data, auteur_courant(), retained)
        count = plural(depot.saisies, "saisie enregistrée", "saisies enregistrées")
        _done()[digest] = (
            f"«{NBSP}{raw(name)}{NBSP}»{NBSP}: {count}, dépôt n°{NBSP}{depot.id} ({safe(depot.pilote)}, {depot.annee})."
        )
        st.rerun()
    with right:
        _drop_button(digest, name, "Abandonner")


def _drop_button(digest: str, name: str, text: str) -> None:
    if st.button(text, key=f"abandonner-{digest[:12]}", width="stretch"):
        _done()[digest] = f"«{NBSP}{raw(name)}{NBSP}»{NBSP}: abandonné, rien n’a été enregistré."
        st.rerun()


def show_received() -> None:
    """Every deposit; one may be withdrawn: the former values count again, nothing is erased."""
    deposits = list_deposits(current_store())
    heading("Les classeurs reçus", plural(len(deposits), "dépôt"))
    if not deposits:
        empty("Aucun classeur n’a encore été enregistré.")
        return
    rows = [
        (
            f"n°{NBSP}{depot.id}",
            safe(depot.pilote),
            str(depot.annee),
            raw(depot.fichier),
            f"{format_date(depot.charge_le)}, {safe(depot.auteur)}",
            plural(depot.saisies, "saisie"),
            plural(len(depot.constats), "constat"),
            "Retiré" if depot.statut == "retire" else "Enregistré",
        )
        for depot in deposits
    ]
    show_table("Classeurs reçus", ["Dépôt", "Pilote", "Année", "Fichier", "Reçu", "Saisies", "Constats", "État"], rows)
    if is_allowed(current_identity(), "retrait de classeur"):
        _show_undoing(deposits)


def _show_undoing(deposits: list) -> None:
    with st.expander("Annuler ou rétablir un dépôt"):
        titles = {depot.id: typeset(f"n° {depot.id} – {depot.pilote}, {depot.annee} ({depot.fichier})") for depot in deposits}
        number = st.selectbox("Dépôt", list(titles), format_func=titles.__getitem__, key="collecte-depot")
        depot = next(item for item in deposits if item.id == number)
        if depot.statut == "retire":
            st.html("<p>Ce dépôt est retiré\u00a0: ses saisies ne comptent pas. Elles peuvent être rétablies.</p>")
            if st.button("Rétablir ce dépôt", key="collecte-retablir"):
                restore_deposit(current_store(), number, auteur_courant())
                st.rerun()
            return
        st.html(
            "<p>Retirer un dépôt rend leur valeur précédente à toutes ses saisies. Rien n’est effacé\u00a0: il peut être "
            "rétabli.</p>"
        )
        motif = st.text_input("Pourquoi\u202f?", key="collecte-motif", max_chars=200)
        if st.button("Retirer ce dépôt", key="collecte-retirer", disabled=not motif.strip()):
            withdraw_deposit(current_store(), number, auteur_courant(), motif.strip())
            st.rerun()
