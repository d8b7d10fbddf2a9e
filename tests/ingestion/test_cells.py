"""A cell gives a value or a reason, and a doubtful text never gives a number."""

from __future__ import annotations

import math
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ozoir.catalogue.model import STATUTS, Mesure
from ozoir.ingestion.plausibility import check_numbers
from ozoir.ingestion.reading import read_delivery
from ozoir.ingestion.values import CellReader
from tests.ingestion.samples import (
    DEMO_HEADER,
    DEMO_ROWS,
    demo_cells,
    demo_text,
    one,
    sentences,
    value,
    write_text,
    write_workbook,
)

QUARTIER = "QP077018"
COUNT = Mesure("Foyers", "foyers", "effectif")
RATE = Mesure("Taux", "%", "taux", decimales=1)


def judge(cell: object, **marks: str) -> tuple[float | None, str, set[str]]:
    """(value, status, problems) of one cell."""
    reading = CellReader("non_diffuse", marks).read([cell])
    number = float(reading.values[0])
    return None if math.isnan(number) else number, STATUTS[reading.statuts[0]], set(reading.problems)


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("2\u202f034", 2034),
        ("2\u00a0034", 2034),
        ("2 034", 2034),
        ("31,9", 31.9),
        ("31.9", 31.9),
        ("34", 34),
        ("-10,4", -10.4),
        ("\u221210,4", -10.4),
        ("1.1144e+006", 1114400),
        ("12,5\u202f%", 12.5),
        ("0", 0),
        (34, 34),
        (31.9, 31.9),
        ("801,0", 801),
    ],
)
def test_every_spelling_of_a_number_is_read(cell, number):
    assert judge(cell) == (number, "connu", set())


@pytest.mark.parametrize(
    "text",
    [
        "s",
        "S",
        "ns",
        "n.s.",
        "nd",
        "ND",
        "n.d.",
        "n.c.",
        "NC",
        "< 5",
        "<5",
        "≤ 4",
        "moins de 5",
        "1-4",
        "1 à 4",
        "faible",
        "[c]",
        "(s)",
    ],
)
def test_a_mark_of_secrecy_is_withheld_and_never_a_number(text):
    assert judge(text) == (None, "non_diffuse", set())


@pytest.mark.parametrize(
    ("text", "statut"), [("///", "sans_objet"), ("so", "sans_objet"), ("…", "manquant"), ("-", "manquant"), ("n/a", "manquant")]
)
def test_other_signs_have_their_own_status(text, statut):
    assert judge(text) == (None, statut, set())


def test_a_blank_takes_the_status_its_source_declares():
    assert judge("")[1] == "non_diffuse"
    assert STATUTS[CellReader("manquant", {}).read(["\u00a0"]).statuts[0]] == "manquant"


def test_a_source_declares_its_own_marks_even_numbers():
    assert judge("Z", Z="manquant") == (None, "manquant", set())
    assert judge(999.0, **{"999": "manquant"}) == (None, "manquant", set())
    assert judge("999", **{"999": "manquant"}) == (None, "manquant", set())


def test_a_provisional_number_keeps_its_value():
    assert judge("1\u202f234 (p)") == (1234, "provisoire", set())


@pytest.mark.parametrize("text", ["1,234.5", "1.234,5", "12 34", "1 2345", "1,2,3"])
def test_an_ambiguous_number_is_missing_and_said(text):
    assert judge(text) == (None, "manquant", {"ambigu"})


@pytest.mark.parametrize(
    ("cell", "problem"),
    [("voir note", "texte"), (True, "genre"), (date(2020, 4, 1), "genre"), ("#DIV/0!", "erreur"), ("#N/A", "erreur")],
)
def test_what_is_no_number_is_missing_and_said(cell, problem):
    assert judge(cell) == (None, "manquant", {problem})


def test_true_is_not_one():
    reading = CellReader("non_diffuse", {}).read([1.0, True, 1])
    assert reading.values[0] == 1
    assert np.isnan(reading.values[1])


