"""Every declaration of the catalogue: read, counted, consistent with the others and with the real files."""

from __future__ import annotations

import csv
import re
from collections import Counter
from datetime import date

import pytest

from ozoir.catalogue.loading import Catalogue
from ozoir.catalogue.model import Bloc, Cle, Source, Tableau, parse_cle
from ozoir.ingestion.headers import normalise, year_variants
from ozoir.ingestion.vintages import find_period, find_reference_date

ASCII_ID = re.compile(r"[a-z0-9_]+")
BAD_TYPOGRAPHY = re.compile(r"'|(?<![\u202f\u00a0])[;!?%€](?=[\s.,)]|$)|[ \w] :|« | »|\d \d{3}\b|\.\.\.")

# Real file → the layout that reads it. The recognition itself is tested with the ingestion engine.
REAL_FILES = {
    "insee_qpv/IPRO_2017.csv": "insee_ipro",
    "insee_qpv/IPRO_2018.csv": "insee_ipro",
    "insee_qpv/IPRO_2019.csv": "insee_ipro",
    "insee_qpv/IPRO_2020.csv": "insee_ipro",
    "insee_qpv/IPRO_2021.csv": "insee_ipro",
    "insee_qpv/DEMO_2017.csv": "insee_demo",
    "insee_qpv/DEMO_2018.csv": "insee_demo",
    "insee_qpv/DEMO_2019.csv": "insee_demo",
    "insee_qpv/DEMO_2021.csv": "insee_demo",
    "insee_qpv/data_DEMO_2019_V1_QP.csv": "insee_demo",
    "insee_qpv/data_DEMO_2020_V1_QP.csv": "insee_demo",
    "insee_qpv/REVN_2017.csv": "insee_revn",
    "insee_qpv/REVN_2018.csv": "insee_revn",
    "insee_qpv/REVN_2019.csv": "insee_revn",
    "insee_qpv/REVN_2021.csv": "insee_revn",
    "insee_rpls/rpls_qpv.csv": "sdes_rpls",
    "insee_rpls/rpls_iris.csv": "sdes_rpls",
    "insee_filosofi/FILO2015_DISP_COM.csv": "insee_filosofi_commune",
    "caf_iris/data_CAF_2016_IRIS.csv": "insee_caf",
}
RP2010 = "insee_qpv/demographie_2010_qpv.xls"

# Columns of editions that are not in ../shared/data, seen in public code which reads them.
OTHER_EDITIONS = {
    "insee_revn": ["C_C2SNP", "C_C2SP", "NOTE_FILO"],
    "insee_demo": ["NOTE_RP"],
    "insee_logt": ["codGeo", "libGeo", "nbLsPls", "txLsRp", "partResVac", "partMenLogGrat", "nbPersResPrinc",
                   "partResPrincSurocc", "partResPrincSurocc5pi", "partResPrincAch19", "PartResPrincAch06_15", "txLs4pp",
                   "tsLsPlsPli", "moyLoy"],
    "insee_educ": ["TX_NSNE_16A25", "EFF_E6", "RET_E6", "EFF_E3", "RET_E3", "EFF_E0_GT", "RET_E0_GT", "EFF_E0_PRO",
                   "RET_E0_PRO", "EC_MAT", "EC_ELEM", "EC_ELEM_PRI", "COLL", "COLL_PRI"],
    "insee_teco": ["NBETAB", "ENS_SANTE", "SERV_PAR", "SERV_TOT", "AUTO_ENT", "TX_INDUS", "TX_CONSTR", "TX_COM_TRANSP",
                   "TX_COM_GROS", "TX_COM_DETAIL", "TX_SERV_ENT", "TX_SERV_PAR"],
    "insee_filosofi_qpv": ["disp_q2_a13", "TP60_A13", "DISP_MED_A18", "DISP_TP6021", "DISP_GI_A21", "DISP_S80S2_A21",
                           "DISP_TP60_A21", "DISP_PPSOC_A21", "DISP_D1_A21", "DISP_RD_A21", "decuc_q2_a15", "DEC_MED_A20"],
    "insee_filosofi_commune": ["PTSAC14", "S80S2019", "TP6021", "NBMENFISC21", "MED21", "TP60AGE621", "TP60TOL221", "PIMP21"],
    "insee_filosofi_iris": ["IRIS", "LIBIRIS", "COM", "LIBCOM", "DISP_TP6019", "DISP_Q119", "DISP_MED19", "DISP_NOTE19"],
    "insee_cnam": ["C", "C_C2SNP", "C_C2SP", "C_17_C2SNP", "C_60_C2SNP"],
    "caf_open_commune": ["dtreffre", "numcomdo", "nomcom", "indfoy_ndur", "indnbp_ndur", "indmtt_ndur", "indfoy_rsa",
                         "indfoy_ppa", "indfoy_ndural", "Nombre foyers NDURPAJE", "Nombre foyers RSA"],
    "dares_defm": ["Date", "Code région", "Région", "Code département", "Département", "Code commune", "Commune",
                   "Type de données", "Catégorie", "Sexe", "Tranche d'âge", "Nombre de demandeurs d'emploi"],
}  # fmt: skip

