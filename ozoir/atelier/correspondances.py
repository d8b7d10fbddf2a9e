"""Layouts described by the analyst: tried on the file in hand, saved, exported, and read like those which ship."""

from __future__ import annotations

from dataclasses import replace

from ozoir.access.identites import current_identity, require
from ozoir.atelier.lectures import Choix, Lecture
from ozoir.catalogue.declarations import write_source
from ozoir.catalogue.loading import Catalogue, check_references, with_sources
from ozoir.errors import OzoirError
from ozoir.ingestion.delivery import Delivery
from ozoir.ingestion.mapping import DU_FICHIER, Description, build_source
from ozoir.store.base import Store
from ozoir.store.correspondances import (
    Correspondance,
    list_correspondances,
    save_correspondance,
    with_declarations,
)

__all__ = [
    "Correspondance",
    "list_correspondances",
    "save",
    "start_trial",
    "try_description",
    "withdraw",
    "write_declaration",
]

_COMMENT = (
    "Déclarée dans l’application par {auteur}. À relire, puis à placer dans ozoir/catalogue/sources/{id}.toml pour la livrer."
)


def try_description(catalogue: Catalogue, description: Description, content: bytes, name: str, jour: str = "") -> Delivery:
    """The facts this description would give of this file, read in the limited process; nothing is saved."""
    return start_trial(catalogue, description, content, name, jour).result()


def start_trial(catalogue: Catalogue, description: Description, content: bytes, name: str, jour: str = "") -> Lecture:
    """The same, begun: it may be waited for, or stopped."""
    source = build_source(description, catalogue)
    only = with_sources(replace(catalogue, sources={}), {source.id: source})
    check_references(only)
    return Lecture().start(content, name, only, Choix(source.id, "", dates_of(description, jour)))


def dates_of(description: Description, jour: str) -> tuple[tuple[str, str], ...]:
    """The dates typed for whole sheets, as the reading expects them."""
    sheets = (description, *description.autres)
    return tuple((one.bloc, jour.strip()) for one in sheets if one.periode == DU_FICHIER and jour.strip())


def write_declaration(description: Description, catalogue: Catalogue, auteur: str) -> str:
    """The TOML of a description: of the same form as the shipped ones."""
    source = build_source(description, catalogue)
    return write_source(source, _COMMENT.format(auteur=auteur, id=source.id))


def save(store: Store, catalogue: Catalogue, description: Description, auteur: str) -> str:
    """Saved under its name; the id of its source. A shipped layout's name is refused."""
    require(current_identity(), "correspondance")
    text = write_declaration(description, catalogue, auteur)
    source = build_source(description, catalogue)
    saved = {item.identifiant for item in list_correspondances(store)}
    if source.id in catalogue.sources and source.id not in saved:
        raise OzoirError(
            "Nom déjà pris.",
            f"«\u00a0{description.titre}\u00a0» est le nom d’une mise en page livrée avec le programme\u00a0: changez-le.",
        )
    shipped = {name: item for name, item in catalogue.sources.items() if name not in saved}
    with_declarations(replace(catalogue, sources=shipped), [text])  # what is saved can be read back
    save_correspondance(store, source.id, source.titre, text, auteur)
    return source.id


def withdraw(store: Store, item: Correspondance, auteur: str) -> None:
    """No longer looked for in new files; what was loaded with it stays."""
    save_correspondance(store, item.identifiant, item.titre, item.declaration, auteur, retiree=True)
