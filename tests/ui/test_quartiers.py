"""« Parmi les quartiers » as the server draws it, without the national files."""

from __future__ import annotations

from tests.ui.page_reading import html_of


def test_without_national_files_the_page_says_which_to_load(open_page, shipped_base):
    body = html_of(open_page(shipped_base, "quartiers"))
    assert "Les fichiers nationaux ne sont pas chargés" in body
    assert "IPRO_AAAA" in body and "DEMO_AAAA" in body and "REVN_AAAA" in body
