"""The base and what it publishes, opened once per process and kept until the next confirmed write."""

from __future__ import annotations

import gc
import logging
from collections.abc import Callable, Hashable
from pathlib import Path
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

import streamlit as st

from ozoir.access.identites import current_identity, require
from ozoir.errors import OzoirError
from ozoir.exploitation.entretien import start_upkeep
from ozoir.indicators.publication import Publication, publish
from ozoir.paths import chosen_base
from ozoir.store import souvenirs
from ozoir.store.base import Store, open_store
from ozoir.ui.contrats import current_catalogue, current_contrat
from ozoir.ui.diffusion import current_diffusion

LOG = logging.getLogger("ozoir.session")
KEPT_AT_MOST = 4000
T = TypeVar("T")
# A publication is that of one state: when the base changes, its own goes, and what was kept for it.
_KEPT: WeakKeyDictionary[Publication, dict] = WeakKeyDictionary()


@st.cache_resource(show_spinner=False)
def _store(path: str) -> Store:
    store = open_store(Path(path))
    start_upkeep(store)
    return store


def opened_store() -> Store:
    """The base of this process, before one knows who asks: for the door only."""
    return _store(str(chosen_base()))


def current_store() -> Store:
    """The base of this process, for whoever may read; OzoirError says why it cannot be read."""
    require(current_identity(), "consulter")
    return opened_store().of_contract(current_contrat())


def current_publication() -> Publication:
    """What may be shown to whoever reads, in the base's present state."""
    return publish(current_store(), current_catalogue(), current_diffusion())


def cache_key(publication: Publication) -> tuple[str, int, str, str, str]:
    """What everything kept in memory depends on: which base, in which state, which diffusion, contract and quartier."""
    catalogue = publication.catalogue
    return (
        opened_store().identity,
        publication.state,
        publication.diffusion,
        catalogue.contrat.id,
        catalogue.territoire.id,
    )


def recall(cle: str) -> Any:
    """What this person chose last time under this key; None when they never did."""
    return souvenirs.recall(current_store(), current_identity().auteur, cle)


def recall_names(debut: str) -> list[str]:
    """The keys that start so under which something is remembered for this person."""
    return souvenirs.recall_names(current_store(), current_identity().auteur, debut)


def remember(cle: str, valeur: Any) -> bool:
    """For this person's next visit; False when nothing was. A base which cannot be written keeps nobody from reading."""
    try:
        souvenirs.remember(current_store(), current_identity().auteur, cle, valeur)
    except OzoirError as error:
        LOG.warning("nothing remembered: %s", error.title)
        return False
    return True


def keep(publication: Publication, key: Hashable, make: Callable[[], T]) -> T:
    """What `make` gives, made once as long as the base does not change.

    Far quicker than Streamlit's cache, which hashes its arguments at each call: a page asks for dozens of blocks.
    """
    kept = _KEPT.setdefault(publication, {})
    if len(kept) > KEPT_AT_MOST:
        kept.clear()
    try:
        return kept[key]
    except KeyError:  # asked and answered in one step: another session may empty it meanwhile
        value = kept[key] = make()
        return value


@st.cache_resource(show_spinner=False)
def settle() -> None:
    """Once, after the first page: what is loaded by now stays, so the collector that runs after each rerun may skip it."""
    gc.collect()
    gc.freeze()
