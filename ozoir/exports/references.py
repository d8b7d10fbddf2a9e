"""The short reference printed with a figure, and finding the figure again: « defm_abc+femmes:2020-12-31:i12:e3 »."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from ozoir.errors import OzoirError
from ozoir.indicators.results import Point, Result, Serie

_PATTERN = re.compile(
    r"(?P<indicateur>[a-z0-9_]+)(?:/(?P<decoupage>[a-z0-9_]+))?(?:\+(?P<modalite>[a-z0-9_]+))?"
    r":(?P<jour>\d{4}-\d{2}-\d{2})(?::i(?P<numero>\d+))?(?::e(?P<edition>\d+))?"
)


@dataclass(frozen=True)
class Reference:
    """What a reference says: indicator, breakdown and modality, reference date, import, frozen edition (0: none)."""

    indicateur: str
    jour: date
    decoupage: str = ""
    modalite: str = ""
    numero_import: int = 0
    edition: int = 0

    def __str__(self) -> str:
        text = self.indicateur
        text += f"/{self.decoupage}" if self.decoupage else ""
        text += f"+{self.modalite}" if self.modalite else ""
        text += f":{self.jour.isoformat()}"
        text += f":i{self.numero_import}" if self.numero_import else ""
        return text + (f":e{self.edition}" if self.edition else "")


def refer(result: Result, serie: Serie, point: Point, edition: int = 0) -> Reference:
    """The reference of one point: its import is the latest of those its figures come from."""
    provenances = [item.import_id for figure in (point.qpv, point.commune) for item in figure.provenances]
    decoupage = result.decoupage if serie.modalite else ""
    return Reference(
        result.indicateur.id, point.date_reference, decoupage, serie.modalite, max(provenances, default=0), edition
    )


def parse_reference(text: str) -> Reference:
    """The reference typed or pasted, surrounding words and capitals aside; OzoirError with the expected form."""
    found = _PATTERN.search(text.strip().lower())
    try:
        return Reference(
            found["indicateur"],
            date.fromisoformat(found["jour"]),
            found["decoupage"] or "",
            found["modalite"] or "",
            int(found["numero"] or 0),
            int(found["edition"] or 0),
        )
    except (TypeError, ValueError) as error:
        raise OzoirError(
            "Référence non reconnue.",
            f"«\u00a0{text}\u00a0»\u00a0: une référence s’écrit indicateur:AAAA-MM-JJ, "
            "par exemple «\u00a0defm_abc:2020-12-31:i12:e3\u00a0».",
        ) from error


def find_figure(results: tuple[Result, ...], reference: Reference) -> tuple[Result, Serie, Point] | None:
    """The point a reference names among these results, or None; of two at one date, the one its import made."""
    places = [
        (result, serie, point)
        for result in results
        if result.indicateur.id == reference.indicateur and (not reference.decoupage or result.decoupage == reference.decoupage)
        for serie in result.series
        if serie.modalite == reference.modalite
        for point in serie.points
        if point.date_reference == reference.jour
    ]
    exact = [place for place in places if refer(*place).numero_import == reference.numero_import]
    return next(iter(exact or places), None)
