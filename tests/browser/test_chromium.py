"""Every page in a real browser, reached by its own address on a server just started."""

from __future__ import annotations

import re

import pytest

pytest.importorskip("playwright.sync_api")


from ozoir.catalogue.loading import load_catalogue
from ozoir.ui.menu import find_entries
from tests.browser.chromium_reading import keep_picture, real_errors, settle

PILLARS = [pilier.id for pilier in load_catalogue().contrat.piliers]
PATHS = [""]
for entry in find_entries():
    PATHS += [f"pilier?pilier={name}" for name in PILLARS] if entry.name == "pilier" else [entry.name]
ENGLISH = re.compile(
    r"\b(Deploy|Rerun|Running|Stop|Settings|Choose an option|Press Enter|Select all|No results|Fullscreen|Show data|Error|"
    r"Download|Search|Loading|Please wait|Connecting)\b"
)


@pytest.mark.parametrize("path", PATHS)
def test_a_deep_link_to_any_page_works_on_a_fresh_server(serve, visit, shipped_base, path):
    witness = visit(serve(shipped_base), path)
    page = witness.page
    name = re.sub(r"\W+", "-", path) or "accueil"
    keep_picture(page, f"{name}-1366")
    assert page.locator("h1").count() == 1
    assert page.locator('[role="alert"]').count() == 0
    assert page.evaluate("document.documentElement.lang") == "fr"
    assert page.locator(".st-key-menu-ici").count() == 1
    assert not ENGLISH.findall(page.locator("body").inner_text())
    page.set_viewport_size({"width": 400, "height": 800})
    page.wait_for_timeout(600)
    keep_picture(page, f"{name}-400")
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= 400
    assert real_errors(witness) == []
    assert witness.elsewhere == []


def test_the_employment_page_is_read_followed_and_shared(serve, visit, shipped_base):
    """The published count is there; a filter changes the address; the menu leads to another pillar and back."""
    address = serve(shipped_base)
    witness = visit(address, "pilier?pilier=emploi")
    page = witness.page
    row = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name="au 31/12/2020", exact=True)).first
    assert "194" in row.inner_text()
    page.get_by_label("Découpage").click()
    page.get_by_role("option", name="Sexe", exact=True).click()
    page.wait_for_url("**decoupage=sexe**")
    settle(page)
    assert page.get_by_role("rowheader", name="Femmes", exact=True).count() > 0
    shared = visit(address, page.url.removeprefix(f"{address}/")).page
    assert shared.get_by_role("rowheader", name="Femmes", exact=True).count() > 0
    first = page.locator("h1").inner_text()
    links = page.locator('.st-key-menu [data-testid="stPageLink-NavLink"]')
    links.nth(2).click()
    page.wait_for_url(f"**pilier={PILLARS[1]}**")
    settle(page)
    assert page.locator("h1").inner_text() != first
    assert "decoupage" not in page.url
    assert real_errors(witness) == []


def test_the_home_page_fits_one_screen(serve, visit, shipped_base):
    page = visit(serve(shipped_base)).page
    lowest = page.evaluate("Math.max(...[...document.querySelectorAll('.oz-carte, .oz-panneau h2')].map(e => e.getBoundingClientRect().bottom))")
    assert lowest < 768
