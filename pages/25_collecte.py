"""Classeurs de collecte."""

from ozoir.ui.collecte import show_received, show_receiving, show_sending
from ozoir.ui.frame import page
from ozoir.ui.saisie import ask_author
from ozoir.ui.suivi import open_dossier, pick_year

with page(
    "collecte", "Classeurs de collecte", "Demander à chaque pilote où en sont ses actions, par un classeur à remplir."
) as publication:
    dossier = open_dossier(publication)
    annee = pick_year(dossier, "Année de la collecte")
    show_sending(dossier, annee)
    ask_author()
    show_receiving(dossier, annee)
    show_received()
