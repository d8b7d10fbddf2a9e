"""Facts set against each other: totals that are not the sum of their parts, parts above their total, quantiles astray."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from ozoir.catalogue.loading import Catalogue
from ozoir.catalogue.model import Cle
from ozoir.ingestion.delivery import AVERTISSEMENT, BLOQUANT, INFORMATION, Finding, name_cells
from ozoir.ingestion.facts import Facts
from ozoir.numbers import format_number, plural

_ENOUGH = 20  # rows from which failing controls mean shifted columns rather than a slip
_MANY = 0.5


class _Table:
    """Known values as one row per (territory, date, source) and one column per key."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        names = {context.source: rank for rank, context in reversed(list(enumerate(facts.contextes)))}
        source = np.array([names[context.source] for context in facts.contextes], dtype=np.int64)[facts.contexte]
        place = (facts.territoire.astype(np.int64) << 40) + ((facts.jour.astype(np.int64) + 100_000) << 20) + source
        distinct, self.row = np.unique(place, return_inverse=True)
        self.size = len(distinct)
        order = np.argsort(facts.cle, kind="stable")
        bounds = np.searchsorted(facts.cle[order], np.arange(len(facts.cles) + 1))
        self._ranks = {cle: order[bounds[rank] : bounds[rank + 1]] for rank, cle in enumerate(facts.cles)}

    def __contains__(self, cle: Cle) -> bool:
        return cle in self._ranks

    def values(self, cle: Cle) -> np.ndarray:
        """The key's value on each row, NaN where there is none."""
        values = np.full(self.size, np.nan)
        ranks = self._ranks[cle]
        values[self.row[ranks]] = self.facts.valeur[ranks]
        return values

    def finding(self, gravite: str, message: str, cle: Cle, is_told: np.ndarray) -> Finding:
        """A finding on the key's cells of the rows told."""
        ranks = [rank for rank in self._ranks[cle].tolist() if is_told[self.row[rank]]]
        sheet = self.facts.contextes[self.facts.contexte[ranks[0]]].feuille
        cells = name_cells((int(self.facts.ligne[rank]), int(self.facts.colonne[rank])) for rank in ranks)
        return Finding(gravite, message, sheet, cells)


