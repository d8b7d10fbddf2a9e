"""Journeys by keyboard alone: the women's employment gap into the deck; a text of the report left and found again."""

from __future__ import annotations

import io
import shutil

import pytest

pytest.importorskip("playwright.sync_api")

from pptx import Presentation

from tests.browser.chromium_reading import START, keep_picture, real_errors, settle

FOUND = "Part des femmes parmi les demandeurs d’emploi"


@pytest.fixture(scope="module")
def own_address(serve, shipped_base, tmp_path_factory) -> str:
    """What these journeys enter is nobody else's business."""
    folder = tmp_path_factory.mktemp("parcours") / "base"
    shutil.copytree(shipped_base.parent, folder)
    return serve(folder / shipped_base.name)


def press(page, place, key: str) -> None:
    """Bring the keyboard to a place, as Tab would, and press."""
    place.focus()
    page.keyboard.press(key)


def test_the_employment_gap_of_women_is_found_and_put_in_the_deck(own_address, visit):
    witness = visit(own_address)
    page = witness.page
    page.get_by_placeholder("Mot, sigle ou référence").focus()
    page.keyboard.type("chomage femems")
    page.keyboard.press("Enter")
    page.wait_for_url("**/recherche?q=chomage+femems")
    press(page, page.get_by_role("link", name=FOUND), "Enter")
    page.wait_for_url("**voir=part_femmes_defm**")
    settle(page)
    assert FOUND in page.locator("h3").first.inner_text()
    page.goto(f"{own_address}/documents?annee=2020")
    settle(page)
    press(page, page.locator("summary").filter(has_text="Choisir ce qui entre dans les documents"), "Enter")
    page.get_by_role("combobox", name="Indicateurs, dans l’ordre voulu").focus()
    page.keyboard.type("Part des femmes parmi")
    page.get_by_role("option", name=FOUND).first.wait_for(timeout=START * 1000)
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    settle(page)
    keep_picture(page, "parcours-diaporama")
    with page.expect_download(timeout=START * 1000) as waited:
        press(page, page.get_by_role("button", name="Diaporama du comité de pilotage").first, "Enter")
    deck = Presentation(io.BytesIO(waited.value.path().read_bytes()))
    words = "\n".join(shape.text_frame.text for slide in deck.slides for shape in slide.shapes if shape.has_text_frame)
    assert "femmes parmi les demandeurs d’emploi" in words
    assert real_errors(witness) == []


def test_the_report_is_prepared_and_a_text_left_without_saving_is_found_again(own_address, visit):
    witness = visit(own_address, "bilan")
    page = witness.page
    _open_first_text(page)
    page.get_by_label("Texte", exact=True).first.focus()
    page.keyboard.type("Une année de reprise.")
    page.keyboard.press("Tab")  # leaving the field keeps the draft; leaving the page loses nothing
    settle(page)
    page.goto(f"{own_address}/actions")
    settle(page)
    page.goto(f"{own_address}/bilan")  # unfolded from the start: something is left unsaved there
    page.get_by_label("Texte", exact=True).first.wait_for(timeout=START * 1000)
    settle(page)
    assert page.get_by_label("Texte", exact=True).first.input_value() == "Une année de reprise."
    page.get_by_text("il n’est pas encore enregistré").wait_for(timeout=START * 1000)
    press(page, page.get_by_role("button", name="Enregistrer").first, "Enter")
    page.get_by_text("1 saisie enregistrée").wait_for(timeout=START * 1000)
    assert page.locator(".oz-texte-libre").first.inner_text() == "Une année de reprise."
    keep_picture(page, "parcours-bilan")
    assert real_errors(witness) == []


KEEP_SOCKETS = """const Plain = WebSocket; window.sockets = [];
  window.WebSocket = class extends Plain { constructor(...given) { super(...given); window.sockets.push(this); } };"""
CONNECTED = "document.querySelector('[data-testid=stApp]')?.dataset.testConnectionState === 'CONNECTED'"


def test_what_is_typed_in_a_form_outlives_a_dropped_connection_and_a_page_left(own_address, visit):
    page = visit(own_address, "gouvernance?annee=2020").page
    page.add_init_script(KEEP_SOCKETS)
    page.reload()
    settle(page)
    press(page, page.get_by_role("switch").or_(page.get_by_role("checkbox")).first, "Space")
    _type(page, "Ordre du jour", "Bilan de l’année")
    page.evaluate("window.sockets.forEach(socket => socket.close())")
    page.wait_for_function(f"!({CONNECTED})", timeout=START * 1000)
    page.wait_for_function(CONNECTED, timeout=START * 1000)
    _type(page, "Participants (services et organismes)", "Espace social")
    page.goto(f"{own_address}/gouvernance?annee=2020")
    page.get_by_text("il n’est pas encore enregistré").wait_for(timeout=START * 1000)
    settle(page)
    assert page.get_by_label("Ordre du jour").input_value() == "Bilan de l’année"
    assert page.get_by_label("Participants (services et organismes)").input_value() == "Espace social"


def _type(page, label: str, text: str) -> None:
    page.get_by_label(label).focus()
    page.keyboard.type(text)
    page.keyboard.press("Tab")
    settle(page)


def _open_first_text(page) -> None:
    press(page, page.get_by_role("switch").or_(page.get_by_role("checkbox")).first, "Space")
    page.get_by_label("Texte", exact=True).first.wait_for(timeout=START * 1000)
    settle(page)
