"""One sheet part of an Excel workbook, counted on its decompressed bytes while it streams by.

Regular expressions on bytes cost a fraction of an XML parser and see what readers blank in silence: error cells,
formulas without value. What they would miss in a hostile file is contained by the child process, and the reader
checks that cells counted = cells read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ozoir.errors import OzoirError
from ozoir.ingestion.inspection import Limits, Place, SheetScan, column_number, is_too_wide_apart, refuse_far_cell
from ozoir.ingestion.packages import RESAVE, Package

_REFERENCE = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
_ROW = re.compile(rb"<row [^>]*>")
_ROW_NUMBER = re.compile(rb' r="(\d+)"')
_HIDDEN = re.compile(rb' hidden="(?:1|true)"')
_BEYOND_AZ_OR_TOO_FAR = re.compile(rb' r="(?:[A-Z]{3}|[B-Z][A-Z]|[A-Z]{1,2}\d{8})')
_LETTERS = re.compile(rb' r="([A-Z]{2,3})\d')
_FILLED = re.compile(rb'<c [^>]*?\br="([A-Z]{1,3})(\d{1,7})"[^>]*(?<!/)>')
_CELL = re.compile(rb"<c ([^>]*[^>/])>(.*?)</c>", re.DOTALL)
_VALUE = re.compile(rb"<v[^>/]*>([^<]+)</v>")
_LINK = re.compile(rb"<f[^>]*>[^<]*\[\d+\]")
_PREFIX = re.compile(rb"<(\w+):(?:worksheet|sst|workbook|styleSheet)\b")
_TOO_FAR = re.compile(rb' r="(?:[A-Z]{4}|[A-Z]{1,3}\d{8})')
_LAST_ROW = 1_048_576
_LONGEST_CELL = 64_000_000
_AZ = 52


def without_prefix(content: bytes) -> bytes:
    """The same XML with the main namespace's prefix removed: « <x:c> » becomes « <c> »."""
    found = _PREFIX.search(content[:4000])
    return _strip(content, found.group(1)) if found else content


def _strip(content: bytes, prefix: bytes) -> bytes:
    return re.sub(rb"<(/?)" + prefix + rb":", rb"<\1", content) if prefix else content


def stream_cells(package: Package, part: str, sheet: str) -> Iterator[bytes]:
    """The part's XML in pieces that never cut a cell, written plainly: no prefix, double quotes.

    Each pass over the bytes costs: the quotes are those of the first piece. Cells written otherwise further on are
    still counted, so that what a reader blanks among them shows as a difference.
    """
    waiting, prefix, has_single_quotes = b"", None, False
    for chunk in package.stream(part):
        if prefix is None:
            found = _PREFIX.search(chunk[:4000])
            prefix = found.group(1) if found else b""
            has_single_quotes = b"='" in chunk
            mark = b"<" + (prefix + b":" if prefix else b"")
        waiting += chunk
        cut = max(waiting.rfind(mark + b"c "), waiting.rfind(mark + b"row"))
        if cut > 0:
            yield _plain(waiting[:cut], prefix, has_single_quotes)
            waiting = waiting[cut:]
        elif len(waiting) > _LONGEST_CELL:
            raise OzoirError("Cellule de texte démesurée.", f"Elle est dans la feuille « {sheet} ». {RESAVE}")
    yield _plain(waiting, prefix or b"", has_single_quotes)


def _plain(piece: bytes, prefix: bytes, has_single_quotes: bool) -> bytes:
    piece = _strip(piece, prefix)
    return piece.replace(b"'", b'"') if has_single_quotes else piece


class SheetScanner:
    """Fills the scan of one sheet."""

    def __init__(self, scan: SheetScan, percent_styles: str, is_linked: bool, limits: Limits) -> None:
        self.scan, self.limits, self.is_linked = scan, limits, is_linked
        pattern = rf'<c [^>]*?\bs="(?:{percent_styles})"[^>]*>'.encode()
        self._percent = re.compile(pattern) if percent_styles else None

    def read(self, package: Package, part: str) -> None:
        """The whole part; raises when it holds too much or reaches too far."""
        scan, limits = self.scan, self.limits
        for piece in stream_cells(package, part, scan.name):
            self._count(piece)
            if scan.cells > limits.cells:
                raise OzoirError(
                    "Feuille trop grande.",
                    f"« {scan.name} » dépasse {limits.cells // 1_000_000} millions de cellules. "
                    "Partagez-la en plusieurs fichiers.",
                )
        if scan.columns > limits.columns or is_too_wide_apart(scan, limits):
            scan.rows, scan.columns = _filled_corner(package, part, scan.name)
        refuse_far_cell(scan, limits)

    def _count(self, piece: bytes) -> None:
        scan = self.scan
        scan.cells += piece.count(b"</v>") + piece.count(b"</is>")
        rows = b"".join(_ROW.findall(piece))
        scan.rows = max([scan.rows, *map(int, _ROW_NUMBER.findall(rows))])
        scan.hidden_rows += len(_HIDDEN.findall(rows))
        is_wide = bool(_BEYOND_AZ_OR_TOO_FAR.search(piece))  # one pass for most files
        scan.columns = max(scan.columns, _widest(piece) if is_wide else _AZ)
        if scan.rows > _LAST_ROW or (is_wide and _TOO_FAR.search(piece)):
            raise OzoirError(
                "Classeur anormal, refusé par prudence.",
                f"Dans la feuille «\u00a0{scan.name}\u00a0», des cellules portent une adresse "
                f"qu’aucun tableur ne connaît. {RESAVE}",
            )
        if b't="e"' in piece or b"<f" in piece:
            self._look_at_formulas(piece)
        for tag in self._percent.findall(piece) if self._percent else ():
            if b" t=" not in tag or b't="n"' in tag:
                scan.percents.add(self._place(tag))

    def _look_at_formulas(self, piece: bytes) -> None:
        for tag, inner in _CELL.findall(piece):
            value = _VALUE.search(inner)
            if b't="e"' in tag:
                self.scan.errors[self._place(tag)] = value.group(1).decode("utf-8", "replace") if value else "#N/A"
            elif b"<f" in inner and not value and b't="str"' not in tag:
                self.scan.unvalued.add(self._place(tag))
            if self.is_linked and b"[" in inner and _LINK.search(inner):
                self.scan.linked.append(self._place(tag))

    def _place(self, tag: bytes) -> Place:
        found = _REFERENCE.search(tag)
        if not found:
            raise OzoirError(
                "Cellules sans adresse.",
                f"Dans la feuille « {self.scan.name} », des cellules n’ont pas d’adresse : "
                f"leurs erreurs ne peuvent être situées. {RESAVE}",
            )
        return int(found.group(2)), column_number(found.group(1).decode())


def _widest(piece: bytes) -> int:
    """The last column met in a piece; 52 (AZ) when none goes further."""
    return max([_AZ, *(column_number(letters.decode()) for letters in set(_LETTERS.findall(piece)))])


def _filled_corner(package: Package, part: str, sheet: str) -> Place:
    """The last row and column that hold a value, formatted empty cells apart (slow: for suspects only)."""
    rows = columns = 0
    for piece in stream_cells(package, part, sheet):
        places = _FILLED.findall(piece)
        rows = max([rows, *(int(row) for _, row in places)])
        columns = max([columns, *(column_number(text.decode()) for text in {letters for letters, _ in places})])
    return rows, columns
