"""Import."""

from ozoir.ui.frame import page
from ozoir.ui.import_page import show_import_page

with page(
    "import",
    "Importer les fichiers des partenaires",
    "Déposer un fichier, voir ce qui en est compris, corriger, charger, annuler.",
) as publication:
    show_import_page(publication)
