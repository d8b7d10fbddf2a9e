"""The mapping assistant: sheets, header, territory, period, what each column holds; the facts it gives, live."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from ozoir.atelier.assistant import (
    COMMUNE,
    DE_LA_FEUILLE,
    DEPARTEMENT,
    DES_ENTETES,
    DU_FICHIER,
    EN_LIGNE,
    EPCI,
    FRANCE,
    QUARTIER,
    REGION,
    TERRITOIRE,
    Brouillon,
    Colonne,
    Description,
    draft,
    group_by_period,
    name_group,
)
from ozoir.atelier.correspondances import dates_of, save, start_trial, write_declaration
from ozoir.atelier.examen import examine
from ozoir.atelier.lectures import Choix
from ozoir.catalogue.loading import Catalogue
from ozoir.errors import OzoirError
from ozoir.numbers import plural
from ozoir.ui.constats import on_screen, show_findings
from ozoir.ui.import_attente import wait
from ozoir.ui.import_colonnes import ask_column, ask_lines
from ozoir.ui.import_ecarts import show_differences
from ozoir.ui.import_nouveautes import NOUVELLE, Nouveautes, ask_producer
from ozoir.ui.saisie import auteur_courant
from ozoir.ui.session import current_store
from ozoir.ui.texts import safe

_PER_PAGE = 25
_PERIODS = {
    DU_FICHIER: "La même date pour toute la feuille",
    EN_LIGNE: "Une colonne donne la date de chaque ligne",
    DES_ENTETES: "Les intitulés des colonnes portent leur année ou leur date",
    DE_LA_FEUILLE: "Le nom de la feuille dit l’année ou la date",
}
_DAYS = {"12-31": "au 31 décembre", "01-01": "au 1er janvier", "09-01": "à la rentrée (1er septembre)", "06-30": "au 30 juin"}
_PLACES = {
    "": "Une colonne, ou une colonne par territoire",
    QUARTIER: "Toute la feuille porte sur le quartier",
    COMMUNE: "Toute la feuille porte sur la commune",
    EPCI: "Toute la feuille porte sur l’intercommunalité",
    DEPARTEMENT: "Toute la feuille porte sur le département",
    REGION: "Toute la feuille porte sur la région",
    FRANCE: "Toute la feuille porte sur la France",
}
_ZONINGS = {
    "": "Quartiers, communes ou IRIS, d’après leur code",
    EPCI: "Intercommunalités (EPCI)",
    DEPARTEMENT: "Départements",
    REGION: "Régions",
}


def show_assistant(catalogue: Catalogue, delivery, digest: str, name: str, data: bytes) -> None:
    """Choices, then what they give; « Enregistrer » makes next year's file recognised."""
    key = digest[:12]
    with st.container(border=True, key=f"assistant-{key}"):
        st.html(
            "<h4>Décrire cette mise en page</h4><p>Dites ce que contient chaque colonne. Les suggestions "
            "viennent des intitulés, des valeurs et des mises en page déjà connues.</p>"
        )
        sheets = {rank: sheet.nom or "Texte" for rank, sheet in enumerate(delivery.apercus)}
        chosen = _choose_sheets(sheets, key)
        if not chosen:
            st.html('<p class="oz-vide">Choisissez au moins une feuille.</p>')
            return
        nouveautes = Nouveautes(catalogue, key)
        described = []
        for rank in chosen:
            place = st.expander(f"Feuille «\u00a0{sheets[rank]}\u00a0»", expanded=True) if len(chosen) > 1 else st.container()
            with place:
                described.append(_ask_sheet(nouveautes, delivery.apercus[rank], f"{key}-{rank}", len(sheets) > 1))
        first, jour = described[0]
        titre = st.text_input(
            "Nom de cette mise en page",
            value=first.titre,
            key=f"titre-{key}",
            max_chars=80,
            placeholder="Caf, tableau de bord trimestriel",
        )
        description = replace(
            first,
            titre=titre,
            producteur=nouveautes.producers.get(first.statistique),
            mesures=nouveautes.mesures,
            indicateurs=nouveautes.indicators(first.statistique),
            autres=tuple(other for other, _ in described[1:]),
        )
        _show_result(nouveautes.catalogue, description, jour, digest, name, data)


