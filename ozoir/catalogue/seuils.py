"""Confidentiality thresholds: those of the catalogue, those that a convention changed, and how far they may go."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from ozoir.catalogue.diffusions import DIFFUSIONS, PUBLIQUE, RESTREINTE
from ozoir.catalogue.loading import Catalogue
from ozoir.catalogue.model import SourceStatistique

LEAST, MOST = 3, 100  # whatever a convention says: under 3, a shown count tells two people about each other
_PREFIX = "seuil"


@dataclass(frozen=True)
class Seuil:
    """One threshold that may be changed. unite: "" for all that the source counts, else one unit of it. cle: its setting."""

    source: str
    titre: str
    unite: str
    diffusion: str
    defaut: int
    is_fiscal: bool

    @property
    def cle(self) -> str:
        return ":".join((_PREFIX, self.diffusion, self.source, self.unite))

    @property
    def least(self) -> int:
        """The lowest value accepted, a convention being named."""
        return self.defaut if self.is_fiscal else LEAST


def declared_seuils(catalogue: Catalogue) -> Iterator[Seuil]:
    """Of the sources that are masked here, by source then diffusion."""
    for name, source in catalogue.statistiques.items():
        for diffusion in (RESTREINTE, PUBLIQUE) if not source.protegee else ():
            yield Seuil(name, source.titre, "", diffusion, _default(source, diffusion), source.fiscale)
            for unite, value in source.seuils.items():
                yield Seuil(name, source.titre, unite, diffusion, value, source.fiscale)


def _default(source: SourceStatistique, diffusion: str) -> int:
    return max(source.seuil, source.seuil_public) if diffusion == PUBLIQUE else source.seuil


def with_seuils(catalogue: Catalogue, settings: Mapping[str, str], diffusion: str) -> Catalogue:
    """The catalogue with the thresholds in force for a diffusion; the public ones are never lower than the restricted ones."""
    values = effective_seuils(catalogue, settings)
    changed = {
        name: replace(
            source,
            seuil=values[diffusion, name, ""],
            seuils={unite: values[diffusion, name, unite] for unite in source.seuils},
        )
        for name, source in catalogue.statistiques.items()
        if not source.protegee
    }
    return replace(catalogue, statistiques={**catalogue.statistiques, **changed})


def effective_seuils(catalogue: Catalogue, settings: Mapping[str, str]) -> dict[tuple[str, str, str], int]:
    """(diffusion, source, unit) → the threshold in force."""
    values: dict[tuple[str, str, str], int] = {}
    for item in declared_seuils(catalogue):
        value = int(settings.get(item.cle, item.defaut))
        if item.diffusion == PUBLIQUE:
            value = max(value, values[RESTREINTE, item.source, item.unite])
        values[item.diffusion, item.source, item.unite] = value
    return values


def describe(item: Seuil) -> str:
    """« Caf, extraction locale – ménages – diffusion publique »."""
    words = (item.titre, item.unite, DIFFUSIONS[item.diffusion].partition(" –")[0].lower())
    return " – ".join(filter(None, words))
