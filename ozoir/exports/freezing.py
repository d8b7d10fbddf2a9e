"""A Dossier as JSON and back: what a frozen edition keeps. Only the classes listed here can come out of the text."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any

from ozoir.catalogue.model import Cle, Indicateur, Rupture
from ozoir.errors import OzoirError
from ozoir.exports import contents
from ozoir.exports.contents import Dossier
from ozoir.indicators.results import Comparateur, Evolution, Figure, Point, Provenance, Result, Serie

FORMAT = 1  # of the text: raised when an older program could misread it
_CLASSES = {
    cls.__name__: cls
    for cls in (
        *(item for item in vars(contents).values() if is_dataclass(item) and item.__module__ == contents.__name__),
        *(Cle, Comparateur, Evolution, Figure, Indicateur, Point, Provenance, Result, Rupture, Serie),
    )
}
_KIND = "#"


def freeze(dossier: Dossier) -> str:
    """The same text for the same dossier."""
    return json.dumps({"format": FORMAT, "dossier": _plain(dossier)}, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def thaw(text: str) -> Dossier:
    """The dossier as it was frozen."""
    content = json.loads(text)
    if content["format"] > FORMAT:
        raise OzoirError("Édition plus récente que ce programme.", "Mettez le programme à jour pour rouvrir cette édition.")
    return _rebuilt(content["dossier"])


def _plain(value: Any) -> Any:
    """Dataclasses say their class; fields at their default are left out, so that a new field does not change old texts."""
    if is_dataclass(value):
        kept = {
            item.name: _plain(getattr(value, item.name)) for item in fields(value) if getattr(value, item.name) != item.default
        }
        return {_KIND: type(value).__name__, **kept}
    if isinstance(value, date):
        return {_KIND: "date", "jour": value.isoformat()}
    if isinstance(value, (tuple, list)):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {_KIND: "dict", "paires": [[key, _plain(item)] for key, item in value.items()]}
    return value


def _rebuilt(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_rebuilt(item) for item in value)
    if not isinstance(value, dict):
        return value
    kind = value[_KIND]
    if kind == "date":
        return date.fromisoformat(value["jour"])
    if kind == "dict":
        return {key: _rebuilt(item) for key, item in value["paires"]}
    cls = _CLASSES[kind]
    known = {item.name for item in fields(cls)}
    return cls(**{name: _rebuilt(item) for name, item in value.items() if name in known})