def _choose_sheets(sheets: dict[int, str], key: str) -> list[int]:
    """The sheets to be loaded; the first one unless the analyst says otherwise."""
    if len(sheets) == 1:
        return [0]
    return sorted(
        st.multiselect(
            "Feuilles à charger",
            list(sheets),
            default=[0],
            format_func=sheets.__getitem__,
            key=f"feuilles-{key}",
            placeholder="Choisir",
        )
    )


def _ask_sheet(nouveautes: Nouveautes, sheet, key: str, has_sheets: bool) -> tuple[Description, str]:
    """One sheet: its header, its territory, its dates, its columns."""
    brouillon = _ask_header(nouveautes, sheet, key)
    return _ask_description(nouveautes, brouillon, sheet, key, has_sheets)


def _ask_header(nouveautes: Nouveautes, sheet, key: str) -> Brouillon:
    """Header lines, producer: what the proposals are made from."""
    first = draft(nouveautes.catalogue, sheet)
    columns = st.columns([1, 1, 2])
    line = columns[0].number_input("Ligne de l’en-tête", 1, min(sheet.hauteur, 30), min(first.ligne, 30), key=f"ligne-{key}")
    is_nested = columns[1].checkbox("L’en-tête tient sur deux lignes", value=first.is_nested, key=f"double-{key}")
    with columns[2]:
        statistique = ask_producer(nouveautes, first.statistique, key)
    return draft(nouveautes.catalogue, sheet, int(line), is_nested, statistique)


def _ask_description(
    nouveautes: Nouveautes, brouillon: Brouillon, sheet, key: str, has_sheets: bool
) -> tuple[Description, str]:
    columns = st.columns(3)
    fixe = columns[0].selectbox(
        "Où est le territoire\u202f?", list(_PLACES), format_func=_PLACES.__getitem__, key=f"fixe-{key}"
    )
    periods = sorted(_PERIODS, key=lambda word: word != brouillon.periode)
    periode = columns[1].selectbox(
        "De quand datent les chiffres\u202f?",
        periods,
        format_func=_PERIODS.__getitem__,
        key=f"periode-{key}-{brouillon.periode}",
    )
    jour = (
        columns[2].text_input("Date (année ou JJ/MM/AAAA)", key=f"jour-{key}", max_chars=10, placeholder="31/12/2022")
        if periode == DU_FICHIER
        else ""
    )
    days = list(dict.fromkeys([brouillon.jour, *_DAYS]))
    completed = columns[2].selectbox(
        "Une année seule se lit",
        days,
        format_func=lambda day: _DAYS.get(day, f"au {day[3:]}/{day[:2]}"),
        key=f"completer-{key}-{brouillon.jour}",
    )
    description = Description(
        titre=brouillon.titre,
        statistique=brouillon.statistique,
        colonnes=_ask_columns(nouveautes, brouillon, periode, key),
        periode=periode,
        fixe=fixe,
        feuille=sheet.nom if has_sheets else "",
        jour=completed,
        vide=brouillon.vide,
    )
    if not fixe and description.find(TERRITOIRE):
        zonage = columns[0].selectbox(
            "Que désignent les codes\u202f?",
            sorted(_ZONINGS, key=lambda zonage: zonage != brouillon.zonage),
            format_func=_ZONINGS.__getitem__,
            key=f"zonage-{key}",
        )
        description = replace(description, zonage=zonage)
    if brouillon.intitule:
        intitule = st.text_input(
            "Titre qui dit ce que compte le tableau, à retrouver l’an prochain (« * » remplace ce qui change)",
            value=brouillon.intitule,
            key=f"intitule-{key}",
            max_chars=150,
        )
        description = replace(description, intitule=intitule.strip())
    if description.is_transposed:
        description = replace(description, lignes=ask_lines(nouveautes, brouillon, description, key))
    return description, jour


