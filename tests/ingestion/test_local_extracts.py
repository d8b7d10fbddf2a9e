"""The local partners' extracts, in the layouts declared for them."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from ozoir.ingestion.reading import read_delivery
from tests.ingestion.samples import one, sentences, value, write_text, write_workbook

QUARTIER, QUARTIER_2024, COMMUNE = "QP077018", "QN07718M", "77350"

DEFM = [
    "Date",
    "Code territoire",
    "Territoire",
    "Catégorie",
    "Sexe",
    "Tranche d’âge",
    "Ancienneté d’inscription",
    "Niveau de formation",
    "Nombre",
]
WHOLE = ["Total", "Total", "Total", "Total"]


def defm(day: object, code: object, category: str, sexe: str, number: object) -> list[object]:
    return [day, code, "", category, sexe, *WHOLE[1:], number]


ROWS = [
    defm(date(2020, 12, 31), QUARTIER, "ABC", "Total", 194),
    defm(date(2020, 12, 31), QUARTIER, "ABC", "Femmes", 96),
    defm(date(2020, 12, 31), QUARTIER, "ABC", "Hommes", 98),
    defm(date(2020, 12, 31), QUARTIER, "A", "Total", "< 5"),
    defm(datetime(2020, 12, 31), 77350.0, "ABC", "Total", 1234),
]


@pytest.fixture
def read(tmp_path, catalogue):
    """Reads sheets as a workbook of that name."""

    def reader(name: str, sheets, change=None, **said):
        return read_delivery(write_workbook(tmp_path / name, sheets, change), catalogue, **said)

    return reader


def test_categories_choose_the_measure_and_other_columns_break_it_down(read):
    delivery = read("pole_emploi_2020-12-31.xlsx", {"DEFM": [["Pôle emploi, situation au 31/12/2020"], [], DEFM, *ROWS]})
    assert not delivery.blocking
    assert value(delivery, "defm_abc", QUARTIER) == 194
    assert value(delivery, "defm_abc", QUARTIER, sexe="femmes") == 96
    assert value(delivery, "defm_abc", COMMUNE) == 1234
    fact = one(delivery, "defm_a", QUARTIER)
    assert (fact["statut"], fact["feuille"], fact["ligne"], str(fact["date_reference"])[:10]) == (
        "non_diffuse",
        "DEFM",
        7,
        "2020-12-31",
    )


@pytest.mark.parametrize("written", ["31/12/2020", "2020-12-31", "2020-T4", "12/2020", "décembre 2020", "4e trimestre 2020"])
def test_every_spelling_of_a_date_is_the_same_day(read, written):
    rows = [[written, *row[1:]] for row in ROWS]
    assert {str(day)[:10] for day in read("pole_emploi.xlsx", {"DEFM": [DEFM, *rows]}).faits["date_reference"]} == {
        "2020-12-31"
    }


@pytest.mark.parametrize("written", ["31/02/2020", "31/13/2020", "01/01/0202"])
def test_an_impossible_date_stops_the_load_with_its_cell(read, written):
    delivery = read("pole_emploi.xlsx", {"DEFM": [DEFM, *ROWS[:3], [written, *ROWS[3][1:-1], 12]]})
    (said,) = sentences(delivery, "bloquant")
    assert said == f"Feuille « DEFM », cellule A5, valeur « {written} » : date impossible."


def test_an_unknown_modality_is_named_and_its_row_left_out(read):
    rows = [*ROWS[:3], defm(date(2020, 12, 31), QUARTIER, "ABC", "Femme", 3)]
    delivery = read("pole_emploi.xlsx", {"DEFM": [DEFM, *rows]})
    (said,) = sentences(delivery, "avertissement")
    assert "cellule E5, valeur « Femme »" in said
    assert "Vouliez-vous dire « Femmes »" in said
    assert value(delivery, "defm_abc", QUARTIER, sexe="femmes") == 96


def test_a_withheld_cell_of_an_unknown_modality_is_not_lost_in_silence(read):
    rows = [*ROWS[:3], defm(date(2020, 12, 31), QUARTIER, "ABC", "Femme", "s")]
    assert any(
        "valeur « Femme »" in said for said in sentences(read("pole_emploi.xlsx", {"DEFM": [DEFM, *rows]}), "avertissement")
    )


def test_a_list_of_persons_is_refused(read):
    rows = [defm(date(2020, 12, 31), QUARTIER, "ABC", "Femmes", rank) for rank in (1, 2, 3)]
    assert any(
        "une ligne par personne" in said for said in sentences(read("pole_emploi.xlsx", {"DEFM": [DEFM, *rows]}), "bloquant")
    )


def test_a_territory_merged_over_its_rows_is_repeated(read):
    rows = [row if rank in (0, 4) else [row[0], None, *row[2:]] for rank, row in enumerate(ROWS)]

    def merge(workbook):
        workbook["DEFM"].merge_cells("B2:B5")

    assert value(read("pole_emploi.xlsx", {"DEFM": [DEFM, *rows]}, merge), "defm_abc", QUARTIER, sexe="hommes") == 98


def test_a_total_that_is_not_the_sum_of_its_parts_is_said_with_its_cell(read):
    rows = [defm(date(2020, 12, 31), QUARTIER, "ABC", "Total", 300), *ROWS[1:]]
    (said,) = sentences(read("pole_emploi.xlsx", {"DEFM": [DEFM, *rows]}), "avertissement")
    assert "cellule I2" in said
    assert "(sexe)" in said


CAF = [
    ["Caf de Seine-et-Marne", None, None],
    ["Allocataires, situation au 31/12/2020", None, None],
    [],
    ["Indicateur", "QPV", "Commune"],
    ["Situation familiale", None, None],
    ["Foyers allocataires", 520, 3381],
    ["   Familles monoparentales", 137, "n.c."],
    ["Personnes couvertes", "1 401", 9800],
    ["Source : Caf. Un blanc est une valeur absente.", None, None],
]


def test_a_table_with_a_column_per_territory_is_read_by_its_row_labels(read):
    delivery = read("caf_2020-12-31.xlsx", {"Caf": CAF})
    assert not delivery.blocking
    assert value(delivery, "caf_allocataires", QUARTIER) == 520
    assert value(delivery, "caf_allocataires", COMMUNE) == 3381
    assert value(delivery, "caf_personnes_couvertes", QUARTIER) == 1401
    fact = one(delivery, "caf_allocataires", COMMUNE, detail="famille:monoparents")
    assert (fact["statut"], fact["ligne"], fact["colonne"], fact["entete"]) == ("non_diffuse", 7, 3, "Familles monoparentales")
    assert any("lignes 5, 9" in said for said in sentences(delivery, "information"))


def test_a_renamed_row_is_pointed_at_and_not_loaded(read):
    rows = [["Foyers alocataires", *row[1:]] if row and row[0] == "Foyers allocataires" else row for row in CAF]
    delivery = read("caf_2020-12-31.xlsx", {"Caf": rows})
    (said,) = sentences(delivery, "avertissement")
    assert "Vouliez-vous dire « Foyers allocataires »" in said
    assert not ((delivery.faits["mesure"] == "caf_allocataires") & (delivery.faits["detail"] == "")).any()


def test_the_quartier_takes_the_code_of_the_zoning_in_force(read):
    rows = [[str(cell).replace("2020", "2024") if isinstance(cell, str) else cell for cell in row] for row in CAF]
    delivery = read("caf_2024-12-31.xlsx", {"Caf": rows})
    assert value(delivery, "caf_allocataires", QUARTIER_2024) == 520


def test_a_title_and_a_name_that_disagree_on_the_date_are_a_question(read):
    delivery = read("caf_2019-12-31.xlsx", {"Caf": CAF})
    (said,) = sentences(delivery, "bloquant")
    assert "31/12/2019, 31/12/2020" in said
    assert "--millesime" in said


def test_a_date_nowhere_written_is_a_question(read):
    rows = [row for row in CAF if not (row and "situation au" in str(row[0]))]
    assert "--millesime" in read("extraction caf.xlsx", {"Caf": rows}).blocking[0].message


RESIDENCES = [
    ["Bilan, situation au 31/12/2020"],
    ["Résidence", "QPV", "Logements", "Logements vacants", "Emménagements"],
    ["Anne Frank", "oui", 300, 3, 12],
    ["La Doutre", "oui", 381, "", 18],
    ["Total QPV", "", 681, 3, 30],
    ["Total commune", "", 1304, 9, 61],
]


def test_a_residence_named_like_the_quartier_is_not_the_quartier(read):
    delivery = read("bailleur_residences_2020-12-31.xlsx", {"Bilan": RESIDENCES})
    assert not delivery.blocking
    assert value(delivery, "logements_sociaux", QUARTIER) == 681
    assert value(delivery, "logements_sociaux", COMMUNE) == 1304


def test_a_yearly_text_table_of_the_mission_locale_is_read(tmp_path, catalogue):
    lines = [
        "Année;Code territoire;Territoire;Sexe;Tranche d’âge;Niveau de formation;Premiers accueils;Jeunes suivis;CIVIS",
        "2016;QP077018;QPV;Total;Total;Total;31;74;6",
        "2016;QP077018;QPV;Femmes;Total;Total;14;33;",
        "2016;77350;Commune;Total;Total;Total;120;402;21",
    ]
    path = write_text(tmp_path, "mission locale.csv", "\r\n".join(lines), "cp1252")
    delivery = read_delivery(path, catalogue)
    assert not delivery.blocking
    assert value(delivery, "jeunes_suivis", QUARTIER) == 74
    assert value(delivery, "entrees_pacea", COMMUNE) == 21  # CIVIS before 2017
    assert one(delivery, "entrees_pacea", QUARTIER, sexe="femmes")["statut"] == "manquant"
    assert {str(day)[:10] for day in delivery.faits["date_reference"]} == {"2016-12-31"}
