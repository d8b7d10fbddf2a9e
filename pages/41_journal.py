"""Journal."""

from ozoir.ui.frame import page
from ozoir.ui.journal import show_journal

with page("journal", "Journal", "Qui a fait quoi, et quand : chargements, saisies, éditions, accès. Rien ne s’y efface."):
    show_journal()
