"""Statistical confidentiality: the rule by hand, then everything published attacked."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import date, timedelta

import pandas as pd
import pytest

from ozoir.catalogue.model import parse_cle
from ozoir.indicators.attack import Cell, Constraint, attack
from ozoir.indicators.audit import audit
from ozoir.indicators.cells import read_cells
from ozoir.indicators.masking import PROTECTIONS, find_masks
from ozoir.indicators.relations import COMMUNE, QPV, RESTE, TERRITORIES
from tests.indicators.territories import DAY, both, fact, facts, publication_of, random_territory

# « make test » attacks this many random territories; « make audit » attacks more.
SEED_THAT_NEEDS_DOUBT = 0
BATCH = 50
TERRITORIES_ATTACKED = int(os.environ.get("OZOIR_TERRITOIRES", "500"))


def shown(masks, cle: str, source: str = "pole_emploi", day: date = DAY) -> str:
    """« q r c » for the territories in which a key is shown."""
    return " ".join(name[0] for name in TERRITORIES if not masks.hides(source, day, parse_cle(cle), name))


def disclosures(table, catalogue, masks, constraints=()):
    return attack(
        read_cells(table, catalogue),
        catalogue,
        lambda cell: masks.hides(cell.source, cell.day, cell.cle, cell.territory),
        constraints,
    )


def method_example():
    """METHOD §2, fictional: job seekers under 25, F 61 and H 70 in the commune, F 4 and H 26 in the quartier."""
    return facts(
        *both("defm_abc; age=moins_25", 30, 131),
        *both("defm_abc; age=moins_25; sexe=femmes", 4, 61),
        *both("defm_abc; age=moins_25; sexe=hommes", 26, 70),
    )


def sexes_example(femmes: float | None = 4, hommes: float | None = 26, commune=(61, 70)):
    return facts(
        *both("defm_abc", 30, 131),
        *both("defm_abc; sexe=femmes", femmes, commune[0]),
        *both("defm_abc; sexe=hommes", hommes, commune[1]),
    )


def test_the_worked_example_of_the_method_hides_both_sexes_in_quartier_and_rest(catalogue):
    masks = find_masks(method_example(), catalogue)
    assert shown(masks, "defm_abc; age=moins_25") == "q r c"
    assert not masks.hides("pole_emploi", DAY, parse_cle("defm_abc; age=moins_25"), RESTE)
    for sexe in ("femmes", "hommes"):
        key = parse_cle(f"defm_abc; age=moins_25; sexe={sexe}")
        assert masks.hides("pole_emploi", DAY, key, QPV) and masks.hides("pole_emploi", DAY, key, RESTE)
    assert not disclosures(method_example(), catalogue, masks)


def test_a_breakdown_hides_in_quartier_and_rest_and_stays_for_the_commune(catalogue):
    masks = find_masks(sexes_example(), catalogue)
    assert shown(masks, "defm_abc") == "q r c"
    assert shown(masks, "defm_abc; sexe=femmes") == shown(masks, "defm_abc; sexe=hommes") == "c"


@pytest.mark.parametrize("count, expected", [(4, "c"), (5, "q r c"), (0, "q r c")])
def test_the_threshold_is_the_smallest_count_shown(catalogue, count, expected):
    table = facts(*both("defm_abc; age=50_plus", count, 60), *both("defm_abc", 40, 130))
    masks = find_masks(table, catalogue)
    assert shown(masks, "defm_abc; age=50_plus") == expected


def test_a_small_rest_hides_the_quartier_too(catalogue):
    table = facts(*both("defm_abc; sexe=femmes", 57, 61), *both("defm_abc; sexe=hommes", 26, 70), *both("defm_abc", 83, 131))
    assert shown(find_masks(table, catalogue), "defm_abc; sexe=hommes") == "c"


def test_a_small_cell_of_the_commune_hides_the_breakdown_everywhere(catalogue):
    masks = find_masks(sexes_example(0, 30, (4, 127)), catalogue)
    assert shown(masks, "defm_abc; sexe=femmes") == shown(masks, "defm_abc; sexe=hommes") == ""
    assert shown(masks, "defm_abc") == "q r c"


def test_a_small_total_hides_all_that_it_is_made_of(catalogue):
    table = facts(*both("defm_abc", 4, 131), *both("defm_abc; sexe=femmes", 0, 61), *both("defm_abc; sexe=hommes", 4, 70))
    masks = find_masks(table, catalogue)
    assert [shown(masks, key) for key in ("defm_abc", "defm_abc; sexe=femmes", "defm_abc; sexe=hommes")] == ["c", "c", "c"]


def test_a_quartier_where_all_are_of_one_kind_does_not_say_so(catalogue):
    masks = find_masks(sexes_example(0, 30), catalogue)
    assert shown(masks, "defm_abc; sexe=hommes") == "c"


def test_a_zero_among_shown_cells_stays_a_zero(catalogue):
    table = facts(
        *both("defm_abc", 30, 160),
        *both("defm_abc; age=moins_25", 0, 40),
        *both("defm_abc; age=25_49", 20, 60),
        *both("defm_abc; age=50_plus", 10, 60),
    )
    assert shown(find_masks(table, catalogue), "defm_abc; age=moins_25") == "q r c"


def test_a_zero_of_the_whole_commune_is_no_secret(catalogue):
    table = facts(
        *both("defm_abc", 30, 160),
        *both("defm_abc; age=moins_25", 0, 0),
        *both("defm_abc; age=25_49", 4, 80),
        *both("defm_abc; age=50_plus", 26, 80),
    )
    masks = find_masks(table, catalogue)
    assert shown(masks, "defm_abc; age=moins_25") == "q r c"
    assert shown(masks, "defm_abc; age=25_49") == "c"


def test_categories_that_include_one_another_do_not_give_a_small_difference(catalogue):
    table = facts(*both("defm_abcde", 33, 200), *both("defm_abc", 30, 150))
    masks = find_masks(table, catalogue)
    assert sorted([shown(masks, "defm_abcde"), shown(masks, "defm_abc")]) == ["c", "q r c"]
    assert shown(masks, "defm_abc") == "q r c"  # the more useful of the two


def test_parts_that_add_up_hide_by_two(catalogue):
    table = facts(*both("defm_ab", 30, 120), *both("defm_a", 26, 80), *both("defm_b", 4, 40))
    masks = find_masks(table, catalogue)
    assert shown(masks, "defm_b") == "c"
    assert [shown(masks, "defm_ab"), shown(masks, "defm_a")].count("c") == 1


def test_a_wider_category_beside_its_parts_does_not_give_one_back(catalogue):
    """One date in three has 3 without any level; up to level 3 they are 20: shown, level 3 would be 17."""
    levels = {date(2018, 12, 31): (30, 14, 16), date(2019, 12, 31): (28, 13, 15), DAY: (20, 3, 17)}
    table = facts(
        *(
            row
            for day, (together, without, level_3) in levels.items()
            for name, count in (("infra_4", together), ("infra_3", without), ("niveau_3", level_3))
            for row in both(f"jeunes_suivis; niveau={name}", count, count + 60, source="mission_locale", day=day)
        ),
        *(row for day in levels for row in both("jeunes_suivis", 70, 300, source="mission_locale", day=day)),
    )
    masks = find_masks(table, catalogue)
    assert masks.groupings.groups == {}
    assert shown(masks, "jeunes_suivis; niveau=infra_3", "mission_locale") == "c"
    assert shown(masks, "jeunes_suivis; niveau=niveau_3", "mission_locale") == "c"
    assert not disclosures(table, catalogue, masks)


def test_an_amount_follows_the_count_it_describes(catalogue):
    table = facts(*both("menages_impayes", 4, 60, source="bailleur"), *both("montant_impayes", 5200, 70000, source="bailleur"))
    masks = find_masks(table, catalogue)
    assert shown(masks, "montant_impayes", "bailleur") == shown(masks, "menages_impayes", "bailleur") == "c"


def test_a_detailed_amount_without_its_count_is_hidden(catalogue):
    table = facts(*both("loyer_moyen; typologie=t2", 310, 330, source="bailleur"))
    assert shown(find_masks(table, catalogue), "loyer_moyen; typologie=t2", "bailleur") == ""


def test_dwellings_and_households_have_their_own_thresholds(catalogue):
    table = facts(*both("logements_vacants", 8, 40, source="bailleur"), *both("menages_impayes", 8, 40, source="bailleur"))
    masks = find_masks(table, catalogue)
    assert shown(masks, "logements_vacants", "bailleur") == "c"
    assert shown(masks, "menages_impayes", "bailleur") == "q r c"


def test_what_the_producer_protected_is_not_masked_again(catalogue):
    table = facts(*both("defm_abc; sexe=femmes", 4, 61, source="insee_pole_emploi"))
    assert shown(find_masks(table, catalogue), "defm_abc; sexe=femmes", "insee_pole_emploi") == "q r c"


def test_a_cell_withheld_by_the_partner_takes_its_siblings_along(catalogue):
    masks = find_masks(sexes_example(None, 26), catalogue)
    assert shown(masks, "defm_abc; sexe=hommes") == "c"
    assert not disclosures(sexes_example(None, 26), catalogue, masks)


def test_more_than_two_crossed_criteria_are_never_shown(catalogue):
    table = facts(*both("premiers_accueils; sexe=femmes; age=18_21; niveau=infra_3", 40, 90, source="mission_locale"))
    assert (
        shown(find_masks(table, catalogue), "premiers_accueils; sexe=femmes; age=18_21; niveau=infra_3", "mission_locale") == ""
    )


def test_a_cell_once_masked_stays_masked_when_an_edition_changes_it(catalogue):
    now = sexes_example(6, 26)
    assert shown(find_masks(now, catalogue), "defm_abc; sexe=femmes") == "q r c"
    before = sexes_example(4, 26).assign(import_id=1)
    history = facts(*before.to_dict("records"), *now.assign(import_id=2).to_dict("records"))
    assert shown(find_masks(now, catalogue, history), "defm_abc; sexe=femmes") == "c"


def test_masks_do_not_depend_on_the_order_of_facts(catalogue):
    table = random_territory(7)
    masks = find_masks(table, catalogue)
    assert find_masks(table.sample(frac=1, random_state=3), catalogue).hidden == masks.hidden


def test_two_zonings_are_not_shown_at_one_date(catalogue):
    day = date(2024, 6, 30)
    old = fact("defm_abc", "qpv", 214, day=day)
    new = fact("defm_abc", "qpv", 210, day=day, territoire="QN07718M", zonage="QP2024")
    masks = find_masks(facts(old, new), catalogue)
    assert masks.hides_other_zoning("pole_emploi", day, "QP2015")
    assert not masks.hides_other_zoning("pole_emploi", day, "QP2024")


@pytest.mark.parametrize("first", range(0, TERRITORIES_ATTACKED, BATCH))
def test_no_random_territory_gives_a_masked_cell_away(catalogue, first):
    """A batch of them at once, each at a date of its own: figures of different dates are masked apart."""
    seeds = range(first, min(first + BATCH, TERRITORIES_ATTACKED))
    table = pd.concat([random_territory(seed, (DAY + timedelta(days=seed),)) for seed in seeds], ignore_index=True)
    found = disclosures(table, catalogue, find_masks(table, catalogue))
    assert {(item.cell.day - DAY).days: item.sentence() for item in found} == {}


def test_no_figure_of_random_territories_gives_a_masked_cell_away(catalogue):
    """Each over two years, all in one publication: counts, rates, gaps and evolutions are read in the rounding shown."""
    days = [(DAY + timedelta(days=seed), DAY + timedelta(days=366 + seed)) for seed in range(25)]
    table = pd.concat([random_territory(seed, pair) for seed, pair in enumerate(days)], ignore_index=True)
    report = audit(publication_of(catalogue, table))
    assert report.disclosures == () and report.masked > 0 and report.constraints > 5_000


def household_example():
    return facts(
        *both("menages_impayes", 4, 60, source="bailleur"),
        *both("menages_situation_connue", 600, 700, source="bailleur"),
        *both("montant_impayes", 5200, 70000, source="bailleur"),
    )


def parts_example():
    return facts(*both("defm_ab", 30, 120), *both("defm_a", 26, 80), *both("defm_b", 4, 40))


def rest_example():
    return facts(*both("defm_abc; sexe=femmes", 57, 61), *both("defm_abc; sexe=hommes", 26, 70), *both("defm_abc", 83, 131))


@pytest.mark.parametrize(
    "protection, table",
    [
        ("seuil", sexes_example),
        ("reste", rest_example),
        ("groupes", lambda: sexes_example(None, 26)),
        ("familles", sexes_example),
        ("inclusions", parts_example),
        ("montants", household_example),
        ("marge_de_doute", lambda: random_territory(SEED_THAT_NEEDS_DOUBT)),
    ],
)
def test_the_attacker_wins_when_a_protection_is_removed(catalogue, protection, table):
    """Each protection is needed: without it, the audit that passes with all of them fails."""
    table = table()
    assert not disclosures(table, catalogue, find_masks(table, catalogue))
    others = [name for name in PROTECTIONS if name != protection]
    assert disclosures(table, catalogue, find_masks(table, catalogue, protections=others))


def test_a_shown_rate_is_used_by_the_attacker(catalogue):
    """One decimal on a known denominator is the count itself."""
    table, masks = sexes_example(), find_masks(sexes_example(), catalogue)
    cells = [Cell("pole_emploi", DAY, parse_cle(key), QPV) for key in ("defm_abc; sexe=femmes", "defm_abc")]
    rate = 100 * 4 / 30
    leak = [
        Constraint({cells[0]: 100.0, cells[1]: -(rate + 0.05)}, float("-inf"), 0.0),
        Constraint({cells[0]: 100.0, cells[1]: -(rate - 0.05)}, 0.0, float("inf")),
    ]
    assert not disclosures(table, catalogue, masks)
    found = disclosures(table, catalogue, masks, leak)
    assert any(item.cell == cells[0] and item.low == item.high == 4 for item in map(rounded, found))


def rounded(item):
    return replace(item, low=float(-(-item.low // 1)), high=float((item.high + 1e-6) // 1))


def test_the_attacker_bounds_a_cell_as_one_would_by_hand(catalogue):
    """30 in all, F hidden, H hidden: each anywhere from 0 to 30, no disclosure; with H shown, F is 4."""
    table = sexes_example()
    hidden = {(QPV, "femmes"), (RESTE, "femmes")}
    found = attack(
        read_cells(table, catalogue),
        catalogue,
        lambda cell: (cell.territory, cell.cle.sexe) in hidden and cell.territory != COMMUNE,
    )
    assert {(item.cell.territory, item.cell.cle.sexe) for item in found} == hidden
    assert "moins que le seuil de 5" in found[0].sentence()


def occupation_example():
    """Five-room dwellings of a landlord: 3 households of known size in the quartier, none of them short of rooms anywhere."""
    return facts(
        *both("menages_taille_connue", 60, 200, source="bailleur"),
        *both("menages_taille_connue; typologie=t4", 57, 115, source="bailleur"),
        *both("menages_taille_connue; typologie=t5_plus", 3, 85, source="bailleur"),
        *both("menages_sur_occupation; typologie=t5_plus", 0, 0, source="bailleur"),
    )


def test_nobody_in_the_whole_commune_is_a_zero_in_the_quartier_and_says_nothing_more(catalogue):
    """The quartier's 3 households are masked; that its rate is 0 follows from the commune's: showing it discloses nothing."""
    publication = publication_of(catalogue, occupation_example())
    (serie,) = publication.result("suroccupation_parc_social", "typologie").series[1:]
    (point,) = serie.points
    assert publication.masks.hides("bailleur", DAY, parse_cle("menages_taille_connue; typologie=t5_plus"), QPV)
    assert [figure.valeur for figure in (point.qpv, point.reste, point.commune, point.ecart)] == [0, 0, 0, 0]
    assert (point.qpv.denominateur, point.reste.denominateur, point.commune.denominateur) == (None, None, 85)
    assert point.qpv.decimales == point.commune.decimales  # one more decimal would say that there are 100 or more
    assert not audit(publication).disclosures


def test_that_everyone_is_concerned_is_not_said(catalogue):
    """All 6 households of the quartier are in arrears, as many as there are: each of them would be known to be."""
    table = facts(
        *both("menages_situation_connue", 6, 80, source="bailleur"),
        *both("menages_impayes", 6, 30, source="bailleur"),
    )
    masks = find_masks(table, catalogue)
    assert shown(masks, "menages_impayes", "bailleur") == "c"
    assert not disclosures(table, catalogue, masks)
    others = [name for name in PROTECTIONS if name != "groupes"]
    (found, *_) = disclosures(table, catalogue, find_masks(table, catalogue, protections=others))
    assert "du même côté" in found.sentence()


def nested_example():
    """20 couples with children, 17 of them with three or more: 3 with one or two."""
    return facts(
        *both("caf_allocataires", 60, 300, source="caf"),
        *both("caf_allocataires; famille=isoles", 40, 220, source="caf"),
        *both("caf_allocataires; famille=couples_avec_enfants", 20, 80, source="caf"),
        *both("caf_allocataires; famille=couples_3_enfants_plus", 17, 40, source="caf"),
    )


def test_modalities_that_contain_one_another_do_not_give_a_small_difference(catalogue):
    masks = find_masks(nested_example(), catalogue)
    names = "couples_avec_enfants", "couples_3_enfants_plus"
    hidden = [shown(masks, f"caf_allocataires; famille={name}", "caf") for name in names]
    assert "c" in hidden and shown(masks, "caf_allocataires", "caf") == "q r c"
    assert not disclosures(nested_example(), catalogue, masks)
    others = [name for name in PROTECTIONS if name != "inclusions"]
    assert disclosures(nested_example(), catalogue, find_masks(nested_example(), catalogue, protections=others))


def test_modalities_that_add_up_to_another_do_not_give_one_back(catalogue):
    """17 dwellings of one or two rooms, 14 of two: 3 of one."""
    table = facts(
        *both("departs", 40, 160, source="bailleur"),
        *both("departs; typologie=t1", 3, 40, source="bailleur"),
        *both("departs; typologie=t2", 14, 60, source="bailleur"),
        *both("departs; typologie=t1_t2", 17, 100, source="bailleur"),
        *both("departs; typologie=t3", 23, 60, source="bailleur"),
    )
    masks = find_masks(table, catalogue)
    assert shown(masks, "departs; typologie=t1", "bailleur") == "c"
    assert not disclosures(table, catalogue, masks)


def told_by_the_producer(catalogue, *published):
    """A partner's extract with 4 in category B of the quartier, beside what Insee publishes of the same day."""
    table = facts(*parts_example().to_dict("records"), *published)
    publication = publication_of(catalogue, table)
    assert publication.masks.hides("pole_emploi", DAY, parse_cle("defm_b"), QPV)
    return publication, audit(publication).disclosures


