"""Données."""

from datetime import date

from ozoir.ui.frame import page
from ozoir.ui.imports import show_coverage, show_imports

with page(
    "donnees", "Les données", "Quels indicateurs sont alimentés, par quel fichier, et de quand datent leurs chiffres."
) as publication:
    show_coverage(publication, publication.results(), date.today())
    show_imports(publication.imports())
