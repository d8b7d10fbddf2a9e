"""The four partners' local extracts, in small hand-made files: every figure below is read off the rows written here."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl
import pytest
import xlwt

from ozoir.catalogue.loading import load_catalogue
from ozoir.catalogue.model import parse_cle
from ozoir.ingestion.delivery import BLOQUANT, Delivery
from ozoir.ingestion.reading import read_delivery
from ozoir.paths import ROOT

QUARTIER, COMMUNE = "QP077018", "77350"


def write_xlsx(path: Path, **sheets: list[list]) -> Path:
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    for name, rows in sheets.items():
        sheet = workbook.create_sheet(name)
        for row in rows:
            sheet.append(row)
    workbook.save(path)
    return path


def read(path: Path) -> Delivery:
    return read_delivery(path, load_catalogue())


def fact(delivery: Delivery, text: str, territoire: str):
    cle, faits = parse_cle(text), delivery.faits
    is_wanted = (faits.mesure == cle.mesure) & (faits.sexe == cle.sexe) & (faits.age == cle.age) & (faits.detail == cle.detail)
    found = faits[is_wanted & (faits.territoire == territoire)]
    assert len(found) == 1, f"{len(found)} facts for {text}, {territoire}"
    return found.iloc[0]


def value(delivery: Delivery, text: str, territoire: str) -> float:
    found = fact(delivery, text, territoire)
    assert found.statut == "connu"
    return found.valeur


# --- Pôle emploi

DEFM_HEADER = ["Date", "Code territoire", "Territoire", "Catégorie", "Sexe", "Tranche d’âge", "Ancienneté d’inscription"]
DEFM_HEADER += ["Niveau de formation", "RSA", "Nationalité", "Nombre"]
SUPPORT_HEADER = [
    "Date",
    "Code territoire",
    "Territoire",
    "Sexe",
    "Accompagnement renforcé",
    "Activ’Projet",
    "CUI",
    "CIE",
    "PEC",
]
SUPPORT_HEADER += ["Emplois d’avenir", "Aides à la mobilité", "Permis B"]


def defm_row(
    code: str,
    count,
    category="ABC",
    sexe="Total",
    age="Total",
    duree="Total",
    diplome="Total",
    rsa="Total",
    nationalite="Total",
):
    return [date(2020, 12, 31), code, "peu importe", category, sexe, age, duree, diplome, rsa, nationalite, count]


def pole_emploi_rows() -> tuple[list[list], list[list]]:
    defm = [
        ["Demandeurs d’emploi en fin de mois"],
        [],
        DEFM_HEADER,
        defm_row("QP077018", 203),
        defm_row("QP077018", 92, sexe="Femmes"),
        defm_row("QP077018", 111, sexe="Hommes"),
        defm_row("QP077018", 134, category="A"),
        defm_row("QP077018", 8, sexe="Femmes", age="Moins de 25 ans"),
        defm_row("QP077018", "n.c.", nationalite="Étrangers"),
        defm_row("QP077018", "37 (p)", rsa="Bénéficiaires du RSA"),
        defm_row("QP077018", 43, duree="24 mois et plus"),
        defm_row("QP077018", 47, diplome="Inférieur au CAP-BEP"),
        defm_row("77350", "1 308"),
        defm_row("77350", None, sexe="Femmes"),
        [],
        ["n.c. : non communiqué"],
    ]
    support = [
        ["Accompagnement et prescriptions"],
        SUPPORT_HEADER,
        ["31/12/2020", "QP077018", "QPV", "Total", 36, 15, 15, 6, 9, "///", 22, 7],
        ["31/12/2020", "77350", "Commune", "Total", 151, 79, 74, 26, 48, "///", 122, 35],
    ]
    return defm, support


@pytest.fixture
def pole_emploi(tmp_path) -> Delivery:
    defm, support = pole_emploi_rows()
    return read(write_xlsx(tmp_path / "pole_emploi_2020-12-31.xlsx", DEFM=defm, Accompagnement=support))


@pytest.mark.parametrize(
    ("cle", "territoire", "expected"),
    [
        ("defm_abc", QUARTIER, 203),
        ("defm_abc", COMMUNE, 1308),
        ("defm_abc; sexe=femmes", QUARTIER, 92),
        ("defm_abc; sexe=hommes", QUARTIER, 111),
        ("defm_a", QUARTIER, 134),
        ("defm_abc; sexe=femmes; age=moins_25", QUARTIER, 8),
        ("defm_abc; duree=24_mois_plus", QUARTIER, 43),
        ("defm_abc; diplome=inf_cap_bep", QUARTIER, 47),
        ("accompagnement_renforce", QUARTIER, 36),
        ("entrees_activ_projet", COMMUNE, 79),
        ("prescriptions_cui", QUARTIER, 15),
        ("prescriptions_cae", QUARTIER, 9),  # headed PEC since 2018
        ("prescriptions_aides_mobilite", QUARTIER, 22),
        ("prescriptions_permis_b", COMMUNE, 35),
    ],
)
def test_pole_emploi_figures(pole_emploi, cle, territoire, expected):
    assert pole_emploi.source == "pole_emploi" and pole_emploi.blocking == []
    assert value(pole_emploi, cle, territoire) == expected


def test_pole_emploi_withheld_provisional_missing_and_irrelevant_cells(pole_emploi):
    assert fact(pole_emploi, "defm_abc; nationalite=etrangers", QUARTIER).statut == "non_diffuse"
    provisional = fact(pole_emploi, "defm_abc; rsa=beneficiaires", QUARTIER)
    assert (provisional.statut, provisional.valeur) == ("provisoire", 37)
    assert fact(pole_emploi, "defm_abc; sexe=femmes", COMMUNE).statut == "manquant"
    assert fact(pole_emploi, "prescriptions_emplois_avenir", QUARTIER).statut == "sans_objet"


def test_pole_emploi_facts_know_their_cell_date_and_source(pole_emploi):
    total = fact(pole_emploi, "defm_abc", QUARTIER)
    assert (total.feuille, total.ligne, total.colonne, total.entete) == ("DEFM", 4, 11, "Nombre")
    assert (str(total.date_reference.date()), total.zonage, total.source) == ("2020-12-31", "QP2015", "pole_emploi")
    assert fact(pole_emploi, "accompagnement_renforce", QUARTIER).source == "pole_emploi"
    assert fact(pole_emploi, "prescriptions_permis_b", QUARTIER).source == "pole_emploi_prescriptions"


def test_a_new_age_band_is_said_and_its_row_left_out(tmp_path):
    defm, support = pole_emploi_rows()
    defm[7][5] = "Moins de 27 ans"
    delivery = read(write_xlsx(tmp_path / "pole_emploi_2020-12-31.xlsx", DEFM=defm, Accompagnement=support))
    (said,) = [finding for finding in delivery.findings if finding.cellule == "F8"]
    assert said.valeur == "Moins de 27 ans" and said.suggestion == "Moins de 25 ans"
    assert delivery.faits[(delivery.faits.age != "ensemble")].empty


def test_a_renamed_count_column_is_a_question(tmp_path):
    defm, _ = pole_emploi_rows()
    defm[2] = [*DEFM_HEADER[:-1], "Effectif"]
    delivery = read(write_xlsx(tmp_path / "pole_emploi_2020-12-31.xlsx", DEFM=defm))
    assert any("« Nombre »" in finding.message.replace("\u00a0", " ") for finding in delivery.blocking)
    assert delivery.faits.empty


# --- Caf

CAF_ROWS = [
    ["Allocataires de la Caf"],
    ["Quartier et commune, situation au 31/12/2019"],
    [],
    ["Indicateur", "QPV", "Commune"],
    ["Foyers allocataires", 541, 3399],
    ["Personnes couvertes", 1410, 9800],
    ["Allocataires isolés sans enfant", 193, 850],
    ["Familles monoparentales", 153, 760],
    ["Familles monoparentales dont le parent est une femme", 140, 690],
    ["Couples sans enfant", 25, 170],
    ["Couples avec enfant(s)", 170, 1619],
    ["Foyers percevant le RSA socle", 71, 268],
    ["Foyers percevant la prime d’activité", "///", "///"],
    ["Foyers percevant l’AAH", 3, 145],
    ["Enfants de moins de 3 ans", 85, "nc"],
    ["Montant versé en décembre (€)", 237225.5, 1489338],
    [],
    ["Champ : allocataires ayant un droit versable en décembre"],
]


@pytest.fixture
def caf(tmp_path) -> Delivery:
    workbook = xlwt.Workbook()
    sheet = workbook.add_sheet("Allocataires")
    for line, row in enumerate(CAF_ROWS):
        for column, cell in enumerate(row):
            sheet.write(line, column, cell)
    path = tmp_path / "allocataires Ozoir.xls"  # no date in the name: the title gives it
    workbook.save(str(path))
    return read(path)


@pytest.mark.parametrize(
    ("cle", "quartier", "commune"),
    [
        ("caf_allocataires", 541, 3399),
        ("caf_personnes_couvertes", 1410, 9800),
        ("caf_allocataires; famille=monoparents", 153, 760),
        ("caf_allocataires; famille=monoparents; sexe=femmes", 140, 690),
        ("caf_rsa_socle", 71, 268),
        ("caf_aah", 3, 145),
        ("caf_montant_prestations", 237225.5, 1489338),
    ],
)
def test_caf_figures(caf, cle, quartier, commune):
    assert caf.source == "caf" and caf.blocking == []
    assert value(caf, cle, QUARTIER) == quartier
    assert value(caf, cle, COMMUNE) == commune


def test_caf_date_marks_and_cells(caf):
    found = fact(caf, "caf_allocataires", COMMUNE)
    assert str(found.date_reference.date()) == "2019-12-31"
    assert (found.feuille, found.ligne, found.colonne) == ("Allocataires", 5, 3)
    assert fact(caf, "caf_prime_activite", QUARTIER).statut == "sans_objet"
    assert fact(caf, "caf_enfants; age=moins_3", COMMUNE).statut == "non_diffuse"


# --- Bailleur

DWELLING_HEADER = [
    "IDENT_INT",
    "RESIDENCE",
    "DEPCOM",
    "QPV",
    "NBPIECE",
    "SURFHAB",
    "MODE",
    "BAIL",
    "DATE_DEP_DERLOCAT",
    "LOYERPRINC",
]
DWELLING_HEADER += ["NB_OCCUPANTS", "IMPAYES_MONTANT", "IMPAYES_MOIS", "DPEENERGIE", "PMR"]


def dwelling(rank: int, qpv, pieces, mode, **cells) -> list:
    usual = {"RESIDENCE": "Les Tilleuls", "DEPCOM": "77350", "SURFHAB": 60, "DPEENERGIE": "D", "PMR": 2}
    if mode == "1":
        usual |= {"BAIL": "03/2015", "LOYERPRINC": 400, "NB_OCCUPANTS": pieces, "IMPAYES_MONTANT": 0, "IMPAYES_MOIS": 0}
    row = {**usual, "IDENT_INT": f"SECRET{rank}", "QPV": qpv, "NBPIECE": pieces, "MODE": mode, **cells}
    return [row.get(name) for name in DWELLING_HEADER]


@pytest.fixture
def logements(tmp_path) -> Delivery:
    """20 let flats of the quartier and 12 beyond it, then a few with something to say."""
    rows = [dwelling(rank, 1, 3, "1") for rank in range(20)]
    rows += [dwelling(rank, 2, 4, "1", LOYERPRINC=600) for rank in range(20, 32)]
    rows += [
        dwelling(32, 1, 4, "1", NB_OCCUPANTS=1, IMPAYES_MONTANT=1600, IMPAYES_MOIS=4, BAIL="05/2020", DPEENERGIE="F"),
        dwelling(33, 1, "T2", "1", NB_OCCUPANTS=4, LOYERPRINC="9999"),
        dwelling(34, 1, 3, "2", DATE_DEP_DERLOCAT="15/08/2020"),
        dwelling(35, 2, 3, "2", DATE_DEP_DERLOCAT="12/2020"),
        dwelling(36, 1, 5, "3", DPEENERGIE="NC"),
        dwelling(37, 1, 3, "9"),
        ["Total", None, None, None, None],
    ]
    path = tmp_path / "bailleur_logements_2020-12-31.xlsx"
    return read(write_xlsx(path, Logements=[["Situation au 31/12/2020"], [], DWELLING_HEADER, *rows]))


@pytest.mark.parametrize(
    ("cle", "quartier", "commune"),
    [
        ("logements_sociaux", 24, 37),  # 20 + 32, 33, 34, 36; beyond: 12 + 35
        ("logements_loues", 22, 34),
        ("logements_vacants", 1, 2),
        ("logements_vacants_3_mois", 1, 1),
        ("logements_vides", 1, 1),
        ("logements_proposes_location", 23, 36),
        ("emmenagements", 1, 1),
        ("departs", 1, 2),
        ("logements_loyer_connu", 21, 33),
        ("somme_loyers", 8400, 15600),  # 21 × 400, + 12 × 600
        ("loyer_moyen", 400, 15600 / 33),
        ("menages_taille_connue", 22, 34),
        ("menages_sous_occupation_lourde", 1, 1),  # one person in four rooms
        ("menages_sur_occupation_lourde", 1, 1),  # four persons in two rooms
        ("menages_impayes", 1, 1),
        ("menages_impayes_3_mois", 1, 1),
        ("logements_dpe_connu", 23, 36),
        ("logements_energivores", 1, 1),
        ("logements_sociaux; typologie=t3", 21, 22),
    ],
)
def test_dwellings_are_aggregated(logements, cle, quartier, commune):
    assert logements.source == "bailleur_logements" and logements.blocking == []
    assert value(logements, cle, QUARTIER) == pytest.approx(quartier)
    assert value(logements, cle, COMMUNE) == pytest.approx(commune)


def test_the_arrears_of_one_household_are_withheld(logements):
    assert fact(logements, "montant_impayes", QUARTIER).statut == "non_diffuse"


def test_a_file_of_dwellings_is_not_kept_and_leaves_no_identifier(logements):
    assert not logements.conservable
    left = logements.faits.to_csv() + repr(logements.findings) + repr(logements.lecture)
    assert "SECRET" not in left and "Tilleuls" not in left


def test_tenants_names_in_a_file_of_dwellings_are_refused(tmp_path):
    header = [*DWELLING_HEADER, "Nom du locataire"]
    rows = [[*dwelling(rank, 1, 3, "1"), "Untel"] for rank in range(20)]
    delivery = read(write_xlsx(tmp_path / "bailleur_logements_2020-12-31.xlsx", Logements=[header, *rows]))
    (finding,) = delivery.blocking
    assert "«\u00a0Nom du locataire\u00a0» désigne des personnes" in finding.message
    assert "Untel" not in repr(delivery.findings)


RESIDENCE_HEADER = [
    "Résidence",
    "QPV",
    "Logements",
    "Logements occupés",
    "Logements vacants",
    "Emménagements",
    "Demandes de mutation",
]


def test_only_the_totals_of_the_residences_are_loaded(tmp_path):
    rows = [
        ["Bilan par résidence, situation au 31/12/2020"],
        RESIDENCE_HEADER,
        ["Les Tilleuls", "oui", 124, 120, 4, 9, 11],
        ["Les Charmes", "oui", 118, 117, 1, 6, 9],
        ["Le Verger", "non", 58, 58, 0, 5, 3],
        ["Total QPV", "oui", 242, 237, 5, 15, 20],
        ["Total commune", None, 300, 295, 5, 20, 23],
    ]
    delivery = read(write_xlsx(tmp_path / "bilan.xlsx", Bilan=rows))
    assert delivery.source == "bailleur_residences" and delivery.blocking == [] and delivery.conservable
    assert len(delivery.faits) == 10
    assert value(delivery, "logements_sociaux", QUARTIER) == 242
    assert value(delivery, "logements_sociaux", COMMUNE) == 300
    assert value(delivery, "demandes_mutation", COMMUNE) == 23
    assert fact(delivery, "emmenagements", QUARTIER).ligne == 6


# --- Mission Locale

YOUTH_HEADER = (
    "Année;Code territoire;Territoire;Sexe;Tranche d’âge;Niveau de formation;"
    "Premiers accueils;Jeunes suivis;CIVIS;Garantie jeunes"
)
YOUTH_ROWS = [
    "2016;QP077018;QPV;Total;Total;Total;34;94;41;///",
    "2016;QP077018;QPV;Femmes;Total;Total;15;45;19;///",
    "2016;QP077018;QPV;Total;18-21 ans;Sans qualification;4;13;n.c.;///",
    "2016;77350;Commune;Total;Total;Total;149;416;168;///",
]


def write_youths(tmp_path: Path, *rows: str) -> Path:
    path = tmp_path / "mission_locale_2016.csv"
    path.write_bytes("\r\n".join(["Tableau annuel", YOUTH_HEADER, *rows]).encode("cp1252"))
    return path


def test_mission_locale_figures(tmp_path):
    delivery = read(write_youths(tmp_path, *YOUTH_ROWS))
    assert delivery.source == "mission_locale" and delivery.blocking == []
    assert value(delivery, "jeunes_suivis", QUARTIER) == 94
    assert value(delivery, "jeunes_suivis", COMMUNE) == 416
    assert value(delivery, "premiers_accueils; sexe=femmes", QUARTIER) == 15
    assert value(delivery, "entrees_pacea", COMMUNE) == 168  # headed CIVIS until 2016
    assert value(delivery, "jeunes_suivis; age=18_21; niveau=infra_3", QUARTIER) == 13
    assert fact(delivery, "entrees_pacea; age=18_21; niveau=infra_3", QUARTIER).statut == "non_diffuse"
    assert fact(delivery, "entrees_garantie_jeunes", QUARTIER).statut == "sans_objet"
    assert str(fact(delivery, "jeunes_suivis", QUARTIER).date_reference.date()) == "2016-12-31"


def test_one_row_per_young_person_is_refused(tmp_path):
    delivery = read(write_youths(tmp_path, *YOUTH_ROWS, "2016;QP077018;QPV;Femmes;Total;Total;1;1;0;///"))
    assert [finding.gravite for finding in delivery.blocking] == [BLOQUANT]
    assert "une ligne par personne" in delivery.blocking[0].message


def test_a_scheme_not_declared_is_said(tmp_path):
    path = tmp_path / "mission_locale_2016.csv"
    text = "\r\n".join([f"{YOUTH_HEADER};Emplois francs", *(f"{row};2" for row in YOUTH_ROWS)])
    path.write_bytes(text.encode("cp1252"))
    delivery = read(path)
    assert any("Emplois francs" in finding.sentence() for finding in delivery.findings)
    assert value(delivery, "jeunes_suivis", COMMUNE) == 416


# --- what the partners read


def documented_words(source) -> set[str]:
    """Every header and value a partner may write, as its layout declares them."""
    words: set[str] = set()
    for tableau in source.tableaux:
        words |= {*tableau.signature, *tableau.territoire.colonnes}
        words |= {text for text in tableau.territoire.valeurs if "*" not in text}
        for bloc in tableau.blocs:
            words |= set(bloc.anciens_noms) | (set() if tableau.logements else set(bloc.colonnes))
        for column in tableau.dimensions:
            words |= {column.colonne} | (set() if tableau.logements else set(column.valeurs))
        if tableau.logements:
            words |= {header for headers in tableau.logements.colonnes.values() for header in headers}
            words |= set(tableau.logements.codes["etat"])
    return words


@pytest.mark.parametrize("source", [source.id for source in load_catalogue().sources.values() if source.locale])
def test_every_word_of_a_layout_is_explained_to_its_partner(source):
    documentation = (ROOT / "docs" / "formats-partenaires.md").read_text("utf-8")
    missing = [word for word in documented_words(load_catalogue().sources[source]) if f"`{word}`" not in documentation]
    assert sorted(missing) == []
