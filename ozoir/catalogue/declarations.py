"""A layout as the text of its declaration, and back: what is saved in the app can be reviewed, tested and shipped."""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from pathlib import Path
from typing import Any

from ozoir.catalogue.model import Source
from ozoir.catalogue.toml_reading import build
from ozoir.errors import OzoirError

_BARE = re.compile(r"[A-Za-z0-9_-]+")


def parse_source(text: str, name: str = "déclaration") -> Source:
    """The source a TOML text declares; an OzoirError says what is wrong with it."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise OzoirError("Déclaration illisible.", f"{name}\u00a0: {error}") from error
    return build(Source, table, Path(name))


def write_source(source: Source, comment: str = "") -> str:
    """The TOML text of a source: what equals its default is left out."""
    lines = [f"# {line}" for line in comment.splitlines()]
    _write_table(_table(source), "", lines)
    return "\n".join(lines).strip() + "\n"


def _table(item: Any) -> Any:
    """Plain dicts and lists; keys of a dataclass in their order, defaults left out."""
    if is_dataclass(item):
        return {field.name: _table(value) for field in fields(item) if (value := getattr(item, field.name)) != _default(field)}
    if isinstance(item, dict):
        return {key: _table(value) for key, value in item.items()}
    if isinstance(item, tuple | list):
        return [_table(value) for value in item]
    return item


def _default(field) -> Any:
    if field.default is not MISSING:
        return field.default
    return field.default_factory() if field.default_factory is not MISSING else MISSING


def _write_table(table: dict[str, Any], prefix: str, lines: list[str]) -> None:
    """Values first, then tables: TOML gives what follows a table's name to that table."""
    nested = {key: value for key, value in table.items() if isinstance(value, dict) or _is_tables(value)}
    for key, value in table.items():
        if value is not None and key not in nested:
            lines.append(f"{_key(key)} = {_value(value)}")
    for key, value in nested.items():
        name = f"{prefix}.{_key(key)}" if prefix else _key(key)
        for item in value if isinstance(value, list) else [value]:
            lines += ["", f"[[{name}]]" if isinstance(value, list) else f"[{name}]"]
            _write_table(item, name, lines)


def _is_tables(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(item, dict) for item in value)


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else _text(key)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, date):
        return value.isoformat()
    return _text(value) if isinstance(value, str) else str(value)


def _text(text: str) -> str:
    # a JSON string is a TOML basic string, but for the delete character
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")
