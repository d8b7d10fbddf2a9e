"""The mapping assistant: sheet, header, territory, period, what each column holds; the facts it gives, live; saved for next year."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from ozoir.atelier.assistant import (
    COMMUNE,
    DATE,
    DES_ENTETES,
    DIMENSION,
    DU_FICHIER,
    EN_LIGNE,
    IGNORER,
    LIBELLE,
    MESURE,
    QUARTIER,
    TERRITOIRE,
    Brouillon,
    Colonne,
    Description,
    Proposal,
    describe_content,
    draft,
    is_place,
    list_keys,
    match_modalities,
    suggest_key,
)
from ozoir.atelier.correspondances import dates_of, save, try_description, write_declaration
from ozoir.atelier.examen import examine
from ozoir.atelier.lectures import Choix
from ozoir.catalogue.loading import Catalogue
from ozoir.errors import OzoirError
from ozoir.numbers import NBSP, plural
from ozoir.ui.constats import on_screen, show_findings
from ozoir.ui.import_ecarts import show_differences
from ozoir.ui.saisie import auteur_courant
from ozoir.ui.session import current_store
from ozoir.ui.texts import label, raw, safe, typeset

_PER_PAGE = 25
_PERIODS = {
    DU_FICHIER: "La même date pour tout le fichier",
    EN_LIGNE: "Une colonne donne la date de chaque ligne",
    DES_ENTETES: "L’année est dans les intitulés des colonnes",
}
_PLACES = {
    "": "Une colonne, ou une colonne par territoire",
    QUARTIER: "Tout le fichier porte sur le quartier",
    COMMUNE: "Tout le fichier porte sur la commune",
}
_TERRITORIES = {
    "": "à reconnaître par son code ou son nom",
    QUARTIER: "le quartier",
    COMMUNE: "la commune",
    "ignorer": "à laisser de côté",
}
_WORDS = {
    IGNORER: "Ne pas charger",
    TERRITOIRE: "Le territoire de la ligne (code ou nom)",
    DATE: "La date de la ligne",
    LIBELLE: "Le nom de ce qui est compté à chaque ligne",
    MESURE: "La mesure de chaque ligne",
    QUARTIER: "Les chiffres du quartier",
    COMMUNE: "Les chiffres de la commune",
}


def show_assistant(catalogue: Catalogue, delivery, digest: str, name: str, data: bytes) -> None:
    """Choices, then what they give; « Enregistrer » makes next year's file recognised."""
    key = digest[:12]
    with st.container(border=True, key=f"assistant-{key}"):
        st.html(
            "<h4>Décrire cette mise en page</h4><p>Dites ce que contient chaque colonne. Les suggestions viennent des intitulés, des valeurs et des mises en page déjà connues.</p>"
        )
        names = {rank: sheet.nom or "Texte" for rank, sheet in enumerate(delivery.apercus)}
        rank = (
            st.selectbox("Feuille", list(names), format_func=names.__getitem__, key=f"feuille-{key}") if len(names) > 1 else 0
        )
        sheet = delivery.apercus[rank]
        brouillon = _ask_header(catalogue, sheet, f"{key}-{rank}")
        description, jour = _ask_description(catalogue, brouillon, sheet, f"{key}-{rank}", len(names) > 1)
        _show_result(catalogue, description, jour, digest, name, data)


def _ask_header(catalogue: Catalogue, sheet, key: str) -> Brouillon:
    """Sheet, header lines, producer: what the proposals are made from."""
    first = draft(catalogue, sheet)
    columns = st.columns([1, 1, 2])
    line = columns[0].number_input("Ligne de l’en-tête", 1, min(sheet.hauteur, 30), min(first.ligne, 30), key=f"ligne-{key}")
    is_nested = columns[1].checkbox("L’en-tête tient sur deux lignes", value=first.is_nested, key=f"double-{key}")
    sources = {id: item.titre for id, item in catalogue.statistiques.items()}
    ordered = sorted(sources, key=lambda id: (id != first.statistique, sources[id].casefold()))
    statistique = columns[2].selectbox(
        "Producteur des chiffres", ordered, format_func=lambda id: typeset(sources[id]), key=f"statistique-{key}"
    )
    return draft(catalogue, sheet, int(line), is_nested, statistique)


