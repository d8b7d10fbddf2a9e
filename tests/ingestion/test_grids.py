"""Whatever the dialect, every cell comes back at its line and column."""

from __future__ import annotations

import csv
import io
import string
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.comments import Comment

from ozoir.errors import OzoirError
from ozoir.ingestion.grids import read_grids
from ozoir.ingestion.headers import read_text
from ozoir.ingestion.hidden_parts import read_hidden_parts
from ozoir.ingestion.inspection import Limits
from tests.ingestion.samples import demo_cells, demo_text, rewrite, write_workbook

KNOWN = {"codgeo", "libgeo", "pop_mun", "a", "percou"}


def grids(data: bytes, name: str):
    return read_grids(data, name, KNOWN, Limits())


def text_rows(text: str, encoding: str = "utf-8") -> list[list[str]]:
    return grids(text.encode(encoding), "DEMO_2021.csv").grids[0].rows


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_accents_survive_every_encoding(encoding):
    rows = text_rows("CODGEO;LIBGEO;A\r\nQP077001;La Renardière – l’été;5\r\n", encoding)
    assert rows[1] == ["QP077001", "La Renardière – l’été", "5"]


def test_a_text_that_is_neither_utf_8_nor_windows_is_read_as_latin_1():
    data = "CODGEO;LIBGEO;A\r\nQP077001;Renardière".encode("latin-1") + b"\x81;5\r\n"
    assert grids(data, "a.csv").grids[0].rows[1][1].startswith("Renardière")


@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_the_separator_is_the_one_that_shows_known_headers(separator):
    rows = [["CODGEO", "LIBGEO", "A", "PERCOU"], ["QP077002", "Champs-sur-Marne, Noisiel; et Lognes", "537", "1,5"]]
    stream = io.StringIO()
    csv.writer(stream, delimiter=separator).writerows(rows)
    assert text_rows(stream.getvalue()) == rows


def test_commas_inside_fields_do_not_pass_for_separators():
    rows = text_rows(demo_text())
    assert rows[3][5] == "Champs-sur-Marne, Noisiel"
    assert {len(row) for row in rows} == {17}


def test_a_thousand_ghost_columns_are_dropped():
    ghosts = ";" * 1000
    rows = text_rows(f"CODGEO;LIBGEO;A{ghosts}\r\nQP077001;La Renardière;5{ghosts}\r\n")
    assert [len(row) for row in rows] == [3, 3]


def test_line_breaks_inside_quotes_stay_in_their_cell():
    rows = text_rows('CODGEO;LIBGEO;A\r\nQP077001;"La\r\nRenardière";5\r\nQP077018;Anne;6\r\n')
    assert [row[2] for row in rows] == ["A", "5", "6"]


def test_invisible_characters_are_removed_and_said():
    file = grids("CODGEO;LIBGEO;A\r\nQP077\u202e018;x\x07;5\r\n".encode(), "a.csv")
    assert file.grids[0].rows[1] == ["QP077018", "x", "5"]
    assert "invisibles" in file.findings[0].message


def test_an_open_quote_is_a_refusal_not_an_endless_cell():
    with pytest.raises(OzoirError, match="guillemet"):
        text_rows('CODGEO;LIBGEO;A\r\nQP077001;"La Renardière;5\r\n' + "x;y;z\r\n" * 300_000)


def test_codes_read_as_numbers_are_words_again():
    assert read_text(77350.0) == "77350"
    assert read_text(3.5) == "3.5"
    assert read_text("  QP077018\u00a0") == "QP077018"


CELLS = st.one_of(
    st.none(),
    st.integers(min_value=-(10**12), max_value=10**12),
    st.decimals(min_value=-(10**9), max_value=10**9, places=3).map(float),  # openpyxl itself writes 16 digits
    st.booleans(),
    st.dates(min_value=date(1950, 1, 1), max_value=date(2100, 1, 1)),
    st.text(alphabet=string.ascii_letters + string.digits + "éàçœ’«»;,\t|<>&\"' \u202f\u00a0", min_size=1, max_size=12).filter(
        lambda text: text.strip(" \t\u00a0\u202f") and not text.startswith("=")
    ),
)
TABLES = st.lists(st.lists(CELLS, min_size=4, max_size=4), min_size=1, max_size=8)
QUIET = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def expected(cell: object) -> object:
    """What a reader may give back for a cell written by openpyxl: nothing is an empty text, integers are floats."""
    if cell is None:
        return ""
    return float(cell) if isinstance(cell, int) and not isinstance(cell, bool) else cell