# What the tool must observe (LAYOUTS §2): a word of the theme → measures at least one indicator must rest on.
THEMES = {
    "DEFM by category": {"defm_a", "defm_b", "defm_c", "defm_ab", "defm_abc", "defm_abcde"},
    "aided contracts": {"contrats_aides", "cui", "emplois_avenir", "prescriptions_cie", "prescriptions_cae"},
    "CAF": {"caf_allocataires", "caf_personnes_couvertes", "caf_enfants", "caf_rsa_socle", "caf_prime_activite", "caf_aah"},
    "dependence on benefits": {"caf_dependance_50", "caf_dependance_100", "caf_bas_revenus"},
    "population": {"population_municipale", "indice_jeunesse", "part_population_age", "part_menages_1_personne"},
    "incomes": {"revenu_disponible", "revenu_declare", "taux_pauvrete", "taux_bas_revenus_declares"},
    "housing stock": {"logements_sociaux", "logements_vacants", "emmenagements", "loyer_m2", "loyer_moyen"},
    "occupation": {"menages_sur_occupation", "menages_sous_occupation_lourde", "menages_impayes"},
    "tenure": {"residences_principales"},
    "Mission Locale": {"premiers_accueils", "jeunes_suivis", "entrees_pacea", "entrees_garantie_jeunes", "entrees_cej",
                       "entrees_emplois_avenir", "entrees_service_civique", "entrees_formation", "entrees_emploi"},
    "health": {"c2s", "c2s_sans_participation", "assures_maladie", "cmu_c"},
    "education": {"eleves_en_retard", "eleves"},
}  # fmt: skip


def header_of(path) -> list[str]:
    """The headers of a real text file, ghost columns left out."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        line = file.readline()
        delimiter = ";" if ";" in line else ","
        return [name for name in next(csv.reader([line], delimiter=delimiter)) if name.strip()]


def known_headers(tableau: Tableau) -> set[str]:
    """Everything a table declares about its headers, normalised."""
    rules = tableau.territoire
    names = [*rules.colonnes, *rules.libelles, *rules.communes, *tableau.notes, *tableau.ignorees, tableau.date]
    names += [dimension.colonne for dimension in tableau.dimensions]
    for bloc in tableau.blocs:
        names += [*bloc.colonnes, *bloc.anciens_noms, bloc.note]
    return {normalise(name) for name in names}


def is_known(header: str, known: set[str]) -> bool:
    return normalise(header) in known or any(template in known for template, _ in year_variants(normalise(header)))


def delivered_keys(catalogue: Catalogue) -> dict[str, set[Cle]]:
    """Statistical source → every key some column, alone or with the table's breakdowns, can deliver."""
    found: dict[str, set[Cle]] = {}
    for source in catalogue.sources.values():
        for tableau in source.tableaux:
            for bloc in tableau.blocs:
                for text in bloc.colonnes.values():
                    found.setdefault(bloc.source, set()).update(with_breakdowns(parse_cle(text), tableau))
    return found


def with_breakdowns(cle: Cle, tableau: Tableau) -> set[Cle]:
    """The key, and the keys that one dimension column or two can make of it."""
    measures = {cle}
    for column in tableau.dimensions:
        if column.dimension == "mesure":
            measures = {parse_cle(value) for value in column.valeurs.values()}
    keys = set(measures)
    for column in tableau.dimensions:
        if column.dimension != "mesure":
            modalities = set(column.valeurs.values()) - {"ensemble"}
            keys |= {key.with_modality(column.dimension, modality) for key in keys for modality in modalities}
    return keys


