"""The menu is made from the files of `pages/`."""

from __future__ import annotations

from ozoir.ui.menu import GROUPS, OTHERS, find_entries, page_path


def test_a_page_file_is_all_it_takes(tmp_path):
    (tmp_path / "12_portrait.py").write_text('"""Portrait du quartier.\n\nMore."""\n', "utf-8")
    (tmp_path / "20_actions.py").write_text('"""Actions."""\n', "utf-8")
    (tmp_path / "90_divers.py").write_text('"""Divers."""\n', "utf-8")
    (tmp_path / "brouillon.py").write_text('"""No number."""\n', "utf-8")
    (tmp_path / "40_muet.py").write_text("x = 1\n", "utf-8")
    found = [(entry.name, entry.titre, entry.group) for entry in find_entries(tmp_path)]
    assert found == [
        ("portrait", "Portrait du quartier", GROUPS["1"]),
        ("actions", "Actions", GROUPS["2"]),
        ("divers", "Divers", OTHERS),
    ]


def test_every_page_of_the_project_has_a_label_and_an_ascii_name():
    entries = find_entries()
    assert {"pilier", "axes", "portrait", "donnees", "methode"} <= {entry.name for entry in entries}
    assert len({entry.titre for entry in entries}) == len(entries)
    assert all(entry.path.name.isascii() for entry in entries)


def test_a_page_is_found_by_its_name():
    assert page_path("donnees").name == "30_donnees.py"
