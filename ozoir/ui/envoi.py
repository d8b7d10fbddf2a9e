"""What a page draws, sent to the browser in one go."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from streamlit.runtime.scriptrunner import get_script_run_ctx


@contextmanager
def sent_together() -> Iterator[None]:
    """Holds back what is drawn inside until all of it is.

    The front end goes over the whole page at each arrival: a hundred elements, one after the other, cost it as much as
    the charts. Only for what is drawn in a moment: a page that makes one wait must show that it works.
    """
    context, held = get_script_run_ctx(), []
    context.enqueue = held.append
    try:
        yield
    finally:
        del context.enqueue  # the class's own again
        for message in held:
            context.enqueue(message)
