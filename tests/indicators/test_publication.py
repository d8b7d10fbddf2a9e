"""What comes out of a base: masked, computed, kept until the base changes, and safe when several ask at once."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, replace
from datetime import date
from threading import Event

import pandas as pd
import pytest

from ozoir.errors import OzoirError
from ozoir.indicators import publication as publication_module
from ozoir.indicators.audit import all_results, audit
from ozoir.indicators.computation import Computation
from ozoir.indicators.evolution import latest_evolution
from ozoir.indicators.fact_index import FactIndex
from ozoir.indicators.masking import Masks
from ozoir.indicators.publication import Publication, publish
from ozoir.indicators.results import MANQUANT, MASQUE, NON_CALCULE, NON_DIFFUSE, Figure
from ozoir.ingestion.delivery import FACT_COLUMNS, Delivery
from ozoir.store.imports import load_delivery
from tests.indicators.territories import both, fact, facts, publication_of, random_territory

Y15, Y19, Y20 = date(2015, 12, 31), date(2019, 12, 31), date(2020, 12, 31)


def deliver(table: pd.DataFrame, name: str = "extrait.xlsx", edition: str = "2021") -> Delivery:
    rows = table[list(FACT_COLUMNS)].assign(edition=edition)
    rows["date_reference"] = rows["date_reference"].dt.date
    names = pd.DataFrame({"code": ["QP077018"], "zonage": "QP2015", "libelle": "Quartier", "commune": ""})
    return Delivery(name, hashlib.sha256(name.encode()).hexdigest(), 10, "pole_emploi", edition, rows, names)


def small_women():
    return facts(*both("defm_abc", 30, 131), *both("defm_abc; sexe=femmes", 4, 61), *both("defm_abc; sexe=hommes", 26, 70))


def figures_of(result):
    for serie in result.series:
        for point in serie.points:
            for field in fields(point):
                value = getattr(point, field.name)
                if isinstance(value, Figure):
                    yield serie, point, field.name, value


def test_a_base_is_published_then_kept_until_it_changes(store, catalogue):
    load_delivery(store, deliver(facts(*both("defm_abc", 194, 1500))))
    first = publish(store, catalogue)
    assert publish(store, catalogue) is first and first.state == store.state()
    assert first.result("defm_abc").total.latest.reste.valeur == 1306
    load_delivery(store, deliver(facts(*both("defm_abc", 196, 1500)), "suite.xlsx", "2022"))
    second = publish(store, catalogue)
    assert second is not first
    assert second.result("defm_abc").total.latest.reste.valeur == 1304


def test_while_one_computes_the_others_read_the_former_state(store, catalogue, monkeypatch):
    """But for who wrote: they see what they have just done."""
    load_delivery(store, deliver(facts(*both("defm_abc", 194, 1500))))
    first, compute = publish(store, catalogue), publication_module._publish
    written, begun, may_end, made = Event(), Event(), Event(), []

    def slowly(*given):
        made.append(given)
        begun.set()
        may_end.wait(20)
        return compute(*given)

    def write_and_read():
        load_delivery(store, deliver(facts(*both("defm_abc", 196, 1500)), "suite.xlsx", "2022"))
        written.set()
        begun.wait(20)
        return publish(store, catalogue)

    monkeypatch.setattr(publication_module, "_publish", slowly)
    with ThreadPoolExecutor(2) as people:
        author = people.submit(write_and_read)
        written.wait(20)
        reader = people.submit(publish, store, catalogue)
        assert begun.wait(20)
        assert publish(store, catalogue) is first
        may_end.set()
        assert author.result(20) is reader.result(20) and len(made) == 1
    assert author.result().state == store.state() > first.state


def test_a_masked_value_is_in_no_figure_and_no_fact(store, catalogue):
    load_delivery(store, deliver(small_women()))
    publication = publish(store, catalogue)
    result = publication.result("defm_abc", "sexe")
    for serie, _, name, figure in figures_of(result):
        if serie.modalite and name in ("qpv", "reste", "part"):
            assert figure.statut == MASQUE
            assert figure.valeur is figure.numerateur is figure.denominateur is figure.marge is None
            assert figure.provenances == ()
    assert [serie.points[0].commune.valeur for serie in result.series] == [131, 61, 70]
    masked = publication.faits().query("statut == 'masque'")
    assert set(masked["sexe"]) == {"femmes", "hommes"} and masked["valeur"].isna().all()
    share = publication.result("part_femmes_defm").total.latest
    assert (share.qpv.statut, share.ecart.statut, share.a_rattraper.statut) == (MASQUE,) * 3
    assert round(share.commune.valeur, 1) == 46.6


def test_the_audit_of_a_publication_finds_nothing(store, catalogue):
    load_delivery(store, deliver(random_territory(3)))
    report = audit(publish(store, catalogue))
    assert report.disclosures == () and report.masked > 0
    assert "Aucune divulgation" in report.text()
    assert report.kept["telle que publiée"] < 100


def test_the_audit_sees_a_figure_that_leaks(catalogue):
    """Masked in the facts, but computed from facts that were not: every rate shown gives the count back."""
    publication = publication_of(catalogue, small_women())
    nothing = Masks({}, frozenset(), {})
    publication._computation = Computation(catalogue, FactIndex(small_women(), nothing, catalogue))
    found = audit(publication).disclosures
    assert any(item.cell.cle.sexe == "femmes" and item.cell.territory == "qpv" for item in found)


def test_many_threads_get_the_same_answers(catalogue):
    publication = publication_of(catalogue, random_territory(11, (Y19, Y20)))
    names = [(item.id, name) for item in catalogue.indicateurs.values() for name in ("", *item.decoupages)]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda pair: publication.result(*pair), names * 3))
    assert all(found[rank] is found[rank + len(names)] for rank in range(len(names)))


def test_an_unknown_indicator_is_said_with_the_nearest(catalogue):
    with pytest.raises(OzoirError, match="Vouliez-vous dire « defm_a"):
        publication_of(catalogue, small_women()).result("defm_acb")
    with pytest.raises(OzoirError, match="Découpage"):
        publication_of(catalogue, small_women()).result("defm_abc", "sexes")


def test_two_filters_cross(catalogue):
    table = facts(*both("defm_abc", 100, 500), *both("defm_abc; sexe=femmes; age=50_plus", 30, 90))
    result = publication_of(catalogue, table).result("defm_abc", filtres={"sexe": "femmes", "age": "50_plus"})
    assert result.total.latest.qpv.valeur == 30
    assert "femmes" in result.message and "50 ans et plus" in result.message


def test_a_figure_says_which_cells_it_comes_from(catalogue):
    table = facts(fact("defm_abc", "qpv", 194, ligne=7, colonne=2, feuille="DEFM"), fact("defm_abc", "commune", 1500, ligne=8))
    (quartier, commune) = publication_of(catalogue, table).result("defm_abc").provenances
    assert (quartier.fichier, quartier.feuille, quartier.cellule) == ("extrait.xlsx", "DEFM", "B7")
    assert commune.cellule == "C8"


def test_the_source_that_gives_both_territories_is_preferred(catalogue):
    table = facts(fact("defm_abc", "qpv", 190, source="insee_pole_emploi"), *both("defm_abc", 194, 1500, source="pole_emploi"))
    point = publication_of(catalogue, table).result("defm_abc").total.latest
    assert (point.source, point.qpv.valeur, point.reste.valeur) == ("pole_emploi", 194, 1306)


def test_a_source_that_knows_only_the_commune_does_not_cut_the_series(catalogue):
    table = facts(
        fact("defm_abc", "qpv", 198, source="insee_pole_emploi", day=Y19),
        fact("defm_abc", "commune", 1500, source="dares_defm", day=date(2020, 3, 31)),
        fact("defm_abc", "qpv", 194, source="insee_pole_emploi", day=Y20),
    )
    points = publication_of(catalogue, table).result("defm_abc").total.points
    assert [(point.date_reference, point.segment) for point in points] == [(Y19, 0), (Y20, 0)]
    assert points[-1].reste.statut == MANQUANT


def test_the_latest_known_population_is_the_denominator(catalogue):
    table = facts(
        *both("defm_abc", 194, 1500),
        *both("population_municipale", 2034, 19917, source="insee_rp_pop", day=date(2013, 1, 1)),
        *both("population_municipale", 2016, 20191, source="insee_rp_pop", day=date(2018, 1, 1)),
    )
    result = publication_of(catalogue, table).result("taux_inscription_defm")
    point = result.total.latest
    assert (point.qpv.denominateur, point.date_denominateur) == (2016, date(2018, 1, 1))
    assert point.reste.denominateur == 20191 - 2016
    assert any("2018" in note and "Dénominateur" in note for note in result.notes)


def test_a_population_of_another_zoning_is_not_a_denominator(catalogue):
    table = facts(
        fact("defm_abc", "qpv", 210, day=date(2024, 12, 31), territoire="QN07718M", zonage="QP2024"),
        fact("population_municipale", "qpv", 2016, source="insee_rp_pop", day=date(2018, 1, 1)),
    )
    figure = publication_of(catalogue, table).result("taux_inscription_defm").total.latest.qpv
    assert figure.statut == NON_CALCULE and "QP2015" in figure.raison


def test_the_zoning_of_2024_starts_another_segment(catalogue):
    table = facts(
        fact("defm_abc", "qpv", 214, day=date(2023, 12, 31)),
        fact("defm_abc", "qpv", 190, day=date(2024, 12, 31), territoire="QN07718M", zonage="QP2024"),
    )
    result = publication_of(catalogue, table).result("defm_abc")
    assert [point.segment for point in result.total.points] == [0, 1]
    assert result.total.evolution is None
    assert any("périmètre" in note for note in result.notes)


def test_a_declared_break_is_not_crossed(catalogue):
    values = {date(2023, 12, 31): 200, date(2024, 12, 31): 204, date(2025, 12, 31): 290}
    table = facts(*(fact("defm_abc", "qpv", value, day=day) for day, value in values.items()))
    result = publication_of(catalogue, table).result("defm_abc")
    assert [point.segment for point in result.total.points] == [0, 0, 1]
    assert (result.total.evolution.debut.year, result.total.evolution.fin.year) == (2023, 2024)
    assert any(note.startswith("Rupture de série") for note in result.notes)


def test_evolution_starts_at_the_t0_of_the_source(catalogue):
    days = (date(2014, 12, 31), Y15, Y20)
    table = facts(
        *(
            fact("caf_allocataires", "qpv", value, source="caf", day=day)
            for day, value in zip(days, (300, 442, 520), strict=True)
        )
    )
    evolution = publication_of(catalogue, table).result("foyers_caf").total.evolution
    assert (evolution.debut, evolution.qpv.valeur) == (Y15, 78)
    assert evolution.is_significant and evolution.sens == "stable"  # no wanted direction


def test_t0_is_that_of_the_source_of_the_segment_compared(catalogue):
    days = (date(2014, 12, 31), Y15, Y20)
    table = facts(*(fact("caf_allocataires", "qpv", 300 + day.year, source="caf", day=day) for day in days))
    publication = publication_of(catalogue, table)
    result = publication.result("foyers_caf")
    alone = replace(result.total.points[-1], date_reference=date(2021, 12, 31), source="insee_filosofi", segment=1)
    evolution = latest_evolution((*result.total.points, alone), result.indicateur, catalogue)
    assert evolution.debut == Y15


def test_a_change_within_its_margin_has_no_direction(catalogue):
    table = facts(fact("defm_abc", "qpv", 194, day=Y19), fact("defm_abc", "qpv", 214, day=Y20))
    evolution = publication_of(catalogue, table).result("defm_abc").total.evolution
    assert evolution.qpv.valeur == 20 and round(evolution.qpv.marge, 1) == 39.6
    assert (evolution.is_significant, evolution.sens) == (False, "stable")


def test_a_clear_fall_of_job_seekers_is_favourable(catalogue):
    table = facts(fact("defm_abc", "qpv", 294, day=Y15), fact("defm_abc", "qpv", 194, day=Y20))
    assert publication_of(catalogue, table).result("defm_abc").total.evolution.sens == "favorable"


def test_the_change_of_a_gap_has_its_own_margin(catalogue):
    table = facts(
        *both("caf_allocataires", 500, 3500, source="caf", day=Y15),
        *both("caf_rsa_socle", 100, 300, source="caf", day=Y15),
        *both("caf_allocataires", 500, 3500, source="caf", day=Y20),
        *both("caf_rsa_socle", 50, 250, source="caf", day=Y20),
    )
    serie = publication_of(catalogue, table).result("part_rsa_caf").total
    before, after = (point.ecart for point in serie.points)
    assert round(before.valeur, 2) == round(20 - 100 * 200 / 3000, 2)
    assert round(serie.evolution.ecart.valeur, 6) == round(after.valeur - before.valeur, 6) == -10
    assert round(serie.evolution.ecart.marge, 3) == round((before.marge**2 + after.marge**2) ** 0.5, 3)
    assert serie.evolution.is_significant


def test_masked_and_withheld_dates_make_no_evolution(catalogue):
    table = facts(
        fact("defm_abc", "qpv", 3, day=Y19),
        fact("defm_abc", "qpv", 30, day=Y20),
        fact("caf_allocataires", "qpv", None, source="insee_caf", day=Y19),
        fact("caf_allocataires", "qpv", 30, source="insee_caf", day=Y20),
    )
    publication = publication_of(catalogue, table)
    for name, statut in (("defm_abc", MASQUE), ("foyers_caf", NON_DIFFUSE)):
        serie = publication.result(name).total
        assert serie.points[0].qpv.statut == statut and serie.evolution is None


def test_modalities_are_set_against_a_denominator_broken_down_like_them(catalogue):
    table = facts(
        *both("jeunes_suivis", 100, 400, source="mission_locale"),
        *both("jeunes_suivis; sexe=femmes", 60, 210, source="mission_locale"),
        *both("jeunes_suivis; sexe=hommes", 40, 190, source="mission_locale"),
        *both("entrees_emploi", 30, 120, source="mission_locale"),
        *both("entrees_emploi; sexe=femmes", 18, 62, source="mission_locale"),
        *both("entrees_emploi; sexe=hommes", 12, 58, source="mission_locale"),
    )
    result = publication_of(catalogue, table).result("taux_acces_emploi_jeunes", "sexe")
    assert [serie.modalite for serie in result.series] == ["", "femmes", "hommes"]
    assert [serie.latest.qpv.valeur for serie in result.series] == [30, 30, 30]
    assert [serie.latest.qpv.denominateur for serie in result.series] == [100, 60, 40]


def test_sums_of_qpv_make_a_comparator(catalogue):
    paired = {
        "territoire": "QPV-77",
        "zonage": "QP2015",
        "source": "insee_pole_emploi",
        "qpv_publies": 22,
        "qpv_non_diffuses": 2,
    }
    table = facts(
        fact("defm_abc", "qpv", 194, source="insee_pole_emploi"),
        fact("defm_abc; sexe=femmes", "qpv", 96, source="insee_pole_emploi"),
        fact("defm_abc; sexe=femmes", "qpv", 6007, detail="champ:defm_abc", **paired),
        fact("defm_abc", "qpv", 12247, detail="champ:defm_abc, sexe=femmes", **paired),
    )
    result = publication_of(catalogue, table).result("part_femmes_defm")
    (comparator,) = result.total.latest.comparateurs
    assert round(comparator.figure.valeur, 2) == 49.05
    assert (comparator.qpv_publies, comparator.qpv_non_diffuses) == (22, 2)
    assert "l’ensemble des QPV de Seine-et-Marne" in result.lecture


def test_every_result_of_an_empty_base_says_what_is_awaited(catalogue):
    publication = publication_of(catalogue, small_women().iloc[:0])
    for result in publication.results():
        assert result.is_empty and result.attente.startswith("Pas encore de donnée")
    assert not any(item.is_fed for item in publication.couverture())


def test_no_figure_without_value_lacks_its_reason(catalogue):
    table = facts(*random_territory(5, (Y19, Y20)).to_dict("records"), *both("caf_rsa_socle", 50, 250, source="caf"))
    for result in all_results(publication_of(catalogue, table)):
        for _, _, name, figure in figures_of(result):
            assert figure.is_shown or (figure.statut and figure.raison), (result.indicateur.id, name)


def test_a_publication_is_not_rebuilt_for_another_reader(catalogue):
    publication = publication_of(catalogue, small_women())
    assert isinstance(publication, Publication)
    assert publication.result("defm_abc") is publication.result("defm_abc", "", {})
