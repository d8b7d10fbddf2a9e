"""Before loading: what is new, what changes, what jumps, why a file may not be loaded."""

from __future__ import annotations

from datetime import date

import pytest

from ozoir.atelier.examen import describe_change, examine
from ozoir.atelier.sauts import describe_jump
from ozoir.ingestion.delivery import BLOQUANT, Finding
from ozoir.store.imports import load_delivery
from tests.store.test_imports import deliver


def test_a_changed_figure_is_shown_with_its_old_value(store, catalogue):
    load_delivery(store, deliver("2021.csv", {"QP077018": 194.0, "QP075001": 10.0}))
    found = examine(
        store, catalogue, deliver("2022.csv", {"QP077018": 196.0, "QP075001": 12.0, "77350": 1308.0}, edition="2022")
    )
    assert found.comptes == {"nouveau": 1, "modifie": 2, "inchange": 0, "depasse": 0}
    assert found.autres_modifies == 1 and found.is_loadable
    changed = found.ecarts[0]
    assert (changed.ancien, changed.nouveau, changed.variation, changed.place) == ("194", "196", "+2 (+1,0\u202f%)", "P954")
    assert changed.territoire == "Quartier (QP2015)" and changed.import_id == 1


def test_a_withheld_figure_is_no_zero(store, catalogue):
    load_delivery(store, deliver("2021.csv", {"QP077018": 194.0}))
    (only,) = examine(store, catalogue, deliver("2022.csv", {"QP077018": None}, edition="2022")).ecarts
    assert (only.ancien, only.nouveau, only.variation) == ("194", "nd", "")


def test_a_figure_twice_that_of_the_year_before_is_pointed_out(store, catalogue):
    load_delivery(store, deliver("2021.csv", {"QP077018": 194.0}))
    delivery = deliver("2022.csv", {"QP077018": 400.0}, edition="2022")
    delivery.faits["date_reference"] = date(2021, 12, 31)
    (only,) = examine(store, catalogue, delivery).alertes
    assert only.alerte == "×\u202f2,1 par rapport à la valeur du 31/12/2020"


def test_a_blocking_finding_and_a_second_load_are_refusals(store, catalogue):
    found = examine(store, catalogue, deliver("a.csv", {"QP077018": 1.0}, findings=[Finding(BLOQUANT, "non")]))
    assert not found.is_loadable and "n’a pas été chargé" in found.refus.title
    load_delivery(store, deliver("b.csv", {"QP077018": 194.0}))
    assert examine(store, catalogue, deliver("b.csv", {"QP077018": 194.0})).refus.title == "Fichier déjà chargé."


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (194, 388, "×\u202f2,0"),
        (194, 97, "divisé par 2,0"),
        (194, 194_000, "1\u202f000 fois plus grand"),
        (2034, 20.34, "100 fois plus petit"),
        (194, 1940, "10 fois plus grand"),
        (194, 214, ""),
        (3, 9, ""),
        (0, 500, ""),
        (None, 500, ""),
        (194, float("nan"), ""),
    ],
)
def test_jumps(before, after, words):
    said = describe_jump(before, after, "la valeur connue")
    assert words in said and bool(said) == bool(words)


def test_a_small_count_gets_no_percentage():
    assert describe_change(10, 12) == "+2"
    assert describe_change(200, 198.5) == "\u22121,5 (\u22120,8\u202f%)"
