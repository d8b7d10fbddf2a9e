"""Drafts: what somebody changed on screen and has not saved, written so that it can be kept aside and laid over the dossier."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, fields, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from ozoir.catalogue.saisies import KINDS, Modification, Version
from ozoir.suivi.dossier import Dossier

_BY_TABLE = {kind.TABLE: kind for kind in KINDS}
# What JSON does not hold, by the first word of a field's annotation.
_READ = {"date": date.fromisoformat, "Decimal": Decimal}


def write_draft(modifications: Iterable[Modification]) -> list[dict[str, Any]]:
    """As JSON holds it."""
    return [
        {"table": item.saisie.TABLE, "base": item.base}
        | {"valeurs": {name: _plain(value) for name, value in asdict(item.saisie).items()}}
        for item in modifications
    ]


def read_draft(kept: Iterable[dict[str, Any]]) -> tuple[Modification, ...]:
    """The changes that `write_draft` wrote."""
    found = []
    for item in kept:
        kind = _BY_TABLE[item["table"]]
        types = {field.name: str(field.type).split()[0] for field in fields(kind)}
        values = {
            name: value if value is None else _READ.get(types[name], lambda text: text)(value)
            for name, value in item["valeurs"].items()
        }
        found.append(Modification(kind(**values), item["base"]))
    return tuple(found)


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def lay_over(dossier: Dossier, modifications: Iterable[Modification]) -> Dossier:
    """The dossier as it would be with these changes; only to start fields from."""
    versions = {kind: dict(known) for kind, known in dossier.versions.items()}
    for item in modifications:
        entry = item.saisie
        versions[type(entry)][entry.cle] = Version(item.base, entry, "", datetime.min)
    return replace(dossier, versions=versions)


def over_first_seen(modifications: Iterable[Modification], draft: Iterable[Modification]) -> list[Modification]:
    """The changes over the versions under the eyes when the draft was begun: a save made since then is a conflict."""
    seen = {(type(item.saisie), item.saisie.cle): item.base for item in draft}
    return [replace(item, base=seen.get((type(item.saisie), item.saisie.cle), item.base)) for item in modifications]
