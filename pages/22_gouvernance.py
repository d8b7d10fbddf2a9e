"""Gouvernance."""

from ozoir.ui.frame import page
from ozoir.ui.gouvernance import show_governance

CHAPEAU = "Réunions, décisions, propositions, besoins, avis, et ce qu’ils sont devenus."

with page("gouvernance", "La gouvernance", CHAPEAU) as publication:
    show_governance(publication)
