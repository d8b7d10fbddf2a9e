"""Names of signed-in people, apart from what they did: everything else in the base holds a reference only.

Erasing an identity empties one row here; entries and journal keep the reference, and the journal's chain holds.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from ozoir.errors import OzoirError
from ozoir.store.backups import list_backups, settle_file, write_compact
from ozoir.store.base import Store, now
from ozoir.store.schema import write_setting

EFFACE = "Agent effacé"


@dataclass(frozen=True)
class Agent:
    """id: the reference, « agent-3f9c01d2 ». efface_le: when the name was erased."""

    id: str
    nom: str
    courriel: str
    identifiant: str
    vu_le: datetime
    efface_le: datetime | None


def list_agents(store: Store) -> list[Agent]:
    rows = (
        store.cursor().execute("SELECT id, nom, courriel, identifiant, vu_le, efface_le FROM agents ORDER BY vu_le").fetchall()
    )
    return [Agent(*row) for row in rows]


def agent_names(cursor) -> dict[str, str]:
    """Reference → name to show."""
    rows = cursor.execute(
        "SELECT id, coalesce(nullif(nom, ''), nullif(courriel, ''), identifiant), efface_le FROM agents"
    ).fetchall()
    return {number: f"{EFFACE} ({number})" if erased else name for number, name, erased in rows}


def find_reference(cursor, courriel: str, identifiant: str) -> str:
    """The reference of a person, empty when they never came."""
    row = cursor.execute(
        "SELECT id FROM agents WHERE (courriel <> '' AND courriel = ?) OR (identifiant <> '' AND identifiant = ?) "
        "ORDER BY vu_le LIMIT 1",
        [courriel, identifiant],
    ).fetchone()
    return row[0] if row else ""


def register(cursor, nom: str, courriel: str, identifiant: str) -> str:
    """The person's reference, drawn at random at their first sign-in: nothing leads back from it to a name.

    A name which has changed since replaces the former one.
    """
    reference = find_reference(cursor, courriel, identifiant)
    if reference and nom:
        cursor.execute("UPDATE agents SET nom = ? WHERE id = ? AND nom <> ?", [nom, reference, nom])
    if not reference:
        reference = f"agent-{secrets.token_hex(4)}"
        cursor.execute("INSERT INTO agents VALUES (?, ?, ?, ?, ?, NULL)", [reference, nom, courriel, identifiant, now()])
    return reference


def erase_agent(store: Store, reference: str, auteur: str) -> None:
    """The name and address leave the base and its backups at once, the base's file at its next start.

    What the person did stays, under their reference.
    """
    if reference not in {agent.id for agent in list_agents(store)}:
        raise OzoirError("Agent inconnu.", f"«\u00a0{reference}\u00a0» n’est pas une référence de cette base.")
    with store.transaction(auteur, "effacement d’identité", reference) as cursor:
        _erase(cursor, reference)
        cursor.execute("DELETE FROM souvenirs WHERE auteur = ?", [reference])
        write_setting(cursor, "compacter", "oui")  # at the next start, see open_store
    for backup in list_backups(store.path):
        _erase_in(backup.path, reference)


def _erase(cursor, reference: str) -> None:
    cursor.execute(
        "UPDATE agents SET nom = '', courriel = '', identifiant = '', efface_le = ? WHERE id = ?", [now(), reference]
    )


def _erase_in(path: Path, reference: str) -> None:
    """Written anew: the engine does not overwrite freed blocks, and the name would still be read in the file."""
    part = path.with_suffix(".part")
    part.unlink(missing_ok=True)
    with duckdb.connect(str(path)) as connection:
        (has_agents,) = connection.execute("SELECT count(*) FROM duckdb_tables() WHERE table_name = 'agents'").fetchone()
        if not has_agents:
            return
        _erase(connection, reference)
        write_compact(connection, part)
    settle_file(part, path)
