"""The search: what people really type, and where it leads."""

from __future__ import annotations

import time

import pytest

from ozoir.catalogue.loading import load_catalogue
from ozoir.ui.repertoire import Repertoire, _build
from tests.ui.page_reading import html_of


@pytest.fixture(scope="module")
def repertoire() -> Repertoire:
    return _build(load_catalogue())


def titles(repertoire: Repertoire, question: str, genre: str) -> list[str]:
    return [found.fiche.titre for found in repertoire.index.search(question) if found.fiche.genre == genre]


@pytest.mark.parametrize(
    ("question", "genre", "expected"),
    [
        ("chomage femmes", "indicateur", "Part des femmes parmi les demandeurs d’emploi"),
        ("CHÔMEUSES", "indicateur", "Demandeurs d’emploi de catégories A, B et C"),
        ("emlpoi", "indicateur", "Part des 15-64 ans ayant un emploi"),
        ("logments sociaux", "indicateur", "Logements sociaux"),
        ("RSA", "terme", "RSA"),
        ("rsa", "indicateur", "Part des foyers percevant le RSA"),
        ("marche vers l’emploi", "action", "Clause d’insertion dans les marchés de la ville, de l’EPCI et du bailleur"),
        ("budget", "page", "Crédits"),
        ("powerpoint", "page", "Documents du comité"),
        ("mission locale", "source", "Mission Locale, tableau annuel (i-Milo)"),
    ],
)
def test_what_people_type_finds_what_they_mean(repertoire, question, genre, expected):
    assert expected in titles(repertoire, question, genre)


def test_the_best_answer_comes_first(repertoire):
    assert titles(repertoire, "chomage femmes", "indicateur")[0] == "Part des femmes parmi les demandeurs d’emploi"
    assert titles(repertoire, "logements sociaux", "indicateur")[0] == "Logements sociaux"


def test_a_word_of_a_breakdown_opens_the_view_broken_down(repertoire):
    found = next(item for item in repertoire.index.search("chomage femmes") if item.fiche.id == "defm_abc")
    assert repertoire.address(found) == "pilier?pilier=emploi&theme=Demandeurs+d%E2%80%99emploi&voir=defm_abc&decoupage=sexe"


@pytest.mark.parametrize("question", ["", "   ", "de la", "xyzzy plugh", "?!", "a" * 120])
def test_a_question_without_answer_has_none(repertoire, question):
    assert repertoire.index.search(question) == []


def test_an_answer_takes_less_than_fifty_milliseconds(repertoire):
    questions = ["emlpoi des femes", "demandeurs d’emploi de catégories A, B et C femmes", "qsdfgh jklmwx"]
    spent = []
    for question in questions:
        start = time.process_time()
        repertoire.index.search(question)
        spent.append(time.process_time() - start)
    assert max(spent) < 0.05


def test_the_page_answers_with_links_to_views(open_page, shipped_base):
    text = html_of(open_page(shipped_base, "recherche", q="chomage femmes"))
    assert 'href="pilier?pilier=emploi&amp;theme=Demandeurs+d%E2%80%99emploi&amp;voir=defm_abc&amp;decoupage=sexe"' in text


def test_a_reference_leads_to_its_figure(open_page, shipped_base):
    text = html_of(open_page(shipped_base, "recherche", q="Réf. defm_abc:2020-12-31:i12"))
    assert "194" in text
    assert 'href="documents?reference=defm_abc%3A2020-12-31%3Ai12"' in text


def test_a_reference_to_nothing_says_so(open_page, shipped_base):
    assert "Aucun indicateur ne porte le nom" in html_of(open_page(shipped_base, "recherche", q="inconnu:2020-12-31"))


def test_a_hostile_question_stays_text(open_page, shipped_base):
    assert "<script>" not in html_of(open_page(shipped_base, "recherche", q="<script>alert(1)</script>"))


def test_nothing_found_says_what_to_try(open_page, shipped_base):
    assert "Essayez un seul mot" in html_of(open_page(shipped_base, "recherche", q="xyzzy"))
