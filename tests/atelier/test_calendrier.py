"""What each partner owes: received, expected, late, never received."""

from __future__ import annotations

from datetime import date, datetime

from ozoir.atelier.calendrier import add_months, list_deadlines
from ozoir.catalogue.suivi import load_cadre
from ozoir.store.imports import Import


def received(number: int, day: str, layout: str = "pole_emploi", statut: str = "charge") -> Import:
    dates = {"Demandeurs d’emploi en fin de mois": [day]}
    return Import(
        number,
        "0" * 64,
        f"{layout}_{day}.xlsx",
        10,
        layout,
        "",
        "x",
        datetime(2021, 2, 1),
        statut,
        10 * number,
        dates,
        [],
        {},
        True,
    )


def state(catalogue, imports, today: date, source: str = "pole_emploi"):
    deadlines = list_deadlines(catalogue, load_cadre(catalogue.contrat).regles, imports, today)
    return next(item for item in deadlines if item.source.id == source)


def test_a_quarterly_file_is_due_two_months_after_the_next_quarter(catalogue):
    found = state(catalogue, [received(1, "2020-12-31")], date(2021, 3, 15))
    assert (found.etat, found.derniere_date, found.attendu_le) == ("recu", date(2020, 12, 31), date(2021, 5, 30))
    assert state(catalogue, [received(1, "2020-12-31")], date(2021, 4, 15)).etat == "attendu"
    assert state(catalogue, [received(1, "2020-12-31")], date(2021, 6, 1)).etat == "en_retard"


def test_what_never_came_or_was_withdrawn_is_said(catalogue):
    assert state(catalogue, [], date(2021, 6, 1)).etat == "jamais"
    assert state(catalogue, [received(1, "2020-12-31", statut="retire")], date(2021, 3, 1)).etat == "jamais"


def test_the_delivery_before_the_last_is_known(catalogue):
    found = state(catalogue, [received(1, "2020-09-30"), received(2, "2020-12-31")], date(2021, 3, 1))
    assert (found.dernier.id, found.precedent.id) == (2, 1)


def test_local_extracts_come_first_under_the_contract_s_names(catalogue):
    deadlines = list_deadlines(catalogue, load_cadre(catalogue.contrat).regles, [], date(2021, 6, 1))
    is_local = [item.source.locale for item in deadlines]
    assert is_local == sorted(is_local, reverse=True) and sum(is_local) == 6
    assert "Osica" in {item.partenaire for item in deadlines}


def test_months_end_on_their_last_day():
    assert add_months(date(2020, 12, 31), 3) == date(2021, 3, 31)
    assert add_months(date(2021, 6, 30), 3) == date(2021, 9, 30)
    assert add_months(date(2019, 11, 30), 3) == date(2020, 2, 29)
    assert add_months(date(2020, 1, 15), 12) == date(2021, 1, 15)
