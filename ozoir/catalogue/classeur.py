"""What a collection workbook is made of: sheets, columns, rows. Shared by who writes it and who reads it back.

A workbook asks one pilot about one year. Its hidden sheet keeps every row as it was written: what a pilot changed is
the difference with that copy, and a changed label shows even if the catalogue has been reworded since.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from datetime import date
from decimal import Decimal

from ozoir.catalogue.contrat import Action, IndicateurRealisation
from ozoir.catalogue.saisies import NATURES_CREDIT, STATUTS_ACTION, TYPES_COMMENTAIRE
from ozoir.catalogue.suivi import Attendu, Cadre

SCHEMA = "1"
CONSIGNES, TECHNIQUE, LISTES = "Mode d’emploi", "_ozoir", "_listes"
SANS_PILOTE = "Actions sans pilote désigné"
LIGNES_LIBRES = 15  # empty rows offered for new credits
TEXTE_MAXIMUM = 32_000  # a cell holds 32 767 characters
NON_CONCERNE = "Non concerné"
OUI_NON = {"oui": "Oui", "non": "Non"}
PERSONNES = "personnes"
# The cells which tell one line of credits from another: locked once the line is known.
CLE_CREDIT = ("objet", "financeur", "nature", "ligne")

CLE, LIBELLE, RAPPEL, SAISIE = "cle", "libelle", "rappel", "saisie"
TEXTE, ENTIER, NOMBRE, POURCENTAGE, EUROS, LISTE, FERMEE = (
    "texte",
    "entier",
    "nombre",
    "pourcentage",
    "euros",
    "liste",
    "fermee",
)

Valeur = str | int | float | Decimal | None


@dataclass(frozen=True)
class Colonne:
    """role: cle (hidden id) · libelle (locked) · rappel (last year's, locked) · saisie (to fill).

    liste: the accepted values of its cells of nature « liste ». titre may hold {annee} and {precedente}. largeur in characters.
    """

    champ: str
    titre: str
    role: str
    nature: str = TEXTE
    largeur: int = 12
    liste: str = ""

    def entete(self, annee: int) -> str:
        return self.titre.format(annee=annee, precedente=annee - 1)


@dataclass(frozen=True)
class Feuille:
    """One sheet to fill; consigne is the sentence under its title."""

    id: str
    titre: str
    consigne: str
    colonnes: tuple[Colonne, ...]


_CLE = Colonne("cle", "_cle", CLE)

ACTIONS = Feuille(
    "actions",
    "Actions",
    "Une ligne par action. Remplissez les cases jaunes\u202f; le reste est verrouillé.",
    (
        _CLE,
        Colonne("objectif", "Objectif", LIBELLE, largeur=26),
        Colonne("action", "Action", LIBELLE, largeur=32),
        Colonne("statut_precedent", "Statut {precedente}", RAPPEL),
        Colonne("avancement_precedent", "Avancement {precedente}\u00a0(%)", RAPPEL, ENTIER, 12),
        Colonne("statut", "Statut {annee}", SAISIE, LISTE, 12, "statuts"),
        Colonne("avancement", "Avancement {annee}\u00a0(%)", SAISIE, ENTIER, 12),
        *(Colonne(name, title, SAISIE, largeur=22) for name, title in TYPES_COMMENTAIRE.items()),
    ),
)
INDICATEURS = Feuille(
    "indicateurs",
    "Indicateurs",
    "Une ligne par indicateur. Laissez vide ce que vous ne savez pas\u202f; écrivez 0 quand c’est zéro\u202f; "
    "choisissez «\u00a0Non concerné\u00a0» quand la question ne se pose pas cette année.",
    (
        _CLE,
        Colonne("objet", "Action ou objectif", LIBELLE, largeur=28),
        Colonne("indicateur", "Indicateur", LIBELLE, largeur=30),
        Colonne("unite", "Unité", LIBELLE, largeur=12),
        Colonne("realise_precedent", "Réalisé {precedente}", RAPPEL, NOMBRE, 10),
        Colonne("cible_precedente", "Cible {precedente}", RAPPEL, NOMBRE, 10),
        Colonne("realise", "Réalisé {annee}", SAISIE, NOMBRE, 10, "oui_non"),
        Colonne("cible", "Cible {annee}", SAISIE, NOMBRE, 10, "oui_non"),
        Colonne("beneficiaires", "Bénéficiaires {annee}", SAISIE, ENTIER, 13),
        Colonne("dont_qpv", "dont habitants du quartier", SAISIE, ENTIER, 12),
        Colonne("femmes", "dont femmes", SAISIE, ENTIER, 10),
        Colonne("hommes", "dont hommes", SAISIE, ENTIER, 10),
        Colonne("non_concerne", "Non concerné {annee}", SAISIE, LISTE, 14, "non_concerne"),
        Colonne("texte", "Précisions, ou réponse en toutes lettres", SAISIE, largeur=26),
    ),
)
CREDITS = Feuille(
    "credits",
    "Crédits",
    "Une ligne par action, financeur et nature, en euros. Ajoutez vos lignes en bas du tableau. "
    "Plusieurs subventions d’un même financeur pour la même action\u00a0: distinguez-les par leur intitulé.",
    (
        _CLE,
        Colonne("objet", "Action", SAISIE, LISTE, 42, "objets"),
        Colonne("financeur", "Financeur", SAISIE, LISTE, 20, "financeurs"),
        Colonne("nature", "Nature", SAISIE, LISTE, 17, "natures"),
        Colonne("ligne", "Intitulé (facultatif)", SAISIE, largeur=20),
        Colonne("paye_precedent", "Payé {precedente}\u00a0(€)", RAPPEL, EUROS, 14),
        Colonne("prevu", "Prévu {annee}\u00a0(€)", SAISIE, EUROS, 14),
        Colonne("engage", "Engagé {annee}\u00a0(€)", SAISIE, EUROS, 14),
        Colonne("paye", "Payé {annee}\u00a0(€)", SAISIE, EUROS, 14),
        Colonne("commentaire", "Commentaire", SAISIE, largeur=26),
    ),
)
FEUILLES = (ACTIONS, INDICATEURS, CREDITS)


@dataclass(frozen=True)
class Ligne:
    """One row; `natures` gives the cells that are not of their column's nature: « fermee » is locked."""

    cle: str
    cellules: dict[str, Valeur]
    natures: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Entete:
    """Who is asked, about which year, when: the first lines of the hidden sheet."""

    contrat: str
    pilote: str
    annee: int
    genere_le: date
    fictif: bool = False
    schema: str = SCHEMA

    def texts(self) -> dict[str, str]:
        """Name → text, as written in the hidden sheet."""
        return {item.name: str(getattr(self, item.name)) for item in fields(self)}


@dataclass(frozen=True)
class Classeur:
    """A whole workbook. lignes: sheet id → rows. objets, financeurs: id → label. calcules: indicators nobody types."""

    entete: Entete
    titre: str
    quartier: str
    lignes: dict[str, tuple[Ligne, ...]]
    objets: dict[str, str]
    financeurs: dict[str, str]
    calcules: tuple[str, ...] = ()

    @property
    def listes(self) -> dict[str, tuple[str, ...]]:
        """Name of a list → the labels offered."""
        return {name: tuple(labels.values()) for name, labels in choices(self.objets, self.financeurs).items()}


def choices(objets: dict[str, str], financeurs: dict[str, str]) -> dict[str, dict[str, str]]:
    """Name of a list → id → label."""
    return {
        "statuts": STATUTS_ACTION,
        "non_concerne": {"non_concerne": NON_CONCERNE},
        "oui_non": OUI_NON,
        "objets": objets,
        "financeurs": financeurs,
        "natures": NATURES_CREDIT,
    }


def pilots(cadre: Cadre) -> tuple[str, ...]:
    """Who receives a workbook: every pilot, and the project team for the actions of which the contract names none."""
    names = cadre.pilotes()
    is_orphan = any(not action.pilotes for action in cadre.contrat.actions) or any(not item.pilotes for item in cadre.attendus)
    return (*names, SANS_PILOTE) if is_orphan else names


def actions_of(cadre: Cadre, pilote: str) -> tuple[Action, ...]:
    """The actions of a pilot, alone or with others, in the contract's order."""
    return tuple(action for action in cadre.contrat.actions if _is_asked(action.pilotes, pilote))


def attendus_of(cadre: Cadre, pilote: str) -> tuple[Attendu, ...]:
    """The indicators a pilot answers for, those nobody types included."""
    return tuple(item for item in cadre.attendus if _is_asked(item.pilotes, pilote))


def _is_asked(pilotes: tuple[str, ...], pilote: str) -> bool:
    return pilote in pilotes or (pilote == SANS_PILOTE and not pilotes)


def objets_of(cadre: Cadre, pilote: str) -> dict[str, str]:
    """Action → how it is written in the drop-down list: its id keeps two equal titles apart."""
    return {action.id: f"{action.titre} [{action.id}]" for action in actions_of(cadre, pilote)}


def financeurs_of(cadre: Cadre) -> dict[str, str]:
    """Funder → title."""
    return {id: item.titre for id, item in cadre.financements.financeurs.items()}


def indicator_natures(indicateur: IndicateurRealisation) -> dict[str, str]:
    """What the cells « réalisé » and « cible » of an indicator accept."""
    nature = {"taux": POURCENTAGE, "oui_non": LISTE, "texte": FERMEE}.get(indicateur.nature, NOMBRE)
    if indicateur.nature == "effectif" and indicateur.unite == PERSONNES:
        nature = ENTIER
    return {"realise": nature, "cible": nature}


def split_key(cle: str) -> list[str]:
    """« 2016|emploi-01-a1|… »: the year, then the fields of the entry's key in the sheet's order."""
    return cle.split("|", 4)


def cell_text(value: Valeur | bool) -> str:
    """One spelling for what a cell holds, whatever program saved it: « 12 », « 12.5 », text with plain line ends."""
    if value is None or value != value:
        return ""
    if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
        number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
        return f"{number.normalize():f}" if number else "0"
    return str(value).replace("\r\n", "\n").replace("\r", "\n").strip()[:TEXTE_MAXIMUM]


def row_copy(feuille: Feuille, ligne: Ligne) -> list[str]:
    """The row as the hidden sheet keeps it: sheet, then every cell's text in column order."""
    return [
        feuille.id,
        *(cell_text(ligne.cellules.get(column.champ)) if column.champ != "cle" else ligne.cle for column in feuille.colonnes),
    ]


def workbook_digest(entete: dict[str, str], rows: Iterable[list[str]]) -> str:
    """A print of the hidden sheet: a changed year, id or label there shows."""
    content = json.dumps([sorted(entete.items()), [list(row) for row in rows]], ensure_ascii=False)
    return hashlib.sha256(content.encode()).hexdigest()
