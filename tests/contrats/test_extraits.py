"""What partners send a contract of several quartiers: blank workbooks carry codes, and load; « QPV » alone is refused."""

from __future__ import annotations

import openpyxl
import pytest

from ozoir.exports.modeles import offered_templates, write_template
from ozoir.ingestion.delivery import INFORMATION
from ozoir.ingestion.reading import read_delivery
from tests.exports.test_modeles import DAY, LOCAL, fill

CODES = {"QN09801A", "QN09802B", "98101", "98102"}
BY_DWELLING = "bailleur_logements"


def test_no_list_of_dwellings_is_offered_where_it_would_be_refused(valmont, catalogue):
    assert {*offered_templates(catalogue)} == {*LOCAL} and {*offered_templates(valmont)} == {*LOCAL} - {BY_DWELLING}


@pytest.mark.parametrize("name", sorted({*LOCAL} - {BY_DWELLING}))
def test_a_filled_template_names_every_quartier_and_commune(valmont, name, tmp_path):
    modele = write_template(valmont.sources[name], valmont, DAY)
    path = tmp_path / modele.nom
    fill(modele.contenu, path, dwellings=False)
    delivery = read_delivery(path, valmont)
    assert delivery.source == name and not delivery.blocking
    said = [finding.sentence() for finding in delivery.findings if finding.gravite != INFORMATION]
    assert [text for text in said if "somme" not in text and "dépasse" not in text] == []  # all sixes: sums do not hold
    assert set(delivery.faits["territoire"]) == CODES


def test_a_column_which_does_not_say_which_quartier_is_refused_with_the_codes(valmont, tmp_path):
    workbook = openpyxl.Workbook()
    for row in (("Indicateur", "QPV", "Commune"), ("Foyers allocataires", 410, 2300), ("Personnes couvertes", 1300, 7000)):
        workbook.active.append(row)
    workbook.save(path := tmp_path / "caf_2025-12-31.xlsx")
    (refusal,) = (finding.sentence() for finding in read_delivery(path, valmont).blocking)
    assert all(code in refusal for code in CODES)


def test_a_file_of_dwellings_is_refused_since_it_says_only_whether_in_the_quartier(valmont, tmp_path):
    modele = write_template(valmont.sources[BY_DWELLING], valmont, DAY)
    fill(modele.contenu, path := tmp_path / modele.nom, dwellings=True)
    (refusal,) = read_delivery(path, valmont).blocking
    assert "dans le quartier" in refusal.message and all(code in refusal.message for code in CODES)
