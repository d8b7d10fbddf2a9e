"""Reading off the interface's thread: bytes which never reach a disk, a reading which may be stopped."""

from __future__ import annotations

import pytest

from ozoir.atelier.historique import load
from ozoir.atelier.lectures import Choix, Lecture, read_now
from ozoir.errors import OzoirError
from ozoir.ingestion import child
from ozoir.store.journal import read_lines
from tests.ingestion.samples import demo_text
from tests.ingestion.test_personal_data import HEADER, NUMBERS, ROWS


def test_a_file_is_read_with_its_preview(catalogue):
    delivery = read_now(demo_text().encode(), "DEMO_2021.csv", catalogue)
    (preview,) = delivery.apercus
    assert preview.source == "insee_demo" and preview.rows[preview.entete][0] == "CODGEO"
    assert dict(preview.roles)[1] == "territoire"
    assert any(row[0] == "QP077018" for row in preview.rows.values())


def test_what_the_analyst_says_is_read_again(catalogue):
    choix = Choix("insee_demo", "2021", (("allocataires", "2018"),))
    delivery = read_now(demo_text().encode(), "recu.csv", catalogue, choix)
    assert [day.isoformat() for day in delivery.dates["allocataires"]] == ["2018-12-31"]


def test_a_reading_may_be_stopped(catalogue, monkeypatch):
    monkeypatch.setattr(child.sys, "executable", "/bin/sleep")  # `sleep -m …` would fail at once: make it wait
    monkeypatch.setattr(child.subprocess, "Popen", _waiting(child.subprocess.Popen))
    reading = Lecture().start(b"CODGEO;A\n", "DEMO_2021.csv", catalogue, Choix())
    assert not reading.wait(0.2)
    reading.stop()
    assert reading.wait(5)
    with pytest.raises(OzoirError, match="Lecture arrêtée"):
        reading.result()


def _waiting(popen):
    return lambda command, **others: popen([command[0], "60"], **others)


def nominative(header: str = "Nom", value: str = "Untel") -> bytes:
    return f"{HEADER};{header}\n{ROWS}".replace("\n", f";{value}\n").replace(f"{header};{value}", header).encode()


def test_a_nominative_file_shows_nothing_but_its_columns(catalogue):
    delivery = read_now(nominative(), "mission_locale_2020.csv", catalogue)
    assert delivery.nominatif == "presume" and delivery.apercus == [] and not delivery.conservable
    assert "Untel" not in repr(delivery)


def test_a_named_person_may_answer_for_it_with_a_reason_and_the_original_is_not_kept(catalogue, store, tmp_path):
    delivery = read_now(nominative(), "mission_locale_2020.csv", catalogue, Choix(is_cleared=True))
    assert delivery.nominatif == "leve" and not delivery.blocking and not delivery.conservable
    with pytest.raises(OzoirError, match="Motif"):
        load(store, delivery, nominative(), "Analyste")
    loaded = load(store, delivery, nominative(), "Analyste", "« Nom » est un intitulé d’indicateur.")
    assert loaded.faits == 4
    (line,) = read_lines(store.cursor(), acte="alerte levée")
    assert "intitulé d’indicateur" in line.details and "H1" in line.details
    store.close()
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and b"Untel" in path.read_bytes()]


def test_nobody_may_answer_for_social_security_numbers(catalogue):
    rows = ROWS.splitlines()
    text = "\n".join([f"{HEADER};x", *(f"{row};{number}" for row, number in zip(rows, NUMBERS, strict=False))])
    delivery = read_now(text.encode(), "mission_locale_2020.csv", catalogue, Choix(is_cleared=True))
    assert delivery.nominatif == "certain" and delivery.blocking
