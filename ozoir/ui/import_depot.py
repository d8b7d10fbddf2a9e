"""Received files: dropped, read, corrected, compared with what is known, then loaded or left."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from ozoir.access.identites import current_identity
from ozoir.atelier.examen import Examen, examine
from ozoir.atelier.historique import load
from ozoir.atelier.lectures import Choix, Lecture
from ozoir.catalogue.loading import Catalogue
from ozoir.catalogue.model import Source
from ozoir.errors import OzoirError
from ozoir.numbers import NBSP, format_date, plural
from ozoir.ui.constats import on_screen, show_findings
from ozoir.ui.import_apercu import show_previews
from ozoir.ui.import_assistant import show_assistant
from ozoir.ui.import_attente import wait
from ozoir.ui.import_ecarts import show_differences
from ozoir.ui.saisie import auteur_courant
from ozoir.ui.session import current_store
from ozoir.ui.suivi import heading, show_table
from ozoir.ui.televersement import let_go, print_of
from ozoir.ui.texts import capitalise, raw, safe

EXTENSIONS = ["xlsx", "xlsm", "xls", "ods", "csv", "txt"]
LARGEST = 50  # Mo
_ROUND, _DONE, _READ, _REFUSED = "import-tour", "import-faits", "import-lectures", "import-refus"


def show_receiving(catalogue: Catalogue) -> None:
    """The drop zone, then each file with what was understood of it."""
    heading("Déposer des fichiers reçus")
    st.html(
        f"<p>Formats acceptés\u00a0: classeurs <strong>.xlsx, .xlsm, .xls, .ods</strong> et textes <strong>.csv, .txt</strong>, "
        f"{LARGEST}{NBSP}Mo au plus par fichier. Rien n’est enregistré avant «{NBSP}Charger{NBSP}». Jamais de fichier nominatif"
        f"{NBSP}: il serait refusé et ne serait pas gardé.</p>"
    )
    tour = st.session_state.setdefault(_ROUND, 0)
    files = st.file_uploader(
        "Fichiers reçus des partenaires",
        type=EXTENSIONS,
        accept_multiple_files=True,
        key=_zone(),
        max_upload_size=LARGEST,
    )
    done = _done(tour)
    for sentence in (done if files else _done(tour - 1) | done).values():
        st.html(f'<p class="oz-faite" role="status">{sentence}</p>')
    received = {print_of(file): file for file in files or ()}
    waiting = {digest: file for digest, file in received.items() if digest not in done}
    _forget_others(waiting)
    for digest in waiting.keys() - _refused().keys():
        _reading(digest, waiting[digest], catalogue)  # all begin before the first is waited for
    for digest, file in waiting.items():
        with st.container(border=True, key=f"fichier-{digest[:12]}"):
            _show_file(catalogue, digest, file)
    if received and not waiting:
        st.session_state[_ROUND] = tour + 1
        st.rerun()


def _zone() -> str:
    """The key of the drop zone: another one for each round, so that it begins empty."""
    return f"import-fichiers-{st.session_state[_ROUND]}"


def _done(tour: int) -> dict[str, str]:
    """What became of the files of a round of uploads: digest → sentence."""
    return st.session_state.setdefault(f"{_DONE}-{tour}", {})


def _finish(digest: str, file: UploadedFile, sentence: str) -> None:
    _done(st.session_state[_ROUND])[digest] = f"«{NBSP}{raw(file.name)}{NBSP}»{NBSP}: {sentence}"
    let_go(file, _zone())
    st.rerun()


def _refused() -> dict[str, OzoirError | Any]:
    """Files which no choice can make readable: the refusal, or the delivery which names people. Their bytes are gone."""
    return st.session_state.setdefault(_REFUSED, {})


def _refuse(digest: str, file: UploadedFile, why: OzoirError | Any) -> None:
    _refused()[digest] = why
    st.session_state[_READ].pop(digest)
    let_go(file, _zone())
    st.rerun()


def _choice(digest: str) -> Choix:
    return st.session_state.get(f"import-choix-{digest}", Choix())


def choose(digest: str, choix: Choix) -> None:
    """What the analyst says of a file: it is read again."""
    st.session_state[f"import-choix-{digest}"] = choix


def _reading(digest: str, file: UploadedFile, catalogue: Catalogue) -> Lecture:
    """The reading of a file as chosen, begun once; a former one, chosen otherwise, is stopped."""
    readings: dict = st.session_state.setdefault(_READ, {})
    asked = (_choice(digest), tuple(catalogue.sources))
    known = readings.get(digest)
    if known is None or known[0] != asked:
        if known:
            known[1].stop()
        readings[digest] = (asked, Lecture().start(file.getvalue(), file.name, catalogue, asked[0]))
    return readings[digest][1]


def _forget_others(waiting: dict) -> None:
    """Files taken off the list leave the memory."""
    readings: dict = st.session_state.get(_READ, {})
    for digest in [digest for digest in readings if digest not in waiting]:
        readings.pop(digest)[1].stop()
        st.session_state.pop(f"import-examen-{digest}", None)
    for digest in [digest for digest in _refused() if digest not in waiting]:
        del _refused()[digest]


def _show_file(catalogue: Catalogue, digest: str, file: UploadedFile) -> None:
    st.html(f'<h3 class="oz-message">{raw(file.name)}</h3>')
    if digest in _refused():
        _show_refused(digest, file)
        return
    reading = _reading(digest, file, catalogue)
    wait(reading, file.name, digest[:12])
    try:
        delivery = reading.result()
    except OzoirError as error:
        _refuse(digest, file, error)
    if delivery.nominatif == "certain":
        _refuse(digest, file, delivery)
    if delivery.nominatif == "presume":
        _show_nominative(digest, file, delivery)
        return
    name, data = file.name, file.getvalue()
    _show_understood(catalogue, digest, delivery)
    examen = _examine(catalogue, digest, delivery)
    show_findings(delivery.findings)
    show_previews(delivery.apercus, digest[:12])
    if _needs_description(delivery) or st.toggle("Décrire cette mise en page", key=f"decrire-{digest[:12]}"):
        show_assistant(catalogue, delivery, digest, name, data)
    if len(delivery.faits):
        show_differences(examen, digest[:12])
    _show_decision(examen, digest, file)


def _needs_description(delivery) -> bool:
    return (
        not delivery.source
        and bool(delivery.apercus)
        and not any("plusieurs mises en page" in item.message for item in delivery.findings)
    )


def _show_refused(digest: str, file: UploadedFile) -> None:
    why = _refused()[digest]
    if isinstance(why, OzoirError):
        _show_refusal(why)
        _drop_button(digest, file, "Retirer ce fichier de la liste")
    else:
        _show_nominative(digest, file, why)


def _show_refusal(error: OzoirError) -> None:
    text = safe(on_screen(error.message)).replace("\n", "<br>")
    st.html(f'<div class="oz-probleme" role="alert"><strong>{safe(error.title)}</strong><p>{text}</p></div>')


def _show_nominative(digest: str, file: UploadedFile, delivery) -> None:
    """Only columns are named; a named person may answer for what merely looks nominative."""
    st.html(
        '<div class="oz-probleme" role="alert"><strong>Fichier nominatif, refusé.</strong><p>Rien n’en a été gardé ni affiché. '
        "Demandez au partenaire un tableau de totaux, sans nom, date de naissance, adresse, téléphone ni identifiant.</p></div>"
    )
    show_findings(delivery.findings, "Colonnes en cause")
    if delivery.nominatif == "presume":
        with st.expander("C’est une fausse alerte : le fichier ne contient que des totaux"):
            st.html(
                "<p>Une personne nommée peut en répondre. Son nom et son motif sont gardés au journal\u202f; le fichier d’origine, lui, "
                "ne sera pas gardé.</p>"
            )
            who = (
                "" if not current_identity().is_local else st.text_input("Votre nom", key=f"repond-{digest[:12]}", max_chars=80)
            )
            motif = st.text_input(
                "Pourquoi ce fichier ne nomme-t-il personne\u202f?", key=f"motif-{digest[:12]}", max_chars=200
            )
            is_ready = bool(motif.strip()) and (bool(who.strip()) or not current_identity().is_local)
            if st.button("J’en réponds, lire le fichier", key=f"lever-{digest[:12]}", disabled=not is_ready):
                st.session_state[f"import-motif-{digest}"] = f"{motif.strip()} ({who.strip()})" if who else motif.strip()
                choose(digest, replace(_choice(digest), is_cleared=True))
                st.rerun()
    _drop_button(digest, file, "Retirer ce fichier de la liste")


def _show_understood(catalogue: Catalogue, digest: str, delivery) -> None:
    """Recognised as what and why; edition and dates, which may be corrected."""
    source = catalogue.sources.get(delivery.source)
    if source:
        edition = f", édition {delivery.edition}" if delivery.edition else ""
        st.html(
            f"<p><strong>Reconnu comme</strong>\u00a0: {safe(source.titre)}{safe(edition)}. {safe(capitalise(delivery.reconnaissance))}.</p>"
        )
        rows = [(safe(bloc), safe(", ".join(map(format_date, days)))) for bloc, days in delivery.dates.items()]
        if rows:
            show_table("Dates par bloc", ["Bloc", "Date des données"], rows)
    elif delivery.source:
        st.html(f"<p><strong>Reconnu comme</strong>\u00a0: {safe(delivery.source)}.</p>")
    _show_corrections(catalogue, digest, delivery, source)


def _show_corrections(catalogue: Catalogue, digest: str, delivery, source: Source | None) -> None:
    choix = _choice(digest)
    titles = {"": "Reconnaissance automatique", **{item.id: item.titre for item in catalogue.sources.values()}}
    is_asked = any("Précisez" in item.message or "Dites laquelle" in item.message for item in delivery.blocking)
    with st.expander("Corriger la lecture", expanded=is_asked), st.form(f"corriger-{digest[:12]}", border=False):
        chosen = choix.source if choix.source in titles else ""
        left, right = st.columns(2)
        layout = left.selectbox("Mise en page", list(titles), index=list(titles).index(chosen), format_func=titles.__getitem__)
        edition = right.text_input("Édition (année de parution)", value=choix.edition or delivery.edition, max_chars=20)
        given = dict(choix.millesimes)
        blocs = [] if source is None else _dated_blocs(source)
        columns = st.columns(3)
        typed = {
            bloc: columns[rank % 3].text_input(
                f"Date du bloc «{NBSP}{bloc}{NBSP}»",
                value=given.get(bloc, ""),
                placeholder=_shown_dates(delivery, bloc) or "2019 ou 31/12/2019",
                key=f"bloc-{digest[:12]}-{rank}",
                max_chars=10,
            )
            for rank, bloc in enumerate(blocs)
        }
        if st.form_submit_button("Relire le fichier"):
            dates = tuple((bloc, text.strip()) for bloc, text in typed.items() if text.strip())
            corrected = "" if edition.strip() == delivery.edition and not choix.edition else edition.strip()
            choose(
                digest,
                replace(choix, source=layout, edition=corrected, millesimes=dates if layout in ("", delivery.source) else ()),
            )
            st.rerun()


def _dated_blocs(source: Source) -> list[str]:
    """The blocks which have one date each."""
    names = [bloc.nom for tableau in source.tableaux for bloc in tableau.blocs if bloc.millesime.regle != "ligne"]
    return list(dict.fromkeys(names))


def _shown_dates(delivery, bloc: str) -> str:
    return ", ".join(map(format_date, delivery.dates.get(bloc, ())))


def _examine(catalogue: Catalogue, digest: str, delivery) -> Examen:
    """Kept until the base, or the reading, changes."""
    store = current_store()
    key, asked = f"import-examen-{digest}", (store.state(), id(delivery))
    kept = st.session_state.get(key)
    if kept is None or kept[0] != asked:
        with st.spinner("Examen du fichier en cours…"):
            kept = st.session_state[key] = (asked, examine(store, catalogue, delivery))
    return kept[1]


def _show_decision(examen: Examen, digest: str, file: UploadedFile) -> None:
    if examen.refus and not examen.delivery.blocking:
        _show_refusal(examen.refus)
    elif examen.delivery.blocking:
        st.html(
            '<div class="oz-probleme" role="alert"><strong>Ce fichier ne peut pas être chargé en l’état.</strong><p>Corrigez sa lecture '
            "ci-dessus, ou faites corriger les constats bloquants par le partenaire. Rien n’a été changé.</p></div>"
        )
    left, right = st.columns(2)
    if left.button("Charger", type="primary", key=f"charger-{digest[:12]}", disabled=not examen.is_loadable, width="stretch"):
        with st.spinner("Chargement en cours…"):
            loaded = load(
                current_store(), examen.delivery, file.getvalue(), auteur_courant(), st.session_state.get(f"import-motif-{digest}", "")
            )
        count = plural(loaded.faits, "fait")
        _finish(digest, file, f"chargé, import n°{NBSP}{loaded.id}, {count}.")
    with right:
        _drop_button(digest, file, "Abandonner")


def _drop_button(digest: str, file: UploadedFile, text: str) -> None:
    if st.button(text, key=f"abandonner-{digest[:12]}", width="stretch"):
        _finish(digest, file, "abandonné, rien n’a été enregistré.")
