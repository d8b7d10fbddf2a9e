"""The terms of a comparison: one fact, or the French reason why it has no value."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ozoir.indicators.results import (
    CONNU,
    MANQUANT,
    MASQUE,
    NON_DIFFUSE,
    PROVISOIRE,
    SANS_OBJET,
    Figure,
    Provenance,
)

# Which refusal wins when several terms are missing: a masked term must never look merely absent.
RANKS = (MASQUE, NON_DIFFUSE, MANQUANT, SANS_OBJET)

RAISONS = {
    MASQUE: "Secret statistique\u00a0: cet effectif est trop faible pour être diffusé, ou permettrait d’en retrouver un.",
    NON_DIFFUSE: "Non diffusé par le producteur\u00a0: la valeur n’est pas reconstituée par différence.",
    MANQUANT: "Donnée non disponible pour ce territoire à cette date.",
    SANS_OBJET: "Sans objet pour ce territoire à cette date.",
}


@dataclass(frozen=True)
class Term:
    """One fact as a term of a formula; `valeur` is None for every status but known and provisional."""

    valeur: float | None
    statut: str = CONNU
    raison: str = ""
    source: str = ""
    zonage: str = ""
    date_reference: date | None = None
    provenances: tuple[Provenance, ...] = ()

    @property
    def is_known(self) -> bool:
        return self.valeur is not None

    @property
    def is_provisional(self) -> bool:
        return self.statut == PROVISOIRE


ABSENT = Term(None, MANQUANT, RAISONS[MANQUANT])


def merge_provenances(*terms: Term) -> tuple[Provenance, ...]:
    """The cells behind several terms, each once."""
    return tuple(dict.fromkeys(cell for term in terms for cell in term.provenances))


def merge_statut(*terms: Term) -> str:
    """Provisional as soon as one term is."""
    return PROVISOIRE if any(term.is_provisional for term in terms) else CONNU


def refuse(*terms: Term) -> Figure | None:
    """The figure that says why, when a term has no value; None when all have one."""
    missing = [term for term in terms if term.valeur is None]
    if not missing:
        return None
    worst = min(missing, key=lambda term: RANKS.index(term.statut) if term.statut in RANKS else len(RANKS))
    return Figure(None, worst.statut, worst.raison)
