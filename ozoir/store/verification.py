"""Is the base what it was? Every table read, counts, originals and the journal's chain compared."""

from __future__ import annotations

import hashlib
import json

import duckdb

from ozoir.numbers import plural
from ozoir.paths import raw_folder
from ozoir.store.base import Store
from ozoir.store.conservation import EXPIRED
from ozoir.store.depots import workbook_path
from ozoir.store.imports import card_path
from ozoir.store.journal import find_break, has_line


def verify_base(store: Store) -> list[str]:
    """French sentences, one per problem; an empty list when all agree."""
    try:
        return [*_fact_counts(store), *_originals(store), *_workbooks(store), *_journal(store)]
    except duckdb.Error as error:
        return [f"La base ne se lit pas jusqu’au bout : {str(error).splitlines()[0]}"]


def _fact_counts(store: Store) -> list[str]:
    rows = store.cursor().execute(
        "SELECT imports.id, imports.fichier, imports.faits, count(faits.import_id), sum(hash(faits)) "
        "FROM imports LEFT JOIN faits ON faits.import_id = imports.id GROUP BY ALL ORDER BY ALL"
    )
    return [
        f"Import n° {number} (« {name} ») : {plural(found, 'fait')} au lieu de {plural(expected, 'fait')}."
        for number, name, expected, found, _ in rows.fetchall()
        if expected != found
    ]


def _originals(store: Store) -> list[str]:
    problems = []
    rows = store.cursor().execute("SELECT id, fichier, empreinte, contrat, conserve FROM imports ORDER BY id").fetchall()
    for number, name, digest, contrat, is_kept in rows:
        card = card_path(store, digest, contrat)
        if not card.exists() or not is_kept:
            continue
        original = raw_folder(store.path) / json.loads(card.read_text("utf-8"))["garde"]
        if not original.exists():
            problems.append(f"Import n° {number} (« {name} ») : l’original {original.name} a disparu.")
        elif hashlib.sha256(original.read_bytes()).hexdigest() != digest:
            problems.append(f"Import n° {number} (« {name} ») : l’original {original.name} a été modifié.")
    return problems


def _workbooks(store: Store) -> list[str]:
    """The collection workbooks received, those whose time is over excepted."""
    problems = []
    for number, empreinte, fichier in (
        store.cursor().execute("SELECT id, empreinte, fichier FROM depots ORDER BY id").fetchall()
    ):
        path, name = workbook_path(store, empreinte, fichier), f"Dépôt n°\u00a0{number} («\u00a0{fichier}\u00a0»)\u00a0: "
        if not path.exists():
            if not has_line(store.cursor(), EXPIRED, empreinte):
                problems.append(f"{name}le classeur {path.name} a disparu.")
        elif hashlib.sha256(path.read_bytes()).hexdigest() != empreinte:
            problems.append(f"{name}le classeur {path.name} a été modifié.")
    return problems


def _journal(store: Store) -> list[str]:
    broken = find_break(store.cursor())
    return [broken] if broken else []
