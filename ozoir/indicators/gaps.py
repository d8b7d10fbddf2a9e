"""« L’écart se réduit-il ? »: for each indicator, the gap at T0 and now, its change, and what may be said of it.

A change is judged inside one segment (one source, one zoning, no break) and only against its own margin.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from ozoir.catalogue.loading import Catalogue
from ozoir.catalogue.model import Indicateur
from ozoir.indicators.comparison import COUNTS_HAVE_NO_GAP
from ozoir.indicators.computation import break_between
from ozoir.indicators.evolution import DEFAVORABLE, FAVORABLE, STABLE, Segment, change, cut_segments, direction
from ozoir.indicators.formulas import exceeds_margin
from ozoir.indicators.results import MASQUE, NON_CALCULE, NON_DIFFUSE, Figure, Point, Result
from ozoir.indicators.wording import is_null, lower_first, number, value
from ozoir.numbers import NARROW, NBSP, format_date, format_number, plural

REDUIT, CREUSE, INVERSE = "reduit", "creuse", "inverse"
NON_SIGNIFICATIF, SANS_MARGE, ABSENT = "non_significatif", "sans_marge", "non_calcule"
VERDICTS = {
    REDUIT: "se réduit",
    CREUSE: "se creuse",
    INVERSE: "change de sens",
    NON_SIGNIFICATIF: "stable (n.s.)",
    SANS_MARGE: "non jugé",
    ABSENT: "non calculé",
}
MOVED = (REDUIT, CREUSE, INVERSE)
VOULU = {"hausse": "à la hausse", "baisse": "à la baisse", "neutre": ""}
JUGEMENTS = {FAVORABLE: "favorable", DEFAVORABLE: "défavorable", STABLE: ""}
_BESIDE = {"reste": "le reste de la commune", "commune": "la commune entière"}

NO_MARGIN = "Le producteur publie un résultat sans les effectifs dont il vient\u00a0: on ne sait pas si l’écart a bougé ou non."
ONE_DATE = "L’écart n’est connu qu’à une date."
NO_GAP = "Aucune date à laquelle le quartier et un comparateur sont tous deux connus."
AREA_ONLY = "La commune n’est pas connue\u00a0: le quartier n’est comparé qu’à d’autres quartiers."


@dataclass(frozen=True)
class GapChange:
    """The gap of one indicator between two dates. Without them (`debut`, `fin` None), `raison` says why.

    t0: the date declared for the source; `debut` is the first comparable date from it on. sens: as in `Evolution`.
    """

    indicateur: Indicateur
    t0: date | None
    debut: Point | None
    fin: Point | None
    delta: Figure
    verdict: str
    sens: str
    raison: str = ""

    @property
    def has_moved(self) -> bool:
        return self.verdict in MOVED

    @property
    def is_late(self) -> bool:
        """Whether the first comparable date comes after the T0 declared for the source."""
        return bool(self.debut and self.t0 and self.debut.date_reference > self.t0)


def list_gap_changes(results: Iterable[Result], catalogue: Catalogue) -> list[GapChange]:
    """One per indicator, in the order given."""
    return [compare_gaps(result, catalogue) for result in results]


def compare_gaps(result: Result, catalogue: Catalogue) -> GapChange:
    """From the first comparable date since T0 to the latest of the same segment."""
    indicateur = result.indicateur
    points = result.total.points if result.total else ()
    if indicateur.nature == "effectif" or not points:
        raison = COUNTS_HAVE_NO_GAP if points or indicateur.nature == "effectif" else result.attente
        return _absent(indicateur, None, raison, points)
    segments = cut_segments(points, catalogue)
    segment, ends = next(((item, ends) for item in segments if (ends := gap_ends(item))), (segments[0], None))
    if ends is None:
        return _absent(indicateur, segment.t0, _why_no_ends(indicateur, points, segment), points)
    first, last = ends
    delta = change(first.ecart, last.ecart, is_count=False)
    is_judged = exceeds_margin(delta.valeur, delta.marge)
    return GapChange(
        indicateur=indicateur,
        t0=segment.t0,
        debut=first,
        fin=last,
        delta=delta,
        verdict=_judge(first.ecart, last.ecart, delta),
        sens=direction(delta.valeur, indicateur.sens) if is_judged else STABLE,
        raison=NO_MARGIN if delta.marge is None else "",
    )


def gap_ends(segment: Segment) -> tuple[Point, Point] | None:
    """First and last points with a gap to the same comparator, since T0."""
    shown = [point for point in segment.since_t0 if point.ecart.is_shown]
    return segment.ends([point for point in shown if point.comparateur == shown[-1].comparateur])


def _judge(first: Figure, last: Figure, delta: Figure) -> str:
    if delta.marge is None:
        return SANS_MARGE
    if not exceeds_margin(delta.valeur, delta.marge):
        return NON_SIGNIFICATIF
    if first.valeur * last.valeur < 0 and not is_null(first) and not is_null(last):
        return INVERSE
    return REDUIT if abs(last.valeur) < abs(first.valeur) else CREUSE


def _absent(indicateur: Indicateur, t0: date | None, raison: str, points: Sequence[Point]) -> GapChange:
    """No change: the latest known gap, if any, is kept as `fin`."""
    latest = next((point for point in reversed(points) if point.ecart.is_shown), None)
    return GapChange(indicateur, t0, None, latest, Figure(None, NON_CALCULE, raison), ABSENT, STABLE, raison)


def _why_no_ends(indicateur: Indicateur, points: Sequence[Point], latest: Segment) -> str:
    """Masks and refusals first, then breaks, then too few dates since the T0 of the latest segment."""
    shown = [point for point in points if point.ecart.is_shown]
    if not shown:
        for statut in (MASQUE, NON_DIFFUSE, NON_CALCULE):
            found = [point.ecart.raison for point in points if point.ecart.statut == statut]
            if found:
                return found[-1]
        return AREA_ONLY if any(point.comparateurs for point in points) else NO_GAP
    since = [point for point in shown if latest.t0 is None or point.date_reference >= latest.t0]
    if len({point.segment for point in since}) > 1:
        return _why_broken(indicateur, since)
    hidden = [point for point in points if point.ecart.statut == MASQUE]
    if hidden and len(since) < 2:
        return f"L’écart n’est connu qu’à une date, les autres sont masquées. {hidden[-1].ecart.raison}"
    if len({point.comparateur for point in since}) > 1:
        return "L’écart n’est pas mesuré avec le même comparateur à toutes les dates."
    if len(since) >= 2 and latest.years_apart <= 1:
        return "Les périodes connues se recouvrent\u00a0: douze mois glissants, à moins d’un an d’écart."
    if len(since) >= 2:
        apart = plural(latest.years_apart, "an")
        return f"Les dates connues sont trop proches\u00a0: cette source demande {apart} d’écart au moins."
    return ONE_DATE


def _why_broken(indicateur: Indicateur, points: Sequence[Point]) -> str:
    """The latest break between two dates with a gap."""
    pairs = [(before, after) for before, after in pairwise(points) if before.segment != after.segment]
    reason = break_between(indicateur, *pairs[-1]).removesuffix(".").replace(". (", " (")
    return f"Rupture de série\u00a0: {lower_first(reason)}. Aucune paire de dates ne se compare."


def rank_moves(changes: Iterable[GapChange]) -> tuple[list[GapChange], list[GapChange]]:
    """(gaps that shrink, gaps that widen or change side), widest change first; what is not significant is not ranked."""
    moved = sorted((item for item in changes if item.has_moved), key=lambda item: -abs(item.delta.valeur))
    return [item for item in moved if item.verdict == REDUIT], [item for item in moved if item.verdict != REDUIT]


def expected_by_chance(changes: Iterable[GapChange]) -> tuple[int, int]:
    """(gaps judged, how many of them would exceed a 95 % margin by chance alone)."""
    judged = sum(item.has_moved or item.verdict == NON_SIGNIFICATIF for item in changes)
    return judged, round(0.05 * judged)


def write_verdict(item: GapChange) -> str:
    """« se réduit », and whose lead it is when the quartier is on the better side."""
    if item.verdict == REDUIT and item.sens == DEFAVORABLE:
        return "se réduit\u00a0: l’avance du quartier diminue"
    if item.verdict == CREUSE and item.sens == FAVORABLE:
        return "se creuse\u00a0: l’avance du quartier augmente"
    return VERDICTS[item.verdict]


def write_change(item: GapChange) -> str:
    """One sentence: « Titre : l’écart avec le reste de la commune passe de +4,2 points (au 31/12/2015) à… »."""
    titre = f"{item.indicateur.titre}{NBSP}: "
    if item.debut is None or item.fin is None:
        return f"{titre}{lower_first(item.raison)}"
    before, after = (f"{signed(point.ecart)} ({point.periode})" for point in (item.debut, item.fin))
    text = f"{titre}l’écart avec {_BESIDE[item.fin.comparateur]} passe de {before} à {after}"
    if item.verdict == SANS_MARGE:
        return f"{text}{NARROW}; on ne sait pas si cette différence dépasse la marge."
    if item.verdict == NON_SIGNIFICATIF:
        return f"{text}{NARROW}; évolution non significative."
    if item.verdict == INVERSE:
        return f"{text}{NARROW}; il change de sens."
    size = Figure(abs(item.delta.valeur), unite=item.delta.unite, decimales=item.delta.decimales)
    verb = "s’est réduit" if item.verdict == REDUIT else "s’est creusé"
    margin = f" (±{NBSP}{format_number(item.delta.marge, item.delta.decimales)})"
    return f"{text}{NARROW}; il {verb} de {value(size)}{margin}."


def signed(figure: Figure) -> str:
    """« +4,2 points »."""
    text = value(figure)
    return text.replace(number(figure), number(figure, sign=True), 1)


COLUMNS = {
    "indicateur": "Indicateur",
    "pilier": "Pilier",
    "voulu": "Évolution voulue",
    "t0": "T0 de la source",
    "debut": "Départ",
    "ecart_debut": "Écart au départ",
    "fin": "Arrivée",
    "ecart_fin": "Écart à l’arrivée",
    "delta": "Δ écart",
    "marge": "Marge (95\u202f%)",
    "unite": "Unité",
    "comparateur": "Comparateur",
    "verdict": "Verdict",
    "sens": "Sens",
    "raison": "Raison",
}


def gap_rows(changes: Iterable[GapChange], catalogue: Catalogue) -> list[dict[str, Any]]:
    """The synthesis table laid flat, COLUMNS as keys, numbers unrounded: for a sheet or a file."""
    piliers = {pilier.id: pilier.titre_court for pilier in catalogue.contrat.piliers}
    return [_row(item, piliers[item.indicateur.pilier]) for item in changes]


def _row(item: GapChange, pilier: str) -> dict[str, Any]:
    first, last = item.debut, item.fin
    return {
        "indicateur": item.indicateur.titre,
        "pilier": pilier,
        "voulu": VOULU[item.indicateur.sens],
        "t0": format_date(item.t0) if item.t0 else "",
        "debut": first.periode if first else "",
        "ecart_debut": first.ecart.valeur if first else None,
        "fin": last.periode if last else "",
        "ecart_fin": last.ecart.valeur if last else None,
        "delta": item.delta.valeur,
        "marge": item.delta.marge,
        "unite": last.ecart.unite if last else "",
        "comparateur": _BESIDE.get(last.comparateur, "") if last else "",
        "verdict": write_verdict(item),
        "sens": JUGEMENTS[item.sens],
        "raison": item.raison,
    }
