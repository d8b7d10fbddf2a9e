"""What each column, each word and each row of an unknown sheet means, asked of the analyst."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from ozoir.atelier.assistant import (
    COMMUNE,
    DATE,
    DEPARTEMENT,
    DIMENSION,
    EPCI,
    FRANCE,
    IGNORER,
    LIBELLE,
    MESURE,
    QUARTIER,
    REGION,
    TERRITOIRE,
    Brouillon,
    Colonne,
    Description,
    Proposal,
    describe_content,
    is_place,
    list_keys,
    match_modalities,
    suggest_key,
)
from ozoir.numbers import NBSP
from ozoir.ui.import_nouveautes import NOUVELLE, Nouveautes, ask_measure
from ozoir.ui.texts import label, raw, typeset

_TERRITORIES = {
    "": "à reconnaître par son code ou son nom",
    QUARTIER: "le quartier",
    COMMUNE: "la commune",
    EPCI: "l’intercommunalité",
    DEPARTEMENT: "le département",
    REGION: "la région",
    FRANCE: "la France",
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
    EPCI: "Les chiffres de l’intercommunalité",
    DEPARTEMENT: "Les chiffres du département",
    REGION: "Les chiffres de la région",
    FRANCE: "Les chiffres de la France",
    NOUVELLE: "Une mesure nouvelle, à déclarer",
}
_SHOWN_WORDS, _LONGEST_NAME = 20, 50  # longer, it is a note under the table


def ask_column(nouveautes: Nouveautes, brouillon: Brouillon, proposal: Proposal, title: str, key: str) -> Colonne:
    """Best suggestions first, then everything else; for words, what each of them means."""
    catalogue = nouveautes.catalogue
    suggested = [item.contenu for item in proposal.suggestions]
    dimensions = [DIMENSION + name for name in catalogue.dimensions]
    ranked = [brouillon.contenu(proposal), *suggested, *_WORDS, *nouveautes.mesures, *dimensions, *list_keys(catalogue)]
    left, right = st.columns([1, 2])
    left.html(f"<p><strong>{raw(title)}</strong><br><small>{raw(' ; '.join(proposal.exemples))}</small></p>")
    with right:
        contenu = st.selectbox(
            f"Ce que contient la colonne «{NBSP}{label(title)}{NBSP}»",
            list(dict.fromkeys(ranked)),
            format_func=lambda content: typeset(_say(nouveautes, proposal, content)),
            key=f"colonne-{key}-{brouillon.ligne}-{brouillon.is_nested}-{proposal.rang}",
        )
        if contenu == NOUVELLE:
            contenu = ask_measure(nouveautes, proposal.entete, f"{key}-c{proposal.rang}")
        colonne = Colonne(proposal.entete, contenu)
        if contenu == TERRITOIRE:
            return replace(colonne, valeurs=_ask_places(brouillon, proposal, key))
        if colonne.dimension:
            return replace(colonne, valeurs=_ask_modalities(nouveautes, brouillon, proposal, colonne.dimension, key))
        if colonne.is_value and contenu != NOUVELLE:
            return replace(colonne, contenu=_ask_breakdown(nouveautes, contenu, proposal, key))
    return colonne


def _say(nouveautes: Nouveautes, proposal: Proposal, content: str) -> str:
    text = _WORDS.get(content) or describe_content(nouveautes.catalogue, content)
    reason = next((item.raison for item in proposal.suggestions if item.contenu == content), "")
    return f"{text} ({reason})" if reason else text


def _ask_breakdown(nouveautes: Nouveautes, contenu: str, proposal: Proposal, key: str) -> str:
    """A key further broken down, when no suggestion is precise enough."""
    pairs = {
        f"{name}={modality}": f"{item.titre}\u00a0: {text}"
        for name, item in nouveautes.catalogue.dimensions.items()
        for modality, text in item.modalites.items()
    }
    more = st.multiselect(
        "Préciser (sexe, âge…)",
        list(pairs),
        format_func=lambda pair: typeset(pairs[pair]),
        key=f"preciser-{key}-{proposal.rang}",
        placeholder="Préciser (sexe, âge…)",
        label_visibility="collapsed",
    )
    return "; ".join([contenu, *more])


def _ask_modalities(
    nouveautes: Nouveautes, brouillon: Brouillon, proposal: Proposal, dimension: str, key: str
) -> dict[str, str]:
    """What is known is taken; the rest is asked, and may be left out."""
    catalogue = nouveautes.catalogue
    known = {**match_modalities(proposal.textes, dimension, catalogue), **brouillon.valeurs(proposal)}
    values = {text: target for text, target in known.items() if text in proposal.textes}
    for rank, text in enumerate([text for text in proposal.textes if text not in known][:_SHOWN_WORDS]):
        if dimension == MESURE:
            target = _ask_key(nouveautes, brouillon, text, f"{key}-m{proposal.rang}-{rank}", "")
        else:
            target = st.selectbox(
                f"«{NBSP}{label(text)}{NBSP}» veut dire",
                ["", "ensemble", *catalogue.dimensions[dimension].modalites],
                format_func=lambda value: (
                    typeset(catalogue.modality_label(dimension, value)) if value else "Laisser ces lignes de côté"
                ),
                key=f"modalite-{key}-{proposal.rang}-{text}",
            )
        if target:
            values[text] = target
    return values


def _ask_places(brouillon: Brouillon, proposal: Proposal, key: str) -> dict[str, str]:
    """What a name which is no code means; without an answer, the reading knows the usual names and codes by itself."""
    values = {**brouillon.valeurs(proposal)}
    unknown = [text for text in proposal.textes if text not in values and not is_place(text) and len(text) < _LONGEST_NAME]
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


def ask_lines(nouveautes: Nouveautes, brouillon: Brouillon, description: Description, key: str) -> dict[str, str]:
    """A table with a column per territory or per date: what each row counts."""
    header = description.find(LIBELLE)
    column = next((item for item in brouillon.proposals if item.entete == header), None)
    with st.expander("Ce que compte chaque ligne", expanded=True):
        return {
            text: _ask_key(nouveautes, brouillon, text, f"{key}-l{rank}", brouillon.lignes.get(text, ""))
            for rank, text in enumerate(column.textes if column else ())
        }


def _ask_key(nouveautes: Nouveautes, brouillon: Brouillon, text: str, key: str, known: str) -> str:
    """The fact key a text stands for: known, suggested, chosen, or declared now; empty to leave it out."""
    catalogue = nouveautes.catalogue
    near = [item.contenu for item in suggest_key(text, catalogue, brouillon.statistique)]
    ranked = [known or (near[0] if near else ""), "", *near, NOUVELLE, *nouveautes.mesures, *list_keys(catalogue)]
    chosen = st.selectbox(
        f"«{NBSP}{label(text)}{NBSP}» compte",
        list(dict.fromkeys(ranked)),
        format_func=lambda value: typeset(
            _WORDS.get(value) or describe_content(catalogue, value) if value else "Ne pas charger"
        ),
        key=f"rang-{key}",
    )
    return ask_measure(nouveautes, text, key) if chosen == NOUVELLE else chosen
