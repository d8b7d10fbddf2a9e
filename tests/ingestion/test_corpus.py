"""A hundred strange files: what each one gives, in exactly which words, how fast, in how little memory."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from ozoir.paths import ROOT
from tests.ingestion.corpus.cases import CASES

EXPECTED = tomllib.loads(Path(__file__).with_name("corpus").joinpath("attendus.toml").read_text("utf-8"))
SECONDS, MEMORY = 2, 300_000_000


@pytest.fixture(scope="module")
def corpus() -> dict:
    """The whole corpus, read in one process of its own, whose memory is its own too."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
    command = [sys.executable, "-m", "tests.ingestion.corpus"]
    done = subprocess.run(command, capture_output=True, check=True, cwd=ROOT, env=environment)
    return json.loads(done.stdout)


def test_the_corpus_is_large_and_every_file_has_its_expected_outcome():
    names = [case.nom for case in CASES]
    assert len(names) >= 80 and len(set(names)) == len(names)
    assert set(names) == set(EXPECTED)
    assert {said["issue"] for said in EXPECTED.values()} == {"refuse", "bloque", "charge"}


@pytest.mark.parametrize("name", [case.nom for case in CASES])
def test_a_strange_file_gives_exactly_this(corpus, name):
    found = corpus["fichiers"][name]
    phrases = [re.sub(r"se déploie \d+ fois", "se déploie N fois", text) for text in found["phrases"]]  # zlib's own affair
    assert {"issue": found["issue"], "phrases": phrases} == EXPECTED[name]


def test_every_file_is_judged_within_two_seconds_and_in_little_memory(corpus):
    slow = {name: found["secondes"] for name, found in corpus["fichiers"].items() if found["secondes"] > SECONDS}
    assert slow == {}
    assert corpus["memoire"] < MEMORY
