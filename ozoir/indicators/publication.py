"""Everything that may be shown of one state of the base: masked facts, Results, imports. The only door to the store."""

from __future__ import annotations

import copy
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from ozoir.access.identites import current_identity, require
from ozoir.catalogue.diffusions import PUBLIQUE, RESTREINTE, check_diffusion
from ozoir.catalogue.loading import Catalogue
from ozoir.catalogue.model import Cle, Indicateur
from ozoir.catalogue.seuils import with_seuils
from ozoir.errors import OzoirError, did_you_mean
from ozoir.indicators.computation import Computation
from ozoir.indicators.doubts import note_doubts
from ozoir.indicators.ensembles import VOISINS, facts_of, find_common_masks
from ozoir.indicators.fact_index import FactIndex
from ozoir.indicators.grouping import apply_groupings
from ozoir.indicators.masking import Masks
from ozoir.indicators.relations import COMMUNE, QPV
from ozoir.indicators.results import MASQUE, Provenance, Result
from ozoir.store.base import Store
from ozoir.store.contestations import Contestation, FactKey, contested_facts
from ozoir.store.correspondances import with_correspondances
from ozoir.store.facts import corrected_facts, current_facts, history_facts
from ozoir.store.imports import Import, list_imports
from ozoir.store.reglages import settings_in_force


@dataclass(frozen=True)
class Couverture:
    """Whether an indicator is fed, since when, and by which files."""

    indicateur: Indicateur
    is_fed: bool
    date_reference: date | None
    provenances: tuple[Provenance, ...]
    attente: str


class Publication:
    """One state of one base in one diffusion. Results are computed when asked, then kept; several threads may ask."""

    def __init__(
        self,
        catalogue: Catalogue,
        facts: pd.DataFrame,
        masks: Masks,
        imports: Sequence[Import],
        state: int,
        fictif: bool,
        contested: Mapping[FactKey, Contestation] | None = None,
        diffusion: str = RESTREINTE,
        public: Publication | None = None,
    ) -> None:
        """`public`: the public diffusion of a restricted publication, when its masks are not the same."""
        self.catalogue = catalogue
        self.diffusion = diffusion
        self._diffusions = {diffusion: self}
        if public:
            self._diffusions[PUBLIQUE] = public
            public._diffusions = self._diffusions
        self.state = state
        self.fictif = fictif
        self.masks = masks
        self._facts = facts
        self._imports = tuple(imports)
        self._contested = contested or {}
        self._computation = Computation(catalogue, FactIndex(apply_groupings(facts, masks.groupings), masks, catalogue), fictif)
        self._results: dict[tuple, Result] = {}
        self._lock = threading.RLock()

    def diffused(self, diffusion: str) -> Publication:
        """What the other diffusion shows of the same facts. The restricted one is for those who may read it."""
        check_diffusion(diffusion)
        if diffusion == RESTREINTE:
            require(current_identity(), "lecture restreinte")
        with self._lock:
            if diffusion not in self._diffusions:  # same thresholds, same masks: what is computed for one serves the other
                twin = self._diffusions[diffusion] = copy.copy(self)
                twin.diffusion = diffusion
            return self._diffusions[diffusion]

    def result(self, indicateur: str, decoupage: str = "", filtres: Mapping[str, str] | None = None) -> Result:
        """One indicator, broken down or not; `filtres`: dimension → modality."""
        declared = self.catalogue.indicateurs.get(indicateur)
        if declared is None:
            raise OzoirError("Indicateur inconnu.", f"« {indicateur} ».{did_you_mean(indicateur, self.catalogue.indicateurs)}")
        self._check_dimensions(decoupage, filtres or {})
        key = indicateur, decoupage, tuple(sorted((filtres or {}).items()))
        with self._lock:
            if key not in self._results:
                computed = self._computation.compute(declared, decoupage, filtres)
                self._results[key] = note_doubts(computed, self._contested, self.catalogue)
            return self._results[key]

    def _check_dimensions(self, decoupage: str, filtres: Mapping[str, str]) -> None:
        dimensions = self.catalogue.dimensions
        for name in filter(None, (decoupage, *filtres)):
            if name not in dimensions:
                raise OzoirError("Découpage inconnu.", f"« {name} ».{did_you_mean(name, dimensions)}")
        for name, modality in filtres.items():
            if modality not in dimensions[name].modalites:
                raise OzoirError("Modalité inconnue.", f"« {modality} ».{did_you_mean(modality, dimensions[name].modalites)}")

    def results(self, pilier: str | None = None, axe: str | None = None) -> list[Result]:
        """The totals, in the catalogue's order, of a pillar, of an axis, or all."""
        chosen = [
            indicateur
            for indicateur in self.catalogue.indicateurs.values()
            if (pilier is None or indicateur.pilier == pilier) and (axe is None or axe in indicateur.axes)
        ]
        return [
            self.result(indicateur.id) for indicateur in sorted(chosen, key=lambda item: (item.pilier, item.ordre, item.id))
        ]

    def confidential_facts(self) -> pd.DataFrame:
        """The facts before masking: for `audit`, which must know what it tries to find. Never shown, never exported."""
        return self._facts

    def faits(self, territoires: Sequence[str] = ()) -> pd.DataFrame:
        """Facts with their provenance; a masked one keeps its key and loses its value and its cell."""
        wanted = set(territoires) or {*self.catalogue.territoire.codes_quartier, self.catalogue.territoire.code_commune}
        facts = self._facts[self._facts["territoire"].isin(wanted)].copy()
        is_hidden = pd.Series([self._is_hidden(row) for row in facts.itertuples()], index=facts.index, dtype=bool)
        facts["valeur"] = facts["valeur"].mask(is_hidden)
        facts["statut"] = facts["statut"].astype(str).mask(is_hidden, MASQUE)
        return facts.reset_index(drop=True)

    def _is_hidden(self, row) -> bool:
        territoire = self.catalogue.territoire
        day, cle = row.date_reference.date(), Cle(row.mesure, row.sexe, row.age, row.detail)
        if row.territoire == territoire.code_commune:
            return self.masks.hides(row.source, day, cle, COMMUNE)
        if row.territoire not in (*territoire.codes_quartier, VOISINS):
            return False
        return self.masks.hides_other_zoning(row.source, day, row.zonage) or self.masks.hides(row.source, day, cle, QPV)

    def couverture(self) -> list[Couverture]:
        """Per indicator: fed or not, its latest date, the cells behind it, what is awaited."""
        found = []
        for result in self.results():
            point = result.total.latest
            is_fed = not result.is_empty and point is not None
            day = point.date_reference if is_fed else None
            found.append(Couverture(result.indicateur, is_fed, day, result.provenances, result.attente))
        return found

    def imports(self) -> list[Import]:
        return list(self._imports)


