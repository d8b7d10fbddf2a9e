"""Settings changed in the application: key, value, who, when, why. A later row about a key replaces the earlier one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ozoir.errors import OzoirError
from ozoir.store.agents import agent_names
from ozoir.store.base import Store, now
from ozoir.store.schema import next_id

LONGEST_REASON = 300


@dataclass(frozen=True)
class Reglage:
    """One change of one setting."""

    cle: str
    valeur: str
    motif: str
    auteur: str
    saisi_le: datetime


def settings_in_force(store: Store) -> dict[str, Reglage]:
    """Key → its latest change; a key that nobody changed is not here."""
    return {item.cle: item for item in list_settings(store)}


def list_settings(store: Store) -> list[Reglage]:
    """Every change, the oldest first."""
    rows = store.cursor().execute("SELECT cle, valeur, motif, auteur, saisi_le FROM reglages ORDER BY id").fetchall()
    names = agent_names(store.cursor())
    return [Reglage(cle, valeur, motif, names.get(auteur, auteur), moment) for cle, valeur, motif, auteur, moment in rows]


def save_setting(store: Store, cle: str, valeur: str, motif: str, auteur: str, acte: str = "réglage") -> None:
    """One transaction and a line of the journal with the reason; whether the value is acceptable is for the caller to say."""
    motif = " ".join(motif.split())
    if not motif or len(motif) > LONGEST_REASON:
        raise OzoirError(
            "Motif à revoir.",
            f"Dites en 1 à {LONGEST_REASON} caractères pourquoi ce réglage change, "
            "par exemple «\u00a0convention du 12/03/2020\u00a0».",
        )
    former = settings_in_force(store).get(cle)
    details = {"valeur": valeur, "avant": former.valeur if former else "", "motif": motif}
    with store.transaction(auteur, acte, cle, details) as cursor:
        cursor.execute(
            "INSERT INTO reglages (id, auteur, saisi_le, cle, valeur, motif) VALUES (?, ?, ?, ?, ?, ?)",
            [next_id(cursor, "reglages"), auteur, now(), cle, valeur, motif],
        )
