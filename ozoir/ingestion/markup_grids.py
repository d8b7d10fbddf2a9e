"""Old exports named .xls which are a page or an XML text: read when they hold one plain table, else said how to re-save."""

from __future__ import annotations

import re
from datetime import datetime
from html.parser import HTMLParser
from xml.parsers import expat

from ozoir.errors import OzoirError
from ozoir.ingestion.delivery import INFORMATION, Finding
from ozoir.ingestion.inspection import Limits, Place, SheetScan, refuse_far_cell

RESAVE = (
    "Ouvrez-le dans Excel ou LibreOffice, puis «\u00a0Enregistrer sous\u00a0» au format «\u00a0Classeur Excel (.xlsx)\u00a0»."
)
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?([\w-]+)", re.IGNORECASE)
_SPREADSHEET = "urn:schemas-microsoft-com:office:spreadsheet"
_SILENT = {"script", "style", "title", "noscript", "template"}
_NOTES = {"html": "une page HTML", "xml": "un classeur XML 2003"}

Rows = list[list[object]]
Merged = tuple[tuple[Place, Place], ...]


def read_markup(
    data: bytes, kind: str, limits: Limits
) -> tuple[list[tuple[str, Rows, Merged, dict[Place, str]]], list[Finding]]:
    """(name, rows, merged cells, error cells) of each sheet, and what is worth saying."""
    sheets = _read_html(data, limits) if kind == "html" else _read_xml(data, limits)
    message = f"Ce fichier .xls est en réalité {_NOTES[kind]}\u00a0: son tableau est lu tel quel."
    return sheets, [Finding(INFORMATION, message)]


def _refuse(title: str, reason: str) -> OzoirError:
    return OzoirError(title, f"{reason} {RESAVE}")


class _Cells:
    """Cells being placed, with the room taken by those which span several rows or columns."""

    def __init__(self, name: str, limits: Limits) -> None:
        self.name, self.limits = name, limits
        self.values: dict[Place, object] = {}
        self.merged: list[tuple[Place, Place]] = []
        self.errors: dict[Place, str] = {}
        self._taken: set[Place] = set()

    def free_column(self, line: int, column: int) -> int:
        while (line, column) in self._taken:
            column += 1
        return column

    def put(self, line: int, column: int, value: object, down: int = 1, right: int = 1) -> None:
        bottom, last = line + down - 1, column + right - 1
        if last > self.limits.columns:
            self._check_extent(bottom, last)
        if down * right > 1:
            if len(self._taken) + down * right > 200_000:
                raise _refuse(
                    "Tableau anormal, refusé par prudence.", "Ses cellules fusionnées couvrent une étendue démesurée."
                )
            self._taken |= {(below, beside) for below in range(line, bottom + 1) for beside in range(column, last + 1)}
            self.merged.append(((line, column), (bottom, last)))
        self.values[line, column] = value
        if len(self.values) > self.limits.cells:
            raise _refuse("Feuille trop grande.", "Le tableau a trop de cellules.")

    def _check_extent(self, height: int, width: int) -> None:
        refuse_far_cell(SheetScan(self.name or "tableau", cells=len(self.values), rows=height, columns=width), self.limits)

    def rows(self) -> Rows:
        filled = {place: value for place, value in self.values.items() if value != ""}
        height = max((line for line, _ in filled), default=0)
        width = max((column for _, column in filled), default=0)
        self._check_extent(height, width)
        rows: Rows = [[""] * width for _ in range(height)]
        for (line, column), value in filled.items():
            rows[line - 1][column - 1] = value
        return rows

    def sheet(self) -> tuple[str, Rows, Merged, dict[Place, str]]:
        rows = self.rows()
        height, width = len(rows), len(rows[0]) if rows else 0
        inside = tuple(pair for pair in self.merged if pair[1][0] <= height and pair[1][1] <= width)
        return self.name, rows, inside, self.errors


class _Page(HTMLParser):
    """The tables of a page, outermost only."""

    def __init__(self, limits: Limits) -> None:
        super().__init__(convert_charrefs=True)
        self.limits = limits
        self.tables: list[_Cells] = []
        self.depth = self.silent = self.line = self.column = 0
        self.is_nested = False
        self._text: list[str] | None = None
        self._spans = (1, 1)

    def handle_starttag(self, tag: str, attrs: list) -> None:
        if tag in _SILENT:
            self.silent += 1
        elif tag == "table":
            self.depth += 1
            self.is_nested |= self.depth > 1
            if self.depth == 1:
                self.tables.append(_Cells("", self.limits))
                self.line = 0
        elif tag == "tr" and self.depth == 1:
            self._close_cell()
            self.line, self.column = self.line + 1, 1
        elif tag in ("td", "th") and self.depth == 1:
            self._close_cell()
            given = dict(attrs)
            self._spans = (_span(given.get("rowspan")), _span(given.get("colspan")))
            self._text = []
        elif tag == "br" and self._text is not None:
            self._text.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self.silent = max(self.silent - 1, 0)
        elif tag == "table":
            self._close_cell()
            self.depth = max(self.depth - 1, 0)
        elif tag in ("td", "th", "tr") and self.depth == 1:
            self._close_cell()

    def handle_data(self, data: str) -> None:
        if self._text is not None and not self.silent:
            self._text.append(data)

    def _close_cell(self) -> None:
        if self._text is None:
            return
        down, right = self._spans
        cells, line = self.tables[-1], max(self.line, 1)
        self.column = cells.free_column(line, max(self.column, 1))
        cells.put(line, self.column, " ".join("".join(self._text).split()), down, right)
        self.column += right
        self._text = None


