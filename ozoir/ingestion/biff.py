"""Old Excel workbooks (.xls) judged on their records before they are parsed: error cells, hidden sheets, percentages."""

from __future__ import annotations

import struct

from ozoir.errors import OzoirError
from ozoir.ingestion.compound import CompoundFile, damaged
from ozoir.ingestion.delivery import INFORMATION, Finding
from ozoir.ingestion.inspection import Inspection, Limits, SheetScan, refuse_far_cell

_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
_BOF, _BOUNDSHEET, _FILEPASS, _DATE1904, _FORMAT, _XF, _ROW = 0x809, 0x85, 0x2F, 0x22, 0x41E, 0xE0, 0x208
_FORMULA, _BOOLERR, _NUMBER, _RK, _MULRK = 0x06, 0x205, 0x203, 0x27E, 0xBD
_ONE_CELL = {_FORMULA, _BOOLERR, _NUMBER, _RK, 0xFD, 0x204, 0xD6}


def inspect_biff(data: bytes, limits: Limits) -> Inspection:
    """Every sheet counted; raises OzoirError on an encrypted, cut or foreign OLE file."""
    compound = CompoundFile(data)
    if "EncryptedPackage" in compound.streams:
        raise _encrypted()
    name = next((name for name in ("Workbook", "Book") if name in compound.streams), "")
    if not name:
        raise OzoirError(
            "Ce fichier n’est pas un classeur Excel.",
            "C’est un ancien document Office d’un autre type (Word, PowerPoint, message…). "
            "Demandez au partenaire le tableau lui-même, en .xlsx ou en .csv.",
        )
    reader = _Reader(limits)
    try:
        reader.read(compound.read(name))
    except (struct.error, IndexError) as error:
        raise damaged() from error
    inspection = Inspection("xls", list(reader.scans.values()), reader.findings)
    if "_VBA_PROJECT" in compound.streams or "_VBA_PROJECT_CUR" in compound.streams:
        inspection.findings.append(Finding(INFORMATION, "Le classeur contient des macros : elles sont ignorées."))
    return inspection


def _encrypted() -> OzoirError:
    return OzoirError(
        "Fichier protégé par un mot de passe.",
        "Il ne peut pas être lu. Demandez au partenaire une copie sans mot de passe, ou retirez-le dans Excel "
        "(Fichier, Informations, Protéger le classeur).",
    )


class _Reader:
    """Walks the records of the workbook stream; sheets are known by the offset of their first record."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.scans: dict[int, SheetScan] = {}
        self.findings: list[Finding] = []
        self.formats: list[int] = []
        self.percent_formats = {9, 10}
        self.is_unicode = True

    def read(self, stream: bytes) -> None:
        position, scan = 0, None
        while position + 4 <= len(stream):
            kind, length = struct.unpack_from("<HH", stream, position)
            body = stream[position + 4 : position + 4 + length]
            if len(body) < length:
                raise damaged()
            if kind == _BOF:
                scan = self.scans.get(position, scan)
                self.is_unicode = struct.unpack_from("<H", body)[0] == 0x600
            elif scan is None:
                self._read_global(kind, body)
            elif kind in _ONE_CELL:
                self._read_cell(scan, kind, body)
            elif kind == _MULRK:
                self._read_several(scan, body)
            elif kind == _ROW and struct.unpack_from("<H", body, 12)[0] & 0x20:
                scan.hidden_rows += 1
            position += 4 + length
        for scan in self.scans.values():
            refuse_far_cell(scan, self.limits)

    def _read_global(self, kind: int, body: bytes) -> None:
        if kind == _FILEPASS:
            raise _encrypted()
        if kind == _BOUNDSHEET and body[5] == 0:
            offset, state = struct.unpack_from("<IB", body)
            self.scans[offset] = SheetScan(self._text(body[6:]), bool(state & 3))
        elif kind == _DATE1904 and body[:2] == b"\x01\x00":
            message = "Le classeur compte ses dates depuis 1904 : elles sont converties."
            self.findings.append(Finding(INFORMATION, message))
        elif kind == _FORMAT and b"%" in body[2:]:
            self.percent_formats.add(struct.unpack_from("<H", body)[0])
        elif kind == _XF:
            self.formats.append(struct.unpack_from("<H", body, 2)[0])

    def _text(self, body: bytes) -> str:
        if not self.is_unicode:
            return body[1 : 1 + body[0]].decode("cp1252", "replace")
        if body[1] & 1:
            return body[2 : 2 + 2 * body[0]].decode("utf-16-le", "replace")
        return body[2 : 2 + body[0]].decode("latin-1")

    def _read_cell(self, scan: SheetScan, kind: int, body: bytes) -> None:
        row, column, style = struct.unpack_from("<HHH", body)
        place = (row + 1, column + 1)
        scan.cells += 1
        scan.rows, scan.columns = max(scan.rows, place[0]), max(scan.columns, place[1])
        if kind == _BOOLERR and body[7]:
            scan.errors[place] = _ERRORS.get(body[6], "erreur")
        elif kind == _FORMULA and body[12:14] == b"\xff\xff":
            if body[6] == 2:
                scan.errors[place] = _ERRORS.get(body[8], "erreur")
        elif kind in (_NUMBER, _RK, _FORMULA) and self._is_percent(style):
            scan.percents.add(place)

    def _read_several(self, scan: SheetScan, body: bytes) -> None:
        row, first = struct.unpack_from("<HH", body)
        count = (len(body) - 6) // 6
        scan.cells += count
        scan.rows, scan.columns = max(scan.rows, row + 1), max(scan.columns, first + count)
        for rank in range(count):
            if self._is_percent(struct.unpack_from("<H", body, 4 + 6 * rank)[0]):
                scan.percents.add((row + 1, first + rank + 1))

    def _is_percent(self, style: int) -> bool:
        return style < len(self.formats) and self.formats[style] in self.percent_formats
