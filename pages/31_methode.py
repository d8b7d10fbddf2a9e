"""Méthode et définitions."""

from ozoir.ui.definitions import show_definitions, show_formulas, show_glossary, show_signs, show_sources, show_territories
from ozoir.ui.frame import page

with page(
    "methode",
    "Méthode et définitions",
    "Comment lire les chiffres, d’où ils viennent, et pourquoi certains ne sont pas montrés.",
) as publication:
    show_signs()
    show_formulas()
    show_territories(publication.catalogue)
    show_sources(publication.catalogue)
    show_definitions(publication.catalogue)
    show_glossary(publication.catalogue)
