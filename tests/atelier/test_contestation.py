"""A doubted figure keeps its value, and its note is shown wherever it is used."""

from __future__ import annotations

from ozoir.atelier.contestation import contest_fact, contested_facts, fact_key, lift_contestation
from ozoir.indicators.publication import publish
from ozoir.store.facts import current_facts
from ozoir.store.imports import load_delivery
from tests.store.test_imports import deliver


def test_the_note_of_a_doubted_figure_goes_with_its_indicator(store, catalogue):
    load_delivery(store, deliver("a.csv", {"QP077018": 194.0, "77350": 1308.0}))
    using = [
        result.indicateur.id
        for result in publish(store, catalogue).results()
        if result.total and result.total.cle.mesure == "defm_abc" and not result.is_empty
    ]
    assert using
    before = {name: publish(store, catalogue).result(name) for name in using}
    (fact,) = current_facts(store, ["QP077018"]).to_dict("records")
    contest_fact(store, fact_key(fact), "Écart avec le fichier de l’agence", "Analyste")
    for name in using:
        result = publish(store, catalogue).result(name)
        (note,) = set(result.notes) - set(before[name].notes)
        assert note.startswith(
            "Chiffre contesté (donnée au 31/12/2020)\u00a0: Écart avec le fichier de l’agence – Analyste, le "
        )
        assert result.series == before[name].series
    lift_contestation(store, fact_key(fact), "Confirmé", "Analyste")
    assert contested_facts(store) == {}
    assert publish(store, catalogue).result(using[0]).notes == before[using[0]].notes
