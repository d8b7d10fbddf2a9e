"""What adds up to what among the facts of one date: the equations that masking protects and that an attacker writes.

Three kinds of relation, each holding in the quartier, in the rest of the commune and in the commune:
a breakdown (F + H = total, crossings included), parts (A + B = AB) and inclusions (ABC ⊂ ABCDE, « three children or
more » ⊂ « with children »).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from ozoir.catalogue.model import ENSEMBLE, Cle, Dimension, Mesure

BREAKDOWN, PARTS, INCLUSION = "breakdown", "parts", "inclusion"
DWELLINGS = "logements"  # a state of theirs says nothing of anyone, however general
QPV, RESTE, COMMUNE = "qpv", "reste", "commune"
TERRITORIES = (QPV, RESTE, COMMUNE)

Node = tuple[int, str]  # (key's position, territory), or (−1 − line's number, territory) for what a line leaves unlisted


@dataclass(frozen=True)
class Row:
    """One equation: Σ sign × node = constant. is_linking: between measures, not inside the breakdown of one."""

    signs: dict[Node, int]
    is_linking: bool = False


@dataclass(frozen=True)
class Line:
    """Σ children (+ what is not listed, unless exhaustive) = parent; numbers are positions in `Relations.keys`.

    is_remainder_sensitive: whether what is not listed, when it is few, concerns someone.
    is_about_all: whether an inclusion says something of everyone when nothing is left out of it (all in arrears…).
    """

    kind: str
    parent: int
    children: tuple[int, ...]
    is_exhaustive: bool
    is_remainder_sensitive: bool = True
    is_about_all: bool = False

    @property
    def members(self) -> tuple[int, ...]:
        """Every key of the line, its parent last."""
        return *self.children, self.parent


@dataclass(frozen=True)
class Relations:
    """Of a set of keys. `groups`: (parent or −1, every modality of one dimension); `lines_of`: key → its lines.

    `rows`: the equation of each line in each territory.
    """

    keys: tuple[Cle, ...]
    position: dict[Cle, int]
    groups: tuple[tuple[int, tuple[int, ...]], ...]
    lines: tuple[Line, ...]
    lines_of: tuple[tuple[int, ...], ...]
    rows: dict[Node, Row] = field(default_factory=dict)


def without_dimension(cle: Cle, dimension: str) -> Cle:
    """The same key, one dimension back to its total."""
    if dimension in ("sexe", "age"):
        return replace(cle, **{dimension: ENSEMBLE})
    kept = [part for part in cle.detail.split("|") if part.partition(":")[0] != dimension]
    return replace(cle, detail="|".join(kept))


def build_relations(keys: Iterable[Cle], mesures: Mapping[str, Mesure], dimensions: Mapping[str, Dimension]) -> Relations:
    """Every relation among these keys, in a stable order."""
    ordered = tuple(sorted(keys))
    position = {cle: rank for rank, cle in enumerate(ordered)}
    by_parent: dict[tuple[Cle, str], dict[str, int]] = defaultdict(dict)
    for cle, rank in position.items():
        for dimension, modality in cle.breakdown.items():
            by_parent[without_dimension(cle, dimension), dimension][modality] = rank
    groups, lines = [], []
    for (parent, dimension), members in by_parent.items():
        groups.append((position.get(parent, -1), tuple(members.values())))
        declared = dimensions[dimension]
        sums = {**declared.sommes, **declared.regroupements}
        lines += _group_lines(members, sums)
        lines += _nested_lines(members, declared.inclusions)
        if parent in position:
            family = _family(parent.mesure, dimension, mesures, dimensions)
            lines += _breakdown_lines(position[parent], members, family, sums)
    for cle, rank in position.items():
        lines += _inclusion_lines(cle, rank, position, mesures)
        lines += _parts_lines(cle, rank, position, mesures)
    lines_of: list[list[int]] = [[] for _ in ordered]
    for number, line in enumerate(lines):
        for rank in line.members:
            lines_of[rank].append(number)
    rows = {(number, name): _row(line, number, name) for number, line in enumerate(lines) for name in TERRITORIES}
    return Relations(ordered, position, tuple(groups), tuple(lines), tuple(map(tuple, lines_of)), rows)


def _row(line: Line, number: int, territory: str) -> Row:
    signs = dict.fromkeys(((rank, territory) for rank in line.children), 1) | {(line.parent, territory): -1}
    if not line.is_exhaustive:
        signs[-1 - number, territory] = 1
    return Row(signs, line.kind != BREAKDOWN)


def _family(mesure: str, dimension: str, mesures: Mapping[str, Mesure], dimensions: Mapping[str, Dimension]) -> tuple[str, ...]:
    declared = mesures[mesure].familles.get(dimension, ())
    if not declared and dimension == "sexe":  # women and men always make the total, declared or not
        return tuple(dimensions["sexe"].modalites)
    return declared


def _breakdown_lines(
    parent: int, members: dict[str, int], family: tuple[str, ...], groups: Mapping[str, tuple[str, ...]]
) -> list[Line]:
    """The declared family as one line, by groups where it is grouped; a modality outside it is only a part of the total."""
    covered: dict[str, set[str]] = {}
    for modality in members:
        parts = set(groups.get(modality, (modality,)))
        if parts <= set(family) and not any(parts & others for others in covered.values()):
            covered[modality] = parts
    lines = []
    if covered:
        is_exhaustive = set().union(*covered.values()) == set(family)
        lines.append(Line(BREAKDOWN, parent, tuple(members[modality] for modality in covered), is_exhaustive))
    lines += [Line(BREAKDOWN, parent, (rank,), False) for modality, rank in members.items() if modality not in covered]
    return lines


def _group_lines(members: dict[str, int], groups: Mapping[str, tuple[str, ...]]) -> list[Line]:
    """A grouped modality given beside those it stands for: one part of the table adds up to another."""
    lines = []
    for group in members.keys() & groups.keys():
        present = tuple(members[name] for name in groups[group] if name in members)
        if present:
            lines.append(Line(PARTS, members[group], present, len(present) == len(groups[group])))
    return sorted(lines, key=lambda line: line.members)


def _nested_lines(members: dict[str, int], inclusions: Mapping[str, tuple[str, ...]]) -> list[Line]:
    """Modalities of one dimension that contain one another: « three children or more » within « with children »."""
    pairs = [(whole, part) for whole, parts in inclusions.items() for part in parts if whole in members and part in members]
    return [Line(INCLUSION, members[whole], (members[part],), False) for whole, part in pairs]


def _inclusion_lines(cle: Cle, rank: int, position: dict[Cle, int], mesures: Mapping[str, Mesure]) -> list[Line]:
    """The nearest measure given that contains this one; farther ones follow from it, and so do exhaustive parts."""
    for name in containing(cle.mesure, mesures):
        whole = position.get(replace(cle, mesure=name))
        if whole is None:
            continue
        parts = mesures[name].parties
        is_told_by_parts = cle.mesure in parts and all(replace(cle, mesure=part) in position for part in parts)
        is_sensitive = not mesures[cle.mesure].complement_public
        is_about_all = is_sensitive and cle.mesure not in parts and mesures[cle.mesure].unite != DWELLINGS
        return [] if is_told_by_parts else [Line(INCLUSION, whole, (rank,), False, is_sensitive, is_about_all)]
    return []


def containing(mesure: str, mesures: Mapping[str, Mesure]) -> list[str]:
    """The measures that contain this one, nearest first."""
    found: list[str] = []
    name = mesures[mesure].inclus_dans
    while name and name not in found:
        found.append(name)
        name = mesures[name].inclus_dans
    return found


def _parts_lines(cle: Cle, rank: int, position: dict[Cle, int], mesures: Mapping[str, Mesure]) -> list[Line]:
    parts = mesures[cle.mesure].parties
    present = tuple(position[part] for part in (replace(cle, mesure=name) for name in parts) if part in position)
    return [Line(PARTS, rank, present, len(present) == len(parts))] if present else []


def find_crossings(relations: Relations) -> list[dict[tuple[str, str], int]]:
    """The two-way tables that stand between two sets of totals: (modality, modality) → key's position."""
    tables: dict[tuple, dict[tuple[str, str], int]] = defaultdict(dict)
    for cle, rank in relations.position.items():
        if len(cle.breakdown) != 2:
            continue
        (first, one), (second, other) = cle.breakdown.items()
        if without_dimension(cle, first) in relations.position and without_dimension(cle, second) in relations.position:
            tables[cle.mesure, first, second][one, other] = rank
    return list(tables.values())
