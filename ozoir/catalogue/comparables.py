"""On what two priority quartiers are said comparable: declared variables, their weights, how many neighbours."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from ozoir.catalogue.model import Cle, parse_cle
from ozoir.catalogue.toml_reading import build, read_toml
from ozoir.paths import CATALOGUE


@dataclass(frozen=True)
class Variable:
    """One published value per quartier; logarithme: distances bear on its logarithm (sizes)."""

    titre: str
    unite: str
    cle: str
    source: str
    poids: float
    logarithme: bool = False
    decimales: int = 0

    @property
    def cle_de_fait(self) -> Cle:
        return parse_cle(self.cle)


@dataclass(frozen=True)
class Comparables:
    """nombre: how many neighbours are kept; minimum: the fewest candidates among which to look for them."""

    nombre: int
    minimum: int
    variables: tuple[Variable, ...]


@lru_cache(maxsize=1)
def load_comparables() -> Comparables:
    """The shipped declaration."""
    path = CATALOGUE / "comparables.toml"
    return build(Comparables, read_toml(path), path)
