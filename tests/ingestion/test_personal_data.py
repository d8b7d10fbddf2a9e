from __future__ import annotations

import pytest

from ozoir.catalogue.loading import load_catalogue
from ozoir.ingestion.delivery import BLOQUANT
from ozoir.ingestion.grids import Grid
from ozoir.ingestion.personal_data import find_personal_data, has_valid_key
from ozoir.ingestion.reading import read_delivery

HEADER = "Année;Code territoire;Sexe;Tranche d’âge;Niveau de formation;Premiers accueils;Jeunes suivis"
ROWS = "2020;QP077018;Total;Total;Total;32;99\n2020;77350;Total;Total;Total;151;446\n"


def key(thirteen: str) -> str:
    return f"{97 - int(thirteen.replace('2A', '19').replace('2B', '18')) % 97:02d}"


# invented numbers: born in months and departements of no one in particular, orders 900 and more
INVENTED = ["1910275999901", "2880369998902", "195072A999903"]
NUMBERS = [number + key(number) for number in INVENTED]


@pytest.mark.parametrize(
    "header",
    [
        "Nom",
        "PRÉNOM",
        "Nom et prénom",
        "Nom du jeune",
        "Date de naissance",
        "Né(e) le",
        "NIR",
        "N° allocataire",
        "Numéro de sécurité sociale",
        "Téléphone",
        "Courriel",
        "Adresse",
        "Identifiant i-Milo",
        "NOM_LOCATAIRE",
        "Nom d’usage",
    ],
)
def test_a_nominative_column_is_refused(header):
    grid = Grid("", [["Année", "Code territoire", header], [2020.0, "QP077018", "x"]])
    (finding,) = find_personal_data([grid], [])
    assert finding.gravite == BLOQUANT and finding.cellule == "C1" and finding.valeur == ""


@pytest.mark.parametrize(
    "header",
    [
        "Nom de la résidence",
        "Nom commune",
        "NOMVOIE",
        "LIB_COM",
        "Résidence",
        "Nombre",
        "nom_qp",
        "Lieu-dit",
        "Adresses raccordées",
    ],
)
def test_names_of_places_are_no_names_of_persons(header):
    assert find_personal_data([Grid("", [["Année", "Code territoire", header], [2020.0, "QP077018", "x"]])], []) == []


def test_social_security_numbers_are_refused_even_without_a_header():
    grid = Grid("Feuille2", [["", ""], *[[7.0, number] for number in NUMBERS]], is_hidden=True)
    (finding,) = find_personal_data([grid], [])
    assert "3 cellules" in finding.message and finding.feuille == "Feuille2"
    assert not any(number in finding.sentence() for number in NUMBERS)


def test_social_security_numbers_are_known_with_spaces_and_as_numbers():
    spaced = [
        f"{number[0]} {number[1:3]} {number[3:5]} {number[5:7]} {number[7:10]} {number[10:13]} {number[13:]}"
        for number in NUMBERS
    ]
    assert find_personal_data([Grid("", [[text] for text in spaced])], [])
    assert find_personal_data([Grid("", [[float(number)] for number in NUMBERS[:2]])], [])


def test_other_fifteen_digit_identifiers_are_accepted():
    # keys shifted by one: wrong for every number
    wrong = [[number[:13] + f"{int(number[13:]) % 97 + 1:02d}"] for number in NUMBERS]
    assert find_personal_data([Grid("", wrong)], []) == []


def test_the_key_of_corsican_numbers():
    assert has_valid_key(NUMBERS[2])
    assert not has_valid_key(NUMBERS[2].replace("2A", "2B"))


def test_a_list_of_addresses_is_refused_but_not_one_contact():
    contact = [["Contact", "statistiques@exemple.fr"]]
    assert find_personal_data([Grid("", contact)], []) == []
    assert find_personal_data([Grid("", [["x", f"jeune{rank}@exemple.fr"] for rank in range(3)])], [])


def test_a_whole_file_with_one_nominative_column_blocks_and_is_not_kept(tmp_path):
    path = tmp_path / "mission_locale_2020.csv"
    path.write_text(f"{HEADER};Nom\n" + ROWS.replace("\n", ";Untel\n"), encoding="utf-8")
    delivery = read_delivery(path, load_catalogue())
    assert [finding.cellule for finding in delivery.blocking] == ["H1"]
    assert not delivery.conservable
    assert "Untel" not in repr(delivery.findings)


def test_the_same_file_without_it_is_accepted(tmp_path):
    path = tmp_path / "mission_locale_2020.csv"
    path.write_text(f"{HEADER}\n{ROWS}", encoding="utf-8")
    delivery = read_delivery(path, load_catalogue())
    assert delivery.blocking == [] and delivery.conservable
    assert len(delivery.faits) == 4
