"""Actions."""

from ozoir.ui.actions import show_actions
from ozoir.ui.frame import page

with page("actions", "Les actions du contrat", "Ce qui est fait, par qui, où en est chaque action, ce qu’elle a donné.") as publication:
    show_actions(publication)
