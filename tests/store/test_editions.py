"""Frozen editions: one name each, never changed, checked when read."""

from __future__ import annotations

import pytest

from ozoir.access.identites import Identite, acting_as
from ozoir.errors import OzoirError
from ozoir.store.editions import find_edition, list_editions, read_edition, save_edition


def save(store, nom="COPIL du 12/03/2020", contenu='{"a":1}'):
    return save_edition(store, nom, 2019, "publique", "version 1", 4, contenu, "cheffe de projet")


def test_an_edition_comes_back_by_its_name_or_number_as_it_was_frozen(store):
    saved = save(store)
    assert find_edition(store, "copil du 12/03/2020") == saved == find_edition(store, str(saved.id))
    assert read_edition(store, saved) == '{"a":1}' and saved.auteur == "cheffe de projet"


def test_a_name_serves_once(store):
    save(store)
    with pytest.raises(OzoirError, match="déjà pris"):
        save(store, "  COPIL  du 12/03/2020 ", '{"a":2}')
    assert len(list_editions(store)) == 1


@pytest.mark.parametrize("nom", ["", "   ", "x" * 81])
def test_a_name_must_be_short_and_say_something(store, nom):
    with pytest.raises(OzoirError, match="Nom d’édition"):
        save(store, nom)


def test_an_unknown_edition_is_refused_with_the_known_ones(store):
    save(store)
    with pytest.raises(OzoirError, match="Vouliez-vous dire « COPIL du 12/03/2020 »"):
        find_edition(store, "COPIL du 13/03/2020")


def test_the_names_of_restricted_editions_are_not_told_to_a_reader(store):
    save_edition(store, "Entre signataires", 2020, "restreinte", "1", 0, "{}", "essai")
    save_edition(store, "Pour tous", 2020, "publique", "1", 0, "{}", "essai")
    with acting_as(Identite("Line", frozenset({"lecteur"}))), pytest.raises(OzoirError) as refusal:
        find_edition(store, "Entre")
    assert "Pour tous" in refusal.value.message and "signataires" not in refusal.value.message


def test_a_text_changed_behind_our_back_is_refused(store):
    saved = save(store)
    store.cursor().execute("UPDATE editions SET contenu = '{}'")
    with pytest.raises(OzoirError, match="altérée"):
        read_edition(store, saved)


def test_freezing_is_written_in_the_journal(store):
    saved = save(store)
    acte, objet = store.cursor().execute("SELECT acte, objet FROM journal ORDER BY id DESC LIMIT 1").fetchone()
    assert (acte, objet) == ("édition figée", saved.nom)
