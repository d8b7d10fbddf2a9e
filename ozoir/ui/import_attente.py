"""A reading that lasts: its progress shows, and it may be stopped."""

from __future__ import annotations

import html

import streamlit as st

from ozoir.atelier.lectures import Lecture
from ozoir.numbers import NBSP

_PATIENCE = 120  # seconds which fill the bar: a reading is cut before that


def wait(reading: Lecture, name: str, key: str) -> None:
    """Until the file is read."""
    if reading.wait(0.3):
        return
    place = st.empty()
    with place.container():
        bar = st.progress(0.0)
        st.button("Arrêter la lecture", key=f"arreter-{key}", on_click=reading.stop)
    while not reading.wait(0.3):
        bar.progress(
            min(reading.seconds / _PATIENCE, 0.98),
            text=f"Lecture de «{NBSP}{html.escape(name)}{NBSP}»{NBSP}: {int(reading.seconds)} s",
        )
    place.empty()
