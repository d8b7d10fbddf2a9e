"""Actions: where each one stands in a year, what it answers, how an objective or a pillar goes forward."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from ozoir.catalogue.contrat import Action, Contrat, Note, Objectif, Orientation, Pilier
from ozoir.catalogue.saisies import (
    STATUTS_ACTION,
    TYPES_COMMENTAIRE,
    VIDE,
    Commentaire,
    Credit,
    Decision,
    EtatAction,
    Proposition,
    Realisation,
    Version,
)
from ozoir.catalogue.suivi import Attendu
from ozoir.store.base import Store
from ozoir.suivi.diffusion import may_read_comment
from ozoir.suivi.dossier import Dossier
from ozoir.suivi.enregistrement import read_history


@dataclass(frozen=True)
class Filtre:
    """Which actions to list; an empty field filters nothing. statut « non_renseigne »: nobody has answered."""

    pilier: str = ""
    orientation: str = ""
    objectif: str = ""
    pilote: str = ""
    axe: str = ""
    statut: str = ""


@dataclass(frozen=True)
class LigneIndicateur:
    """One indicator of an action or objective in a year, with last year's answer."""

    attendu: Attendu
    version: Version | None
    precedente: Realisation | None

    @property
    def realisation(self) -> Realisation | None:
        return self.version.saisie if self.version else None

    @property
    def reponse(self) -> str:
        """vide · valeur · non_concerne."""
        return self.realisation.reponse if self.realisation else VIDE


@dataclass(frozen=True)
class FicheAction:
    """One action in one year: the contract's words, and what was entered."""

    annee: int
    action: Action
    objectif: Objectif
    orientation: Orientation
    pilier: Pilier
    etat: Version | None
    commentaires: dict[str, Version]
    indicateurs: tuple[LigneIndicateur, ...]
    credits: tuple[Credit, ...]
    decisions: tuple[Decision, ...]
    propositions: tuple[Proposition, ...]
    notes: tuple[Note, ...]

    @property
    def statut(self) -> str:
        return self.etat.saisie.statut if self.etat else ""

    @property
    def avancement(self) -> int | None:
        return self.etat.saisie.avancement if self.etat else None


@dataclass(frozen=True)
class Avancement:
    """Where a set of actions stands. moyenne: plain mean of the progress entered, abandoned actions left out."""

    actions: int
    renseignees: int
    par_statut: dict[str, int]
    avancements: tuple[int, ...]

    @property
    def moyenne(self) -> float | None:
        return sum(self.avancements) / len(self.avancements) if self.avancements else None


def filter_actions(dossier: Dossier, annee: int, filtre: Filtre) -> list[Action]:
    """Actions of the contract, in its order."""
    return [action for action in dossier.cadre.contrat.actions if _matches(dossier, annee, action, filtre)]


def _matches(dossier: Dossier, annee: int, action: Action, filtre: Filtre) -> bool:
    contrat = dossier.cadre.contrat
    objectif = contrat.objectif(action.objectif)
    if filtre.axe and filtre.axe not in axes_of(contrat, action):
        return False
    if filtre.statut and filtre.statut != (_statut(dossier, action, annee) or "non_renseigne"):
        return False
    return (
        filtre.pilier in ("", objectif.pilier)
        and filtre.orientation in ("", objectif.orientation)
        and filtre.objectif in ("", objectif.id)
        and (not filtre.pilote or filtre.pilote in action.pilotes)
    )


def axes_of(contrat: Contrat, action: Action) -> tuple[str, ...]:
    """Axes written on the action, then those whose commitments point to its objective."""
    pointing = (axe.id for axe in contrat.axes for item in axe.engagements if action.objectif in item.objectifs)
    return tuple(dict.fromkeys((*action.axes, *pointing)))


def _statut(dossier: Dossier, action: Action, annee: int) -> str:
    entry = dossier.entry(EtatAction, action.id, annee)
    return entry.statut if entry else ""


def indicator_lines(dossier: Dossier, attendus: Iterable[Attendu], annee: int) -> tuple[LigneIndicateur, ...]:
    """What is asked and what was answered."""
    return tuple(
        LigneIndicateur(
            item,
            dossier.version(Realisation, item.objet, item.indicateur.id, annee),
            dossier.entry(Realisation, item.objet, item.indicateur.id, annee - 1),
        )
        for item in attendus
    )


def action_sheet(dossier: Dossier, action_id: str, annee: int) -> FicheAction:
    """Everything about one action in one year; OzoirError with the nearest id when it does not exist."""
    cadre, contrat = dossier.cadre, dossier.cadre.contrat
    action = contrat.action(action_id)
    objectif = contrat.objectif(action.objectif)
    return FicheAction(
        annee=annee,
        action=action,
        objectif=objectif,
        orientation=next(item for item in contrat.orientations if item.id == objectif.orientation),
        pilier=contrat.pilier(objectif.pilier),
        etat=dossier.version(EtatAction, action_id, annee),
        commentaires={
            kind: version
            for kind in TYPES_COMMENTAIRE
            if (version := dossier.version(Commentaire, action_id, annee, kind)) and may_read_comment(kind)
        },
        indicateurs=indicator_lines(dossier, cadre.attendus_of(action), annee),
        credits=tuple(dossier.entries(Credit, objet=action_id, annee=annee)),
        decisions=tuple(dossier.entries(Decision, objet=action_id)),
        propositions=tuple(dossier.entries(Proposition, objet=action_id)),
        notes=contrat.notes_of(action_id),
    )


def measure_progress(dossier: Dossier, actions: Iterable[Action], annee: int) -> Avancement:
    """Statuses and mean progress of these actions in a year."""
    actions = list(actions)
    entries = [entry for action in actions if (entry := dossier.entry(EtatAction, action.id, annee)) and entry.statut]
    counts = Counter(entry.statut for entry in entries)
    return Avancement(
        actions=len(actions),
        renseignees=len(entries),
        par_statut={statut: counts[statut] for statut in STATUTS_ACTION},
        avancements=tuple(e.avancement for e in entries if e.avancement is not None and e.statut != "abandonnee"),
    )


def action_history(store: Store, action_id: str) -> list[Version]:
    """Every version of everything entered about an action, the latest first."""
    versions = [
        *read_history(store, EtatAction, action=action_id),
        *(version for version in read_history(store, Commentaire, action=action_id) if may_read_comment(version.saisie.type)),
        *read_history(store, Realisation, objet=action_id),
        *read_history(store, Credit, objet=action_id),
    ]
    return sorted(versions, key=lambda version: (version.saisi_le, version.id), reverse=True)
