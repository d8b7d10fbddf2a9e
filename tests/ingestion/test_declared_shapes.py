"""Shapes a declaration may describe: merged headers, one file per territory, a column per territory, EPCI, rows to skip."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from ozoir.catalogue.model import Source
from ozoir.catalogue.toml_reading import build
from ozoir.ingestion.reading import read_delivery
from tests.ingestion.samples import one, sentences, value, write_text, write_workbook

QUARTIER, COMMUNE = "QP077018", "77350"

ABOUT = {
    "id": "essai",
    "titre": "Essai",
    "producteur": "Essai",
    "partenaire": "caf",
    "locale": True,
    "protegee": False,
    "seuil": 5,
    "licence": "",
    "frequence": "annuelle",
    "vide": "manquant",
}
AT_YEAR_END = {"regle": "fixe", "date": date(2020, 12, 31)}


@pytest.fixture
def declared(catalogue, tmp_path):
    """Reads rows with one declared table only."""

    def reader(table: dict, rows, name: str = "essai.xlsx", change=None, sheet: str = "Feuille"):
        source = build(Source, {**ABOUT, "tableaux": [{"nom": "essai", "forme": "tableau", **table}]}, Path("essai.toml"))
        path = write_workbook(tmp_path / name, {sheet: rows}, change)
        return read_delivery(path, replace(catalogue, sources={"essai": source}))

    return reader


def bloc(colonnes: dict[str, str], millesime: dict | None = None, **others) -> dict:
    return {"nom": "foyers", "source": "caf", "millesime": millesime or AT_YEAR_END, "colonnes": colonnes, **others}


NESTED = {
    "signature": ["Code", "Femmes > Moins de 25 ans", "Hommes > Moins de 25 ans"],
    "territoire": {"regle": "colonne", "colonnes": ["Code"]},
    "blocs": [
        bloc(
            {
                "Femmes > Moins de 25 ans": "defm_abc; sexe=femmes; age=moins_25",
                "Femmes > 50 ans et plus": "defm_abc; sexe=femmes; age=50_plus",
                "Hommes > Moins de 25 ans": "defm_abc; sexe=hommes; age=moins_25",
                "Hommes > 50 ans et plus": "defm_abc; sexe=hommes; age=50_plus",
            }
        )
    ],
}


def test_a_merged_header_names_the_columns_below_it(declared):
    rows = [
        ["Titre"],
        ["Code", "Femmes", None, "Hommes", None],
        [None, "Moins de 25 ans", "50 ans et plus", "Moins de 25 ans", "50 ans et plus"],
        [QUARTIER, 10, 20, 30, 40],
    ]

    def merge(workbook):
        for cells in ("B2:C2", "D2:E2", "A2:A3"):
            workbook["Feuille"].merge_cells(cells)

    delivery = declared(NESTED, rows, change=merge)
    assert not delivery.blocking
    assert value(delivery, "defm_abc", QUARTIER, sexe="femmes", age="50_plus") == 20
    assert value(delivery, "defm_abc", QUARTIER, sexe="hommes", age="moins_25") == 30
    assert one(delivery, "defm_abc", QUARTIER, sexe="hommes", age="50_plus")["entete"] == "Hommes > 50 ans et plus"


FIXED = {
    "signature": ["Sexe", "Foyers"],
    "territoire": {"regle": "fixe", "valeurs": {"*QPV*": "quartier", "*commune*": "commune"}},
    "dimensions": [{"colonne": "Sexe", "dimension": "sexe", "valeurs": {"F": "femmes", "H": "hommes"}}],
    "blocs": [bloc({"Foyers": "defm_abc"})],
}


def test_a_file_for_one_territory_says_it_in_its_name_title_or_sheet(declared):
    rows = [["Sexe", "Foyers"], ["Total", 12], ["F", 5], ["H", 7], ["Source : partenaire", None]]
    assert value(declared(FIXED, rows, "essai QPV.xlsx"), "defm_abc", QUARTIER, sexe="femmes") == 5
    assert value(declared(FIXED, [["Ensemble de la commune"], *rows]), "defm_abc", COMMUNE) == 12
    assert value(declared(FIXED, rows, sheet="QPV"), "defm_abc", QUARTIER) == 12


def test_a_file_for_an_unsaid_territory_is_a_question(declared):
    (said,) = sentences(declared(FIXED, [["Sexe", "Foyers"], ["F", 5]]), "bloquant")
    assert "Le territoire n’est dit ni" in said


def test_two_territories_in_one_title_are_a_question(declared):
    rows = [["QPV et commune"], ["Sexe", "Foyers"], ["F", 5]]
    assert declared(FIXED, rows).blocking


WIDE = {
    "signature": ["Catégorie", "QPV", "Commune"],
    "territoire": {"regle": "entetes", "valeurs": {"QPV": "quartier", "Commune": "commune"}},
    "dimensions": [{"colonne": "Catégorie", "dimension": "mesure", "valeurs": {"A": "defm_a", "ABC": "defm_abc"}}],
    "blocs": [bloc({"Nombre": "defm_abc"})],
}


def test_a_column_per_territory_with_a_measure_per_row_is_read(declared):
    delivery = declared(WIDE, [["Catégorie", "QPV", "Commune"], ["A", 134, 800], ["ABC", 194, None], ["Note", None, None]])
    assert value(delivery, "defm_a", QUARTIER) == 134
    assert value(delivery, "defm_a", COMMUNE) == 800
    assert one(delivery, "defm_abc", COMMUNE)["statut"] == "manquant"
    assert len(delivery.faits) == 4


CODED = {
    "signature": ["Code", "Foyers"],
    "territoire": {"regle": "colonne", "colonnes": ["Code"]},
    "lignes_ignorees": ["Hors zone*"],
    "blocs": [bloc({"Foyers": "caf_allocataires"})],
}


def test_codes_keep_or_recover_their_leading_zero(declared):
    rows = [
        ["Code", "Foyers"],
        [1053.0, 1],
        ["02A12", 2],
        ["2A004", 3],
        [77350, 4],
        ["10530101", 5],
        ["QN07718M", 6],
        ["QP971001", 7],
    ]
    delivery = declared(CODED, rows)
    found = dict(zip(delivery.faits["territoire"].astype(str), delivery.faits["zonage"].astype(str), strict=True))
    assert found == {
        "01053": "commune",
        "2A004": "commune",
        "77350": "commune",
        "010530101": "iris",
        "QN07718M": "QP2024",
        "QP971001": "QP2015",
    }
    assert any("« 02A12 »" in said for said in sentences(delivery, "avertissement"))


def test_nine_digits_are_an_iris_unless_declared_an_epci(declared):
    rows = [["Code", "Foyers"], ["200023125", 9], [QUARTIER, 1], ["77350", 2]]
    zonings = {**CODED, "territoire": {"regle": "colonne", "colonnes": ["Code"], "zonage": "epci"}}
    assert one(declared(CODED, rows), "caf_allocataires", "200023125")["zonage"] == "iris"
    delivery = declared(zonings, rows)
    assert one(delivery, "caf_allocataires", "200023125")["zonage"] == "epci"
    assert one(delivery, "caf_allocataires", QUARTIER)["zonage"] == "QP2015"
    assert one(delivery, "caf_allocataires", "77350")["zonage"] == "commune"


def test_declared_rows_are_left_out_in_silence(declared):
    delivery = declared(CODED, [["Code", "Foyers"], ["Hors zone 12", 9], [QUARTIER, 1]])
    assert not sentences(delivery)
    assert delivery.lecture["Feuille"]["lignes_ignorees"] == 1


YEARS = {
    "signature": ["Code", "MED{aa}"],
    "territoire": {"regle": "colonne", "colonnes": ["Code"]},
    "blocs": [bloc({"MED{aa}": "revenu_disponible; quantile=mediane", "S80S20{aa}": "taux_pauvrete"}, {"regle": "suffixe"})],
}


def test_the_year_of_a_header_dates_its_block(declared):
    delivery = declared(YEARS, [["Code", "MED19", "S80S2019"], [QUARTIER, 16340, 26]])
    assert {str(day)[:10] for day in delivery.faits["date_reference"]} == {"2019-12-31"}
    assert len(delivery.faits) == 2


def test_two_years_in_the_headers_are_a_question(declared):
    delivery = declared(YEARS, [["Code", "MED19", "S80S2018"], [QUARTIER, 16340, 26]])
    assert "une seule année" in delivery.blocking[0].message


def test_a_layout_that_must_not_hold_a_column_is_not_chosen(declared):
    table = {**CODED, "absentes": ["Revenus"]}
    assert declared(table, [["Code", "Foyers", "Revenus"], [QUARTIER, 1, 2]]).blocking


def test_a_layout_may_ask_for_a_sheet_name(declared):
    table = {**CODED, "feuilles": ["Donnees quartier*"]}
    rows = [["Code", "Foyers"], [QUARTIER, 1]]
    assert value(declared(table, rows, sheet="Données quartiers"), "caf_allocataires", QUARTIER) == 1
    assert declared(table, rows, sheet="Autre").blocking


def test_the_commune_s_figure_on_a_quartier_s_row_is_kept_for_our_commune_only(declared):
    table = {
        **CODED,
        "signature": ["Code", "POP_COM"],
        "territoire": {"regle": "colonne", "colonnes": ["Code"], "communes": ["LIB_COM"]},
        "blocs": [bloc({"POP_COM": "population_municipale"}, territoire="commune_du_quartier")],
    }
    rows = [["Code", "LIB_COM", "POP_COM"], [QUARTIER, "Ozoir la Ferrière", 20191], ["QP077001", "Roissy-en-Brie", 22836]]
    delivery = declared(table, rows)
    assert list(delivery.faits["territoire"].astype(str)) == [COMMUNE]
    assert value(delivery, "population_municipale", COMMUNE) == 20191


def test_a_name_stands_for_a_code_only_as_help(tmp_path, catalogue):
    table = {**CODED, "signature": ["Territoire", "Foyers"], "territoire": {"regle": "libelle", "colonnes": ["Territoire"]}}
    source = build(Source, {**ABOUT, "tableaux": [{"nom": "essai", "forme": "tableau", **table}]}, Path("essai.toml"))
    path = write_text(tmp_path, "essai.csv", "Territoire;Foyers\r\nANNE-FRANCK;12\r\nOzoir la Ferriere;90\r\nAutre;3\r\n")
    delivery = read_delivery(path, replace(catalogue, sources={"essai": source}))
    assert (value(delivery, "caf_allocataires", QUARTIER), value(delivery, "caf_allocataires", COMMUNE)) == (12, 90)
    assert any("« Autre »" in said for said in sentences(delivery, "avertissement"))


def test_measures_of_one_column_are_each_judged_by_their_nature(declared):
    table = {
        "signature": ["Code", "Indicateur", "Valeur"],
        "territoire": {"regle": "colonne", "colonnes": ["Code"]},
        "dimensions": [
            {"colonne": "Indicateur", "dimension": "mesure", "valeurs": {"Foyers": "caf_allocataires", "Taux": "taux_pauvrete"}}
        ],
        "blocs": [bloc({"Valeur": "caf_allocataires"})],
    }
    rows = [["Code", "Indicateur", "Valeur"], [QUARTIER, "Taux", 29.2], [QUARTIER, "Foyers", 520], ["77350", "Foyers", -1]]
    delivery = declared(table, rows)
    assert value(delivery, "taux_pauvrete", QUARTIER) == 29.2
    assert value(delivery, "caf_allocataires", QUARTIER) == 520
    (said,) = sentences(delivery)
    assert "cellule C4" in said
    assert "négatif" in said
