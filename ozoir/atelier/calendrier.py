"""What each partner owes: which file, when, last received, late or not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from ozoir.catalogue.loading import Catalogue
from ozoir.catalogue.model import Source
from ozoir.catalogue.suivi import Regles
from ozoir.store.imports import Import

RECU, EN_RETARD, ATTENDU, JAMAIS = "recu", "en_retard", "attendu", "jamais"
ETATS = {RECU: "À jour", ATTENDU: "Attendu", EN_RETARD: "En retard", JAMAIS: "Jamais reçu"}
# Months between two deliveries, and days a partner takes after the date its figures speak of.
_RHYTHMS = {"annuelle": (12, 120), "trimestrielle": (3, 60)}
_PUBLIC_DAYS = 730  # Insee, Cnaf and SDES publish one to two years after the date


@dataclass(frozen=True)
class Echeance:
    """One layout of one partner. derniere_date: the date its latest figures speak of; attendu_le: when the next are due."""

    partenaire: str
    source: Source
    dernier: Import | None
    derniere_date: date | None
    attendu_le: date | None
    etat: str
    precedent: Import | None = None


def list_deadlines(catalogue: Catalogue, regles: Regles, imports: Sequence[Import], today: date) -> list[Echeance]:
    """Local extracts first, late ones first; layouts without a partner or a rhythm are left out."""
    found = [
        _deadline(source, regles.partenaires.get(source.partenaire, source.producteur), imports, today)
        for source in catalogue.sources.values()
        if source.partenaire and source.frequence in _RHYTHMS
    ]
    order = {EN_RETARD: 0, JAMAIS: 1, ATTENDU: 2, RECU: 3}
    return sorted(
        found, key=lambda item: (not item.source.locale, order[item.etat], item.partenaire.casefold(), item.source.titre)
    )


def _deadline(source: Source, partner: str, imports: Sequence[Import], today: date) -> Echeance:
    names = {bloc.source for tableau in source.tableaux for bloc in tableau.blocs}
    received = [item for item in imports if item.statut == "charge" and item.layout == source.id]
    fed = [item for item in imports if item.statut == "charge" and (item.layout == source.id or names & item.dates.keys())]
    days = [
        date.fromisoformat(day)
        for item in fed
        for bloc, written in item.dates.items()
        if item.layout == source.id or bloc in names
        for day in written
    ]
    if not days:
        return Echeance(partner, source, None, None, None, JAMAIS)
    latest = max(days)
    months, delay = _RHYTHMS[source.frequence]
    due = add_months(latest, months) + timedelta(days=delay if source.locale else _PUBLIC_DAYS)
    etat = EN_RETARD if today > due else ATTENDU if today > add_months(latest, months) else RECU
    ordered = sorted(received, key=lambda item: item.id, reverse=True)
    newest = ordered[0] if ordered else max(fed, key=lambda item: item.id)
    return Echeance(partner, source, newest, latest, due, etat, ordered[1] if len(ordered) > 1 else None)


def add_months(day: date, months: int) -> date:
    """The same day, months later; the last of the month stays the last."""
    rank = day.year * 12 + day.month - 1 + months
    first = date(rank // 12, rank % 12 + 1, 1)
    last = (date(first.year + first.month // 12, first.month % 12 + 1, 1) - timedelta(days=1)).day
    is_last = (day + timedelta(days=1)).month != day.month
    return first.replace(day=last if is_last else min(day.day, last))
