"""What is checked for accessibility, what is not reached, and how to do without: one list for the page and for the tests."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from ozoir.catalogue.contrat import Contrat
from ozoir.ui.menu import find_entries
from ozoir.ui.tables import table_html
from ozoir.ui.texts import safe

AXE = "4.12.1"


@dataclass(frozen=True)
class Empechement:
    """Something that does not conform. critere: of WCAG 2.1; regle_axe and combien: what the tests let pass, counted."""

    quoi: str
    critere: str
    contournement: str
    regle_axe: str = ""
    combien: int = 0


EMPECHEMENTS = (
    Empechement(
        "Les tableaux de saisie (état des actions, réalisations, crédits) sont dessinés par le navigateur comme une image. On "
        "s’y déplace aux flèches et un tableau équivalent est lu par les lecteurs d’écran, mais ni l’agrandissement du seul "
        "texte ni les couleurs imposées par le poste ne s’y appliquent.",
        "1.4.4, 1.4.5",
        "Remplir le classeur de collecte dans un tableur et le déposer (page « Classeurs de collecte »), ou saisir depuis la "
        "fiche d’une action.",
    ),
    Empechement(
        "Les graphiques sont des dessins dont les points ne se parcourent pas au clavier ; les bulles d’aide qui donnent la "
        "valeur d’un point n’apparaissent qu’à la souris.",
        "2.1.1, 1.4.13",
        "Tous les chiffres d’un graphique sont dans son texte de remplacement et dans le tableau placé à côté ou dessous.",
    ),
    Empechement(
        "Quand un choix recalcule la page, les lecteurs d’écran ne sont pas avertis que le contenu a changé.",
        "4.1.3",
        "Les titres de chaque partie disent le résultat : les parcourir après un choix. L’adresse de la page garde les choix.",
    ),
    Empechement(
        "Quelques messages rares du cadre technique restent en anglais : erreur interne du navigateur, détail d’une cellule "
        "refusée dans un tableau de saisie.",
        "3.1.2",
        "Le même refus est dit en français, avec la ligne et la raison, au moment d’enregistrer.",
    ),
    Empechement(
        "Les couleurs sombres, choisies pour l’écran, restent celles des graphiques sur le papier.",
        "sans objet : impression",
        "Choisir « Clair » dans le menu en haut à droite, puis imprimer.",
    ),
    Empechement(
        "Les documents Word et PowerPoint produits ont des titres et des textes de remplacement, mais leur conformité complète "
        "n’a pas été mesurée. Les PDF suivent la norme PDF/UA-1.",
        "1.1.1, 1.3.1",
        "Lire le bilan en PDF ou dans les pages.",
    ),
)

ESSAIS = (
    f"Règles WCAG 2.1, niveaux A et AA, du moteur axe-core {AXE}, sur chaque page, en clair et en sombre : aucun défaut "
    "grave ou critique n’est accepté.",
    "Contrastes calculés sur toutes les couleurs des pages et des graphiques, en clair et en sombre : au moins 4,5 pour 1 pour "
    "les textes, 3 pour 1 pour les traits et les repères. Un rôle ne se reconnaît jamais à sa seule couleur.",
    "Parcours au clavier seul : tout ce qui s’actionne est atteint, dans l’ordre de lecture, et se voit quand il est atteint.",
    "Largeur de 320 points (agrandissement de 400 % d’un écran courant) : la page ne défile pas de côté.",
    "Langue déclarée, titre propre à chaque page, niveaux de titres sans saut, texte de remplacement chiffré pour chaque "
    "graphique, aucun mouvement pour qui l’a demandé.",
    "Mots anglais et fautes de typographie cherchés dans tous les textes affichés ou lus à voix haute.",
    "Impression : ni menu, ni réglages, ni graphique coupé.",
)
NON_FAITS = (
    "Aucun essai n’a été fait par des personnes qui utilisent un lecteur d’écran.",
    "Aucun audit complet des 106 critères du RGAA 4.1 n’a été mené par un tiers.",
)


def show_statement(contrat: Contrat) -> None:
    """The statement itself, in the order of the official model."""
    st.html(
        '<h2 class="oz-theme">État de conformité</h2><p>Ce tableau de bord est <strong>partiellement conforme</strong> au '
        "référentiel général d’amélioration de l’accessibilité (RGAA 4.1), qui reprend les règles WCAG 2.1 de niveau AA. "
        "Les points qui manquent sont listés plus bas.</p>"
        f'<h2 class="oz-theme">Ce qui est vérifié à chaque version</h2><p>{_pages()} Les essais automatiques ne voient qu’une '
        f"partie des critères.</p><ul>{_items(ESSAIS)}</ul>"
        f'<h2 class="oz-theme">Ce qui n’a pas été vérifié</h2><ul>{_items(NON_FAITS)}</ul>'
    )
    heads = ["Ce qui gêne", "Critère WCAG", "Comment faire autrement"]
    rows = [(safe(item.quoi), safe(item.critere), safe(item.contournement)) for item in EMPECHEMENTS]
    table = table_html("Ce qui n’est pas accessible", heads, rows, "oz-texte")
    st.html(f'<h2 class="oz-theme">Ce qui n’est pas accessible</h2>{table}{_tolerated()}')
    st.html(f'<h2 class="oz-theme">Signaler une difficulté</h2><p>{_contact(contrat)}</p>{RECOURS}')


RECOURS = (
    "<p>Si vous n’obtenez pas de réponse, vous pouvez écrire au Défenseur des droits ou le saisir auprès de son délégué dans "
    "votre département.</p>"
)


def _items(texts: tuple[str, ...]) -> str:
    return "".join(f"<li>{safe(text)}</li>" for text in texts)


def _pages() -> str:
    count = len(find_entries()) + 1
    return safe(f"{count} pages sont parcourues dans un vrai navigateur (Chromium), sur la base de démonstration.")


def _tolerated() -> str:
    """What the tests let pass, counted: said even when it is nothing."""
    found = [f"{item.regle_axe} ({item.combien})" for item in EMPECHEMENTS if item.regle_axe]
    text = f"Défauts d’axe-core tolérés et comptés : {', '.join(found)}." if found else "Aucun défaut d’axe-core n’est toléré."
    return f'<p class="oz-source">{safe(text)}</p>'


def _contact(contrat: Contrat) -> str:
    """Whom to write to: a setting of the contract."""
    who = contrat.apparence.contact or "la personne qui administre ce tableau de bord dans votre service"
    return safe(f"Dites ce que vous cherchiez, sur quelle page et avec quel matériel, à : {who}.")
