"""What is typed for an indicator is read without doubt, and written back the same."""

from __future__ import annotations

import pytest

from ozoir.catalogue.contrat import IndicateurRealisation
from ozoir.catalogue.saisies import Realisation
from ozoir.suivi.reponses import read_answer, write_answer

NATURES = {nature: IndicateurRealisation("i", "I", nature, "saisie") for nature in ("effectif", "taux", "oui_non", "texte")}


@pytest.mark.parametrize(
    ("nature", "text", "fields"),
    [
        ("effectif", "12", {"non_concerne": False, "realise": 12.0}),
        ("effectif", "0", {"non_concerne": False, "realise": 0.0}),
        ("effectif", "", {"non_concerne": False, "realise": None}),
        ("effectif", " NC ", {"non_concerne": True, "realise": None}),
        ("taux", "12,5 %", {"non_concerne": False, "realise": 12.5}),
        ("oui_non", "Oui", {"non_concerne": False, "realise": 1.0}),
        ("oui_non", "non", {"non_concerne": False, "realise": 0.0}),
        ("oui_non", "non concerné", {"non_concerne": True, "realise": None}),
        ("texte", "Jeunes mères", {"non_concerne": False, "realise": None, "texte": "Jeunes mères"}),
    ],
)
def test_an_answer_is_read(nature, text, fields):
    assert read_answer(text, NATURES[nature]) == fields


@pytest.mark.parametrize(
    ("nature", "text"), [("effectif", "douze"), ("effectif", "oui"), ("taux", "5 à 6"), ("oui_non", "peut-être")]
)
def test_a_doubtful_answer_is_not_read(nature, text):
    assert read_answer(text, NATURES[nature]) is None


@pytest.mark.parametrize(
    ("nature", "fields"),
    [
        ("effectif", {"realise": 12345.0}),
        ("effectif", {"realise": 0.0}),
        ("taux", {"realise": 12.5}),
        ("oui_non", {"realise": 0.0}),
        ("texte", {"texte": "Jeunes"}),
        ("effectif", {"non_concerne": True}),
        ("effectif", {}),
    ],
)
def test_what_is_written_reads_back_the_same(nature, fields):
    entry = Realisation("a", "i", 2016, **fields)
    read = read_answer(write_answer(entry, NATURES[nature]), NATURES[nature])
    assert Realisation("a", "i", 2016, **read) == entry
