"""Gouvernance."""

from ozoir.ui.frame import page
from ozoir.ui.gouvernance import show_governance

with page("gouvernance", "La gouvernance", "Réunions, décisions, propositions, besoins, avis, et ce qu’ils sont devenus.") as publication:
    show_governance(publication)
