"""Columns whose cells are modalities: « Femmes », « Moins de 25 ans », « A » (a category which chooses the measure)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ozoir.catalogue.loading import Catalogue
from ozoir.catalogue.model import ENSEMBLE, Cle, ColonneDimension, parse_cle
from ozoir.ingestion.headers import normalise, read_text

MESURE = "mesure"
UNKNOWN = -1


@dataclass(frozen=True)
class Breakdown:
    """One dimension column, read: a rank in `modalities` per row, UNKNOWN where the text is not one of them."""

    dimension: str
    ranks: np.ndarray
    modalities: tuple[str, ...]


class ModalityReader:
    """The texts accepted for one dimension column: as declared, then the catalogue's own labels."""

    def __init__(self, column: ColonneDimension, catalogue: Catalogue) -> None:
        self.column = column
        known: dict[str, str] = {}
        if column.dimension != MESURE:
            labels = catalogue.dimensions[column.dimension].modalites
            known = {normalise(word): modality for modality, label in labels.items() for word in (modality, label)}
            known |= dict.fromkeys(("ensemble", "total", "tous", "toutes"), ENSEMBLE)
        self.accepted = {**known, **{normalise(text): target for text, target in column.valeurs.items()}}

    def read(self, cells: Sequence[object]) -> Breakdown:
        """The modality of each cell."""
        modalities = tuple(dict.fromkeys(self.accepted.values()))
        ranks = {modality: rank for rank, modality in enumerate(modalities)}
        memo = {cell: ranks.get(self.accepted.get(normalise(read_text(cell)), ""), UNKNOWN) for cell in set(cells)}
        return Breakdown(self.column.dimension, np.array([memo[cell] for cell in cells], dtype=np.int64), modalities)


def combine(breakdowns: Sequence[Breakdown], size: int) -> tuple[np.ndarray, list[Cle]]:
    """(per row, its rank among the combinations; the combinations as keys whose measure may be empty)."""
    codes = np.zeros(size, dtype=np.int64)
    for breakdown in breakdowns:
        codes = codes * (len(breakdown.modalities) + 1) + breakdown.ranks + 1
    distinct, ranks = np.unique(codes, return_inverse=True)
    keys = []
    for code in distinct.tolist():
        cle = Cle("")
        for breakdown in reversed(breakdowns):
            code, rank = divmod(code, len(breakdown.modalities) + 1)
            if rank:
                cle = _break_down(cle, breakdown.dimension, breakdown.modalities[rank - 1])
        keys.append(cle)
    return ranks, keys


def _break_down(cle: Cle, dimension: str, modality: str) -> Cle:
    if dimension == MESURE:
        return merge(parse_cle(modality), cle)
    return cle if modality == ENSEMBLE else cle.with_modality(dimension, modality)


def merge(cle: Cle, other: Cle) -> Cle:
    """A key with another's breakdown added, and its measure when it names one."""
    merged = Cle(other.mesure or cle.mesure, cle.sexe, cle.age, cle.detail)
    for dimension, modality in other.breakdown.items():
        merged = merged.with_modality(dimension, modality)
    return merged
