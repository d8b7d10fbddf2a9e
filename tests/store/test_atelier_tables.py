"""Saved layouts, doubted facts, differences: what the analyst's desk keeps and compares."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from ozoir.catalogue.declarations import write_source
from ozoir.errors import OzoirError
from ozoir.store.base import open_store
from ozoir.store.contestations import contest_fact, contested_facts, fact_key, lift_contestation
from ozoir.store.correspondances import list_correspondances, save_correspondance, with_correspondances, with_declarations
from ozoir.store.differences import compare_facts, compare_imports
from ozoir.store.facts import current_facts
from ozoir.store.imports import load_delivery
from ozoir.store.rebuilding import rebuild
from tests.store.test_imports import deliver


def test_a_saved_layout_stands_beside_the_shipped_ones(store, catalogue):
    source = replace(catalogue.sources["caf"], id="caf_locale", titre="Caf, autre tableau")
    save_correspondance(store, source.id, source.titre, write_source(source), "poste local")
    assert with_correspondances(store, catalogue).sources["caf_locale"] == source
    save_correspondance(store, source.id, source.titre, write_source(source), "poste local", retiree=True)
    assert with_correspondances(store, catalogue) is catalogue
    assert [item.retiree for item in list_correspondances(store)] == [True]


def test_a_saved_layout_that_is_no_longer_understood_is_left_out_and_the_others_stay(store, catalogue):
    source = replace(catalogue.sources["caf"], id="caf_locale")
    save_correspondance(store, "caf", "Caf", write_source(catalogue.sources["caf"]), "poste local")
    save_correspondance(
        store, "vieille", "Vieille", write_source(source).replace("caf_allocataires", "mesure_oubliee"), "poste local"
    )
    save_correspondance(store, "caf_locale", "Caf", write_source(source), "poste local")
    assert set(with_correspondances(store, catalogue).sources) - set(catalogue.sources) == {"caf_locale"}
    with pytest.raises(OzoirError, match="déjà pris"):
        with_declarations(catalogue, [write_source(catalogue.sources["caf"])])


def test_a_doubted_fact_is_known_until_the_doubt_is_lifted(store):
    load_delivery(store, deliver("a.csv", {"QP077018": 194.0}))
    (fact,) = current_facts(store, ["QP077018"]).to_dict("records")
    key = fact_key(fact)
    assert key[:5] == ("insee_pole_emploi", "defm_abc", "QP077018", "QP2015", date(2020, 12, 31))
    contest_fact(store, key, "  Le partenaire\nvérifie. ", "poste local")
    assert contested_facts(store)[key].note == "Le partenaire vérifie."
    lift_contestation(store, key, "Confirmé.", "poste local")
    assert contested_facts(store) == {}
    with pytest.raises(OzoirError, match="non contesté"):
        lift_contestation(store, key, "", "poste local")


def test_a_fact_which_is_not_there_cannot_be_doubted(store):
    key = ("insee_pole_emploi", "defm_abc", "QP077018", "QP2015", date(2020, 12, 31), "ensemble", "ensemble", "")
    with pytest.raises(OzoirError, match="inconnu"):
        contest_fact(store, key, "Pourquoi ?", "poste local")
    assert store.state() == 0


def test_a_doubt_needs_a_reason(store):
    with pytest.raises(OzoirError, match="Note"):
        contest_fact(store, ("",) * 8, "   ", "poste local")


def test_each_fact_of_a_delivery_is_new_changed_equal_or_outdated(store):
    load_delivery(store, deliver("2021.csv", {"QP077018": 194.0, "QP077019": 50.0, "QP077020": None}))
    found = compare_facts(
        store,
        deliver("2022.csv", {"QP077018": 196.0, "QP077019": 50.0, "QP077020": None, "QP077021": 7.0}, edition="2022").faits,
    )
    by_territory = found.set_index("territoire")
    assert by_territory["nature"].to_dict() == {
        "QP077018": "modifie",
        "QP077019": "inchange",
        "QP077020": "inchange",
        "QP077021": "nouveau",
    }
    assert (by_territory.loc["QP077018", "ancienne"], by_territory.loc["QP077018", "valeur"]) == (194.0, 196.0)
    older = compare_facts(store, deliver("2020.csv", {"QP077018": 190.0}, edition="2020").faits)
    assert list(older["nature"]) == ["depasse"]


def test_two_imports_are_compared_fact_by_fact(store):
    first = load_delivery(store, deliver("a.csv", {"QP077018": 194.0, "QP077019": 50.0}))
    second = load_delivery(store, deliver("b.csv", {"QP077018": 196.0, "QP077019": 50.0}, edition="2022"))
    (row,) = compare_imports(store, first.id, second.id, ["QP077018", "QP077019"]).to_dict("records")
    assert (row["territoire"], row["avant"], row["apres"]) == ("QP077018", 194.0, 196.0)


def test_saved_layouts_and_doubts_survive_a_rebuild(tmp_path, catalogue):
    path = tmp_path / "contract.duckdb"
    opened = open_store(path, create=True)
    load_delivery(opened, deliver("a.csv", {"QP077018": 194.0}))
    (fact,) = current_facts(opened, ["QP077018"]).to_dict("records")
    contest_fact(opened, fact_key(fact), "À vérifier.", "poste local")
    source = replace(catalogue.sources["caf"], id="caf_locale")
    save_correspondance(opened, source.id, source.titre, write_source(source), "poste local")
    opened.close()
    rebuild(path, catalogue)
    again = open_store(path)
    assert [item.note for item in contested_facts(again).values()] == ["À vérifier."]
    assert "caf_locale" in with_correspondances(again, catalogue).sources
    again.close()
