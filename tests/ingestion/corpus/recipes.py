"""Strange files, each made from a harmless one: what a recipe may do to a workbook, a text, a page."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Sequence

import openpyxl

from tests.ingestion.samples import demo_cells, demo_text

SHEET = "xl/worksheets/sheet1.xml"
NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def book(change: Callable | None = None, sheets: dict[str, Sequence] | None = None) -> bytes:
    """A harmless workbook of quartiers, changed by openpyxl before it is saved."""
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    for name, rows in (sheets or {"Quartiers": demo_cells()}).items():
        sheet = workbook.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    if change:
        change(workbook)
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def cell(name: str, value: object, number_format: str = "") -> Callable:
    def change(workbook) -> None:
        workbook.worksheets[0][name] = value
        if number_format:
            workbook.worksheets[0][name].number_format = number_format

    return change


def parts(
    content: bytes,
    changes: dict[str, Callable[[bytes], bytes]] | None = None,
    extra: dict[str, bytes] | None = None,
    method: int = zipfile.ZIP_DEFLATED,
) -> bytes:
    """The same zip, some parts changed, others added."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(stream, "w", method) as target:
        for name in source.namelist():
            data = source.read(name)
            if changes and name in changes:
                data = changes[name](data)
            if data is not None:
                target.writestr(name, data)
        for name, data in (extra or {}).items():
            target.writestr(name, data)
    return stream.getvalue()


def in_sheet(xml: bytes) -> Callable[[bytes], bytes]:
    """Raw rows put at the end of a sheet."""
    return lambda content: content.replace(b"</sheetData>", xml + b"</sheetData>")


def swap(before: bytes, after: bytes) -> Callable[[bytes], bytes]:
    return lambda content: content.replace(before, after)


def doctype(content: bytes) -> bytes:
    return content.replace(b"<workbook", b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><workbook', 1)


def encrypted_zip(content: bytes) -> bytes:
    """The « encrypted » flag set on every entry of the directory."""
    data = bytearray(content)
    for found in re.finditer(b"PK\x01\x02", content):
        data[found.start() + 8] |= 1
    return bytes(data)


def broken_part(content: bytes) -> bytes:
    data = bytearray(content)
    info = zipfile.ZipFile(io.BytesIO(content)).getinfo(SHEET)
    data[info.header_offset + 60] ^= 0xFF
    return bytes(data)


def lying_size(content: bytes) -> bytes:
    """A directory which says that the sheet is ten bytes long."""
    data = bytearray(content)
    for found in re.finditer(b"PK\x01\x02", content):
        length = struct.unpack_from("<H", content, found.start() + 28)[0]
        if content[found.start() + 46 : found.start() + 46 + length] == SHEET.encode():
            struct.pack_into("<I", data, found.start() + 24, 10)
    return bytes(data)


def odd_method(content: bytes) -> bytes:
    return parts(content, method=zipfile.ZIP_BZIP2)


def page(*tables: str, before: str = "", charset: str = "utf-8") -> bytes:
    body = "".join(tables)
    return f'<html><head><meta charset="{charset}">{before}</head><body>{body}</body></html>'.encode(charset)


def html_table(rows: Sequence[Sequence[object]] | None = None, more: str = "") -> str:
    return f"<table>{''.join(map(_html_row, rows or demo_cells()))}{more}</table>"


def _html_row(row: Sequence[object]) -> str:
    cells = "".join(f"<td>{'' if value is None else value}</td>" for value in row)
    return f"<tr>{cells}</tr>"


def xml_2003(rows: Sequence[Sequence[object]] | None = None, head: str = "", sheets: Sequence[str] = ("Quartiers",)) -> bytes:
    lines = [f"<Row>{''.join(map(_xml_cell, range(1, len(row) + 1), row))}</Row>" for row in rows or demo_cells()]
    tables = "".join(f'<Worksheet ss:Name="{name}"><Table>{"".join(lines)}</Table></Worksheet>' for name in sheets)
    return (
        f'<?xml version="1.0"?>{head}<?mso-application progid="Excel.Sheet"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
        f'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">{tables}</Workbook>'
    ).encode()


def _xml_cell(rank: int, value: object) -> str:
    if value is None:
        return ""
    kind = "Number" if isinstance(value, float | int) else "String"
    return f'<Cell ss:Index="{rank}"><Data ss:Type="{kind}">{value}</Data></Cell>'


def ods(content: str, mimetype: str = "application/vnd.oasis.opendocument.spreadsheet", **extra: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", mimetype)
        archive.writestr("content.xml", f'<?xml version="1.0" encoding="UTF-8"?>{content}')
        for name, text in extra.items():
            archive.writestr(name.replace("__", "/"), text)
    return stream.getvalue()


def ods_table(rows: str, name: str = "S") -> str:
    return f'<office:document-content><office:spreadsheet><table:table table:name="{name}">{rows}</table:table></office:spreadsheet></office:document-content>'


def changed_text(before: str, after: str, count: int = 1) -> bytes:
    """The harmless text with one thing changed."""
    text = demo_text()
    assert before in text, before
    return text.replace(before, after, count).encode()


def strings_bomb(count: int) -> bytes:
    """One long shared text used by many cells."""
    shared = f'<sst xmlns="{NAMESPACE}"><si><t>'.encode() + b"x" * 32_000 + b"</t></si></sst>"
    rows = b"".join(b'<row r="%d"><c r="A%d" t="s"><v>0</v></c></row>' % (line, line) for line in range(10, 10 + count))
    return parts(book(), {SHEET: in_sheet(rows)}, {"xl/sharedStrings.xml": shared})


def gzip_of(data: bytes) -> bytes:
    return b"\x1f\x8b\x08\x00" + zlib.compress(data)
