"""Layouts nobody had foreseen: several years side by side, a sheet per year, other zonings, what nothing counted before."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date

import openpyxl
import pytest

from ozoir.atelier.assistant import Colonne, Description, draft
from ozoir.atelier.correspondances import save, write_declaration
from ozoir.atelier.historique import load
from ozoir.catalogue.declarations import parse_source
from ozoir.catalogue.loading import load_catalogue, with_sources
from ozoir.catalogue.model import Indicateur, Mesure, SourceStatistique
from ozoir.errors import OzoirError
from ozoir.indicators.publication import publish
from ozoir.ingestion.mapping import build_source
from ozoir.ingestion.reading import Request, answer, make_delivery
from ozoir.store.correspondances import list_correspondances, save_correspondance, with_correspondances


def workbook(sheets: dict[str, list[list]], merges: dict[str, list[str]] | None = None) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
        for area in (merges or {}).get(name, []):
            sheet.merge_cells(area)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def read(content: bytes, name: str, catalogue, jour: str = ""):
    """In this process, as everywhere below: a limited one for each file would cost a second."""
    dates = (("données", jour),) if jour else ()
    return make_delivery(answer(Request(name, name, None, None, dates, content, is_previewed=True), catalogue), catalogue)


def try_out(catalogue, description: Description, content: bytes, name: str, jour: str = ""):
    source = build_source(description, catalogue)
    return read(content, name, with_sources(replace(catalogue, sources={}), {source.id: source}), jour)


def describe(catalogue, content: bytes, name: str, rank: int = 0, **others) -> Description:
    """What the assistant proposes, taken as it is."""
    sheets = read(content, name, catalogue).apercus
    brouillon = draft(catalogue, sheets[rank])
    return Description(
        **{
            "titre": "Essai",
            "statistique": brouillon.statistique,
            "colonnes": tuple(Colonne(item.entete, brouillon.contenu(item)) for item in brouillon.proposals),
            "periode": brouillon.periode,
            "feuille": sheets[rank].nom if len(sheets) > 1 else "",
            "zonage": brouillon.zonage,
            "intitule": brouillon.intitule,
            **others,
        }
    )


def values(delivery) -> dict:
    return {
        (row.mesure, row.territoire, row.date_reference.date().isoformat()): row.valeur for row in delivery.faits.itertuples()
    }


CAF = {
    "QPV": [
        ["Bilan territorial"],
        [None, None, "Foyers allocataires", None, "Bénéficiaires du RSA socle", None],
        ["Code QPV", "Quartier", 2021, 2022, 2021, 2022],
        ["QP077018", "Anne Frank", 531, 529, 70, 71],
        ["QP077001", "La Grosse Pierre", 1198, 1202, 288, "nc"],
        [],
        ["(1) nc : effectif inférieur à 5"],
    ],
    "Communes": [
        ["Bilan territorial"],
        [None, "Foyers allocataires", None],
        ["Commune", 2021, 2022],
        ["Ozoir-la-Ferrière", 3402, 3430],
    ],
    "Notes": [["Champ : régime général"]],
}
CAF_MERGES = {"QPV": ["C2:D2", "E2:F2"], "Communes": ["B2:C2"]}


def test_years_under_merged_headers_and_two_sheets_need_no_correction(catalogue):
    content = workbook(CAF, CAF_MERGES)
    quartiers, communes = (describe(catalogue, content, "caf.xlsx", rank) for rank in (0, 1))
    delivery = try_out(catalogue, replace(quartiers, autres=(communes,)), content, "caf.xlsx")
    found = values(delivery)
    assert not delivery.blocking and len(found) == 10
    assert found["caf_allocataires", "QP077018", "2021-12-31"] == 531
    assert found["caf_rsa_socle", "QP077018", "2022-12-31"] == 71
    assert found["caf_allocataires", "77350", "2022-12-31"] == 3430


def test_columns_which_are_only_years_are_known_by_their_title_next_year(store, catalogue):
    title = "Demandeurs d’emploi de catégories A, B et C, {}-{}"
    rows = [[title.format(2018, 2019)], [], ["QPV", "Libellé", 2018, 2019], ["QP077018", "Anne Franck", 214, 198]]
    content = workbook({"Données": [*rows, ["QP077001", "La Grosse Pierre", 790, 770]]})
    description = describe(catalogue, content, "oriv.xlsx")
    assert description.intitule == "Demandeurs d’emploi de catégories A, B et C, *"
    assert {item.contenu for item in description.colonnes} == {"territoire", "", "defm_abc"}
    save(store, catalogue, description, "Analyste")
    extended = with_correspondances(store, catalogue)
    rows = [[title.format(2019, 2021)], [], ["QPV", "Libellé", 2019, 2020, 2021], ["QP077018", "Anne Franck", 198, 194, 214]]
    delivery = read(workbook({"Données": rows}), "oriv_2021.xlsx", extended)
    assert delivery.source == "essai" and not delivery.blocking
    assert values(delivery)["defm_abc", "QP077018", "2021-12-31"] == 214 and len(delivery.faits) == 3
    other = [["Élèves des quartiers"], [], *rows[2:]]
    assert read(workbook({"Données": other}), "eleves.xlsx", extended).source == ""


def test_one_territory_and_a_column_per_year(catalogue):
    rows = [["Fiche du quartier"], ["Indicateur", 2018, 2019], ["Foyers allocataires", 495, 537], ["RSA", None, 71]]
    content = workbook({"Fiche": rows})
    description = describe(catalogue, content, "fiche.xlsx", lignes={"Foyers allocataires": "caf_allocataires"})
    assert [item.contenu for item in description.colonnes] == ["libelle", "quartier", "quartier"]
    found = values(try_out(catalogue, description, content, "fiche.xlsx"))
    assert found == {
        ("caf_allocataires", "QP077018", "2018-12-31"): 495,
        ("caf_allocataires", "QP077018", "2019-12-31"): 537,
    }


def test_a_sheet_per_year_is_dated_by_its_name(catalogue):
    sheets = {str(year): [["Territoire", "Demandeurs d’emploi ABC"], ["Quartier", year - 1800]] for year in (2020, 2021)}
    content = workbook(sheets)
    delivery = try_out(catalogue, describe(catalogue, content, "defm.xlsx"), content, "defm.xlsx")
    assert values(delivery) == {("defm_abc", "QP077018", "2020-12-31"): 220, ("defm_abc", "QP077018", "2021-12-31"): 221}


def test_an_intercommunality_and_a_departement_are_territories(catalogue):
    for header, code, zonage in (("Code EPCI", "200023125", "epci"), ("Département", "77", "departement")):
        content = workbook({"Tab": [[header, "Foyers allocataires"], [code, 9000]]})
        delivery = try_out(catalogue, describe(catalogue, content, "tab.xlsx"), content, "tab.xlsx", "2022")
        assert [(row.territoire, row.zonage, row.valeur) for row in delivery.faits.itertuples()] == [(code, zonage, 9000)]


def test_the_same_year_twice_is_a_question(catalogue):
    content = workbook({"T": [["QPV", "Foyers 2020", "Foyers 2020 "], ["QP077018", 5, 6]]})
    columns = (Colonne("QPV", "territoire"), Colonne("Foyers 2020", "caf_allocataires"))
    delivery = try_out(catalogue, Description("Essai", "caf", columns, periode="colonne"), content, "t.xlsx")
    assert "figure 2 fois" in delivery.blocking[0].message and delivery.blocking[0].cellule == "B1, C1"


def test_a_column_without_a_date_among_dated_ones_is_said(catalogue):
    columns = (Colonne("QPV", "territoire"), Colonne("Foyers", "caf_allocataires"))
    with pytest.raises(OzoirError, match="Date absente d’un intitulé"):
        write_declaration(Description("Essai", "caf", columns, periode="colonne"), catalogue, "Analyste")


POLICE = [
    ["Code QPV", "Nom", "Atteintes aux biens 2021", "Atteintes aux biens 2022"],
    ["QP077018", "Anne Franck", 41, 38],
    ["QP077001", "La Grosse Pierre", 120, 131],
]


def police() -> Description:
    """A new measure of a new producer, shown on a pillar's page."""
    pilier = load_catalogue().contrat.piliers[0].id
    mesure = Mesure("Atteintes aux biens", "faits", "effectif", "annee", definition="Faits.", id="atteintes_aux_biens")
    producer = SourceStatistique("Police nationale, état 4001", "Police nationale", 5, protegee=False)
    columns = (
        Colonne("Code QPV", "territoire"),
        Colonne("Nom"),
        Colonne("Atteintes aux biens 2021", mesure.id),
        Colonne("Atteintes aux biens 2022", mesure.id),
    )
    shown = Indicateur(
        mesure.id, mesure.titre, mesure.definition, "faits", "effectif", mesure.id, pilier, ("police",), sens="baisse"
    )
    return Description(
        "Police", "police", columns, "colonne", producteur=producer, mesures={mesure.id: mesure}, indicateurs=(shown,)
    )


