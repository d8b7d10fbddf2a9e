"""LibreOffice workbooks (.ods) judged before they are parsed: repeated cells are what fills a memory there."""

from __future__ import annotations

import re

from ozoir.errors import OzoirError
from ozoir.ingestion.inspection import Inspection, SheetScan, refuse_far_cell
from ozoir.ingestion.ooxml import attribute
from ozoir.ingestion.packages import RESAVE, Package

_TAG = re.compile(rb"<table:(table|table-row|table-cell|covered-table-cell)(?=[\s/>])([^>]*)>")
_HIDDEN_STYLE = re.compile(
    rb'<style:style [^>]*style:name="([^"]*)"[^>]*style:family="table"[^>]*>.*?</style:style>', re.DOTALL
)


def inspect_opendocument(package: Package) -> Inspection:
    """Every sheet counted with its repetitions; raises OzoirError on what must not be parsed."""
    if "content.xml" not in package.names:
        raise OzoirError("Ce fichier n’est pas un classeur LibreOffice.", f"Il y manque la partie content.xml. {RESAVE}")
    if "META-INF/manifest.xml" in package.names and b"encryption-data" in package.read("META-INF/manifest.xml"):
        raise OzoirError(
            "Fichier protégé par un mot de passe.",
            "Il ne peut pas être lu. Demandez au partenaire une copie sans mot de passe.",
        )
    reader = _Reader(package)
    waiting = b""
    for chunk in package.stream("content.xml"):
        waiting += chunk
        cut = waiting.rfind(b"<table:")
        if cut > 0:
            reader.read(waiting[:cut])
            waiting = waiting[cut:]
    reader.read(waiting)
    package.read_rest({"content.xml"})
    return Inspection("ods", reader.scans)


class _Reader:
    """Walks the table tags in order and keeps the current line and column, repetitions included."""

    def __init__(self, package: Package) -> None:
        self.limits = package.limits
        self.scans: list[SheetScan] = []
        self.hidden_styles: set[bytes] = set()
        self.line = self.column = 0
        self.next_line = self.repeated = 1

    def read(self, piece: bytes) -> None:
        for style in _HIDDEN_STYLE.finditer(piece):
            if b'table:display="false"' in style.group():
                self.hidden_styles.add(style.group(1))
        for kind, tag in _TAG.findall(piece):
            if kind == b"table":
                self._open_sheet(tag)
            elif kind == b"table-row":
                self._open_row(tag)
            else:
                self._read_cell(tag)

    def _open_sheet(self, tag: bytes) -> None:
        name = attribute(tag, "name")
        if any(scan.name.casefold() == name.casefold() for scan in self.scans):
            raise OzoirError("Deux feuilles portent le même nom.", f"La feuille « {name} » figure deux fois. {RESAVE}")
        is_hidden = attribute(tag, "style-name").encode() in self.hidden_styles
        self.scans.append(SheetScan(name, is_hidden))
        self.next_line = 1
        if len(self.scans) > self.limits.sheets:
            raise OzoirError("Trop de feuilles dans le classeur.", f"{self.limits.sheets} au plus sont lues.")

    def _open_row(self, tag: bytes) -> None:
        self.line, self.column = self.next_line, 0
        self.repeated = int(attribute(tag, "number-rows-repeated") or 1)
        self.next_line += self.repeated
        if self.scans and attribute(tag, "visibility") in ("collapse", "filter"):
            self.scans[-1].hidden_rows += self.repeated

    def _read_cell(self, tag: bytes) -> None:
        width = int(attribute(tag, "number-columns-repeated") or 1)
        first = self.column + 1
        self.column += width
        if b"office:value-type=" not in tag or not self.scans:
            return
        scan = self.scans[-1]
        scan.rows = max(scan.rows, self.line + self.repeated - 1)
        scan.columns = max(scan.columns, self.column)
        scan.cells += width * self.repeated
        refuse_far_cell(scan, self.limits)
        if scan.cells > self.limits.cells:
            raise OzoirError("Feuille trop grande.", f"« {scan.name} » a trop de cellules. Partagez-la en plusieurs fichiers.")
        places = [(self.line + down, first + right) for down in range(self.repeated) for right in range(width)]
        if b'value-type="error"' in tag:
            scan.errors.update(dict.fromkeys(places, "erreur"))
        elif b'office:value-type="percentage"' in tag:
            scan.percents.update(places)
