"""The manual: five steps for every role, each leading to a page that exists; the reminder goes away for good."""

from __future__ import annotations

import pytest

from ozoir.access.actes import ROLES
from ozoir.ui.aide import load_help
from ozoir.ui.menu import find_entries
from tests.ui.page_reading import html_of

PAGES = {"", *(entry.name for entry in find_entries())}


def test_every_role_has_its_first_visit_in_five_steps():
    assert {guide.id: len(guide.etapes) for guide in load_help().roles} == dict.fromkeys(ROLES, 5)


def test_every_link_of_the_manual_leads_to_a_page():
    pages = [*(step.page for guide in load_help().roles for step in guide.etapes), *(task.page for task in load_help().pas)]
    assert {page.partition("?")[0] for page in pages} <= PAGES


@pytest.mark.parametrize("role", ROLES)
def test_a_role_of_the_address_shows_its_own_steps(open_page, shipped_base, role):
    text = html_of(open_page(shipped_base, "aide", role=role))
    guide = next(item for item in load_help().roles if item.id == role)
    assert guide.etapes[4].texte in text


def test_the_reminder_is_dismissed_for_good_and_may_be_asked_again(open_page, shipped_base, tmp_path):
    base = tmp_path / "contract.duckdb"
    base.write_bytes(shipped_base.read_bytes())
    app = open_page(base)
    assert "Première visite" in html_of(app)
    next(button for button in app.button if button.label == "Masquer").click().run()
    assert "Première visite" not in html_of(app)
    again = open_page(base, "aide")
    assert "Première visite" not in html_of(again)
    next(toggle for toggle in again.toggle if toggle.label.startswith("Rappeler")).set_value(True).run()
    assert "Première visite" in html_of(open_page(base))
