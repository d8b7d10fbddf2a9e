"""What is published for the quartier, computed twice and found again cell by cell in the producers' files."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from ozoir.ingestion.reading import read_delivery
from ozoir.paths import RAW
from tests.indicators.second_computation import SecondComputation, current
from tests.indicators.territories import QPV_CODE, publication_of
from tests.indicators.test_real_files import number, read_raw

# The next edition gives it as the year before's, in a column of another name (A_N1_T4).
RESTATED_ELSEWHERE = [("IPRO_2017.csv", "A_N_T4", 150.0)]
WORDS = re.compile(r"(CODGEO|LIBGEO|LIB_COM|NOTE_\w+)$")


@pytest.fixture(scope="module")
def shipped(catalogue) -> pd.DataFrame:
    """The published series of the quartier and of its commune, as shipped."""
    facts = read_delivery(RAW / "series_publiees.csv", catalogue).faits
    return facts.assign(import_id=1, fichier="series_publiees.csv", charge_le=pd.Timestamp(2024, 1, 1))


@pytest.fixture(scope="module")
def publication(catalogue, shipped):
    return publication_of(catalogue, shipped)


def test_two_computations_agree_on_every_indicator_year_and_breakdown(catalogue, shipped, publication):
    second = SecondComputation(current(shipped), catalogue)
    second.check(publication)
    assert second.differences == []
    assert second.compared["montré"] > 700


def test_the_second_computation_would_notice_one_wrong_figure(catalogue, shipped, publication):
    wrong = current(shipped)
    is_it = (wrong["mesure"] == "defm_abc") & (wrong["date_reference"] == pd.Timestamp(2020, 12, 31))
    is_it &= (wrong["territoire"] == QPV_CODE) & (wrong["sexe"] == "femmes") & (wrong["detail"] == "")
    assert is_it.sum() == 1
    wrong.loc[is_it, "valeur"] += 1
    second = SecondComputation(wrong, catalogue)
    second.check(publication)
    assert {difference[0] for difference in second.differences} >= {"defm_abc", "part_femmes_defm"}


def test_every_published_cell_of_the_quartier_is_a_fact(shared_data, shipped):
    """Each number on the quartier's row of the national files, from its own cell or as a later edition restates it."""
    own = shipped[(shipped["territoire"] == QPV_CODE) & shipped["valeur"].notna()]
    by_origin = {(row.origine, row.valeur) for row in own.itertuples()}
    by_column = {}
    for row in own.itertuples():
        by_column.setdefault(row.entete, []).append((row.edition, row.valeur))
    found, restated, lost = 0, 0, []
    for path in sorted((shared_data / "insee_qpv").glob("*.csv")):
        table = read_raw(path)
        edition = re.search(r"20\d\d", path.name)[0]
        for column in table.columns:
            if not column or WORDS.match(column) or not re.fullmatch(r"[-\d\s.,]+", table.at[QPV_CODE, column] or ""):
                continue
            value = number(table, QPV_CODE, column)
            if (f"{path.name} › {column}", value) in by_origin:
                found += 1
            elif any(other >= edition and value == known for other, known in by_column.get(column, ())):
                restated += 1
            else:
                lost.append((path.name, column, value))
    assert lost == RESTATED_ELSEWHERE
    assert found > 450 and restated < 60


def test_published_growth_is_that_of_the_published_stocks(shipped):
    """A producer which revises last year's stock publishes a growth that the two files do not give back: none does here."""
    own = shipped[shipped["territoire"] == QPV_CODE]
    values = {(row.mesure, row.sexe, row.age, row.detail, row.date_reference.year): row.valeur for row in own.itertuples()}
    compared = 0
    for (mesure, *key, year), growth in values.items():
        if mesure in ("evolution_defm_abc", "evolution_defm_a"):
            stock = mesure.removeprefix("evolution_")
            before, after = (values[(stock, *key, one)] for one in (year - 1, year))
            assert abs(growth - 100 * (after / before - 1)) <= 0.05
            compared += 1
    assert compared == 18
