"""Figures in doubt: the note of a contested fact goes with every Result that uses it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from ozoir.catalogue.loading import Catalogue
from ozoir.catalogue.model import Cle, Territoire
from ozoir.indicators.results import Point, Result, Serie
from ozoir.numbers import NBSP, format_date
from ozoir.store.contestations import Contestation, FactKey


def note_doubts(result: Result, contested: Mapping[FactKey, Contestation], catalogue: Catalogue) -> Result:
    """The same Result, one note more per doubted fact behind its points; the figures stay as they are."""
    if not contested:
        return result
    notes = dict.fromkeys(
        _write(item)
        for serie in result.series
        for point in serie.points
        for item in _find(serie, point, contested, catalogue.territoire)
    )
    return replace(result, notes=(*result.notes, *notes)) if notes else result


def _find(
    serie: Serie, point: Point, contested: Mapping[FactKey, Contestation], territoire: Territoire
) -> Iterator[Contestation]:
    places = [(zonage.code, zonage.id) for zonage in territoire.zonages if zonage.id == point.zonage] + [
        (territoire.code_commune, "commune")
    ]
    terms: list[tuple[str, Cle | None, object]] = [(point.source, serie.cle, point.date_reference)]
    terms.append(
        (point.source_denominateur or point.source, serie.cle_denominateur, point.date_denominateur or point.date_reference)
    )
    for source, cle, day in terms:
        for code, zonage in places if cle else ():
            key = (source, cle.mesure, code, zonage, day, cle.sexe, cle.age, cle.detail)
            if key in contested:
                yield contested[key]


def _write(item: Contestation) -> str:
    day = item.cle[4]
    return (
        f"Chiffre contesté (donnée au {format_date(day)}){NBSP}: {item.note} – {item.auteur}, le {format_date(item.saisi_le)}."
    )
