"""Sums over all QPV: which areas, which pairs."""

from __future__ import annotations

from datetime import date

import pytest

from ozoir.catalogue.model import parse_cle
from ozoir.indicators.aggregates import areas_of, departement_of, paired_key, sum_over_qpv
from tests.indicators.territories import fact, facts


@pytest.mark.parametrize(
    "code, expected", [("QP077018", "77"), ("QP001001", "01"), ("QP02A001", "2A"), ("QP971001", "971"), ("QN07718M", "77")]
)
def test_the_departement_is_in_the_code(code, expected):
    assert departement_of(code) == expected


def test_areas_follow_the_contract_s_comparators(catalogue):
    areas = areas_of(catalogue, ["QP077018", "QP093001", "QP013001"])
    assert areas == {
        "QPV-77": ["QP077018"],
        "QPV-R11": ["QP077018", "QP093001"],
        "QPV-FR": ["QP077018", "QP093001", "QP013001"],
    }


def test_every_departement_of_france_has_one_region(catalogue):
    departements = [name for region in catalogue.regions.values() for name in region.departements]
    assert len(departements) == len(set(departements)) == 101


def test_withheld_values_are_counted_and_never_summed(catalogue):
    rows = [
        fact("defm_abc", "qpv", value, source="insee_pole_emploi", territoire=f"QP0770{rank:02}")
        for rank, value in enumerate((10, 20, None))
    ]
    (row,) = sum_over_qpv(facts(*rows), catalogue).query("territoire == 'QPV-77'").to_dict("records")
    assert (row["valeur"], row["qpv_publies"], row["qpv_non_diffuses"]) == (30, 2, 1)


def test_a_sum_that_nobody_published_has_no_value(catalogue):
    rows = [fact("defm_abc", "qpv", None, source="insee_pole_emploi")]
    (row,) = sum_over_qpv(facts(*rows), catalogue).query("territoire == 'QPV-77'").to_dict("records")
    assert row["statut"] == "non_diffuse" and row["valeur"] != row["valeur"]


def test_a_paired_key_names_the_other_and_its_date_when_it_differs():
    women, all_of_them = parse_cle("defm_abc; sexe=femmes"), parse_cle("defm_abc")
    same = paired_key(all_of_them, women, date(2020, 12, 31), date(2020, 12, 31))
    assert same.detail == "champ:defm_abc, sexe=femmes"
    assert paired_key(women, all_of_them, date(2020, 12, 31), date(2018, 1, 1)).detail == "champ:defm_abc, date=2018-01-01"
