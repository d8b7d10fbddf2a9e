"""The chain objective → action → indicator → credits, in one place, with its breaks."""

from __future__ import annotations

from dataclasses import dataclass

from ozoir.catalogue.contrat import Action, IndicateurRealisation, Objectif
from ozoir.catalogue.loading import Catalogue
from ozoir.catalogue.saisies import Credit
from ozoir.suivi.actions import Avancement, LigneIndicateur, indicator_lines, measure_progress
from ozoir.suivi.credits import Montants, is_empty, sum_amounts
from ozoir.suivi.dossier import Dossier

SANS_ACTION, SANS_PILOTE, SANS_INDICATEUR = "sans_action", "sans_pilote", "sans_indicateur"
A_DEFINIR, SANS_SOURCE, SANS_VALEUR, SANS_CREDIT = "a_definir", "sans_source", "sans_valeur", "sans_credit"
RUPTURES = {
    SANS_ACTION: "Objectif sans action",
    SANS_PILOTE: "Action sans pilote",
    SANS_INDICATEUR: "Action sans indicateur",
    A_DEFINIR: "Indicateur à définir",
    SANS_SOURCE: "Indicateur dont la source n’est pas encore déclarée",
    SANS_VALEUR: "Indicateur sans réponse pour l’année",
    SANS_CREDIT: "Objectif sans aucun crédit saisi pour l’année",
}
ENTREE = (SANS_VALEUR, SANS_CREDIT)  # breaks which entering data mends; the others are the contract's own


@dataclass(frozen=True)
class Rupture:
    """One break: what kind, where, and what exactly."""

    genre: str
    objet: str
    texte: str


@dataclass(frozen=True)
class MaillonAction:
    """An action, its own indicators, its credits."""

    action: Action
    avancement: Avancement
    indicateurs: tuple[LigneIndicateur, ...]
    credits: Montants


@dataclass(frozen=True)
class MaillonObjectif:
    """An objective: the statistics that observe it, its actions, the indicators it carries itself, all its credits."""

    objectif: Objectif
    observation: tuple[str, ...]
    avancement: Avancement
    actions: tuple[MaillonAction, ...]
    indicateurs: tuple[LigneIndicateur, ...]
    credits: Montants
    ruptures: tuple[Rupture, ...]


def build_chain(catalogue: Catalogue, dossier: Dossier, annee: int, pilier: str = "") -> list[MaillonObjectif]:
    """One link per objective of the pillar (of all without a pillar), in the contract's order."""
    objectifs = [item for item in dossier.cadre.contrat.objectifs if pilier in ("", item.pilier)]
    return [_link(catalogue, dossier, objectif, annee) for objectif in objectifs]


def list_breaks(chain: list[MaillonObjectif]) -> dict[str, list[Rupture]]:
    """Kind → breaks, the kinds without any left out."""
    found: dict[str, list[Rupture]] = {genre: [] for genre in RUPTURES}
    for maillon in chain:
        for rupture in maillon.ruptures:
            found[rupture.genre].append(rupture)
    return {genre: breaks for genre, breaks in found.items() if breaks}


def _link(catalogue: Catalogue, dossier: Dossier, objectif: Objectif, annee: int) -> MaillonObjectif:
    cadre = dossier.cadre
    own = {item.objet: [] for item in cadre.attendus if item.objectif.id == objectif.id}
    for item in cadre.attendus:
        if item.objectif.id == objectif.id:
            own[item.objet].append(item)
    lines = {objet: indicator_lines(dossier, items, annee) for objet, items in own.items()}
    credits = [item for item in dossier.entries(Credit, annee=annee) if cadre.objectif_of(item.objet) == objectif.id]
    actions = tuple(
        MaillonAction(
            action,
            measure_progress(dossier, [action], annee),
            lines.get(action.id, ()),
            sum_amounts(item for item in credits if item.objet == action.id),
        )
        for action in objectif.actions
    )
    shared = lines.get(objectif.id, ())
    every_line = [line for group in lines.values() for line in group]
    return MaillonObjectif(
        objectif,
        tuple(item.id for item in catalogue.indicateurs.values() if objectif.id in item.objectifs),
        measure_progress(dossier, objectif.actions, annee),
        actions,
        shared,
        sum_amounts(credits),
        tuple(_breaks(catalogue, dossier, objectif, every_line, credits)),
    )


def _breaks(catalogue: Catalogue, dossier: Dossier, objectif: Objectif, lines: list[LigneIndicateur], credits: list[Credit]):
    if not objectif.actions:
        yield Rupture(SANS_ACTION, objectif.id, objectif.titre)
    for action in objectif.actions:
        if not (action.pilotes or objectif.pilotes):
            yield Rupture(SANS_PILOTE, action.id, action.titre)
        if not dossier.cadre.attendus_of(action):
            yield Rupture(SANS_INDICATEUR, action.id, action.titre)
    for line in lines:
        if genre := _broken(catalogue, line.attendu.indicateur, line.reponse):
            yield Rupture(genre, line.attendu.objet, line.attendu.indicateur.libelle)
    if all(is_empty(credit) for credit in credits):
        yield Rupture(SANS_CREDIT, objectif.id, objectif.titre)


def _broken(catalogue: Catalogue, indicateur: IndicateurRealisation, reponse: str) -> str:
    if reponse != "vide":
        return ""
    if indicateur.alimentation == "a_definir":
        return A_DEFINIR
    if indicateur.alimentation == "observation":
        return "" if any(id in catalogue.indicateurs for id in indicateur.observation) else SANS_SOURCE
    return SANS_VALEUR
