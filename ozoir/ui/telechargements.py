"""Files handed over: made at the click for the person who asked, and given to nobody else than who may have them.

Streamlit runs the making of a file outside any page, for no one in particular, and serves the result to whoever has its
address: both ends are asked for the right here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import streamlit as st

from ozoir.access.identites import Identite, acting_as, current_identity, is_allowed, require
from ozoir.catalogue.diffusions import RESTREINTE
from ozoir.exploitation.registre import record_restricted_export
from ozoir.exports.contents import Signe
from ozoir.ui.connexion import identity_of, is_configured
from ozoir.ui.contrats import current_contrat
from ozoir.ui.saisie import auteur_courant
from ozoir.ui.session import current_store

# Print of a file → the act its reader must be allowed, on which contract. Only the reserved ones; a hundred bytes each.
_RESERVED: dict[str, tuple[str, str]] = {}


def hand_over(acte: str, make: Callable[[], bytes]) -> Callable[[], bytes]:
    """What a download button is given: `make`, run for whoever saw the button, with the roles they have at the click."""
    contrat = current_contrat()
    claims, drawn_for = (st.user.to_dict(), None) if is_configured() else ({}, current_identity())

    def prepare() -> bytes:
        person = drawn_for or identity_of(claims).within(contrat)
        require(person, acte)
        with acting_as(person):
            return reserve(acte, make(), contrat)

    return prepare


def hand_over_document(source: Signe, name: str, make: Callable[[], bytes]) -> Callable[[], bytes]:
    """A document made at the click; a restricted one is for those who may take it, and leaves a line in the journal."""
    if source.diffusion != RESTREINTE:
        return hand_over("export public", make)
    auteur, store = auteur_courant(), current_store()

    def record_and_make() -> bytes:
        record_restricted_export(store, auteur, name, source.annee)
        return make()

    return hand_over("export restreint", record_and_make)


def reserve(acte: str, content: bytes, contrat: str) -> bytes:
    """The same bytes, which the server will only give to those who may do this on this contract."""
    _RESERVED[hashlib.sha256(content).hexdigest()] = acte, contrat
    return content


def may_take(person: Identite, content: bytes) -> bool:
    """Whether this person may be given these bytes: reading is asked, on any contract, when nothing else was said."""
    reserved = _RESERVED.get(hashlib.sha256(content).hexdigest())
    if reserved is None:
        return is_allowed(person.anywhere(), "consulter")
    acte, contrat = reserved
    return is_allowed(person.within(contrat), acte)
