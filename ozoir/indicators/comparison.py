"""The quartier, the rest of its commune, the whole commune: figures compared, or the reason why they are not.

Only counts are subtracted. A published rate, a median or an index stands beside the « commune entière ».
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from ozoir.indicators.formulas import (
    SMALLEST_RATE_OF_A_RATIO,
    catch_up,
    combine_margins,
    gap,
    over_representation,
    rate,
    rate_margin,
    ratio,
    share,
)
from ozoir.indicators.results import MANQUANT, MASQUE, NON_CALCULE, Figure
from ozoir.indicators.terms import RAISONS, Term, merge_provenances, merge_statut, refuse
from ozoir.numbers import format_date, format_number

RESTE, COMMUNE, AUCUN = "reste", "commune", ""
SMALL_BASE_OF_A_RATE = 100  # persons: under it a rate is written without decimal

NOT_ADDITIVE = "Ne se calcule pas par différence\u00a0: le quartier est comparé à la commune entière."
NO_COMMUNE = "La valeur de la commune n’est pas disponible dans cette source à cette date."
NO_NEIGHBOUR = "La valeur d’un autre quartier de la commune n’est pas disponible dans cette source à cette date."
NO_DENOMINATOR = "Sans objet\u00a0: l’indicateur est un effectif, il n’a pas de dénominateur."
COUNTS_HAVE_NO_GAP = "Sans objet\u00a0: deux effectifs ne se comparent pas par leur écart, mais par la part du quartier."
DENOMINATOR_IS_ZERO = "Le dénominateur est nul."
COMMUNE_IS_ZERO = "La valeur de la commune est nulle."
NOBODY = "Sans objet\u00a0: la valeur est nulle dans toute la commune."
_LEAST = format_number(SMALLEST_RATE_OF_A_RATIO)
TINY_COMPARATOR = f"Le taux de comparaison est inférieur à {_LEAST}\u202f%\u00a0: le rapport n’aurait pas de sens."


@dataclass(frozen=True)
class Pair:
    """The same thing counted in the quartier and in its commune; `is_rest_masked` when the difference is confidential.

    voisins: in the other quartiers of the contract in that commune; None when there are none.
    """

    qpv: Term
    commune: Term
    is_additive: bool = True
    is_rest_masked: bool = False
    voisins: Term | None = None

    @property
    def left_out(self) -> tuple[Term, ...]:
        """What the rest of the commune does not hold."""
        return (self.qpv,) if self.voisins is None else (self.qpv, self.voisins)


@dataclass(frozen=True)
class Comparison:
    """The figures of one date, named as in `Point`."""

    qpv: Figure
    reste: Figure
    commune: Figure
    ecart: Figure
    rapport: Figure
    part: Figure
    sur_representation: Figure
    a_rattraper: Figure
    comparateur: str


def not_computed(raison: str) -> Figure:
    return Figure(None, NON_CALCULE, raison)


def rest_of_commune(pair: Pair) -> Term:
    """N_commune − N_QPV (each of the QPV of the commune) when METHOD §1 allows it, else a term that says why not."""
    qpv, commune = pair.qpv, pair.commune
    terms = (*pair.left_out, commune)
    if pair.is_rest_masked or MASQUE in {term.statut for term in terms}:
        return Term(None, MASQUE, RAISONS[MASQUE])
    refusal = refuse(*terms)
    if refusal:
        raison = NO_COMMUNE if qpv.is_known and commune.statut == MANQUANT else refusal.raison
        raison = NO_NEIGHBOUR if qpv.is_known and commune.is_known and pair.is_additive else raison
        return Term(None, refusal.statut, raison)
    raison = _why_not_subtracted(pair)
    if raison:
        return Term(None, NON_CALCULE, raison)
    return replace(
        commune,
        valeur=commune.valeur - sum(term.valeur for term in pair.left_out),
        statut=merge_statut(*terms),
        zonage=qpv.zonage,
        provenances=merge_provenances(*terms),
    )


def _why_not_subtracted(pair: Pair) -> str:
    qpv, commune = pair.qpv, pair.commune
    if not pair.is_additive:
        return NOT_ADDITIVE
    if qpv.source != commune.source:
        return "Le quartier et la commune ne viennent pas de la même source."
    if qpv.date_reference != commune.date_reference:
        days = [format_date(term.date_reference) for term in (qpv, commune)]
        return f"Le quartier ({days[0]}) et la commune ({days[1]}) n’ont pas la même date."
    if pair.voisins is not None and pair.voisins.zonage != qpv.zonage:
        return "Les quartiers de la commune ne sont pas connus dans le même zonage."
    if qpv.valeur < 0 or sum(term.valeur for term in pair.left_out) > commune.valeur:
        values = [format_number(term.valeur) for term in (qpv, commune)]
        return f"La valeur du quartier ({values[0]}) n’est pas comprise dans celle de la commune ({values[1]})."
    return ""


def compare_counts(pair: Pair, unite: str, decimals: int = 0) -> Comparison:
    """An « effectif »: the three counts and the quartier's share."""
    rest = rest_of_commune(pair)
    share_figure = refuse(rest) or _share(pair)
    return Comparison(
        qpv=_count(pair.qpv, unite, decimals),
        reste=_count(rest, unite, decimals),
        commune=_count(pair.commune, unite, decimals),
        ecart=not_computed(COUNTS_HAVE_NO_GAP),
        rapport=not_computed(COUNTS_HAVE_NO_GAP),
        part=share_figure,
        sur_representation=not_computed(NO_DENOMINATOR),
        a_rattraper=not_computed(NO_DENOMINATOR),
        comparateur=RESTE if rest.is_known else AUCUN,
    )