def day_of(
    catalogue: Catalogue, source: str, bloc: str, name: str, titles: tuple[str, ...] = (), years: str = ""
) -> date | None:
    """The reference date of a block of a file of that name, by the rules of the catalogue."""
    declared: Source = catalogue.sources[source]
    found: Bloc = next(one for tableau in declared.tableaux for one in tableau.blocs if one.nom == bloc)
    period = find_period(declared, name, titles, None)
    return find_reference_date(found, period, frozenset(years.split()), {})[0]


def test_every_declaration_loads_and_is_counted(catalogue):
    assert len(catalogue.indicateurs) >= 60
    assert len(catalogue.sources) >= 20
    assert len(catalogue.mesures) >= 100
    by_pillar = Counter(indicateur.pilier for indicateur in catalogue.indicateurs.values())
    assert min(by_pillar[pilier.id] for pilier in catalogue.contrat.piliers) >= 20
    assert 5 <= sum(indicateur.principal for indicateur in catalogue.indicateurs.values()) <= 8


@pytest.mark.parametrize("theme", THEMES)
def test_every_theme_has_its_indicators(catalogue, theme):
    used = {cle.mesure for one in catalogue.indicateurs.values() for cle in (one.cle_numerateur, one.cle_denominateur) if cle}
    assert not THEMES[theme] - used


def test_job_seekers_break_down_by_every_published_dimension(catalogue):
    wanted = {"sexe", "age", "rsa", "diplome", "duree", "nationalite", "qualification"}
    assert set(catalogue.indicateurs["defm_abc"].decoupages) == wanted


def test_identifiers_are_ascii(catalogue):
    names = [*catalogue.indicateurs, *catalogue.mesures, *catalogue.sources, *catalogue.statistiques, *catalogue.dimensions]
    names += [modality for dimension in catalogue.dimensions.values() for modality in dimension.modalites]
    assert [name for name in names if not ASCII_ID.fullmatch(name)] == []


def test_words_follow_french_typography(catalogue):
    words = [
        *(text for one in catalogue.indicateurs.values() for text in (one.titre, one.definition, one.champ, one.theme)),
        *(text for one in catalogue.indicateurs.values() for text in (*one.precautions, *(r.texte for r in one.ruptures))),
        *(text for one in catalogue.mesures.values() for text in (one.titre, one.definition)),
        *(text for one in catalogue.sources.values() for text in (one.titre, one.description, one.demande)),
        *(text for one in catalogue.statistiques.values() for text in (one.titre, one.producteur, one.precaution)),
        *(text for one in catalogue.dimensions.values() for text in (one.titre, *one.modalites.values())),
    ]
    assert [text for text in words if BAD_TYPOGRAPHY.search(text)] == []


def test_typography_check_sees_what_it_must():
    wrong = ["l'emploi", "50 %", "Quoi ?", "Source : Insee", "« mot »", "1 744 habitants", "etc..."]
    right = ["l’emploi", "50\u202f%", "Quoi\u202f?", "Source\u00a0: Insee", "«\u00a0mot\u00a0»", "1\u202f744 habitants"]
    assert all(BAD_TYPOGRAPHY.search(text) for text in wrong)
    assert not any(BAD_TYPOGRAPHY.search(text) for text in right)


def test_words_of_an_indicator_are_complete_sentences(catalogue):
    for indicateur in catalogue.indicateurs.values():
        assert indicateur.definition.endswith("."), indicateur.id
        assert indicateur.champ and indicateur.theme and indicateur.objectifs, indicateur.id
        assert all(text.endswith((".", "!")) for text in indicateur.precautions), indicateur.id


def test_each_source_of_an_indicator_can_deliver_it(catalogue):
    delivered = delivered_keys(catalogue)
    orphans = [
        f"{one.id} ← {source}"
        for one in catalogue.indicateurs.values()
        for source in one.sources
        if one.cle_numerateur not in delivered.get(source, set())
    ]
    assert orphans == []


def test_each_denominator_can_be_delivered_by_the_source_it_is_taken_from(catalogue):
    delivered = delivered_keys(catalogue)
    orphans = [
        f"{one.id} ← {source}"
        for one in catalogue.indicateurs.values()
        if one.cle_denominateur
        for source in ([one.source_denominateur] if one.source_denominateur else one.sources)
        if one.cle_denominateur not in delivered.get(source, set())
    ]
    assert orphans == []


