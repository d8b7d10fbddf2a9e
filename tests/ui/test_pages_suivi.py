"""The pages of the follow-up: empty, filled, and entered by two people at once."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from ozoir.catalogue.saisies import Commentaire, EtatAction, Modification, Paragraphe
from ozoir.store.base import open_store
from ozoir.store.suivi import current_entries, entry_history, save_entries
from ozoir.ui.session import current_store
from tests.suivi.worked_year import ENTRIES
from tests.ui.page_reading import html_of

VIEWS = [
    ("actions", {}),
    ("actions", {"vue": "etats"}),
    ("actions", {"vue": "indicateurs"}),
    ("actions", {"action": "emploi-01-a1", "annee": "2016"}),
    ("credits", {}),
    ("credits", {"vue": "saisie"}),
    ("credits", {"pilier": "emploi"}),
    *[("gouvernance", {"vue": view}) for view in ("reunions", "propositions", "besoins", "avis", "evenements")],
    *[("bilan", {"vue": view}) for view in ("bilan", "manques", "evaluation")],
    ("couverture", {}),
    ("couverture", {"vue": "attentes", "pilier": "emploi", "annee": "2016"}),
]


@pytest.fixture
def worked_base(tmp_path) -> Path:
    """The worked year and nothing else; its own base for each test, since tests write to it."""
    path = tmp_path / "contract.duckdb"
    store = open_store(path, create=True)
    save_entries(store, [Modification(entry) for entry in ENTRIES], "Alice")
    store.close()
    return path


def text_of(app) -> str:
    return re.sub(r"[ \n\t]+", " ", re.sub(r"<[^>]+>", " ", html_of(app)))


def widget(widgets, label: str):
    """The one widget of this kind whose label starts so."""
    (found,) = [item for item in widgets if item.label.startswith(label)]
    return found


@pytest.mark.parametrize(("name", "address"), VIEWS, ids=str)
def test_every_view_stands_on_an_empty_base(open_page, empty_base, name, address):
    app = open_page(empty_base, name, **address)
    assert not app.exception
    assert 'role="alert"' not in html_of(app)


@pytest.mark.parametrize(("name", "address"), VIEWS, ids=str)
def test_every_view_shows_the_worked_year_in_good_french(open_page, worked_base, name, address):
    app = open_page(worked_base, name, **address)
    assert not app.exception
    body = html_of(app)
    assert 'role="alert"' not in body
    text = re.sub(r"<[^>]+>", "", body)
    assert not re.search(r"\w'\w", text)
    assert not re.search(r" [;!?%»]", text)


def test_empty_pages_say_what_to_do(open_page, empty_base):
    assert "Saisir les états" in text_of(open_page(empty_base, "actions"))
    assert "Saisir les crédits" in text_of(open_page(empty_base, "credits"))
    assert "Ajoutez-la ci-dessous" in text_of(open_page(empty_base, "gouvernance"))


def test_the_list_is_filtered_from_the_address(open_page, worked_base):
    body = html_of(open_page(worked_base, "actions", statut="realisee", annee="2016"))
    assert "action=emploi-01-a1&amp;annee=2016" in body
    assert "action=emploi-01-a2" not in body


def test_an_unknown_action_is_said_calmly(open_page, empty_base):
    assert "Vouliez-vous dire" in text_of(open_page(empty_base, "actions", action="emploi-01-a9"))


def test_the_sheet_says_everything_of_the_action(open_page, worked_base):
    text = text_of(open_page(worked_base, "actions", action="emploi-01-a1", annee="2016"))
    for words in (
        "Plaquette des acteurs",
        "Réalisée",
        "Imprimeur en retard",
        "10\u202f000,10\u202f€",
        "Salle trouvée",
        "Historique",
    ):
        assert words in text


def test_small_counts_of_persons_are_masked_on_the_sheet(open_page, worked_base):
    body = html_of(open_page(worked_base, "actions", action="emploi-07-a2", annee="2016"))
    row = re.search(r"<tr><th scope=\"row\">Jeunes aidés.*?</tr>", body)[0]
    cells = re.findall(r"<td>(.*?)</td>", row)
    assert cells == ["…", "s", "…", "s", "…", "s", "s"]  # 2015, 2016, target, beneficiaries, of which QPV, women, men


def test_credits_add_up_on_screen_as_by_hand(open_page, worked_base):
    text = text_of(open_page(worked_base, "credits", annee="2016"))
    assert "Total 117\u202f500,30\u202f€ 133\u202f000,58\u202f€* 64\u202f000,11\u202f€* 115,7\u202f%" in text
    assert "EPCI et Ville 7\u202f500,20\u202f€ 5\u202f000,20\u202f€*" in text


def test_the_report_holds_the_clauses_the_texts_and_what_is_missing(open_page, worked_base):
    text = text_of(open_page(worked_base, "bilan", annee="2016"))
    for words in (
        "Éléments d’observation",
        "Le chômage baisse moins vite",
        "Ouvrir le samedi",
        "Lire un tableau statistique",
        "116,4\u202f%",
        "Favorable",
        "Trouver une salle",
    ):
        assert words in text
    missing = text_of(open_page(worked_base, "bilan", annee="2016", vue="manques"))
    assert "Avis sur le rapport 2016" in missing and "Conseil municipal (1)" in missing
    assert "Conseil citoyen (1)" not in missing


def test_the_letter_names_what_is_awaited(open_page, worked_base):
    app = open_page(worked_base, "couverture", vue="attentes", annee="2016", genre="realisation")
    letters = [element.value for element in app.code]
    assert any("Madame, Monsieur" in letter and "Heures d’insertion" in letter for letter in letters)
    assert not any("plan numérique\u00a0: 2016" in letter for letter in letters)


def open_sheet(open_page, base, action="emploi-02-a1"):
    app = open_page(base, "actions", action=action, annee="2016")
    widget(app.toggle, "Modifier cette fiche").set_value(True).run()
    return app


def test_a_sheet_is_entered_and_its_author_kept(open_page, worked_base):
    app = open_sheet(open_page, worked_base)
    widget(app.text_input, "Qui saisit").set_value("Espace social").run()
    widget(app.selectbox, "Statut").set_value("en_cours")
    widget(app.text_area, "Freins").set_value("Pas de salle")
    widget(app.button, "Enregistrer").click().run()
    assert "2\u00a0saisies enregistrées" in text_of(app)
    versions = entry_history(current_store(), EtatAction, action="emploi-02-a1")
    assert [(version.auteur, version.saisie.statut) for version in versions] == [("Espace social", "en_cours")]


def test_the_second_of_two_people_is_told_and_may_choose(open_page, worked_base):
    app = open_sheet(open_page, worked_base)
    someone = Modification(Commentaire("emploi-02-a1", 2016, "freins", "Pas de conseiller"))
    save_entries(current_store(), [someone], "Pôle emploi")
    widget(app.text_area, "Freins").set_value("Pas de salle")
    widget(app.button, "Enregistrer").click().run()
    text = text_of(app)
    assert "Deux personnes ont modifié la même saisie" in text
    assert "Pôle emploi" in text and "Pas de conseiller" in text and "Pas de salle" in text
    widget(app.button, "Enregistrer la mienne").click().run()
    history = entry_history(current_store(), Commentaire, action="emploi-02-a1")
    assert [version.saisie.texte for version in history] == ["Pas de conseiller", "Pas de salle"]


def test_the_saved_version_may_be_kept(open_page, worked_base):
    app = open_sheet(open_page, worked_base)
    save_entries(
        current_store(), [Modification(Commentaire("emploi-02-a1", 2016, "freins", "Pas de conseiller"))], "Pôle emploi"
    )
    widget(app.text_area, "Freins").set_value("Pas de salle")
    widget(app.button, "Enregistrer").click().run()
    widget(app.button, "Garder la version enregistrée").click().run()
    assert "Deux personnes" not in text_of(app)
    assert len(entry_history(current_store(), Commentaire, action="emploi-02-a1")) == 1


def test_what_was_saved_meanwhile_is_announced(open_page, worked_base):
    app = open_sheet(open_page, worked_base)
    save_entries(
        current_store(), [Modification(Commentaire("emploi-02-a1", 2016, "freins", "Pas de conseiller"))], "Pôle emploi"
    )
    app.run()
    assert "Quelqu’un a enregistré une autre version" in text_of(app)
    widget(app.button, "Recharger").click().run()
    assert widget(app.text_area, "Freins").value == "Pas de conseiller"


def test_a_paragraph_of_the_report_is_rewritten_and_its_history_kept(open_page, worked_base):
    app = open_page(worked_base, "bilan", annee="2016")
    widget(app.toggle, "Rédiger\u00a0: Évolution").set_value(True).run()
    widget(app.text_area, "Texte").set_value("Le chômage est stable.")
    widget(app.button, "Enregistrer").click().run()
    assert "Le chômage est stable." in text_of(app)
    assert len(entry_history(current_store(), Paragraphe, annee=2016, section="observation")) == 2


def test_a_text_left_without_saving_is_taken_up_then_forgotten_once_saved(open_page, worked_base):
    app = open_page(worked_base, "bilan", annee="2016")
    widget(app.toggle, "Rédiger\u00a0: Évolution").set_value(True).run()
    saved = widget(app.text_area, "Texte").value
    widget(app.text_area, "Texte").set_value("Phrase commencée").run()
    again = open_page(worked_base, "bilan", annee="2016")  # another browser session of the same person
    widget(again.toggle, "Rédiger\u00a0: Évolution").set_value(True).run()
    assert widget(again.text_area, "Texte").value == "Phrase commencée" != saved
    assert "il n’est pas encore enregistré" in text_of(again)
    widget(again.button, "Enregistrer").click().run()
    widget(again.toggle, "Rédiger\u00a0: Évolution").set_value(True).run()
    assert widget(again.text_area, "Texte").value == "Phrase commencée"
    assert "il n’est pas encore enregistré" not in text_of(again)


def test_a_draft_is_given_up_for_the_saved_text(open_page, worked_base):
    app = open_page(worked_base, "bilan", annee="2016")
    widget(app.toggle, "Rédiger\u00a0: Évolution").set_value(True).run()
    saved = widget(app.text_area, "Texte").value
    widget(app.text_area, "Texte").set_value("Essai").run()
    again = open_page(worked_base, "bilan", annee="2016")
    widget(again.toggle, "Rédiger\u00a0: Évolution").set_value(True).run()
    widget(again.button, "Abandonner ce brouillon").click().run()
    assert widget(again.text_area, "Texte").value == saved
    assert "il n’est pas encore enregistré" not in text_of(again)


def test_what_is_typed_in_an_action_sheet_is_taken_up_then_forgotten_once_saved(open_page, worked_base):
    app = open_sheet(open_page, worked_base)
    widget(app.text_area, "Freins").set_value("Pas de salle").run()
    widget(app.number_input, "Avancement").set_value(35).run()
    again = open_page(worked_base, "actions", action="emploi-02-a1", annee="2016")  # the page was left, unsaved
    assert widget(again.text_area, "Freins").value == "Pas de salle"
    assert widget(again.number_input, "Avancement").value == 35
    assert "il n’est pas encore enregistré" in text_of(again)
    widget(again.button, "Enregistrer").click().run()
    assert "2\u00a0saisies enregistrées" in text_of(again)
    last = open_page(worked_base, "actions", action="emploi-02-a1", annee="2016")
    assert not widget(last.toggle, "Modifier cette fiche").value
    assert "il n’est pas encore enregistré" not in text_of(last)


def test_a_draft_older_than_a_colleague_s_save_is_a_conflict_not_a_loss(open_page, worked_base):
    app = open_sheet(open_page, worked_base)
    widget(app.text_area, "Freins").set_value("Pas de salle").run()
    someone = Modification(Commentaire("emploi-02-a1", 2016, "freins", "Pas de conseiller"))
    save_entries(current_store(), [someone], "Pôle emploi")
    again = open_page(worked_base, "actions", action="emploi-02-a1", annee="2016")
    widget(again.button, "Enregistrer").click().run()
    assert "Deux personnes ont modifié la même saisie" in text_of(again)
    widget(again.button, "Garder la version enregistrée").click().run()
    assert widget(again.text_area, "Freins").value == "Pas de conseiller"


def test_a_new_decision_left_unsaved_is_taken_up_or_given_up(open_page, worked_base):
    app = open_page(worked_base, "gouvernance", annee="2016")
    widget(app.toggle, "Ajouter ou modifier une décision").set_value(True).run()
    widget(app.text_area, "Décision").set_value("Ouvrir une permanence").run()
    widget(app.date_input, "Échéance").set_value(date(2016, 9, 1)).run()
    again = open_page(worked_base, "gouvernance", annee="2016")
    assert widget(again.text_area, "Décision").value == "Ouvrir une permanence"
    assert widget(again.date_input, "Échéance").value == date(2016, 9, 1)
    widget(again.button, "Abandonner ce brouillon").click().run()
    assert widget(again.text_area, "Décision").value == ""
    assert "il n’est pas encore enregistré" not in text_of(again)


def test_a_decision_is_added_and_refused_when_empty(open_page, worked_base):
    from ozoir.catalogue.saisies import Decision

    app = open_page(worked_base, "gouvernance", annee="2016")
    widget(app.toggle, "Ajouter ou modifier une décision").set_value(True).run()
    widget(app.text_input, "Réunion (référence").set_value("R1")
    widget(app.button, "Enregistrer").click().run()
    assert "le texte est vide" in text_of(app)
    widget(app.text_area, "Décision").set_value("Ouvrir une permanence")
    widget(app.button, "Enregistrer").click().run()
    added = [v.saisie for v in current_entries(current_store(), Decision) if v.saisie.texte == "Ouvrir une permanence"]
    assert [(entry.reference, entry.reunion) for entry in added] == [("D4", "R1")]


def test_a_pillar_carries_its_chain_and_its_breaks(open_page, worked_base):
    text = text_of(open_page(worked_base, "pilier", pilier="emploi"))
    assert "1. Développer des actions d’information" in text
    assert "avancement 75\u202f% (2\u00a0sur\u00a04)" in text
    assert "ruptures dans la chaîne en 2016" in text
    assert "Participants du quartier aux activités et ateliers numériques\u00a0: 30" in text
