"""Facts put in doubt: a note on one fact, shown wherever the fact is used, until it is lifted. The value stays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from ozoir.errors import OzoirError
from ozoir.store.agents import agent_names
from ozoir.store.base import Store, now
from ozoir.store.schema import KEY, next_id

FactKey = tuple[str, str, str, str, date, str, str, str]  # in the order of KEY
KEY_NAMES = tuple(KEY.split(", "))


@dataclass(frozen=True)
class Contestation:
    """A doubt on one fact: who, when, why."""

    id: int
    cle: FactKey
    note: str
    auteur: str
    saisi_le: datetime


def fact_key(fact: Mapping[str, object]) -> FactKey:
    """The key of a fact given as a row of `current_facts`."""
    day = fact["date_reference"]
    as_day = day.date() if isinstance(day, datetime) else day
    return tuple(as_day if name == "date_reference" else str(fact[name]) for name in KEY_NAMES)


def contested_facts(store: Store) -> dict[FactKey, Contestation]:
    """The facts in doubt now."""
    rows = store.cursor().execute(
        f"SELECT id, note, auteur, saisi_le, levee, {KEY} FROM contestations "
        f"QUALIFY row_number() OVER (PARTITION BY {KEY} ORDER BY id DESC) = 1 ORDER BY id DESC"
    )
    names = agent_names(store.cursor())
    found = [
        Contestation(number, tuple(key), note, names.get(author, author), moment)
        for number, note, author, moment, is_lifted, *key in rows.fetchall()
        if not is_lifted
    ]
    return {item.cle: item for item in found}


def contest_fact(store: Store, cle: FactKey, note: str, auteur: str) -> None:
    """Put a fact in doubt; the note is shown with it."""
    note = " ".join(note.split())
    if not note or len(note) > 500:
        raise OzoirError("Note à revoir.", "Dites en 1 à 500 caractères pourquoi ce chiffre est contesté.")
    _write(store, cle, note, False, auteur, "contestation")


def lift_contestation(store: Store, cle: FactKey, note: str, auteur: str) -> None:
    """The doubt is over: the note says why."""
    if cle not in contested_facts(store):
        raise OzoirError("Chiffre non contesté.", "Aucune contestation n’est en cours sur ce chiffre.")
    _write(store, cle, " ".join(note.split()), True, auteur, "levée de contestation")


def _write(store: Store, cle: FactKey, note: str, is_lifted: bool, auteur: str, acte: str) -> None:
    with store.transaction(auteur, acte, "; ".join(map(str, cle)), {"note": note}) as cursor:
        (known,) = cursor.execute(
            f"SELECT count(*) FROM faits WHERE {' AND '.join(f'{name} = ?' for name in KEY_NAMES)}", list(cle)
        ).fetchone()
        if not known:
            raise OzoirError("Chiffre inconnu.", "Ce chiffre n’est pas, ou plus, dans la base.")
        cursor.execute(
            f"INSERT INTO contestations (id, auteur, saisi_le, {KEY}, note, levee) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [next_id(cursor, "contestations"), auteur, now(), *cle, note, is_lifted],
        )