def test_each_breakdown_offered_is_delivered_by_a_source(catalogue):
    delivered = delivered_keys(catalogue)
    orphans = []
    for one in catalogue.indicateurs.values():
        keys = set().union(*(delivered.get(source, set()) for source in one.sources))
        for dimension in one.decoupages:
            modalities = catalogue.dimensions[dimension].modalites
            if not any(one.cle_numerateur.with_modality(dimension, modality) in keys for modality in modalities):
                orphans.append(f"{one.id} × {dimension}")
    assert orphans == []


def test_natures_fit_the_measures(catalogue):
    for one in catalogue.indicateurs.values():
        nature = catalogue.mesures[one.cle_numerateur.mesure].nature
        assert (nature == "effectif") == (one.nature in ("effectif", "taux")), one.id
        assert (one.nature == "taux") == bool(one.denominateur), one.id


@pytest.mark.parametrize("name", REAL_FILES)
def test_every_column_of_a_real_file_is_accounted_for(catalogue, shared_data, name):
    headers = header_of(shared_data / name)
    source = catalogue.sources[REAL_FILES[name]]
    unknown = [[header for header in headers if not is_known(header, known_headers(tableau))] for tableau in source.tableaux]
    assert min(unknown, key=len) == []


@pytest.mark.parametrize("name", REAL_FILES)
def test_the_signature_of_its_layout_stands_in_a_real_file(catalogue, shared_data, name):
    headers = {normalise(header) for header in header_of(shared_data / name)}
    seen = headers | {template for header in headers for template, _ in year_variants(header)}
    tableaux = catalogue.sources[REAL_FILES[name]].tableaux
    assert any({normalise(one) for one in tableau.signature} <= seen for tableau in tableaux)


@pytest.mark.parametrize(("sheet", "count"), [("Quartiers", 65), ("Regions", 62)])
def test_every_column_of_the_2010_census_workbook_is_accounted_for(catalogue, shared_data, sheet, count):
    from python_calamine import CalamineWorkbook

    rows = CalamineWorkbook.from_path(shared_data / RP2010).get_sheet_by_name(sheet).to_python()
    headers = [code or label for code, label in zip(rows[5], rows[6], strict=True)]
    tableau = next(one for one in catalogue.sources["insee_rp2010"].tableaux if one.feuilles == (sheet,))
    assert len(headers) == count
    assert [header for header in headers if not is_known(header, known_headers(tableau))] == []


@pytest.mark.parametrize("source", OTHER_EDITIONS)
def test_columns_of_the_other_known_editions_are_accounted_for(catalogue, source):
    known = set().union(*(known_headers(tableau) for tableau in catalogue.sources[source].tableaux))
    assert [header for header in OTHER_EDITIONS[source] if not is_known(header, known)] == []


def test_column_a_is_category_a_in_ipro_and_caf_households_elsewhere(catalogue):
    meaning = {
        source: {
            bloc.colonnes["A"]
            for tableau in catalogue.sources[source].tableaux
            for bloc in tableau.blocs
            if "A" in bloc.colonnes
        }
        for source in ("insee_ipro", "insee_defm", "insee_demo", "insee_revn", "insee_caf")
    }
    assert meaning == {
        "insee_ipro": {"defm_a"},
        "insee_defm": {"defm_a"},
        "insee_demo": {"caf_allocataires"},
        "insee_revn": {"caf_allocataires"},
        "insee_caf": {"caf_allocataires"},
    }


