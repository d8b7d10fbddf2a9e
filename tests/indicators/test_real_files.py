"""The published files computed twice: by the project, and by a few lines of pandas that know nothing of it."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from ozoir.indicators.aggregates import published_only, sum_over_qpv, sum_pairs
from ozoir.indicators.audit import audit
from ozoir.indicators.results import NON_DIFFUSE
from tests.indicators.territories import publication_of

QUARTIER = "QP077018"
EDITIONS = (2017, 2018, 2019, 2020, 2021)

# indicator → (numerator column, denominator column or none) in IPRO, at 31/12 of the year before the edition
IPRO = {
    "defm_abc": ("ABC", ""),
    "defm_a": ("A", ""),
    "defm_abcde": ("ABCDE", ""),
    "part_femmes_defm": ("ABC_F", "ABC"),
    "part_jeunes_defm": ("ABC_25", "ABC"),
    "part_50_ans_plus_defm": ("ABC_50", "ABC"),
    "part_rsa_defm": ("ABC_RSA", "ABC"),
    "part_etrangers_defm": ("ABC_E", "ABC"),
    "part_non_diplomes_defm": ("ABC_INFCAPBEP", "ABC"),
    "part_diplomes_superieur_defm": ("ABC_SUPBAC", "ABC"),
    "part_longue_duree_defm": ("ABC_DUR4", "ABC"),
    "part_inscrits_recents_defm": ("ABC_DUR1", "ABC"),
}
# the same in DEMO, at 31/12 two years before the edition
DEMO = {
    "foyers_caf": ("A", ""),
    "personnes_couvertes_caf": ("PERCOU", ""),
    "enfants_caf": ("ENF", ""),
    "part_monoparents_caf": ("AM", "A"),
    "part_isoles_caf": ("AI", "A"),
    "part_familles_nombreuses_caf": ("AC3ENF", "A"),
}
DEMO_FILES = {2017: "DEMO_2017.csv", 2018: "DEMO_2018.csv", 2019: "DEMO_2019.csv", 2021: "DEMO_2021.csv"}


def read_raw(path) -> pd.DataFrame:
    """Text cells, indexed by code, as pandas reads them; the spaces of thousands removed."""
    table = pd.read_csv(path, sep=";", dtype=str, encoding="utf-8-sig", keep_default_na=False)
    table = table.rename(columns=str.strip)
    return table.set_index(table.columns[0])


def number(table: pd.DataFrame, code: str, column: str) -> float | None:
    text = table.at[code, column] if column in table.columns else ""
    text = text.replace("\u202f", "").replace("\u00a0", "").replace(" ", "").replace(",", ".")
    return float(text) if text else None


@pytest.fixture(scope="module")
def raw(shared_data):
    files = {("IPRO", year): shared_data / "insee_qpv" / f"IPRO_{year}.csv" for year in EDITIONS}
    files |= {("DEMO", year): shared_data / "insee_qpv" / name for year, name in DEMO_FILES.items()}
    return {key: read_raw(path) for key, path in files.items()}


@pytest.fixture(scope="module")
def national(shared_data, catalogue):
    """Every fact of the files, the latest edition of each."""
    from ozoir.ingestion.reading import receive

    names = [*(f"IPRO_{year}.csv" for year in EDITIONS), *DEMO_FILES.values()]
    tables = [receive(shared_data / "insee_qpv" / name, catalogue).faits.assign(fichier=name, import_id=1) for name in names]
    facts = pd.concat(tables, ignore_index=True)
    key = ["source", "mesure", "territoire", "zonage", "date_reference", "sexe", "age", "detail"]
    return facts.sort_values("edition").drop_duplicates(key, keep="last", ignore_index=True)


@pytest.fixture(scope="module")
def publication(national, catalogue):
    return publication_of(catalogue, national[national["territoire"].isin([QUARTIER, "77350"])])


def cases():
    for indicateur, columns in IPRO.items():
        yield from (("IPRO", edition, edition - 1, indicateur, *columns) for edition in EDITIONS)
    for indicateur, columns in DEMO.items():
        yield from (("DEMO", edition, edition - 2, indicateur, *columns) for edition in DEMO_FILES)


def test_two_computations_agree_on_every_indicator_and_year(publication, raw):
    differences, compared = [], 0
    for product, edition, year, indicateur, numerator, denominator in cases():
        points = {point.date_reference: point.qpv for point in publication.result(indicateur).total.points}
        table = raw[product, edition]
        n = number(table, QUARTIER, numerator)
        d = number(table, QUARTIER, denominator) if denominator else None
        if n is None or (denominator and d is None):
            continue
        expected = 100 * n / d if denominator else n
        found = points[date(year, 12, 31)].valeur
        compared += 1
        if abs(found - expected) > 1e-9:
            differences.append((indicateur, year, found, expected))
    assert differences == [] and compared > 70


def test_figures_known_by_heart(publication):
    points = {point.date_reference.year: point for point in publication.result("defm_abc", "sexe").series[1].points}
    assert points[2020].qpv.valeur == 96
    caf = {point.date_reference.year: point for point in publication.result("foyers_caf").total.points}
    assert caf[2019].qpv.valeur == 537
    population = {point.date_reference.year: point for point in publication.result("population").total.points}
    assert (population[2018].qpv.valeur, population[2018].commune.valeur, population[2018].reste.valeur) == (2016, 20191, 18175)


def test_a_blank_of_the_producer_stays_withheld(publication):
    points = {point.date_reference.year: point for point in publication.result("cui", "sexe").series[1].points}
    assert {point.qpv.statut for point in points.values()} == {NON_DIFFUSE}


def test_diplomas_one_short_of_the_total_are_a_note(publication):
    """2019: 39 + 59 + 60 + 39 = 197 for 198."""
    total, *parts = publication.result("defm_abc", "diplome").series
    year = date(2019, 12, 31)
    values = [next(point.qpv.valeur for point in serie.points if point.date_reference == year) for serie in (total, *parts)]
    assert values == [198, 39, 59, 60, 39]
    assert any("somme des modalités" in note for note in publication.result("defm_abc", "diplome").notes)


def test_nothing_published_by_a_producer_is_masked(publication):
    assert "masque" not in set(publication.faits()["statut"])
    assert audit(publication).disclosures == ()


def test_the_sum_over_the_qpv_of_the_departement(national, raw, catalogue):
    """ABC at 31/12/2020 added cell by cell; women are withheld for some QPV, and counted so."""
    table = raw["IPRO", 2021]
    codes = [code for code in table.index if code.startswith("QP077")]
    abc = [number(table, code, "ABC") for code in codes]
    women = [number(table, code, "ABC_F") for code in codes]
    facts = published_only(national[national["mesure"] == "defm_abc"], catalogue)
    sums = sum_over_qpv(facts[facts["date_reference"] == pd.Timestamp(2020, 12, 31)], catalogue)
    sums = sums[sums["territoire"] == "QPV-77"].set_index(["sexe", "age", "detail"])
    total, femmes = sums.loc[("ensemble", "ensemble", "")], sums.loc[("femmes", "ensemble", "")]
    assert total["valeur"] == sum(filter(None, abc)) and total["qpv_publies"] == sum(value is not None for value in abc)
    assert femmes["valeur"] == sum(filter(None, women))
    assert femmes["qpv_non_diffuses"] == sum(value is None for value in women) > 0


def test_a_rate_over_all_qpv_has_both_terms_from_the_same_qpv(national, raw, catalogue):
    table = raw["IPRO", 2021]
    codes = [code for code in table.index if code.startswith("QP077") and number(table, code, "ABC_F") is not None]
    expected = 100 * sum(number(table, code, "ABC_F") for code in codes) / sum(number(table, code, "ABC") for code in codes)
    facts = {"defm_abc": published_only(national[national["mesure"] == "defm_abc"], catalogue)}
    pairs = sum_pairs(facts, catalogue.indicateurs["part_femmes_defm"], catalogue).assign(import_id=1)
    own = national[national["territoire"] == QUARTIER]
    points = publication_of(catalogue, pd.concat([own, pairs], ignore_index=True)).result("part_femmes_defm").total.points
    (comparator,) = [item for item in points[-1].comparateurs if "Seine-et-Marne" in item.libelle]
    assert points[-1].date_reference == date(2020, 12, 31)
    assert abs(comparator.figure.valeur - expected) < 1e-9
    assert comparator.qpv_publies == len(codes)
