"""« Recherche »: one question, answers by kind, each leading to the exact view; a figure's reference leads to the figure."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlencode

import streamlit as st

from ozoir.catalogue.recherche import Trouvaille
from ozoir.charts.words import figure_text
from ozoir.errors import OzoirError
from ozoir.exports.references import Reference, find_figure, parse_reference
from ozoir.indicators.publication import Publication
from ozoir.numbers import plural
from ozoir.ui.contrats import link_to
from ozoir.ui.filters import OPENED, remember
from ozoir.ui.menu import QUESTION
from ozoir.ui.repertoire import GENRES, Repertoire, load_repertoire
from ozoir.ui.texts import raw, safe

STYLE = Path(__file__).with_name("recherche.css")
AT_ONCE = 6
LONGEST_TEXT = 180
HELP = (
    "Un mot suffit. Les accents, les majuscules, le pluriel et les fautes de frappe ne comptent pas. La référence imprimée "
    "sous un chiffre d’un document mène à ce chiffre."
)
NOTHING = "Rien ne répond à « {} ». Essayez un seul mot, ou un mot plus courant : « emploi », « logement », « RSA »."


def show_search_page(publication: Publication) -> None:
    """The box, in the address; then what answers."""
    st.html(STYLE)
    question = _ask()
    if not question:
        st.html('<p class="oz-vide">Cherchez un indicateur, une action, un objectif, un sigle, une source ou une page.</p>')
        return
    if reference := _reference(question):
        _show_reference(publication, reference)
        return
    repertoire = load_repertoire(publication)
    found = repertoire.index.search(question)
    if not found:
        st.html(f'<p class="oz-vide" role="status">{safe(NOTHING.format(question))}</p>')
        return
    st.html(f'<p class="oz-source" role="status">{plural(len(found), "réponse")} pour «\u00a0{safe(question)}\u00a0».</p>')
    genres = dict.fromkeys(item.fiche.genre for item in found)  # the kind of the best answer first
    for genre in genres:
        _show_group(repertoire, GENRES[genre], [item for item in found if item.fiche.genre == genre])


def _ask() -> str:
    key = "recherche-page"
    st.session_state[key] = st.query_params.get(QUESTION, "")
    return st.text_input(
        "Chercher",
        key=key,
        type="search",
        placeholder="Mot, sigle ou référence",
        max_chars=120,
        help=HELP,
        on_change=lambda: remember(QUESTION, st.session_state[key].strip()),
    ).strip()


def _show_group(repertoire: Repertoire, titre: str, found: Sequence[Trouvaille]) -> None:
    lines = [f"<li>{_line(repertoire, item)}</li>" for item in found]
    rest = lines[AT_ONCE:]
    more = (
        f"<details><summary>{plural(len(rest), 'autre réponse', 'autres réponses')}</summary><ul>{''.join(rest)}</ul></details>"
    )
    st.html(
        f'<section class="oz-reponses"><h2 class="oz-theme">{safe(titre)}<small>{len(found)}</small></h2>'
        f"<ul>{''.join(lines[:AT_ONCE])}</ul>{more if rest else ''}</section>"
    )


def _line(repertoire: Repertoire, item: Trouvaille) -> str:
    text = item.fiche.texte.strip()
    if len(text) > LONGEST_TEXT:
        text = text[:LONGEST_TEXT].rsplit(" ", 1)[0] + "…"
    small = f"<br><small>{safe(text)}</small>" if text else ""
    return f'<a href="{raw(link_to(repertoire.address(item)))}" target="_self">{safe(item.fiche.titre)}</a>{small}'


def _reference(question: str) -> Reference | None:
    try:
        return parse_reference(question)
    except OzoirError:
        return None


def _show_reference(publication: Publication, reference: Reference) -> None:
    """Today's value of the figure, and where to read it in the edition it was printed from."""
    declared = publication.catalogue.indicateurs.get(reference.indicateur)
    if declared is None:
        st.html(f'<p class="oz-vide">Aucun indicateur ne porte le nom «\u00a0{raw(reference.indicateur)}\u00a0».</p>')
        return
    breakdown = reference.decoupage if reference.decoupage in declared.decoupages else ""
    found = find_figure((publication.result(declared.id, breakdown),), reference)
    filters = {"pilier": declared.pilier, **({"theme": declared.theme} if declared.theme else {}), OPENED: declared.id}
    filters |= {"decoupage": breakdown} if breakdown else {}
    link = f'<a href="{raw(link_to("pilier?" + urlencode(filters)))}" target="_self">{safe(declared.titre)}</a>'
    kept = raw(link_to(f"documents?{urlencode({'reference': str(reference)})}"))
    where = (
        f'<a href="{kept}" target="_self">Voir ce chiffre dans son document, avec le fichier et la cellule d’où il vient</a>'
    )
    if found is None:
        text = "Ce chiffre n’est plus parmi ceux d’aujourd’hui\u00a0: son import a pu être retiré ou remplacé."
    else:
        _, serie, point = found
        modality = f", {safe(serie.libelle)}" if serie.modalite else ""
        text = f"{safe(point.periode)}{modality}\u00a0: quartier <b>{figure_text(point.qpv) or '–'}</b>"
    st.html(
        f'<section class="oz-reponses"><h2 class="oz-theme">Référence d’un chiffre</h2><ul>'
        f"<li>{link}<br><small>{text}</small></li>"
        f"<li>{where}</li></ul></section>"
    )
