"""What the store does on a file, it does on a shared base: the same tests, the same words."""

from __future__ import annotations

import pytest

from tests.store.test_atelier_tables import (  # noqa: F401
    test_a_doubted_fact_is_known_until_the_doubt_is_lifted,
)
from tests.store.test_base import (  # noqa: F401
    test_journal_lines_chain,
    test_sql_reaches_neither_disk_nor_settings,
)
from tests.store.test_editions import (  # noqa: F401
    test_a_name_serves_once,
)
from tests.store.test_imports import (  # noqa: F401
    test_a_failure_half_way_leaves_nothing,
    test_the_difference_counts_new_changed_and_restated_facts,
    test_the_same_bytes_twice_are_refused,
    test_withdrawing_brings_back_what_was_replaced_and_restoring_undoes_it,
)
from tests.store.test_suivi import (  # noqa: F401
    test_a_workbook_is_withdrawn_and_restored,
    test_nothing_is_overwritten_and_the_history_is_readable,
    test_the_second_of_two_authors_is_told_and_nothing_is_lost,
)


@pytest.fixture
def store(lake):
    """In the place of the file those tests were written for."""
    return lake
