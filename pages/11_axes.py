"""Axes transversaux."""

from ozoir.ui.completude import show_axis_details
from ozoir.ui.envoi import sent_together
from ozoir.ui.frame import page
from ozoir.ui.thematic import pick_axis, show_axis_head, show_indicators

CHAPEAU = "Ce que le contrat porte dans tous ses piliers à la fois."

with page("axes", "Axes transversaux", CHAPEAU) as publication, sent_together():
    axe = pick_axis(publication)
    show_axis_head(axe, publication)
    show_indicators(publication, publication.results(axe=axe.id))
    show_axis_details(publication, axe)
