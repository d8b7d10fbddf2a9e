"""Imports after they were loaded: what they feed, what sets two of them apart, their original, undoing them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable

from ozoir.access.identites import current_identity, require
from ozoir.atelier.examen import Ecart, describe_change, own_territories
from ozoir.atelier.libelles import describe_territory, describe_value
from ozoir.catalogue.libelles import describe_cle
from ozoir.catalogue.loading import Catalogue
from ozoir.catalogue.model import Cle
from ozoir.errors import OzoirError
from ozoir.indicators.results import Result
from ozoir.ingestion.delivery import Delivery, cell_name
from ozoir.ingestion.previews import SheetPreview
from ozoir.ingestion.reading import receive_bytes
from ozoir.paths import raw_folder
from ozoir.store.base import Store
from ozoir.store.correspondances import list_correspondances
from ozoir.store.differences import MODIFIE, NOUVEAU, compare_imports
from ozoir.store.imports import Import, card_path, list_imports, load_delivery, restore_import, withdraw_import

__all__ = [
    "Import",
    "compare_two",
    "fed_results",
    "find_cell",
    "list_imports",
    "load",
    "read_around",
    "read_original",
    "restore_import",
    "withdraw_import",
]


def load(store: Store, delivery: Delivery, content: bytes, auteur: str, motif: str = "") -> Import:
    """The delivery in one transaction. motif: why a file which looks nominative is let in; its original is not kept."""
    if delivery.nominatif:
        _answer_for(store, delivery, auteur, motif)
    saved = {item.identifiant: item.declaration for item in list_correspondances(store)}
    delivery.declaration = saved.get(delivery.source, "")  # kept with the original: rebuilding reads it the same way
    return load_delivery(store, delivery, content, auteur)


def _answer_for(store: Store, delivery: Delivery, auteur: str, motif: str) -> None:
    if not motif.strip():
        raise OzoirError(
            "Motif absent.",
            "Dites pourquoi ce fichier ne contient aucune donnée nominative\u00a0: le motif est gardé au journal.",
        )
    columns = [
        f"{finding.feuille} {finding.cellule}".strip()
        for finding in delivery.findings
        if "désigne" in finding.message or "ont la forme" in finding.message
    ]
    with store.record(
        auteur, "alerte levée", delivery.empreinte, {"fichier": delivery.fichier, "cellules": columns, "motif": motif.strip()}
    ):
        pass


def fed_results(results: Iterable[Result], import_id: int) -> list[Result]:
    """The indicators whose shown figures come, in part at least, from this import."""
    return [result for result in results if any(item.import_id == import_id for item in result.provenances)]


def compare_two(store: Store, catalogue: Catalogue, first: int, second: int) -> list[Ecart]:
    """What the second says otherwise than the first, for the contract's territories."""
    require(current_identity(), "import")
    found = []
    for row in compare_imports(store, first, second, own_territories(catalogue)).to_dict("records"):
        mesure = row["mesure"]
        sides = [_side(catalogue, mesure, row[name], row[f"statut_{name}"]) for name in ("avant", "apres")]
        found.append(
            Ecart(
                libelle=describe_cle(catalogue, Cle(mesure, row["sexe"], row["age"], row["detail"])),
                territoire=describe_territory(catalogue, row["territoire"], row["zonage"]),
                date_reference=row["date_reference"].date(),
                ancien=sides[0],
                nouveau=sides[1],
                variation=describe_change(row["avant"], row["apres"]),
                nature=MODIFIE if all(sides) else NOUVEAU,
                alerte="",
                place="",
            )
        )
    return found


def _side(catalogue: Catalogue, mesure: str, value: float | None, statut: object) -> str:
    return describe_value(catalogue, mesure, value, statut) if isinstance(statut, str) else ""


def read_original(store: Store, item: Import) -> tuple[str, bytes] | None:
    """(name, bytes) of the received file; None when it may not be kept, or is no longer what was received."""
    require(current_identity(), "import")
    card = card_path(store, item.empreinte, item.contrat)
    if not item.conserve:
        return None
    path = raw_folder(store.path) / (json.loads(card.read_text("utf-8"))["garde"] if card.exists() else item.fichier)
    if not path.is_file():
        return None
    content = path.read_bytes()
    return (item.fichier, content) if hashlib.sha256(content).hexdigest() == item.empreinte else None


def find_cell(fact: dict) -> str:
    """« C6 »: where a fact stands in its sheet; empty when it was counted from several lines."""
    line, column = int(fact["ligne"]), int(fact["colonne"])
    return cell_name(line, column) if line > 0 and column > 0 else ""


def read_around(store: Store, catalogue: Catalogue, item: Import, feuille: str, line: int) -> SheetPreview | None:
    """The sheet a figure comes from, read again in its original around one line; None when it may not be shown."""
    original = read_original(store, item)
    if original is None:
        return None
    source = item.layout if item.layout in catalogue.sources else ""
    delivery = receive_bytes(original[1], original[0], catalogue, source, item.edition, line=line)
    return next((sheet for sheet in delivery.apercus if sheet.nom == feuille), None)