def test_a_new_measure_is_declared_saved_and_shown(store, catalogue):
    content = workbook({"Export": POLICE})
    assert read(content, "police.xlsx", catalogue).nominatif == ""  # « Nom » is here the quartier's
    delivery = try_out(catalogue, police(), content, "police.xlsx")
    assert values(delivery)["atteintes_aux_biens", "QP077018", "2022-12-31"] == 38
    save(store, catalogue, police(), "Analyste")
    (saved,) = list_correspondances(store)
    source = parse_source(saved.declaration)
    assert source.mesures["atteintes_aux_biens"].unite == "faits" and source.statistiques["police"].seuil == 5
    load(store, read(content, "police.xlsx", with_correspondances(store, catalogue)), content, "Analyste")
    result = publish(store, catalogue).result("atteintes_aux_biens")
    assert result.total.latest.date_reference == date(2022, 12, 31)
    assert {point.qpv.valeur for point in result.total.points} >= {38, 41}
    save_correspondance(store, source.id, source.titre, saved.declaration, "Analyste", retiree=True)
    kept = publish(store, catalogue).catalogue  # its files are no longer read, its facts still have a name
    assert "atteintes_aux_biens" in kept.mesures and not kept.sources["police"].tableaux


def test_another_layout_repeats_the_measure_it_borrows(store, catalogue):
    save(store, catalogue, police(), "Analyste")
    extended = with_correspondances(store, catalogue)
    columns = (Colonne("Zone", "territoire"), Colonne("Faits", "atteintes_aux_biens"))
    text = write_declaration(Description("Gendarmerie", "police", columns), extended, "Analyste")
    source = parse_source(text)
    assert set(source.mesures) == {"atteintes_aux_biens"} and set(source.statistiques) == {"police"}
