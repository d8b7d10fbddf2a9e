"""What a workbook carries beside its sheets: comments, pivot caches, values of linked workbooks, drawn texts, properties.

Nothing of it is ever loaded; it is only looked at for rows about persons, as if it were hidden sheets.
"""

from __future__ import annotations

import re
from html import unescape
from itertools import zip_longest

from ozoir.ingestion.biff_notes import read_notes
from ozoir.ingestion.grids import Cell, Grid
from ozoir.ingestion.inspection import chosen_limits
from ozoir.ingestion.packages import Package

_TEXTS = (
    (re.compile(r"xl/(?:threaded)?comments[^/]*/?[^/]*\.xml"), "commentaires"),
    (re.compile(r"xl/threadedcomments/.*\.xml"), "commentaires"),
    (re.compile(r"xl/drawings/(?!.*_rels).*\.(?:xml|vml)"), "zones de texte"),
    (re.compile(r"docprops/.*\.xml"), "propriétés du document"),
    (re.compile(r"xl/externallinks/(?!.*_rels).*\.xml"), "valeurs d’un classeur lié"),
)
_COMMENT = re.compile(rb"<(?:\w+:)?(?:comment|threadedComment)\s.*?</(?:\w+:)?(?:comment|threadedComment)>", re.DOTALL)
_RUN = re.compile(rb"<(?:\w+:)?(?:t|text)(?:\s[^>]*)?>([^<]*)</")
_ANY_TEXT = re.compile(rb">([^<>]+)<")
_FIELD = re.compile(
    rb"<(?:\w+:)?cacheField\s[^>]*?name=\"([^\"]*)\".*?(?=<(?:\w+:)?cacheField\s|</(?:\w+:)?cacheFields>)", re.DOTALL
)
_ITEM = re.compile(rb"<(?:\w+:)?([snd])\s[^>]*?v=\"([^\"]*)\"")
_RECORD = re.compile(rb"<(?:\w+:)?r>(.*?)</(?:\w+:)?r>", re.DOTALL)
_ANNOTATION = re.compile(rb"<office:annotation[\s>].*?</office:annotation>", re.DOTALL)
_LARGEST = 60_000_000


def read_hidden_parts(data: bytes, kind: str) -> list[Grid]:
    """Each such part as a grid, hidden; nothing for texts."""
    if kind == "xls":
        notes = [[" ".join(text.split())] for text in read_notes(data)]
        return [_grid("commentaires", notes)] if notes else []
    if kind == "ods":
        content = Package(data, chosen_limits()).read("content.xml")
        notes = [[_clean(b" ".join(_ANY_TEXT.findall(note)))] for note in _ANNOTATION.findall(content)]
        return [_grid("commentaires", notes)] if notes else []
    if kind != "xlsx":
        return []
    package = Package(data, chosen_limits())
    grids = []
    for name in package.names:
        lower = name.casefold()
        if lower.startswith("xl/pivotcache/pivotcachedefinition") and lower.endswith(".xml"):
            grids.append(_pivot_cache(package, name))
        for pattern, title in _TEXTS:
            if pattern.fullmatch(lower):
                grids.append(_grid(title, [[text] for text in _texts(_read(package, name))]))
                break
    return [grid for grid in grids if grid.rows]


def _read(package: Package, name: str) -> bytes:
    """The part, cut when it is larger than any real one."""
    content = b""
    for chunk in package.stream(name):
        content += chunk
        if len(content) > _LARGEST:
            break
    return content


def _texts(content: bytes) -> list[Cell]:
    """One text per comment; else every text of the part."""
    comments = _COMMENT.findall(content)
    if comments:
        return [_clean(b"".join(_RUN.findall(comment))) for comment in comments]
    return [text for raw in _ANY_TEXT.findall(content) if (text := _clean(raw))]


def _pivot_cache(package: Package, name: str) -> Grid:
    """The fields of a pivot cache as columns: their name, their shared items, then what its records hold."""
    columns: list[list[Cell]] = []
    for field in _FIELD.finditer(_read(package, name)):
        columns.append([_clean(field.group(1)), *map(_item, _ITEM.findall(field.group(0)))])
    records = re.sub("definition", "Records", name, flags=re.IGNORECASE)
    known = {other.casefold(): other for other in package.names}
    if records.casefold() in known:
        for record in _RECORD.findall(_read(package, known[records.casefold()])):
            items = re.findall(rb"<(?:\w+:)?([snxdmbe])(?:\s[^>]*?v=\"([^\"]*)\")?", record)
            for column, item in zip(columns, items, strict=False):
                if item[0] in (b"s", b"n", b"d"):
                    column.append(_item(item))
    return _grid("cache d’un tableau croisé", [list(row) for row in zip_longest(*columns, fillvalue="")])


def _item(found: tuple[bytes, bytes]) -> Cell:
    kind, raw = found
    text = _clean(raw)
    if kind == b"n":
        try:
            return float(text)
        except ValueError:
            return text
    return text[:10] if kind == b"d" else text


def _clean(raw: bytes) -> str:
    return " ".join(unescape(raw.decode("utf-8", "replace")).split())


def _grid(name: str, rows: list[list[Cell]]) -> Grid:
    return Grid(name, rows, is_hidden=True)
