"""Several quartiers: one rest for all of them, masks that hold for all of them together."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from datetime import date
from random import Random

import pandas as pd
import pytest

from ozoir.__main__ import main
from ozoir.catalogue.diffusions import PUBLIQUE
from ozoir.catalogue.loading import load_catalogue
from ozoir.catalogue.model import Cle
from ozoir.catalogue.suivi import load_cadre
from ozoir.exports.assembly import assemble_dossier
from ozoir.exports.editions import freeze_edition
from ozoir.indicators.ensembles import facts_of, find_common_masks, views_of
from ozoir.indicators.joint_attack import Held, attack_together, audit_together
from ozoir.indicators.masking import Masks, find_masks
from ozoir.indicators.publication import Publication, publish
from ozoir.indicators.reading import Reading
from ozoir.indicators.relations import QPV
from ozoir.store.base import open_store
from ozoir.suivi.dossier import load_dossier
from tests.contrats.conftest import PLACES, VALMONT, at, deliver
from tests.indicators.territories import AGES, SEXES

DAY = date(2025, 12, 31)
# « make test » attacks this many random territories; OZOIR_TERRITOIRES changes it.
TERRITORIES_ATTACKED = int(os.environ.get("OZOIR_TERRITOIRES", "60"))
VIEWS = {"tilleuls": "les-tilleuls", "plaine": "la-plaine"}


def latest(store, quartier: str, indicateur: str = "defm_abc"):
    return publish(store, load_catalogue(contrat=VALMONT, quartier=quartier)).result(indicateur).total.latest


def test_the_rest_leaves_out_every_quartier_of_the_communes(read_base):
    """By hand, 2025: 880 + 390 in the communes, less 200 and 140."""
    for quartier, own in (("les-tilleuls", 200), ("la-plaine", 140), ("ensemble", 340)):
        point = latest(read_base, quartier)
        assert (point.qpv.valeur, point.commune.valeur, point.reste.valeur) == (own, 1270, 930)


def test_a_commune_without_a_value_leaves_no_sum(shared_base):
    deliver(
        shared_base,
        "caf.xlsx",
        "caf",
        [at("caf_enfants", "valmont", 900, "caf", DAY), at("caf_enfants", "tilleuls", 90, "caf", DAY)],
        VALMONT,
    )
    publication = publish(shared_base, load_catalogue(contrat=VALMONT))
    facts = publication.faits()
    assert set(facts[facts["source"] == "caf"]["territoire"]) == {"QN09801A"}


def test_a_neighbour_without_a_value_leaves_no_rest(shared_base):
    day = date(2026, 3, 31)
    rows = [
        at("defm_abc", place, value, "pole_emploi", day)
        for place, value in (("tilleuls", 205), ("valmont", 870), ("rivebelle", 380))
    ]
    deliver(shared_base, "avril.xlsx", "pole_emploi", rows, VALMONT)
    point = latest(shared_base, "les-tilleuls")
    assert point.qpv.valeur == 205 and point.commune.valeur == 1250 and point.reste.valeur is None
    assert "autre quartier" in point.reste.raison


def test_a_published_rate_is_never_added(read_base):
    point = latest(read_base, "les-tilleuls", "taux_pauvrete")
    assert point.qpv.valeur == 30.0 and point.commune.valeur is None
    assert publish(read_base, load_catalogue(contrat=VALMONT, quartier="ensemble")).result("taux_pauvrete").is_empty


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
        rows += [
            at(str(cle), place, count, "pole_emploi", DAY)
            for cle, count in found.items()
            if has_crossing or len(cle.breakdown) < 2
        ]
    return pd.DataFrame(rows)


def masks_alone(table: pd.DataFrame, catalogue, name: str):
    """What one quartier would withhold if it were the only one; the rest and the communes, seen from all of them."""
    (view,) = (item for item in catalogue.territoires if item.id == VIEWS.get(name, "ensemble"))
    return find_masks(facts_of(table, view, catalogue), replace(catalogue, territoire=view))


def _keys():
    return [Cle("defm_abc", sexe, age) for sexe in ("ensemble", *SEXES) for age in ("ensemble", *AGES)]


def random_years(seeds: range, third: bool = False) -> pd.DataFrame:
    """Two dates of each territory, all in one table: they are masked and attacked together, at the cost of one programme."""
    tables = []
    for seed in seeds:
        for year in (0, 1):
            day = date(1900 + 2 * (seed % 60) + year, 12, 31)
            table = random_places(1000 * year + seed).assign(date_reference=pd.Timestamp(day))
            if third:  # one more quartier, in the first commune
                grown = table.groupby("territoire").get_group("QN09801A").assign(territoire="QN09803C")
                inside = {(row.sexe, row.age): row.valeur for row in grown.itertuples()}
                is_commune = table["territoire"] == "98101"
                added = [inside[row.sexe, row.age] if row.territoire == "98101" else 0 for row in table.itertuples()]
                table = pd.concat([table.assign(valeur=table["valeur"] + added), grown]) if is_commune.any() else table
            tables.append(table)
    return pd.concat(tables, ignore_index=True)


@pytest.mark.parametrize("third", [False, True], ids=["two quartiers", "three quartiers"])
def test_nothing_masked_in_one_quartier_is_found_back_from_all_the_pages(valmont, three_quartiers, third):
    catalogue = three_quartiers if third else valmont
    for start in range(0, TERRITORIES_ATTACKED // 2, 60):
        table = random_years(range(start, min(start + 60, TERRITORIES_ATTACKED // 2)), third)
        masks = find_common_masks(table, catalogue)
        assert [found.sentence() for found in attack_together(table, catalogue, masks)] == []


def test_a_small_count_in_one_quartier_hides_it_in_all_and_in_the_rest(two_contracts):
    table = random_places(3)
    catalogue = load_catalogue(contrat=VALMONT)
    masks = find_common_masks(table, catalogue)
    hidden = {cle for cle, _ in masks.hidden[DAY]}
    assert hidden
    for cle in hidden:
        assert masks.hides("pole_emploi", DAY, cle, "reste") == masks.hides("pole_emploi", DAY, cle, QPV)


def test_the_attacker_wins_when_each_quartier_is_masked_alone(valmont):
    """What the common masks are for: without them, some of the same tables give values back."""
    table = random_years(range(8))
    assert attack_together(table, valmont, find_common_masks(table, valmont)) == []
    assert attack_together(table, valmont, masks_alone(table, valmont, "tilleuls"))


def test_figures_of_all_the_quartiers_pages_together_disclose_nothing(read_base):
    report = audit_together(read_base, load_catalogue(contrat=VALMONT), "restreinte")
    assert report.disclosures == () and report.cells and report.constraints


def test_editions_handed_out_before_are_attacked_together_too(valmont):
    """An edition made with today's masks teaches nothing; one of a single quartier made without them gives cells away."""
    table = random_years(range(3))
    masks = find_common_masks(table, valmont)
    view = replace(valmont, territoire=views_of(valmont)[0])

    def edition(own: Masks) -> dict:
        publication = Publication(view, facts_of(table, view.territoire, view), own, [], 1, False)
        return {view.territoire.id: [publication.result("defm_abc"), publication.result("defm_abc", "sexe")]}

    assert attack_together(table, valmont, masks, frozen=edition(masks)) == []
    assert attack_together(table, valmont, masks, frozen=edition(Masks({}, frozenset(), {})))


