"""The page Import, as the server runs it: drop, understand, correct, load, undo, describe."""

from __future__ import annotations

import shutil

import pytest

from tests.ingestion.samples import demo_text
from tests.ingestion.test_personal_data import HEADER, ROWS
from tests.ui.page_reading import html_of


@pytest.fixture
def own_base(shipped_base, tmp_path):
    """A copy, to write into."""
    folder = tmp_path / "base"
    shutil.copytree(shipped_base.parent, folder)
    return folder / shipped_base.name


def drop(app, *files):
    return app.get("file_uploader")[0].set_value([(name, text.encode(), "text/csv") for name, text in files]).run()


def find(app, words: str):
    """The one button whose label starts so."""
    (button,) = [button for button in app.button if button.label.startswith(words)]
    return button


MISSION = f"{HEADER}\n{ROWS}"


@pytest.mark.parametrize("vue", ["deposer", "imports", "calendrier"])
def test_each_view_stands(open_page, shipped_base, vue):
    app = open_page(shipped_base, "import", vue=vue)
    assert not app.exception and 'role="alert"' not in html_of(app)


def test_a_file_is_understood_loaded_listed_and_withdrawn(open_page, own_base):
    app = drop(open_page(own_base, "import"), ("mission_locale_2020.csv", MISSION))
    body = html_of(app)
    assert "Mission Locale, tableau annuel" in body and "4 à ajouter" in body
    assert 'class="oz-c-territoire">QP077018' in body and 'class="oz-c-valeur">99' in body
    app = find(app, "Charger").click().run()
    assert "chargé, import n°" in html_of(app)
    listed = open_page(own_base, "import", vue="imports")
    assert "mission_locale_2020.csv" in html_of(listed)
    listed.text_input(key="motif-retrait-2").set_value("essai").run()
    listed = listed.button(key="retirer-2").click().run()
    assert "Retiré" in html_of(listed)
    listed = listed.button(key="retablir-2").click().run()
    assert "Retiré" not in html_of(listed)


def test_an_abandoned_file_leaves_no_trace(open_page, own_base):
    app = drop(open_page(own_base, "import"), ("mission_locale_2020.csv", MISSION))
    app = find(app, "Abandonner").click().run()
    assert "abandonné, rien n’a été enregistré" in html_of(app)
    assert "mission_locale" not in html_of(open_page(own_base, "import", vue="imports"))


def test_an_unknown_edition_is_given_and_the_file_read_again(open_page, own_base):
    app = drop(open_page(own_base, "import"), ("recu.csv", demo_text()))
    assert "Édition inconnue" in html_of(app) and find(app, "Charger").disabled
    (edition,) = [field for field in app.text_input if field.label.startswith("Édition")]
    edition.set_value("2021")
    app = find(app, "Relire").click().run()
    assert not find(app, "Charger").disabled and "édition 2021" in html_of(app)


def test_a_nominative_file_is_refused_and_may_be_answered_for(open_page, own_base):
    text = f"{HEADER};Nom\n" + ROWS.replace("\n", ";Untel\n")
    app = drop(open_page(own_base, "import"), ("mission_locale_2020.csv", text))
    body = html_of(app)
    assert "Fichier nominatif, refusé" in body and "Untel" not in body and "H1" in body
    assert not [button for button in app.button if button.label == "Charger"]
    for field in app.text_input:
        if field.label.startswith(("Pourquoi ce fichier", "Votre nom")):
            field.set_value("Une raison")
    app = find(app.run(), "J’en réponds").click().run()
    assert not find(app, "Charger").disabled
    app = find(app, "Charger").click().run()
    assert "chargé, import n°" in html_of(app)


UNKNOWN = "Zone;Nb allocataires;dont RSA;Prime d'activité\nQP077018;529;71;205\n77350;3430;300;900\n"


def test_an_unknown_layout_is_described_and_next_year_recognised(open_page, own_base):
    app = drop(open_page(own_base, "import"), ("tableau.csv", UNKNOWN))
    assert "Décrire cette mise en page" in html_of(app)
    chosen = {box.label.split("«")[-1]: box.value for box in app.selectbox if box.label.startswith("Ce que contient")}
    assert [value for value in chosen.values()][0] == "territoire"
    (source,) = [box for box in app.selectbox if box.label == "Producteur des chiffres"]
    app = source.set_value("caf").run()
    (title,) = [field for field in app.text_input if field.label == "Nom de cette mise en page"]
    title.set_value("Caf, tableau libre")
    (day,) = [field for field in app.text_input if field.label.startswith("Date (année")]
    app = day.set_value("31/12/2022").run()
    assert "6 à ajouter" in html_of(app)
    app = find(app, "Enregistrer cette mise en page").click().run()
    assert "Caf, tableau libre" in html_of(app)
    app = find(app, "Charger").click().run()
    assert "chargé, import n°" in html_of(app)
    again = drop(open_page(own_base, "import"), ("tableau-situation au 31-12-2023.csv", UNKNOWN.replace("529", "540")))
    body = html_of(again)
    assert "Caf, tableau libre" in body


def test_a_figure_in_doubt_is_listed_then_lifted(open_page, own_base):
    app = open_page(own_base, "import", vue="imports")
    app.text_input(key="contester-note-1").set_value("Le partenaire vérifie.").run()
    app = app.button(key="contester-bouton-1").click().run()
    assert "Le partenaire vérifie." in html_of(app)
    app.text_input(key="lever-note").set_value("Confirmé.").run()
    app = app.button(key="lever-bouton").click().run()
    assert "Aucun chiffre n’est contesté" in html_of(app)
