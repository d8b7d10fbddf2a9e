"""What is new for one person: since their own last visit, reloading does not hide it, and only what really changed."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
import pytest

from ozoir.catalogue.saisies import EtatAction, Modification
from ozoir.ingestion.delivery import Delivery
from ozoir.store import souvenirs
from ozoir.store.base import now
from ozoir.store.imports import list_imports, load_delivery, withdraw_import
from ozoir.store.suivi import save_entries
from ozoir.suivi import nouveautes
from ozoir.suivi.dossier import load_dossier
from ozoir.suivi.nouveautes import list_news, note_visit
from tests.indicators.territories import both, facts


@pytest.fixture
def clock(monkeypatch):
    """clock(minutes): the visits that follow happen that much later."""

    def move(minutes: int) -> None:
        later = now() + timedelta(minutes=minutes)
        monkeypatch.setattr(nouveautes, "now", lambda: later)

    return move


def delivery(name: str) -> Delivery:
    names = pd.DataFrame(columns=["code", "zonage", "libelle", "commune"])
    return Delivery(
        name, "0" * 64, 10, "pole_emploi", "2020", facts(*both("defm_abc", 220, 1420, day=date(2017, 12, 31))), names
    )


def test_a_first_visit_looks_back_a_month(store):
    since, is_first = note_visit(store, "poste local")
    assert is_first and timedelta(days=29) < now() - since < timedelta(days=31)


def test_coming_back_tells_what_changed_since_the_visit_before(store, clock):
    note_visit(store, "poste local")
    first = souvenirs.recall(store, "poste local", nouveautes._KEY)["vue"]
    clock(60)
    since, is_first = note_visit(store, "poste local")
    assert (since.isoformat(), is_first) == (first, False)


def test_reloading_the_page_does_not_hide_the_news(store, clock):
    note_visit(store, "poste local")
    clock(60)
    since, _ = note_visit(store, "poste local")
    clock(75)
    assert note_visit(store, "poste local")[0] == since


def test_each_person_has_their_own_last_visit(store):
    note_visit(store, "agent-1")
    assert note_visit(store, "agent-2")[1] is True


def test_a_file_loaded_then_withdrawn_is_said_as_withdrawn(store, dossier):
    before = now()
    load_delivery(store, delivery("defm.xlsx"), None, "Alice")
    news = list_news(store, dossier, before)
    assert [item.fichier for item in news.charges] == ["defm.xlsx"]
    withdraw_import(store, list_imports(store)[0].id, "Alice", "essai")
    news = list_news(store, dossier, before)
    assert (news.charges, [item.fichier for item in news.retires]) == ((), ["defm.xlsx"])
    assert list_news(store, dossier, now()).retires == ()


def test_an_action_entered_since_is_named_once(store, dossier, cadre):
    before = now()
    action = cadre.contrat.actions[0].id
    version = dossier.base(EtatAction, action, 2019)
    save_entries(store, [Modification(EtatAction(action, 2019, "en_cours", 37), version)], "Alice")
    assert list_news(store, load_dossier(store, cadre), before).actions == (action,)
    assert list_news(store, load_dossier(store, cadre), now()).actions == ()
