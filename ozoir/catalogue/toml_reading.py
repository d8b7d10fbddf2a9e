"""TOML tables become frozen dataclasses, strictly: an unknown, missing or mistyped key is an error that names it."""

from __future__ import annotations

import re
import tomllib
import types
import typing
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from ozoir.errors import OzoirError, did_you_mean

T = TypeVar("T")


def read_toml(path: Path) -> dict[str, Any]:
    """The file's tables; a syntax error is said with the file and the line."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise OzoirError("Déclaration absente.", f"Le fichier {path} n’existe pas.") from error
    except UnicodeDecodeError as error:
        raise OzoirError("Déclaration illisible.", f"{path}\u00a0: enregistrez ce fichier en UTF-8.") from error
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"line (\d+), column (\d+)", str(error))
        where = f"à la ligne {place[1]}, colonne {place[2]}" if place else "à la fin du fichier"
        raise OzoirError(
            "Déclaration illisible.",
            f"{path}\u00a0: erreur {where}. Une ligne s’écrit clé = \"texte\", clé = 12 ou clé = [\"a\", \"b\"], "
            "sous un titre [table] ou [[table]].",
        ) from error


def build(cls: type[T], table: dict[str, Any], path: Path, where: str = "") -> T:
    """One frozen dataclass from one table; nested dataclasses, tuples and dicts of them follow the annotations."""
    place = f"{path.name}{f' › {where}' if where else ''}"
    if not isinstance(table, dict):
        raise OzoirError("Déclaration mal formée.", f"{place} : une table est attendue.")
    hints = typing.get_type_hints(cls)
    known = {field.name: field for field in fields(cls) if field.init}
    for key in table:
        if key not in known:
            accepted = ", ".join(sorted(known))
            raise OzoirError(
                "Clé inconnue dans une déclaration.",
                f"{place} : « {key} ».{did_you_mean(key, known)} Clés acceptées : {accepted}.",
            )
    values = {}
    for name, field in known.items():
        if name in table:
            values[name] = _convert(hints[name], table[name], path, f"{where}.{name}" if where else name)
        elif field.default is MISSING and field.default_factory is MISSING:
            raise OzoirError("Clé manquante dans une déclaration.", f"{place} : « {name} » est obligatoire.")
    return cls(**values)


def _convert(hint: Any, value: Any, path: Path, where: str) -> Any:
    origin = typing.get_origin(hint)
    if origin in (typing.Union, types.UnionType):
        inner = [choice for choice in typing.get_args(hint) if choice is not type(None)]
        return _convert(inner[0], value, path, where)
    if is_dataclass(hint):
        return build(hint, value, path, where)
    if origin is tuple:
        _check(isinstance(value, list), "une liste", value, path, where)
        (inner, *_) = typing.get_args(hint)
        return tuple(_convert(inner, item, path, f"{where}[{rank}]") for rank, item in enumerate(value, 1))
    if origin is dict:
        _check(isinstance(value, dict), "une table", value, path, where)
        _, inner = typing.get_args(hint)
        return {key: _convert(inner, item, path, f"{where}.{key}") for key, item in value.items()}
    if hint is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if hint is bool or isinstance(value, bool):
        _check(hint is bool and isinstance(value, bool), "true ou false", value, path, where)
    elif isinstance(hint, type):
        _check(isinstance(value, hint), _NAMES.get(hint, hint.__name__), value, path, where)
    return value


_NAMES = {str: "un texte", int: "un nombre entier", float: "un nombre", date: "une date (AAAA-MM-JJ)"}


def _check(is_right: bool, accepted: str, value: Any, path: Path, where: str) -> None:
    if not is_right:
        raise OzoirError(
            "Valeur mal formée dans une déclaration.",
            f"{path.name} › {where} : on attend {accepted}, reçu « {value} ».",
        )
