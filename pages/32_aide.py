"""Mode d’emploi."""

from ozoir.ui.aide import show_help
from ozoir.ui.frame import page

with page("aide", "Mode d’emploi", "Par où commencer selon votre rôle, et comment faire, pas à pas."):
    show_help()
