"""Imports: one transaction, once, in the right base, undoable; the original kept or not."""

from __future__ import annotations

import hashlib
from datetime import date

import pandas as pd
import pytest

from ozoir.errors import OzoirError
from ozoir.ingestion.delivery import BLOQUANT, Delivery, Finding
from ozoir.store.base import open_store
from ozoir.store.facts import corrected_facts, current_facts, history_facts
from ozoir.store.imports import compare_delivery, list_imports, load_delivery, restore_import, withdraw_import


def deliver(name: str, values: dict[str, float | None], edition: str = "2021", **others) -> Delivery:
    """A delivery of one measure at 31/12/2020, one value per territory."""
    facts = pd.DataFrame(
        [
            {
                "mesure": "defm_abc",
                "territoire": territory,
                "zonage": "QP2015",
                "date_reference": date(2020, 12, 31),
                "sexe": "ensemble",
                "age": "ensemble",
                "detail": "",
                "valeur": float("nan") if value is None else value,
                "statut": "non_diffuse" if value is None else "connu",
                "source": "insee_pole_emploi",
                "edition": edition,
                "feuille": "",
                "ligne": 954,
                "colonne": 16,
                "entete": "ABC",
                "origine": "",
                "qpv_publies": 0,
                "qpv_non_diffuses": 0,
            }
            for territory, value in values.items()
        ]
    )
    names = pd.DataFrame({"code": list(values), "zonage": "QP2015", "libelle": "Quartier", "commune": ""})
    digest = hashlib.sha256(name.encode()).hexdigest()
    return Delivery(name, digest, 10, "insee_ipro", edition, facts, names, **others)


def value_of(store, territory: str = "QP077018"):
    (row,) = current_facts(store, [territory]).to_dict("records")
    return row["valeur"], row["statut"], row["edition"]


def test_a_loaded_fact_is_found_again_with_its_cell(store):
    loaded = load_delivery(store, deliver("a.csv", {"QP077018": 194.0}))
    (row,) = current_facts(store, ["QP077018"]).to_dict("records")
    assert (row["valeur"], row["import_id"], row["ligne"], row["colonne"], row["fichier"]) == (
        194.0,
        loaded.id,
        954,
        16,
        "a.csv",
    )
    assert row["date_reference"].date() == date(2020, 12, 31)


def test_a_withheld_fact_has_no_value(store):
    load_delivery(store, deliver("a.csv", {"QP077018": None}))
    (row,) = current_facts(store, ["QP077018"]).to_dict("records")
    assert pd.isna(row["valeur"]) and row["statut"] == "non_diffuse"


def test_the_same_bytes_twice_are_refused(store):
    load_delivery(store, deliver("a.csv", {"QP077018": 194.0}))
    state = store.state()
    with pytest.raises(OzoirError, match="déjà chargé"):
        load_delivery(store, deliver("a.csv", {"QP077018": 194.0}))
    assert store.state() == state and len(list_imports(store)) == 1


def test_a_new_edition_replaces_and_the_old_value_stays_retrievable(store):
    load_delivery(store, deliver("2021.csv", {"QP077018": 194.0}))
    load_delivery(store, deliver("2022.csv", {"QP077018": 196.0}, edition="2022"))
    assert value_of(store) == (196.0, "connu", "2022")
    assert list(history_facts(store, ["QP077018"])["valeur"]) == [194.0, 196.0]


def test_only_imports_that_were_corrected_since_are_read_as_the_past(store):
    load_delivery(store, deliver("2021.csv", {"QP077018": 194.0}))
    current = current_facts(store, ["QP077018"])
    source = current["source"][0]
    assert corrected_facts(store, ["QP077018"], [source], current).empty
    load_delivery(store, deliver("2022.csv", {"QP077018": 196.0}, edition="2022"))
    current = current_facts(store, ["QP077018"])
    assert list(corrected_facts(store, ["QP077018"], [source], current)["valeur"]) == [194.0]
    assert corrected_facts(store, ["QP077018"], ["caf"], current).empty