# By hand, from LAYOUTS §3 and from the files' own names.
VINTAGES = [
    ("insee_ipro", "demandeurs d’emploi", "IPRO_2021.csv", date(2020, 12, 31)),
    ("insee_ipro", "demandeurs d’emploi, année précédente", "IPRO_2017.csv", date(2015, 12, 31)),
    ("insee_ipro", "contrats aidés", "IPRO_2018.csv", date(2017, 12, 31)),
    ("insee_ipro", "recensement", "IPRO_2017.csv", date(2010, 1, 1)),
    ("insee_ipro", "recensement", "IPRO_2018.csv", date(2010, 1, 1)),
    ("insee_ipro", "recensement", "IPRO_2019.csv", date(2015, 1, 1)),
    ("insee_ipro", "recensement", "IPRO_2022.csv", date(2018, 1, 1)),
    ("insee_demo", "allocataires", "DEMO_2021.csv", date(2019, 12, 31)),
    ("insee_demo", "allocataires", "data_DEMO_2020_V1_QP.csv", date(2018, 12, 31)),
    ("insee_demo", "populations", "DEMO_2020.csv", date(2013, 1, 1)),
    ("insee_demo", "populations", "DEMO_2021.csv", date(2018, 1, 1)),
    ("insee_demo", "population de la commune", "DEMO_2022.csv", date(2018, 1, 1)),
    ("insee_revn", "revenus disponibles", "REVN_2017.csv", date(2013, 12, 31)),
    ("insee_revn", "revenus déclarés", "REVN_2021.csv", date(2017, 12, 31)),
    ("insee_revn", "allocataires", "REVN_2018.csv", date(2016, 12, 31)),
    ("insee_revn", "assurance maladie", "REVN_2021.csv", date(2020, 1, 1)),
    ("insee_logt", "parc social", "LOGT_2023_V2.xlsx", date(2021, 1, 1)),
    ("insee_logt", "recensement", "LOGT_2023_V2.xlsx", date(2019, 1, 1)),
    ("insee_educ", "élèves", "EDUC_2017.csv", date(2015, 9, 1)),
    ("insee_educ", "élèves", "EDUC_2022.csv", date(2020, 9, 1)),
    ("insee_defm", "demandeurs d’emploi", "DEFM2016.csv", date(2016, 12, 31)),
    ("insee_caf", "allocataires", "data_CAF_2016_IRIS.csv", date(2016, 12, 31)),
    ("insee_caf", "allocataires", "beneficiaires_CAF_31-12-2024_QP24.csv", date(2024, 12, 31)),
    ("insee_cnam", "assurance maladie", "data_CNAM2022_COM.csv", date(2022, 1, 1)),
    ("sdes_rpls", "parc social", "RPLS_01-01-2021_QPV.csv", date(2021, 1, 1)),
    ("insee_rp2010", "recensement", "demographie_2010_qpv.xls", date(2010, 1, 1)),
    ("insee_population_qpv", "populations", "pop_legales_communales_qpv_2018.xlsx", date(2018, 1, 1)),
]


@pytest.mark.parametrize(("source", "bloc", "name", "expected"), VINTAGES)
def test_each_block_speaks_of_its_own_date(catalogue, source, bloc, name, expected):
    assert day_of(catalogue, source, bloc, name) == expected


def test_the_year_in_the_headers_dates_the_commune_incomes(catalogue):
    assert day_of(catalogue, "insee_filosofi_commune", "revenus disponibles", "FILO2015_DISP_COM.csv", years="15") == date(
        2015, 12, 31
    )


@pytest.mark.parametrize(
    ("source", "bloc", "name"),
    [
        ("sdes_rpls", "parc social", "rpls_qpv.csv"),
        ("insee_teco", "établissements", "TECO_2021.csv"),
        ("insee_demo", "populations", "DEMO_2024.csv"),
        ("insee_ipro", "demandeurs d’emploi", "insertion.csv"),
    ],
)
def test_a_date_that_nothing_proves_is_asked_for(catalogue, source, bloc, name):
    assert day_of(catalogue, source, bloc, name) is None


def test_renamed_columns_lead_to_columns_that_exist(catalogue):
    for source in catalogue.sources.values():
        for tableau in source.tableaux:
            for bloc in tableau.blocs:
                assert set(bloc.anciens_noms.values()) <= set(bloc.colonnes), f"{source.id}, {bloc.nom}"


def test_published_sources_are_not_masked_again_and_local_ones_are(catalogue):
    for source in catalogue.sources.values():
        assert source.locale != source.protegee, source.id
        for tableau in source.tableaux:
            for bloc in tableau.blocs:
                assert catalogue.statistiques[bloc.source].protegee == source.protegee, f"{source.id}, {bloc.nom}"


def test_the_territory_holds_both_zonings_and_its_nine_iris(catalogue):
    territoire = catalogue.territoire
    assert territoire.codes_quartier == ("QP077018", "QN07718M")
    assert territoire.zonages[0].fin < territoire.zonages[1].debut
    assert len(territoire.iris) == 9
    assert all(code.startswith(territoire.code_commune) for code in territoire.iris)
    assert set(territoire.t0) <= set(catalogue.statistiques)