def compare_values(pair: Pair, unite: str, decimals: int) -> Comparison:
    """A published rate, median or index: beside the whole commune, never subtracted into a rest."""
    qpv, commune = _count(pair.qpv, unite, decimals), _count(pair.commune, unite, decimals)
    rest = refuse(pair.qpv, pair.commune) or not_computed(NOT_ADDITIVE)
    return Comparison(
        qpv=qpv,
        reste=rest,
        commune=commune,
        ecart=_gap(qpv, commune, "points" if unite == "%" else unite),
        rapport=_ratio(qpv, commune, is_rate=unite == "%"),
        part=not_computed(NOT_ADDITIVE),
        sur_representation=not_computed(NOT_ADDITIVE),
        a_rattraper=not_computed(NOT_ADDITIVE),
        comparateur=COMMUNE if qpv.is_shown and commune.is_shown else AUCUN,
    )


def compare_rates(numerator: Pair, denominator: Pair, unite: str, decimals: int = 1) -> Comparison:
    """100·N/D with both parts known; `unite` is that of N, for « à rattraper »."""
    qpv = rate_figure(numerator.qpv, denominator.qpv, decimals)
    commune = rate_figure(numerator.commune, denominator.commune, decimals)
    n_rest, d_rest = rest_of_commune(numerator), rest_of_commune(denominator)
    rest = rate_figure(n_rest, d_rest, decimals)
    if _is_nought_everywhere(numerator, denominator) and MASQUE in (qpv.statut, rest.statut):
        qpv = rest = replace(commune, numerateur=None, denominateur=None)
        return _compare_noughts(qpv, rest, commune)
    if rest.is_shown:
        return Comparison(
            qpv=qpv,
            reste=rest,
            commune=commune,
            ecart=_gap(qpv, rest, "points"),
            rapport=_ratio(qpv, rest),
            part=_share(numerator),
            sur_representation=_over_representation(numerator, denominator),
            a_rattraper=_catch_up(numerator, denominator, rest, unite),
            comparateur=RESTE,
        )
    is_whole_comparable = NOT_ADDITIVE in (n_rest.raison, d_rest.raison) and qpv.is_shown and commune.is_shown
    return Comparison(
        qpv=qpv,
        reste=rest,
        commune=commune,
        ecart=_gap(qpv, commune, "points") if is_whole_comparable else _without_value(rest),
        rapport=_ratio(qpv, commune) if is_whole_comparable else _without_value(rest),
        part=refuse(n_rest) or _share(numerator),
        sur_representation=_without_value(rest),
        a_rattraper=_without_value(rest),
        comparateur=COMMUNE if is_whole_comparable else AUCUN,
    )


