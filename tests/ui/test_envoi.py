"""What a page draws arrives in one go, whole and in order."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

WAITING = """
import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx
from ozoir.ui.envoi import sent_together

sent = []
context = get_script_run_ctx()
send = context._enqueue
context._enqueue = lambda message: (sent.append(message), send(message))
with sent_together():
    st.html("<p>un</p>")
    st.html("<p>deux</p>")
    during = len(sent)
st.html(f"<p>{during} puis {len(sent)}</p>")
"""
FAILING = """
import streamlit as st
from ozoir.ui.envoi import sent_together
from ozoir.ui.frame import failure_shown

with failure_shown(), sent_together():
    st.html("<p>avant</p>")
    raise ValueError("panne")
"""


def bodies(script: str) -> list[str]:
    app = AppTest.from_string(script, default_timeout=30).run()
    assert not app.exception
    return [element.proto.body for element in app.get("html")]


def test_nothing_leaves_before_the_end_and_then_all_does_in_order():
    assert bodies(WAITING) == ["<p>un</p>", "<p>deux</p>", "<p>0 puis 2</p>"]


def test_what_was_drawn_before_a_failure_is_shown_with_it():
    first, second = bodies(FAILING)
    assert first == "<p>avant</p>"
    assert "n’a pas pu s’afficher" in second
