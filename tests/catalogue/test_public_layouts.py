"""Public products whose files are not in ../shared/data: their headers, as public code reads them, find their layout."""

from __future__ import annotations

from datetime import date

import pytest

from ozoir.catalogue.model import parse_cle
from ozoir.ingestion.delivery import INFORMATION
from ozoir.ingestion.reading import read_delivery

CAF_2020 = "CODGEO;NOTE;A;PERCOU;AI;AM;ACSSENF;ACAVENF;AC3ENF;ENF;A_ETUD;A_NETUD_24;AAL;AAPL;AAAH;APPA;ARSAS"
CAF_2020_ROW = "0;3381;11000;700;600;100;1981;400;6000;20;60;900;700;200;900;300"
DARES = (
    "Date;Code région;Région;Code département;Département;Code commune;Commune;Type de données;Catégorie;Sexe;"
    "Tranche d'âge;Nombre de demandeurs d'emploi"
)

# File name, header, row → source, key, territory, zoning, date, value.
CASES = [
    (
        "LOGT_2023_V2.csv",
        "codGeo;libGeo;nbLsPls;txLsRp;partResVac;partResPrincSurocc2pi;PartResPrincAch06_15",
        "QP077018;Anne Franck;681;98,5;1,4;12,3;3,1",
        ("insee_logt", "part_residences_suroccupees; typologie=t2", "QP077018", "QP2015", date(2019, 1, 1), 12.3),
    ),
    (
        "LOGT_2021.csv",
        "CodGeo;libGeo;nbLsPls;txLsRp;partResVac",
        "200023125;CC Les Portes Briardes;1 213;9,8;5,1",
        ("insee_logt", "logements_sociaux", "200023125", "epci", date(2019, 1, 1), 1213),
    ),
    (
        "EDUC_2022.csv",
        "CODGEO;LIBGEO;TX_NSNE_16A25;EFF_E6;RET_E6;EC_ELEM;EC_ELEM_PRI",
        "QP077018;Anne Franck;22,1;30;5;1;",
        ("insee_educ", "eleves_en_retard; classe=sixieme", "QP077018", "QP2015", date(2020, 9, 1), 5),
    ),
    (
        "DEFM2022.csv",
        "CODGEO;LIBGEO;ABCDE;ABC;ABC_F;ABC_H;A;ABC_DUR4",
        "QP077018;Anne Franck;233;214;104;110;146;52",
        ("insee_defm", "defm_abc; duree=24_mois_plus", "QP077018", "QP2015", date(2022, 12, 31), 52),
    ),
    (
        "REVN_2022.csv",
        "CODGEO;LIBGEO;PMIMP;DECUC_Q2;DISP_Q2;TP60;NOTE_FILO;C;C_C2SNP;C_C2SP;NOTE_CNAM;A;APPA;ARSAS;AAAH;NOTE_CNAF",
        "QP077018;Anne Franck;34;13540;16170;25,4;0;1983;228;60;0;520;214;74;41;0",
        ("insee_revn", "c2s_avec_participation", "QP077018", "QP2015", date(2021, 1, 1), 60),
    ),
    (
        "quartiers.csv",
        "codgeo;libgeo;disp_q1_a13;disp_q2_a13;disp_q3_a13",
        "QP077018;Anne Franck;11541;14814;18365",
        ("insee_filosofi_qpv", "revenu_disponible; quantile=mediane", "QP077018", "QP2015", date(2013, 12, 31), 14814),
    ),
    (
        "revenus.csv",
        "QP;LIBQP;DISP_TP6021;DISP_Q1_A21;DISP_MED_A21;DISP_Q3_A21;DISP_GI_A21",
        "QP077018;Anne Franck;29,0;12800;16960;21000;0,21",
        ("insee_filosofi_qpv", "taux_pauvrete", "QP077018", "QP2015", date(2021, 12, 31), 29.0),
    ),
    (
        "socio.csv",
        "qp;libqp;TP60_A13",
        "QP077018;Anne Franck;29,3",
        ("insee_filosofi_qpv", "taux_pauvrete", "QP077018", "QP2015", date(2013, 12, 31), 29.3),
    ),
    (
        "indic-revenu-declare-quartiers-2015.csv",
        "codgeo;libgeo;decuc_q1_a15;decuc_q2_a15;decuc_q3_a15",
        "QP077018;Anne Franck;8584;13166;18486",
        ("insee_filosofi_qpv", "revenu_declare; quantile=mediane", "QP077018", "QP2015", date(2015, 12, 31), 13166),
    ),
    (
        "FILO2021_DISP_PAUVRES_COM.csv",
        "CODGEO;LIBGEO;TP5021;TP6021;TP60Q221",
        "77350;Ozoir-la-Ferrière;4,5;8,4;11000",
        ("insee_filosofi_commune", "taux_pauvrete", "77350", "commune", date(2021, 12, 31), 8.4),
    ),
    (
        "BASE_TD_FILO_DISP_IRIS_2021.csv",
        "IRIS;LIBIRIS;COM;LIBCOM;DISP_TP6021;DISP_MED21;DISP_NOTE21",
        "773500402;Belle Croix;77350;Ozoir-la-Ferrière;ns;25100;0",
        ("insee_filosofi_iris", "revenu_disponible; quantile=mediane", "773500402", "iris", date(2021, 12, 31), 25100),
    ),
    (
        "data_CNAM2022_COM.csv",
        "CODGEO;LIBGEO;NOTE;C;C_C2SNP;C_C2SP;C_17_C2SNP",
        "77350;Ozoir-la-Ferrière;0;18000;1100;400;500",
        ("insee_cnam", "c2s_sans_participation; age=0_17", "77350", "commune", date(2022, 1, 1), 500),
    ),
    (
        "data_CAF_2020_COM.csv",
        CAF_2020,
        f"77350;{CAF_2020_ROW}",
        ("insee_caf", "caf_allocataires; famille=isoles", "77350", "commune", date(2020, 12, 31), 700),
    ),
    (
        "beneficiaires_CAF_31-12-2024_QP24.csv",
        CAF_2020,
        f"QN07718M;{CAF_2020_ROW}",
        ("insee_caf", "caf_apl", "QN07718M", "QP2024", date(2024, 12, 31), 700),
    ),
    (
        "s_ben_com_f.csv",
        "dtreffre;numcomdo;nomcom;indfoy_ndur;indnbp_ndur;indmtt_ndur;indfoy_rsa",
        "2024-12;77350;OZOIR LA FERRIERE;3400;11200;1500000;310",
        ("caf_open_commune", "caf_rsa_socle", "77350", "commune", date(2024, 12, 31), 310),
    ),
    (
        "toutes_prestations.csv",
        "Date référence;Numéro commune;Nom commune;Nombre foyers NDUR;Nombre foyers NDURPAJE;Nombre foyers PPA",
        "2023-12;77350;OZOIR LA FERRIERE;3400;500;950",
        ("caf_open_commune", "caf_prime_activite", "77350", "commune", date(2023, 12, 31), 950),
    ),
    (
        "dares_defm_communales-brutes.csv",
        DARES,
        "2015-T4;11;Île-de-France;77;Seine-et-Marne;77350;Ozoir-la-Ferrière;Brutes;ABC;Femmes;50 ans et plus;145",
        ("dares_defm", "defm_abc; sexe=femmes; age=50_plus", "77350", "commune", date(2015, 12, 31), 145),
    ),
    (
        "RPLS_01-01-2025_QPV_2024.csv",
        "CODGEO;Note;nbLsPls;txVac;txRot;txLs4p;tsLsPlsPli;moyLoy",
        "QN07718M;0;636;;4,6;41,6;;4,66",
        ("sdes_rpls", "loyer_m2; quantile=moyenne", "QN07718M", "QP2024", date(2025, 1, 1), 4.66),
    ),
    (
        "pop_legales_communales_qpv_2018.csv",
        "codeDepcom;popMuniQPV",
        "77350;2016",
        ("insee_population_qpv", "population_quartiers_des_communes", "77350", "commune", date(2018, 1, 1), 2016),
    ),
]


