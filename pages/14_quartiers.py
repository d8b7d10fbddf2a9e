"""Parmi les quartiers."""

from ozoir.ui.envoi import sent_together
from ozoir.ui.frame import page
from ozoir.ui.quartiers import show_place

CHAPEAU = (
    "La place du quartier parmi tous les quartiers prioritaires, ceux de la région, ceux du département, "
    "et ceux qui lui ressemblent."
)

with page("quartiers", "Parmi les quartiers", CHAPEAU) as publication, sent_together():
    show_place(publication)
