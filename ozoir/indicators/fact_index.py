"""Current facts looked up by source, key, territory and date, masks applied: what every formula reads."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

import pandas as pd

from ozoir.catalogue.model import Cle, Territoire
from ozoir.indicators.cells import zoning_rank
from ozoir.indicators.masking import Masks
from ozoir.indicators.relations import COMMUNE, QPV, RESTE
from ozoir.indicators.results import MANQUANT, MASQUE, NON_DIFFUSE, Provenance
from ozoir.indicators.terms import ABSENT, RAISONS, Term
from ozoir.ingestion.delivery import cell_name

_SHOWN = ("connu", "provisoire")
_COLUMNS = ("source", "mesure", "sexe", "age", "detail", "territoire", "zonage", "valeur", "statut", "edition")
_ORIGIN = ("import_id", "fichier", "feuille", "ligne", "colonne", "entete", "origine", "qpv_publies", "qpv_non_diffuses")

Series = Mapping[date, Term]


class FactIndex:
    """Facts of the contract's territories and of the sums of QPV; a masked value is not in here."""

    def __init__(self, facts: pd.DataFrame, masks: Masks, territoire: Territoire) -> None:
        self._masks = masks
        self._terms: dict[tuple[str, Cle, str], dict[date, Term]] = defaultdict(dict)
        self._counts: dict[tuple[str, Cle, str, date], tuple[int, int]] = {}
        self._modalities: dict[str, set[tuple[str, str]]] = defaultdict(set)
        keys: dict[tuple, Cle] = {}
        days = pd.to_datetime(facts["date_reference"]).dt.date.tolist()
        rows = zip(days, *(facts[name].tolist() for name in (*_COLUMNS, *_ORIGIN)), strict=True)
        for day, source, mesure, sexe, age, detail, code, zonage, value, statut, edition, *origin in rows:
            parts = (mesure, sexe, age, detail)
            cle = keys.get(parts) or keys.setdefault(parts, Cle(*parts))
            if code.startswith("QPV-"):
                self._counts[source, cle, code, day] = (int(origin[-2]), int(origin[-1]))
            place = self._place(code, territoire)
            if place == QPV and masks.hides_other_zoning(source, day, zonage):
                continue
            held = self._terms[source, cle, place].get(day)
            if held and zoning_rank(territoire, day, held.zonage) > zoning_rank(territoire, day, zonage):
                continue
            term = self._read(source, day, cle, place, zonage, value, statut, edition, origin)
            self._terms[source, cle, place][day] = term
            for dimension, modality in cle.breakdown.items():
                self._modalities[mesure].add((dimension, modality))

    def _place(self, code: str, territoire: Territoire) -> str:
        if code in territoire.codes_quartier:
            return QPV
        return COMMUNE if code == territoire.code_commune else code

    def _read(self, source, day, cle, place, zonage, value, statut, edition, origin) -> Term:
        import_id, fichier, feuille, ligne, colonne, entete, origine, *_ = origin
        cell = cell_name(ligne, colonne) if ligne and colonne else ""
        provenance = Provenance(int(import_id), fichier, feuille, cell, entete, edition, origine)
        if place in (QPV, COMMUNE) and self._masks.hides(source, day, cle, place):
            return Term(None, MASQUE, RAISONS[MASQUE], source, zonage, day)
        if statut in _SHOWN and value == value:
            return Term(float(value), statut, "", source, zonage, day, (provenance,))
        statut = statut if statut not in _SHOWN else MANQUANT
        return Term(None, statut, RAISONS.get(statut, RAISONS[NON_DIFFUSE]), source, zonage, day, (provenance,))

    def series(self, source: str, cle: Cle, place: str) -> Series:
        """Date → term, of one key in one territory (qpv, commune, or a code)."""
        return self._terms.get((source, cle, place), {})

    def term(self, source: str, cle: Cle, place: str, day: date) -> Term:
        return self.series(source, cle, place).get(day, ABSENT)

    def is_rest_masked(self, source: str, cle: Cle, day: date) -> bool:
        return self._masks.hides(source, day, cle, RESTE)

    def published_counts(self, source: str, cle: Cle, code: str, day: date) -> tuple[int, int]:
        """(QPV that published, QPV that did not) behind a sum of QPV."""
        return self._counts.get((source, cle, code, day), (0, 0))

    def has_modality(self, cle: Cle, dimension: str, modality: str, sources: Iterable[str]) -> bool:
        """Whether one of these sources gives this key broken down by this modality, in the quartier or the commune."""
        if (dimension, modality) not in self._modalities[cle.mesure]:
            return False
        broken_down = cle.with_modality(dimension, modality)
        return any(self.series(source, broken_down, place) for source in sources for place in (QPV, COMMUNE))
