"""The journal: who, when, what; each line's print covers the one before, so that a change or a gap shows."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from ozoir.store.schema import next_id

_COLUMNS = "id, fait_le, auteur, acte, objet, details, precedente, empreinte"


@dataclass(frozen=True)
class Ligne:
    """One act. auteur: a reference (see agents), or what a local user said of themselves. details: as written, JSON."""

    id: int
    fait_le: datetime
    auteur: str
    acte: str
    objet: str
    details: str


def now() -> datetime:
    """UTC without time zone, as the base keeps it."""
    return datetime.now(UTC).replace(tzinfo=None)


def write_line(cursor, auteur: str, acte: str, objet: str, details: dict) -> None:
    """One more line, inside the caller's transaction. A clock which went back does not put lines out of order."""
    row = cursor.execute("SELECT empreinte, fait_le FROM journal ORDER BY id DESC LIMIT 1").fetchone()
    previous, moment = (row[0], max(now(), row[1])) if row else ("", now())
    number = next_id(cursor, "journal")
    text = json.dumps(details, ensure_ascii=False, sort_keys=True, default=str)
    cursor.execute(
        f"INSERT INTO journal ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [number, moment, auteur, acte, objet, text, previous, journal_digest(previous, moment, auteur, acte, objet, text)],
    )


def journal_digest(previous: str, moment: datetime, auteur: str, acte: str, objet: str, details: str) -> str:
    """The chain: each line's print covers the one before, so that a changed or removed line shows."""
    line = "\x1f".join([previous, moment.isoformat(), auteur, acte, objet, details])
    return hashlib.sha256(line.encode()).hexdigest()


def find_break(cursor) -> str:
    """Where the chain breaks, in French; empty when it holds."""
    previous = ""
    rows = cursor.execute(f"SELECT {_COLUMNS} FROM journal ORDER BY id")
    for number, moment, author, act, subject, details, before, digest in rows.fetchall():
        if before != previous or digest != journal_digest(before, moment, author, act, subject, details):
            return (
                f"Journal\u00a0: la ligne {number} («\u00a0{act}\u00a0») a été modifiée, ajoutée "
                "ou précède une ligne supprimée."
            )
        previous = digest
    return ""


_OF_CONTRACT = "coalesce(json_extract_string(details, '$.contrat'), '') IN ('', ?)"


def read_lines(
    cursor,
    acte: str = "",
    auteur: str = "",
    depuis: date | None = None,
    jusque: date | None = None,
    texte: str = "",
    limit: int = 200,
    contrat: str = "",
) -> list[Ligne]:
    """The latest first; every filter left empty lets everything through. `contrat`: its lines, and those of no contract."""
    clauses = {
        "acte = ?": acte,
        "auteur = ?": auteur,
        "fait_le >= ?": depuis,
        "fait_le < ?": jusque and jusque + timedelta(days=1),
        _OF_CONTRACT: contrat,
        "contains(lower(concat_ws(' ', auteur, acte, objet, details)), lower(?))": texte,
    }
    asked = {clause: value for clause, value in clauses.items() if value}
    where = f"WHERE {' AND '.join(asked)}" if asked else ""
    rows = cursor.execute(
        f"SELECT id, fait_le, auteur, acte, objet, details FROM journal {where} ORDER BY id DESC LIMIT ?",
        [*asked.values(), limit],
    )
    return [Ligne(*row) for row in rows.fetchall()]


def has_line(cursor, acte: str, objet: str) -> bool:
    """True when this act on this object is already there."""
    row = cursor.execute("SELECT 1 FROM journal WHERE acte = ? AND objet = ? LIMIT 1", [acte, objet]).fetchone()
    return row is not None


def list_authors(cursor, contrat: str = "") -> list[str]:
    """Of every line, or of those which `read_lines` gives for one contract."""
    where = f"WHERE {_OF_CONTRACT}" if contrat else ""
    rows = cursor.execute(f"SELECT DISTINCT auteur FROM journal {where} ORDER BY auteur", [contrat] if contrat else [])
    return [name for (name,) in rows.fetchall()]
