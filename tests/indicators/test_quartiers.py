"""The quartier among the others: ranks, ties, withheld values, neighbours; by hand, then on the real files."""

from __future__ import annotations

from datetime import date
from random import Random
from time import process_time

import pandas as pd
import pytest

from ozoir.catalogue.comparables import Variable, load_comparables
from ozoir.catalogue.model import parse_cle
from ozoir.charts.figures import build_dots, build_standing
from ozoir.indicators.quartiers import VOISINS, locate, ordinal, rankable, survey
from ozoir.indicators.voisinage import measure_distances
from ozoir.ingestion.delivery import FACT_COLUMNS
from ozoir.store.quartiers import Rangement, quartier_codes, rank_quartiers
from tests.indicators.territories import QPV_CODE, fact, publication_of

POVERTY = Rangement("QP2015", "insee_filosofi", parse_cle("taux_pauvrete"))
WOMEN = Rangement("QP2015", "insee_pole_emploi", parse_cle("defm_abc; sexe=femmes"), parse_cle("defm_abc"))
Y17, Y20 = date(2017, 12, 31), date(2020, 12, 31)


def load(store, rows: list[dict], number: int = 1, contrat: str = "") -> None:
    """Facts straight into the base, as one import; of every contract when none is named."""
    table = pd.DataFrame(rows)
    columns = ", ".join(("import_id", *FACT_COLUMNS))
    with store.transaction("essai", "import", "essai") as cursor:
        cursor.execute(
            "INSERT INTO imports (id, empreinte, fichier, taille, layout, edition, auteur, charge_le, statut, faits, dates, "
            "constats, lecture, conserve, contrat) "
            "VALUES (?, ?, 'f.csv', 1, 'insee_ipro', '2021', 'essai', now(), 'charge', 1, '[]', '[]', '{}', false, ?)",
            [number, f"e{number}", contrat],
        )
        cursor.register("essai", table.assign(import_id=number))
        cursor.execute(f"INSERT INTO faits ({columns}) SELECT {columns} FROM essai")
        cursor.execute(
            "INSERT INTO territoires SELECT DISTINCT territoire, zonage, territoire, 'Commune' FROM essai "
            "WHERE territoire NOT IN (SELECT code FROM territoires)"
        )


def of_each(cle: str, values: dict[str, float | None], source: str, day: date) -> list[dict]:
    return [fact(cle, "qpv", value, source, day, territoire=code) for code, value in values.items()]


def test_ties_share_a_rank_and_withheld_values_are_counted_apart(store):
    values = {"QP077001": 40.0, "QP077002": 29.2, QPV_CODE: 29.2, "QP093001": 20.0, "QP093002": None}
    load(store, of_each("taux_pauvrete", values, "insee_filosofi", Y17))
    rows = rank_quartiers(store, POVERTY, {"QPV-FR": list(values), "QPV-77": list(values)[:3]}, QPV_CODE)
    own = rows[rows["territoire"] == QPV_CODE].set_index("aire")
    columns = ["rang", "ex_aequo", "publies", "non_diffuses", "inferieurs", "mediane"]
    assert own.loc["QPV-FR", columns].tolist() == [2, 2, 4, 1, 1, 29.2]
    assert own.loc["QPV-77", columns].tolist() == [2, 2, 3, 0, 0, 29.2]


def test_what_was_sent_to_another_contract_is_not_ranked(store):
    load(store, of_each("taux_pauvrete", {"QP077001": 40.0, QPV_CODE: 29.2, "QP093001": 20.0}, "insee_filosofi", Y17))
    load(store, of_each("taux_pauvrete", {"QP077001": 10.0, QPV_CODE: 50.0}, "insee_filosofi", Y17), 2, "une-autre-ville")
    areas = {"QPV-FR": ["QP077001", QPV_CODE, "QP093001"]}
    own = rank_quartiers(store, POVERTY, areas, QPV_CODE).set_index("territoire").loc[QPV_CODE]
    assert (own["valeur"], own["rang"]) == (29.2, 2)


def test_a_rate_needs_both_terms_of_the_same_quartier(store):
    women = {"QP077001": 60, "QP077002": None, QPV_CODE: 96, "QP093001": 50}
    everyone = {"QP077001": 100, "QP077002": 80, QPV_CODE: 194, "QP093001": None}
    load(
        store,
        of_each("defm_abc; sexe=femmes", women, "insee_pole_emploi", Y20)
        + of_each("defm_abc", everyone, "insee_pole_emploi", Y20),
    )
    rows = rank_quartiers(store, WOMEN, {"QPV-FR": list(women)}, QPV_CODE)
    own = rows[rows["territoire"] == QPV_CODE].iloc[0]
    assert round(own["valeur"], 3) == 49.485
    assert own[["rang", "publies", "non_diffuses"]].tolist() == [2, 2, 2]


