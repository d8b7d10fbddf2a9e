"""Received files are read in a limited child process, and give what reading them here gives."""

from __future__ import annotations

import subprocess
import sys

import pandas as pd
import pytest

from ozoir.errors import OzoirError
from ozoir.ingestion import child
from ozoir.ingestion.reading import read_delivery, receive
from tests.ingestion.samples import DEMO_ROWS, demo_cells, demo_text, write_text, write_workbook


def test_a_received_file_reads_as_in_this_process(tmp_path, catalogue):
    path = write_text(tmp_path, "DEMO_2021.csv", demo_text(before="Données fictives\r\n"))
    here, there = read_delivery(path, catalogue), receive(path, catalogue)
    pd.testing.assert_frame_equal(here.faits, there.faits)
    pd.testing.assert_frame_equal(here.territoires, there.territoires)
    details = (
        "fichier",
        "empreinte",
        "taille",
        "source",
        "edition",
        "findings",
        "dates",
        "lecture",
        "fictif",
        "conservable",
        "reconnaissance",
        "millesimes",
    )
    assert {name: getattr(here, name) for name in details} == {name: getattr(there, name) for name in details}


def test_what_the_analyst_says_reaches_the_child(tmp_path, catalogue):
    path = write_text(tmp_path, "recu.csv", demo_text())
    delivery = receive(path, catalogue, name="recu.csv", source="insee_demo", edition="2021", millesimes={"allocataires": 2018})
    assert (delivery.edition, [str(day) for day in delivery.dates["allocataires"]]) == ("2021", ["2018-12-31"])


def test_an_upload_without_extension_is_known_by_its_name(tmp_path, catalogue):
    path = write_workbook(tmp_path / "DEMO_2021.xlsx", {"QP": demo_cells()}).rename(tmp_path / "tmpabcdef")
    assert receive(path, catalogue, name="DEMO_2021.xlsx").source == "insee_demo"


def test_a_refusal_in_the_child_is_the_same_refusal_here(tmp_path, catalogue):
    path = write_text(tmp_path, "DEMO_2021.xlsx", demo_text())
    with pytest.raises(OzoirError) as caught:
        receive(path, catalogue)
    assert caught.value.title == "Le contenu ne correspond pas à l’extension."


def test_a_missing_file_is_said_in_french(tmp_path, catalogue):
    with pytest.raises(OzoirError, match="Fichier introuvable"):
        receive(tmp_path / "absent.csv", catalogue)


def test_a_child_that_dies_is_a_refusal_and_the_next_file_loads(tmp_path, catalogue, monkeypatch):
    path = write_text(tmp_path, "DEMO_2021.csv", demo_text())
    monkeypatch.setattr(child, "ROOT", tmp_path)  # no ozoir package there: the child cannot even start
    with pytest.raises(OzoirError, match="Lecture interrompue par sécurité"):
        receive(path, catalogue)
    monkeypatch.undo()
    assert not receive(path, catalogue).blocking


def test_a_file_that_takes_too_long_is_given_up(tmp_path, catalogue, monkeypatch):
    path = write_text(tmp_path, "DEMO_2021.csv", demo_text())
    monkeypatch.setattr(child, "SECONDS", 0.001)
    with pytest.raises(OzoirError, match="trop longue"):
        receive(path, catalogue)


def test_the_child_works_within_limits(tmp_path):
    script = (
        "import os, signal\n"
        "from ozoir.ingestion.worker import limit_resources\n"
        "limit_resources()\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "try:\n    bytearray(3_000_000_000)\nexcept MemoryError:\n    print('memoire bornee', flush=True)\n"
        f"handle = os.open({str(tmp_path / 'essai')!r}, os.O_CREAT | os.O_WRONLY)\n"
        "try:\n    os.write(handle, b'x')\nexcept OSError:\n    print('ecriture refusee')\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=child.ROOT)
    assert done.stdout.split() == ["memoire", "bornee", "ecriture", "refusee"]


def test_a_large_answer_comes_back_whole(tmp_path, catalogue):
    rows = [
        row.replace("QP077018", f"QP{department:03d}{rank:03d}")
        for department in range(1, 96)
        for rank in range(1, 41)
        for row in DEMO_ROWS[:1]
    ]
    delivery = receive(write_text(tmp_path, "DEMO_2021.csv", demo_text(rows=rows)), catalogue)
    assert delivery.faits["territoire"].nunique() >= 95 * 40


def test_a_file_without_any_fact_comes_back_with_its_findings(tmp_path, catalogue):
    delivery = receive(write_text(tmp_path, "inconnu.csv", "Rue;Habitants\r\nGare;12\r\n"), catalogue)
    assert delivery.faits.empty
    assert delivery.blocking
