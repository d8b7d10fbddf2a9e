"""The one place where figures are withheld (secret statistique), between the facts and everything shown or exported.

The rule, easy to explain: a count under its source's threshold, in the quartier or in the rest of the commune, hides
its whole breakdown in both; totals and the commune stay. The commune's own cells go only when they are small too, or
when they would give the others back. What a producer protected itself is not masked again, and never recomputed.

All the figures of one date are masked together, whatever the source, the edition, the filter or the page, so that no
two screens or files contradict each other. Every masked cell must then keep enough room for doubt (`leeway`); else a
figure that pins it is withheld too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import pandas as pd

from ozoir.catalogue.loading import Catalogue
from ozoir.catalogue.model import Cle
from ozoir.indicators.cells import (
    COMMUNE,
    QPV,
    TERRITORIES,
    Node,
    System,
    Values,
    build_system,
    line_values,
    read_cells,
    zonings_in_force,
)
from ozoir.indicators.leeway import find_exposed
from ozoir.indicators.relations import BREAKDOWN, Line, Relations, build_relations

SHOWN, HIDDEN_LOCALLY, HIDDEN_EVERYWHERE = 0, 1, 2
PROTECTIONS = ("seuil", "reste", "groupes", "familles", "inclusions", "montants", "marge_de_doute")


@dataclass(frozen=True)
class Masks:
    """What is withheld: date → (key, territory). `zonings`: the only one shown at each date."""

    hidden: Mapping[date, frozenset[tuple[Cle, str]]]
    open_sources: frozenset[str]
    zonings: Mapping[date, str]

    def hides(self, source: str, day: date, cle: Cle, territory: str) -> bool:
        """Whether this cell (territory: qpv, reste or commune) may not be shown."""
        return source in self.open_sources and (cle, territory) in self.hidden.get(day, ())

    def hides_other_zoning(self, source: str, day: date, zonage: str) -> bool:
        """Whether the quartier is shown at that date in another zoning: the two would give their difference."""
        return source in self.open_sources and self.zonings.get(day, zonage) != zonage


def find_masks(
    facts: pd.DataFrame,
    catalogue: Catalogue,
    history: pd.DataFrame | None = None,
    protections: Iterable[str] = PROTECTIONS,
) -> Masks:
    """The masks of these facts. `history` adds every value ever loaded, so that masks do not come and go.

    `protections` is for the tests, which remove them one by one and see the attacker win.
    """
    current = read_cells(facts, catalogue)
    past = read_cells(history, catalogue, by_import=True) if history is not None else {}
    importance = measure_importance(catalogue)
    shapes: dict[frozenset[Cle], Relations] = {}
    hidden = {}
    for day, variants in current.items():
        keys = frozenset(cle for values in variants for cle in values.cells)
        if keys not in shapes:
            shapes[keys] = build_relations(keys, catalogue.mesures, catalogue.dimensions)
        masking = _DateMasking(shapes[keys], variants, past.get(day, []), catalogue, importance, frozenset(protections))
        hidden[day] = masking.run()
    open_sources = frozenset(name for name, source in catalogue.statistiques.items() if not source.protegee)
    is_open = facts["source"].isin(open_sources)
    return Masks(hidden, open_sources, zonings_in_force(facts[is_open], catalogue.territoire))


def measure_importance(catalogue: Catalogue) -> Counter[str]:
    """How much each measure serves the indicators: between two figures, the less used one is withheld."""
    importance: Counter[str] = Counter()
    for indicateur in catalogue.indicateurs.values():
        importance[indicateur.cle_numerateur.mesure] += 3 if indicateur.principal else 2
        if indicateur.cle_denominateur:
            importance[indicateur.cle_denominateur.mesure] += 1
    return importance


class _DateMasking:
    """The masks of one date, from first to last; levels only ever rise, so every loop ends."""

    def __init__(
        self,
        relations: Relations,
        variants: list[Values],
        past: list[Values],
        catalogue: Catalogue,
        importance: Counter[str],
        protections: frozenset[str],
    ) -> None:
        self.relations = relations
        self.variants = variants
        self.seen = [*variants, *past]
        self.mesures = catalogue.mesures
        self.importance = importance
        self.protections = protections
        self.levels = [SHOWN] * len(relations.keys)
        self.zeros = {
            (rank, territory)
            for rank, cle in enumerate(relations.keys)
            for territory in TERRITORIES
            if {values.value(cle, territory) for values in variants if values.is_given(cle, territory)} == {0.0}
        }

    def run(self) -> frozenset[tuple[Cle, str]]:
        """The (key, territory) that are not shown."""
        for values in self.seen:
            self._hide_small_counts(values)
            self._hide_telling_breakdowns(values)
        self._close()
        if "marge_de_doute" in self.protections and any(self.levels):
            for values in self.variants:
                self._leave_doubt(values)
        ranks = [rank for rank, level in enumerate(self.levels) if level]
        keys = self.relations.keys
        return frozenset((keys[rank], name) for rank in ranks for name in TERRITORIES if self.is_hidden(rank, name))

    def _raise(self, rank: int, level: int) -> bool:
        if self.levels[rank] >= level:
            return False
        self.levels[rank] = level
        return True

    def _level_hiding(self, territory: str) -> int:
        return HIDDEN_EVERYWHERE if territory == COMMUNE else HIDDEN_LOCALLY

    def is_hidden(self, rank: int, territory: str) -> bool:
        return self.levels[rank] >= self._level_hiding(territory) and not self._is_public_zero(rank, territory)

    def _is_public_zero(self, rank: int, territory: str) -> bool:
        """A zero that shown zeros imply: of the whole commune, or of a total in the same territory. Masking it is vain."""
        if territory != COMMUNE and self._is_zero(rank, COMMUNE) and self.levels[rank] < HIDDEN_EVERYWHERE:
            return True
        if not self._is_zero(rank, territory):
            return False
        wholes = {self.relations.lines[number].parent for number in self.relations.lines_of[rank]} - {rank}
        return any(self._is_zero(whole, territory) and not self.is_hidden(whole, territory) for whole in wholes)

    def _is_zero(self, rank: int, territory: str) -> bool:
        return (rank, territory) in self.zeros

    def _is_counted(self, rank: int) -> bool:
        return self.mesures[self.relations.keys[rank].mesure].is_counted

    def _territories(self) -> tuple[str, ...]:
        return TERRITORIES if "reste" in self.protections else (QPV, COMMUNE)

    def _hide_small_counts(self, values: Values) -> None:
        """Primary masking: 0 < n < threshold, in the quartier, the rest or the commune."""
        if "seuil" not in self.protections:
            return
        for rank, cle in enumerate(self.relations.keys):
            if not self._is_counted(rank):
                continue
            for territory in self._territories():
                count = values.value(cle, territory)
                if count is not None and 0 < count < values.seuil:
                    self._raise(rank, self._level_hiding(territory))

    def _hide_telling_breakdowns(self, values: Values) -> None:
        """What a breakdown says without any small cell: everyone in one modality, a small remainder, a withheld cell."""
        if "groupes" not in self.protections:
            return
        for line in self.relations.lines:
            if line.kind != BREAKDOWN or not self._is_counted(line.parent):
                continue
            for territory in self._territories():
                if _is_telling(values, self.relations, line, territory):
                    for rank in line.children:
                        self._raise(rank, self._level_hiding(territory))

    def _close(self) -> None:
        """Spread the masks until no equation gives a masked cell back."""
        is_changed = True
        while is_changed:
            is_changed = False
            if "familles" in self.protections:
                is_changed |= self._spread_in_breakdowns()
            if "montants" in self.protections:
                is_changed |= self._follow_counts()
            if "inclusions" in self.protections:
                is_changed |= self._protect_inclusions()

    def _spread_in_breakdowns(self) -> bool:
        """A masked modality masks its siblings; a masked total masks its modalities."""
        is_changed = False
        for parent, children in self.relations.groups:
            level = max(self.levels[rank] for rank in children)
            if parent >= 0:
                level = max(level, self.levels[parent])
            for rank in children:
                is_changed |= self._raise(rank, level)
        return is_changed

    def _follow_counts(self) -> bool:
        """An amount, a mean or a rate is masked with the count it describes; a detailed one without count, always."""
        is_changed = False
        for rank, cle in enumerate(self.relations.keys):
            count = self.mesures[cle.mesure].effectif
            if not count:
                continue
            counted = self.relations.position.get(Cle(count, cle.sexe, cle.age, cle.detail))
            if counted is not None:
                is_changed |= self._raise(rank, self.levels[counted])
            elif cle.breakdown:
                is_changed |= self._raise(rank, HIDDEN_EVERYWHERE)
        return is_changed

    def _protect_inclusions(self) -> bool:
        is_changed = False
        for line in self.relations.lines:
            if line.kind == BREAKDOWN:
                continue
            for territory in self._territories():
                if any(self._is_exposing(values, line, territory) for values in self.seen):
                    is_changed |= self._hide_one(line, territory)
        return is_changed

    def _is_exposing(self, values: Values, line: Line, territory: str) -> bool:
        """Whether the shown members give a masked one by subtraction, or leave too few to share among the masked."""
        known = line_values(values, self.relations, line, territory)
        if known is None:
            return False
        parent, children = known
        masked = [value for rank, value in zip(line.children, children, strict=True) if self.is_hidden(rank, territory)]
        if self.is_hidden(line.parent, territory):
            return line.is_exhaustive and not masked
        if line.is_exhaustive:
            return len(masked) == 1 or (bool(masked) and sum(masked) < values.seuil)
        return not masked and 0 < parent - sum(children) < values.seuil

    def _hide_one(self, line: Line, territory: str) -> bool:
        """Withhold the least useful of the members still shown: least used, then a part rather than the whole."""
        shown = [rank for rank in (*line.children, line.parent) if not self.is_hidden(rank, territory)]
        if not shown:
            return False
        return self._raise(min(shown, key=lambda rank: self._usefulness(rank, line.parent)), self._level_hiding(territory))

    def _usefulness(self, rank: int, parent: int) -> tuple:
        cle = self.relations.keys[rank]
        return -len(cle.breakdown), self.importance[cle.mesure], rank == parent, self._size(rank), cle

    def _size(self, rank: int) -> float:
        cle = self.relations.keys[rank]
        return max((values.value(cle, COMMUNE) or values.value(cle, QPV) or 0 for values in self.variants), default=0)

    def _leave_doubt(self, values: Values) -> None:
        """Withhold more until every masked count may range over at least the threshold."""
        system = build_system(values, self.relations, self.mesures)
        accepted: set[Node] = set()
        while exposed := [node for node in self._find_exposed(system, values.seuil) if node not in accepted]:
            if not any(self._raise(rank, level) for rank, level in self._pins(exposed[0])):
                accepted.add(exposed[0])
            self._close()

    def _find_exposed(self, system: System, seuil: int) -> list[Node]:
        hidden = {node for node in system.nodes if node[0] < 0 or self.is_hidden(*node)}
        return find_exposed(system, hidden, seuil)

    def _pins(self, node: Node) -> list[tuple[int, int]]:
        """(position, level) of what could be withheld to unpin a cell, the least useful first."""
        lines = self.relations.lines
        rank = node[0]
        members = (rank,) if rank >= 0 else (lines[-1 - rank].parent, *lines[-1 - rank].children)
        linked = {
            other
            for member in members
            for number in self.relations.lines_of[member]
            for other in (lines[number].parent, *lines[number].children)
        }
        found = [(member, HIDDEN_EVERYWHERE) for member in members if self.relations.keys[member].breakdown]
        ordered = sorted(linked | set(members), key=lambda other: self._usefulness(other, -1))
        return found + [(other, level) for level in (HIDDEN_LOCALLY, HIDDEN_EVERYWHERE) for other in ordered]


def _is_telling(values: Values, relations: Relations, line: Line, territory: str) -> bool:
    parent = values.value(relations.keys[line.parent], territory)
    if parent is None or parent <= 0:
        return False
    keys = [relations.keys[rank] for rank in line.children]
    children = [values.value(cle, territory) for cle in keys]
    known = [child for child in children if child is not None]
    if len(known) < len(children):
        is_withheld = any(values.is_given(cle, territory) and values.value(cle, territory) is None for cle in keys)
        return bool(known) and is_withheld
    remainder = 0 if line.is_exhaustive else parent - sum(known)
    return max(known) == parent or 0 < remainder < values.seuil
