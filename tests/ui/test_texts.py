"""Text is typeset, then harmless, before it reaches a page."""

from __future__ import annotations

import pytest

from ozoir.typography import typeset
from ozoir.ui.texts import label, raw, safe


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("l'emploi", "l’emploi"),
        ("Qui ? 12 % ; fin !", "Qui\u202f? 12\u202f% ; fin !".replace(" ;", "\u202f;").replace(" !", "\u202f!")),
        ("Source : Insee", "Source\u00a0: Insee"),
        ("« Verts »", "«\u00a0Verts\u00a0»"),
        ("etc...", "etc…"),
        ("À 12:30", "À 12:30"),
    ],
)
def test_typed_text_gets_french_typography(typed, shown):
    assert typeset(typed) == shown


def test_a_partners_text_is_never_markup():
    assert safe("<b>Gras</b> & <script>") == "&lt;b&gt;Gras&lt;/b&gt; &amp; &lt;script&gt;"


def test_a_file_name_is_shown_as_it_is():
    assert raw("l'extrait : v2.csv") == "l&#x27;extrait : v2.csv"


def test_a_label_says_nothing_to_markdown():
    assert label(":red[x] $y$ <z>") == "\\:red\\[x\\] \\$y\\$ \\<z\\>"
