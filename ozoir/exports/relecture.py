"""Every document opened again, as somebody who received it would: what each cell, chart and embedded workbook says.

For the audit of statistical confidentiality. Lists of figures are read line by line; everywhere else, a number which
stands in a table, in a sentence, on a picture or behind a chart without being one of the figures shown is a stray. A
PNG is not read: it is its SVG in pixels.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from typing import Any
from xml.etree import ElementTree

import openpyxl

from ozoir.catalogue.model import Indicateur
from ozoir.charts.figures import build_chart
from ozoir.charts.traces import Vue
from ozoir.exports.contents import Cellule, Dossier
from ozoir.exports.flat import SHOWN
from ozoir.exports.formats import FORMATS, Format
from ozoir.exports.pictures import draw_chart, draw_picture
from ozoir.exports.written import own_numbers, pdf_text, picture_numbers, prose_numbers, scale_numbers
from ozoir.indicators.reading import Reading
from ozoir.indicators.results import Figure, Result
from ozoir.indicators.tables import FIGURES
from ozoir.numbers import parse_number, round_half_up

_CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_CELLS = tuple(f"{{http://schemas.openxmlformats.org/{kind}/2006/main}}tc" for kind in ("drawingml", "wordprocessingml"))
_FIELD = "{http://schemas.openxmlformats.org/drawingml/2006/main}fld"
_PARAGRAPHS = tuple(tag.removesuffix("tc") + "p" for tag in _CELLS)
_LIST = "Chiffres"  # the workbook's sheet with one line per figure
_RANKS = {name: rank for rank, name in enumerate(SHOWN)}
_AXIS_KEYS = ("x", "y", "text", "customdata", "hovertext")


@dataclass(frozen=True)
class Relecture:
    """documents: how many were opened; readings: lines of lists; strays: (document, number that is no shown figure).

    unread: the PDFs, when what reads them is not installed.
    """

    documents: int
    readings: tuple[Reading, ...]
    strays: tuple[tuple[str, float], ...]
    unread: tuple[str, ...] = ()


def read_back(dossier: Dossier, formats: Iterable[str] = ()) -> Relecture:
    """All the formats, or these, and the charts as the browser receives them."""
    shown = {_rounded(value) for value in _shown_numbers(dossier)}
    said = {abs(value) for value in shown} | own_numbers(dossier)
    chosen = [item for item in FORMATS if item.id not in ("pack", "png") and (not formats or item.id in formats)]
    readings: list[Reading] = []
    strays: dict[tuple[str, float], None] = {}
    unread = []
    scales = _scales(dossier) if any(_is_pdf(item) for item in chosen) else set()
    for item in chosen:
        name, content = item.file_name(dossier), item.render(dossier)
        readings += _lines(item.id, name, content, dossier)
        strays |= dict.fromkeys((name, value) for value in _numbers(content) if _rounded(value) not in shown)
        texts = list(_prose(content))
        if None in texts:
            unread.append(name)
        written = set().union(*(prose_numbers(text) for text in texts if text))
        strays |= dict.fromkeys((name, value) for value in sorted(written - said - (scales if _is_pdf(item) else set())))
    for result in dossier.resultats:
        strays |= dict.fromkeys(_strays_of_charts(result, dossier.bandeau, shown))
    return Relecture(len(chosen), tuple(readings), tuple(strays), tuple(unread))


def _is_pdf(item: Format) -> bool:
    return item.extension == "pdf" or item.id == "fiches-actions"


def _strays_of_charts(result: Result, bandeau: str, shown: set[float]) -> Iterator[tuple[str, float]]:
    """What the browser receives with the chart, then what its picture writes, held against this result's own figures."""
    name = f"graphique {result.indicateur.id}"
    chart = build_chart(result, Vue())
    values = _plotted(chart.figure.to_plotly_json()["data"]) if chart else ()
    yield from ((name, value) for value in values if _rounded(value) not in shown)
    picture = draw_picture(result, bandeau)
    if picture:
        said = {abs(_rounded(value)) for value in _shown_numbers(result)} | own_numbers((result, bandeau))
        yield from ((name, value) for value in sorted(picture_numbers(picture.svg) - said))


def _scales(dossier: Dossier) -> set[float]:
    pictures = [draw_chart(result) for result in dossier.resultats]
    return set().union(*(scale_numbers(picture.svg) for picture in pictures if picture))


