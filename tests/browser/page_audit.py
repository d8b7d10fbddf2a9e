"""One rendered page, examined: accessibility rules, words and typography, headings, focus, width, requests."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

import axe_playwright_python
from playwright.sync_api import Page

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
SERIOUS = ("serious", "critical")

# Words a French page has no reason to hold; those which are also French (« page », « menu », « option ») say nothing.
ENGLISH = re.compile(
    r"\b(the|and|with|your|you|this|that|here|from|please|wait|loading|running|rerun|deploy|stop|settings|search|choose|"
    r"select|upload|browse|drag|drop|download|open|close|clear|show|hide|help|press|enter|apply|submit|results?|found|error|"
    r"file|files|per file|limit|sidebar|collapse|expand|fullscreen|full screen|reset|zoom|pan|row|column|sort|today|"
    r"january|february|march|april|may|june|july|august|october|december|monday|tuesday|wednesday|thursday|friday|saturday|"
    r"sunday|connecting|skip|increment|decrement|remove|add|view|more|less|undefined|null|none|true|false|nan)\b",
    re.IGNORECASE,
)
TYPOGRAPHY = {
    "apostrophe droite": re.compile(r"\w'\w"),
    "trois points": re.compile(r"\.\.\."),
    "espace sécable avant ; ! ? % €": re.compile(r"[ \u00a0](?=[;!?%](?!\w))| (?=€)"),
    "rien avant ; ! ? %": re.compile(r"[\w»)](?=[;!?%](?:\s|$))"),
    "espace avant deux-points": re.compile(r" :(?=\s|$)|\w:(?=\s)"),
    "guillemets": re.compile(r"«(?!\u00a0)|(?<!\u00a0)»"),
    "point décimal": re.compile(r"(?<![\w./-])\d+\.\d+(?![\w./-])"),
    "guillemets droits": re.compile(r"\"\w|\w\""),
}

NAMES = re.compile(r"(RGAA|WCAG|axe-core|Streamlit)\s[\d.]+\d")  # versions keep their points

# Texts as a reader meets them, folded ones included; what partners wrote (file names, cells) is shown as they wrote it.
_TEXTS = """() => {
  const raw = '.oz-provenance, .oz-grille, code, pre, script, style, [data-testid=stIconMaterial], [aria-hidden=true] svg';
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const text = node.textContent.trim();
    if (text && !node.parentElement.closest(raw)) found.push(text);
  }
  for (const item of document.querySelectorAll('body *')) {
    if (item.closest(raw)) continue;
    for (const name of ['aria-label', 'title', 'placeholder', 'alt', 'aria-description', 'aria-valuetext']) {
      const text = item.getAttribute(name);
      if (text && text.trim()) found.push(text.trim());
    }
  }
  return [...new Set(found), document.title];
}"""

_STRUCTURE = """() => {
  const main = document.querySelector('[data-testid=stMain]');
  const seen = item => item.checkVisibility({visibilityProperty: true});
  const charts = [...document.querySelectorAll('[data-testid=stPlotlyChart]')];
  return {
    titre: document.title,
    langue: document.documentElement.lang,
    niveaux: [...main.querySelectorAll('h1, h2, h3, h4')].filter(seen).map(item => +item.tagName[1]),
    graphiques: charts.map(chart => (chart.getAttribute('aria-label') || chart.querySelector('[aria-label]')?.ariaLabel) || ''),
    devant: [...document.querySelectorAll('[tabindex]')].filter(item => item.tabIndex > 0).length,
    animations: document.getAnimations().filter(item => item.playState === 'running').length,
    cadre: {
      titres: document.querySelectorAll('h1').length,
      places: document.querySelectorAll('.st-key-menu-ici').length,
      alertes: document.querySelectorAll('[role=alert]').length,
    },
  };
}"""


@lru_cache(maxsize=1)
def rules_engine() -> str:
    """axe-core, as it comes with its Python package."""
    return (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")


def find_violations(page: Page, only: list[str] | None = None) -> list[str]:
    """« rule on element : why » for each serious or critical violation. only: some rules instead of all."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(rules_engine())
    asked = {"type": "rule", "values": only} if only else {"type": "tag", "values": RULES}
    options = {"runOnly": asked, "resultTypes": ["violations"], "preload": False, "ancestry": False}
    found = page.evaluate("options => axe.run(document, options)", options)["violations"]
    return [
        f"{item['id']} : {node['html'][:160]} : {node['failureSummary'][:200]}"
        for item in found
        if item["impact"] in SERIOUS
        for node in item["nodes"]
    ]


def read_texts(page: Page) -> list[str]:
    return page.evaluate(_TEXTS)


def read_structure(page: Page) -> dict:
    return page.evaluate(_STRUCTURE)


def find_bad_words(texts: list[str]) -> list[str]:
    """« defect : text » for English words and French typography that is not."""
    found = []
    for text in texts:
        kept = NAMES.sub("", text)
        if english := ENGLISH.search(kept):
            found.append(f"anglais « {english.group()} » : {text[:120]}")
        found += [f"{name} : {text[:120]}" for name, pattern in TYPOGRAPHY.items() if pattern.search(kept)]
    return found
