"""The contract's memory: meetings and their decisions, proposals, needs, opinions, events; and what became of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ozoir.catalogue.saisies import CLOS, Avis, Besoin, Decision, Evenement, Proposition, Reunion, Version
from ozoir.suivi.dossier import Dossier

Suivie = Decision | Proposition | Besoin
KINDS_SUIVIS: tuple[type[Suivie], ...] = (Decision, Proposition, Besoin)


@dataclass(frozen=True)
class ReunionTenue:
    """A meeting and the decisions taken there."""

    version: Version
    decisions: tuple[Version, ...]


@dataclass(frozen=True)
class Reports:
    """What earlier years left: still open, or closed during the year (with what became of it)."""

    ouverts: tuple[Version, ...]
    clos: tuple[Version, ...]


def list_meetings(dossier: Dossier, annee: int | None = None) -> list[ReunionTenue]:
    """Meetings of a year (or all), the latest first."""
    meetings = [item for item in dossier.select(Reunion) if annee in (None, item.saisie.jour.year)]
    meetings.sort(key=lambda item: (item.saisie.jour, item.id), reverse=True)
    return [ReunionTenue(item, tuple(dossier.select(Decision, reunion=item.saisie.reference))) for item in meetings]


def is_closed(entry: Suivie) -> bool:
    return entry.statut in CLOS


def is_late(entry: Suivie, today: date) -> bool:
    """An open item whose due date has passed."""
    due = getattr(entry, "echeance", None)
    return not is_closed(entry) and due is not None and due < today


def carried_over(dossier: Dossier, kind: type[Suivie], annee: int) -> Reports:
    """Items of earlier years that this year inherits; those closed before it are history."""
    earlier = [version for version in dossier.select(kind) if version.saisie.annee < annee]
    still_open = tuple(v for v in earlier if not is_closed(v.saisie) or (v.saisie.clos_le and v.saisie.clos_le.year > annee))
    closed = tuple(v for v in earlier if is_closed(v.saisie) and v.saisie.clos_le and v.saisie.clos_le.year == annee)
    return Reports(still_open, closed)


def late_items(dossier: Dossier, today: date) -> list[Version]:
    """Open decisions and proposals whose due date has passed, the oldest due date first."""
    late = [v for kind in KINDS_SUIVIS for v in dossier.select(kind) if is_late(v.saisie, today)]
    return sorted(late, key=lambda version: version.saisie.echeance)


def next_programme(dossier: Dossier, annee: int) -> list[Version]:
    """What is proposed for the programme of the year after, not set aside."""
    proposed = dossier.select(Proposition, annee=annee, programme=True)
    return [version for version in proposed if version.saisie.statut != "ecartee"]


def opinions(dossier: Dossier, annee: int) -> list[Version]:
    """Opinions asked or received on the report of a year."""
    return dossier.select(Avis, annee=annee)


def evenements(dossier: Dossier, pilier: str = "") -> list[Evenement]:
    """Dated events for the charts of a pillar (those of every pillar included), by date; all of them without a pillar."""
    found = [entry for entry in dossier.entries(Evenement) if not pilier or entry.pilier in ("", pilier)]
    return sorted(found, key=lambda event: event.jour)
