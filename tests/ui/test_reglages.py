"""A threshold changed from the administrator's page, and the diffusion chosen under the menu."""

from __future__ import annotations

import shutil

import pytest

from ozoir.store.base import open_store
from ozoir.store.reglages import list_settings
from tests.ui.page_reading import html_of


@pytest.fixture
def base(tmp_path, empty_base):
    return shutil.copy(empty_base, tmp_path / "contract.duckdb")


def fill(app, valeur: int, motif: str):
    app.number_input[0].set_value(valeur)
    next(field for field in app.text_input if field.label == "Motif").set_value(motif)
    return next(button for button in app.button if button.label == "Changer ce réglage").click().run()


def test_a_threshold_is_changed_with_its_reason_and_said_in_the_page(open_page, base):
    app = open_page(base, "administration")
    assert "valeurs par défaut" in html_of(app)
    assert "Convention à nommer" in html_of(fill(app, 4, "parce que"))
    body = html_of(fill(app, 11, "convention du 12/03/2020"))
    assert "réglage changé, en vigueur dès maintenant" in body
    assert "2\u00a0valeurs changées" in body  # the public threshold follows: it is never the lower one
    (changed,) = list_settings(open_store(base))
    assert (changed.valeur, changed.motif, changed.auteur) == ("11", "convention du 12/03/2020", "poste local")


def test_erasing_old_originals_is_confirmed_first(open_page, base):
    app = open_page(base, "administration")
    app.number_input[-1].set_value(30)
    send = [button for button in app.button if button.label == "Changer ce réglage"][-1]
    assert "Rien n’a été changé" in html_of(send.click().run())
    assert list_settings(open_store(base)) == []
    next(box for box in app.checkbox if "effacés" in box.label).check()
    send = [button for button in app.button if button.label == "Changer ce réglage"][-1]
    next(field for field in reversed(list(app.text_input)) if field.label == "Motif").set_value("durée décidée en comité")
    assert "réglage changé" in html_of(send.click().run())


def test_a_signatory_chooses_which_diffusion_the_pages_show(open_page, base):
    app = open_page(base, "pilier")
    assert "Diffusion restreinte" in html_of(app)
    app.selectbox(key="diffusion-affichee").select("publique").run()
    assert "Diffusion publique" in html_of(app) and "Diffusion restreinte" not in html_of(app)
    app.selectbox(key="diffusion-affichee").select("restreinte").run()
    assert "Diffusion restreinte" in html_of(app)
