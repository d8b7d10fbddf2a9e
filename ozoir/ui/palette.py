"""Light and dark: what is drawn on the server follows the reader's change at once."""

from __future__ import annotations

from functools import cache

import streamlit as st

# Text and boxes follow by style sheet; a chart carries the colours it was drawn with, so the page has to be drawn again.
_WATCH = """
export default function ({ setTriggerValue }) {
  const app = document.querySelector('[data-testid="stApp"]')
  const scheme = () => getComputedStyle(app).colorScheme
  let drawn = scheme()
  const look = () => {
    if (scheme() === drawn) return
    drawn = scheme()
    setTriggerValue("change", drawn)
  }
  const observer = new MutationObserver(look)
  observer.observe(app, { attributes: true })
  return () => observer.disconnect()
}
"""


@cache
def _watcher():
    return st.components.v2.component("palette", js=_WATCH)


def follow_palette() -> None:
    """Ask for another run when the reader goes from light to dark or back."""
    _watcher()(key="palette", on_change_change=lambda: None, height=0)
