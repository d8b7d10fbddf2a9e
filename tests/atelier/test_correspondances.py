"""An unknown layout is described, tried, saved, read again next year and after a rebuild; a changed one starts from the old."""

from __future__ import annotations

import io
from datetime import date

import openpyxl
import pytest

from ozoir.atelier.assistant import Colonne, Description, draft
from ozoir.atelier.correspondances import (
    list_correspondances,
    save,
    try_description,
    withdraw,
    write_declaration,
)
from ozoir.atelier.historique import load
from ozoir.atelier.lectures import Choix, read_now
from ozoir.catalogue.declarations import parse_source
from ozoir.errors import OzoirError
from ozoir.store.base import open_store
from ozoir.store.correspondances import with_correspondances
from ozoir.store.facts import current_facts
from ozoir.store.rebuilding import rebuild

WIDE = "Tableau de bord Caf\n\nZone;Nb allocataires;dont RSA;Remarque\nQP077018;529;71;ras\n77350;3 430;300;\nTotal;9;9;\n"


def describe(**others) -> Description:
    columns = (
        Colonne("Zone", "territoire"),
        Colonne("Nb allocataires", "caf_allocataires"),
        Colonne("dont RSA", "caf_rsa_socle"),
        Colonne("Remarque"),
    )
    return Description(**{"titre": "Caf, tableau libre", "statistique": "caf", "colonnes": columns, **others})


def values(delivery) -> dict:
    facts = delivery.faits
    return {(row.mesure, row.territoire, row.sexe): row.valeur for row in facts.itertuples()}


def nested_workbook() -> bytes:
    """Two header lines, women and men under a merged cell, a title above, territories by name."""
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.title = "T1"
    for row in (
        ["Demandeurs d’emploi, situation au 31/12/2021"],
        [None, "ABC", None],
        ["Territoire", "Femmes", "Hommes"],
        ["Quartier", 104, 110],
        ["Commune", 640, 668],
    ):
        sheet.append(row)
    sheet.merge_cells("B2:C2")
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def test_a_table_described_from_scratch_gives_its_figures(catalogue):
    delivery = try_description(catalogue, describe(), WIDE.encode(), "tableau.csv", "31/12/2022")
    assert values(delivery) == {
        ("caf_allocataires", "QP077018", "ensemble"): 529,
        ("caf_allocataires", "77350", "ensemble"): 3430,
        ("caf_rsa_socle", "QP077018", "ensemble"): 71,
        ("caf_rsa_socle", "77350", "ensemble"): 300,
    }
    assert set(delivery.faits["date_reference"].astype(str)) == {"2022-12-31"} and not delivery.blocking


def test_two_header_lines_are_one_header(catalogue):
    columns = (
        Colonne("Territoire", "territoire"),
        Colonne("ABC > Femmes", "defm_abc; sexe=femmes"),
        Colonne("ABC > Hommes", "defm_abc; sexe=hommes"),
    )
    description = Description("Agence, T1", "pole_emploi", columns)
    delivery = try_description(catalogue, description, nested_workbook(), "agence.xlsx")
    assert values(delivery)["defm_abc", "QP077018", "femmes"] == 104
    assert values(delivery)["defm_abc", "77350", "hommes"] == 668
    assert set(delivery.faits["date_reference"].astype(str)) == {"2021-12-31"}


def test_the_proposals_for_it_need_no_correction(catalogue):
    delivery = read_now(nested_workbook(), "agence.xlsx", catalogue)
    brouillon = draft(catalogue, delivery.apercus[0])
    assert (brouillon.ligne, brouillon.is_nested) == (3, True)
    contents = [brouillon.contenu(item) for item in brouillon.proposals]
    assert contents == ["territoire", "defm_abc; sexe=femmes", "defm_abc; sexe=hommes"]


def test_a_column_per_territory_is_described_too(catalogue):
    text = "Situation au 31/12/2022\nCe que l’on compte;Quartier;Commune\nAllocataires;529;3430\nRSA;71;300\nAutre;1;2\n"
    columns = (Colonne("Ce que l’on compte", "libelle"), Colonne("Quartier", "quartier"), Colonne("Commune", "commune"))
    lines = {"Allocataires": "caf_allocataires", "RSA": "caf_rsa_socle", "Autre": ""}
    description = Description("Caf en colonnes", "caf", columns, lignes=lines)
    found = values(try_description(catalogue, description, text.encode(), "caf_libre.csv"))
    assert found["caf_allocataires", "QP077018", "ensemble"] == 529 and found["caf_rsa_socle", "77350", "ensemble"] == 300
    assert len(found) == 4


