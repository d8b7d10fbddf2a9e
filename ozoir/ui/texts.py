"""Text before it is shown: French typography, then nothing left that a browser or Streamlit would interpret."""

from __future__ import annotations

import html
import re

from ozoir.typography import typeset

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+!|$~<>:^])")


def safe(text: object) -> str:
    """Typeset and escaped for HTML: everything a partner or a file says goes through here."""
    return html.escape(typeset(str(text)))


def raw(text: object) -> str:
    """Escaped only: file names, headers, cells, which are shown as they are."""
    return html.escape(str(text))


def label(text: object) -> str:
    """Typeset and escaped for Streamlit's own labels, which read Markdown, colours and formulas; the options of a list do not."""
    return _MARKDOWN.sub(r"\\\1", typeset(str(text)))


def capitalise(text: str) -> str:
    """First letter only; the rest is kept."""
    return text[:1].upper() + text[1:]
