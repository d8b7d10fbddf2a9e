"""Roles, and the table of acts: one row says who may do what. An act which is not here is refused to everybody."""

from __future__ import annotations

from dataclasses import dataclass

LECTEUR, SIGNATAIRE, ANALYSTE = "lecteur", "signataire", "analyste"
CHEF_DE_PROJET, ADMINISTRATEUR = "chef_de_projet", "administrateur"

ROLES: dict[str, str] = {
    LECTEUR: "Lecteur",
    SIGNATAIRE: "Signataire",
    ANALYSTE: "Analyste",
    CHEF_DE_PROJET: "Chef de projet",
    ADMINISTRATEUR: "Administrateur",
}
PORTEES: dict[str, str] = {
    LECTEUR: "Parcourt les pages et exporte en diffusion publique.",
    SIGNATAIRE: "Lit et exporte aussi la diffusion restreinte.",
    ANALYSTE: "Charge les fichiers des partenaires, corrige leur lecture, retire et rétablit un import.",
    CHEF_DE_PROJET: "Tient le suivi\u00a0: actions, crédits, gouvernance, bilan, éditions.",
    ADMINISTRATEUR: "Gère les personnes, les seuils, les réglages et les sauvegardes.",
}

_TOUS = frozenset(ROLES)
_SIGNATAIRES = frozenset({SIGNATAIRE, ANALYSTE, CHEF_DE_PROJET})
_ANALYSTES = frozenset({ANALYSTE})
_CHEFS = frozenset({CHEF_DE_PROJET})
_ADMINISTRATEURS = frozenset({ADMINISTRATEUR})
_CONTROLE = frozenset({CHEF_DE_PROJET, ADMINISTRATEUR})


@dataclass(frozen=True)
class Acte:
    """id: the word written in the journal. is_automatic: the program's own act, nobody's right is asked.

    is_backed_up: the base is saved before it. is_of_base: it concerns every contract, so the role must hold on all of them.
    """

    id: str
    titre: str
    roles: frozenset[str]
    is_automatic: bool = False
    is_backed_up: bool = False
    is_of_base: bool = False


_TABLE = (
    # Reading. « consulter » opens the door: a person without any role sees nothing.
    Acte("consulter", "Parcourir les pages", _TOUS),
    Acte("export public", "Exporter en diffusion publique", _TOUS),
    Acte("lecture restreinte", "Lire la diffusion restreinte", _SIGNATAIRES),
    Acte("export restreint", "Exporter en diffusion restreinte", _SIGNATAIRES),
    Acte("lecture du journal", "Lire le journal", _CONTROLE),
    # Partners' files.
    Acte("import", "Charger un fichier", _ANALYSTES, is_backed_up=True),
    Acte("correspondance", "Corriger la lecture d’un fichier", _ANALYSTES),
    Acte("alerte levée", "Répondre d’un fichier d’apparence nominative", _ANALYSTES),
    Acte("contestation", "Contester un chiffre", _ANALYSTES | _CHEFS),
    Acte("levée de contestation", "Lever une contestation", _ANALYSTES | _CHEFS),
    Acte("retrait d’import", "Retirer un import", _ANALYSTES),
    Acte("rétablissement d’import", "Rétablir un import", _ANALYSTES),
    # The follow-up of the contract.
    Acte("saisie", "Saisir le suivi", _CHEFS),
    Acte("dépôt de classeur", "Charger un classeur de collecte", _CHEFS, is_backed_up=True),
    Acte("retrait de classeur", "Retirer un classeur de collecte", _CHEFS),
    Acte("rétablissement de classeur", "Rétablir un classeur de collecte", _CHEFS),
    Acte("édition figée", "Figer une édition du bilan", _CHEFS),
    # Running the whole.
    Acte("seuil", "Changer un seuil de diffusion", _ADMINISTRATEURS, is_of_base=True),
    Acte("réglage", "Changer un réglage", _ADMINISTRATEURS, is_of_base=True),
    Acte("personnes", "Gérer les personnes et leurs rôles", _ADMINISTRATEURS, is_of_base=True),
    Acte("effacement d’identité", "Effacer l’identité d’un agent", _ADMINISTRATEURS, is_of_base=True),
    Acte("sauvegarde", "Sauvegarder la base", _ADMINISTRATEURS, is_of_base=True),
    Acte("restauration", "Restaurer une sauvegarde", _ADMINISTRATEURS, is_of_base=True),
    Acte("reconstruction", "Reconstruire la base", _ADMINISTRATEURS, is_of_base=True),
    # What the program writes by itself.
    Acte("connexion", "Connexion", frozenset(), is_automatic=True),
    Acte("connexion refusée", "Connexion refusée", frozenset(), is_automatic=True),
    Acte("déconnexion", "Déconnexion", frozenset(), is_automatic=True),
    Acte("personnes modifiées hors de l’application", "Fichier des accès modifié", frozenset(), is_automatic=True),
    Acte("conservation échue", "Fichiers d’origine effacés à leur échéance", frozenset(), is_automatic=True),
    Acte("nettoyage", "Fichiers sans import mis de côté", frozenset(), is_automatic=True),
)
ACTES: dict[str, Acte] = {acte.id: acte for acte in _TABLE}
