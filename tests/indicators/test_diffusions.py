"""Two diffusions of one base: the public one hides all that the restricted one hides, and each has its thresholds."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from ozoir.access.identites import Identite, acting_as
from ozoir.catalogue.diffusions import PUBLIQUE, RESTREINTE
from ozoir.catalogue.model import parse_cle
from ozoir.catalogue.seuils import with_seuils
from ozoir.errors import OzoirError
from ozoir.exploitation.reglages import change_setting, declared_settings
from ozoir.indicators.attack import Cell, attack
from ozoir.indicators.cells import read_cells
from ozoir.indicators.grouping import apply_groupings
from ozoir.indicators.masking import find_masks
from ozoir.indicators.publication import publish
from ozoir.indicators.relations import QPV
from ozoir.ingestion.delivery import Delivery
from ozoir.store.imports import load_delivery
from ozoir.store.journal import read_lines
from ozoir.store.reglages import settings_in_force
from tests.indicators.territories import DAY, both, facts, random_territory

PUBLIC_10 = {"seuil:publique:pole_emploi:": "10"}
READER = Identite("Camille", frozenset({"lecteur"}), auteur="agent-1")


def sexes():
    """8 women: shown at the threshold of 5, masked at 10."""
    return facts(*both("defm_abc", 30, 131), *both("defm_abc; sexe=femmes", 8, 61), *both("defm_abc; sexe=hommes", 22, 70))


@pytest.fixture
def loaded(store):
    names = pd.DataFrame(columns=["code", "zonage", "libelle", "commune"])
    load_delivery(store, Delivery("extrait.csv", "0" * 64, 10, "pole_emploi", "2021", sexes(), names))
    return store


def women(publication):
    return publication.result("defm_abc", "sexe").series[1].latest.qpv


def change(store, catalogue, cle, valeur, motif="délibération du 12/03/2020"):
    change_setting(store, catalogue, cle, valeur, motif)


def test_both_diffusions_show_the_same_until_a_threshold_differs(loaded, catalogue):
    public, restricted = publish(loaded, catalogue), publish(loaded, catalogue, RESTREINTE)
    assert (public.diffusion, restricted.diffusion) == (PUBLIQUE, RESTREINTE)
    assert women(public).valeur == women(restricted).valeur == 8
    change(loaded, catalogue, "seuil:publique:pole_emploi:", 10)
    public, restricted = publish(loaded, catalogue), publish(loaded, catalogue, RESTREINTE)
    assert women(public).statut == "masque" and women(restricted).valeur == 8
    assert public.diffused(RESTREINTE) is restricted and restricted.diffused(PUBLIQUE) is public
    assert set(public.faits().query("statut == 'masque'")["sexe"]) == {"femmes", "hommes"}


def test_the_restricted_diffusion_is_not_for_readers(loaded, catalogue):
    with acting_as(READER):
        public = publish(loaded, catalogue)
        with pytest.raises(OzoirError, match="Action refusée"):
            public.diffused(RESTREINTE)
        with pytest.raises(OzoirError, match="Action refusée"):
            publish(loaded, catalogue, RESTREINTE)


@pytest.mark.parametrize("seed", range(12))
def test_holding_both_diffusions_teaches_nothing_more(catalogue, seed):
    table = random_territory(seed)
    public_catalogue = with_seuils(catalogue, PUBLIC_10, PUBLIQUE)
    restricted = find_masks(table, with_seuils(catalogue, PUBLIC_10, RESTREINTE))
    public = find_masks(table, public_catalogue, least=restricted)
    assert public.groupings == restricted.groupings
    assert all(hidden <= public.hidden[day] for day, hidden in restricted.hidden.items())
    tables = read_cells(apply_groupings(table, public.groupings), public_catalogue)
    assert not attack(tables, public_catalogue, lambda cell: hides(public, cell))


def hides(masks, cell: Cell) -> bool:
    return masks.hides(cell.source, cell.day, cell.cle, cell.territory)


def test_a_new_threshold_is_in_force_at_once_and_written_with_its_reason(loaded, catalogue):
    before = loaded.state()
    change(loaded, catalogue, "seuil:restreinte:pole_emploi:", 11, "convention du 1er juin 2021")
    assert loaded.state() == before + 1
    assert women(publish(loaded, catalogue, RESTREINTE)).statut == "masque"
    assert women(publish(loaded, catalogue)).statut == "masque"  # the public threshold is never the lower one
    line = read_lines(loaded.cursor(), "seuil", "", None, None, "", 5)[0]
    assert "convention du 1er juin 2021" in line.details and line.objet == "seuil:restreinte:pole_emploi:"
    assert settings_in_force(loaded)["seuil:restreinte:pole_emploi:"].valeur == "11"


@pytest.mark.parametrize(
    ("cle", "valeur", "motif", "words"),
    [
        ("seuil:restreinte:pole_emploi:", 4, "parce que", "Convention à nommer"),
        ("seuil:restreinte:pole_emploi:", 2, "convention du 12/03/2020", "Valeur refusée"),
        ("seuil:restreinte:pole_emploi:", 11, " ", "Motif à revoir"),
        ("seuil:publique:pole_emploi:", 4, "convention du 12/03/2020", "Seuil public trop bas"),
        ("seuil:restreinte:insee_caf:", 11, "convention du 12/03/2020", "Réglage inconnu"),  # protected by its producer
    ],
)
def test_a_threshold_out_of_bounds_is_refused(loaded, catalogue, cle, valeur, motif, words):
    before = loaded.state()
    with pytest.raises(OzoirError, match=words):
        change(loaded, catalogue, cle, valeur, motif)
    assert loaded.state() == before and not settings_in_force(loaded)


def test_a_convention_may_lower_a_threshold(loaded, catalogue):
    change(loaded, catalogue, "seuil:restreinte:pole_emploi:", 4, "Convention du 12/03/2020")
    assert publish(loaded, catalogue, RESTREINTE).catalogue.statistiques["pole_emploi"].seuil == 4
    assert publish(loaded, catalogue).catalogue.statistiques["pole_emploi"].seuil == 5


def test_no_convention_lowers_a_fiscal_threshold(loaded, catalogue):
    fiscal = replace(catalogue.statistiques["insee_filosofi"], protegee=False)
    local = replace(catalogue, statistiques={**catalogue.statistiques, "insee_filosofi": fiscal})
    (declared,) = (item for item in declared_settings(loaded, local) if item.cle == "seuil:restreinte:insee_filosofi:")
    assert declared.least == declared.defaut == 11
    with pytest.raises(OzoirError, match=re.escape("accepte une valeur de 11 à")):
        change(loaded, local, declared.cle, 10, "convention du 12/03/2020")


def test_only_an_administrator_changes_a_threshold(loaded, catalogue):
    with acting_as(READER), pytest.raises(OzoirError, match="Action refusée"):
        change_setting(loaded, catalogue, "seuil:restreinte:pole_emploi:", 11, "convention du 12/03/2020")


def test_the_public_masks_are_those_of_its_own_threshold(catalogue):
    public_catalogue = with_seuils(catalogue, PUBLIC_10, PUBLIQUE)
    masks = find_masks(sexes(), public_catalogue, least=find_masks(sexes(), catalogue))
    assert masks.hides("pole_emploi", DAY, parse_cle("defm_abc; sexe=femmes"), QPV)
    assert not masks.hides("pole_emploi", date(2019, 12, 31), parse_cle("defm_abc"), QPV)


def test_an_entry_of_the_follow_up_keeps_the_masks_and_a_new_threshold_does_not(loaded, catalogue):
    first = publish(loaded, catalogue)
    with loaded.transaction("Alice", "saisie", "essai"):
        pass
    second = publish(loaded, catalogue)
    assert second is not first and second.state == first.state + 1 and second.masks is first.masks
    change(loaded, catalogue, "seuil:restreinte:pole_emploi:", 11)
    assert publish(loaded, catalogue).masks is not first.masks
