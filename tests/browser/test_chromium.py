"""The published figures in a real browser: every page by the menu, deep links on a server just started, one shared view."""

from __future__ import annotations

import re
import urllib.request

import pytest

driver = pytest.importorskip("playwright.sync_api")

from ozoir.catalogue.loading import load_catalogue
from tests.browser.chromium_reading import START, Witness, keep_picture, real_errors, settle

PILLARS = [pilier.id for pilier in load_catalogue().contrat.piliers]
ENGLISH = re.compile(
    r"\b(Deploy|Rerun|Running|Stop|Settings|Choose an option|Press Enter|Select all|No results|Fullscreen|Show data|Error|"
    r"Download|Search|Loading|Please wait|Connecting)\b"
)


def test_the_menu_leads_to_every_page(address, visit):
    """One visitor, one session: what a page leaves behind must not trouble the next."""
    witness = visit(address)
    links = witness.page.locator('.st-key-menu [data-testid="stPageLink-NavLink"]')
    titles = []
    for rank in range(links.count()):
        links.nth(rank).click()
        place = witness.page.locator(".st-key-menu-ici").get_by_text(links.nth(rank).inner_text(), exact=True)
        place.wait_for(timeout=START * 1000)
        settle(witness.page)
        check_page(witness)
        keep_picture(witness.page, f"publie-{rank:02d}")
        titles.append(witness.page.title())
    assert len(set(titles)) == len(titles) > len(PILLARS)


@pytest.mark.parametrize("path", [f"pilier?pilier={PILLARS[0]}", "accessibilite"])
def test_a_deep_link_works_on_a_server_just_started(fresh_address, visit, path):
    check_page(visit(fresh_address, path))


def check_page(witness: Witness) -> None:
    """Framed, in French, without error, nothing from elsewhere."""
    page = witness.page
    assert page.locator("h1").count() == 1
    assert page.locator('[role="alert"]').count() == 0
    assert page.evaluate("document.documentElement.lang") == "fr"
    assert page.locator(".st-key-menu-ici").count() == 1
    assert not ENGLISH.findall(page.locator("body").inner_text())
    assert real_errors(witness) == []
    assert witness.elsewhere == []


def open_list(page, name: str) -> None:
    """Unfold a list by keyboard; what is still being drawn on a busy machine may fold it again."""
    for _ in range(5):
        page.get_by_role("combobox", name=name).focus()
        page.keyboard.press("ArrowDown")
        try:
            page.get_by_role("option").first.wait_for(timeout=3_000)
            return
        except driver.TimeoutError:
            continue
    raise AssertionError(f"la liste « {name} » ne s’ouvre pas")


def test_the_employment_page_is_read_followed_and_shared(address, visit):
    """The published count is there; a filter, by keyboard, changes the address; the menu leads to another pillar."""
    witness = visit(address, "pilier?pilier=emploi")
    page = witness.page
    row = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name="au 31/12/2020", exact=True)).first
    assert "194" in row.inner_text()
    settle(page)
    open_list(page, "Découpage")
    page.get_by_role("option", name="Sexe", exact=True).click()
    page.wait_for_url("**decoupage=sexe**")
    settle(page)
    assert page.get_by_role("rowheader", name="Femmes", exact=True).count() > 0
    shared = visit(address, page.url.removeprefix(f"{address}/")).page
    assert shared.get_by_role("rowheader", name="Femmes", exact=True).count() > 0
    first = page.locator("h1").inner_text()
    page.locator('.st-key-menu [data-testid="stPageLink-NavLink"]').nth(2).click()
    page.wait_for_url(f"**pilier={PILLARS[1]}**")
    settle(page)
    assert page.locator("h1").inner_text() != first
    assert "decoupage" not in page.url
    assert real_errors(witness) == []


def test_the_home_page_fits_one_screen(address, visit):
    page = visit(address).page
    script = (
        "Math.max(...[...document.querySelectorAll('.oz-carte, .oz-panneau h2')].map(e => e.getBoundingClientRect().bottom))"
    )
    assert page.evaluate(script) < 768


def test_a_key_figure_is_followed_to_its_chart(address, visit):
    page = visit(address).page
    page.get_by_role("link", name="Demandeurs d’emploi de catégories A, B et C").first.click()
    page.wait_for_url("**pilier=emploi**")
    page.locator('[data-testid="stPlotlyChart"] .main-svg').first.wait_for()
    assert "194" in page.locator("h3").first.inner_text()


@pytest.mark.parametrize("encoding", ["identity", "gzip"])
def test_the_document_is_french_and_keeps_to_itself(address, encoding):
    request = urllib.request.Request(f"{address}/pilier", headers={"Accept": "text/html", "Accept-Encoding": encoding})
    with urllib.request.urlopen(request) as answer:
        assert b'<html lang="fr">' in answer.read()
        assert "default-src 'self'" in answer.headers["content-security-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["x-frame-options"] == "DENY"
