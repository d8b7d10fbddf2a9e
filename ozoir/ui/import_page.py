"""The page « Import »: receive, look back, ask."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from ozoir.access.identites import current_identity, is_allowed
from ozoir.indicators.publication import Publication
from ozoir.ui.filters import pick
from ozoir.ui.import_calendrier import show_calendar
from ozoir.ui.import_contours import show_contours
from ozoir.ui.import_depot import show_receiving
from ozoir.ui.import_historique import show_history
from ozoir.ui.saisie import ask_author
from ozoir.ui.suivi import empty, open_dossier

STYLE = Path(__file__).with_name("import.css")
VUES = {
    "deposer": "Déposer des fichiers",
    "imports": "Imports, retraits, chiffres contestés",
    "calendrier": "Calendrier des partenaires et modèles",
}


def show_import_page(publication: Publication) -> None:
    """Each view stands for itself; loading asks the analyst's role."""
    st.html(STYLE)
    dossier = open_dossier(publication)
    catalogue = publication.catalogue
    with st.columns(3)[0]:
        vue = pick("vue", "Que voulez-vous faire\u202f?", VUES)
    if vue == "deposer":
        if not is_allowed(current_identity(), "import"):
            empty("Charger un fichier demande le rôle d’analyste.")
            return
        ask_author("import")
        show_receiving(catalogue)
        show_contours(catalogue)
    elif vue == "imports":
        ask_author("imports")
        show_history(publication, catalogue)
    else:
        show_calendar(publication, catalogue, dossier)