def test_the_documents_of_each_quartier_are_held_against_its_pages(read_base):
    """A list that writes 201 where the page says 200."""
    catalogue = load_catalogue(contrat=VALMONT)
    reading = Reading("classeur.xlsx", "defm_abc", "", "", DAY, "pole_emploi", "qpv", 201.0)
    assert audit_together(read_base, catalogue, "restreinte", {"les-tilleuls": Held()}).disclosures == ()
    (found,) = audit_together(read_base, catalogue, "restreinte", {"les-tilleuls": Held(readings=(reading,))}).disclosures
    assert "écrit 201,000, que l’écran ne montre pas" in found.sentence()


def test_the_command_audits_every_quartier_with_its_editions(built_base, two_contracts, tmp_path, capsys):
    shutil.copytree(built_base.parent, tmp_path / "copie")
    base = tmp_path / "copie" / built_base.name
    store = open_store(base)
    own = store.of_contract(VALMONT)
    for quartier in VIEWS.values():
        publication = publish(own, load_catalogue(contrat=VALMONT, quartier=quartier))
        saisies = load_dossier(own, load_cadre(publication.catalogue.contrat))
        dossier = assemble_dossier(publication, saisies, saisies.cadre.annees[0], PUBLIQUE, date(2026, 3, 1))
        freeze_edition(own, dossier, f"Édition {quartier}", "Alice")
    store.close()
    assert main(["audit-secret", "--base", str(base), "--contrat", VALMONT, "--diffusion", "publique"]) == 0
    assert "Aucune divulgation" in capsys.readouterr().out