def _prose(content: bytes) -> Iterator[str | None]:
    """The texts of PDFs, slides and Word documents, at every depth of the archive; None for one that cannot be read."""
    if content[:5] == b"%PDF-":
        yield pdf_text(content)
    elif content[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist():
                if name.endswith((".pdf", ".docx", ".pptx")):
                    yield from _prose(archive.read(name))
                elif name.endswith(".xml") and any(word in name for word in ("slides/slide", "notesSlide", "word/document")):
                    root = ElementTree.fromstring(archive.read(name))
                    for field in root.iter(_FIELD):  # the number of the slide
                        field.clear()
                    yield "\n".join("".join(item.itertext()) for tag in _PARAGRAPHS for item in root.iter(tag))


def _rounded(value: float) -> float:
    return round(value, 6)


def _shown_numbers(dossier: Dossier | Result) -> Iterator[float]:
    """Every number which a document may write: figures as they are and as they are rounded, and the follow-up's cells."""
    for item in _walk(dossier):
        if isinstance(item, Figure):
            for value in (item.valeur, item.marge, item.numerateur, item.denominateur):
                if value is not None:
                    yield value
                    yield from (float(round_half_up(value, decimals)) for decimals in range(3))
        elif isinstance(item, Cellule):
            if item.valeur is not None:
                yield item.valeur
            if (number := parse_number(item.texte)) is not None:
                yield number
        elif isinstance(item, int | float) and not isinstance(item, bool):
            yield float(item)


def _walk(value: Any) -> Iterator[Any]:
    """All that is written in it, figures whole; what the catalogue declares of an indicator is no figure."""
    if isinstance(value, Indicateur):
        return
    yield value
    if isinstance(value, Figure):
        return
    if is_dataclass(value):
        for item in fields(value):
            yield from _walk(getattr(value, item.name))
    elif isinstance(value, tuple | list):
        for item in value:
            yield from _walk(item)


def _lines(format_id: str, name: str, content: bytes, dossier: Dossier) -> Iterator[Reading]:
    """The lines of the three lists of figures: tidy table, French table, the workbook's sheet."""
    if format_id == "donnees":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            rows = csv.DictReader(io.StringIO(archive.read("indicateurs.csv").decode("utf-8")))
            for row in rows:
                for role in FIGURES:
                    if row[role]:
                        day = date.fromisoformat(row["date_reference"])
                        key = row["indicateur"], row["decoupage"], row["modalite"], day, row["source"]
                        yield Reading(name, *key, role, float(row[role]))
    if format_id == "xlsx":
        yield from _workbook_lines(name, content, dossier)


def _workbook_lines(name: str, content: bytes, dossier: Dossier) -> Iterator[Reading]:
    known = {
        (result.indicateur.titre, serie.libelle, point.date_reference, point.source): (result, serie)
        for result in dossier.resultats
        for serie in result.series
        for point in serie.points
    }
    sheet = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)[_LIST]
    for row in sheet.iter_rows(values_only=True):
        line = {name: row[rank] for name, rank in _RANKS.items() if rank < len(row)}
        if not hasattr(line.get("date_reference"), "date"):
            continue
        day = line["date_reference"].date()
        result, serie = known.get((line["titre"], line["libelle_modalite"], day, line["source"]), (None, None))
        for role in FIGURES if result else ():
            if isinstance(line.get(role), int | float):
                key = result.indicateur.id, result.decoupage, serie.modalite, day, line["source"]
                yield Reading(name, *key, role, float(line[role]))


def _numbers(content: bytes) -> Iterator[float]:
    """Numbers behind charts and alone in a cell of a table, at every depth of the archive; embedded workbooks too."""
    if content[:4] != b"PK\x03\x04":
        return
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
        for name in names:
            part = archive.read(name)
            if part[:4] == b"PK\x03\x04":
                yield from _cells_of(part) if name.endswith(".xlsx") else _numbers(part)
            elif name.endswith(".xml") and any(word in name for word in ("chart", "slides/slide", "word/document")):
                yield from _xml_numbers(part)


def _cells_of(workbook: bytes) -> Iterator[float]:
    for sheet in openpyxl.load_workbook(io.BytesIO(workbook), data_only=True):
        for row in sheet.iter_rows(values_only=True):
            yield from (float(value) for value in row if isinstance(value, int | float))


def _xml_numbers(part: bytes) -> Iterator[float]:
    root = ElementTree.fromstring(part)
    for series in root.iter(f"{_CHART}val"):
        yield from (float(item.text) for item in series.iter(f"{_CHART}v") if item.text)
    for tag in _CELLS:
        for cell in root.iter(tag):
            number = parse_number("".join(cell.itertext()).rstrip("\u00a0\u202f €"))
            if number is not None:
                yield number


def _plotted(traces: Iterable[dict]) -> Iterator[float]:
    """The numbers that the browser receives with a chart, positions of categories excepted."""
    for trace in traces:
        for key in _AXIS_KEYS:
            yield from _plain_numbers(trace.get(key))


def _plain_numbers(value: Any) -> Iterator[float]:
    if isinstance(value, str | bytes | dict) or value is None:
        return
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, list | tuple):
        for item in value:
            yield from _plain_numbers(item)
    elif isinstance(value, int | float) and not isinstance(value, bool) and value == value:
        yield float(value)
