"""A small contract year, whose every sum and rate is computed by hand in the tests."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from ozoir.catalogue.saisies import (
    Avis,
    Besoin,
    Commentaire,
    Credit,
    Decision,
    EtatAction,
    Evenement,
    Paragraphe,
    Proposition,
    Realisation,
    Reunion,
)

ENTRIES = (
    # Objective emploi-01 has four actions: 100, 50 and an abandoned one at 90 (left out), one without answer.
    EtatAction("emploi-01-a1", 2016, "realisee", 100),
    EtatAction("emploi-01-a2", 2016, "en_cours", 50),
    EtatAction("emploi-01-a3", 2016, "abandonnee", 90),
    EtatAction("emploi-01-a1", 2015, "en_cours", 20),
    Commentaire("emploi-01-a1", 2016, "freins", "Imprimeur en retard"),
    Realisation("emploi-06", "participants_qpv_ateliers_numeriques", 2016, realise=30.0, cible=40.0, beneficiaires=30,
                dont_qpv=30, femmes=18, hommes=12),
    Realisation("emploi-04-a3", "passages_jeunes", 2016, realise=0.0, beneficiaires=0),
    Realisation("cohesion-sociale-03-a1", "realisation_maison_sante", 2016, non_concerne=True),
    Realisation("emploi-07-a2", "jeunes_aides_permis", 2016, realise=3.0, beneficiaires=3, femmes=1, hommes=2),
    Credit("emploi-01-a1", "etat_bop147", 2016, "specifique", "", Decimal("10000.10"), Decimal("8000.05"), Decimal("4000.00")),
    Credit("emploi-01-a1", "ville", 2016, "droit_commun", "", Decimal("5000.20"), Decimal("5000.20")),
    Credit("emploi", "epci", 2016, "droit_commun", "", Decimal("2500.00")),
    Credit("cadre-de-vie-01-a1", "bailleur", 2016, "droit_commun", "", Decimal("100000.00"), Decimal("120000.33"),
           Decimal("60000.11")),
    Credit("emploi-01-a1", "etat_bop147", 2017, "specifique", "", Decimal("1.00")),
    Reunion("", "copil", date(2016, 3, 15), "Bilan 2015"),
    Decision("", 2016, "Relancer la mission locale", "R1", "emploi-01", "Chef de projet", date(2016, 6, 30)),
    Decision("", 2015, "Trouver une salle", "", "emploi-01-a1", "Ville", statut="faite", suite="Salle trouvée",
             clos_le=date(2016, 2, 1)),
    Decision("", 2015, "Close l’année même", statut="faite", clos_le=date(2015, 12, 1)),
    Proposition("", 2016, "Ouvrir le samedi", "emploi-01-a4", "conseil citoyen", programme=True),
    Proposition("", 2016, "Supprimer le boîtage", "emploi-01-a2", programme=True, statut="ecartee", clos_le=date(2016, 11, 1)),
    Besoin("", 2016, "formation", "Lire un tableau statistique", "conseil citoyen", cout=Decimal("800.00")),
    Avis("", 2016, "conseil_citoyen", date(2017, 4, 1), date(2017, 4, 20), "favorable"),
    Evenement("", date(2016, 9, 1), "Ouverture de l’Espace social"),
    Evenement("", date(2017, 1, 1), "Nouvelle agence", pilier="emploi"),
    Paragraphe(2016, "observation", "Le chômage baisse moins vite que dans le reste de la commune."),
)  # fmt: skip
