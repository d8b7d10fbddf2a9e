"""Accueil : la synthèse du quartier."""

import streamlit as st

from ozoir.ui.envoi import sent_together
from ozoir.ui.frame import page
from ozoir.ui.nouveautes import show_news_panel
from ozoir.ui.overview import (
    show_gap_panel,
    show_identity,
    show_key_figures,
    show_missing_panel,
    show_moves_panel,
    three_panels,
)
from ozoir.ui.serving import settings

if __name__ != "__main__":  # the server imports this file to find the application; run as a script, it is the home page
    app = st.App(__file__, **settings())
else:
    with page("accueil", "Le quartier en un coup d’œil") as publication, sent_together():
        results = publication.results()
        show_identity(publication)
        show_key_figures(results)
        gaps, moves, news = three_panels()
        with gaps:
            show_gap_panel(publication, results)
        with moves:
            show_moves_panel(results)
        with news:
            show_news_panel(publication)
            show_missing_panel(publication, results)
