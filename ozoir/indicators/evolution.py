"""What moved since T0, and whether it is more than noise."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from ozoir.catalogue.loading import Catalogue
from ozoir.catalogue.model import Indicateur
from ozoir.indicators.formulas import combine_margins, count_change_margin, exceeds_margin
from ozoir.indicators.periods import ROLLING
from ozoir.indicators.results import NON_CALCULE, PROVISOIRE, Evolution, Figure, Point

FAVORABLE, DEFAVORABLE, STABLE = "favorable", "defavorable", "stable"
ONE_DATE = "Une seule date comparable\u00a0: pas encore d’évolution."
NO_MARGIN = "La significativité ne se calcule pas\u00a0: le producteur publie un résultat, sans les effectifs dont il vient."


def compute_evolution(
    points: Sequence[Point], indicateur: Indicateur, t0: date | None, years_apart: int = 1
) -> Evolution | None:
    """From T0 (or the first date) to the latest, inside one segment; None when the quartier is shown at no two such dates.

    Two dates fewer than `years_apart` years apart do not make an evolution, except that quarters of a year do for 1.
    """
    ends = comparable_ends(points, t0, years_apart)
    if ends is None:
        return None
    first, last = ends
    qpv = change(first.qpv, last.qpv, is_count=indicateur.nature == "effectif")
    ecart = change(first.ecart, last.ecart, is_count=False)
    if first.comparateur != last.comparateur:
        ecart = Figure(None, NON_CALCULE, "L’écart n’est pas mesuré avec le même comparateur aux deux dates.")
    judged = ecart if ecart.is_shown else qpv
    is_significant = exceeds_margin(judged.valeur, judged.marge)
    return Evolution(
        debut=first.date_reference,
        fin=last.date_reference,
        qpv=qpv,
        ecart=ecart,
        is_significant=is_significant,
        sens=direction(judged.valeur, indicateur.sens) if is_significant else STABLE,
        raison="" if judged.marge is not None else NO_MARGIN,
    )


def latest_evolution(points: Sequence[Point], indicateur: Indicateur, catalogue: Catalogue) -> Evolution | None:
    """In the latest segment that has one, from the T0 of that segment's own source."""
    for segment in sorted({point.segment for point in points}, reverse=True):
        within = [point for point in points if point.segment == segment]
        source = within[-1].source
        t0, apart = catalogue.territoire.t0.get(source), catalogue.statistiques[source].annees_entre_evolutions
        evolution = compute_evolution(within, indicateur, t0, apart)
        if evolution is not None:
            return evolution
    return None


def comparable_ends(points: Sequence[Point], t0: date | None, years_apart: int = 1) -> tuple[Point, Point] | None:
    """First and last shown points of the latest segment that has two, from T0 on."""
    for segment in sorted({point.segment for point in points}, reverse=True):
        shown = [point for point in points if point.segment == segment and point.qpv.is_shown]
        since = [point for point in shown if t0 is None or point.date_reference >= t0]
        if len(since) >= 2 and are_far_enough(since[0], since[-1], years_apart):
            return since[0], since[-1]
    return None


def are_far_enough(before: Point, after: Point, years_apart: int) -> bool:
    """Twelve months rolling less than a year apart share months: their difference is not a change."""
    if before.periode.startswith(ROLLING) and (after.date_reference - before.date_reference).days < 365:
        return False
    return years_apart <= 1 or after.date_reference.year - before.date_reference.year >= years_apart


def change(before: Figure, after: Figure, is_count: bool) -> Figure:
    """after − before with its margin, in points for rates, in the unit for the rest."""
    for figure in (after, before):
        if not figure.is_shown:
            return Figure(None, figure.statut, figure.raison)
    margin = count_change_margin(before.valeur, after.valeur) if is_count else combine_margins(before.marge, after.marge)
    return Figure(
        valeur=after.valeur - before.valeur,
        statut=PROVISOIRE if PROVISOIRE in (before.statut, after.statut) else after.statut,
        unite="points" if after.unite == "%" else after.unite,
        decimales=min(before.decimales, after.decimales),
        marge=margin,
    )


def direction(value: float, wanted: str) -> str:
    """Whether a change goes where the contract wants."""
    if wanted not in ("hausse", "baisse") or value == 0:
        return STABLE
    return FAVORABLE if (value > 0) == (wanted == "hausse") else DEFAVORABLE
