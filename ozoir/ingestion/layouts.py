"""Declared tables made ready to be looked for: every accepted spelling of every header, normalised once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ozoir.catalogue.model import Source, Tableau
from ozoir.ingestion.headers import NESTED, PERIOD, YEAR, normalise

SERIE, TRANSPOSE, LOGEMENTS = "serie", "transpose", "logements"


@dataclass(frozen=True)
class Layout:
    """One table of one source. spellings: normalised header → the header as declared now.

    signature: for each required header, its accepted spellings. mapped: declared headers that feed facts.
    """

    source: Source
    tableau: Tableau
    spellings: dict[str, str]
    signature: tuple[tuple[str, frozenset[str]], ...]
    absent: frozenset[str]
    mapped: frozenset[str]
    row_labels: frozenset[str]
    has_years: bool
    has_periods: bool
    is_nested: bool

    @property
    def title(self) -> str:
        """« Insee, insertion professionnelle, tableau QPV »."""
        return f"{self.source.titre}, tableau « {self.tableau.nom} »"


def build_layouts(sources: Iterable[Source]) -> list[Layout]:
    """Every table of these sources."""
    return [_build(source, tableau) for source in sources for tableau in source.tableaux]


def known_headers(layouts: Iterable[Layout]) -> set[str]:
    """Every normalised header any layout knows: what tells a separator from a comma in a text."""
    return {spelling for layout in layouts for spelling in layout.spellings}


def _build(source: Source, tableau: Tableau) -> Layout:
    former = {old: new for bloc in tableau.blocs for old, new in bloc.anciens_noms.items()}
    former |= {old: column.colonne for column in tableau.dimensions for old in column.anciens_noms}
    mapped = [] if tableau.forme in (TRANSPOSE, LOGEMENTS) else [name for bloc in tableau.blocs for name in bloc.colonnes]
    declared = [*tableau.signature, *mapped, *_others(tableau)]
    spellings = {normalise(old): new for old, new in former.items()}
    spellings |= {normalise(name): name for name in declared if name not in former}
    signature = tuple(
        (name, frozenset(spelling for spelling, target in spellings.items() if normalise(target) == normalise(name)))
        for name in tableau.signature
    )
    labels = frozenset(normalise(name) for bloc in tableau.blocs for name in [*bloc.colonnes, *bloc.anciens_noms])
    return Layout(
        source=source,
        tableau=tableau,
        spellings=spellings,
        signature=signature,
        absent=frozenset(map(normalise, tableau.absentes)),
        mapped=frozenset(mapped),
        row_labels=labels if tableau.forme == TRANSPOSE else frozenset(),
        has_years=any(YEAR in name for name in declared),
        has_periods=any(PERIOD in name for name in declared),
        is_nested=any(NESTED.strip() in name for name in tableau.signature),
    )


def _others(tableau: Tableau) -> list[str]:
    rules = tableau.territoire
    names = [*rules.colonnes, *rules.libelles, *rules.communes, *tableau.notes, *tableau.ignorees]
    names += [column.colonne for column in tableau.dimensions]
    names += [bloc.note for bloc in tableau.blocs if bloc.note]
    if rules.regle == "entetes":
        names += rules.valeurs
    if tableau.date:
        names.append(tableau.date)
    if tableau.logements:
        names += [name for accepted in tableau.logements.colonnes.values() for name in accepted]
    return names
