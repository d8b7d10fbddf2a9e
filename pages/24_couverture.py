"""Couverture."""

from ozoir.ui.couverture import show_coverage_page
from ozoir.ui.frame import page

CHAPEAU = "Chaque indicateur, année par année\u00a0: alimenté, en retard, non diffusé, à définir, manquant."

with page("couverture", "La couverture", CHAPEAU) as publication:
    show_coverage_page(publication)