def _is_nought_everywhere(numerator: Pair, denominator: Pair) -> bool:
    """Nobody in the whole commune, shown as such: a rate of 0 in the quartier too, whatever its denominator.

    Said without looking at what is masked, so that it says nothing of it, not even that it is not 0.
    """
    parts = numerator.qpv, numerator.commune
    is_nought = not numerator.is_rest_masked and all(term.valeur == 0 for term in parts)
    return is_nought and not _why_not_subtracted(numerator) and denominator.is_additive and bool(denominator.commune.valeur)


def _compare_noughts(qpv: Figure, rest: Figure, commune: Figure) -> Comparison:
    """The same rate of 0 on both sides: no gap, and nothing to divide by."""
    return Comparison(
        qpv=qpv,
        reste=rest,
        commune=commune,
        ecart=replace(qpv, valeur=0.0, unite="points", provenances=()),
        rapport=not_computed(TINY_COMPARATOR),
        part=not_computed(COMMUNE_IS_ZERO),
        sur_representation=not_computed(COMMUNE_IS_ZERO),
        a_rattraper=not_computed(NOBODY),
        comparateur=RESTE,
    )


def rate_figure(numerator: Term, denominator: Term, decimals: int) -> Figure:
    """100·N/D with its margin, when both are known and D > 0."""
    refusal = refuse(numerator, denominator)
    if refusal:
        return refusal
    n, d = numerator.valeur, denominator.valeur
    if d <= 0:
        return not_computed(DENOMINATOR_IS_ZERO)
    return Figure(
        valeur=rate(n, d),
        statut=merge_statut(numerator, denominator),
        unite="%",
        decimales=decimals if d >= SMALL_BASE_OF_A_RATE else 0,
        numerateur=n,
        denominateur=d,
        marge=rate_margin(n, d),
        provenances=merge_provenances(numerator, denominator),
    )


def _count(term: Term, unite: str, decimals: int) -> Figure:
    if not term.is_known:
        return Figure(None, term.statut, term.raison)
    return Figure(term.valeur, term.statut, unite=unite, decimales=decimals, provenances=term.provenances)


def _without_value(figure: Figure) -> Figure:
    return Figure(None, figure.statut, figure.raison)


def _gap(qpv: Figure, comparator: Figure, unite: str) -> Figure:
    for figure in (qpv, comparator):
        if not figure.is_shown:
            return _without_value(figure)
    return Figure(
        valeur=gap(qpv.valeur, comparator.valeur),
        statut=qpv.statut if qpv.signe else comparator.statut,
        unite=unite,
        decimales=min(qpv.decimales, comparator.decimales),
        marge=combine_margins(qpv.marge, comparator.marge),
    )


def _ratio(qpv: Figure, comparator: Figure, is_rate: bool = True) -> Figure:
    for figure in (qpv, comparator):
        if not figure.is_shown:
            return _without_value(figure)
    if is_rate:
        value = ratio(qpv.valeur, comparator.valeur)
    else:
        value = qpv.valeur / comparator.valeur if comparator.valeur > 0 else None
    if value is None:
        return not_computed(TINY_COMPARATOR if is_rate else DENOMINATOR_IS_ZERO)
    return Figure(value, qpv.statut if qpv.signe else comparator.statut, unite="fois", decimales=2)


def _share(pair: Pair) -> Figure:
    value = share(pair.qpv.valeur, pair.commune.valeur)
    if value is None:
        return not_computed(COMMUNE_IS_ZERO)
    return Figure(
        valeur=value,
        statut=merge_statut(pair.qpv, pair.commune),
        unite="%",
        decimales=1,
        numerateur=pair.qpv.valeur,
        denominateur=pair.commune.valeur,
    )


def _over_representation(numerator: Pair, denominator: Pair) -> Figure:
    terms = (numerator.qpv, numerator.commune, denominator.qpv, denominator.commune)
    value = over_representation(*(term.valeur for term in terms))
    if value is None:
        return not_computed(COMMUNE_IS_ZERO)
    return Figure(value, merge_statut(*terms), unite="fois", decimales=2)


def _catch_up(numerator: Pair, denominator: Pair, rest: Figure, unite: str) -> Figure:
    value = catch_up(numerator.qpv.valeur, denominator.qpv.valeur, rest.valeur)
    statut = merge_statut(numerator.qpv, numerator.commune, denominator.qpv, denominator.commune)
    return Figure(value, statut, unite=unite, decimales=0)
