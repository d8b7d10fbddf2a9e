"""The pages on a base that several servers share: what they show of a file, they show of it."""

from __future__ import annotations

import os

import pytest

from ozoir.store.transfer import transfer
from tests.store.conftest import address, postgres  # noqa: F401


@pytest.mark.skipif("OZOIR_LAKE" not in os.environ, reason="une base de plus, dix secondes : make soak")
def test_a_page_shows_the_same_on_a_shared_base(shipped_base, address, open_page):  # noqa: F811
    transfer(shipped_base, address)
    shown = []
    for base in (shipped_base, address):
        app = open_page(base, "portrait")
        assert not app.exception
        shown.append([chart.proto.spec for chart in app.get("plotly_chart")])
    assert shown[0] and shown[0] == shown[1]
