"""The one place where figures are withheld (secret statistique), between the facts and everything shown or exported.

The rule, easy to explain: a count under its source's threshold, in the quartier or in the rest of the commune, hides
its whole breakdown in both; totals and the commune stay. The commune's own cells go when they are small too, or when
they would bound the others too well. What a producer protected itself is not masked again, nor recomputed.

All the figures of one date are masked together, whatever the source, the edition, the filter or the page, so that no
two screens or files contradict each other. Every masked cell must then keep enough room for doubt (`leeway`); else a
figure that pins it is withheld too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import pandas as pd

from ozoir.catalogue.loading import Catalogue
from ozoir.catalogue.model import Cle
from ozoir.indicators.cells import (
    Grid,
    System,
    Values,
    build_grid,
    build_system,
    crossed_measures,
    is_too_fine,
    measure_importance,
    read_cells,
    zonings_in_force,
)
from ozoir.indicators.grouping import NO_GROUPING, Groupings, apply_groupings, find_groupings
from ozoir.indicators.leeway import Exposed, Table, find_exposed
from ozoir.indicators.relations import (
    BREAKDOWN,
    COMMUNE,
    QPV,
    RESTE,
    TERRITORIES,
    Line,
    Node,
    Relations,
    build_relations,
    find_crossings,
)

SHOWN, HIDDEN_LOCALLY, HIDDEN_EVERYWHERE = 0, 1, 2
PROTECTIONS = ("seuil", "reste", "groupes", "familles", "croisements", "inclusions", "montants", "marge_de_doute")


@dataclass(frozen=True)
class Masks:
    """What is withheld: date → (key, territory).

    zonings: the only one shown at each date of a source. crossed: the measures whose crossings may be shown.
    levels: what `hidden` comes from, for masks that must hide at least as much.
    """

    hidden: Mapping[date, frozenset[tuple[Cle, str]]]
    open_sources: frozenset[str]
    zonings: Mapping[tuple[str, date], str]
    crossed: frozenset[str] = frozenset()
    groupings: Groupings = NO_GROUPING
    levels: Mapping[date, Mapping[Cle, int]] = field(default_factory=dict)

    def hides(self, source: str, day: date, cle: Cle, territory: str) -> bool:
        """Whether this cell (territory: qpv, reste or commune) may not be shown."""
        if source not in self.open_sources:
            return False
        is_out = is_too_fine(cle, self.crossed) or self.groupings.shown_key(source, cle) != cle
        return is_out or (cle, territory) in self.hidden.get(day, ())

    def hides_other_zoning(self, source: str, day: date, zonage: str) -> bool:
        """Whether the quartier is shown at that date in another zoning: the two would give their difference."""
        return source in self.open_sources and self.zonings.get((source, day), zonage) != zonage


def find_masks(
    facts: pd.DataFrame,
    catalogue: Catalogue,
    history: pd.DataFrame | None = None,
    protections: Iterable[str] = PROTECTIONS,
    least: Masks | None = None,
) -> Masks:
    """The masks of these facts. `history` adds what was loaded and corrected since: masks do not come and go.

    `least`: masks of another diffusion of the same facts, to hide at least as much by the same groups: whoever holds
    both then knows no more than from the other one. `protections` is for the tests, which remove them one by one and
    see the attacker win.
    """
    groupings = least.groupings if least else find_groupings(facts, catalogue)
    current = read_cells(apply_groupings(facts, groupings), catalogue)
    open_sources = frozenset(name for name, source in catalogue.statistiques.items() if not source.protegee)
    past = {} if history is None else read_cells(apply_groupings(history, groupings), catalogue, by_import=True)
    importance = measure_importance(catalogue)
    shapes: dict[frozenset[Cle], Relations] = {}
    dates: dict[date, _DateMasking] = {}
    for day, variants in current.items():
        keys = frozenset(cle for values in variants for cle in values.cells)
        if keys not in shapes:
            shapes[keys] = build_relations(keys, catalogue.mesures, catalogue.dimensions)
        dates[day] = _DateMasking(shapes[keys], variants, past.get(day, []), catalogue, importance, frozenset(protections))
        dates[day].hide_by_rule(least.levels.get(day, {}) if least else {})
    if {"inclusions", "marge_de_doute"} <= set(protections):
        leave_doubt(list(dates.values()))
    hidden = {day: masking.hidden() for day, masking in dates.items()}
    zonings = zonings_in_force(facts[facts["source"].isin(open_sources)], catalogue.territoire)
    levels = {day: masking.levels_by_key() for day, masking in dates.items()}
    return Masks(hidden, open_sources, zonings, crossed_measures(catalogue), groupings, levels)


def leave_doubt(dates: list[_DateMasking]) -> None:
    """Withhold more until every masked count may range over at least its threshold."""
    searched = [
        (masking, Table(build_system(grid, masking.relations)))
        for masking in dates
        if any(masking.levels)
        for grid in masking.grids
    ]
    while searched:
        for masking, table in searched:
            table.hide(masking.hidden_nodes(table.system))
        found = find_exposed([table for _, table in searched])
        changed = {id(masking) for (masking, _), nodes in zip(searched, found, strict=True) if nodes and masking.unpin(nodes)}
        searched = [pair for pair in searched if id(pair[0]) in changed]


@dataclass(frozen=True)
class Link:
    """One equation between measures with the values of its members in one territory."""

    line: Line
    territory: str
    parent: float
    children: list[float]
    seuil: int

    @cached_property
    def members(self) -> tuple[int, ...]:
        return self.line.members

    @cached_property
    def is_small(self) -> bool:
        """Whether what its parts leave unlisted is few, and concerns someone."""
        if self.line.is_exhaustive or not self.line.is_remainder_sensitive:
            return False
        return 0 < self.parent - sum(self.children) < self.seuil


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
        self.grids = [build_grid(values, relations, catalogue) for values in variants]
        former = [values for values in past if not any(values.is_within(other) for other in variants)]
        self.seen = [*self.grids, *(build_grid(values, relations, catalogue) for values in former)]
        self.mesures = catalogue.mesures
        self.importance = importance
        self.protections = protections
        self.territories = TERRITORIES if "reste" in protections else (QPV, COMMUNE)
        self.levels = [SHOWN] * len(relations.keys)
        self.crossings = find_crossings(relations)
        self.zeros = self._find_zeros()
        self.with_zeros = {rank for rank, _ in self.zeros}
        self.followers = self._find_followers()
        self.links = self._find_links()

    def _find_zeros(self) -> set[Node]:
        """Cells that are zero for every source that gives them."""
        found = set()
        for territory in TERRITORIES:
            for rank in range(len(self.relations.keys)):
                given = {grid.counts[territory][rank] for grid in self.grids if not self._is_absent(grid, rank, territory)}
                if given == {0.0}:
                    found.add((rank, territory))
        return found

    def _is_absent(self, grid: Grid, rank: int, territory: str) -> bool:
        return grid.counts[territory][rank] is None and (rank, territory) not in grid.withheld

    def _find_followers(self) -> list[tuple[int, int | None]]:
        """(amount, mean or rate; the count it describes, None when that count is not given)."""
        found = []
        for rank, cle in enumerate(self.relations.keys):
            count = self.mesures[cle.mesure].effectif
            if count:
                found.append((rank, self.relations.position.get(Cle(count, cle.sexe, cle.age, cle.detail))))
        return found

    def _find_links(self) -> list[Link]:
        """The equations between measures whose members are all known somewhere."""
        found = []
        for line in self.relations.lines:
            for grid in self.seen if line.kind != BREAKDOWN else ():
                for territory in self.territories:
                    known = grid.line(line, territory)
                    if known is not None:
                        found.append(Link(line, territory, *known, grid.line_threshold(line)))
        return found

    def hide_by_rule(self, least: Mapping[Cle, int]) -> None:
        """Small counts, then all that would give them back by one subtraction; `least`: what is hidden already."""
        for cle, level in least.items():
            self._raise(self.relations.position[cle], level)
        for grid in self.seen:
            self._hide_small_counts(grid)
            self._hide_telling_breakdowns(grid)
        self._close()

    def hidden(self) -> frozenset[tuple[Cle, str]]:
        """The (key, territory) that are not shown."""
        ranks = [rank for rank, level in enumerate(self.levels) if level]
        keys = self.relations.keys
        return frozenset((keys[rank], name) for rank in ranks for name in TERRITORIES if self.is_hidden(rank, name))

    def levels_by_key(self) -> dict[Cle, int]:
        return {self.relations.keys[rank]: level for rank, level in enumerate(self.levels) if level}

    def hidden_nodes(self, system: System) -> frozenset[Node]:
        return frozenset(node for node in system.nodes if node[0] < 0 or self.is_hidden(*node) or self._is_withheld(node))

    def _is_withheld(self, node: Node) -> bool:
        return any(node in grid.withheld for grid in self.grids)

    def is_hidden(self, rank: int, territory: str) -> bool:
        if self.levels[rank] < (HIDDEN_EVERYWHERE if territory == COMMUNE else HIDDEN_LOCALLY):
            return False
        return rank not in self.with_zeros or not self._is_public(rank, territory)

    def _is_public(self, rank: int, territory: str) -> bool:
        """What shown zeros imply, so that masking it is vain: a zero, or the commune's count when the other part is one."""
        if self._is_public_zero(rank, territory):
            return True
        if territory == COMMUNE or self.levels[rank] == HIDDEN_EVERYWHERE:
            return False
        return self._is_public_zero(rank, RESTE if territory == QPV else QPV)

    def _is_public_zero(self, rank: int, territory: str) -> bool:
        """Of the whole commune, or of a total in the same territory."""
        if territory != COMMUNE and (rank, COMMUNE) in self.zeros and self.levels[rank] < HIDDEN_EVERYWHERE:
            return True
        if (rank, territory) not in self.zeros:
            return False
        wholes = {self.relations.lines[number].parent for number in self.relations.lines_of[rank]} - {rank}
        return any((whole, territory) in self.zeros and not self.is_hidden(whole, territory) for whole in wholes)

    def _raise(self, rank: int, level: int) -> bool:
        if self.levels[rank] >= level:
            return False
        self.levels[rank] = level
        return True

    def _hide_small_counts(self, grid: Grid) -> None:
        """Primary masking: 0 < n < threshold, in the quartier, the rest or the commune."""
        if "seuil" not in self.protections:
            return
        for territory in self.territories:
            for rank, count in enumerate(grid.counts[territory]):
                if count is not None and 0 < count < grid.seuils[rank]:
                    self._raise(rank, _level_hiding(territory))

    def _hide_telling_breakdowns(self, grid: Grid) -> None:
        """What is said without any small cell: everyone in one modality or measure, a small remainder, a withheld cell."""
        if "groupes" not in self.protections:
            return
        for line in self.relations.lines:
            if not (line.kind == BREAKDOWN or line.is_about_all) or not grid.seuils[line.parent]:
                continue
            for territory in self.territories:
                if _is_telling(grid, line, territory):
                    for rank in line.children:
                        self._raise(rank, _level_hiding(territory))

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
            if "croisements" in self.protections and not is_changed:
                is_changed |= self._hide_tight_crossings()

    def _spread_in_breakdowns(self) -> bool:
        """A masked modality masks its siblings; a masked total masks its modalities, and their crossings everywhere."""
        is_changed = False
        for parent, children in self.relations.groups:
            level = max(self.levels[rank] for rank in children)
            if parent >= 0 and self.levels[parent]:
                level = HIDDEN_EVERYWHERE if self.relations.keys[parent].breakdown else max(level, self.levels[parent])
            if level:
                for rank in children:
                    is_changed |= self._raise(rank, level)
        return is_changed

    def _hide_tight_crossings(self) -> bool:
        """A masked crossing goes for the commune too, unless its cells keep room between the totals shown."""
        is_changed = False
        for crossing in self.crossings:
            ranks = list(crossing.values())
            is_masked = any(self.levels[rank] == HIDDEN_LOCALLY for rank in ranks)
            if is_masked and not all(grid.leaves_room(crossing) for grid in self.grids):
                for rank in ranks:
                    is_changed |= self._raise(rank, HIDDEN_EVERYWHERE)
        return is_changed

    def _follow_counts(self) -> bool:
        """An amount, a mean or a rate is masked with the count it describes; a detailed one without count, always."""
        is_changed = False
        for rank, counted in self.followers:
            if counted is not None:
                is_changed |= self._raise(rank, self.levels[counted])
            elif self.relations.keys[rank].breakdown:
                is_changed |= self._raise(rank, HIDDEN_EVERYWHERE)
        return is_changed

    def _protect_inclusions(self) -> bool:
        is_changed = False
        levels = self.levels
        for link in self.links:
            if (link.is_small or any([levels[rank] for rank in link.members])) and self._is_exposing(link):
                is_changed |= self._hide_one(link.line, link.territory)
        return is_changed

    def _is_exposing(self, link: Link) -> bool:
        """Whether the shown members give a masked one by subtraction, or leave too few to share among the masked."""
        line, territory = link.line, link.territory
        if not line.is_exhaustive:
            return link.is_small and not any(self.is_hidden(rank, territory) for rank in link.members)
        masked = [value for rank, value in zip(line.children, link.children, strict=True) if self.is_hidden(rank, territory)]
        if self.is_hidden(line.parent, territory):
            return not masked
        return len(masked) == 1 or (bool(masked) and sum(masked) < link.seuil)

    def _hide_one(self, line: Line, territory: str) -> bool:
        """Withhold the least useful of the members still shown: least used, then a part rather than the whole."""
        shown = [rank for rank in line.members if not self.is_hidden(rank, territory)]
        if not shown:
            return False
        return self._raise(min(shown, key=lambda rank: self._usefulness(rank, line.parent)), _level_hiding(territory))

    def _usefulness(self, rank: int, parent: int = -1) -> tuple:
        cle = self.relations.keys[rank]
        size = max(grid.counts[COMMUNE][rank] or grid.counts[QPV][rank] or 0 for grid in self.grids)
        return -len(cle.breakdown), self.importance[cle.mesure], rank == parent, size, cle

    def unpin(self, exposed: list[Exposed]) -> bool:
        """Withhold, for each exposed cell, the least useful of the figures that hold it; False when there is none left."""
        is_changed = False
        for found in exposed:
            pins = [(self._usefulness(rank), rank, _level_hiding(territory)) for rank, territory in found.pins]
            is_changed |= any(self._raise(rank, level) for _, rank, level in sorted(pins))
        self._close()
        return is_changed


def _level_hiding(territory: str) -> int:
    return HIDDEN_EVERYWHERE if territory == COMMUNE else HIDDEN_LOCALLY


def _is_telling(grid: Grid, line: Line, territory: str) -> bool:
    counts = grid.counts[territory]
    parent = counts[line.parent]
    if not parent or parent < 0:
        return False
    known = [counts[rank] for rank in line.children if counts[rank] is not None]
    if len(known) < len(line.children):
        return bool(known) and any((rank, territory) in grid.withheld for rank in line.children)
    if line.is_about_all:
        return known == [parent]
    remainder = 0 if line.is_exhaustive else parent - sum(known)
    return max(known) == parent or 0 < remainder < grid.line_threshold(line)
