"""The framework's words that we translate are really there, and no translated file breaks."""

from __future__ import annotations

from pathlib import Path

import pytest
import streamlit

from ozoir.ui.traduction import concerned_file, load_words, translate

FRONT_END = Path(streamlit.__file__).parent / "static" / "static" / "js"


@pytest.mark.parametrize("name", load_words())
def test_every_word_to_translate_is_written_by_this_version_of_the_framework(name):
    texts = [path.read_text("utf-8") for path in FRONT_END.glob(f"{name}.*.js")]
    assert [word for word in load_words()[name] if not any(word in text for text in texts)] == []


def test_only_the_front_end_s_own_files_are_rewritten():
    (path,) = FRONT_END.glob("InputInstructions.*.js")
    assert concerned_file(f"/static/js/{path.name}") == "InputInstructions"
    assert concerned_file(f"/pilier/static/js/{path.name}") == "InputInstructions"
    for other in ("/static/js/PlotlyChart.abc.js", "/media/index.abc.js", "/static/js/index.abc.css", "/import"):
        assert concerned_file(other) == ""


def test_translating_changes_words_and_nothing_else():
    (path,) = FRONT_END.glob("NumberInput.*.js")
    before = path.read_text("utf-8")
    after = translate("NumberInput", before.encode()).decode()
    assert "`Augmenter`" in after and "`Increment`" not in after
    for word, ours in load_words()["NumberInput"].items():
        after = after.replace(ours, word)
    assert after == before
