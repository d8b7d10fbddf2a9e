"""Several quartiers: one rest for all of them, masks that hold for all of them together."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from random import Random

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linprog

from ozoir.catalogue.loading import load_catalogue
from ozoir.catalogue.model import Cle
from ozoir.indicators.ensembles import facts_of, find_common_masks
from ozoir.indicators.masking import find_masks
from ozoir.indicators.publication import publish
from ozoir.indicators.relations import COMMUNE, QPV, build_relations
from tests.contrats.conftest import PLACES, VALMONT, at, deliver
from tests.indicators.territories import AGES, SEXES

DAY = date(2025, 12, 31)
VIEWS = {"tilleuls": "les-tilleuls", "plaine": "la-plaine"}


def latest(store, quartier: str, indicateur: str = "defm_abc"):
    return publish(store, load_catalogue(contrat=VALMONT, quartier=quartier)).result(indicateur).total.latest


def test_the_rest_leaves_out_every_quartier_of_the_communes(shared_base):
    """By hand, 2025: 880 + 390 in the communes, less 200 and 140."""
    for quartier, own in (("les-tilleuls", 200), ("la-plaine", 140), ("ensemble", 340)):
        point = latest(shared_base, quartier)
        assert (point.qpv.valeur, point.commune.valeur, point.reste.valeur) == (own, 1270, 930)


def test_a_commune_without_a_value_leaves_no_sum(shared_base):
    deliver(shared_base, "caf.xlsx", "caf", [at("caf_enfants", "valmont", 900, "caf", DAY), at("caf_enfants", "tilleuls", 90, "caf", DAY)], VALMONT)
    publication = publish(shared_base, load_catalogue(contrat=VALMONT))
    facts = publication.faits()
    assert set(facts[facts["source"] == "caf"]["territoire"]) == {"QN09801A"}


def test_a_neighbour_without_a_value_leaves_no_rest(shared_base):
    day = date(2026, 3, 31)
    rows = [at("defm_abc", place, value, "pole_emploi", day) for place, value in (("tilleuls", 205), ("valmont", 870), ("rivebelle", 380))]
    deliver(shared_base, "avril.xlsx", "pole_emploi", rows, VALMONT)
    point = latest(shared_base, "les-tilleuls")
    assert point.qpv.valeur == 205 and point.commune.valeur == 1250 and point.reste.valeur is None
    assert "autre quartier" in point.reste.raison


def test_a_published_rate_is_never_added(shared_base):
    point = latest(shared_base, "les-tilleuls", "taux_pauvrete")
    assert point.qpv.valeur == 30.0 and point.commune.valeur is None
    assert publish(shared_base, load_catalogue(contrat=VALMONT, quartier="ensemble")).result("taux_pauvrete").is_empty


def random_places(seed: int) -> pd.DataFrame:
    """Job seekers by sex and age in the two quartiers and the rest of each commune, with tiny groups."""
    random, rows = Random(seed), []
    scale = random.choice([2, 5, 12, 40])
    counts = {place: dict.fromkeys(_keys(), 0) for place in PLACES}
    for sexe in SEXES:
        for age in AGES:
            cells = {place: 0 if random.random() < 0.25 else int(random.expovariate(1 / scale)) for place in PLACES}
            share = cells["plaine"] // 2
            cells["valmont"] += cells["tilleuls"] + share
            cells["rivebelle"] += cells["plaine"] - share
            for place, count in cells.items():
                for key in (Cle("defm_abc"), Cle("defm_abc", sexe), Cle("defm_abc", age=age), Cle("defm_abc", sexe, age)):
                    counts[place][key] += count
    has_crossing = random.random() < 0.7
    for place, found in counts.items():
        rows += [at(str(cle), place, count, "pole_emploi", DAY) for cle, count in found.items() if has_crossing or len(cle.breakdown) < 2]
    return pd.DataFrame(rows)


def masks_alone(table: pd.DataFrame, catalogue, name: str):
    """What one quartier would withhold if it were the only one; the rest and the communes, seen from all of them."""
    (view,) = (item for item in catalogue.territoires if item.id == VIEWS.get(name, "ensemble"))
    return find_masks(facts_of(table, view, catalogue), replace(catalogue, territoire=view))


def _matrix(rows: list[dict[int, int]], width: int) -> np.ndarray:
    matrix = np.zeros((len(rows), width))
    for number, row in enumerate(rows):
        matrix[number, list(row)] = list(row.values())
    return matrix


def _keys():
    return [Cle("defm_abc", sexe, age) for sexe in ("ensemble", *SEXES) for age in ("ensemble", *AGES)]


def disclosed(table: pd.DataFrame, catalogue, masks) -> list[tuple]:
    """Cells that must be masked, and which a reader of all the quartiers' pages bounds within less than the threshold, by linear programming."""
    values = {(Cle(r.mesure, r.sexe, r.age, r.detail), r.territoire): r.valeur for r in table.itertuples()}
    keys = sorted({cle for cle, _ in values})
    relations = build_relations(keys, catalogue.mesures, catalogue.dimensions)
    names = ("tilleuls", "plaine", "reste", COMMUNE)
    cells = {(rank, name): rank * len(names) + place for rank in range(len(keys)) for place, name in enumerate(names)}
    truth = np.zeros(len(cells))
    for rank, cle in enumerate(relations.keys):
        quartiers = [values[cle, PLACES[name][0]] for name in ("tilleuls", "plaine")]
        commune = values[cle, "98101"] + values[cle, "98102"]
        for name, value in zip(names, (*quartiers, commune - sum(quartiers), commune), strict=True):
            truth[cells[rank, name]] = value
    rows = [{cells[rank, name]: 1 if name != COMMUNE else -1 for name in names} for rank in range(len(keys))]
    parts = []  # Σ children ≤ parent
    for line in relations.lines:
        told = [{**{cells[rank, name]: 1 for rank in line.children}, cells[line.parent, name]: -1} for name in names]
        (rows if line.is_exhaustive else parts).extend(told)
    matrix, lower = _matrix(rows, len(cells)), _matrix(parts, len(cells))
    hidden = {
        number: (rank, name)
        for (rank, name), number in cells.items()
        if masks.hides("pole_emploi", DAY, relations.keys[rank], COMMUNE if name == COMMUNE else QPV)
    }
    bounds = [(0, None) if number in hidden else (truth[number],) * 2 for number in range(len(cells))]
    found, alone = [], {name: masks_alone(table, catalogue, name) for name in names}
    for number, cell in hidden.items():
        rank, name = cell
        place = name if name in ("reste", COMMUNE) else QPV
        if not alone[name].hides("pole_emploi", DAY, relations.keys[rank], place):
            continue  # withheld for a neighbour's sake: alone, it would be shown
        target = np.zeros(len(cells))
        target[number] = 1
        ends = [linprog(sign * target, lower, np.zeros(len(lower)), matrix, matrix @ truth, bounds) for sign in (1, -1)]
        low, high = ends[0].fun if ends[0].status == 0 else 0, -ends[1].fun if ends[1].status == 0 else np.inf
        if high - low < catalogue.statistiques["pole_emploi"].seuil - 1e-6:
            found.append((*cell, truth[number], low, high))
    return found


@pytest.mark.parametrize("seed", range(6))
def test_nothing_masked_in_one_quartier_is_found_back_from_the_others(valmont, seed):
    table = random_places(seed)
    assert disclosed(table, valmont, find_common_masks(table, valmont)) == []


def test_a_small_count_in_one_quartier_hides_it_in_all_and_in_the_rest(shared_base, two_contracts):
    table = random_places(3)
    catalogue = load_catalogue(contrat=VALMONT)
    masks = find_common_masks(table, catalogue)
    hidden = {cle for cle, _ in masks.hidden[DAY]}
    assert hidden
    for cle in hidden:
        assert masks.hides("pole_emploi", DAY, cle, "reste") == masks.hides("pole_emploi", DAY, cle, QPV)


def test_the_attacker_wins_when_each_quartier_is_masked_alone(valmont):
    """What the common masks are for: without them, some of the same tables give values back."""
    lost = 0
    for seed in range(6):
        table = random_places(seed)
        lost += bool(disclosed(table, valmont, masks_alone(table, valmont, "tilleuls")))
    assert lost