@pytest.mark.parametrize(("name", "header", "row", "expected"), CASES, ids=[case[0] for case in CASES])
def test_a_public_product_finds_its_layout_its_date_and_its_meaning(catalogue, tmp_path, name, header, row, expected):
    source, key, territory, zoning, day, value = expected
    (tmp_path / name).write_text(f"{header}\n{row}\n", encoding="utf-8")
    delivery = read_delivery(tmp_path / name, catalogue)
    assert delivery.source == source
    assert [finding.message for finding in delivery.findings if finding.gravite != INFORMATION] == []
    cle = parse_cle(key)
    facts = delivery.faits
    found = facts[
        (facts.mesure == cle.mesure) & (facts.sexe == cle.sexe) & (facts.age == cle.age) & (facts.detail == cle.detail)
    ]
    assert found[["territoire", "zonage", "valeur"]].values.tolist() == [[territory, zoning, value]]
    assert found.date_reference.iloc[0].date() == day


def test_a_mark_of_secrecy_is_withheld_and_never_zero(catalogue, tmp_path):
    path = tmp_path / "BASE_TD_FILO_DISP_IRIS_2021.csv"
    path.write_text("IRIS;LIBIRIS;COM;DISP_TP6021;DISP_MED21;DISP_GI21\n773500101;La Doutre;77350;ns;nd;so\n", encoding="utf-8")
    facts = read_delivery(path, catalogue).faits
    assert facts.valeur.isna().all()
    assert dict(zip(facts.mesure, facts.statut, strict=True)) == {
        "taux_pauvrete": "non_diffuse",
        "revenu_disponible": "non_diffuse",
        "indice_gini_disponible": "sans_objet",
    }


