"""Credits: exact sums by funder, pillar, theme, year or side of the contract, and execution rates.

An amount nobody knows (None) is never taken for zero: a sum says how many of its lines it lacks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal

from ozoir.catalogue.saisies import NATURES_CREDIT, Credit
from ozoir.catalogue.suivi import Cadre

ETAPES = {"prevu": "Prévu", "engage": "Engagé", "paye": "Payé"}


@dataclass(frozen=True)
class Somme:
    """The exact sum of the known amounts of some lines; inconnus: lines whose amount is not known."""

    montant: Decimal | None
    inconnus: int

    @property
    def is_complete(self) -> bool:
        return self.inconnus == 0


@dataclass(frozen=True)
class Montants:
    """Sums of a set of lines, and what was executed of what was planned.

    execution: 100·engaged/planned over the lines where both are known; paiement: 100·paid/engaged likewise.
    """

    lignes: int
    prevu: Somme
    engage: Somme
    paye: Somme
    execution: float | None
    paiement: float | None


@dataclass(frozen=True)
class Dimension:
    """One way of sorting credits: its modalities in display order (id → title), and where a line falls."""

    titre: str
    modalites: dict[str, str]
    place: Callable[[Credit], str]


NON_PRECISE = "non_precise"


def dimensions(cadre: Cadre) -> dict[str, Dimension]:
    """The ways credits are sorted, by id."""
    financements = cadre.financements
    return {
        "financeur": Dimension(
            "Financeur",
            {id: financeur.titre for id, financeur in financements.financeurs.items()},
            lambda credit: credit.financeur,
        ),
        "groupe": Dimension(
            "Côté du contrat", dict(financements.groupes), lambda credit: financements.financeurs[credit.financeur].groupe
        ),
        "pilier": Dimension(
            "Pilier",
            {pilier.id: pilier.titre_court for pilier in cadre.contrat.piliers},
            lambda credit: cadre.pilier_of(credit.objet).id,
        ),
        "theme": Dimension(
            "Thème",
            {id: f"{id} {titre}" for id, titre in financements.themes.items()} | {NON_PRECISE: "Non précisé"},
            lambda credit: credit.theme or cadre.theme_of(credit.objet) or NON_PRECISE,
        ),
        "nature": Dimension("Nature", NATURES_CREDIT, lambda credit: credit.nature),
        "annee": Dimension("Année", {str(annee): str(annee) for annee in cadre.annees}, lambda credit: str(credit.annee)),
        "objet": Dimension("Action, objectif ou pilier", cadre.titres, lambda credit: credit.objet),
    }


def sum_amounts(credits: Iterable[Credit]) -> Montants:
    """The three sums and the two rates of these lines."""
    credits = [credit for credit in credits if not is_empty(credit)]
    return Montants(
        len(credits),
        *(_sum(getattr(credit, etape) for credit in credits) for etape in ETAPES),
        execution=_rate(credits, "engage", "prevu"),
        paiement=_rate(credits, "paye", "engage"),
    )


def is_empty(credit: Credit) -> bool:
    """A line whose amounts were all taken back."""
    return credit.prevu is None and credit.engage is None and credit.paye is None


def _sum(amounts: Iterable[Decimal | None]) -> Somme:
    amounts = list(amounts)
    known = [amount for amount in amounts if amount is not None]
    return Somme(sum(known, Decimal(0)) if known else None, len(amounts) - len(known))


def _rate(credits: list[Credit], numerator: str, denominator: str) -> float | None:
    pairs = [(getattr(credit, numerator), getattr(credit, denominator)) for credit in credits]
    pairs = [(top, bottom) for top, bottom in pairs if top is not None and bottom is not None]
    bottom = sum((pair[1] for pair in pairs), Decimal(0))
    return float(100 * sum((pair[0] for pair in pairs), Decimal(0)) / bottom) if bottom else None


def break_down(credits: Iterable[Credit], dimension: Dimension) -> dict[str, Montants]:
    """Modality → its sums, those without any line left out."""
    groups: dict[str, list[Credit]] = {modality: [] for modality in dimension.modalites}
    for credit in credits:
        groups[dimension.place(credit)].append(credit)
    sums = {modality: sum_amounts(lines) for modality, lines in groups.items()}
    return {modality: montants for modality, montants in sums.items() if montants.lignes}


def cross(credits: Iterable[Credit], rows: Dimension, columns: Dimension) -> dict[str, dict[str, Montants]]:
    """Row modality → column modality → sums."""
    groups: dict[str, list[Credit]] = {modality: [] for modality in rows.modalites}
    for credit in credits:
        groups[rows.place(credit)].append(credit)
    return {modality: sums for modality, lines in groups.items() if (sums := break_down(lines, columns))}
