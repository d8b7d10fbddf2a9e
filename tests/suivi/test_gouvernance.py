"""The contract's memory: what a year inherits, what became of it, what is late, what charts may mark."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from ozoir.catalogue.saisies import Decision, Modification, Proposition
from ozoir.suivi.dossier import load_dossier
from ozoir.suivi.enregistrement import save
from ozoir.suivi.gouvernance import carried_over, evenements, late_items, list_meetings, next_programme, opinions


def texts(versions):
    return [version.saisie.texte for version in versions]


def test_a_meeting_carries_its_decisions(dossier):
    (meeting,) = list_meetings(dossier, 2016)
    assert texts(meeting.decisions) == ["Relancer la mission locale"]
    assert list_meetings(dossier, 2017) == []


def test_a_year_inherits_what_is_open_and_says_what_it_closed(dossier):
    inherited = carried_over(dossier, Decision, 2016)
    assert texts(inherited.ouverts) == []
    assert [(v.saisie.texte, v.saisie.suite) for v in inherited.clos] == [("Trouver une salle", "Salle trouvée")]
    assert texts(carried_over(dossier, Decision, 2017).ouverts) == ["Relancer la mission locale"]


def test_seen_from_2015_next_year_s_closing_is_still_open(dossier):
    assert texts(carried_over(dossier, Decision, 2015).ouverts) == []
    assert texts(carried_over(dossier, Decision, 2016).clos) == ["Trouver une salle"]


def test_an_open_item_is_carried_until_it_is_closed(dossier, store, cadre):
    version = carried_over(dossier, Decision, 2017).ouverts[0]
    done = replace(version.saisie, statut="faite", suite="Convention signée", clos_le=date(2018, 2, 1))
    save(store, cadre, [Modification(done, version.id)], "Alice")
    later = load_dossier(store, cadre)
    assert texts(carried_over(later, Decision, 2017).ouverts) == ["Relancer la mission locale"]
    assert [v.saisie.suite for v in carried_over(later, Decision, 2018).clos] == ["Convention signée"]
    assert carried_over(later, Decision, 2019).ouverts == ()


def test_late_items_are_open_and_past_due(dossier):
    assert texts(late_items(dossier, date(2016, 7, 1))) == ["Relancer la mission locale"]
    assert late_items(dossier, date(2016, 6, 30)) == []


def test_the_next_programme_leaves_out_what_was_set_aside(dossier):
    assert texts(next_programme(dossier, 2016)) == ["Ouvrir le samedi"]
    assert len(dossier.select(Proposition, annee=2016)) == 2


def test_opinions_of_a_year(dossier):
    assert [version.saisie.sens for version in opinions(dossier, 2016)] == ["favorable"]


def test_events_of_a_pillar_hold_those_of_all(dossier):
    assert [event.titre for event in evenements(dossier, "emploi")] == ["Ouverture de l’Espace social", "Nouvelle agence"]
    assert [event.titre for event in evenements(dossier, "cadre-de-vie")] == ["Ouverture de l’Espace social"]
    assert len(evenements(dossier)) == 2
