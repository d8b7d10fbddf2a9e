"""What the program remembers for one person: their last choices, their last visit. It changes nothing for anybody else."""

from __future__ import annotations

import json
from typing import Any

from ozoir.ingestion.free_texts import refuse_personal
from ozoir.store.base import Store, now


def recall(store: Store, auteur: str, cle: str) -> Any:
    """What was last remembered under this key for this person; None when nothing was."""
    row = store.cursor().execute("SELECT valeur FROM souvenirs WHERE auteur = ? AND cle = ?", [auteur, cle]).fetchone()
    return json.loads(row[0]) if row else None


def recall_names(store: Store, auteur: str, debut: str) -> list[str]:
    """The keys that start so under which something is remembered for this person, in order."""
    sql = "SELECT cle FROM souvenirs WHERE auteur = ? AND starts_with(cle, ?) AND valeur <> 'null' ORDER BY cle"
    return [name for (name,) in store.cursor().execute(sql, [auteur, debut]).fetchall()]


def remember(store: Store, auteur: str, cle: str, valeur: Any, is_waiting: bool = True) -> None:
    """valeur: anything JSON holds; OzoirError, and nothing kept, when it says how to reach somebody.

    is_waiting: while somebody else writes; else that is an OzoirError too.
    """
    text = json.dumps(valeur, ensure_ascii=False)
    refuse_personal(text)
    with store.aside(auteur, is_waiting) as cursor:
        cursor.execute("DELETE FROM souvenirs WHERE auteur = ? AND cle = ?", [auteur, cle])
        cursor.execute(
            "INSERT INTO souvenirs (auteur, cle, valeur, retenu_le) VALUES (?, ?, ?, ?)",
            [auteur, cle, text, now()],
        )
