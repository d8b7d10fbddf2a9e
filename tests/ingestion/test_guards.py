"""Hostile and broken files: refused in French before a parser sees them, or loaded with what must be known."""

from __future__ import annotations

import io
import re
import struct
import time
import zipfile
from pathlib import Path

import openpyxl
import pytest

from ozoir.errors import OzoirError
from ozoir.ingestion.guards import inspect_file
from ozoir.ingestion.inspection import Limits, chosen_limits
from tests.ingestion.samples import demo_cells, rewrite, write_workbook

SHEET = "xl/worksheets/sheet1.xml"


@pytest.fixture
def workbook(tmp_path) -> Path:
    """A harmless workbook."""
    return write_workbook(tmp_path / "DEMO_2021.xlsx", {"Quartiers": demo_cells()})


def inspect(path: Path, limits: Limits | None = None):
    return inspect_file(path.read_bytes(), path.name, limits or Limits())


def refusal(path: Path, limits: Limits | None = None) -> OzoirError:
    """The refusal, which must come fast."""
    start = time.perf_counter()
    with pytest.raises(OzoirError) as caught:
        inspect(path, limits)
    assert time.perf_counter() - start < 5  # 2 s on a quiet machine
    return caught.value


def in_sheet(xml: bytes):
    """Puts raw rows at the end of the first sheet."""
    return {SHEET: lambda content: content.replace(b"</sheetData>", xml + b"</sheetData>")}


def test_a_legitimate_workbook_passes_and_its_cells_are_counted(workbook):
    inspection = inspect(workbook)
    filled = sum(cell is not None for row in demo_cells() for cell in row)
    assert (inspection.kind, inspection.sheets[0].cells, inspection.findings) == ("xlsx", filled, [])


def test_a_far_corner_cell_is_refused(workbook):
    row = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    error = refusal(rewrite(workbook, in_sheet(row)))
    assert error.title == "Trop de colonnes dans une feuille."


def test_a_cell_far_below_is_refused_with_its_name(workbook):
    error = refusal(rewrite(workbook, in_sheet(b'<row r="1048576"><c r="AZ1048576"><v>1</v></c></row>')))
    assert error.title == "Cellule isolée très loin du tableau."
    assert "AZ1048576" in error.message


def test_a_narrow_table_with_a_cell_lost_at_the_bottom_is_refused(workbook):
    error = refusal(rewrite(workbook, in_sheet(b'<row r="900000"><c r="C900000"><v>1</v></c></row>')))
    assert "900000" in error.message


def test_a_long_narrow_table_is_no_far_cell(tmp_path):
    row = '<row r="{0}"><c r="A{0}"><v>1</v></c><c r="B{0}"><v>2</v></c></row>'
    rows = "".join(row.format(line) for line in range(1, 60_001)).encode()
    path = write_workbook(tmp_path / "long.xlsx", {"Feuille": []})
    assert inspect(rewrite(path, in_sheet(rows))).sheets[0].cells == 120_000


def test_formatted_but_empty_cells_far_away_are_no_reason_to_refuse(workbook):
    inspection = inspect(rewrite(workbook, in_sheet(b'<row r="1048576"><c r="XFD1048576" s="0"/></row>')))
    assert inspection.sheets[0].columns == len(demo_cells()[0])


def test_ten_thousand_columns_are_refused(tmp_path):
    path = write_workbook(tmp_path / "large.xlsx", {"Feuille": [range(10_000)]})
    assert refusal(path).title == "Trop de colonnes dans une feuille."


def test_a_zip_bomb_is_refused_on_its_directory(workbook):
    error = refusal(rewrite(workbook, {}, xl__media__image1=b"0" * 40_000_000))
    assert error.title == "Classeur anormal, refusé par prudence."


def test_a_billion_laughs_is_refused(workbook):
    bomb = b'<!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;">]>'
    error = refusal(rewrite(workbook, {"xl/workbook.xml": lambda content: bomb + content}))
    assert "DOCTYPE" in error.message


def test_an_external_entity_in_a_late_part_is_refused(workbook):
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY xxe SYSTEM "file:///etc/passwd">]><x>&xxe;</x>'
    assert "DOCTYPE" in refusal(rewrite(workbook, {"docProps/core.xml": lambda _: bomb})).message


def test_a_part_in_utf_16_is_refused(workbook):
    error = refusal(rewrite(workbook, {SHEET: lambda content: content.decode().encode("utf-16")}))
    assert "UTF-8" in error.message


