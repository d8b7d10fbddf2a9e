"""Figures read by eye in the producers' files, against what the engine loads."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from ozoir.catalogue.loading import load_catalogue
from ozoir.ingestion.reading import read_delivery
from ozoir.paths import SHARED_DATA
from tests.ingestion.samples import one, value

pytestmark = pytest.mark.skipif(not SHARED_DATA.is_dir(), reason="fichiers réels absents (../shared/data)")

QUARTIER, COMMUNE = "QP077018", "77350"


@cache
def read(name: str, edition: str | None = None):
    """One of the real files."""
    return read_delivery(SHARED_DATA / name, load_catalogue(), edition=edition)


def the_date(delivery, mesure: str, **others) -> str:
    return str(one(delivery, mesure, QUARTIER, **others)["date_reference"])[:10]


def test_every_real_file_loads_without_a_blocking_finding():
    names = [str(path.relative_to(SHARED_DATA)) for path in sorted(SHARED_DATA.rglob("*")) if path.suffix in (".csv", ".xls")]
    assert len(names) == 20
    for name in names:
        delivery = read(name, "2022") if "rpls" in name else read(name)  # the very calls of the tests below: read once
        assert not delivery.blocking, (name, delivery.blocking)
        assert len(delivery.faits) > 30_000


def test_job_seekers_of_the_2021_edition_are_those_of_31_december_2020():
    ipro = read("insee_qpv/IPRO_2021.csv")
    assert value(ipro, "defm_abc", QUARTIER) == 194
    assert value(ipro, "defm_abc", QUARTIER, sexe="femmes") == 96
    assert value(ipro, "defm_abc", QUARTIER, sexe="hommes") == 98
    assert value(ipro, "defm_a", QUARTIER) == 134
    assert value(ipro, "defm_abc", QUARTIER, detail="diplome:bac") == 52
    assert the_date(ipro, "defm_abc") == "2020-12-31"


def test_a_fact_names_its_cell_and_header():
    fact = one(read("insee_qpv/IPRO_2021.csv"), "defm_abc", QUARTIER, sexe="femmes")
    assert (fact["ligne"], fact["colonne"], fact["entete"], fact["edition"], fact["source"]) == (
        954,
        17,
        "ABC_F",
        "2021",
        "insee_pole_emploi",
    )


def test_one_file_holds_several_dates():
    dates = read("insee_qpv/DEMO_2021.csv").dates
    assert [str(day) for day in dates["allocataires"]] == ["2019-12-31"]
    assert [str(day) for day in dates["populations"]] == ["2018-01-01"]
    assert [str(day) for day in dates["recensement"]] == ["2017-01-01"]


def test_caf_households_and_job_seekers_of_category_a_share_a_header_not_a_measure():
    assert value(read("insee_qpv/DEMO_2021.csv"), "caf_allocataires", QUARTIER) == 537
    assert value(read("insee_qpv/REVN_2021.csv"), "caf_allocataires", QUARTIER) == 537
    assert one(read("insee_qpv/IPRO_2021.csv"), "defm_a", QUARTIER)["entete"] == "A"


def test_the_population_of_the_commune_is_read_on_the_row_of_its_quartier():
    demo = read("insee_qpv/DEMO_2021.csv")
    assert value(demo, "population_municipale", QUARTIER) == 2016
    assert value(demo, "population_municipale", COMMUNE) == 20191
    assert value(demo, "population_municipale", COMMUNE) - value(demo, "population_municipale", QUARTIER) == 18175
    older = read("insee_qpv/DEMO_2017.csv")
    assert (value(older, "population_municipale", QUARTIER), value(older, "population_municipale", COMMUNE)) == (2034, 19917)


def test_both_dialects_of_one_edition_give_the_same_figures():
    resaved, official = read("insee_qpv/DEMO_2019.csv"), read("insee_qpv/data_DEMO_2019_V1_QP.csv")
    keys = ["mesure", "territoire", "zonage", "date_reference", "sexe", "age", "detail", "source"]

    def figures(delivery):
        return delivery.faits.set_index(keys)["valeur"].sort_index()

    left, right = figures(resaved), figures(official)
    assert len(left) == 39_006
    assert left.index.equals(right.index)
    assert ((left == right) | (left.isna() & right.isna())).all()


def test_no_thousand_is_lost_as_a_blank():
    demo = read("insee_qpv/DEMO_2021.csv").faits
    persons = demo[demo["mesure"] == "caf_personnes_couvertes"]
    assert (persons["valeur"] >= 1000).sum() > 800  # a comma-blind reader loses every one of them


def test_a_blank_is_withheld_by_its_producer():
    fact = one(read("insee_qpv/DEMO_2021.csv"), "part_population_age", QUARTIER, sexe="femmes", age="60_plus")
    assert fact["statut"] == "non_diffuse"
    assert fact["valeur"] != fact["valeur"]


def test_the_old_excel_census_is_read_with_its_codes_above_its_labels():
    census = read("insee_qpv/demographie_2010_qpv.xls")
    assert value(census, "part_menages_monoparentaux", QUARTIER) == 25.8
    assert value(census, "part_diplome", QUARTIER, detail="diplome:inf_bac") == 77.1
    fact = one(census, "part_menages_monoparentaux", QUARTIER)
    assert (fact["feuille"], fact["ligne"], str(fact["date_reference"])[:10]) == ("Quartiers", 957, "2010-01-01")


def test_social_dwellings_are_counted_and_their_vacancy_withheld():
    stock = read("insee_rpls/rpls_qpv.csv", "2022")
    assert value(stock, "logements_sociaux", QUARTIER) == 681
    assert one(stock, "taux_vacance", QUARTIER)["statut"] == "non_diffuse"
    assert value(stock, "taux_rotation", QUARTIER) == 4.6
    assert value(stock, "loyer_m2", QUARTIER, detail="quantile:mediane") == 4.57


def test_a_file_without_any_date_asks_for_it():
    delivery = read("insee_rpls/rpls_qpv.csv")
    assert "--millesime" in delivery.blocking[0].message
    assert delivery.faits.empty


def test_incomes_of_the_2021_edition_are_those_of_2017():
    incomes = read("insee_qpv/REVN_2021.csv")
    assert value(incomes, "revenu_disponible", QUARTIER, detail="quantile:mediane") == 16110
    assert value(incomes, "taux_pauvrete", QUARTIER) == 29.2
    assert the_date(incomes, "taux_pauvrete") == "2017-12-31"


def test_the_year_in_every_header_dates_filosofi_by_commune():
    communes = read("insee_filosofi/FILO2015_DISP_COM.csv")
    fact = one(communes, "revenu_disponible", COMMUNE, detail="quantile:mediane")
    assert (fact["valeur"], fact["entete"], str(fact["date_reference"])[:10]) == (25207.2, "Q215", "2015-12-31")
    assert "01001" in set(communes.faits["territoire"])


def test_caf_by_iris_names_its_commune():
    iris = read("caf_iris/data_CAF_2016_IRIS.csv")
    assert value(iris, "caf_allocataires", "773500101") == 720
    assert one(iris, "caf_allocataires", "773500303")["statut"] == "non_diffuse"
    place = iris.territoires.set_index("code").loc["773500101"]
    assert (place["zonage"], place["libelle"], place["commune"]) == ("iris", "La Doutre", COMMUNE)


def test_the_national_row_is_left_out_and_every_quartier_kept():
    ipro = read("insee_qpv/IPRO_2017.csv")
    assert set(ipro.faits["zonage"]) == {"QP2015"}
    assert ipro.faits["territoire"].nunique() == 1345


def test_a_quartier_over_two_communes_keeps_both_names():
    places = read("insee_qpv/DEMO_2021.csv").territoires
    assert "Champs-sur-Marne, Noisiel" in set(places["commune"])


def test_diplomas_one_short_of_their_total_are_only_noted():
    ipro = read("insee_qpv/IPRO_2021.csv")
    said = [finding for finding in ipro.findings if "diplôme" in finding.message]
    assert said
    assert {finding.gravite for finding in said} == {"information"}


def test_renamed_columns_carry_one_measure_over_the_years():
    for name in ("IPRO_2017", "IPRO_2021"):  # EPREC, then EDLIM
        assert one(read(f"insee_qpv/{name}.csv"), "part_emplois_duree_limitee", QUARTIER)["statut"] == "connu"


def test_national_files_are_read_within_the_time_of_a_click(tmp_path: Path):
    import time

    path = SHARED_DATA / "insee_qpv/IPRO_2021.csv"
    start = time.perf_counter()
    read_delivery(path, load_catalogue())
    assert time.perf_counter() - start < 3  # 0.16 s on a quiet machine; a dict per row would take many times that
