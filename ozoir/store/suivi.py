"""Entries of the follow-up: every save adds versions, none is overwritten, two authors never erase each other.

The current version of a key is its latest one, among those of the screen and of workbooks not withdrawn.
Everything read and written here is of one contract: `store.contrat`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, astuple, fields, replace
from typing import Any, TypeVar

from ozoir.catalogue.saisies import Conflit, Depot, Enregistrement, Modification, Saisie, Suivi, Version
from ozoir.errors import OzoirError
from ozoir.numbers import format_date
from ozoir.store.agents import agent_names
from ozoir.store.base import Store, now
from ozoir.store.schema import next_id

Signed = TypeVar("Signed", Version, Depot)
_TRACE = "id, auteur, saisi_le, depot"
_DEPOT = ", ".join(field.name for field in fields(Depot))


def save_entries(store: Store, modifications: Sequence[Modification], auteur: str) -> Enregistrement:
    """Write what changes, in one transaction; an entry changed by somebody else since its `base` is returned, not written."""
    with store.transaction(auteur, "saisie", "", details := {}) as cursor:
        saved = _write(cursor, store.contrat, modifications, auteur, depot=0)
        details.update(_summary(saved))
    return saved


def save_deposit(store: Store, depot: Depot, modifications: Sequence[Modification]) -> Depot:
    """A whole workbook or nothing: a workbook already there, or a key changed since it was made, refuses it."""
    refuse_known_deposit(store, depot)
    with store.transaction(depot.auteur, "dépôt de classeur", depot.empreinte, details := {}) as cursor:
        refuse_known_deposit(store, depot)  # again: it may have arrived meanwhile
        number = next_id(cursor, "depots")
        saved = _write(cursor, store.contrat, modifications, depot.auteur, number)
        if saved.conflits:
            told = "\n".join(conflict.sentence() for conflict in saved.conflits)
            raise OzoirError(f"« {depot.fichier} » n’a pas été chargé.", told)
        kept = replace(depot, id=number, charge_le=now(), statut="charge", saisies=len(saved.ecrites))
        values = [*astuple(kept)[:-1], json.dumps(kept.constats, ensure_ascii=False), store.contrat]
        cursor.execute(f"INSERT INTO depots ({_DEPOT}, contrat) VALUES ({', '.join('?' * len(values))})", values)
        details.update(_summary(saved), depot=number, fichier=depot.fichier)
    return kept


def refuse_known_deposit(store: Store, depot: Depot) -> None:
    """OzoirError when the same workbook has already been received, with what to do."""
    known = next((other for other in list_deposits(store) if other.empreinte == depot.empreinte), None)
    if known:
        what = "Rien n’a été changé." if known.statut == "charge" else "Rétablissez ce dépôt au lieu de le charger de nouveau."
        raise OzoirError(
            "Classeur déjà reçu.",
            f"« {depot.fichier} » est identique à « {known.fichier} », déposé le {format_date(known.charge_le)} par "
            f"{known.auteur} (dépôt n°\u00a0{known.id}). {what}",
        )


def current_entries(store: Store, kind: type[Saisie], **filters: Any) -> list[Version]:
    """Current versions of a kind, by key; filters are fields (`annee=2016`). What was taken back (retire) is left out."""
    where, parameters = _where(kind, filters)
    rows = store.cursor().execute(
        f"SELECT * FROM ({_CURRENT.format(kind=kind, columns=_columns(kind), cle=', '.join(kind.CLE))}) {where} "
        f"ORDER BY {', '.join(kind.CLE)}",
        [store.contrat, *parameters],
    )
    versions = _named(store.cursor(), [_version(kind, row) for row in rows.fetchall()])
    return [version for version in versions if not getattr(version.saisie, "retire", False)]


def entry_history(store: Store, kind: type[Saisie], **filters: Any) -> list[Version]:
    """Every version, the oldest first; those of a withdrawn workbook are there, with is_counted False."""
    where, parameters = _where(kind, {"contrat": store.contrat, **filters})
    rows = store.cursor().execute(f"SELECT {_columns(kind)}, {_COUNTED} FROM {kind.TABLE} t {where} ORDER BY id", parameters)
    return _named(store.cursor(), [_version(kind, row) for row in rows.fetchall()])


def list_deposits(store: Store) -> list[Depot]:
    """Every workbook received, the latest first."""
    rows = store.cursor().execute(f"SELECT {_DEPOT} FROM depots WHERE contrat = ? ORDER BY id DESC", [store.contrat]).fetchall()
    return _named(store.cursor(), [Depot(*row[:-1], constats=json.loads(row[-1])) for row in rows])


def withdraw_deposit(store: Store, number: int, auteur: str, motif: str) -> None:
    """Its entries no longer count; what they had replaced counts again. Nothing is erased."""
    _set_deposit(store, number, "retire", auteur, "retrait de classeur", motif)


def restore_deposit(store: Store, number: int, auteur: str, motif: str = "") -> None:
    """The reverse of withdrawing."""
    _set_deposit(store, number, "charge", auteur, "rétablissement de classeur", motif)


def _set_deposit(store: Store, number: int, statut: str, auteur: str, acte: str, motif: str) -> None:
    if number not in {depot.id for depot in list_deposits(store)}:
        raise OzoirError("Dépôt inconnu.", f"Il n’y a pas de dépôt n°\u00a0{number} dans cette base.")
    with store.transaction(auteur, acte, str(number), {"depot": number, "motif": motif}) as cursor:
        cursor.execute("UPDATE depots SET statut = ? WHERE id = ?", [statut, number])


_COUNTED = "depot NOT IN (SELECT d.id FROM depots d WHERE d.statut = 'retire') AS is_counted"
_CURRENT = (
    "SELECT {columns}, true AS is_counted FROM {kind.TABLE} "
    "WHERE contrat = ? AND depot NOT IN (SELECT d.id FROM depots d WHERE d.statut = 'retire') "
    "QUALIFY row_number() OVER (PARTITION BY {cle} ORDER BY id DESC) = 1"
)


def _write(cursor, contrat: str, modifications: Sequence[Modification], auteur: str, depot: int) -> Enregistrement:
    written, conflicts, unchanged = [], [], 0
    for item in modifications:
        item = replace(item, saisie=_with_reference(cursor, contrat, item.saisie))
        latest = _latest(cursor, contrat, item.saisie)
        if conflict := _conflict(cursor, latest, item):
            conflicts.append(conflict)
        elif latest and latest.saisie == item.saisie:
            unchanged += 1
        else:
            written.append(_insert(cursor, contrat, Version(0, item.saisie, auteur, now(), depot)))
    return Enregistrement(tuple(written), unchanged, tuple(conflicts))


def _conflict(cursor, latest: Version | None, item: Modification) -> Conflit | None:
    """Saved meanwhile, and not the same thing."""
    if latest is None or latest.id == item.base or latest.saisie == item.saisie:
        return None
    return Conflit(_named(cursor, [latest])[0], item)


def _latest(cursor, contrat: str, entry: Saisie) -> Version | None:
    kind = type(entry)
    where, parameters = _where(kind, {"contrat": contrat, **dict(zip(kind.CLE, entry.cle, strict=True))})
    row = cursor.execute(
        f"SELECT {_columns(kind)}, true FROM {kind.TABLE} {where} "
        "AND depot NOT IN (SELECT d.id FROM depots d WHERE d.statut = 'retire') ORDER BY id DESC LIMIT 1",
        parameters,
    ).fetchone()
    return _version(kind, row) if row else None


def _insert(cursor, contrat: str, version: Version) -> Version:
    kind, values = type(version.saisie), astuple(version.saisie)
    version = replace(version, id=next_id(cursor, kind.TABLE))
    parameters = [version.id, version.auteur, version.saisi_le, version.depot, *values, contrat]
    cursor.execute(
        f"INSERT INTO {kind.TABLE} ({_columns(kind)}, contrat) VALUES ({', '.join('?' * len(parameters))})", parameters
    )
    return version


def _with_reference(cursor, contrat: str, entry: Saisie) -> Saisie:
    """A new item of the contract's memory gets the next reference of its kind."""
    if not isinstance(entry, Suivi) or entry.reference:
        return entry
    (count,) = cursor.execute(f"SELECT count(DISTINCT reference) FROM {entry.TABLE} WHERE contrat = ?", [contrat]).fetchone()
    return replace(entry, reference=f"{entry.PREFIXE}{count + 1}")


def _columns(kind: type[Saisie]) -> str:
    return f"{_TRACE}, {', '.join(field.name for field in fields(kind))}"


def _where(kind: type[Saisie], filters: dict[str, Any]) -> tuple[str, list]:
    known = {field.name for field in fields(kind)} | {"depot", "contrat"}
    if unknown := set(filters) - known:
        raise ValueError(f"{kind.__name__} has no field {unknown}")
    return ("WHERE " + " AND ".join(f"{name} = ?" for name in filters) if filters else ""), list(filters.values())


def _version(kind: type[Saisie], row: tuple) -> Version:
    number, auteur, moment, depot, *values, is_counted = row
    return Version(number, kind(*values), auteur, moment, depot, is_counted)


def _named(cursor, signed: list[Signed]) -> list[Signed]:
    """A signed-in author's name instead of their reference."""
    names = agent_names(cursor)
    return [replace(item, auteur=names[item.auteur]) if item.auteur in names else item for item in signed]


def _summary(saved: Enregistrement) -> dict:
    return {
        "ecrites": [asdict(version.saisie) | {"table": version.saisie.TABLE} for version in saved.ecrites],
        "inchangees": saved.inchangees,
        "conflits": len(saved.conflits),
    }