def _ask_description(catalogue: Catalogue, brouillon: Brouillon, sheet, key: str, has_sheets: bool) -> tuple[Description, str]:
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
    pages = (len(brouillon.proposals) - 1) // _PER_PAGE + 1
    page = 1
    if pages > 1:
        page = st.number_input(f"Colonnes, page (sur {pages})", 1, pages, 1, key=f"page-{key}")
    kept: dict = st.session_state.setdefault(f"colonnes-{key}-{brouillon.ligne}-{brouillon.is_nested}", {})
    options = _options(catalogue, brouillon)
    for proposal in brouillon.proposals[(page - 1) * _PER_PAGE : page * _PER_PAGE]:
        kept[proposal.rang] = _ask_column(catalogue, brouillon, proposal, options, key)
    colonnes = tuple(
        kept.get(item.rang) or Colonne(item.entete, brouillon.contenu(item), brouillon.valeurs(item))
        for item in brouillon.proposals
    )
    description = Description(
        titre=st.text_input(
            "Nom de cette mise en page",
            value=brouillon.titre,
            key=f"titre-{key}",
            max_chars=80,
            placeholder="Caf, tableau de bord trimestriel",
        ),
        statistique=brouillon.statistique,
        colonnes=colonnes,
        periode=periode,
        fixe=fixe,
        feuille=sheet.nom if has_sheets else "",
        jour=brouillon.jour,
        vide=brouillon.vide,
    )
    if description.is_transposed:
        description = replace(description, lignes=_ask_lines(catalogue, brouillon, description, key))
    return description, jour


def _options(catalogue: Catalogue, brouillon: Brouillon) -> list[str]:
    dimensions = [DIMENSION + name for name in catalogue.dimensions]
    return [*_WORDS, *dimensions, *list_keys(catalogue)]


def _ask_column(catalogue: Catalogue, brouillon: Brouillon, proposal: Proposal, options: list[str], key: str) -> Colonne:
    """Best suggestions first, then everything else; for words, what each of them means."""
    ranked = list(dict.fromkeys([brouillon.contenu(proposal), *(item.contenu for item in proposal.suggestions), *options]))
    left, right = st.columns([1, 2])
    left.html(f"<p><strong>{raw(proposal.entete)}</strong><br><small>{raw(' ; '.join(proposal.exemples))}</small></p>")
    with right:
        contenu = st.selectbox(
            f"Ce que contient la colonne «{NBSP}{label(proposal.entete)}{NBSP}»",
            ranked,
            format_func=lambda content: typeset(_say(catalogue, proposal, content)),
            key=f"colonne-{key}-{brouillon.ligne}-{brouillon.is_nested}-{proposal.rang}",
        )
        colonne = Colonne(proposal.entete, contenu)
        if contenu == TERRITOIRE:
            return replace(colonne, valeurs=_ask_places(brouillon, proposal, key))
        if colonne.dimension:
            return replace(colonne, valeurs=_ask_modalities(catalogue, brouillon, proposal, colonne.dimension, key))
        if colonne.is_value:
            return replace(colonne, contenu=_ask_breakdown(catalogue, contenu, proposal, key))
    return colonne


def _say(catalogue: Catalogue, proposal: Proposal, content: str) -> str:
    text = _WORDS.get(content) or describe_content(catalogue, content)
    reason = next((item.raison for item in proposal.suggestions if item.contenu == content), "")
    return f"{text} ({reason})" if reason else text


