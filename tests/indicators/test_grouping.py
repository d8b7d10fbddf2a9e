"""Categories grouped when they are too small, as the catalogue declares."""

from __future__ import annotations

from datetime import date

import pytest

from ozoir.catalogue.model import parse_cle
from ozoir.indicators.audit import audit
from ozoir.indicators.grouping import apply_groupings, declared_partition, find_groupings
from ozoir.indicators.results import MASQUE
from tests.indicators.territories import both, facts, publication_of

LEVELS = ("infra_3", "niveau_3", "niveau_4", "niveau_5_plus")
YEARS = tuple(date(year, 12, 31) for year in (2018, 2019, 2020))


def levels(name: str, quartier: tuple, commune: tuple, day: date) -> list[dict]:
    rows = both(name, sum(quartier), sum(commune), source="mission_locale", day=day)
    for level, inside, whole in zip(LEVELS, quartier, commune, strict=True):
        rows += both(f"{name}; niveau={level}", inside, whole, source="mission_locale", day=day)
    return rows


def small_levels(*quartiers: tuple) -> list[dict]:
    return [
        row
        for day, counts in zip(YEARS, quartiers, strict=True)
        for row in levels("entrees_emploi", counts, (40, 40, 40, 40), day)
    ]


def test_a_breakdown_masked_at_most_dates_is_shown_by_groups(catalogue):
    table = facts(*small_levels((6, 7, 8, 2), (6, 9, 3, 6), (6, 7, 8, 9)))
    result = publication_of(catalogue, table).result("taux_acces_emploi_jeunes", "niveau")
    assert [serie.modalite for serie in result.series] == ["", "infra_4", "niveau_4_plus"]
    count = publication_of(catalogue, table).result("premiers_accueils", "niveau")
    assert [serie.modalite for serie in count.series] == [""]
    assert any("regroupées" in note for note in result.notes)


def test_a_breakdown_masked_at_one_date_in_three_keeps_its_categories(catalogue):
    table = facts(*small_levels((6, 7, 8, 2), (6, 9, 7, 6), (6, 7, 8, 9)))
    assert find_groupings(table, catalogue).groups == {}
    result = publication_of(catalogue, table).result("taux_acces_emploi_jeunes", "niveau")
    assert [serie.modalite for serie in result.series] == ["", *LEVELS]
    assert result.series[1].points[0].qpv.statut == MASQUE


def test_groups_add_up_their_members(catalogue):
    table = facts(*small_levels((6, 7, 8, 2), (6, 9, 3, 6), (6, 7, 8, 9)))
    grouped = apply_groupings(table, find_groupings(table, catalogue))
    chosen = grouped[(grouped["territoire"] == "QP077018") & (grouped["date_reference"].dt.year == 2018)]
    assert dict(zip(chosen["detail"], chosen["valeur"], strict=True)) == {
        "": 23,
        "niveau:infra_4": 13,
        "niveau:niveau_4_plus": 10,
    }


def test_a_group_lacking_a_member_is_not_added_up(catalogue):
    rows = [row for row in small_levels((6, 7, 8, 2), (6, 9, 3, 6), (6, 7, 8, 9)) if "niveau_5_plus" not in row["detail"]]
    table = facts(*rows)
    grouped = apply_groupings(table, find_groupings(table, catalogue))
    assert "niveau:niveau_4_plus" not in set(grouped["detail"])


def test_a_denominator_with_all_its_categories_is_added_up_to_match(catalogue):
    table = facts(
        *small_levels((6, 7, 8, 2), (6, 9, 3, 6), (6, 7, 8, 9)),
        *(row for day in YEARS for row in levels("jeunes_suivis", (30, 30, 20, 20), (100, 100, 90, 90), day)),
    )
    result = publication_of(catalogue, table).result("taux_acces_emploi_jeunes", "niveau")
    low, high = (serie.points[0].qpv for serie in result.series[1:])
    assert (low.numerateur, low.denominateur) == (13, 60)
    assert (high.numerateur, high.denominateur) == (10, 40)


def test_what_is_grouped_is_no_longer_a_publishable_fact(catalogue):
    publication = publication_of(catalogue, facts(*small_levels((6, 7, 8, 2), (6, 9, 3, 6), (6, 7, 8, 9))))
    assert set(publication.faits().query("detail != ''")["statut"]) == {"masque"}
    assert audit(publication).disclosures == ()


def test_a_crossing_of_a_grouped_breakdown_is_not_shown(catalogue):
    table = facts(
        *small_levels((6, 7, 8, 2), (6, 9, 3, 6), (6, 7, 8, 9)),
        *both("entrees_emploi; sexe=femmes; niveau=niveau_4", 6, 20, source="mission_locale", day=YEARS[0]),
    )
    groupings = find_groupings(table, catalogue)
    assert groupings.shown_key("mission_locale", parse_cle("entrees_emploi; sexe=femmes; niveau=niveau_4")) is None
    assert "femmes" not in set(apply_groupings(table, groupings)["sexe"])


def test_measures_that_contain_one_another_keep_their_categories(catalogue):
    rows = [row for day in YEARS for row in both("defm_abc; age=moins_25", 3, 40, day=day)]
    assert find_groupings(facts(*rows), catalogue).groups == {}


@pytest.mark.parametrize(
    "dimension, family, expected",
    [
        ("niveau", LEVELS, ["infra_4", "infra_4", "niveau_4_plus", "niveau_4_plus"]),
        ("age", ("16_17", "18_21", "22_25"), ["16_21", "16_21", "22_25"]),
        ("age", ("moins_25", "25_49", "50_plus"), []),
    ],
)
def test_groups_lie_within_the_family_of_the_measure(catalogue, dimension, family, expected):
    assert list(declared_partition(catalogue, dimension, family).values()) == expected