def test_rows_of_france_as_a_whole_are_left_out(catalogue, tmp_path):
    path = tmp_path / "IPRO_2017.csv"
    header = "CODGEO;LIBGEO;TX_TOT_EMPL;TX_F_EMPL;ABCDE;ABC;ABC_F;ABC_H"
    rows = "Ensemble;Ensemble des QPV;47,4;42,2;851 200;768 500;348 600;419 900\nQP077018;Anne Franck;53,7;51;254;232;122;110\n"
    path.write_text(f"{header}\n{rows}", encoding="utf-8")
    delivery = read_delivery(path, catalogue)
    assert set(delivery.faits.territoire) == {"QP077018"}
    assert [finding.message for finding in delivery.findings if finding.gravite != INFORMATION] == []


def test_the_commune_population_on_the_quartier_row_becomes_a_fact_of_the_commune(catalogue, shared_data):
    facts = read_delivery(shared_data / "insee_qpv" / "DEMO_2021.csv", catalogue).faits
    people = facts[(facts.mesure == "population_municipale") & facts.territoire.isin(["QP077018", "77350"])]
    assert dict(zip(people.territoire, people.valeur, strict=True)) == {"QP077018": 2016, "77350": 20191}


def test_an_error_cell_of_the_rpls_is_missing_and_never_a_rent(catalogue, shared_data):
    path = shared_data / "insee_rpls" / "rpls_iris.csv"
    facts = read_delivery(path, catalogue, millesimes={"parc social": "2022-01-01"}).faits
    rent = facts[(facts.territoire == "141182001") & (facts.mesure == "loyer_m2") & (facts.detail == "quantile:moyenne")]
    assert rent.statut.tolist() == ["manquant"]
    assert rent.valeur.isna().all()
