"""Labels of an axis of dates: short, and no two alike."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import pytest

from ozoir.charts.words import short_periods


@pytest.mark.parametrize(
    ("days", "labels"),
    [
        ([date(2019, 12, 31), date(2020, 12, 31)], ["2019", "2020"]),
        ([date(2017, 1, 1), date(2018, 1, 1)], ["2017", "2018"]),
        ([date(2020, 9, 30), date(2020, 12, 31)], ["09/2020", "2020"]),
        ([date(2020, 1, 1), date(2020, 12, 31)], ["01/2020", "2020"]),
        ([date(2020, 6, 1), date(2020, 6, 30)], ["01/06/2020", "30/06/2020"]),
    ],
)
def test_no_two_dates_bear_the_same_label(days, labels):
    assert short_periods([SimpleNamespace(date_reference=day) for day in days]) == labels