def test_the_denominator_may_be_the_latest_known(store):
    rows = of_each("caf_personnes_couvertes", {QPV_CODE: 1410, "QP077001": 900}, "insee_caf", date(2019, 12, 31))
    rows += of_each("population_municipale", {QPV_CODE: 2034, "QP077001": 1200}, "insee_rp_pop", date(2013, 1, 1))
    rows += of_each("population_municipale", {QPV_CODE: 2016, "QP077001": None}, "insee_rp_pop", date(2018, 1, 1))
    load(store, rows)
    keys = parse_cle("caf_personnes_couvertes"), parse_cle("population_municipale")
    asked = Rangement("QP2015", "insee_caf", *keys, "insee_rp_pop", True)
    found = rank_quartiers(store, asked, {"QPV-FR": [QPV_CODE, "QP077001"]}, QPV_CODE).set_index("territoire")
    assert round(found.loc[QPV_CODE, "valeur"], 2) == round(100 * 1410 / 2016, 2)
    assert found.loc["QP077001", "valeur"] == 75.0  # 900 of 1 200, its latest known population


def test_the_nearest_is_the_nearest_by_hand():
    """Own 1 000 and 40; A differs by its size only, B by its rate only; spreads by numpy's formula."""
    table = pd.DataFrame({0: [1000.0, 2000.0, 1000.0], 1: [40.0, 40.0, 44.0]}, index=["own", "A", "B"])
    variables = [Variable("Population", "habitants", "m", "s", 2.0, logarithme=True), Variable("Part", "%", "m", "s", 1.0)]
    distances = measure_distances(table, "own", variables)
    z = 1 / (2 / 9) ** 0.5  # one of three apart: its gap is 1 when the standard deviation is √(2/9)
    assert distances["A"] == pytest.approx((2 * z**2 / 3) ** 0.5)
    assert distances["B"] == pytest.approx((z**2 / 3) ** 0.5)
    assert distances.index[0] == "own" and distances["own"] == 0


def test_declared_variables_exist_and_protect_themselves(catalogue):
    for item in load_comparables().variables:
        assert item.cle_de_fait.mesure in catalogue.mesures
        assert catalogue.statistiques[item.source].protegee


def test_without_national_files_there_is_no_ground(store, catalogue):
    load(store, of_each("taux_pauvrete", {QPV_CODE: 29.2}, "insee_filosofi", Y17))
    assert survey(store, catalogue, load_comparables()) is None


@pytest.fixture
def country(store, catalogue):
    """Sixty quartiers of three départements, drawn at random, among them the contract's own."""
    random = Random(4)
    codes = [
        QPV_CODE,
        *(f"QP0{place}{rank:03d}" for place in (77, 93, 59) for rank in range(1, 21) if f"QP0{place}{rank:03d}" != QPV_CODE),
    ]
    rows = []
    for code in codes:
        people = random.randint(1000, 6000)
        seekers = random.randint(80, 400)
        women = random.randint(30, seekers - 30)
        values = [
            ("population_municipale", people, "insee_rp_pop", date(2018, 1, 1)),
            ("part_population_age; age=0_24", random.uniform(30, 50), "insee_rp", date(2017, 1, 1)),
            ("part_menages_1_personne", random.uniform(15, 50), "insee_rp", date(2017, 1, 1)),
            ("taux_pauvrete", random.uniform(25, 50), "insee_filosofi", Y17),
            ("defm_abc", seekers, "insee_pole_emploi", Y20),
            ("defm_abc; sexe=femmes", women, "insee_pole_emploi", Y20),
        ]
        rows += [fact(cle, "qpv", value, source, day, territoire=code) for cle, value, source, day in values]
    load(store, rows)
    own = pd.DataFrame([row for row in rows if row["territoire"] == QPV_CODE])
    return store, publication_of(catalogue, own), pd.DataFrame(rows)


