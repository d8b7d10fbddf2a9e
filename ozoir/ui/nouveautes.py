"""« Nouveau depuis ma dernière visite », in a few lines, each leading to what changed."""

from __future__ import annotations

from urllib.parse import urlencode

import streamlit as st

from ozoir.access.identites import current_identity, is_allowed
from ozoir.catalogue.diffusions import PUBLIQUE
from ozoir.catalogue.suivi import load_cadre
from ozoir.indicators.publication import Publication
from ozoir.numbers import format_date, plural
from ozoir.suivi.dossier import load_dossier
from ozoir.suivi.nouveautes import Nouveautes, list_news, note_visit
from ozoir.ui.contrats import link_to
from ozoir.ui.panneau import show_panel
from ozoir.ui.session import current_store
from ozoir.ui.texts import raw, safe

_SINCE = "visite-depuis"
NOTHING = "Rien n’a changé depuis."


def show_news_panel(publication: Publication) -> None:
    """Loaded and withdrawn files, frozen editions, actions: those which changed, one line for each kind."""
    store = current_store()
    if _SINCE not in st.session_state:
        st.session_state[_SINCE] = note_visit(store, current_identity().auteur)
    news = list_news(store, load_dossier(store, load_cadre(publication.catalogue.contrat)), *st.session_state[_SINCE])
    titre = "Nouveau depuis un mois" if news.is_first else f"Nouveau depuis ma visite du {format_date(news.depuis)}"
    show_panel(titre, _lines(publication, news), NOTHING)


def _lines(publication: Publication, news: Nouveautes) -> list[str]:
    lines = []
    if news.charges:
        count = plural(len(news.charges), "fichier chargé", "fichiers chargés")
        lines.append(f"{_link('donnees', count)}\u00a0: {raw(news.charges[0].fichier)}{_others(len(news.charges))}")
    if news.retires:
        count = plural(len(news.retires), "import retiré", "imports retirés")
        lines.append(
            f"{_link('import', count, vue='imports')}\u00a0: {raw(news.retires[0].fichier)}{_others(len(news.retires))}"
        )
    is_signatory = is_allowed(current_identity(), "lecture restreinte")
    editions = [item for item in news.editions if item.diffusion == PUBLIQUE or is_signatory]
    if editions:
        count = plural(len(editions), "édition figée", "éditions figées")
        lines.append(
            f"{_link('documents', count, edition=editions[0].id)}\u00a0: {safe(editions[0].nom)}{_others(len(editions))}"
        )
    if news.actions:
        count = plural(len(news.actions), "action mise à jour", "actions mises à jour")
        titles = {action.id: action.titre for action in publication.catalogue.contrat.actions}
        first = news.actions[0]
        lines.append(f"{count}\u00a0: {_link('actions', titles[first], action=first)}{_others(len(news.actions))}")
    return lines


def _link(page: str, text: str, **filters: object) -> str:
    address = f"{page}?{urlencode(filters)}" if filters else page
    return f'<a href="{raw(link_to(address))}" target="_self">{safe(text)}</a>'


def _others(count: int) -> str:
    return "…" if count > 1 else ""
