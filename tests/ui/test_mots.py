"""Acronyms are explained on the page where they are met."""

from __future__ import annotations

import re

import pytest

from ozoir.catalogue.contrat import Terme
from ozoir.catalogue.loading import load_catalogue
from ozoir.ui.mots import find_terms
from tests.ui.page_reading import html_of

GLOSSARY = [
    Terme("CAF", "Caisse d’allocations familiales", "outil"),
    Terme("DE", "Demandeur d’emploi", "outil"),
    Terme("BOP 147", "Budget", "outil"),
]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("allocataires de la Caf", ["CAF"]),
        ("la CAF, le BOP 147", ["BOP 147", "CAF"]),
        ("des demandeurs De emploi", []),
        ("les DE inscrits", ["DE"]),
        ("CAFÉ", []),
    ],
)
def test_a_word_of_the_glossary_is_found_as_a_whole_word(text, found):
    assert [term.sigle for term in find_terms([text], GLOSSARY)] == found


@pytest.mark.parametrize(
    ("page", "address"),
    [
        ("pilier", {"pilier": "emploi"}),
        ("pilier", {"pilier": "cadre-de-vie"}),
        ("actions", {}),
        ("actions", {"action": "emploi-04-a1"}),
    ],
)
def test_every_acronym_a_page_shows_is_explained_at_its_end(open_page, shipped_base, page, address):
    text = html_of(open_page(shipped_base, page, **address))
    body, _, words = text.partition("<summary>Les sigles de cette page")
    explained = set(re.findall(r"<dt><b>([^<]+)</b></dt>", words))
    seen = re.sub(r"<[^>]+>|&[a-z]+;", " ", body)
    met = {term.sigle for term in find_terms([seen], load_catalogue().contrat.glossaire)}
    assert met and met <= explained