def test_a_truncated_workbook_is_refused(workbook):
    data = workbook.read_bytes()
    workbook.write_bytes(data[: len(data) // 2])
    assert refusal(workbook).title == "Fichier endommagé ou incomplet."


def test_a_damaged_part_is_refused(workbook):
    data = bytearray(workbook.read_bytes())
    info = zipfile.ZipFile(io.BytesIO(data)).getinfo(SHEET)
    data[info.header_offset + 60] ^= 0xFF
    workbook.write_bytes(data)
    assert refusal(workbook).title in ("Fichier endommagé ou incomplet.", "Classeur anormal, refusé par prudence.")


def test_an_archive_that_writes_outside_itself_is_refused(workbook):
    with zipfile.ZipFile(workbook, "a") as archive:
        archive.writestr("../../etc/cron.d/x", b"x")
    assert "hors du classeur" in refusal(workbook).message


def test_a_part_stored_twice_is_refused(workbook):
    with pytest.warns(UserWarning, match="Duplicate name"), zipfile.ZipFile(workbook, "a") as archive:
        archive.writestr(SHEET, b"<worksheet/>")
    assert "deux fois" in refusal(workbook).message


def test_thousands_of_parts_are_refused(workbook):
    with zipfile.ZipFile(workbook, "a") as archive:
        for rank in range(500):
            archive.writestr(f"xl/media/{rank}.txt", b"x")
    assert "400" in refusal(workbook).message


def test_two_sheets_of_one_name_are_refused(tmp_path):
    path = write_workbook(tmp_path / "double.xlsx", {"Données": [[1]], "Autres": [[2]]})
    twin = {"xl/workbook.xml": lambda content: content.replace(b"Autres", "Données".encode())}
    assert refusal(rewrite(path, twin)).title == "Deux feuilles portent le même nom."


def test_a_long_text_repeated_thousands_of_times_is_refused(workbook):
    strings = (
        b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>' + b"x" * 32_000 + b"</t></si></sst>"
    )
    cells = b"".join(b'<row r="%d"><c r="A%d" t="s"><v>0</v></c></row>' % (line, line) for line in range(10, 20_010))
    path = rewrite(workbook, in_sheet(cells))
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/sharedStrings.xml", strings)
    assert refusal(path).title == "Textes répétés démesurés."


def test_too_many_cells_are_refused(workbook):
    assert refusal(workbook, Limits(cells=10)).title == "Feuille trop grande."


def test_an_encrypted_workbook_says_what_to_ask(tmp_path):
    path = tmp_path / "secret.xlsx"
    path.write_bytes(ole_file({"EncryptedPackage": b"x" * 5000, "EncryptionInfo": b"y" * 5000}))
    error = refusal(path)
    assert error.title == "Fichier protégé par un mot de passe."
    assert "sans mot de passe" in error.message


def test_a_word_document_named_xls_is_refused(tmp_path):
    path = tmp_path / "courrier.xls"
    path.write_bytes(ole_file({"WordDocument": b"x" * 5000}))
    assert refusal(path).title == "Ce fichier n’est pas un classeur Excel."


def test_a_cut_xls_is_refused(tmp_path):
    path = tmp_path / "coupe.xls"
    path.write_bytes(ole_file({"Workbook": b"x" * 9000})[:4096])
    assert refusal(path).title == "Fichier endommagé ou incomplet."


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("export.xlsx", b"<html><body><table><tr><td>QP077018</td></tr></table></body></html>", "une page HTML"),
        ("export.xlsx", b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook/>', "un classeur XML 2003"),
        ("export.xlsx", b"CODGEO;A\r\nQP077018;537\r\n", "du texte"),
        ("export.csv", b"%PDF-1.7 ...", "un document PDF"),
        ("export.csv", b"\x89PNG\r\n\x1a\n", "une image"),
        ("export.xlsx", b"\x1f\x8b\x08\x00", "une archive"),
    ],
)
def test_a_content_that_contradicts_the_extension_is_refused_with_its_true_name(tmp_path, name, content, words):
    path = tmp_path / name
    path.write_bytes(content)
    error = refusal(path)
    assert words in f"{error.title} {error.message}"


def test_a_workbook_named_csv_is_told_to_change_its_name(workbook):
    path = workbook.rename(workbook.with_suffix(".csv"))
    assert ".xlsx" in refusal(path).message


def test_a_binary_text_is_refused(tmp_path):
    path = tmp_path / "binaire.csv"
    path.write_bytes(b"CODGEO;A\r\nQP\x00077018;537")
    assert refusal(path).title == "Ce fichier n’est pas du texte."


def test_an_empty_file_is_refused(tmp_path):
    path = tmp_path / "vide.csv"
    path.write_bytes(b"\xef\xbb\xbf\r\n")
    assert refusal(path).title == "Fichier vide."


def test_an_unknown_format_lists_the_accepted_ones(tmp_path):
    path = tmp_path / "rapport.docx"
    path.write_bytes(b"PK\x03\x04")
    assert ".xlsx" in refusal(path).message


def test_the_size_limit_is_a_setting(tmp_path, monkeypatch):
    monkeypatch.setenv("OZOIR_TAILLE_MAX", "1")
    path = tmp_path / "gros.csv"
    path.write_bytes(b"a;b\r\n" * 300_000)
    assert "1,5" in refusal(path, chosen_limits()).message


def test_error_cells_and_unsaved_formulas_are_named(tmp_path):
    def spoil(workbook):
        sheet = workbook["Quartiers"]
        sheet["C2"], sheet["D2"], sheet["E2"] = "#N/A", "#DIV/0!", "=1+1"

    path = write_workbook(tmp_path / "DEMO_2021.xlsx", {"Quartiers": demo_cells()}, spoil)
    inspection = inspect(path)
    assert inspection.sheets[0].errors == {(2, 3): "#N/A", (2, 4): "#DIV/0!"}
    assert inspection.sheets[0].unvalued == {(2, 5)}
    assert [finding.cellule for finding in inspection.findings] == ["C2, D2", "E2"]


def test_hidden_sheets_and_rows_are_said(tmp_path):
    def hide(workbook):
        workbook["Cachée"].sheet_state = "veryHidden"
        workbook["Quartiers"].row_dimensions[2].hidden = True

    path = write_workbook(tmp_path / "DEMO_2021.xlsx", {"Quartiers": demo_cells(), "Cachée": [[1]]}, hide)
    inspection = inspect(path)
    assert [scan.is_hidden for scan in inspection.sheets] == [False, True]
    assert inspection.sheets[0].hidden_rows == 1
    assert len(inspection.findings) == 2


def test_macros_and_the_1904_calendar_are_said(workbook):
    with zipfile.ZipFile(workbook, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"macro")
    changed = {"xl/workbook.xml": lambda content: content.replace(b"<workbookPr", b'<workbookPr date1904="1"')}
    messages = " ".join(finding.message for finding in inspect(rewrite(workbook, changed)).findings)
    assert "macros" in messages
    assert "1904" in messages


def test_numbers_shown_as_percentages_are_placed(tmp_path):
    def show(workbook):
        workbook["Quartiers"]["G2"].number_format = "0.0 %"

    path = write_workbook(tmp_path / "DEMO_2021.xlsx", {"Quartiers": demo_cells()}, show)
    assert inspect(path).sheets[0].percents == {(2, 7)}


def test_a_sheet_with_a_namespace_prefix_is_counted_alike(workbook):
    plain = inspect(workbook).sheets[0]

    def prefix(content: bytes) -> bytes:
        content = content.replace(b"<worksheet xmlns=", b"<worksheet xmlns:x=")
        return re.sub(rb"<(/?)(\w)", rb"<\1x:\2", content)

    prefixed = inspect(rewrite(workbook, {SHEET: prefix})).sheets[0]
    assert (prefixed.cells, prefixed.rows) == (plain.cells, plain.rows)


def test_an_ods_whose_cell_is_repeated_to_the_corner_is_refused(tmp_path):
    content = (
        '<?xml version="1.0" encoding="UTF-8"?><office:document-content><office:spreadsheet><table:table table:name="S">'
        '<table:table-row table:number-rows-repeated="1048576"><table:table-cell office:value-type="float" office:value="1" '
        'table:number-columns-repeated="1024"/></table:table-row></table:table></office:spreadsheet></office:document-content>'
    )
    path = tmp_path / "coin.ods"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
    assert refusal(path).title == "Cellule isolée très loin du tableau."


def ole_file(streams: dict[str, bytes]) -> bytes:
    """A minimal OLE compound file: one FAT sector, one directory chain, streams of at least 4 096 bytes."""
    sector, fat, body = 512, [], b""

    def append(content: bytes) -> int:
        nonlocal body
        first = len(fat)
        count = -(-len(content) // sector)
        fat.extend([*range(first + 1, first + count), 0xFFFFFFFE])
        body += content.ljust(count * sector, b"\0")
        return first

    entries = [_entry("Root Entry", 5, 0xFFFFFFFE, 0)]
    entries += [_entry(name, 2, append(content), len(content)) for name, content in streams.items()]
    directory = append(b"".join(entries))
    fat_sector = len(fat)
    fat.append(0xFFFFFFFD)
    body += struct.pack("<128I", *fat, *[0xFFFFFFFF] * (128 - len(fat)))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16 + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + b"\0" * 10
    header += struct.pack("<IIIIIIIII", 1, directory, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0, fat_sector)
    return header.ljust(512, b"\xff") + body


def _entry(name: str, kind: int, start: int, size: int) -> bytes:
    text = (name + "\0").encode("utf-16-le")
    return (
        text.ljust(64, b"\0") + struct.pack("<HB", len(text), kind) + b"\0" * 49 + struct.pack("<II", start, size) + b"\0" * 4
    )


def test_openpyxl_and_the_guards_count_the_same_cells(workbook):
    sheet = openpyxl.load_workbook(workbook).active
    assert inspect(workbook).sheets[0].cells == sum(cell.value is not None for row in sheet for cell in row)
