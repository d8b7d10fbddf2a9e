"""The demonstration extracts: read by the engine without a question, consistent with each other, always the same."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from ozoir.catalogue.loading import load_catalogue
from ozoir.catalogue.model import parse_cle
from ozoir.demonstration.__main__ import main
from ozoir.demonstration.generation import write_everything
from ozoir.ingestion.reading import read_delivery
from tests.indicators.second_computation import SecondComputation, current
from tests.indicators.territories import publication_of

LAST = "2020-12-31"
SMALL = 5


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    target = tmp_path_factory.mktemp("demo")
    write_everything(target, load_catalogue().territoire)
    return target


@pytest.fixture(scope="module")
def deliveries(folder):
    return {path.name: read_delivery(path, load_catalogue()) for path in sorted(folder.iterdir())}


@pytest.fixture(scope="module")
def faits(deliveries) -> pd.DataFrame:
    """Every fact of every file, the quartier and its commune only."""
    facts = pd.concat([delivery.faits.astype({"mesure": str, "source": str}) for delivery in deliveries.values()])
    return facts[facts["territoire"].isin(["QP077018", "77350"])]


def values(faits: pd.DataFrame, text: str, source: str, day: str = LAST) -> dict[str, float]:
    """Territory → value of one key at one date."""
    cle = parse_cle(text)
    is_wanted = (faits.mesure == cle.mesure) & (faits.sexe == cle.sexe) & (faits.age == cle.age) & (faits.detail == cle.detail)
    found = faits[is_wanted & (faits.source == source) & (faits.date_reference == pd.Timestamp(day))]
    return found.drop_duplicates(["territoire", "valeur"]).set_index("territoire")["valeur"].to_dict()


def test_every_file_is_recognised_without_a_question(deliveries):
    questions = {name: delivery.blocking for name, delivery in deliveries.items() if delivery.blocking or not delivery.source}
    assert questions == {}
    assert min(len(delivery.faits) for delivery in deliveries.values()) > 0


def test_every_file_is_known_as_fictitious(deliveries):
    assert [name for name, delivery in deliveries.items() if not delivery.fictif or "_fictif." not in name] == []


def test_the_partners_formats_are_all_there(deliveries):
    by_source: dict[str, set[str]] = {}
    for name, delivery in deliveries.items():
        by_source.setdefault(delivery.source, set()).add(name.rsplit(".", 1)[1])
    assert by_source["caf"] == {"xls"}
    assert by_source["mission_locale"] == {"csv"}
    assert by_source["pole_emploi"] == by_source["bailleur_logements"] == by_source["bailleur_residences"] == {"xlsx"}
    assert {"insee_demo", "insee_ipro", "insee_revn", "sdes_rpls"} <= by_source.keys()


def test_dates_go_from_2015_to_2020(deliveries):
    dates = {
        day
        for name, delivery in deliveries.items()
        if name.startswith("pole_emploi")
        for days in delivery.dates.values()
        for day in days
    }
    assert {date(year, 12, 31) for year in range(2015, 2021)} <= dates
    assert {date(year, month, day) for year in (2019, 2020) for month, day in ((3, 31), (6, 30), (9, 30))} <= dates


@pytest.mark.parametrize("source", ["pole_emploi", "insee_pole_emploi"])
def test_parts_add_up_to_their_total(faits, source):
    total = values(faits, "defm_abc", source)
    for parts in (["sexe=femmes", "sexe=hommes"], ["age=moins_25", "age=25_49", "age=50_plus"]):
        added = [values(faits, f"defm_abc; {part}", source) for part in parts]
        assert {code: sum(part[code] for part in added) for code in total} == total


def test_both_producers_of_job_seekers_say_the_same(faits):
    assert values(faits, "defm_abc", "pole_emploi") == values(faits, "defm_abc", "insee_pole_emploi")
    assert values(faits, "caf_allocataires", "caf") == values(faits, "caf_allocataires", "insee_caf")


def test_the_orders_of_magnitude_are_those_of_the_published_files(faits):
    job_seekers = values(faits, "defm_abc", "pole_emploi")
    households = values(faits, "caf_allocataires", "caf")
    population = values(faits, "population_municipale", "insee_rp_pop", "2018-01-01")
    assert 180 < job_seekers["QP077018"] < 240 and 1200 < job_seekers["77350"] < 1450
    assert 480 < households["QP077018"] < 580 and 3200 < households["77350"] < 3600
    assert 1900 < population["QP077018"] < 2200 and 19_500 < population["77350"] < 21_000


def test_the_quartier_never_exceeds_its_commune(faits):
    natures = {mesure.id: mesure.nature for mesure in load_catalogue().mesures.values()}
    counts = faits[faits["mesure"].map(natures) == "effectif"]
    keys = ["mesure", "sexe", "age", "detail", "source", "date_reference"]
    table = counts.pivot_table(index=keys, columns="territoire", values="valeur", aggfunc="max", observed=True).dropna()
    assert len(table) > 1000
    assert table[table["QP077018"] > table["77350"]].empty


def test_some_cells_are_small_enough_to_be_masked(faits):
    local = faits[faits["source"].isin(["pole_emploi", "caf", "mission_locale"]) & (faits["territoire"] == "QP077018")]
    assert ((local["valeur"] > 0) & (local["valeur"] < SMALL)).sum() > 50


def test_the_last_quarter_has_a_withheld_and_a_provisional_cell(deliveries):
    statuts = deliveries["pole_emploi_2020-12-31_fictif.xlsx"].faits["statut"].value_counts()
    assert (statuts["non_diffuse"], statuts["provisoire"]) == (1, 1)


def test_the_two_files_of_the_landlord_agree(deliveries):
    for year in range(2015, 2021):
        dwellings = deliveries[f"bailleur_logements_{year}-12-31_fictif.xlsx"]
        summary = deliveries[f"bailleur_residences_{year}-12-31_fictif.xlsx"]
        assert not dwellings.conservable and summary.conservable
        keys = ["mesure", "territoire", "sexe", "age", "detail"]
        both = dwellings.faits.merge(summary.faits, on=keys, suffixes=("", "_summary"))
        both = both[both["statut"] == "connu"]
        shared = {
            "logements_sociaux",
            "logements_proposes_location",
            "logements_occupes",
            "logements_vacants",
            "logements_vacants_3_mois",
        }
        shared |= {
            "emmenagements",
            "departs",
            "menages_impayes",
            "menages_impayes_3_mois",
            "montant_impayes",
            "logements_accessibles",
        }
        assert set(both["mesure"]) == shared and len(both) == 2 * len(shared)
        assert both["valeur"].round(2).tolist() == both["valeur_summary"].round(2).tolist()


def test_no_demonstration_file_gives_a_real_published_value(faits):
    real = {"2016-12-31": 232, "2017-12-31": 211, "2018-12-31": 214, "2019-12-31": 198, "2020-12-31": 194}
    shown = {day: values(faits, "defm_abc", "pole_emploi", day)["QP077018"] for day in real}
    assert [day for day in real if shown[day] == real[day]] == []


def test_every_indicator_computed_twice_gives_the_same_figures(deliveries):
    """Masks, sources, breakdowns and dates of the richest state, against a few lines of pandas."""
    catalogue = load_catalogue()
    tables = [
        delivery.faits.assign(import_id=number, fichier=name, charge_le=pd.Timestamp(2024, 1, 1))
        for number, (name, delivery) in enumerate(deliveries.items(), 1)
    ]
    facts = current(pd.concat(tables, ignore_index=True))
    second = SecondComputation(facts, catalogue)
    second.check(publication_of(catalogue, facts, fictif=True))
    assert second.differences == []
    assert second.compared["montré"] > 10_000 and second.compared["masque"] > 1_000


def cells_of(path: Path) -> list:
    if path.suffix == ".csv":
        return [path.read_bytes()]
    workbook = CalamineWorkbook.from_path(str(path))
    return [(name, workbook.get_sheet_by_name(name).to_python()) for name in workbook.sheet_names]


def test_two_runs_write_the_same_cells(folder, tmp_path):
    again = write_everything(tmp_path, load_catalogue().territoire)
    assert sorted(path.name for path in again) == sorted(path.name for path in folder.iterdir())
    assert [path.name for path in again if cells_of(path) != cells_of(folder / path.name)] == []


def test_the_warning_comes_first_in_every_sheet(folder):
    for path in folder.iterdir():
        if path.suffix == ".csv":
            assert path.read_text("cp1252").startswith("DONNÉES FICTIVES")
            continue
        for name, rows in cells_of(path):
            assert str(rows[0][0]).startswith("DONNÉES FICTIVES"), (path.name, name)


def test_the_command_speaks_french(capsys):
    with pytest.raises(SystemExit) as stop:
        main(["--help"])
    assert stop.value.code == 0
    assert "--sortie DOSSIER" in capsys.readouterr().out