def test_an_older_edition_loaded_later_does_not_replace(store):
    load_delivery(store, deliver("2022.csv", {"QP077018": 196.0}, edition="2022"))
    load_delivery(store, deliver("2021.csv", {"QP077018": 194.0}))
    assert value_of(store)[0] == 196.0


def test_withdrawing_brings_back_what_was_replaced_and_restoring_undoes_it(store):
    load_delivery(store, deliver("2021.csv", {"QP077018": 194.0}))
    newer = load_delivery(store, deliver("2022.csv", {"QP077018": 196.0}, edition="2022"))
    withdraw_import(store, newer.id, "essai", "erreur du partenaire")
    assert value_of(store)[0] == 194.0
    restore_import(store, newer.id, "essai")
    assert value_of(store)[0] == 196.0


def test_a_blocking_finding_loads_nothing(store):
    delivery = deliver("a.csv", {"QP077018": -3.0}, findings=[Finding(BLOQUANT, "Effectif négatif.", cellule="P954")])
    with pytest.raises(OzoirError, match="Effectif négatif"):
        load_delivery(store, delivery)
    assert list_imports(store) == [] and store.state() == 0


def test_a_failure_half_way_leaves_nothing(store):
    delivery = deliver("a.csv", {"QP077018": 194.0})
    delivery.territoires = pd.DataFrame({"code": [None], "zonage": ["QP2015"], "libelle": ["x"], "commune": [""]})
    with pytest.raises(Exception, match="NOT NULL"):
        load_delivery(store, delivery)
    assert list_imports(store) == [] and current_facts(store, ["QP077018"]).empty and store.state() == 0


def test_fictitious_data_never_enter_a_real_base(store, tmp_path):
    with pytest.raises(OzoirError, match="fictives"):
        load_delivery(store, deliver("demo.csv", {"QP077018": 1.0}, fictif=True))
    demo = open_store(tmp_path / "demo.duckdb", create=True, fictif=True)
    load_delivery(demo, deliver("demo.csv", {"QP077018": 1.0}, fictif=True))
    with pytest.raises(OzoirError, match="démonstration"):
        load_delivery(demo, deliver("vrai.csv", {"QP077018": 194.0}))
    demo.close()


def test_the_difference_counts_new_changed_and_restated_facts(store):
    load_delivery(store, deliver("2021.csv", {"QP077018": 194.0, "QP077001": 50.0, "QP077002": None}))
    difference = compare_delivery(
        store, deliver("2022.csv", {"QP077018": 196.0, "QP077001": 50.0, "QP077002": None, "QP077003": 7.0}, edition="2022")
    )
    assert (difference.nouveaux, difference.modifies, difference.inchanges) == (1, 1, 2)


def test_the_original_is_kept_under_its_hash_with_its_card(store, tmp_path):
    received = tmp_path / "recu" / "a.csv"
    received.parent.mkdir()
    received.write_bytes(b"CODGEO;ABC\r\n")
    delivery = deliver("a.csv", {"QP077018": 194.0})
    load_delivery(store, delivery, received)
    raw = tmp_path / "raw"
    assert (raw / f"{delivery.empreinte}.csv").read_bytes() == b"CODGEO;ABC\r\n"
    assert sorted(path.name for path in raw.iterdir()) == [f"{delivery.empreinte}.csv", f"{delivery.empreinte}.json"]


def test_a_row_level_file_leaves_its_aggregate_and_no_copy(store, tmp_path):
    received = tmp_path / "logements.csv"
    received.write_bytes(b"LOGEMENT SECRET")
    delivery = deliver("logements.csv", {"QP077018": 194.0}, conservable=False)
    load_delivery(store, delivery, received)
    kept = b"".join(path.read_bytes() for path in (tmp_path / "raw").iterdir())
    assert b"LOGEMENT SECRET" not in kept and b"194" in kept
