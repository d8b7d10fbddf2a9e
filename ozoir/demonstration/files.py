"""Files as partners send them: title rows above, notes under, the word « fictives » where nobody can miss it."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

import openpyxl
import xlwt

FICTIVE = "DONNÉES FICTIVES"
WARNING = f"{FICTIVE}\u00a0: fichier de démonstration, aucun chiffre n’est réel."
SUFFIX = "_fictif"

Row = Sequence[object]


def write_xlsx(path: Path, sheets: dict[str, Iterable[Row]]) -> None:
    """One workbook; each sheet is its rows, already in order."""
    workbook = openpyxl.Workbook(write_only=True)
    for name, rows in sheets.items():
        sheet = workbook.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    workbook.save(path)


def write_xls(path: Path, sheets: dict[str, Iterable[Row]]) -> None:
    """The same in the format of Excel 97-2003."""
    workbook = xlwt.Workbook(encoding="utf-8")
    for name, rows in sheets.items():
        sheet = workbook.add_sheet(name)
        for line, row in enumerate(rows):
            for column, cell in enumerate(row):
                if cell is not None and cell != "":
                    sheet.write(line, column, cell)
    workbook.save(str(path))


def write_csv(path: Path, rows: Iterable[Row]) -> None:
    """Semicolons and Windows-1252, as a French Excel saves it."""
    with path.open("w", encoding="cp1252", newline="") as file:
        csv.writer(file, delimiter=";", lineterminator="\r\n").writerows(rows)


def titles(*lines: str) -> list[list[str]]:
    """The rows above a table: the warning first, then the title's lines, then a blank row."""
    return [[WARNING], *([line] for line in lines), []]
