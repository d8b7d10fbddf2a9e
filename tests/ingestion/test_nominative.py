"""Files about persons are refused, headerless lists included; tables of totals are not; and what is refused is not quoted."""

from __future__ import annotations

import pytest

from ozoir.ingestion.reading import Request, answer, make_delivery
from tests.ingestion.nominative import (
    NAMES,
    PHONES,
    SECRET,
    STREETS,
    aggregated_files,
    nameless_lists,
    nameless_tables,
    nominative_files,
)
from tests.ingestion.test_personal_data import NUMBERS

NOMINATIVE, AGGREGATED = nominative_files(), aggregated_files()
NAMELESS, TABLES = nameless_lists(), nameless_tables()


def read(catalogue, file):
    return make_delivery(
        answer(Request(file.fichier, file.fichier, content=file.contenu, is_previewed=True), catalogue), catalogue
    )


def test_there_are_twenty_and_thirty():
    assert (len(NOMINATIVE), len(AGGREGATED)) == (20, 30)
    assert (len(NAMELESS), len(TABLES)) == (14, 14)


@pytest.mark.parametrize("file", [*NOMINATIVE, *NAMELESS], ids=lambda file: file.nom)
def test_a_file_about_persons_is_refused_and_never_quoted(catalogue, file):
    delivery = read(catalogue, file)
    assert delivery.nominatif in ("certain", "presume")
    assert delivery.blocking and not delivery.conservable and delivery.apercus == []
    said = repr(delivery.findings) + delivery.reconnaissance
    for word in (SECRET, *NAMES, *PHONES, *STREETS, *NUMBERS):
        assert word not in said


@pytest.mark.parametrize("file", [*AGGREGATED, *TABLES], ids=lambda file: file.nom)
def test_a_table_of_totals_is_not_taken_for_persons(catalogue, file):
    delivery = read(catalogue, file)
    assert delivery.nominatif == "", [finding.sentence() for finding in delivery.findings]
