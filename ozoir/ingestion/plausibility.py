"""Numbers that cannot stand under their header: negative counts, shares out of scale, headers shifted by a column."""

from __future__ import annotations

import numpy as np

from ozoir.catalogue.model import Mesure
from ozoir.ingestion.delivery import AVERTISSEMENT, BLOQUANT, Finding, name_cells
from ozoir.ingestion.grids import Grid
from ozoir.ingestion.headers import read_text
from ozoir.ingestion.recognition import Recognised
from ozoir.ingestion.values import Reading
from ozoir.numbers import parse_number

EFFECTIF, TAUX = "effectif", "taux"
_ENOUGH = 5  # values below which a whole column says nothing
_MANY = 0.2
_SHIFTED = "l’en-tête est peut-être décalé par rapport aux valeurs"


def check_numbers(reading: Reading, lines: np.ndarray, column: int, entete: str, mesure: Mesure, sheet: str) -> list[Finding]:
    """Findings on one column of numbers, given the nature of its measure."""
    values = reading.values
    known = values[~np.isnan(values)]

    def finding(gravite: str, is_wrong: np.ndarray, message: str) -> Finding:
        return Finding(gravite, f"colonne « {entete} » : {message}", sheet, name_cells((int(line), column) for line in lines[is_wrong]))

    findings = []
    if mesure.nature == EFFECTIF:
        is_negative = values < 0
        if is_negative.any():
            findings.append(finding(BLOQUANT, is_negative, "un nombre négatif est impossible pour un effectif."))
        is_thousand = reading.looks_like_thousands & ~np.isnan(values)
        if is_thousand.any():
            message = "un point ou une virgule suivi de trois chiffres : milliers ou décimales ? Écrivez le nombre sans séparateur."
            findings.append(finding(BLOQUANT, is_thousand, message))
        elif mesure.decimales == 0:
            is_fraction = ~np.isnan(values) & (values != np.round(values))
            if is_fraction.any():
                is_grave = len(known) >= _ENOUGH and is_fraction.sum() > _MANY * len(known)
                message = f"des nombres à virgule pour un effectif{' ; ' + _SHIFTED if is_grave else ''}."
                findings.append(finding(BLOQUANT if is_grave else AVERTISSEMENT, is_fraction, message))
    elif mesure.nature == TAUX and len(known) >= _ENOUGH:
        is_huge = np.abs(values) > 150
        if is_huge.sum() > _MANY * len(known):
            findings.append(finding(BLOQUANT, is_huge, f"ces valeurs ne sont pas des pourcentages ; {_SHIFTED}."))
        if (np.abs(known) <= 1).all() and (known != np.round(known)).any():
            message = "des fractions (0,25) là où des pourcentages (25) sont attendus. Multipliez par 100, ou mettez la colonne au format « pourcentage »."
            findings.append(finding(BLOQUANT, np.abs(values) <= 1, message))
    return findings


def check_headers(sheet: Recognised, data_lines: np.ndarray) -> list[Finding]:
    """Columns whose contents contradict their header: numbers without header, flags that are no flags, names that are numbers."""
    if len(data_lines) < _ENOUGH:
        return []
    tableau, grid = sheet.layout.tableau, sheet.grid
    findings = []
    flags = {*tableau.notes, *(bloc.note for bloc in tableau.blocs if bloc.note)}
    for name in flags & sheet.columns.keys():
        for column in sheet.columns[name]:
            texts = _texts(grid, column, data_lines)
            if sum(len(text) > 2 for text in texts) > _MANY * len(texts):
                message = f"la colonne « {sheet.header_text(column)} » devrait contenir un code d’un chiffre ; {_SHIFTED}."
                findings.append(Finding(BLOQUANT, message, grid.name, name_cells([(sheet.header.line, column)])))
    for name in {*tableau.territoire.libelles} & sheet.columns.keys():
        column = sheet.columns[name][0]
        texts = _texts(grid, column, data_lines)
        if sum(parse_number(text) is not None for text in texts) > 0.5 * max(len(texts), 1):
            message = f"la colonne « {sheet.header_text(column)} » devrait contenir des noms ; {_SHIFTED}."
            findings.append(Finding(BLOQUANT, message, grid.name, name_cells([(sheet.header.line, column)])))
    return findings + _check_unnamed(sheet, data_lines)


def _check_unnamed(sheet: Recognised, data_lines: np.ndarray) -> list[Finding]:
    """Numbers under no header, unless a merged header covers them or they only number the rows."""
    grid, line, findings = sheet.grid, sheet.header.line, []
    for column, header in enumerate(sheet.header.texts, 1):
        if header or any(left <= column <= right and top <= line <= bottom for (top, left), (bottom, right) in grid.merged):
            continue
        texts = _texts(grid, column, data_lines)
        numbers = [number for text in texts if (number := parse_number(text)) is not None]
        is_index = len(numbers) == len(data_lines) and np.ptp(np.diff(numbers)) == 0
        if len(numbers) > 0.5 * max(len(texts), 1) and numbers and not is_index:
            message = f"des nombres sans en-tête ; {_SHIFTED}. Donnez un nom à cette colonne, ou supprimez-la."
            findings.append(Finding(BLOQUANT, message, grid.name, name_cells([(line, column)])))
    return findings


def _texts(grid: Grid, column: int, lines: np.ndarray) -> list[str]:
    cells = (read_text(grid.rows[int(line) - 1][column - 1]) for line in lines)
    return [text for text in cells if text]
