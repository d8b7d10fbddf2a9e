"""Every page of the menu, on the fictitious base, in one browser: accessible, in French, light and dark, on paper."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise

import pytest

pytest.importorskip("playwright.sync_api")
pytest.importorskip("axe_playwright_python")

from ozoir.catalogue.loading import load_catalogue
from ozoir.ui.accessibilite import AXE, EMPECHEMENTS
from ozoir.ui.menu import find_entries
from tests.browser.chromium_reading import START, keep_picture, real_errors, settle, watch
from tests.browser.page_audit import find_bad_words, find_violations, read_structure, read_texts

SCHEMES = ("light", "dark")
SCREEN = {"width": 1366, "height": 768}
NARROW = 320
# One title of the first level, one current place in the menu, no alert.
FRAME = {"titres": 1, "places": 1, "alertes": 0}
# Rules which depend on colours; the others see the same page in both schemes.
OF_COLOURS = ["color-contrast", "link-in-text-block"]
PLACEMENT = """scheme => getComputedStyle(document.querySelector('[data-testid=stApp]')).colorScheme === scheme"""

# No menu, nothing to press (links inside the text stay), no chart wider than what A4 leaves between its margins (182 mm).
BARE = """() => ![...document.querySelectorAll('[data-testid=stSidebar], [data-testid=stHeader], button, input, textarea')]
  .some(item => item.checkVisibility({visibilityProperty: true}))
  && [...document.querySelectorAll('.stPlotlyChart .main-svg')].every(item => item.getBoundingClientRect().width <= 688)"""


def every_path() -> list[str]:
    """The home page, each page of `pages/`, those of pillars once per pillar."""
    pillars = [pilier.id for pilier in load_catalogue().contrat.piliers]
    paths = [""]
    for entry in find_entries():
        paths += [f"pilier?pilier={name}" for name in pillars] if entry.name == "pilier" else [entry.name]
    return paths


@dataclass
class Passage:
    """What was seen of one page."""

    path: str
    structure: dict
    violations: dict[str, list[str]] = field(default_factory=dict)
    bad_words: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    is_printed_bare: bool = False
    narrow_width: int = 0


@pytest.fixture(scope="module")
def page(browser):
    """One tab for all, of a browser set in English by someone who asked that nothing moves."""
    context = browser.new_context(viewport=SCREEN, locale="en-US", reduced_motion="reduce")
    yield context.new_page()
    context.close()


@pytest.fixture(scope="module")
def tour(page, demo_address):
    """(what was seen of each page, addresses asked elsewhere); the colour scheme changes at each page, and on it."""
    witness = watch(page, demo_address)
    seen = [look_at(witness, demo_address, path, rank) for rank, path in enumerate(every_path())]
    return seen, witness.elsewhere


def open_page(page, address: str, path: str) -> None:
    page.goto(f"{address}/{path}")
    page.locator("h1").first.wait_for(timeout=START * 1000)
    settle(page)


def look_at(witness, address: str, path: str, rank: int) -> Passage:
    """The page reached by its own address: on a screen in both schemes, on paper, then 320 pixels wide."""
    page = witness.page
    first, second = SCHEMES if rank % 2 else SCHEMES[::-1]
    page.emulate_media(color_scheme=first, reduced_motion="reduce")
    open_page(page, address, path)
    passage = Passage(path, read_structure(page), bad_words=find_bad_words(read_texts(page)))
    passage.violations[first] = find_violations(page)
    picture(page, path, first)
    page.emulate_media(color_scheme=second, reduced_motion="reduce")
    page.wait_for_function(PLACEMENT, arg=second, timeout=START * 1000)
    settle(page)
    passage.violations[second] = find_violations(page, OF_COLOURS)
    if passage.violations[second]:  # the page is drawn again in its new colours, and is pale meanwhile
        page.wait_for_timeout(2_000)
        settle(page)
        passage.violations[second] = find_violations(page, OF_COLOURS)
    picture(page, path, second)
    page.emulate_media(media="print")
    passage.is_printed_bare = page.evaluate(BARE)
    page.emulate_media(media="screen")
    page.set_viewport_size({"width": NARROW, "height": 800})
    page.wait_for_timeout(200)
    passage.narrow_width = page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth")
    picture(page, path, str(NARROW))
    page.set_viewport_size(SCREEN)
    passage.errors = real_errors(witness)
    witness.errors.clear()
    return passage


def picture(page, path: str, scheme: str) -> None:
    keep_picture(page, f"{re.sub(r'[^a-z0-9]+', '-', path) or 'accueil'}-{scheme}")


def problems(tour, judge) -> list[str]:
    """« page : defect » over the whole tour."""
    return [f"{passage.path or 'accueil'} : {text}" for passage in tour[0] for text in judge(passage)]


@pytest.mark.parametrize("scheme", SCHEMES)
def test_no_serious_violation_of_wcag_on_any_page(tour, scheme):
    found = problems(tour, lambda passage: passage.violations[scheme])
    allowed = {item.regle_axe: item.combien for item in EMPECHEMENTS if item.regle_axe}
    assert [text for text in found if text.split(" : ")[1] not in allowed] == []
    for rule, count in allowed.items():
        assert sum(text.split(" : ")[1] == rule for text in found) <= count


def test_the_rules_are_those_the_declaration_names():
    from tests.browser.page_audit import rules_engine

    assert f"axe v{AXE}" in rules_engine()[:40]


def test_no_english_and_no_faulty_typography_on_any_page(tour):
    assert problems(tour, lambda passage: passage.bad_words) == []


def test_each_page_has_a_title_of_its_own_and_says_it_is_in_french(tour):
    titles = [passage.structure["titre"] for passage in tour[0]]
    assert len(set(titles)) == len(titles)
    assert {passage.structure["langue"] for passage in tour[0]} == {"fr"}


def test_headings_start_at_the_first_level_and_skip_none(tour):
    def judge(passage):
        levels = passage.structure["niveaux"]
        if levels[:1] != [1]:
            yield f"commence au niveau {levels[:1]}"
        yield from (f"de {one} à {next_one}" for one, next_one in pairwise(levels) if next_one > one + 1)

    assert problems(tour, judge) == []


def test_every_chart_says_its_figures_in_words(tour):
    charts = [text for passage in tour[0] for text in passage.structure["graphiques"]]
    assert len(charts) >= 5
    assert [text for text in charts if not re.search(r"\d", text) or len(text) < 40] == []


def test_nothing_moves_for_those_who_asked_for_stillness_and_no_element_jumps_the_order_of_focus(tour):
    assert problems(tour, lambda passage: ["bouge"] * passage.structure["animations"]) == []
    assert problems(tour, lambda passage: ["tabindex"] * passage.structure["devant"]) == []


def test_each_page_is_whole_and_framed_like_the_others(tour):
    def judge(passage):
        yield from passage.errors
        structure = passage.structure
        yield from (f"{count} {what}" for what, count in structure["cadre"].items() if count != FRAME[what])

    assert problems(tour, judge) == []


def test_a_page_320_pixels_wide_is_read_without_pushing_it_sideways(tour):
    assert problems(tour, lambda passage: [passage.narrow_width] * (passage.narrow_width > NARROW)) == []


def test_nothing_is_asked_of_another_machine(tour):
    assert tour[1] == []


def test_paper_shows_neither_menu_nor_controls_nor_a_cut_chart(tour):
    assert problems(tour, lambda passage: [] if passage.is_printed_bare else ["menu, réglage ou graphique trop large"]) == []


def open_calendar(page) -> None:
    page.get_by_text("Ajouter ou modifier une réunion").click()
    page.locator(".stDateInput button").first.click(timeout=START * 1000)
    page.get_by_role("button", name="Mois suivant").wait_for(timeout=START * 1000)


def search_in_vain(page) -> None:
    page.get_by_role("combobox", name="Pilote").click()
    page.keyboard.type("zzzz")
    page.get_by_text("Aucun résultat").wait_for(timeout=START * 1000)


def open_entry_table(page) -> None:
    page.get_by_role("combobox", name="Afficher").click()
    page.get_by_role("option", name="Saisir les états").click()
    page.locator(".stDataFrame").first.wait_for(timeout=START * 1000)
    settle(page)


def drop_a_wrong_file(page) -> None:
    file = {"name": "photo_du_quartier_en_ete.exe", "mimeType": "application/x", "buffer": b"1"}
    page.get_by_test_id("stFileUploaderDropzoneInput").first.set_input_files([file])
    page.get_by_test_id("stFileChip").first.wait_for(timeout=START * 1000)
    settle(page)


@pytest.mark.parametrize(
    ("path", "act"),
    [
        ("gouvernance", open_calendar),
        ("actions", search_in_vain),
        ("actions", open_entry_table),
        ("import", drop_a_wrong_file),
    ],
)
def test_what_opens_on_demand_is_accessible_and_in_french_too(page, demo_address, path, act):
    open_page(page, demo_address, path)
    act(page)
    words, violations = find_bad_words(read_texts(page)), find_violations(page)
    keep_picture(page, f"{path}-{act.__name__}")
    assert words == []
    assert violations == []


# Every visible thing one may act on gets a rank and what shows around it; then Tab is pressed and the same is read again.
MARK = """() => {
  const look = item => { const parts = []; for (let node = item, up = 0; node && up < 5; node = node.parentElement, up++) {
    const s = getComputedStyle(node); parts.push([s.outlineStyle, s.outlineWidth, s.outlineColor, s.boxShadow, s.borderColor,
      s.backgroundColor, s.opacity].join());
    for (const side of [node.previousElementSibling, node.nextElementSibling]) if (side && up < 2) {
      const t = getComputedStyle(side); parts.push([t.boxShadow, t.outlineStyle, t.borderColor].join()); } }
    return parts.join('|'); };
  window.ozLook = look;
  const all = [...document.querySelectorAll('a[href], button, input, textarea, summary, [tabindex="0"]')].filter(item =>
    item.checkVisibility({visibilityProperty: true}) && !item.disabled && item.tabIndex >= 0 && !item.closest('[inert]'));
  all.forEach((item, rank) => { item.dataset.rang = rank; item.dataset.aspect = look(item); });
  return all.map(item => item.type === 'radio' && !item.checked ? '' : item.outerHTML.slice(0, 120));
}"""
HERE = """() => { const item = document.activeElement;
  return item.dataset.rang === undefined ? null : [+item.dataset.rang, window.ozLook(item) !== item.dataset.aspect]; }"""


@pytest.mark.parametrize("path", ["", "import"])
def test_the_keyboard_alone_reaches_everything_in_order_and_shows_where_it_is(page, demo_address, path):
    open_page(page, demo_address, path)
    wanted = page.evaluate(MARK)
    page.evaluate("document.activeElement.blur()")
    reached: dict[int, bool] = {}
    for _ in range(len(wanted) + 5):
        page.keyboard.press("Tab")
        if found := page.evaluate(HERE):
            reached[found[0]] = found[1]
    assert [wanted[rank] for rank in range(len(wanted)) if wanted[rank] and rank not in reached] == []
    assert [wanted[rank] for rank, is_seen in reached.items() if not is_seen] == []
    order = list(reached)
    assert sum(after < before for before, after in pairwise(order)) <= 1  # once round, at most


@pytest.mark.parametrize(
    "fault",
    ["Running...", "l'écart", "Quoi ?", "Quoi?", "12.5 points", "Source : Insee", "« mot »", '"mot"', "Open", "10 %"],
)
def test_the_reader_of_words_sees_a_planted_fault(fault):
    assert find_bad_words([fault])


def test_the_reader_of_words_lets_good_french_pass():
    good = "L’écart est de 12,5\u202f% au 31/12/2020\u00a0: «\u00a0plus\u00a0»\u202f? RGAA\u00a04.1, note.2020.xlsx, 14:30"
    assert find_bad_words([good]) == []
