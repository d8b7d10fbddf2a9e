"""Current facts looked up by source, key, territory and date, masks applied: what every formula reads."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

import pandas as pd

from ozoir.catalogue.loading import Catalogue
from ozoir.catalogue.model import Cle, Territoire
from ozoir.indicators.cells import zoning_rank
from ozoir.indicators.ensembles import VOISINS
from ozoir.indicators.masking import Masks
from ozoir.indicators.relations import COMMUNE, QPV, RESTE
from ozoir.indicators.results import MANQUANT, MASQUE, NON_DIFFUSE, Provenance
from ozoir.indicators.terms import ABSENT, RAISONS, Term, merge_provenances, merge_statut, refuse
from ozoir.ingestion.delivery import cell_name

_SHOWN = ("connu", "provisoire")
_COLUMNS = ("source", "mesure", "sexe", "age", "detail", "territoire", "zonage", "valeur", "statut", "edition")
_ORIGIN = ("import_id", "fichier", "feuille", "ligne", "colonne", "entete", "origine", "qpv_publies", "qpv_non_diffuses")

Series = Mapping[date, Term]


class FactIndex:
    """Facts of the contract's territories and of the sums of QPV; a masked value is not in here."""

    def __init__(self, facts: pd.DataFrame, masks: Masks, catalogue: Catalogue) -> None:
        territoire = catalogue.territoire
        self._masks = masks
        self._groups = {
            (dimension, group): members
            for dimension, declared in catalogue.dimensions.items()
            for group, members in declared.regroupements.items()
        }
        self._terms: dict[tuple[str, Cle, str], dict[date, Term]] = defaultdict(dict)
        self._counts: dict[tuple[str, Cle, str, date], tuple[int, int]] = {}
        self._modalities: dict[str, set[tuple[str, str]]] = defaultdict(set)
        keys: dict[tuple, Cle] = {}
        places: dict[str, str] = {}
        days = pd.to_datetime(facts["date_reference"]).dt.date.tolist()
        rows = zip(days, *(facts[name].tolist() for name in (*_COLUMNS, *_ORIGIN)), strict=True)
        for day, source, mesure, sexe, age, detail, code, zonage, value, statut, edition, *origin in rows:
            parts = (mesure, sexe, age, detail)
            cle = keys.get(parts) or keys.setdefault(parts, Cle(*parts))
            if code.startswith("QPV-"):
                self._counts[source, cle, code, day] = (int(origin[-2]), int(origin[-1]))
            if code not in places:
                places[code] = self._place(code, territoire)
            place = places[code]
            if place == QPV and masks.hides_other_zoning(source, day, zonage):
                continue
            held = self._terms[source, cle, place].get(day)
            if held and zoning_rank(territoire, day, held.zonage) > zoning_rank(territoire, day, zonage):
                continue
            term = self._read(source, day, cle, place, zonage, value, statut, edition, origin)
            self._terms[source, cle, place][day] = term
            for dimension, modality in cle.breakdown.items():
                self._modalities[mesure].add((dimension, modality))
        self._given = frozenset(self._terms)

    def _place(self, code: str, territoire: Territoire) -> str:
        if code in territoire.codes_quartier:
            return QPV
        return COMMUNE if code == territoire.code_commune else code

    def _read(self, source, day, cle, place, zonage, value, statut, edition, origin) -> Term:
        import_id, fichier, feuille, ligne, colonne, entete, origine, *_ = origin
        cell = cell_name(ligne, colonne) if ligne and colonne else ""
        provenance = Provenance(int(import_id), fichier, feuille, cell, entete, edition, origine)
        if place in (QPV, COMMUNE, VOISINS) and self._masks.hides(source, day, cle, QPV if place == VOISINS else place):
            return Term(None, MASQUE, RAISONS[MASQUE], source, zonage, day)
        if statut in _SHOWN and value == value:
            return Term(float(value), statut, "", source, zonage, day, (provenance,))
        statut = statut if statut not in _SHOWN else MANQUANT
        return Term(None, statut, RAISONS.get(statut, RAISONS[NON_DIFFUSE]), source, zonage, day, (provenance,))

    def series(self, source: str, cle: Cle, place: str) -> Series:
        """Date → term, of one key in one territory (qpv, commune, or a code); a group not given is added up."""
        key = (source, cle, place)
        if key not in self._terms:
            self._terms[key] = self._add_up(source, cle, place) if self._members(cle) else {}
        return self._terms[key]

    def _members(self, cle: Cle) -> list[Cle]:
        """The keys that a grouped key stands for."""
        for dimension, modality in cle.breakdown.items():
            if (dimension, modality) in self._groups:
                return [cle.with_modality(dimension, name) for name in self._groups[dimension, modality]]
        return []

    def _add_up(self, source: str, cle: Cle, place: str) -> dict[date, Term]:
        """At the dates where every member is given: their sum, or why one of them has no value."""
        members = [self._terms.get((source, member, place), {}) for member in self._members(cle)]
        found = {}
        for day in sorted(set.intersection(*(set(series) for series in members))):
            terms = [series[day] for series in members]
            refusal = refuse(*terms)
            value = None if refusal else sum(term.valeur for term in terms)
            statut, raison = (refusal.statut, refusal.raison) if refusal else (merge_statut(*terms), "")
            cells = () if refusal else merge_provenances(*terms)
            found[day] = Term(value, statut, raison, source, terms[0].zonage, day, cells)
        return found

    def term(self, source: str, cle: Cle, place: str, day: date) -> Term:
        return self.series(source, cle, place).get(day, ABSENT)

    def is_rest_masked(self, source: str, cle: Cle, day: date) -> bool:
        keys = [cle] if (source, cle, QPV) in self._given else self._members(cle) or [cle]
        return any(self._masks.hides(source, day, key, RESTE) for key in keys)

    def published_counts(self, source: str, cle: Cle, code: str, day: date) -> tuple[int, int]:
        """(QPV that published, QPV that did not) behind a sum of QPV."""
        return self._counts.get((source, cle, code, day), (0, 0))

    def gives_modality(self, cle: Cle, dimension: str, modality: str, sources: Iterable[str]) -> bool:
        """Whether one of these sources has facts for this very modality, in the quartier or the commune."""
        key = cle.with_modality(dimension, modality)
        return any((source, key, place) in self._given for source in sources for place in (QPV, COMMUNE))

    def has_modality(self, cle: Cle, dimension: str, modality: str, sources: Iterable[str]) -> bool:
        """Whether one of these sources gives this key broken down by this modality or by those it groups."""
        names = self._groups.get((dimension, modality), (modality,))
        if not any((dimension, name) in self._modalities[cle.mesure] for name in (modality, *names)):
            return False
        broken_down = cle.with_modality(dimension, modality)
        return any(self.series(source, broken_down, place) for source in sources for place in (QPV, COMMUNE))