def test_what_insee_publishes_of_masked_cells_gives_no_other_one_back(catalogue):
    """Insee blanks B, being 4, and the A that would give it back; the total AB is shown anyway."""
    insee = {"source": "insee_pole_emploi"}
    rows = [*both("defm_ab", 30, 120, **insee), *both("defm_a", None, 80, **insee), *both("defm_b", None, 40, **insee)]
    assert told_by_the_producer(catalogue, *rows)[1] == ()


def test_the_audit_reads_insee_beside_the_extracts(catalogue):
    """Were A published there, B would follow from the AB shown here: the audit says so."""
    publication, found = told_by_the_producer(catalogue, *both("defm_a", 26, 80, source="insee_pole_emploi"))
    hidden = publication.masks.hides("pole_emploi", DAY, parse_cle("defm_a"), QPV)
    cells = {(str(item.cell.cle), item.cell.territory, item.low, item.high) for item in found}
    assert hidden and ("defm_b", QPV, 4, 4) in cells


def test_another_count_of_insee_is_no_knowledge_of_the_extract(catalogue):
    """25 there, 26 here: not the same persons; nothing follows."""
    assert told_by_the_producer(catalogue, *both("defm_a", 25, 80, source="insee_pole_emploi"))[1] == ()


def test_a_cell_that_the_partner_withholds_and_insee_publishes_is_no_discovery(catalogue):
    """150 French of 203 in both; the 53 others are blank in the extract, and written in Insee's file."""
    keys = {
        "defm_abc": (203, 1308),
        "defm_abc; nationalite=francais": (150, 1152),
        "defm_abc; nationalite=etrangers": (53, 156),
    }
    insee = [row for key, pair in keys.items() for row in both(key, *pair, source="insee_pole_emploi")]
    extract = [row for key, pair in keys.items() for row in both(key, *pair)]
    blank = [row | {"valeur": float("nan"), "statut": "non_diffuse"} if row["valeur"] == 53 else row for row in extract]
    publication = publication_of(catalogue, facts(*insee, *blank))
    assert publication.masks.hides("pole_emploi", DAY, parse_cle("defm_abc; nationalite=francais"), QPV)
    assert audit(publication).disclosures == ()
