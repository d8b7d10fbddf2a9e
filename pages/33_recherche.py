"""Recherche."""

from ozoir.ui.frame import page
from ozoir.ui.recherche import show_search_page

with page(
    "recherche", "Recherche", "Indicateurs, actions, objectifs, sigles, sources, pages, et la référence d’un chiffre."
) as publication:
    show_search_page(publication)
