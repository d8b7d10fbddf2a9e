"""The base and what it publishes, opened once per process and kept until the next confirmed write."""

from __future__ import annotations

import gc
from pathlib import Path

import streamlit as st

from ozoir.access.identites import current_identity, require
from ozoir.catalogue.loading import load_catalogue
from ozoir.exploitation.entretien import start_upkeep
from ozoir.indicators.publication import Publication, publish
from ozoir.paths import chosen_base
from ozoir.store.base import Store, open_store


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
    return opened_store()


def current_publication() -> Publication:
    """What may be shown, in the base's present state."""
    return publish(current_store(), load_catalogue())


def cache_key(publication: Publication) -> tuple[str, int]:
    """What everything kept in memory depends on: which base, in which state."""
    return str(chosen_base()), publication.state


@st.cache_resource(show_spinner=False)
def settle() -> None:
    """Once, after the first page: what is loaded by now stays, so the collector that runs after each rerun may skip it."""
    gc.collect()
    gc.freeze()