# By base, contract and quartier: which base it was, what is declared, what is published of it. The last ones asked for.
_KEPT: dict[tuple[str, str, str], tuple[str, Catalogue, Publication]] = {}
PUBLICATIONS_KEPT = 32
_LOCK = threading.Lock()
_TURNS: dict[tuple[str, str, str], threading.Lock] = {}  # held while the next publication is being made


def publish(store: Store, catalogue: Catalogue, diffusion: str = PUBLIQUE) -> Publication:
    """The publication of the base's present state in one diffusion, kept until a write changes it.

    Its catalogue holds what was declared in the app besides (layouts, measures, indicators), and the thresholds in force.
    After a write, the first who asks computes it; meanwhile the others read the former one, but for who wrote: they wait.
    """
    store = store.of_contract(catalogue.contrat.id)
    key = str(store.path), catalogue.contrat.id, catalogue.territoire.id
    kept = _find_kept(key, store, catalogue)
    if kept is None or kept.state != store.state():
        with _LOCK:
            turn = _TURNS.setdefault(key, threading.Lock())
        is_first = turn.acquire(blocking=False)
        if is_first or kept is None or kept.state < store.own_state:
            if not is_first:
                turn.acquire()
            try:
                kept = _renew(key, store, catalogue)
            finally:
                turn.release()
    return kept.diffused(diffusion)


def _find_kept(key: tuple[str, str, str], store: Store, catalogue: Catalogue) -> Publication | None:
    """The publication last made of this base for this catalogue, whatever was written since."""
    with _LOCK:
        base, declared, kept = _KEPT.get(key, ("", None, None))
        if base != store.identity or declared is not catalogue:
            return None
        _KEPT[key] = _KEPT.pop(key)
        return kept


def _renew(key: tuple[str, str, str], store: Store, catalogue: Catalogue) -> Publication:
    """The publication of the present state, unless somebody has just made it."""
    state, kept = store.state(), _find_kept(key, store, catalogue)
    if kept is None or kept.state != state:
        base, _, former = _KEPT.get(key, ("", None, None))
        former = former if base == store.identity else None
        kept = _publish(store, with_correspondances(store, catalogue), state, former)
        with _LOCK:
            _KEPT.pop(key, None)
            _KEPT[key] = store.identity, catalogue, kept
            if len(_KEPT) > PUBLICATIONS_KEPT:
                del _KEPT[next(iter(_KEPT))]
    return kept


def _publish(store: Store, catalogue: Catalogue, state: int, former: Publication | None) -> Publication:
    """The restricted publication, which holds the public one. The public masks hide all that the restricted ones hide.

    `former`: that of an earlier state. Its masks still hold when imports and catalogue are the same: an entry of the
    follow-up changes no fact.
    """
    territoire = catalogue.territoire
    codes = territoire.codes_lus
    facts = current_facts(store, [*codes, *territoire.comparateurs])
    settings = {cle: reglage.valeur for cle, reglage in settings_in_force(store).items()}
    restricted, public = (with_seuils(catalogue, settings, diffusion) for diffusion in (RESTREINTE, PUBLIQUE))
    rest = list_imports(store), state, store.is_fictif, contested_facts(store)
    is_same = former is not None and former.imports() == rest[0] and former.catalogue == restricted
    has_twin = public.statistiques != restricted.statistiques
    open_sources = [name for name, source in restricted.statistiques.items() if not source.protegee]
    history = None if is_same and not has_twin else corrected_facts(store, codes, open_sources, facts)
    masks, twin = former.masks if is_same else find_common_masks(facts, restricted, history), None
    seen = facts_of(facts, territoire, catalogue)
    if has_twin:
        twin = Publication(public, seen, find_common_masks(facts, public, history, least=masks), *rest, PUBLIQUE)
    return Publication(restricted, seen, masks, *rest, RESTREINTE, twin)


def past_facts(store: Store, catalogue: Catalogue) -> pd.DataFrame:
    """Every value ever loaded, as the contract's territory sees it: for `audit`. Never shown, never exported."""
    history = history_facts(store.of_contract(catalogue.contrat.id), catalogue.territoire.codes_lus)
    return facts_of(history, catalogue.territoire, catalogue)
