"""What a page wrote, for tests."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest


def html_of(app: AppTest) -> str:
    """Everything the page wrote as HTML, its style sheet apart."""
    bodies = [element.proto.body for element in app.get("html")]
    return "\n".join(body for body in bodies if not body.startswith("<style>"))
