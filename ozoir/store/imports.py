"""Imports: a delivery enters in one transaction, can be withdrawn and restored, and keeps its original."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

import pandas as pd

from ozoir.errors import OzoirError
from ozoir.ingestion.delivery import FACT_COLUMNS, Delivery
from ozoir.ingestion.series import write_series
from ozoir.numbers import format_date
from ozoir.paths import raw_folder
from ozoir.store.agents import agent_names
from ozoir.store.base import Store, now
from ozoir.store.schema import CURRENT, KEY, next_id

SHIPPED = "socle"  # the author of what ships with the project
AGGREGATE = ".agregat.csv"  # ends the name of what is kept instead of an original


@dataclass(frozen=True)
class Import:
    """One loaded file. `dates`: block → reference dates (ISO). `constats`: findings as dicts. `layout`: a source id."""

    id: int
    empreinte: str
    fichier: str
    taille: int
    layout: str
    edition: str
    auteur: str
    charge_le: datetime
    statut: str
    faits: int
    dates: dict[str, list[str]]
    constats: list[dict[str, str]]
    lecture: dict[str, dict[str, int]]
    conserve: bool
    contrat: str = ""


@dataclass(frozen=True)
class Difference:
    """What a delivery changes: facts not known before, facts whose value or status changes, facts restated as they are."""

    nouveaux: int
    modifies: int
    inchanges: int


def load_delivery(
    store: Store,
    delivery: Delivery,
    original: Path | bytes | None = None,
    auteur: str = "poste local",
    moment: datetime | None = None,
) -> Import:
    """One transaction: the import, its facts, the journal; or an OzoirError and nothing. The original is kept first.

    `moment` is given when rebuilding: the date of the first load.
    """
    store = store.of_contract(delivery.contrat or store.asked_contrat)
    check_loadable(store, delivery)
    keep_original(store, delivery, original, auteur)
    rows = _rows(delivery.faits)
    details = {"fichier": delivery.fichier, "layout": delivery.source, "edition": delivery.edition, "faits": len(rows)}
    with store.of_contract(delivery.contrat).transaction(auteur, "import", delivery.empreinte, details) as cursor:
        _refuse_twice(cursor, delivery)
        import_id = next_id(cursor, "imports")
        cursor.execute(
            "INSERT INTO imports (id, empreinte, fichier, taille, layout, edition, auteur, charge_le, statut, faits, dates, "
            "constats, lecture, conserve, contrat) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'charge', ?, ?, ?, ?, ?, ?)",
            [
                import_id,
                delivery.empreinte,
                delivery.fichier,
                delivery.taille,
                delivery.source,
                delivery.edition,
                auteur,
                moment or now(),
                len(rows),
                json.dumps({name: [day.isoformat() for day in days] for name, days in delivery.dates.items()}),
                json.dumps([asdict(finding) for finding in delivery.findings], ensure_ascii=False),
                json.dumps(delivery.lecture, ensure_ascii=False),
                delivery.conservable,
                delivery.contrat,
            ],
        )
        cursor.register("livraison", rows)
        names = ", ".join(FACT_COLUMNS)
        cursor.execute(
            f"INSERT INTO faits (import_id, {names}) SELECT ?, {names} FROM livraison ORDER BY mesure, territoire", [import_id]
        )
        cursor.unregister("livraison")
        if len(delivery.territoires):
            cursor.register("noms", delivery.territoires)
            cursor.execute(
                "MERGE INTO territoires USING (SELECT DISTINCT ON (code) code, zonage, libelle, commune FROM noms) AS noms "
                "USING (code) WHEN MATCHED THEN UPDATE WHEN NOT MATCHED THEN INSERT"
            )
            cursor.unregister("noms")
        details["import"] = import_id
    return find_import(store, import_id)


def check_loadable(store: Store, delivery: Delivery) -> None:
    """Blocking findings, fictitious data in a real base (or the reverse) and a second load are refused."""
    if delivery.blocking:
        sentences = "\n".join(f"– {finding.sentence()}" for finding in delivery.blocking)
        raise OzoirError(f"« {delivery.fichier} » n’a pas été chargé.", f"À corriger :\n{sentences}")
    if delivery.fictif and not store.is_fictif:
        raise OzoirError(
            "Données fictives refusées.",
            f"« {delivery.fichier} » est un extrait de démonstration. Il ne se charge que dans la base de démonstration "
            "(make demo), jamais avec les données réelles.",
        )
    if store.is_fictif and not delivery.fictif:
        raise OzoirError(
            "Base de démonstration.",
            f"« {delivery.fichier} » contient des données réelles. Elles ne se chargent que dans la base réelle.",
        )
    _refuse_twice(store.cursor(), delivery)


def _refuse_twice(cursor, delivery: Delivery) -> None:
    row = cursor.execute(
        "SELECT id, fichier, charge_le, statut FROM imports WHERE empreinte = ? AND contrat = ? ORDER BY id DESC LIMIT 1",
        [delivery.empreinte, delivery.contrat],
    ).fetchone()
    if row is None:
        return
    number, name, moment, statut = row
    if statut == "charge":
        raise OzoirError(
            "Fichier déjà chargé.",
            f"« {delivery.fichier} » est identique à « {name} », chargé le {format_date(moment)} (import n° {number}). "
            "Rien n’a été changé.",
        )
    raise OzoirError(
        "Fichier déjà connu, import retiré.",
        f"« {delivery.fichier} » correspond à l’import n° {number} (« {name} »), retiré depuis. "
        "Rétablissez cet import au lieu de charger de nouveau le fichier.",
    )


def _rows(facts: pd.DataFrame) -> pd.DataFrame:
    missing = [name for name in FACT_COLUMNS if name not in facts.columns]
    if missing:
        raise ValueError(f"facts without columns {missing}")
    return facts[list(FACT_COLUMNS)]


def keep_original(store: Store, delivery: Delivery, original: Path | bytes | None, auteur: str) -> None:
    """Copy the original under its hash, durably, with a card for `reconstruire`; a row-level file leaves its aggregate only.

    Files that already lie in the raw folder under their own name ship with the project: nothing to keep.
    """
    folder = raw_folder(store.path)
    if original is None or (isinstance(original, Path) and original.resolve().parent == folder):
        return
    folder.mkdir(parents=True, exist_ok=True)
    if delivery.conservable:
        kept = folder / f"{delivery.empreinte}{Path(delivery.fichier).suffix.lower()}"
        write_durably(kept, [original.read_bytes() if isinstance(original, Path) else original])
    else:
        kept = folder / f"{delivery.empreinte}{AGGREGATE}"
        write_series(delivery.faits, kept.with_suffix(".part"))
        write_durably(kept, [kept.with_suffix(".part").read_bytes()])
        kept.with_suffix(".part").unlink()
    card = {
        "fichier": delivery.fichier,
        "empreinte": delivery.empreinte,
        "taille": delivery.taille,
        "layout": delivery.source,
        "edition": delivery.edition,
        "millesimes": delivery.millesimes,
        "auteur": auteur,
        "conserve": delivery.conservable,
        "contrat": delivery.contrat,
        "declaration": delivery.declaration,
        "garde": kept.name,
        "statut": "charge",
        "ordre": now().isoformat(),
    }
    name = f"{delivery.empreinte}.{delivery.contrat}" if delivery.contrat else delivery.empreinte
    write_durably(folder / f"{name}.json", [json.dumps(card, ensure_ascii=False, indent=1).encode()])


def card_path(store: Store, empreinte: str, contrat: str) -> Path:
    """The small JSON file beside a kept original that says what it was; a file sent to two contracts has two of them."""
    own = raw_folder(store.path) / f"{empreinte}.{contrat}.json"
    common = raw_folder(store.path) / f"{empreinte}.json"  # of published files, and of what was received before contracts
    return own if own.exists() else common


def write_durably(path: Path, chunks: Iterable[bytes]) -> None:
    """The whole file or none of it, still there after a power cut."""
    part = path.with_name(path.name + ".ecriture")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        for chunk in chunks:
            stream.write(chunk)
        stream.flush()
        os.fsync(stream.fileno())
    part.replace(path)
    if hasattr(os, "O_DIRECTORY"):
        folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
        os.fsync(folder)
        os.close(folder)


def compare_delivery(store: Store, delivery: Delivery) -> Difference:
    """What loading this delivery would change in the current facts."""
    cursor = store.cursor()
    cursor.register("livraison", _rows(delivery.faits))
    sources = sorted(set(delivery.faits["source"]))
    row = cursor.execute(
        f"""
        WITH connus AS (SELECT {KEY}, valeur AS ancienne, statut AS ancien FROM {CURRENT} WHERE source IN (SELECT unnest(?)))
        SELECT count(*) FILTER (ancien IS NULL),
               count(*) FILTER (ancien IS NOT NULL AND (ancien, ancienne) IS DISTINCT FROM (statut, valeur)),
               count(*) FILTER (ancien IS NOT NULL AND (ancien, ancienne) IS NOT DISTINCT FROM (statut, valeur))
        FROM (SELECT * REPLACE (CAST(date_reference AS DATE) AS date_reference,
                                CASE WHEN isnan(valeur) THEN NULL ELSE valeur END AS valeur) FROM livraison)
        LEFT JOIN connus USING ({KEY})
        """,
        [store.contrat, sources],
    ).fetchone()
    return Difference(*row)


def list_imports(store: Store) -> list[Import]:
    """The imports of the contract and those which serve every contract, the latest first."""
    return _read(store, "", [])


def find_import(store: Store, import_id: int) -> Import:
    """One import by its number; OzoirError when there is none."""
    found = _read(store, "AND id = ?", [import_id])
    if not found:
        raise OzoirError("Import inconnu.", f"Il n’y a pas d’import n° {import_id} dans cette base.")
    return found[0]


def _read(store: Store, clause: str, parameters: list) -> list[Import]:
    cursor = store.cursor().execute(
        "SELECT id, empreinte, fichier, taille, layout, edition, auteur, charge_le, statut, faits, dates, constats, lecture, "
        f"conserve, contrat FROM imports WHERE contrat IN ('', ?) {clause} ORDER BY id DESC",
        [store.asked_contrat, *parameters],
    )
    names = [column[0] for column in cursor.description]
    rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    people = agent_names(cursor)
    return [_import({**row, "auteur": people.get(row["auteur"], row["auteur"])}) for row in rows]


def _import(row: dict) -> Import:
    return Import(**{**row, **{name: json.loads(row[name]) for name in ("dates", "constats", "lecture")}})


def withdraw_import(store: Store, import_id: int, auteur: str, motif: str) -> Import:
    """Its facts no longer count; what they had replaced counts again. Nothing is erased."""
    return _set_status(store, import_id, "retire", auteur, motif)


def restore_import(store: Store, import_id: int, auteur: str, motif: str = "") -> Import:
    """The reverse of withdrawing."""
    return _set_status(store, import_id, "charge", auteur, motif)


def _set_status(store: Store, import_id: int, statut: str, auteur: str, motif: str) -> Import:
    found = find_import(store, import_id)
    acte = "retrait d’import" if statut == "retire" else "rétablissement d’import"
    with store.of_contract(found.contrat).transaction(
        auteur, acte, found.empreinte, {"import": import_id, "motif": motif}
    ) as cursor:
        cursor.execute("UPDATE imports SET statut = ? WHERE id = ?", [statut, import_id])
    card = card_path(store, found.empreinte, found.contrat)
    if card.exists():
        kept = {**json.loads(card.read_text("utf-8")), "statut": statut}
        write_durably(card, [json.dumps(kept, ensure_ascii=False, indent=1).encode()])
    return find_import(store, import_id)
