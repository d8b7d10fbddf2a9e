"""Entries: each thing that can be wrong is said, with where; nothing right is refused."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from ozoir.catalogue.contrat_loading import load_contrat
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
from ozoir.catalogue.suivi import load_cadre
from ozoir.ingestion.delivery import AVERTISSEMENT, BLOQUANT
from ozoir.ingestion.saisies import Lieu, check_entry
from ozoir.paths import CATALOGUE


@pytest.fixture(scope="module")
def cadre():
    return load_cadre(load_contrat(CATALOGUE / "contrats" / "ozoir-la-ferriere"))


ATELIERS = ("emploi-06", "participants_qpv_ateliers_numeriques")

RIGHT = (
    EtatAction("emploi-01-a1", 2016, "realisee", 100),
    EtatAction("emploi-01-a1", 2016),
    Commentaire("emploi-01-a1", 2016, "freins", "Salle"),
    Realisation(*ATELIERS, 2016, realise=12.0, cible=20.0, beneficiaires=12, dont_qpv=12, femmes=7, hommes=5),
    Realisation(*ATELIERS, 2016, realise=0.0, beneficiaires=0, dont_qpv=0, femmes=0, hommes=0),
    Realisation(*ATELIERS, 2016, non_concerne=True),
    Realisation("cohesion-sociale-03-a1", "realisation_maison_sante", 2016, realise=1.0),
    Credit("emploi", "ville", 2016, "droit_commun", prevu=Decimal("10.00"), engage=Decimal("10"), paye=Decimal("0")),
    Reunion("", "copil", date(2016, 3, 1)),
    Reunion("", "conseil_citoyen", date(2016, 3, 1)),
    Decision("", 2016, "Relancer"),
    Decision("D1", 2016, "Relancer", statut="faite", clos_le=date(2017, 1, 5)),
    Proposition("", 2016, "Déplacer", objet="emploi-01"),
    Besoin("", 2016, "formation", "Tableur", cout=Decimal("1500.50")),
    Avis("", 2016, "conseil_citoyen"),
    Evenement("", date(2014, 9, 1), "Fermeture"),
    Paragraphe(2016, "observation", ""),
)


@pytest.mark.parametrize("entry", RIGHT, ids=lambda entry: entry.TABLE)
def test_a_right_entry_has_no_finding(cadre, entry):
    assert [finding.sentence() for finding in check_entry(cadre, entry)] == []


WRONG = (
    (EtatAction("emploi-01-a1", 2014), "entre 2015 et 2023"),
    (EtatAction("emploi-01-a99", 2016), "Vouliez-vous dire"),
    (EtatAction("emploi-01-a1", 2016, "fini"), "statut hors de la liste"),
    (EtatAction("emploi-01-a1", 2016, "en_cours", 101), "0 à 100"),
    (Commentaire("emploi-01-a1", 2016, "plainte"), "type de commentaire hors"),
    (Realisation("emploi-01-a1", "logements_renoves", 2016), "ne suit pas cet indicateur"),
    (Realisation(*ATELIERS, 2016, realise=-1.0), "négative"),
    (Realisation(*ATELIERS, 2016, beneficiaires=-3), "négatif"),
    (Realisation(*ATELIERS, 2016, realise=1.5), "nombre entier"),
    (Realisation(*ATELIERS, 2016, beneficiaires=10, dont_qpv=11), "dépasse celui des bénéficiaires"),
    (Realisation(*ATELIERS, 2016, beneficiaires=10, femmes=6, hommes=5), "plus que les 10"),
    (Realisation(*ATELIERS, 2016, realise=3.0, non_concerne=True), "gardez l’un ou l’autre"),
    (Realisation("cohesion-sociale-03-a1", "realisation_maison_sante", 2016, realise=2.0), "oui ou par non"),
    (Realisation("emploi-04-a3", "typologie_public", 2016, realise=2.0), "par un texte"),
    (Credit("emploi", "mairie", 2016, "droit_commun"), "financeur hors"),
    (Credit("emploi", "ville", 2016, "", prevu=Decimal(1)), "nature de crédits"),
    (Credit("emploi", "ville", 2016, "specifique", prevu=Decimal("-0.01")), "négatif"),
    (Credit("emploi", "ville", 2016, "specifique", prevu=Decimal("0.001")), "deux décimales"),
    (Credit("emploi", "ville", 2016, "specifique", prevu=Decimal("1e12")), "dépasse"),
    (Credit("emploi", "ville", 2016, "specifique", theme="9.9"), "thème hors"),
    (Reunion("", "copil", date(2012, 3, 1)), "entre 2015 et 2023"),
    (Decision("", 2016, " "), "texte est vide"),
    (Decision("", 2016, "Relancer", statut="faite"), "date de clôture"),
    (Proposition("", 2016, "Déplacer", clos_le=date(2016, 1, 1)), "statut reste ouvert"),
    (Besoin("", 2016, "voyage", "Tableur"), "nature de besoin hors"),
    (Avis("", 2016, "copil"), "instance hors"),
    (Avis("", 2016, "conseil_citoyen", date(2017, 3, 1), date(2017, 2, 1)), "avant d’avoir été demandé"),
    (Evenement("", date(2016, 1, 1), "Fête", pilier="sport"), "pilier hors"),
)


@pytest.mark.parametrize(("entry", "words"), WRONG, ids=[f"{entry.TABLE}-{words}" for entry, words in WRONG])
def test_a_wrong_entry_is_refused_with_the_reason(cadre, entry, words):
    findings = check_entry(cadre, entry)
    assert [finding.gravite for finding in findings] == [BLOQUANT]
    assert words in findings[0].sentence()


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        (EtatAction("emploi-01-a1", 2016, "realisee", 90), "inférieur à 100"),
        (EtatAction("emploi-01-a1", 2016, "a_venir", 10), "supérieur à 0"),
        (Realisation(*ATELIERS, 2016, beneficiaires=10, femmes=4, hommes=5), "moins que les 10"),
        (Realisation(*ATELIERS, 2016, femmes=4), "total de bénéficiaires manque"),
        (Realisation("emploi-01", "permis_b_prescrits", 2016, realise=4.0), "fichiers des partenaires"),
        (Credit("emploi", "ville", 2016, "specifique", prevu=Decimal(1), engage=Decimal(2)), "dépasse le montant prévu"),
        (Credit("emploi", "ville", 2016, "specifique", engage=Decimal(1), paye=Decimal(2)), "dépasse le montant engagé"),
    ],
)
def test_a_strange_entry_is_kept_with_a_warning(cadre, entry, words):
    (finding,) = check_entry(cadre, entry)
    assert finding.gravite == AVERTISSEMENT and words in finding.sentence()


def test_a_finding_of_a_workbook_names_its_cell(cadre):
    lieu = Lieu("Indicateurs", {"dont_qpv": "G12"})
    (finding,) = check_entry(cadre, Realisation(*ATELIERS, 2016, beneficiaires=10, dont_qpv=11), lieu)
    assert (finding.feuille, finding.cellule, finding.valeur) == ("Indicateurs", "G12", "11")


def test_a_finding_of_the_screen_names_the_entry(cadre):
    (finding,) = check_entry(cadre, Realisation(*ATELIERS, 2016, beneficiaires=10, dont_qpv=11))
    assert "plan numérique" in finding.message and "2016" in finding.message


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Voir avec claire.petit@exemple.fr", "une adresse électronique"),
        ("Rappeler au 06 12 34 56 78.", "un numéro de téléphone"),
        ("Standard (01.64.43.35.35)", "un numéro de téléphone"),
        ("+33 1 64 43 35 35", "un numéro de téléphone"),
        ("dossier 1 85 05 78 006 048 30", "un numéro de sécurité sociale"),
    ],
)
def test_a_free_text_which_reaches_somebody_is_refused_without_repeating_it(cadre, text, kind):
    for entry in (
        Commentaire("emploi-01-a1", 2016, "freins", text),
        Decision("", 2016, "Relancer", responsable=text),
        Reunion("", "copil", date(2016, 3, 1), participants=text),
    ):
        (finding,) = check_entry(cadre, entry)
        assert finding.gravite == BLOQUANT and kind in finding.message
        assert text not in finding.sentence()


@pytest.mark.parametrize(
    "text",
    [
        "Le CCAS relance la Caf le 01/02/2016 ; 1 234 567 890 €",
        "Salle 01 02, de 10h30 à 12h ; 2 016 habitants, 0,612345678",
        "Réf. 2015-2020-77-018, tranche 0612",
        "Bureau @ mairie",
    ],
)
def test_an_ordinary_text_is_kept(cadre, text):
    assert check_entry(cadre, Commentaire("emploi-01-a1", 2016, "freins", text)) == []