def test_a_column_of_modalities_and_one_of_dates(catalogue):
    text = "Année;Zone;Public;Nombre\n2020;QP077018;Dames;47\n2020;QP077018;Messieurs;52\n"
    columns = (
        Colonne("Année", "date"),
        Colonne("Zone", "territoire"),
        Colonne("Public", "dimension:sexe", {"Dames": "femmes", "Messieurs": "hommes"}),
        Colonne("Nombre", "jeunes_suivis"),
    )
    description = Description("Mission locale libre", "mission_locale", columns, periode="ligne")
    found = values(try_description(catalogue, description, text.encode(), "libre.csv"))
    assert found == {("jeunes_suivis", "QP077018", "femmes"): 47, ("jeunes_suivis", "QP077018", "hommes"): 52}


def test_the_year_may_stand_in_the_headers(catalogue):
    text = "Zone;Allocataires 2021\nQP077018;529\n"
    columns = (Colonne("Zone", "territoire"), Colonne("Allocataires 2021", "caf_allocataires"))
    description = Description("Caf par an", "caf", columns, periode="colonne")
    delivery = try_description(catalogue, description, text.replace("2021", "2023").encode(), "caf_an.csv")
    assert set(delivery.faits["date_reference"].astype(str)) == {"2023-12-31"}


@pytest.mark.parametrize(
    ("description", "words"),
    [
        (describe(colonnes=(Colonne("Nb allocataires", "caf_allocataires"),)), "Territoire à préciser"),
        (describe(colonnes=(Colonne("Zone", "territoire"),)), "Aucune mesure choisie"),
        (describe(titre=" "), "Nom absent"),
        (describe(periode="ligne"), "Colonne de date à préciser"),
        (describe(statistique="inconnue"), "Source statistique absente"),
    ],
)
def test_what_is_still_to_be_chosen_is_said(catalogue, description, words):
    with pytest.raises(OzoirError, match=words):
        try_description(catalogue, description, WIDE.encode(), "tableau.csv", "2022")


def test_a_saved_layout_recognises_next_year_and_is_read_the_same_by_a_rebuild(catalogue, tmp_path):
    path = tmp_path / "contract.duckdb"
    store = open_store(path, create=True)
    assert save(store, catalogue, describe(), "Analyste") == "caf_tableau_libre"
    extended = with_correspondances(store, catalogue)
    text = WIDE.replace("529", "540").encode()
    asked = read_now(text, "tableau_2023.csv", extended)
    assert asked.source == "caf_tableau_libre" and "date" in asked.blocking[0].message
    delivery = read_now(text, "tableau_2023.csv", extended, Choix("", "", (("données", "2023"),)))
    load(store, delivery, text, "Analyste")
    store.close()
    rebuild(path, catalogue)
    again = open_store(path)
    facts = current_facts(again, ["QP077018"])
    (fact,) = facts[(facts["source"] == "caf") & (facts["mesure"] == "caf_allocataires")].to_dict("records")
    assert (fact["valeur"], fact["date_reference"].date()) == (540, date(2023, 12, 31))
    again.close()


def test_a_declaration_is_exported_and_withdrawn(store, catalogue):
    text = write_declaration(describe(), catalogue, "Analyste")
    assert text.startswith("# Déclarée dans l’application par Analyste.") and parse_source(text).id == "caf_tableau_libre"
    save(store, catalogue, describe(), "Analyste")
    (item,) = list_correspondances(store)
    withdraw(store, item, "Analyste")
    assert "caf_tableau_libre" not in with_correspondances(store, catalogue).sources


def test_a_shipped_name_is_refused(store, catalogue):
    with pytest.raises(OzoirError, match="Nom déjà pris"):
        save(store, catalogue, describe(titre="caf"), "Analyste")


def test_a_changed_layout_starts_from_the_one_it_was(catalogue):
    """The landlord renames a column of the signature: everything else is already said, the new name pointed at the old."""
    header = "Résidence;QPV;Nombre de logements;Logements vacants;Emménagements;Départs\n"
    text = header + "Total QPV;oui;676;4;36;30\nTotal commune;;839;6;48;41\n"
    delivery = read_now(text.encode(), "bailleur_residences_2020-12-31.csv", catalogue)
    assert not delivery.source and delivery.apercus[0].proche == "bailleur_residences"
    brouillon = draft(catalogue, delivery.apercus[0])
    contents = {item.entete: brouillon.contenu(item) for item in brouillon.proposals}
    assert brouillon.statistique == "bailleur"
    assert contents["Logements vacants"] == "logements_vacants" and contents["Emménagements"] == "emmenagements"
    assert contents["Nombre de logements"] == "logements_sociaux"
    assert contents["Résidence"] == "territoire"
