"""What is remembered for a person is theirs, and changes nothing else."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from ozoir.access.identites import Identite, acting_as
from ozoir.errors import OzoirError
from ozoir.store.souvenirs import recall, remember
from ozoir.suivi.nouveautes import note_visit


def test_the_latest_is_recalled_and_the_state_stays(store):
    before = store.state()
    remember(store, "Poste local", "documents", {"piliers": ["emploi"]})
    remember(store, "Poste local", "documents", {"piliers": []})
    assert recall(store, "Poste local", "documents") == {"piliers": []}
    assert recall(store, "agent-1", "documents") is None
    assert store.state() == before


@pytest.mark.parametrize("text", ["Joindre le 06 12 34 56 78", "une.personne@exemple.fr", "2 84 05 77 350 112 51"])
def test_how_to_reach_somebody_is_never_kept(store, text):
    remember(store, "Poste local", "brouillon", {"texte": "Rien de tel"})
    with pytest.raises(OzoirError, match="Il contient"):
        remember(store, "Poste local", "brouillon", {"texte": text})
    assert recall(store, "Poste local", "brouillon") == {"texte": "Rien de tel"}


def test_nobody_writes_in_the_memory_of_somebody_else(store):
    with acting_as(Identite("B", frozenset({"lecteur"}), auteur="agent-2")), pytest.raises(OzoirError):
        remember(store, "agent-1", "documents", {})
    assert recall(store, "agent-1", "documents") is None


def test_a_visit_is_not_kept_waiting_by_who_writes(store):
    """The home page notes it: it would otherwise wait for the backup before an import."""
    with store.alone(), ThreadPoolExecutor(1) as people:
        _, is_first = people.submit(note_visit, store, "Poste local").result(20)
        impatient = people.submit(remember, store, "Poste local", "documents", {}, is_waiting=False)
        assert impatient.exception(20).title == "Base occupée."
    since, is_still_first = note_visit(store, "Poste local")
    assert is_first and is_still_first  # nothing was noted meanwhile
    assert note_visit(store, "Poste local") == (since, True)  # noted: the same visit, counted from the same day