def _ask_columns(nouveautes: Nouveautes, brouillon: Brouillon, periode: str, key: str) -> tuple[Colonne, ...]:
    """One question per column; columns which differ by their date only share one."""
    names = [item.entete for item in brouillon.proposals]
    groups = group_by_period(names) if periode == DES_ENTETES else {name: [name] for name in names}
    firsts = [next(item for item in brouillon.proposals if item.entete == members[0]) for members in groups.values()]
    pages = (len(firsts) - 1) // _PER_PAGE + 1
    page = 1
    if pages > 1:
        page = st.number_input(f"Colonnes, page (sur {pages})", 1, pages, 1, key=f"page-{key}")
    kept: dict = st.session_state.setdefault(f"colonnes-{key}-{brouillon.ligne}-{brouillon.is_nested}-{periode}", {})
    for proposal in firsts[(page - 1) * _PER_PAGE : page * _PER_PAGE]:
        shared = next(members for members in groups.values() if members[0] == proposal.entete)
        title = proposal.entete if len(shared) == 1 else name_group(shared)
        kept[proposal.rang] = ask_column(nouveautes, brouillon, proposal, title, key)
    answers = {}
    for members, proposal in zip(groups.values(), firsts, strict=True):
        said = kept.get(proposal.rang) or Colonne(proposal.entete, brouillon.contenu(proposal), brouillon.valeurs(proposal))
        answers |= {name: replace(said, entete=name) for name in members}
    return tuple(answers[name] for name in names)


def _show_result(catalogue: Catalogue, description: Description, jour: str, digest: str, name: str, data: bytes) -> None:
    """The facts these choices give; then saving and exporting."""
    named = description if description.titre.strip() else replace(description, titre="Essai")
    if NOUVELLE in repr(description):
        st.html('<p class="oz-vide">Complétez la mesure ou le producteur à déclarer.</p>')
        return
    try:
        tried = _tried(catalogue, named, jour, digest, name, data)
    except OzoirError as error:
        st.html(f'<p class="oz-vide">{safe(error.title)} {safe(on_screen(error.message))}</p>')
        return
    st.html(f"<p><strong>Ce que donnent ces choix</strong>\u00a0: {plural(len(tried.faits), 'fait')}.</p>")
    show_findings(tried.findings, "Constats avec ces choix")
    if len(tried.faits):
        show_differences(examine(current_store(), catalogue, tried), f"essai-{digest[:12]}")
    left, right = st.columns(2)
    is_ready = bool(description.titre.strip()) and len(tried.faits) > 0 and not tried.blocking
    if left.button(
        "Enregistrer cette mise en page",
        key=f"enregistrer-{digest[:12]}",
        type="primary",
        disabled=not is_ready,
        width="stretch",
    ):
        source = save(current_store(), catalogue, description, auteur_courant())
        st.session_state[f"import-choix-{digest}"] = Choix(source, "", dates_of(description, jour))
        st.session_state["import-version"] = st.session_state.get("import-version", 0) + 1
        st.session_state[f"decrire-{digest[:12]}"] = False
        st.rerun()
    if is_ready:
        right.download_button(
            "Exporter la déclaration (.toml)",
            data=write_declaration(description, catalogue, auteur_courant()),
            file_name="mise_en_page.toml",
            mime="application/toml",
            on_click="ignore",
            key=f"exporter-{digest[:12]}",
            width="stretch",
        )


def _tried(catalogue: Catalogue, description: Description, jour: str, digest: str, name: str, data: bytes):
    """Read again only when a choice changes; the former trial, chosen otherwise, is stopped."""
    asked = (repr(description), jour)
    kept = st.session_state.get(f"import-essai-{digest}")
    if kept is None or kept[0] != asked:
        trial = start_trial(catalogue, description, data, name, jour)
        if kept:
            kept[1].stop()
        kept = st.session_state[f"import-essai-{digest}"] = (asked, trial)
    wait(kept[1], name, f"essai-{digest[:12]}")
    return kept[1].result()