@pytest.mark.parametrize("cell", ["1e999", "-1e999", "9" * 400, "1e15", 1e308, float("inf"), float("-inf")])
def test_a_number_too_large_to_be_a_figure_is_missing_and_said(cell):
    number, statut, problems = judge(cell)
    assert (number, statut) == (None, "manquant") and problems


@given(st.text(max_size=8))
def test_no_text_without_a_digit_ever_gives_a_number(text):
    number, statut, _ = judge(text)
    if number is not None:
        assert any(character.isdecimal() for character in text)
        assert statut in ("connu", "provisoire")


def check(cells, mesure):
    reading = CellReader("non_diffuse", {}).read(cells)
    return [
        (finding.gravite, finding.cellule)
        for finding in check_numbers(reading, np.arange(2, 2 + len(cells)), 3, "X", mesure, "")
    ]


def test_a_negative_count_stops_the_load_with_its_cell():
    assert check([5, -3, 7], COUNT) == [("bloquant", "C3")]
    assert check([5, -3, 7], RATE) == []


def test_a_count_with_a_foreign_thousands_separator_stops_the_load():
    assert check(["1.234", "900"], COUNT) == [("bloquant", "C2")]
    assert check(["1.234", "900"], RATE) == []


def test_decimals_in_a_count_are_said_and_stop_the_load_when_they_are_the_rule():
    assert check([5, 3.5, 7, 8, 9, 10], COUNT) == [("avertissement", "C3")]
    assert check([5.1, 3.5, 7.2, 8.1, 9.4, 10], COUNT)[0][0] == "bloquant"


def test_fractions_where_percentages_are_due_stop_the_load():
    assert check([0.25, 0.31, 0.4, 0.12, 0.2], RATE)[0][0] == "bloquant"
    assert check([25, 31, 40, 0.4, 20], RATE) == []


def test_withheld_and_wrong_cells_of_a_file_are_told_apart(tmp_path, catalogue):
    row = DEMO_ROWS[0].replace("153;193;25;166", "n.c.;< 5;voir note;#N/A")
    delivery = read_delivery(write_text(tmp_path, "DEMO_2021.csv", demo_text(rows=[row])), catalogue)
    details = {
        name: one(delivery, "caf_allocataires", QUARTIER, detail=f"famille:{name}")["statut"]
        for name in ("monoparents", "isoles", "couples_sans_enfant", "couples_avec_enfants")
    }
    assert list(details.values()) == ["non_diffuse", "non_diffuse", "manquant", "manquant"]
    said = " ".join(sentences(delivery, "avertissement"))
    assert "Cellule M2" in said
    assert "Cellule N2" in said


def test_error_cells_of_a_workbook_are_missing_not_withheld(tmp_path, catalogue):
    def spoil(workbook):
        workbook["QP"]["I2"] = "#DIV/0!"

    path = write_workbook(tmp_path / "DEMO_2021.xlsx", {"QP": demo_cells()}, spoil)
    delivery = read_delivery(path, catalogue)
    assert one(delivery, "caf_allocataires", QUARTIER)["statut"] == "manquant"
    assert any("Cellule I2" in said or "cellule I2" in said for said in sentences(delivery, "avertissement"))


def test_a_percentage_cell_is_loaded_as_shown(tmp_path, catalogue):
    cells = demo_cells()
    column = cells[0].index("TX_F") + 1
    for row in cells[1:]:
        row[column - 1] = 0.518

    def show(workbook):
        for line in (2, 3):
            workbook["QP"].cell(line, column).number_format = "0.0%"

    path = write_workbook(tmp_path / "DEMO_2021.xlsx", {"QP": cells}, show)
    assert value(read_delivery(path, catalogue), "part_femmes", QUARTIER) == 51.8


def test_a_trailing_space_in_a_header_changes_nothing(tmp_path, catalogue):
    text = demo_text(DEMO_HEADER.replace(";A;", ";A\u00a0 ;").replace("CODGEO", "CodGeo"))
    delivery = read_delivery(write_text(tmp_path, "DEMO_2021.csv", text), catalogue)
    assert value(delivery, "caf_allocataires", QUARTIER) == 537
