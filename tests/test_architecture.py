"""The house keeps its plan: which room may know which, and which library lives where (docs/architecture.md)."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from ozoir.paths import ROOT

# Each room, and the rooms it may import. errors, paths, numbers and typography are common ground.
MAY_IMPORT = {
    "catalogue": {"catalogue"},
    "ingestion": {"ingestion", "catalogue"},
    "demonstration": {"demonstration", "ingestion", "catalogue"},
    "access": {"access"},
    "store": {"store", "access", "ingestion", "catalogue"},
    "exploitation": {"exploitation", "store", "access", "catalogue"},
    "indicators": {"indicators", "store", "access", "ingestion", "catalogue"},
    "suivi": {"suivi", "indicators", "store", "access", "ingestion", "catalogue"},
    "atelier": {"atelier", "suivi", "indicators", "store", "access", "ingestion", "catalogue"},
    "charts": {"charts", "indicators", "suivi", "catalogue"},
    "exports": {"exports", "charts", "indicators", "suivi", "access", "catalogue"},
    "ui": {"ui", "atelier", "exports", "charts", "suivi", "indicators", "exploitation", "access", "catalogue"},
    "pages": {"ui", "catalogue"},
}
GROUND = {"errors", "paths", "numbers", "typography"}
LIBRARIES = {
    "duckdb": {"store"},
    "plotly": {"charts"},
    "streamlit": {"ui", "pages"},
    "openpyxl": {"ingestion", "exports", "demonstration"},
    "python_calamine": {"ingestion"},
    "xlsxwriter": {"exports"},
    "pptx": {"exports"},
    "docx": {"exports"},
    "typst": {"exports"},
    "xlwt": {"demonstration"},
    "scipy": {"indicators"},
}
# The two composition points, which may know every room: the commands, and the seam that opens the base for the app.
COMPOSITION = {"ozoir/__main__.py", "ozoir/ui/session.py"}


def imported_modules(source: str) -> set[str]:
    """Every module named by an import, wherever it stands."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def violations(relative: str, source: str) -> list[str]:
    """What this file imports against the plan."""
    if relative in COMPOSITION:
        return []
    parts = Path(relative).parts
    room = parts[1] if parts[0] == "ozoir" and len(parts) > 2 else "pages" if parts[0] in ("pages", "app.py") else None
    if room is None:
        return []
    found = []
    for name in sorted(imported_modules(source)):
        top, *rest = name.split(".")
        if top == "ozoir" and rest and rest[0] not in GROUND | MAY_IMPORT[room] and (ROOT / "ozoir" / rest[0]).exists():
            found.append(f"{relative} imports {name}")
        if top in LIBRARIES and room not in LIBRARIES[top]:
            found.append(f"{relative} imports {name}")
    return found


def project_files() -> list[Path]:
    return [ROOT / "app.py", *sorted((ROOT / "pages").rglob("*.py")), *sorted((ROOT / "ozoir").rglob("*.py"))]


def test_every_room_knows_only_those_below_it():
    found = [
        line for path in project_files() for line in violations(path.relative_to(ROOT).as_posix(), path.read_text("utf-8"))
    ]
    assert found == []


def test_every_folder_of_the_package_is_a_declared_room():
    rooms = {path.parent.name for path in (ROOT / "ozoir").glob("*/*.py")}
    assert rooms <= set(MAY_IMPORT)


@pytest.mark.parametrize(
    ("relative", "source"),
    [
        ("pages/10_pilier.py", "from ozoir.store.base import open_store"),
        ("ozoir/charts/kinds.py", "import ozoir.store.facts"),
        ("ozoir/exports/csv.py", "def f():\n    import duckdb"),
        ("ozoir/indicators/masking.py", "import streamlit as st"),
        ("ozoir/catalogue/model.py", "from ozoir import store"),
    ],
)
def test_a_planted_violation_is_found(relative, source):
    assert violations(relative, source)


TEXTS = {".toml", ".css", ".typ", ".html", ".js", ".md"}


def test_no_code_names_one_contract():
    """Territory, quartier and pillars are data: another contract is another folder of the catalogue.

    Texts, styles, layouts and what deploys are read too; only what ships of the first contract may name it.
    """
    contrats = ROOT / "ozoir" / "catalogue" / "contrats"
    pillars = {path.parent.name for path in contrats.glob("*/*/pilier.toml")}
    assert pillars
    words = [r"ferri[eè]re", r"anne[ -_]?fran", r"\b77350\b", r"QP077018", r"QN07718M", r"portes briardes", r"seine-et-marne"]
    words += [r"\b(?:trois|3|three) (?:piliers|pillars)\b", r"QPV-77\b"]
    words += [r"\bosica\b", r"\b(?:cinq|5|five) clauses\b"]
    ids = [rf"[\"'](?:pilier[-_])?{re.escape(name)}(?:-(?:o|d|e)?\d+[\w-]*)?[\"']" for name in pillars]
    named, placed = re.compile("|".join(words), re.IGNORECASE), re.compile("|".join([*words, *ids]), re.IGNORECASE)
    others = [path for path in (ROOT / "ozoir").rglob("*.*") if path.suffix in TEXTS and contrats not in path.parents]
    others += [ROOT / "Makefile", ROOT / "pyproject.toml", *(path for path in (ROOT / "deploy").iterdir() if path.is_file())]
    found = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        # the indicators which ship are placed under the first contract's pillars, until another one places them
        for pattern, paths in ((placed, project_files()), (named, others))
        for path in paths
        for line in path.read_text("utf-8").splitlines()
        if pattern.search(line)
    ]
    assert found == []
    assert all(placed.search(text) for text in ("x == 'pilier-emploi'", '"emploi-01"', "Les trois piliers", "QN07718M"))


def test_every_link_between_pages_keeps_the_contract_and_the_quartier():
    """`link_to` carries them on: an address written straight into HTML would lose them."""
    straight = re.compile(r"""href=["'](?!\{|#|https?:|mailto:)""")
    found = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for path in project_files()
        if path.parent.name in ("ui", "pages")
        for line in path.read_text("utf-8").splitlines()
        if straight.search(line)
    ]
    assert found == []


def test_no_module_has_a_name_that_says_nothing():
    assert not [path for path in project_files() if path.stem in {"utils", "helpers", "common", "misc", "tools"}]