class _Words:
    """Keys and families in the catalogue's French."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    def key(self, cle: Cle) -> str:
        """« Demandeurs d’emploi ABC (Femmes, Baccalauréat) »."""
        labels = [self._catalogue.modality_label(dimension, modality) for dimension, modality in cle.breakdown.items()]
        return self._catalogue.mesures[cle.mesure].titre + (f" ({', '.join(labels)})" if labels else "")

    def family(self, total: Cle, parts: list[Cle]) -> str:
        """« ses modalités par sexe », or the other measures which add up to it."""
        dimensions = parts[0].breakdown.keys() - total.breakdown.keys()
        if dimensions:
            return f"ses modalités ({', '.join(self._catalogue.dimensions[name].titre.lower() for name in dimensions)})"
        return " + ".join(f"« {self.key(part)} »" for part in parts)


def check_consistency(facts: Facts, catalogue: Catalogue) -> list[Finding]:
    """Totals, inclusions and orders declared by the catalogue, where the values are known.

    Sums of QPV are left out: each leaves out the QPV that withheld, not the same ones in the total and in its parts.
    """
    is_sum = np.array([bool(context.qpv_publies or context.qpv_non_diffuses) for context in facts.contextes], dtype=bool)
    if is_sum.any():
        facts = facts.keep(~is_sum[facts.contexte])
    if not len(facts):
        return []
    table, words = _Table(facts), _Words(catalogue)
    return [*_check_sums(table, words, catalogue), *_check_quantiles(table, words, catalogue)]


def _check_sums(table: _Table, words: _Words, catalogue: Catalogue) -> list[Finding]:
    """Totals against the sum of their parts, parts against their total."""
    findings: list[Finding] = []
    for cle in table.facts.cles:
        mesure = catalogue.mesures[cle.mesure]
        if mesure.nature != "effectif":
            continue
        for dimension, modalities in mesure.familles.items():
            if dimension not in cle.breakdown:
                findings += _check_family(
                    table, words, cle, [cle.with_modality(dimension, modality) for modality in modalities]
                )
        if mesure.parties:
            findings += _check_family(table, words, cle, [Cle(part, cle.sexe, cle.age, cle.detail) for part in mesure.parties])
        if mesure.inclus_dans:
            whole = Cle(mesure.inclus_dans, cle.sexe, cle.age, cle.detail)
            findings += _check_order(table, words, cle, whole, "qui devrait le contenir")
    return findings


def _check_quantiles(table: _Table, words: _Words, catalogue: Catalogue) -> list[Finding]:
    """Quantiles and the like, declared as never decreasing from one modality to the next."""
    ordered = {name: dimension.croissantes for name, dimension in catalogue.dimensions.items() if dimension.croissantes}
    findings: list[Finding] = []
    for name, modalities in ordered.items():
        whole = dict.fromkeys(_without(cle, name) for cle in table.facts.cles if name in cle.breakdown)
        for cle in whole:
            steps = [step for modality in modalities if (step := cle.with_modality(name, modality)) in table]
            for lower, upper in pairwise(steps):
                findings += _check_order(table, words, lower, upper, "qui devrait être plus élevé")
    return findings


def _without(cle: Cle, dimension: str) -> Cle:
    rest = Cle(cle.mesure)
    for name, modality in cle.breakdown.items():
        if name != dimension:
            rest = rest.with_modality(name, modality)
    return rest


def _check_family(table: _Table, words: _Words, total: Cle, parts: list[Cle]) -> list[Finding]:
    if not all(part in table for part in parts):
        return []
    whole = table.values(total)
    added = sum(table.values(part) for part in parts)
    gap = whole - added
    is_compared = ~np.isnan(gap)
    is_over = is_compared & (gap < 0)
    is_short = is_compared & (gap > 0)
    is_slight = is_short & (gap <= np.maximum(2, 0.02 * whole))
    is_wrong = is_over | (is_short & ~is_slight)
    family = words.family(total, parts)
    findings = []
    if is_wrong.any():
        example = int(np.flatnonzero(is_wrong)[0])
        is_systematic = _is_systematic(is_wrong, is_compared)
        ending = " presque partout : les colonnes sont peut-être décalées ou interverties." if is_systematic else "."
        message = (
            f"« {words.key(total)} » n’est pas la somme de {family} pour {_territories(is_wrong)} "
            f"(par exemple {format_number(whole[example])} et {format_number(added[example])}){ending}"
        )
        findings.append(table.finding(BLOQUANT if is_systematic else AVERTISSEMENT, message, total, is_wrong))
    if is_slight.any():
        message = (
            f"La somme de {family} est un peu inférieure à « {words.key(total)} » pour {_territories(is_slight)} : "
            "une modalité n’est pas publiée."
        )
        findings.append(table.finding(INFORMATION, message, total, is_slight))
    return findings


def _check_order(table: _Table, words: _Words, lower: Cle, upper: Cle, reason: str) -> list[Finding]:
    """The first never above the second, where both are known."""
    if upper not in table:
        return []
    gap = table.values(upper) - table.values(lower)
    is_compared = ~np.isnan(gap)
    is_wrong = is_compared & (gap < 0)
    if not is_wrong.any():
        return []
    is_systematic = _is_systematic(is_wrong, is_compared)
    ending = " : les colonnes sont peut-être interverties." if is_systematic else "."
    message = f"« {words.key(lower)} » dépasse « {words.key(upper)} », {reason}, pour {_territories(is_wrong)}{ending}"
    return [table.finding(BLOQUANT if is_systematic else AVERTISSEMENT, message, lower, is_wrong)]


def _is_systematic(is_wrong: np.ndarray, is_compared: np.ndarray) -> bool:
    return bool(is_compared.sum() >= _ENOUGH and is_wrong.sum() > _MANY * is_compared.sum())


def _territories(is_told: np.ndarray) -> str:
    return plural(int(is_told.sum()), "territoire")
