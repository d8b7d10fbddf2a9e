"""Blank workbooks for partners: drop-downs, locked labels, instructions; filled, they load without a question."""

from __future__ import annotations

import io
from datetime import date

import openpyxl
import pytest

from ozoir.catalogue.loading import load_catalogue
from ozoir.exports.modeles import MODE_D_EMPLOI, has_template, write_template
from ozoir.ingestion.delivery import INFORMATION
from ozoir.ingestion.reading import read_delivery

DAY = date(2020, 12, 31)
LOCAL = [source.id for source in load_catalogue().sources.values() if has_template(source)]


def test_the_local_extracts_have_a_template():
    assert set(LOCAL) == {"caf", "pole_emploi", "mission_locale", "bailleur_logements", "bailleur_residences", "habitat"}


def fill(content: bytes, path, dwellings: bool):
    """Numbers in every open and still empty cell of the rows which are there; two dwellings in a landlord's list."""
    workbook = openpyxl.load_workbook(io.BytesIO(content))
    for sheet in workbook.worksheets:
        if sheet.title == MODE_D_EMPLOI:
            continue
        if dwellings:
            for line, name in ((2, "L1"), (3, "L2")):
                values = {
                    "IDENT_INT": name,
                    "DEPCOM": "77350",
                    "QPV": 1,
                    "NBPIECE": 3,
                    "MODE": 1,
                    "SURFHAB": 62,
                    "BAIL": "11/2019",
                }
                values |= {
                    "LOYERPRINC": 380,
                    "NB_OCCUPANTS": 3,
                    "IMPAYES_MONTANT": 0,
                    "IMPAYES_MOIS": 0,
                    "DPEENERGIE": "C",
                    "PMR": 2,
                }
                for column in range(1, sheet.max_column + 1):
                    if (header := sheet.cell(1, column).value) in values:
                        sheet.cell(line, column, values[header])
            continue
        for line in range(4, sheet.max_row + 1):
            if sheet.cell(line, 1).value is None:
                continue
            for column in range(2, sheet.max_column + 1):
                cell, header = sheet.cell(line, column), sheet.cell(3, column).value
                is_words = header == "QPV" and sheet.cell(3, 1).value == "Résidence"
                if cell.value is None and not cell.protection.locked and not is_words:
                    cell.value = 6
    workbook.save(path)


@pytest.mark.parametrize("name", LOCAL)
def test_a_filled_template_loads_without_a_question(name, tmp_path):
    catalogue = load_catalogue()
    modele = write_template(catalogue.sources[name], catalogue, DAY)
    path = tmp_path / modele.nom
    fill(modele.contenu, path, name == "bailleur_logements")
    delivery = read_delivery(path, catalogue)
    assert delivery.source == name and not delivery.blocking
    said = [finding.sentence() for finding in delivery.findings if finding.gravite != INFORMATION]
    assert [text for text in said if "somme" not in text and "dépasse" not in text] == []  # all sixes: sums do not hold
    assert len(delivery.faits) > 0
    days = {day for days in delivery.dates.values() for day in days}
    assert days == ({date(2020, 1, 1)} if name == "habitat" else {DAY})


@pytest.mark.parametrize("name", LOCAL)
def test_labels_are_locked_and_instructions_are_there(name):
    catalogue = load_catalogue()
    workbook = openpyxl.load_workbook(io.BytesIO(write_template(catalogue.sources[name], catalogue, DAY).contenu))
    assert workbook.sheetnames[-1] == MODE_D_EMPLOI and workbook.sheetnames[0] != MODE_D_EMPLOI
    for sheet in workbook.worksheets:
        assert sheet.protection.sheet and sheet.sheet_state == "visible"
    first = workbook.worksheets[0]
    header = 1 if name == "bailleur_logements" else 3
    assert all(first.cell(header, column).protection.locked for column in range(1, first.max_column + 1))
    text = " ".join(str(row[0]) for row in workbook[MODE_D_EMPLOI].iter_rows(values_only=True))
    assert "jamais une ligne par personne" in text


def test_every_breakdown_has_a_drop_down():
    catalogue = load_catalogue()
    workbook = openpyxl.load_workbook(io.BytesIO(write_template(catalogue.sources["pole_emploi"], catalogue, DAY).contenu))
    rules = [rule for rule in workbook.worksheets[0].data_validations.dataValidation if rule.type == "list"]
    assert len(rules) == 8  # the territory and seven breakdowns
    assert any("Femmes" in rule.formula1 for rule in rules)
