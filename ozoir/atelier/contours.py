"""The outlines a town gives: of which places, from which file, received by whom."""

from __future__ import annotations

from ozoir.access.identites import current_identity, require
from ozoir.catalogue.contours import Contour
from ozoir.catalogue.loading import Catalogue
from ozoir.store.base import Store
from ozoir.store.contours import find_contours, keep_contours


def drawn_codes(catalogue: Catalogue) -> tuple[str, ...]:
    """Every code that may be drawn: the quartier's in each zoning, its communes'."""
    territoire = catalogue.territoire
    return (*territoire.codes_quartier, *(territoire.communes or (territoire.code_commune,)))


def known_contours(store: Store, catalogue: Catalogue) -> tuple[dict[str, Contour], list[str]]:
    """Code → outline; and what is wrong with the files that cannot be read."""
    return find_contours(store, drawn_codes(catalogue))


def receive_contours(store: Store, catalogue: Catalogue, data: bytes, name: str, auteur: str) -> tuple[Contour, ...]:
    """Kept from now on; OzoirError says what is wrong."""
    require(current_identity(), "import")
    return keep_contours(store, data, name, drawn_codes(catalogue), auteur)
