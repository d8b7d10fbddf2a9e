"""A GeoJSON file becomes the outlines of the contract's places, known by the codes in its properties."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from math import isfinite
from typing import Any

from ozoir.catalogue.contours import Anneau, Contour
from ozoir.errors import OzoirError
from ozoir.numbers import format_number, format_size, plural

LARGEST = 20_000_000  # the whole country's perimeters, simplified, weigh a tenth of it
MOST_POINTS = 20_000
# The properties that may hold a place's code, the quartier's before its commune's (ANCT, Insee, IGN).
_CODES = ("code_qp", "codeqp", "code_quartier", "qp", "codgeo", "code", "code_insee", "insee", "insee_com", "com")
_FORM = (
    "Il faut un fichier GeoJSON en degrés (WGS 84, EPSG:4326), de type FeatureCollection, fait de Polygon ou de MultiPolygon, "
    "dont une propriété porte le code du quartier ou de la commune (code_qp, codgeo, code, insee_com…)."
)


def read_contours(data: bytes, name: str, codes: Collection[str]) -> tuple[Contour, ...]:
    """The outlines of these codes; OzoirError when the file is broken, or about other places only."""
    found: dict[str, list[Anneau]] = {}
    others = 0
    for feature in _features(_parse(data, name), name):
        code = _code(feature.get("properties"), codes)
        if not code:
            others += 1
            continue
        found.setdefault(code, []).extend(_rings(feature.get("geometry"), f"«\u00a0{name}\u00a0», {code}"))
    if not found:
        raise OzoirError(
            "Aucun périmètre du contrat.",
            f"«\u00a0{name}\u00a0»\u00a0: {plural(others, 'forme lue', 'formes lues')}, aucune n’a pour code "
            f"{' ou '.join(codes)}. {_FORM}",
        )
    return tuple(Contour(code, tuple(rings), name) for code, rings in found.items())


def _parse(data: bytes, name: str) -> Any:
    if len(data) > LARGEST:
        raise OzoirError(
            "Fichier trop volumineux.",
            f"«\u00a0{name}\u00a0» pèse {format_size(len(data))}\u202f; {format_size(LARGEST)} au plus. Gardez le seul "
            "territoire du contrat, ou simplifiez ses contours.",
        )
    try:
        return json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise OzoirError("GeoJSON illisible.", f"«\u00a0{name}\u00a0» n’est pas du texte en UTF-8. {_FORM}") from error
    except json.JSONDecodeError as error:
        where = f"ligne {error.lineno}, colonne {error.colno}"
        raise OzoirError("GeoJSON illisible.", f"«\u00a0{name}\u00a0» est coupé ou mal formé ({where}). {_FORM}") from error
    except RecursionError as error:
        raise OzoirError("GeoJSON illisible.", f"«\u00a0{name}\u00a0» emboîte trop de niveaux. {_FORM}") from error


def _features(parsed: Any, name: str) -> Iterator[dict]:
    kind = parsed.get("type") if isinstance(parsed, dict) else None
    features = parsed.get("features") if kind == "FeatureCollection" else [parsed] if kind == "Feature" else None
    if not isinstance(features, list):
        raise OzoirError("Ce n’est pas un GeoJSON de périmètres.", f"«\u00a0{name}\u00a0»\u00a0: {_FORM}")
    yield from (feature for feature in features if isinstance(feature, dict))


def _code(properties: Any, codes: Collection[str]) -> str:
    if not isinstance(properties, dict):
        return ""
    plain = {str(key).lower(): str(value).strip() for key, value in properties.items()}
    for name in _CODES:
        if name in plain:  # the first one says what the shape is: a quartier also names its commune
            return plain[name] if plain[name] in codes else ""
    return ""


def _rings(geometry: Any, place: str) -> list[Anneau]:
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    held = geometry.get("coordinates") if isinstance(geometry, dict) else None
    polygons = [held] if kind == "Polygon" else held if kind == "MultiPolygon" else None
    if not isinstance(polygons, list):
        raise OzoirError("Forme non acceptée.", f"{place}\u00a0: «\u00a0{kind or 'aucune forme'}\u00a0». {_FORM}")
    rings = [_ring(ring, place) for polygon in polygons for ring in (polygon if isinstance(polygon, list) else [None])]
    points = sum(map(len, rings))
    if not rings or points > MOST_POINTS:
        raise OzoirError(
            "Contour trop détaillé." if rings else "Contour vide.",
            f"{place}\u00a0: {format_number(points)} points\u202f; de 4 à {format_number(MOST_POINTS)} sont acceptés.",
        )
    return rings


def _ring(ring: Any, place: str) -> Anneau:
    points = [_point(point, place) for point in ring] if isinstance(ring, list) else []
    if len(points) > 2 and points[0] != points[-1]:
        points.append(points[0])
    if len(set(points)) < 3:
        raise OzoirError("Contour incomplet.", f"{place}\u00a0: un contour a au moins trois points différents.")
    return tuple(points)


def _point(point: Any, place: str) -> tuple[float, float]:
    is_pair = isinstance(point, list) and len(point) >= 2
    values = [value for value in point[:2] if isinstance(value, int | float) and not isinstance(value, bool)] if is_pair else []
    if len(values) < 2 or not all(isfinite(value) for value in values):
        raise OzoirError(
            "Coordonnées illisibles.", f"{place}\u00a0: «\u00a0{str(point)[:60]}\u00a0» n’est pas un point. {_FORM}"
        )
    longitude, latitude = float(values[0]), float(values[1])
    if abs(longitude) > 180 or abs(latitude) > 90:
        raise OzoirError(
            "Coordonnées en mètres.",
            f"{place}\u00a0: ({format_number(longitude)}, {format_number(latitude)}) n’est pas en degrés, sans doute en "
            "Lambert-93. Exportez de nouveau la couche en WGS 84 (EPSG:4326).",
        )
    return longitude, latitude