def test_a_place_recomputed_in_plain_pandas(country, catalogue):
    store, publication, facts = country
    terrain = survey(store, catalogue, load_comparables())
    classement = locate(store, publication, terrain, "part_femmes_defm")
    wide = facts[facts["mesure"] == "defm_abc"].pivot(index="territoire", columns="sexe", values="valeur")
    rates = 100 * wide["femmes"] / wide["ensemble"]
    own = rates[QPV_CODE]
    by_area = {place.aire: place for place in classement.derniere.positions}
    assert by_area["QPV-FR"].rang == 1 + (rates > own).sum()
    assert by_area["QPV-FR"].mediane == pytest.approx(rates.median())
    assert by_area["QPV-77"].rang == 1 + (rates[rates.index.str.startswith("QP077")] > own).sum()
    assert by_area["QPV-R11"].publies == rates.index.str[:5].isin(["QP077", "QP093"]).sum()
    assert by_area[VOISINS].publies == 16
    assert by_area["QPV-FR"].rang_haut <= by_area["QPV-FR"].rang <= by_area["QPV-FR"].rang_bas


def test_the_charts_hold_every_quartier_and_say_the_rank(country, catalogue):
    store, publication, facts = country
    classement = locate(store, publication, survey(store, catalogue, load_comparables()), "part_femmes_defm")
    chart = build_dots(classement, "Femmes", False)
    dots = chart.figure.data[0]
    assert len(dots.x) == facts["territoire"].nunique() - 1
    assert f"{ordinal(classement.derniere.positions[0].rang)} rang" in chart.alt
    assert build_standing(classement, "Femmes", False) is None  # one date alone draws no path
    assert chart.sombre.data[0].marker.color != dots.marker.color


def test_counts_are_not_ranked(country, catalogue):
    store, publication, _ = country
    terrain = survey(store, catalogue, load_comparables())
    assert "defm_abc" not in {item.id for item in rankable(terrain, catalogue)}
    assert locate(store, publication, terrain, "defm_abc").raison


def test_the_order_in_which_quartiers_come_changes_nothing(country, catalogue):
    store, _, _ = country
    codes = quartier_codes(store, "QP2015")
    one, other = (rank_quartiers(store, WOMEN, {"QPV-FR": order}, QPV_CODE) for order in (codes, codes[::-1]))
    pd.testing.assert_frame_equal(one, other)


def test_a_masked_figure_has_no_place(country, catalogue, monkeypatch):
    """Where our own masks withhold the figure, neither its value nor its rank is told."""
    store, publication, _ = country
    monkeypatch.setattr(type(publication.masks), "hides", lambda *_: True)
    classement = locate(store, publication, survey(store, catalogue, load_comparables()), "part_femmes_defm")
    assert classement.etapes == () and "Secret statistique" in classement.raison


def test_ranks_are_written_in_french():
    assert [ordinal(1), ordinal(1, "re"), ordinal(2), ordinal(1012)] == ["1er", "1re", "2e", "1\u202f012e"]


def test_the_real_place_among_all_the_quartiers(store, catalogue, shared_data):
    """IPRO edition 2021, women among job seekers at 31/12/2020, ranked by a few lines of pandas; and how long it takes."""
    from ozoir.ingestion.reading import receive
    from tests.indicators.test_real_files import number, read_raw

    path = shared_data / "insee_qpv" / "IPRO_2021.csv"
    facts = receive(path, catalogue).faits
    kept = facts[(facts["zonage"] == "QP2015") & (facts["mesure"] == "defm_abc")]
    load(store, kept.assign(import_id=1, qpv_publies=0, qpv_non_diffuses=0))
    table = read_raw(path)
    codes = [code for code in table.index if code.startswith("QP")]
    pairs = {code: (number(table, code, "ABC_F"), number(table, code, "ABC")) for code in codes}
    rates = {code: 100 * women / everyone for code, (women, everyone) in pairs.items() if women and everyone}
    areas = {"QPV-FR": codes, "QPV-77": [code for code in codes if code.startswith("QP077")]}
    times = []
    for _ in range(3):
        start = process_time()
        rows = rank_quartiers(store, WOMEN, areas, QPV_CODE)
        times.append(process_time() - start)
    own = rows[rows["territoire"] == QPV_CODE].set_index("aire").loc["QPV-FR"]
    assert own["rang"] == 1 + sum(value > rates[QPV_CODE] for value in rates.values())
    assert own["publies"] == len(rates) and own["non_diffuses"] == len(codes) - len(rates)
    assert min(times) < 0.1  # of work, whatever else the machine does: 20 ms here, 60 ms with every national file
