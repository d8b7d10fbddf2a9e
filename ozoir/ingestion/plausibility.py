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
_LARGEST_RATE = 150  # rates above 100 do exist: dwellings of the register over households of the census
_SHIFTED = "l’en-tête est peut-être décalé par rapport aux valeurs"


def check_numbers(reading: Reading, lines: np.ndarray, column: int, entete: str, mesure: Mesure, sheet: str) -> list[Finding]:
    """Findings on one column of numbers, given the nature of its measure."""
    checks = {EFFECTIF: _check_counts, TAUX: _check_rates}.get(mesure.nature)
    found = checks(reading, mesure) if checks else []
    return [
        Finding(
            gravite, f"colonne « {entete} » : {message}", sheet, name_cells((int(line), column) for line in lines[is_wrong])
        )
        for gravite, is_wrong, message in found
        if is_wrong.any()
    ]


def _check_counts(reading: Reading, mesure: Mesure) -> list[tuple[str, np.ndarray, str]]:
    """(gravity, wrong rows, message): negative counts, foreign thousands, decimals."""
    values = reading.values
    is_known = ~np.isnan(values)
    is_thousand = reading.looks_like_thousands & is_known
    is_fraction = is_known & (values != np.round(values)) & ~is_thousand & (mesure.decimales == 0)
    is_grave = is_known.sum() >= _ENOUGH and is_fraction.sum() > _MANY * is_known.sum()
    return [
        (BLOQUANT, values < 0, "un nombre négatif est impossible pour un effectif."),
        (
            BLOQUANT,
            is_thousand,
            "un point ou une virgule suivi de trois chiffres : milliers ou décimales ? Écrivez le nombre sans séparateur.",
        ),
        (
            BLOQUANT if is_grave else AVERTISSEMENT,
            is_fraction,
            f"des nombres à virgule pour un effectif{f' ; {_SHIFTED}' if is_grave else ''}.",
        ),
    ]


def _check_rates(reading: Reading, mesure: Mesure) -> list[tuple[str, np.ndarray, str]]:
    """(gravity, wrong rows, message): a column of values out of scale, or of fractions."""
    values = reading.values
    known = values[~np.isnan(values)]
    if len(known) < _ENOUGH:
        return []
    is_huge = np.abs(values) > _LARGEST_RATE
    are_fractions = bool((np.abs(known) <= 1).all() and (known != np.round(known)).any())
    return [
        (
            BLOQUANT,
            is_huge & (is_huge.sum() > _MANY * len(known)),
            f"ces valeurs ne sont pas des pourcentages ; {_SHIFTED}.",
        ),
        (
            BLOQUANT,
            (np.abs(values) <= 1) & are_fractions,
            "des fractions (0,25) là où des pourcentages (25) sont attendus. "
            "Multipliez par 100, ou mettez la colonne au format « pourcentage ».",
        ),
    ]


def check_headers(sheet: Recognised, data_lines: np.ndarray) -> list[Finding]:
    """Columns that contradict their header: numbers without header, flags that are no flags, names that are numbers."""
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
