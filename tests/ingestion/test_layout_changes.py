"""A layout that changes gives a finding, never a wrong number; a doubt is a question."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest

from ozoir.errors import OzoirError
from ozoir.ingestion.reading import read_delivery
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


@pytest.fixture
def read(tmp_path, catalogue):
    """Reads a text as a file of that name."""

    def reader(text: str, name: str = "DEMO_2021.csv", **said):
        return read_delivery(write_text(tmp_path, name, text), catalogue, **said)

    return reader


@pytest.fixture(scope="module")
def real_rows(request):
    """IPRO_2021: its header and fifty rows, as texts."""
    folder = request.getfixturevalue("shared_data")
    with (folder / "insee_qpv/IPRO_2021.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = [row[:61] for row in csv.reader(stream, delimiter=";")]
    return [rows[0], *[row for row in rows if row[0].startswith("QP077")]]


def join(rows) -> str:
    stream = io.StringIO()
    csv.writer(stream, delimiter=";").writerows(rows)
    return stream.getvalue()


def test_an_unchanged_file_has_nothing_to_say_but_absent_columns(read):
    delivery = read(demo_text())
    assert value(delivery, "caf_allocataires", QUARTIER) == 537
    assert {finding.gravite for finding in delivery.findings} == {"information"}
    assert delivery.lecture[""]["lignes"] == 3


def test_a_renamed_column_is_not_loaded_and_its_new_name_is_pointed_at(read):
    delivery = read(demo_text(DEMO_HEADER.replace(";ENF;", ";ENFANTS;")))
    assert "caf_enfants" not in set(delivery.faits["mesure"])
    (said,) = sentences(delivery, "avertissement")
    assert said.startswith("Cellule P1")
    assert "« ENFANTS »" in said
    assert "Vouliez-vous dire « ENF »" in said


def test_a_renamed_column_of_the_signature_is_a_question_with_the_differences(read):
    delivery = read(demo_text(DEMO_HEADER.replace("PERCOU", "PERS_COU")))
    (said,) = sentences(delivery, "bloquant")
    assert "démographie" in said
    assert "Colonnes attendues absentes : « PERCOU »" in said
    assert "Pour « PERS_COU », vouliez-vous dire « PERCOU »" in said
    assert delivery.faits.empty


def test_a_new_column_is_said_and_left_out(read):
    delivery = read(demo_text(DEMO_HEADER + ";QUOTA", [row + ";12" for row in DEMO_ROWS]))
    assert "Colonnes inconnues, non chargées : QUOTA." in sentences(delivery, "avertissement")
    assert value(delivery, "caf_allocataires", QUARTIER) == 537


def test_columns_moved_with_their_header_give_the_same_figures(read):
    rows = [line.split(";") for line in demo_text(rows=DEMO_ROWS[:2]).split("\r\n") if line]
    moved = [[row[0], *reversed(row[1:])] for row in rows]
    assert value(read(join(moved)), "caf_personnes_couvertes", QUARTIER) == 1410


@pytest.mark.parametrize("column", [2, 9, 16, 30, 45])
def test_a_header_shifted_to_the_right_stops_the_load(read, real_rows, column):
    header = real_rows[0]
    shifted = [*header[:column], "", *header[column:-1]]
    delivery = read(join([shifted, *real_rows[1:]]), "IPRO_2021.csv")
    assert delivery.blocking


@pytest.mark.parametrize("column", [2, 9, 16, 30, 45])
def test_a_header_shifted_to_the_left_stops_the_load(read, real_rows, column):
    header = real_rows[0]
    shifted = [*header[:column], *header[column + 1 :], ""]
    delivery = read(join([shifted, *real_rows[1:]]), "IPRO_2021.csv")
    assert delivery.blocking


@pytest.mark.parametrize(
    ("left", "right"), [("ABC", "A"), ("ABCDE", "ABC"), ("ABC_F", "ABC_H"), ("ABC_FR", "ABC_RSA"), ("ABC", "NOTE_ASP")]
)
def test_two_headers_swapped_over_their_values_are_noticed(read, real_rows, left, right):
    header = list(real_rows[0])
    one_place, other = header.index(left), header.index(right)
    header[one_place], header[other] = right, left
    delivery = read(join([header, *real_rows[1:]]), "IPRO_2021.csv")
    assert sentences(delivery, "bloquant") or sentences(delivery, "avertissement")


def test_swapped_quantiles_stop_the_load(read, shared_data):
    text = (shared_data / "insee_qpv/REVN_2021.csv").read_text("utf-8-sig")
    swapped = text.replace("DISP_Q2;DISP_Q1", "DISP_Q1;DISP_Q2", 1)
    assert any("interverties" in said for said in sentences(read(swapped, "REVN_2021.csv"), "bloquant"))


def test_a_header_moved_down_is_found_again(read):
    titles = "Démographie des quartiers;;\r\nSource : Insee, Cnaf\r\n;;\r\n"
    delivery = read(demo_text(before=titles))
    fact = one(delivery, "caf_allocataires", QUARTIER)
    assert (fact["valeur"], fact["ligne"]) == (537, 5)


def test_labels_below_the_codes_are_not_data(read):
    labels = "Code;Nom du quartier;Population;;;;;;Foyers allocataires;;;;;;;;"
    delivery = read(demo_text(rows=[labels, *DEMO_ROWS]))
    assert value(delivery, "caf_allocataires", QUARTIER) == 537
    assert any("Lignes de texte ignorées" in said and "ligne 2" in said for said in sentences(delivery))


def test_labels_above_the_codes_are_titles(read):
    assert value(read(demo_text(before="Code;Nom;Population\r\n")), "population_municipale", QUARTIER) == 2016


def test_notes_under_the_table_are_ignored_with_their_lines(read):
    delivery = read(demo_text(after="\r\nSource : Insee\r\nChamp : France\r\n"))
    assert any("lignes 6 à 7" in said for said in sentences(delivery, "information"))


def test_aggregate_rows_are_left_out_and_said(read):
    rows = [
        row.replace("QP077018;Anne Franck", code) for code in ("Ensemble;Ensemble des QPV", "00;x") for row in DEMO_ROWS[:1]
    ]
    delivery = read(demo_text(rows=[*rows, *DEMO_ROWS]))
    assert set(delivery.faits["zonage"]) == {"QP2015", "commune"}
    assert delivery.lecture[""]["lignes"] == 3


def test_a_row_of_figures_without_territory_is_a_warning(read):
    delivery = read(demo_text(rows=[*DEMO_ROWS, DEMO_ROWS[0].replace("QP077018", "")]))
    (said,) = sentences(delivery, "avertissement")
    assert "territoire absent : la ligne 5" in said


def test_a_mistyped_code_is_not_loaded_and_the_right_one_proposed(read):
    delivery = read(demo_text(rows=[DEMO_ROWS[0].replace("QP077018", "QP77018"), DEMO_ROWS[1]]))
    assert QUARTIER not in set(delivery.faits["territoire"])
    (said,) = sentences(delivery, "avertissement")
    assert "« QP77018 »" in said
    assert f"Vouliez-vous dire « {QUARTIER} »" in said


def test_the_same_quartier_twice_with_other_figures_is_refused(read):
    delivery = read(demo_text(rows=[*DEMO_ROWS, DEMO_ROWS[0].replace("537", "540")]))
    (said,) = sentences(delivery, "bloquant")
    assert "une ligne par personne" in said
    assert "I2, I5" in said


def test_the_same_row_twice_is_read_once(read):
    delivery = read(demo_text(rows=[*DEMO_ROWS, DEMO_ROWS[0]]))
    assert not delivery.blocking
    assert value(delivery, "caf_allocataires", QUARTIER) == 537


def test_a_mapped_column_twice_with_other_values_is_refused(read):
    delivery = read(demo_text(DEMO_HEADER + ";ENF", [row + ";7" for row in DEMO_ROWS]))
    assert any("figure 2 fois avec des valeurs différentes" in said for said in sentences(delivery, "bloquant"))


def test_a_flag_column_may_stand_twice(read):
    delivery = read(demo_text(DEMO_HEADER + ";NOTE_CNAF", [row + ";0" for row in DEMO_ROWS]))
    assert not delivery.blocking


def test_an_unknown_edition_is_asked_for_with_its_option(read):
    delivery = read(demo_text(), "demographie.csv")
    assert "--edition 2021" in delivery.blocking[0].message
    assert delivery.faits.empty
    again = read(demo_text(), "demographie.csv", edition="2021")
    assert again.edition == "2021"
    assert [str(day) for day in again.dates["allocataires"]] == ["2019-12-31"]


def test_two_editions_in_one_name_are_a_question(tmp_path, catalogue):
    source = replace(catalogue.sources["insee_demo"], titres=(r"édition (?P<edition>\d{4})",))
    other = replace(catalogue, sources={**catalogue.sources, "insee_demo": source})
    path = write_text(tmp_path, "DEMO_2021.csv", demo_text(before="Données, édition 2019\r\n"))
    assert "2019, 2021" in read_delivery(path, other).blocking[0].message


def test_a_millesime_given_by_the_analyst_wins_for_its_block_only(read):
    delivery = read(demo_text(), millesimes={"allocataires": 2016})
    assert [str(day) for day in delivery.dates["allocataires"]] == ["2016-12-31"]
    assert [str(day) for day in delivery.dates["populations"]] == ["2018-01-01"]
    assert delivery.millesimes == {"allocataires": 2016}


def test_an_unknown_block_in_a_millesime_is_refused_with_the_nearest(read):
    with pytest.raises(OzoirError, match="Vouliez-vous dire « allocataires »"):
        read(demo_text(), millesimes={"alocataires": 2016})


def test_an_edition_beyond_what_was_checked_is_loaded_with_a_warning(read):
    delivery = read(demo_text(), "DEMO_2024.csv")
    assert any("n’a pas été vérifiée" in said or "--millesime" in said for said in sentences(delivery))


def test_a_tie_between_two_layouts_is_a_question(tmp_path, catalogue):
    twin = replace(catalogue.sources["insee_demo"], id="jumelle", titre="Jumelle")
    other = replace(catalogue, sources={**catalogue.sources, "jumelle": twin})
    path = write_text(tmp_path, "DEMO_2021.csv", demo_text())
    (finding,) = read_delivery(path, other).blocking
    assert "--source jumelle" in finding.message
    assert read_delivery(path, other, source="insee_demo").source == "insee_demo"


def test_an_unknown_source_is_refused_with_the_nearest(read):
    with pytest.raises(OzoirError, match="insee_demo"):
        read(demo_text(), source="insee_dem")


def test_a_new_sheet_is_said_and_the_known_one_loaded(tmp_path, catalogue):
    strange = [["Rue", "2019", "2020"], *[[f"rue {rank}", rank, rank + 1] for rank in range(6)]]
    path = write_workbook(tmp_path / "DEMO_2021.xlsx", {"QP": demo_cells(), "Rues": strange})
    delivery = read_delivery(path, catalogue)
    assert value(delivery, "caf_allocataires", QUARTIER) == 537
    (said,) = sentences(delivery, "avertissement")
    assert "Rues" in said


def test_a_hidden_sheet_is_not_loaded(tmp_path, catalogue):
    old = [[cell if cell != 537 else 999 for cell in row] for row in demo_cells()]

    def hide(workbook):
        workbook["Ancienne"].sheet_state = "hidden"

    path = write_workbook(tmp_path / "DEMO_2021.xlsx", {"QP": demo_cells(), "Ancienne": old}, hide)
    delivery = read_delivery(path, catalogue)
    assert value(delivery, "caf_allocataires", QUARTIER) == 537
    assert any("Feuille masquée" in said for said in sentences(delivery, "avertissement"))


def test_quartiers_and_communes_load_from_their_two_sheets(tmp_path, catalogue):
    communes = [
        [cell if cell not in ("QP077018", "QP077001") else {"QP077018": 77350.0, "QP077001": "1053"}[cell] for cell in row]
        for row in demo_cells()
    ]
    path = write_workbook(tmp_path / "DEMO_2021.xlsx", {"QP": demo_cells(), "COM": communes})
    delivery = read_delivery(path, catalogue)
    assert value(delivery, "caf_allocataires", "77350") == 537
    assert one(delivery, "caf_allocataires", "01053")["feuille"] == "COM"


def test_fictitious_data_is_recognised_wherever_it_is_written(read, tmp_path, catalogue):
    assert read(demo_text(before="# DONNÉES FICTIVES;\r\n")).fictif
    assert not read(demo_text()).fictif
    path = write_workbook(tmp_path / "DEMO_2021.xlsx", {"QP": demo_cells(), "Données fictives": [["Lisez-moi"]]})
    assert read_delivery(path, catalogue).fictif


def test_an_epci_given_in_two_perimeters_keeps_the_last(tmp_path, catalogue):
    def epci(number: float) -> list[list[object]]:
        header, row, _ = demo_cells()
        place = header.index("A")
        return [header, ["200023125", "CC", *row[2:place], number, *row[place + 1 :]]]

    path = write_workbook(tmp_path / "DEMO_2021.xlsx", {"QP": demo_cells(), "EPCI2015": epci(900), "EPCI2017": epci(950)})
    delivery = read_delivery(path, catalogue)
    assert not delivery.blocking
    fact = one(delivery, "caf_allocataires", "200023125")
    assert (fact["valeur"], fact["zonage"], fact["feuille"]) == (950, "epci", "EPCI2017")
    assert any("périmètre diffère" in said for said in sentences(delivery, "avertissement"))