@QUIET
@given(TABLES)
def test_any_table_written_as_xlsx_comes_back_value_for_value(tmp_path, table):
    path = write_workbook(tmp_path / "table.xlsx", {"Feuille": table})
    file = grids(path.read_bytes(), path.name)
    assert not file.findings
    read = file.grids[0].rows
    for line, row in enumerate(table):
        for column, cell in enumerate(row):
            found = read[line][column] if line < len(read) and column < len(read[0]) else ""
            assert found == expected(cell), (line, column)
            assert isinstance(found, bool) == isinstance(cell, bool)


WORDS = st.text(alphabet=string.ascii_letters + "éà;,\t\"' \n", max_size=8)


@QUIET
@given(st.lists(st.lists(WORDS, min_size=3, max_size=3), min_size=1, max_size=6), st.sampled_from([";", ",", "\t"]))
def test_any_table_written_as_csv_comes_back_value_for_value(table, separator):
    stream = io.StringIO()
    csv.writer(stream, delimiter=separator).writerows([["CODGEO", "LIBGEO", "PERCOU"], *table])
    assert text_rows(stream.getvalue())[1:] == table


def test_cells_keep_their_place_when_the_table_starts_lower_and_further(tmp_path):
    def place(workbook):
        workbook["Feuille"]["C7"] = "ici"

    path = write_workbook(tmp_path / "place.xlsx", {"Feuille": [[None]]}, place)
    grid = grids(path.read_bytes(), path.name).grids[0]
    assert grid.rows[6][2] == "ici"
    assert grid.column(3, 7) == ["ici"]


def test_a_percentage_is_read_as_it_is_shown(tmp_path):
    def show(workbook):
        workbook["Feuille"]["B1"].number_format = "0.0%"

    path = write_workbook(tmp_path / "taux.xlsx", {"Feuille": [[0.319, 0.319]]}, show)
    assert grids(path.read_bytes(), path.name).grids[0].rows == [[0.319, 31.9]]


def test_dates_of_the_1904_calendar_are_true_dates(tmp_path):
    def change(workbook):
        workbook.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904

    path = write_workbook(tmp_path / "mac.xlsx", {"Feuille": [[date(2020, 12, 31)]]}, change)
    cell = grids(path.read_bytes(), path.name).grids[0].rows[0][0]
    assert (cell.date() if isinstance(cell, datetime) else cell) == date(2020, 12, 31)


def test_a_sheet_whose_cells_are_lost_by_the_reader_is_a_blocking_finding(tmp_path):
    path = write_workbook(tmp_path / "perdu.xlsx", {"Feuille": demo_cells()})
    # a cell in a comment: counted on the bytes, never read
    lost = {"xl/worksheets/sheet1.xml": lambda content: content + b'<!-- <c r="A9"><v>1</v></c> -->'}
    findings = grids(rewrite(path, lost).read_bytes(), path.name).findings
    assert [finding.gravite for finding in findings] == ["bloquant"]


def test_legacy_and_libreoffice_workbooks_read_like_modern_ones(tmp_path: Path):
    from tests.libreoffice import SOFFICE

    if SOFFICE is None:
        pytest.skip("LibreOffice absent")
    import subprocess

    path = write_workbook(tmp_path / "modele.xlsx", {"Feuille": demo_cells()})
    workbook = openpyxl.load_workbook(path)
    workbook.active["B2"].comment = Comment("née le 12/03/1987", "agent")
    workbook.save(path)
    modern = grids(path.read_bytes(), path.name).grids[0].rows
    for suffix in ("xls", "ods"):
        profile = f"-env:UserInstallation=file://{tmp_path}/profil"
        command = [SOFFICE, profile, "--headless", "--convert-to", suffix, "--outdir", str(tmp_path), str(path)]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
        converted = path.with_suffix(f".{suffix}")
        assert grids(converted.read_bytes(), converted.name).grids[0].rows == modern
        (comments,) = read_hidden_parts(converted.read_bytes(), suffix)
        assert "née le 12/03/1987" in comments.rows[0][0]
