"""The workbook, opened again with another library and compared with the Results."""

from __future__ import annotations

import io
import shutil
import subprocess
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from ozoir.exports.cleaning import sheet_name
from ozoir.exports.flat import PEOPLE_COLUMNS, people_rows
from ozoir.exports.native import native_charts
from ozoir.exports.sheets import HEADER_ROW
from tests.exports import dossiers
from tests.exports.conftest import exported


def opened(name: str) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(exported(name, "xlsx").contenu))


@pytest.fixture(scope="module")
def book() -> openpyxl.Workbook:
    return opened("ordinary")


def as_read(value):
    """What a cell gives back of a value."""
    if value is None or value == "":
        return None
    if isinstance(value, float):
        return pytest.approx(value, rel=1e-12)  # the file keeps 16 digits
    return value if isinstance(value, str | int) else datetime(value.year, value.month, value.day)


@pytest.mark.parametrize("name", ["ordinary", "masked", "sixty"])
def test_the_list_of_figures_is_that_of_the_results_cell_by_cell(name):
    sheet = opened(name)["Chiffres"]
    rows = list(sheet.iter_rows(min_row=HEADER_ROW + 1, values_only=True))
    assert rows[0] == PEOPLE_COLUMNS
    assert [list(row) for row in rows[1:]] == [[as_read(value) for value in row] for row in people_rows(dossiers.ALL[name]())]


def test_a_masked_figure_is_an_empty_cell_and_a_status(book):
    rows = [
        dict(zip(PEOPLE_COLUMNS, row, strict=True))
        for row in book["Chiffres"].iter_rows(min_row=HEADER_ROW + 2, values_only=True)
    ]
    (masked,) = [row for row in rows if row["Référence"].startswith("defm_femmes:2019")]
    assert masked["Quartier"] is None and masked["Quartier – statut"] == "masque" and masked["Raison"]


def test_numbers_are_numbers_with_french_formats(book):
    cells = [cell for row in book["Crédits"].iter_rows() for cell in row if isinstance(cell.value, float | int)]
    assert [cell.value for cell in cells] == [12000.5, 9000.25, 75, 30000]
    assert cells[0].number_format == '[$-40C]#,##0.00"\u202f€"' and cells[2].number_format == '[$-40C]#,##0.0"\u202f%"'


def test_each_pillar_has_its_sheet_and_each_chart_draws_the_figures_of_its_result(book):
    dossier = dossiers.ordinary()
    for partie in dossier.piliers:
        sheet = book[partie.titre_court]
        expected = [native for result in dossier.resultats_of(partie) for native in native_charts(result)]
        assert len(sheet._charts) == len(expected)
        for chart, native in zip(sheet._charts, expected, strict=True):
            drawn = [read_range(book, serie.val.numRef.f) for serie in chart.series]
            assert drawn == [list(serie.valeurs) for serie in native.series]
            places = chart.series[0].cat.strRef or chart.series[0].cat.numRef
            assert read_range(book, places.f) == list(native.categories)


def read_range(book: openpyxl.Workbook, reference: str) -> list:
    name, cells = reference.rsplit("!", 1)
    return [row[0].value for row in book[name.strip("'")][cells.replace("$", "")]]


def test_sheets_are_ready_to_read_and_to_print(book):
    for sheet in book:
        assert sheet.freeze_panes and sheet.print_area and sheet.oddHeader.left.text
        assert sheet["A1"].value == dossiers.ordinary().bandeau
    assert book["Chiffres"].auto_filter.ref and book["Actions"].auto_filter.ref
    assert book.properties.title == "Bilan 2019 du contrat de ville"


def test_no_cell_is_a_formula_or_a_link_even_with_hostile_labels():
    book = opened("hostile")
    texts = [cell for sheet in book for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]
    assert any("HYPERLINK" in cell.value for cell in texts)
    assert not [
        cell
        for cell in texts
        if cell.data_type == "f" or cell.hyperlink or cell.value.lstrip().startswith(("=", "+", "-", "@"))
    ]


def test_sheet_names_are_accepted_by_excel_and_unique():
    taken: set[str] = set()
    names = [sheet_name(text, taken) for text in ("a" * 40, "A" * 40, "Emploi / [1]: *?", "'", "Emploi / [1]: *?")]
    assert len({name.casefold() for name in names}) == 5
    assert all(len(name) <= 31 and not set(name) & set("[]:*?/\\") and name for name in names)


def convert(path: Path, kind: str, folder: Path) -> None:
    """LibreOffice opens the file, computes, and writes it again."""
    profile = f"-env:UserInstallation=file://{path.parent}/profil"
    command = ["soffice", profile, "--headless", "--convert-to", kind, "--outdir", str(folder), str(path)]
    subprocess.run(command, capture_output=True, timeout=120, check=True)


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice absent")
def test_libreoffice_opens_it_without_an_error(tmp_path):
    path = tmp_path / "classeur.xlsx"
    path.write_bytes(exported("ordinary", "xlsx").contenu)
    convert(path, "ods", tmp_path)
    convert(tmp_path / "classeur.ods", "xlsx:Calc MS Excel 2007 XML", tmp_path / "retour")
    back = openpyxl.load_workbook(tmp_path / "retour" / "classeur.xlsx", data_only=True)
    values = [cell.value for sheet in back for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert not [value for value in values if isinstance(value, str) and value.startswith("#")]
    assert [row[10] for row in back["Chiffres"].iter_rows(min_row=HEADER_ROW + 2, values_only=True)] == [
        as_read(row[10]) for row in people_rows(dossiers.ordinary())
    ]
