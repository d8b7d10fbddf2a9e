"""CSV files, read again and compared with the Results."""

from __future__ import annotations

import csv
import io
import json
import zipfile

import pytest

from ozoir.exports.cleaning import cell_content
from ozoir.exports.csv_files import render_csv, render_package
from ozoir.exports.flat import figure_columns, figure_rows, tidy_columns
from tests.exports import dossiers


def french_rows(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


def as_number(text: str) -> float | None:
    return float(text.replace(",", ".")) if text else None


def test_a_french_spreadsheet_reads_it_as_it_is(dossier):
    content = render_csv(dossier)
    assert content.startswith(b"\xef\xbb\xbf") and b"\r\n" in content
    header, *rows = french_rows(content)
    assert tuple(header) == figure_columns()
    for written, expected in zip(rows, figure_rows(dossier), strict=True):
        for text, value in zip(written, expected, strict=True):
            if isinstance(value, float):
                assert as_number(text) == pytest.approx(value, rel=1e-11) and "." not in text
            elif value is None:
                assert text == ""


def test_dates_are_french_in_one_and_iso_in_the_other(dossier):
    assert french_rows(render_csv(dossier))[1][6] == "31/12/2016"
    with zipfile.ZipFile(io.BytesIO(render_package(dossier))) as archive:
        rows = list(csv.DictReader(io.StringIO(archive.read("indicateurs.csv").decode())))
    assert rows[0]["date_reference"] == "2016-12-31" and rows[0]["qpv"] == "52.6"


def test_the_descriptor_describes_each_column_and_each_source(dossier):
    with zipfile.ZipFile(io.BytesIO(render_package(dossier))) as archive:
        descriptor = json.loads(archive.read("datapackage.json"))
        header = archive.read("indicateurs.csv").decode().split("\r\n")[0].split(",")
    fields = descriptor["resources"][0]["schema"]["fields"]
    assert [field["name"] for field in fields] == header == list(tidy_columns())
    assert descriptor["sources"] == [{"title": "IPRO_2021.csv", "path": "sha256:" + "ab" * 32}]
    assert descriptor["diffusion"] == "Diffusion publique"


def test_no_text_can_run_as_a_formula():
    for line in french_rows(render_csv(dossiers.hostile()))[1:]:
        assert not [
            text
            for text in line
            if text.startswith(("=", "+", "@", "\t", "\r")) or (text.startswith("-") and as_number(text) is None)
        ]


@pytest.mark.parametrize("text", ["=1+1", "+33", "-2+3", "@SUM(A1)", "\t=1", "\r=1", " =1", "\u00a0=1", "＝1+1"])
def test_a_leading_sign_is_neutralised(text):
    assert not cell_content(text).lstrip().startswith(tuple("=+-@＝"))


def test_an_ordinary_text_is_left_as_it_is():
    assert cell_content("Île-de-France – 48,6\u202f% « ok »") == "Île-de-France – 48,6\u202f% « ok »"
