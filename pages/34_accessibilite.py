"""Accessibilité."""

from ozoir.ui.accessibilite import show_statement
from ozoir.ui.frame import page

CHAPEAU = "Déclaration d’accessibilité : ce qui est conforme, ce qui ne l’est pas, et comment faire autrement."

with page("accessibilite", "Accessibilité", CHAPEAU) as publication:
    show_statement(publication.catalogue.contrat)
