"""What must hold whatever the figures: order of facts, scale, complement, names of the sexes."""

from __future__ import annotations

import pytest

from ozoir.indicators.tables import result_rows
from tests.indicators.territories import publication_of, random_territory

ASKED = [
    ("defm_abc", ""),
    ("defm_abc", "sexe"),
    ("defm_abc", "age"),
    ("defm_a", "sexe"),
    ("defm_abcde", ""),
    ("part_femmes_defm", ""),
    ("part_femmes_defm", "age"),
    ("part_jeunes_defm", "sexe"),
]
SEEDS = range(12)
PUBLISHED = "insee_pole_emploi"  # its producer has masked it: every figure is shown here


def answers(catalogue, table) -> list[dict]:
    publication = publication_of(catalogue, table)
    return [row for name, decoupage in ASKED for row in result_rows(publication.result(name, decoupage))]


def published(seed: int):
    return random_territory(seed).assign(source=PUBLISHED)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_order_of_facts_changes_nothing(catalogue, seed):
    table = random_territory(seed)
    shuffled = table.sample(frac=1, random_state=seed).reset_index(drop=True)
    assert answers(catalogue, shuffled) == answers(catalogue, table)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_quartier_and_the_rest_make_the_commune_to_the_unit(catalogue, seed):
    for table in (random_territory(seed), published(seed)):
        publication = publication_of(catalogue, table)
        for name, decoupage in ASKED:
            for serie in publication.result(name, decoupage).series:
                for point in serie.points:
                    figures = (point.qpv, point.reste, point.commune)
                    if publication.catalogue.indicateurs[name].nature == "effectif" and all(one.is_shown for one in figures):
                        assert point.qpv.valeur + point.reste.valeur == point.commune.valeur


@pytest.mark.parametrize("factor", [2, 7])
@pytest.mark.parametrize("seed", SEEDS)
def test_scaling_every_count_scales_counts_and_leaves_rates(catalogue, seed, factor):
    table = published(seed)
    one, many = answers(catalogue, table), answers(catalogue, table.assign(valeur=table["valeur"] * factor))
    assert len(one) == len(many)
    for before, after in zip(one, many, strict=True):
        times = factor if before["unite"] != "%" else 1
        for name in ("qpv", "reste", "commune"):
            if before[name] is not None:
                assert after[name] == pytest.approx(times * before[name])
        for name, ratio in (("ecart", 1), ("rapport", 1), ("part", 1), ("sur_representation", 1), ("a_rattraper", factor)):
            if before[name] is not None:
                assert after[name] == pytest.approx(ratio * before[name], abs=1e-9)


@pytest.mark.parametrize("seed", SEEDS)
def test_exchanging_the_sexes_exchanges_their_figures(catalogue, seed):
    table = published(seed)
    swapped = table.assign(sexe=table["sexe"].replace({"femmes": "hommes", "hommes": "femmes"}))

    def by_sex(facts) -> dict[str, list[float | None]]:
        result = publication_of(catalogue, facts).result("defm_abc", "sexe")
        return {serie.modalite: [point.qpv.valeur for point in serie.points] for serie in result.series}

    before, after = by_sex(table), by_sex(swapped)
    names = {"": "", "femmes": "hommes", "hommes": "femmes"}
    assert {names[name]: values for name, values in before.items()} == after


@pytest.mark.parametrize("seed", SEEDS)
def test_both_sexes_make_the_total(catalogue, seed):
    series = {serie.modalite: serie for serie in publication_of(catalogue, published(seed)).result("defm_abc", "sexe").series}
    if {"femmes", "hommes"} <= series.keys():
        parts = [series[name].latest.qpv.valeur for name in ("femmes", "hommes")]
        assert sum(parts) == series[""].latest.qpv.valeur
