"""What moved since T0, and whether it is more than noise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ozoir.catalogue.loading import Catalogue
from ozoir.catalogue.model import Indicateur
from ozoir.indicators.formulas import combine_margins, count_change_margin, exceeds_margin
from ozoir.indicators.periods import ROLLING
from ozoir.indicators.results import NON_CALCULE, PROVISOIRE, Evolution, Figure, Point

FAVORABLE, DEFAVORABLE, STABLE = "favorable", "defavorable", "stable"
ONE_DATE = "Une seule date comparable\u00a0: pas encore d’évolution."
NO_MARGIN = "La significativité ne se calcule pas\u00a0: le producteur publie un résultat, sans les effectifs dont il vient."


@dataclass(frozen=True)
class Segment:
    """Points that no break parts, with the T0 of their own source, and how many years make an evolution there."""

    points: tuple[Point, ...]
    t0: date | None
    years_apart: int

    @property
    def since_t0(self) -> list[Point]:
        return [point for point in self.points if self.t0 is None or point.date_reference >= self.t0]

    def ends(self, usable: Sequence[Point]) -> tuple[Point, Point] | None:
        """First and last of these, when they are two, far enough apart."""
        if len(usable) >= 2 and are_far_enough(usable[0], usable[-1], self.years_apart):
            return usable[0], usable[-1]
        return None


def cut_segments(points: Sequence[Point], catalogue: Catalogue) -> list[Segment]:
    """The latest first."""
    found = []
    for number in sorted({point.segment for point in points}, reverse=True):
        within = tuple(point for point in points if point.segment == number)
        source = within[-1].source
        t0, apart = catalogue.territoire.t0.get(source), catalogue.statistiques[source].annees_entre_evolutions
        found.append(Segment(within, t0, apart))
    return found


def latest_evolution(points: Sequence[Point], indicateur: Indicateur, catalogue: Catalogue) -> Evolution | None:
    """In the latest segment where the quartier is shown at two dates that make one."""
    for segment in cut_segments(points, catalogue):
        ends = segment.ends([point for point in segment.since_t0 if point.qpv.is_shown])
        if ends:
            return compute_evolution(*ends, indicateur)
    return None


def compute_evolution(first: Point, last: Point, indicateur: Indicateur) -> Evolution:
    """From one date to another: of the quartier's figure, and of the gap."""
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
