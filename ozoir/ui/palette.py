"""Light and dark: what is drawn on the server follows the reader's change at once."""

from __future__ import annotations

import streamlit as st

# Text and boxes follow by style sheet; a chart carries the colours it was drawn with, so the page has to be drawn again.
# A few lines in the document press a button that nobody sees: a component would load 175 kB more before any chart.
WATCH = """<script>
  let drawn
  setInterval(() => {
    const app = document.querySelector('[data-testid="stApp"]')
    const scheme = app && getComputedStyle(app).colorScheme
    if (drawn && scheme !== drawn) document.querySelector(".st-key-palette button")?.click()
    drawn = scheme
  }, 300)
</script>"""


def follow_palette() -> None:
    """What the document presses when the reader goes from light to dark or back: another run, whatever it answers."""
    st.button("Redessiner", key="palette")
