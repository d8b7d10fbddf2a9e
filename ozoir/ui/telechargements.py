"""Files handed over: made at the click for the person who asked, and given to nobody else than who may have them.

Streamlit runs the making of a file outside any page, for no one in particular, and serves the result to whoever has its
address: both ends are asked for the right here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import streamlit as st

from ozoir.access.identites import acting_as, current_identity, require
from ozoir.ui.connexion import identity_of, is_configured

# Print of a file → the act its reader must be allowed. Only the reserved ones; a hundred bytes each.
_RESERVED: dict[str, str] = {}


def hand_over(acte: str, make: Callable[[], bytes]) -> Callable[[], bytes]:
    """What a download button is given: `make`, run for whoever saw the button, with the roles they have at the click."""
    claims, drawn_for = (st.user.to_dict(), None) if is_configured() else ({}, current_identity())

    def prepare() -> bytes:
        person = drawn_for or identity_of(claims)
        require(person, acte)
        with acting_as(person):
            return reserve(acte, make())

    return prepare


def reserve(acte: str, content: bytes) -> bytes:
    """The same bytes, which the server will only give to those who may do this."""
    _RESERVED[hashlib.sha256(content).hexdigest()] = acte
    return content


def reserved_act(content: bytes) -> str:
    """The act asked of whoever takes these bytes: reading, when nothing else was said."""
    return _RESERVED.get(hashlib.sha256(content).hexdigest(), "consulter")