def _ask_breakdown(catalogue: Catalogue, contenu: str, proposal: Proposal, key: str) -> str:
    """A key further broken down, when no suggestion is precise enough."""
    pairs = {
        f"{name}={modality}": f"{item.titre}\u00a0: {text}"
        for name, item in catalogue.dimensions.items()
        for modality, text in item.modalites.items()
    }
    more = st.multiselect(
        "Préciser (sexe, âge…)",
        list(pairs),
        format_func=lambda pair: typeset(pairs[pair]),
        key=f"preciser-{key}-{proposal.rang}",
        placeholder="Choisir",
        label_visibility="collapsed",
    )
    return "; ".join([contenu, *more])


def _ask_modalities(catalogue: Catalogue, brouillon: Brouillon, proposal: Proposal, dimension: str, key: str) -> dict[str, str]:
    """What is known is taken; the rest is asked, and may be left out."""
    known = {**match_modalities(proposal.textes, dimension, catalogue), **brouillon.valeurs(proposal)}
    unknown = [text for text in proposal.textes if text not in known]
    values = {text: target for text, target in known.items() if text in proposal.textes}
    choices = ["", *(list_keys(catalogue) if dimension == MESURE else ("ensemble", *catalogue.dimensions[dimension].modalites))]
    for text in unknown[:20]:
        near = [item.contenu for item in suggest_key(text, catalogue, brouillon.statistique)] if dimension == MESURE else []
        target = st.selectbox(
            f"«{NBSP}{label(text)}{NBSP}» veut dire",
            list(dict.fromkeys(["", *near, *choices])),
            format_func=lambda value: typeset(_say_modality(catalogue, dimension, value)),
            key=f"modalite-{key}-{proposal.rang}-{text}",
        )
        if target:
            values[text] = target
    return values


def _ask_places(brouillon: Brouillon, proposal: Proposal, key: str) -> dict[str, str]:
    """What a name which is no code means; without an answer, the reading knows the usual names and codes by itself."""
    values = {**brouillon.valeurs(proposal)}
    unknown = [text for text in proposal.textes if text not in values and not is_place(text)]
    for text in unknown[:12]:
        target = st.selectbox(
            f"«{NBSP}{label(text)}{NBSP}» est",
            list(_TERRITORIES),
            format_func=_TERRITORIES.__getitem__,
            key=f"lieu-{key}-{proposal.rang}-{text}",
        )
        if target:
            values[text] = target
    return values


def _say_modality(catalogue: Catalogue, dimension: str, value: str) -> str:
    if not value:
        return "Laisser ces lignes de côté"
    return describe_content(catalogue, value) if dimension == MESURE else catalogue.modality_label(dimension, value)


def _ask_lines(catalogue: Catalogue, brouillon: Brouillon, description: Description, key: str) -> dict[str, str]:
    """A table with a column per territory: what each row counts."""
    header = description.find(LIBELLE)
    column = next((item for item in brouillon.proposals if item.entete == header), None)
    keys = list_keys(catalogue)
    lines = {}
    with st.expander("Ce que compte chaque ligne", expanded=True):
        for rank, text in enumerate(column.textes if column else ()):
            near = [item.contenu for item in suggest_key(text, catalogue, brouillon.statistique)]
            lines[text] = st.selectbox(
                label(text),
                list(dict.fromkeys([brouillon.lignes.get(text) or (near[0] if near else ""), "", *near, *keys])),
                format_func=lambda value: typeset(describe_content(catalogue, value) if value else "Ne pas charger"),
                key=f"rang-{key}-{rank}",
            )
    return lines


def _show_result(catalogue: Catalogue, description: Description, jour: str, digest: str, name: str, data: bytes) -> None:
    """The facts these choices give; then saving and exporting."""
    named = description if description.titre.strip() else replace(description, titre="Essai")
    try:
        with st.spinner("Lecture avec ces choix…"):
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
    """Read again only when a choice changes."""
    asked = (repr(description), jour)
    kept = st.session_state.get(f"import-essai-{digest}")
    if kept is None or kept[0] != asked:
        kept = st.session_state[f"import-essai-{digest}"] = (asked, try_description(catalogue, description, data, name, jour))
    return kept[1]
