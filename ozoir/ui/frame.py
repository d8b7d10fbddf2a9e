"""Every page's first call: title, look, menu, banners, and the one place which shows a page's failure."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import streamlit as st

from ozoir.errors import OzoirError
from ozoir.indicators.publication import Publication
from ozoir.ui.aide import remind_first_visit
from ozoir.ui.connexion import admit, draw_session
from ozoir.ui.contrats import current_catalogue
from ozoir.ui.diffusion import BANNERS, draw_choice
from ozoir.ui.envoi import sent_together
from ozoir.ui.lien import show_link
from ozoir.ui.menu import draw_menu
from ozoir.ui.mots import show_words
from ozoir.ui.palette import follow_palette
from ozoir.ui.session import current_publication, settle
from ozoir.ui.texts import safe, typeset

LOG = logging.getLogger("ozoir.page")
STYLE = Path(__file__).with_name("style.css")
FAILURE = (
    "Cette partie de la page n’a pas pu s’afficher.",
    "Les données ne sont pas en cause et rien n’a été modifié. Rechargez la page ; si le problème revient, transmettez le "
    "journal de l’application à la personne qui l’administre.",
)
A_PROPOS = (
    "Tableau de bord du contrat de ville. Les couleurs claires ou sombres se choisissent dans ce menu ; sans choix, elles "
    "suivent celles du poste. Voir les pages « Méthode et définitions » et « Accessibilité »."
)
FICTIF = "Données fictives – démonstration. Aucun chiffre de cette base ne décrit le quartier réel."


@contextmanager
def page(name: str, titre: str, chapeau: str = "") -> Iterator[Publication]:
    """The frame, then the page's body with what it may show. Without a readable base, a sentence and the body is left.

    name: the page's file without number, for the menu.
    """
    # A menu with something to say is a menu shown, and with it the choice between light and dark.
    st.set_page_config(page_title=f"{titre} – Contrat de ville", layout="wide", menu_items={"About": typeset(A_PROPOS)})
    st.html(STYLE)
    with failure_shown():
        admit()
        with sent_together():
            top = st.sidebar.container()
            draw_menu(current_catalogue(), name)
            draw_choice()
            draw_session()
        with _titled_at_least(titre), st.spinner("Calcul des chiffres en cours…"):
            publication = current_publication()
        with top:
            remind_first_visit()
        draw_head(titre, chapeau, publication.fictif, BANNERS[publication.diffusion])
        yield publication
        show_words(name, publication)
        show_link()
        follow_palette()
        settle()
        return
    st.stop()


@contextmanager
def failure_shown() -> Iterator[None]:
    """Around what is drawn (page or fragment): a failure becomes a calm sentence, its details go to the log."""
    try:
        yield
    except Exception as error:
        show_failure(error)


@contextmanager
def _titled_at_least(titre: str) -> Iterator[None]:
    """Around what must be there before the page's head can say of what: a page without a base still has its title."""
    try:
        yield
    except OzoirError:
        _draw_title(titre)
        raise


def show_failure(error: Exception) -> None:
    """What a reader may act on is said; anything else goes to the log and becomes one calm sentence."""
    if isinstance(error, OzoirError):
        title, message = error.title, error.message
    else:
        LOG.error("page failed", exc_info=error)
        title, message = FAILURE
    text = safe(message).replace("\n", "<br>")
    st.html(f'<div class="oz-probleme" role="alert"><strong>{safe(title)}</strong><p>{text}</p></div>')


def draw_head(titre: str, chapeau: str, fictif: bool, diffusion: str) -> None:
    """Banners, then the page's only title of first level."""
    banner = f'<div class="oz-fictif" role="note">{safe(FICTIF)}</div>' if fictif else ""
    lead = f'<p class="oz-chapeau">{safe(chapeau)}</p>' if chapeau else ""
    _draw_title(titre, f'<div class="oz-diffusion">{safe(diffusion)}</div>{banner}', lead)


def _draw_title(titre: str, before: str = "", after: str = "") -> None:
    st.html(f'{before}<h1 class="oz-titre">{safe(titre)}</h1>{after}')
