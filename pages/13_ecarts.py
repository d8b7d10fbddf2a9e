"""Évolution des écarts."""

from ozoir.ui.ecarts import show_gap_changes
from ozoir.ui.envoi import sent_together
from ozoir.ui.frame import page

CHAPEAU = (
    "Pour chaque indicateur\u00a0: l’écart avec le reste de la commune au début du contrat, l’écart aujourd’hui, "
    "et ce que l’on peut en dire."
)

with page("ecarts", "L’écart se réduit-il\u202f?", CHAPEAU) as publication, sent_together():
    show_gap_changes(publication)
