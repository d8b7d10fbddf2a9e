"""The town's logo and colour are settings: shown when there, absent without a trace, refused with a sentence."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ozoir.catalogue.contrat import Apparence
from ozoir.catalogue.contrat_loading import check_contrat
from ozoir.errors import OzoirError
from ozoir.ui.apparence import LARGEST, town_mark

PIXEL = b'<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>'


@pytest.fixture
def dressed(catalogue, tmp_path, monkeypatch):
    """dressed(logo=…) → the contract with that look, its base in an own folder."""
    monkeypatch.setenv("OZOIR_BASE", str(tmp_path / "contract.duckdb"))
    return lambda **look: replace(catalogue.contrat, apparence=Apparence(**look))


def test_without_a_file_nothing_is_shown(dressed):
    assert town_mark(dressed(logo="logo.svg")) == ""


def test_a_logo_dropped_beside_the_base_is_shown_under_the_town_s_name(dressed, tmp_path):
    (tmp_path / "logo.svg").write_bytes(PIXEL)
    mark = town_mark(dressed(logo="logo.svg", couleur="#123456"))
    assert "data:image/svg+xml;base64," in mark and "background:#123456" in mark
    assert f'alt="{dressed().commune}"' in mark


def test_a_heavy_logo_is_refused_with_its_weight(dressed, tmp_path):
    (tmp_path / "logo.png").write_bytes(b"0" * (LARGEST + 1))
    with pytest.raises(OzoirError, match="300"):
        town_mark(dressed(logo="logo.png"))


@pytest.mark.parametrize("look", [{"couleur": "bleu"}, {"couleur": "#12345"}, {"logo": "logo.pdf"}])
def test_a_look_that_no_page_can_show_is_refused_at_start(dressed, look):
    with pytest.raises(OzoirError):
        check_contrat(dressed(**look))
