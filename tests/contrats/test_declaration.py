"""A mistake in the folder of a new contract is said with its file and what is accepted, before anything starts."""

from __future__ import annotations

import re

import pytest

from ozoir.catalogue.loading import load_catalogue
from ozoir.catalogue.suivi import load_cadre
from ozoir.errors import OzoirError
from ozoir.numbers import NBSP
from tests.contrats.conftest import VALMONT, write_contract

MISTAKES = {
    "territoire.toml": (
        ("QN09801A", "QN9801A", "code de quartier « QN9801A »"),
        ('code = "98101"', 'code = "98 101"', "code de commune « 98 101 »"),
        ("QPV-98", "QPV98", "comparateur « QPV98 »"),
        ("pole_emploi = 2024", "pole_emplois = 2024", r"\[t0\] « pole_emplois »\. Vouliez-vous dire « pole_emploi »"),
        ("debut = 2024-01-01", "debut = 2024", "on attend une date"),
    ),
    "suivi.toml": (('"3.1"', '"9.9"', r"suivi\.toml. thème « 9\.9 »"), ("[partenaires]", "[autres]", "Clé inconnue.*autres")),
    "observations.toml": (('"defm_abc"', '"defm_abcd"', "observations.toml.*« defm_abcd »"),),
    "acteurs.toml": (("[[acteurs]]", "[[acteurs]", "acteurs.toml.*à la ligne 1, colonne"),),
}


@pytest.mark.parametrize(
    ("name", "right", "wrong", "said"), [(name, *mistake) for name, found in MISTAKES.items() for mistake in found]
)
def test_a_mistake_is_named_with_its_file(name, right, wrong, said, tmp_path, monkeypatch):
    path = write_contract(tmp_path) / VALMONT / name
    path.write_text(path.read_text("utf-8").replace(right, wrong, 1), "utf-8")
    assert re.search(said, refusal_of(tmp_path, monkeypatch))


def test_a_file_which_is_not_utf_8_is_named(tmp_path, monkeypatch):
    path = write_contract(tmp_path) / VALMONT / "suivi.toml"
    path.write_bytes("# été\n".encode("latin-1") + path.read_bytes())
    assert re.search(r"suivi\.toml.*UTF-8", refusal_of(tmp_path, monkeypatch))


def test_the_list_of_followed_indicators_is_asked_for(tmp_path, monkeypatch):
    (write_contract(tmp_path) / VALMONT / "observations.toml").unlink()
    assert re.search(r"observations\.toml.*quels indicateurs le contrat suit", refusal_of(tmp_path, monkeypatch))


def refusal_of(folder, monkeypatch) -> str:
    monkeypatch.setenv("OZOIR_CONTRATS", str(folder))
    with pytest.raises(OzoirError) as refusal:
        load_cadre(load_catalogue(contrat=VALMONT).contrat)
    return str(refusal.value).replace(NBSP, " ")
