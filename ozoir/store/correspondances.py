"""Layouts declared by the analyst: kept as the same TOML as those which ship, read into the catalogue beside them."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from datetime import datetime

from ozoir.catalogue.declarations import parse_source
from ozoir.catalogue.loading import Catalogue, check_references, with_sources
from ozoir.errors import OzoirError
from ozoir.ingestion.free_texts import refuse_personal
from ozoir.store.agents import agent_names
from ozoir.store.base import Store, now
from ozoir.store.schema import next_id

LOG = logging.getLogger("ozoir.store")
_COLUMNS = "id, auteur, saisi_le, identifiant, titre, declaration, retiree"


@dataclass(frozen=True)
class Correspondance:
    """One version of a saved layout. identifiant: the id of its source; declaration: its TOML."""

    id: int
    auteur: str
    saisi_le: datetime
    identifiant: str
    titre: str
    declaration: str
    retiree: bool


def list_correspondances(store: Store) -> list[Correspondance]:
    """The current version of each, those withdrawn included."""
    rows = store.cursor().execute(
        f"SELECT {_COLUMNS} FROM correspondances QUALIFY row_number() OVER (PARTITION BY identifiant ORDER BY id DESC) = 1 ORDER BY titre"
    )
    found = [Correspondance(*row) for row in rows.fetchall()]
    names = agent_names(store.cursor())
    return [replace(item, auteur=names.get(item.auteur, item.auteur)) for item in found]


def save_correspondance(
    store: Store, identifiant: str, titre: str, declaration: str, auteur: str, retiree: bool = False
) -> int:
    """A new version; what was loaded through an earlier one stays."""
    refuse_personal(titre)
    with store.transaction(auteur, "correspondance", identifiant, details := {"titre": titre, "retiree": retiree}) as cursor:
        number = next_id(cursor, "correspondances")
        cursor.execute(
            f"INSERT INTO correspondances ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)",
            [number, auteur, now(), identifiant, titre, declaration, retiree],
        )
        details["correspondance"] = number
    return number


def with_correspondances(store: Store, catalogue: Catalogue) -> Catalogue:
    """The catalogue with the saved layouts beside the shipped ones.

    One which this program no longer understands (a measure renamed since, a name taken by a shipped layout) is left out;
    the measures and indicators of a withdrawn one stay: facts may name them.
    """
    for item in list_correspondances(store):
        try:
            catalogue = with_declarations(catalogue, [item.declaration], is_read=not item.retiree)
        except OzoirError as error:
            LOG.warning("saved layout %s left out: %s", item.identifiant, error)
    return catalogue


def with_declarations(catalogue: Catalogue, declarations: list[str], is_read: bool = True) -> Catalogue:
    """The catalogue with these sources, each checked against the measures and dimensions it names.

    is_read: their files are recognised; otherwise only what they declare besides is taken.
    """
    saved = {}
    for text in declarations:
        source = parse_source(text)
        if source.id in catalogue.sources:
            raise OzoirError(
                "Nom de mise en page déjà pris.", f"«\u00a0{source.id}\u00a0» est une mise en page livrée avec le programme."
            )
        saved[source.id] = source
    if not is_read:  # without a table, it recognises nothing
        saved = {name: replace(source, tableaux=()) for name, source in saved.items() if source.mesures or source.statistiques}
    if not saved:
        return catalogue
    extended = with_sources(catalogue, saved)
    check_references(extended)
    return extended
