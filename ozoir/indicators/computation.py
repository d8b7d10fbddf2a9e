"""From facts to a Result: which source at which date, which pair, which segment, which comparators."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from ozoir.catalogue.loading import Catalogue
from ozoir.catalogue.model import Cle, Indicateur
from ozoir.indicators.aggregates import paired_key
from ozoir.indicators.comparison import Comparison, Pair, compare_counts, compare_rates, compare_values, rate_figure
from ozoir.indicators.ensembles import VOISINS
from ozoir.indicators.evolution import latest_evolution
from ozoir.indicators.fact_index import FactIndex
from ozoir.indicators.periods import period_label
from ozoir.indicators.relations import COMMUNE, QPV
from ozoir.indicators.results import NON_CALCULE, Comparateur, Point, Result, Serie
from ozoir.indicators.sentences import write_result
from ozoir.indicators.terms import ABSENT, Term
from ozoir.numbers import format_date


@dataclass(frozen=True)
class Question:
    """One key of one indicator, ready to be looked up."""

    indicateur: Indicateur
    cle: Cle
    cle_denominateur: Cle | None


class Computation:
    """Answers the questions asked to one state of the base."""

    def __init__(self, catalogue: Catalogue, index: FactIndex, is_fictif: bool = False) -> None:
        self.catalogue = catalogue
        self.index = index
        self.is_fictif = is_fictif

    def compute(self, indicateur: Indicateur, decoupage: str = "", filtres: Mapping[str, str] | None = None) -> Result:
        """The total, then one series per modality of `decoupage`; `filtres` (dimension → modality) narrow all of them."""
        filtres = dict(filtres or {})
        series = [self._serie(indicateur, "", "Ensemble", filtres)]
        for modality in self.modalities(indicateur, decoupage, filtres) if decoupage else ():
            label = self.catalogue.modality_label(decoupage, modality)
            series.append(self._serie(indicateur, modality, label, filtres | {decoupage: modality}))
        return write_result(self.catalogue, indicateur, decoupage, tuple(series), filtres, self.is_fictif)

    def modalities(self, indicateur: Indicateur, dimension: str, filtres: Mapping[str, str]) -> list[str]:
        """The modalities that have facts, in display order; those of the declared family alone when it has some."""
        cle = _narrow(indicateur.cle_numerateur, filtres)
        declared = self.catalogue.dimensions[dimension]
        given = [name for name in declared.modalites if self.index.gives_modality(cle, dimension, name, indicateur.sources)]
        family = self.catalogue.mesures[cle.mesure].familles.get(dimension, ())
        return [name for name in given if set(declared.regroupements.get(name, (name,))) <= set(family)] or given

    def _serie(self, indicateur: Indicateur, modalite: str, libelle: str, breakdown: Mapping[str, str]) -> Serie:
        cle = _narrow(indicateur.cle_numerateur, breakdown)
        question = Question(indicateur, cle, self._denominator_key(indicateur, breakdown))
        points = self._cut_segments(indicateur, [self._point(question, day, source) for day, source in self._dates(question)])
        evolution = latest_evolution(points, indicateur, self.catalogue)
        return Serie(modalite, libelle, cle, points, evolution, question.cle_denominateur)

    def _denominator_key(self, indicateur: Indicateur, breakdown: Mapping[str, str]) -> Cle | None:
        """D broken down like N wherever D has that breakdown; otherwise each modality is set against the whole of D."""
        cle = indicateur.cle_denominateur
        if cle is None:
            return None
        sources = (indicateur.source_denominateur,) if indicateur.source_denominateur else indicateur.sources
        for dimension, modality in breakdown.items():
            if self.index.has_modality(cle, dimension, modality, sources):
                cle = cle.with_modality(dimension, modality)
        return cle

    def _dates(self, question: Question) -> list[tuple[date, str]]:
        """Each date with the source that answers best there: a shown pair, then a shown quartier, then declared order.

        A date known for the commune only is kept when the same source also knows the quartier at other dates, or when
        no source knows the quartier: a series never jumps to a source that cannot be compared.
        """
        sources = question.indicateur.sources
        with_quartier = [name for name in sources if self.index.series(name, question.cle, QPV)]
        best: dict[date, tuple[tuple, str]] = {}
        for rank, source in enumerate(with_quartier or sources):
            qpv, commune = (self.index.series(source, question.cle, place) for place in (QPV, COMMUNE))
            for day in {*qpv, *commune}:
                is_shown = day in qpv and qpv[day].is_known
                has_pair = is_shown and day in commune and commune[day].is_known
                score = (has_pair, is_shown, day in qpv, -rank)
                if day not in best or score > best[day][0]:
                    best[day] = (score, source)
        return [(day, best[day][1]) for day in sorted(best)]

    def _point(self, question: Question, day: date, source: str) -> Point:
        indicateur = question.indicateur
        numerator = self._pair(source, question.cle, day)
        denominator, denominator_source, denominator_day = None, "", None
        if question.cle_denominateur:
            denominator_source = indicateur.source_denominateur or source
            denominator_day = self._denominator_day(question, denominator_source, day)
            denominator = self._pair(denominator_source, question.cle_denominateur, denominator_day, numerator.qpv.zonage)
        comparison = self._compare(question, numerator, denominator)
        mesure = self.catalogue.mesures[question.cle.mesure]
        return Point(
            date_reference=day,
            periode=period_label(day, mesure.periode),
            source=source,
            zonage=numerator.qpv.zonage,
            segment=0,
            **comparison.__dict__,
            comparateurs=self._comparators(question, source, day, denominator_source, denominator_day),
            source_denominateur=denominator_source,
            date_denominateur=denominator_day,
        )

    def _compare(self, question: Question, numerator: Pair, denominator: Pair | None) -> Comparison:
        indicateur = question.indicateur
        mesure = self.catalogue.mesures[question.cle.mesure]
        if denominator is not None:
            return compare_rates(numerator, denominator, mesure.unite, indicateur.decimales)
        if indicateur.nature == "effectif":
            return compare_counts(numerator, indicateur.unite, mesure.decimales)
        return compare_values(numerator, indicateur.unite, mesure.decimales)

    def _pair(self, source: str, cle: Cle, day: date | None, zonage: str = "") -> Pair:
        """The quartier and its commune; a quartier known in another zoning than `zonage` is not the same territory."""
        if day is None:
            return Pair(ABSENT, ABSENT)
        qpv, commune = (self.index.term(source, cle, place, day) for place in (QPV, COMMUNE))
        if zonage and qpv.is_known and qpv.zonage != zonage:
            raison = f"La population connue est celle du zonage {qpv.zonage}, le reste vient du zonage {zonage}."
            qpv = Term(None, NON_CALCULE, raison, source, qpv.zonage, day)
        is_additive = self.catalogue.mesures[cle.mesure].nature == "effectif"
        others = self.index.term(source, cle, VOISINS, day) if self.catalogue.territoire.voisins else None
        return Pair(qpv, commune, is_additive, self.index.is_rest_masked(source, cle, day), others)

    def _denominator_day(self, question: Question, source: str, day: date) -> date | None:
        """N's own date, or the latest earlier one at which D is known, for both territories if possible."""
        if not question.indicateur.denominateur_dernier_connu:
            return day
        qpv, commune = (self.index.series(source, question.cle_denominateur, place) for place in (QPV, COMMUNE))
        known = {other for other, term in qpv.items() if other <= day and term.is_known}
        both = {other for other in known if other in commune and commune[other].is_known}
        return max(both or known or {other for other in commune if other <= day}, default=None)

    def _comparators(
        self, question: Question, source: str, day: date, denominator_source: str, denominator_day: date | None
    ) -> tuple[Comparateur, ...]:
        """The same rate over all the QPV of an area, from those that published both terms."""
        if question.cle_denominateur is None or denominator_day is None:
            return ()
        found = []
        for code, label in self.catalogue.territoire.comparateurs.items():
            n_key = paired_key(question.cle, question.cle_denominateur, day, denominator_day)
            d_key = paired_key(question.cle_denominateur, question.cle, denominator_day, day)
            numerator = self.index.term(source, n_key, code, day)
            denominator = self.index.term(denominator_source, d_key, code, denominator_day)
            if numerator.is_known and denominator.is_known:
                counts = self.index.published_counts(source, n_key, code, day)
                figure = rate_figure(numerator, denominator, question.indicateur.decimales)
                found.append(Comparateur(label, replace(figure, marge=None), *counts))
        return tuple(found)

    def _cut_segments(self, indicateur: Indicateur, points: Sequence[Point]) -> tuple[Point, ...]:
        """Number the stretches within which values compare: same source, same zoning, no declared break."""
        numbered: list[Point] = []
        segment, last = 0, None
        for point in points:
            if last is not None and break_between(indicateur, last, point):
                segment += 1
            numbered.append(replace(point, segment=segment) if segment else point)
            if point.zonage or last is None:
                last = point
        return tuple(numbered)


def break_between(indicateur: Indicateur, before: Point, after: Point) -> str:
    """Why two dates do not compare, or nothing."""
    if before.zonage and after.zonage and before.zonage != after.zonage:
        return "Le périmètre du quartier change."
    if before.source != after.source:
        return "La source change."
    for rupture in indicateur.ruptures:
        if before.date_reference < rupture.date <= after.date_reference:
            return f"{rupture.texte} ({format_date(rupture.date)})"
    return ""


def _narrow(cle: Cle, breakdown: Mapping[str, str]) -> Cle:
    for dimension, modality in breakdown.items():
        cle = cle.with_modality(dimension, modality)
    return cle
