"""Credits as tables: exact amounts, partial sums said as such, execution rates."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from ozoir.catalogue.saisies import NATURES_CREDIT, Credit
from ozoir.catalogue.suivi import Cadre
from ozoir.exports.contents import Cellule, Tableau
from ozoir.exports.result_tables import figure_cell
from ozoir.indicators.results import Figure
from ozoir.numbers import format_amount
from ozoir.suivi.bilan import Credits
from ozoir.suivi.credits import Montants, Somme

_UNKNOWN = Cellule("…")


def amount_cell(amount: Decimal | None) -> Cellule:
    return _UNKNOWN if amount is None else Cellule(format_amount(amount), float(amount), 2, "€")


def _sum_cell(somme: Somme) -> Cellule:
    """A partial sum is followed by +: some of its lines have no known amount."""
    cell = amount_cell(somme.montant)
    return (
        cell
        if somme.is_complete or somme.montant is None
        else Cellule(f"{cell.texte}\u00a0+", cell.valeur, cell.decimales, cell.unite)
    )


def _rate_cell(rate: float | None) -> Cellule:
    return Cellule("///") if rate is None else figure_cell(Figure(rate, unite="%", decimales=1))


def amounts_table(
    title: str, first: str, groups: dict[str, Montants], titles: dict[str, str], total: Montants | None = None
) -> Tableau:
    """Planned, committed, paid and the two rates, one line per modality."""
    rows = [(titles.get(id, id), montants) for id, montants in groups.items()]
    if total is not None and rows:
        rows.append(("Total", total))
    lines = tuple(
        (
            Cellule(name),
            _sum_cell(m.prevu),
            _sum_cell(m.engage),
            _sum_cell(m.paye),
            _rate_cell(m.execution),
            _rate_cell(m.paiement),
        )
        for name, m in rows
    )
    is_partial = any(not part.is_complete for _, m in rows for part in (m.prevu, m.engage, m.paye))
    return Tableau(
        title,
        (first, "Prévu", "Engagé", "Payé", "Engagé / prévu", "Payé / engagé"),
        lines,
        (2.6, 1.3, 1.3, 1.3, 1, 1),
        (1, 2, 3, 4, 5),
        notes=(
            "+\u00a0: au moins une ligne sans montant connu\u202f; la somme est un minimum. "
            "Les taux portent sur les lignes dont les deux montants sont connus.",
        )
        if is_partial
        else (),
        vide="Aucun crédit n’est saisi pour cette année.",
    )


def credit_tables(credits: Credits, cadre: Cadre, annee: int) -> tuple[Tableau, ...]:
    """By side of the contract, funder, funder × pillar (committed), pillar, theme."""
    financements = cadre.financements
    funders = {id: item.titre for id, item in financements.financeurs.items()}
    pillars = {item.id: item.titre_court for item in cadre.contrat.piliers}
    themes = {id: f"{id} {titre}" for id, titre in financements.themes.items()} | {"non_precise": "Non précisé"}
    return (
        amounts_table(
            f"Crédits {annee}, par côté du contrat",
            "Côté du contrat",
            credits.groupes,
            dict(financements.groupes),
            credits.total,
        ),
        amounts_table(f"Crédits {annee}, par financeur", "Financeur", credits.financeurs, funders, credits.total),
        _cross_table(f"Crédits engagés {annee}, par financeur et pilier", credits, funders, pillars),
        amounts_table(f"Crédits {annee}, par pilier", "Pilier", credits.piliers, pillars, credits.total),
        amounts_table(f"Crédits {annee}, par thème", "Thème", credits.themes, themes),
    )


def _cross_table(title: str, credits: Credits, funders: dict[str, str], pillars: dict[str, str]) -> Tableau:
    lines = tuple(
        (
            Cellule(funders[funder]),
            *(_sum_cell(by_pillar[pillar].engage) if pillar in by_pillar else Cellule("") for pillar in pillars),
        )
        for funder, by_pillar in credits.financeurs_piliers.items()
        if by_pillar
    )
    columns = ("Financeur", *pillars.values())
    return Tableau(
        title,
        columns,
        lines,
        (1.8, *[1.3] * len(pillars)),
        tuple(range(1, len(columns))),
        vide="Aucun crédit n’est saisi pour cette année.",
    )


def action_credits(credits: Sequence[Credit], cadre: Cadre) -> Tableau:
    """The lines of one action."""
    lines = tuple(
        (
            Cellule(cadre.financements.financeurs[item.financeur].titre + (f" – {item.ligne}" if item.ligne else "")),
            Cellule(NATURES_CREDIT.get(item.nature, item.nature)),
            amount_cell(item.prevu),
            amount_cell(item.engage),
            amount_cell(item.paye),
        )
        for item in credits
    )
    return Tableau(
        "Crédits",
        ("Financeur", "Nature", "Prévu", "Engagé", "Payé"),
        lines,
        (2.4, 1.6, 1.2, 1.2, 1.2),
        (2, 3, 4),
        vide="Aucun crédit saisi pour cette action.",
    )
