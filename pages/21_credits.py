"""Crédits."""

from ozoir.ui.credits import show_credits
from ozoir.ui.frame import page

with page("credits", "Les crédits", "Ce qui est prévu, engagé et payé, par financeur, pilier et année.") as publication:
    show_credits(publication)
