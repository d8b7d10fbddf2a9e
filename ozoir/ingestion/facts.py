"""Facts being gathered, column by column: codes and arrays, never one object per fact."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from ozoir.catalogue.model import STATUTS, Cle
from ozoir.ingestion.delivery import FACT_COLUMNS
from ozoir.ingestion.territories import Territory

if TYPE_CHECKING:
    import pandas as pd

_EPOCH = date(1970, 1, 1)
_ARRAYS = ("cle", "territoire", "jour", "valeur", "statut", "contexte", "ligne", "colonne")


@dataclass(frozen=True)
class Context:
    """What all the facts of one column share."""

    source: str
    edition: str
    feuille: str
    entete: str
    origine: str = ""
    qpv_publies: int = 0
    qpv_non_diffuses: int = 0


class Vocabulary(dict):
    """Things numbered in the order they are met."""

    def rank(self, thing: Hashable) -> int:
        """The number of a thing, a new one when it is new."""
        return self.setdefault(thing, len(self))


def day_number(day: date) -> int:
    """Days since 1970: how dates travel in arrays."""
    return (day - _EPOCH).days


def day_of(number: int) -> date:
    """The date of a day number."""
    return date.fromordinal(_EPOCH.toordinal() + number)


@dataclass(frozen=True)
class Facts:
    """Facts as parallel arrays; cle, territoire and contexte are ranks in their lists, jour counts days since 1970."""

    cles: list[Cle]
    territoires: list[Territory]
    contextes: list[Context]
    cle: np.ndarray
    territoire: np.ndarray
    jour: np.ndarray
    valeur: np.ndarray
    statut: np.ndarray
    contexte: np.ndarray
    ligne: np.ndarray
    colonne: np.ndarray

    def __len__(self) -> int:
        return len(self.cle)

    def keep(self, is_kept: np.ndarray) -> Facts:
        """Only these facts."""
        return replace(self, **{name: getattr(self, name)[is_kept] for name in _ARRAYS})


@dataclass
class FactBuilder:
    """Takes the facts of one column at a time."""

    cles: Vocabulary = field(default_factory=Vocabulary)
    territoires: Vocabulary = field(default_factory=Vocabulary)
    contextes: Vocabulary = field(default_factory=Vocabulary)
    _chunks: list[tuple[np.ndarray, ...]] = field(default_factory=list)

    def add(self, cle, territoire, jour, valeur, statut, contexte: Context, ligne, colonne) -> None:
        """Arrays of one length, or single numbers repeated; cle and territoire are ranks of the vocabularies."""
        parts = [cle, territoire, jour, valeur, statut, self.contextes.rank(contexte), ligne, colonne]
        size = max(np.size(part) for part in parts)
        kinds = (np.int32, np.int32, np.int32, np.float64, np.int8, np.int32, np.int32, np.int32)
        if all(np.size(part) for part in parts):
            self._chunks.append(
                tuple(np.broadcast_to(np.asarray(part, kind), size) for part, kind in zip(parts, kinds, strict=True))
            )

    def build(self) -> Facts:
        """Everything added, in the order it was."""
        kinds = (np.int32, np.int32, np.int32, np.float64, np.int8, np.int32, np.int32, np.int32)
        columns = [np.concatenate(parts) for parts in zip(*self._chunks, strict=True)] or [np.empty(0, kind) for kind in kinds]
        return Facts(list(self.cles), list(self.territoires), list(self.contextes), *columns)


def encode_columns(facts: Facts) -> dict[str, np.ndarray | tuple[np.ndarray, list[str]]]:
    """FACT_COLUMNS as arrays; texts as (ranks, distinct texts)."""

    def encode(ranks: np.ndarray, texts: Sequence[str]) -> tuple[np.ndarray, list[str]]:
        distinct = Vocabulary()
        table = np.array([distinct.rank(text) for text in texts], dtype=np.int32)
        return (table[ranks] if len(table) else ranks), list(distinct)

    contexts = facts.contextes
    columns = {
        "mesure": encode(facts.cle, [cle.mesure for cle in facts.cles]),
        "territoire": encode(facts.territoire, [territory.code for territory in facts.territoires]),
        "zonage": encode(facts.territoire, [territory.zonage for territory in facts.territoires]),
        "date_reference": facts.jour.astype("datetime64[D]"),
        "sexe": encode(facts.cle, [cle.sexe for cle in facts.cles]),
        "age": encode(facts.cle, [cle.age for cle in facts.cles]),
        "detail": encode(facts.cle, [cle.detail for cle in facts.cles]),
        "valeur": facts.valeur,
        "statut": (facts.statut.astype(np.int32), list(STATUTS)),
        **{
            name: encode(facts.contexte, [getattr(context, name) for context in contexts])
            for name in ("source", "edition", "feuille", "entete", "origine")
        },
        "ligne": facts.ligne,
        "colonne": facts.colonne,
        **{
            name: np.array([getattr(context, name) for context in contexts], dtype=np.int32)[facts.contexte]
            for name in ("qpv_publies", "qpv_non_diffuses")
        },
    }
    return {name: columns[name] for name in FACT_COLUMNS}


def make_frame(columns: dict[str, np.ndarray | tuple[np.ndarray, list[str]]]) -> pd.DataFrame:
    """The DataFrame of FACT_COLUMNS: texts as categories, the date as datetime64[s]."""
    import pandas as pd  # not at the top: the reading process does without

    frame = {}
    for name, column in columns.items():
        if isinstance(column, tuple):
            frame[name] = pd.Categorical.from_codes(column[0], categories=pd.Index(column[1], dtype=str))
        else:
            frame[name] = column.astype("datetime64[s]") if name == "date_reference" else column
    return pd.DataFrame(frame, columns=list(FACT_COLUMNS))
