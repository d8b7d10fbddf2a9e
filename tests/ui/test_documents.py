"""The page of documents: buttons for every format, editions frozen and reopened, figures found again."""

from __future__ import annotations

import shutil

import pytest

from ozoir.exports.formats import FORMATS
from ozoir.store.base import open_store
from ozoir.store.editions import list_editions
from tests.ui.page_reading import html_of


@pytest.fixture
def base(shipped_base, tmp_path):
    """A copy of the shipped base, to freeze editions in."""
    path = tmp_path / "contract.duckdb"
    shutil.copy(shipped_base, path)
    return path


def labels(app, kind: str) -> list[str]:
    return [item.proto.help or item.proto.label for item in app.get(kind)]


def test_every_format_has_its_button(open_page, shipped_base):
    app = open_page(shipped_base, "documents", annee="2021")
    buttons = [item.proto.label.replace("\\", "") for item in app.get("download_button")]
    assert all(buttons.count(item.libelle) == 1 for item in FORMATS if item.id != "pack")  # each says what it gives
    helps = " ".join(labels(app, "download_button")).replace("\\", "")
    assert "ozoir-la-ferriere_bilan_2021_restreinte_" in helps  # what the screen shows to a signatory


def test_the_preview_shows_pages_with_their_number(open_page, shipped_base):
    body = html_of(open_page(shipped_base, "documents", annee="2021", apercu="fiche"))
    assert 'alt="Page 1 sur' in body and "data:image/png;base64," in body


def confirm(app) -> None:
    next(item for item in app.checkbox if item.label.startswith("Je confirme")).check()


def test_an_edition_is_frozen_reopened_and_found_again_by_reference(open_page, base):
    app = open_page(base, "documents", annee="2021")
    app.text_input(key="suivi-auteur-edition").set_value("Espace social")
    next(item for item in app.text_input if item.label == "Nom de l’édition").set_value("COPIL d’essai")
    next(item for item in app.button if item.label == "Figer").click().run()
    assert "Rien n’a été figé" in html_of(app)  # it cannot be undone: it is confirmed first
    confirm(app)
    next(item for item in app.button if item.label == "Figer").click().run()
    assert not app.exception and "COPIL d’essai" in html_of(app)
    app.query_params["edition"] = "1"
    app.run()
    body = html_of(app)
    assert "Lecture seule" in body and "tous les chiffres sont les mêmes" in body
    app.text_input(key="reference").set_value("defm_abc:2020-12-31:i1:e1").run()
    assert "194" in html_of(app) and "D’où il vient" in html_of(app)


def test_a_mistyped_reference_says_what_is_expected(open_page, shipped_base):
    app = open_page(shipped_base, "documents")
    app.text_input(key="reference").set_value("le chômage").run()
    assert "indicateur:AAAA-MM-JJ" in html_of(app)


def test_the_pack_is_prepared_then_offered(open_page, shipped_base):
    app = open_page(shipped_base, "documents", annee="2021")
    app.button(key="jour-preparer").click().run()
    assert not app.exception
    assert any("Télécharger le dossier complet" in item.proto.label for item in app.get("download_button"))


def test_the_slides_are_seen_before_they_are_downloaded(open_page, shipped_base):
    body = html_of(open_page(shipped_base, "documents", annee="2021", apercu="diaporama"))
    assert 'alt="Page 1 sur' in body and "Bilan 2021 du contrat de ville" in body and "data:image/svg+xml;base64," in body


def test_what_was_chosen_is_found_again_at_the_next_visit(open_page, base):
    app = open_page(base, "documents", annee="2021")
    app.multiselect(key="documents-choix-indicateurs").set_value(["part_femmes_defm", "defm_abc"]).run()
    app.multiselect(key="documents-choix-actions").set_value(["emploi-01-a2"]).run()
    assert not app.exception
    again = open_page(base, "documents", annee="2021")
    assert again.multiselect(key="documents-choix-indicateurs").value == ["part_femmes_defm", "defm_abc"]
    assert again.multiselect(key="documents-choix-actions").value == ["emploi-01-a2"]
    again.button(key="documents-tout").click().run()
    assert again.multiselect(key="documents-choix-indicateurs").value == []
    assert open_page(base, "documents").multiselect(key="documents-choix-actions").value == []


def test_freezing_leaves_one_edition_and_its_author(open_page, base):
    app = open_page(base, "documents", annee="2021", diffusion="restreinte")
    next(item for item in app.text_input if item.label == "Nom de l’édition").set_value("Restreinte")
    confirm(app)
    next(item for item in app.button if item.label == "Figer").click().run()
    app.get("html")
    (edition,) = list_editions(open_store(base))
    assert (edition.nom, edition.diffusion, edition.auteur) == ("Restreinte", "restreinte", "poste local")
