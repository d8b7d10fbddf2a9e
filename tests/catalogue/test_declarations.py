"""A layout's declaration is written as text and read back: every shipped one comes back equal."""

from __future__ import annotations

import re

import pytest

from ozoir.catalogue.declarations import parse_source, write_source
from ozoir.catalogue.loading import load_catalogue
from ozoir.errors import OzoirError


@pytest.mark.parametrize("name", load_catalogue().sources)
def test_every_shipped_layout_survives_writing(name):
    source = load_catalogue().sources[name]
    text = write_source(source, "Relu.\nUne ligne de plus.")
    assert text.startswith("# Relu.\n# Une ligne de plus.\n")
    assert parse_source(text) == source


def test_a_wrong_declaration_says_which_key():
    with pytest.raises(OzoirError, match="titr"):
        parse_source('id = "x"\ntitr = "y"\n')
    with pytest.raises(OzoirError, match="illisible"):
        parse_source('id = "x')


def test_no_indicator_repeats_the_caution_of_its_source(catalogue):
    """Both are written under the same figures: six words in common are one sentence said twice."""

    def runs(text: str) -> set[tuple[str, ...]]:
        words = re.findall(r"\w+", text.lower())
        return {tuple(words[rank : rank + 6]) for rank in range(len(words) - 5)}

    repeated = [
        (indicateur.id, text)
        for indicateur in catalogue.indicateurs.values()
        for source in filter(None, (*indicateur.sources, indicateur.source_denominateur))
        for text in indicateur.precautions
        if runs(text) & runs(catalogue.statistiques[source].precaution)
    ]
    assert repeated == []