def _span(text: str | None) -> int:
    return max(1, int(text)) if text and text.strip().isdecimal() and len(text.strip()) < 6 else 1


def _read_html(data: bytes, limits: Limits) -> list:
    page = _Page(limits)
    page.feed(_decode(data))
    page.close()
    tables = [table for table in page.tables if len(table.rows()) >= 2 and len(table.rows()[0]) >= 2]
    title = "Ce fichier .xls est en réalité une page HTML."
    if page.is_nested:
        raise _refuse(title, "Des tableaux y sont imbriqués\u00a0: on ne sait lequel lire.")
    if len(tables) != 1:
        found = (
            "Aucun tableau n’y est lisible."
            if not tables
            else f"Elle contient {len(tables)} tableaux\u00a0: on ne sait lequel lire."
        )
        raise _refuse(title, found)
    return [tables[0].sheet()]


def _decode(data: bytes) -> str:
    declared = _CHARSET.search(data[:4000])
    for name in ("utf-8-sig", declared.group(1).decode("ascii") if declared else "cp1252", "cp1252"):
        try:
            return data.decode(name)
        except (UnicodeDecodeError, LookupError):
            continue
    return data.decode("latin-1")


class _Workbook:
    """The sheets of an XML 2003 workbook, from the parser's events."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.sheets: list[_Cells] = []
        self.line = self.column = 0
        self.kind = ""
        self.spans = (1, 1)
        self.text: list[str] | None = None

    def open(self, tag: str, attributes: dict[str, str]) -> None:
        given = {name.rsplit(" ", 1)[-1]: value for name, value in attributes.items()}
        name = tag.rsplit(" ", 1)[-1]
        if name == "Worksheet":
            self._open_sheet(given.get("Name", ""))
        elif name == "Row":
            self.line, self.column = _index(given, self.line), 0
        elif name == "Cell":
            self.column = _index(given, self.column)
            self.spans = (_extra(given, "MergeDown") + 1, _extra(given, "MergeAcross") + 1)
        elif name == "Data" and tag.startswith(_SPREADSHEET):
            self.kind, self.text = given.get("Type", "String"), []

    def _open_sheet(self, name: str) -> None:
        if any(sheet.name.casefold() == name.casefold() for sheet in self.sheets):
            raise _refuse("Deux feuilles portent le même nom.", f"La feuille «\u00a0{name}\u00a0» figure deux fois.")
        self.sheets.append(_Cells(name, self.limits))
        if len(self.sheets) > self.limits.sheets:
            raise _refuse("Trop de feuilles dans le classeur.", f"{self.limits.sheets} au plus sont lues.")
        self.line = self.column = 0

    def read(self, text: str) -> None:
        if self.text is not None:
            self.text.append(text)

    def close(self, tag: str) -> None:
        name = tag.rsplit(" ", 1)[-1]
        if name == "Data" and self.text is not None and self.sheets:
            sheet = self.sheets[-1]
            value = _value("".join(self.text), self.kind)
            if self.kind == "Error":
                sheet.errors[self.line, self.column] = str(value)
                value = ""
            sheet.put(self.line, self.column, value, *self.spans)
            self.text = None
        elif name == "Cell":
            self.column += self.spans[1] - 1
            self.spans = (1, 1)


def _index(given: dict[str, str], previous: int) -> int:
    text = given.get("Index", "")
    return min(int(text), 10_000_000) if text.isdecimal() and len(text) < 9 else previous + 1


def _extra(given: dict[str, str], name: str) -> int:
    text = given.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 6 else 0


def _value(text: str, kind: str) -> object:
    try:
        if kind == "Number":
            return float(text)
        if kind == "DateTime":
            return datetime.fromisoformat(text.removesuffix(".000"))
    except ValueError:
        return text
    return text == "1" if kind == "Boolean" else text


def _read_xml(data: bytes, limits: Limits) -> list:
    workbook = _Workbook(limits)
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler, parser.EndElementHandler = workbook.open, workbook.close
    parser.CharacterDataHandler = workbook.read
    parser.StartDoctypeDeclHandler = _refuse_doctype
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise _refuse("Fichier endommagé ou incomplet.", "Ce classeur XML 2003 est coupé ou abîmé.") from error
    if not workbook.sheets:
        raise _refuse("Classeur sans feuille de calcul.", "Aucune feuille ne peut y être lue.")
    return [sheet.sheet() for sheet in workbook.sheets]


def _refuse_doctype(*_: object) -> None:
    raise _refuse("Classeur anormal, refusé par prudence.", "Il contient une déclaration DOCTYPE, absente des vrais classeurs.")
