"""Bilan annuel."""

from ozoir.ui.bilan import show_report
from ozoir.ui.frame import page

CHAPEAU = "Les clauses du contrat et les points du décret, à partir de ce que contient la base."

with page("bilan", "Le bilan annuel", CHAPEAU) as publication:
    show_report(publication)
