"""Outlines of the contract's places, and the plane arithmetic a town-sized map needs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from math import cos, radians

Anneau = tuple[tuple[float, float], ...]
_KM_BY_DEGREE = 111.32  # of latitude; of longitude at the equator


@dataclass(frozen=True)
class Contour:
    """One place: rings of (longitude, latitude) in degrees, closed; a ring inside another is a hole."""

    code: str
    anneaux: tuple[Anneau, ...]
    fichier: str = ""

    @cached_property
    def superficie(self) -> float:
        """In square kilometres; holes, which turn the other way round, are taken out."""
        return abs(sum(_signed_area(_plane(ring, self._latitude)) for ring in _oriented(self.anneaux)))

    @cached_property
    def centre(self) -> tuple[float, float]:
        """The middle of its box: longitude, latitude."""
        west, south, east, north = self.cadre
        return (west + east) / 2, (south + north) / 2

    @cached_property
    def cadre(self) -> tuple[float, float, float, float]:
        """West, south, east, north."""
        points = [point for ring in self.anneaux for point in ring]
        longitudes, latitudes = [point[0] for point in points], [point[1] for point in points]
        return min(longitudes), min(latitudes), max(longitudes), max(latitudes)

    @property
    def _latitude(self) -> float:
        return self.centre[1]


def to_kilometres(point: tuple[float, float], origin: tuple[float, float]) -> tuple[float, float]:
    """East and north of `origin`, on a plane: good to a metre at the size of a town."""
    shrink = cos(radians(origin[1]))
    return (point[0] - origin[0]) * _KM_BY_DEGREE * shrink, (point[1] - origin[1]) * _KM_BY_DEGREE


def _plane(ring: Anneau, latitude: float) -> list[tuple[float, float]]:
    return [to_kilometres(point, (ring[0][0], latitude)) for point in ring]


def _signed_area(points: list[tuple[float, float]]) -> float:
    pairs = pairwise(points)
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in pairs) / 2


def _oriented(rings: tuple[Anneau, ...]) -> list[Anneau]:
    """Outer rings one way, holes the other: producers do not all follow the rule."""
    oriented = []
    for rank, ring in enumerate(rings):
        depth = sum(is_inside(ring[0], other) for other_rank, other in enumerate(rings) if other_rank != rank)
        is_direct = _signed_area(list(ring)) > 0
        oriented.append(ring if is_direct == (depth % 2 == 0) else ring[::-1])
    return oriented


def is_inside(point: tuple[float, float], ring: Anneau) -> bool:
    """Whether a point is within a ring, by counting the sides a ray crosses."""
    x, y = point
    inside = False
    for (x1, y1), (x2, y2) in pairwise(ring):
        if (y1 > y) != (y2 > y) and x < x1 + (y - y1) * (x2 - x1) / (y2 - y1):
            inside = not inside
    return inside
