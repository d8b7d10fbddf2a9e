"""Every view has a link that shows it again."""

from __future__ import annotations

from ozoir.ui.lien import link_of
from tests.ui.page_reading import html_of


def test_the_link_keeps_every_choice_even_repeated():
    choices = {"pilier": ["emploi"], "voir": ["defm_a", "defm_b"], "theme": ["Demandeurs d’emploi"]}
    link = link_of("http://poste:8501/pilier?ancien=1", choices)
    assert link == "http://poste:8501/pilier?pilier=emploi&voir=defm_a&voir=defm_b&theme=Demandeurs+d%E2%80%99emploi"


def test_the_gaps_of_a_pillar_are_in_a_table_too(open_page, shipped_base):
    text = html_of(open_page(shipped_base, "pilier", pilier="emploi"))
    assert text.count("Les principaux écarts</h2>") == text.count("Ces écarts en tableau")


def test_the_journal_is_searched_by_its_address(open_page, shipped_base):
    app = open_page(shipped_base, "journal", texte="introuvable-xyz")
    assert next(field for field in app.text_input if field.label == "Texte cherché").value == "introuvable-xyz"


def test_the_link_is_made_when_it_is_asked_for(open_page, shipped_base):
    app = open_page(shipped_base, "pilier", pilier="emploi")
    assert not app.code
    app.session_state["lien"] = True
    assert "pilier=emploi" in app.run().code[0].value
