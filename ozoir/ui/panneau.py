"""A panel of the home page: a title and a few lines already in HTML."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from ozoir.ui.texts import safe


def show_panel(titre: str, items: Sequence[str], empty: str) -> None:
    """`empty`, in HTML, is said when there is no line."""
    body = f"<ul>{''.join(f'<li>{item}</li>' for item in items)}</ul>" if items else f"<p>{empty}</p>"
    st.html(f'<section class="oz-panneau"><h2>{safe(titre)}</h2>{body}</section>')
