"""Actions."""

from ozoir.ui.actions import show_actions
from ozoir.ui.frame import page

CHAPEAU = "Ce qui est fait, par qui, où en est chaque action, ce qu’elle a donné."

with page("actions", "Les actions du contrat", CHAPEAU) as publication:
    show_actions(publication)
