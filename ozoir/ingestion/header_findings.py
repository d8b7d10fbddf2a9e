"""What is said of a table's headers: met twice, unknown, or expected and absent."""

from __future__ import annotations

from ozoir.ingestion.delivery import AVERTISSEMENT, BLOQUANT, INFORMATION, Finding, name_cells
from ozoir.ingestion.headers import PERIOD
from ozoir.ingestion.recognition import Recognised, suggest

_SHOWN = 20


def describe_headers(sheet: Recognised) -> list[Finding]:
    """Findings on the header row of a recognised table."""
    return [*_describe_doubles(sheet), *_describe_unknown(sheet), *_describe_shifted(sheet)]


def _describe_shifted(sheet: Recognised) -> list[Finding]:
    """In a text, a row with one cell more than there are headers: a separator inside a name moved all its values."""
    grid = sheet.grid
    width = max((column for column, text in enumerate(sheet.header.texts, 1) if text), default=0)
    if grid.name or grid.width <= width:
        return []
    longer = [line for line, row in enumerate(grid.rows[sheet.header.line :], sheet.first_line) if row[width] != ""]
    if not longer or len(longer) > 0.5 * (len(grid.rows) - sheet.header.line):
        return []
    message = f"plus de valeurs que d’intitulés ({width})\u00a0: un séparateur dans un texte a sans doute décalé la ligne."
    return [Finding(BLOQUANT, message, "", name_cells((line, width + 1) for line in longer))]


def _describe_doubles(sheet: Recognised) -> list[Finding]:
    grid, findings = sheet.grid, []
    for name, places in _same_columns(sheet):
        if len(places) == 1:
            continue
        first, *others = (grid.column(column, sheet.first_line) for column in places)
        is_same = all(other == first for other in others)
        message = f"la colonne « {name} » figure {len(places)} fois"
        message += (
            ", avec les mêmes valeurs : la première est lue."
            if is_same
            else " avec des valeurs différentes : on ne sait laquelle lire."
        )
        cells = name_cells((sheet.header.line, column) for column in places)
        findings.append(Finding(INFORMATION if is_same else BLOQUANT, message, grid.name, cells))
    return findings


def _same_columns(sheet: Recognised) -> list[tuple[str, list[int]]]:
    """(header as declared, its columns), those of « ABC {date} » date by date."""
    groups: dict[tuple[str, str], list[int]] = {}
    for name in sorted(sheet.layout.mapped & sheet.columns.keys()):
        for column in sheet.columns[name]:
            period = sheet.periods.get(column, "")
            groups.setdefault((name.replace(PERIOD, period), period), []).append(column)
    return [(name, places) for (name, _), places in groups.items()]


def _describe_unknown(sheet: Recognised) -> list[Finding]:
    grid, findings, plain = sheet.grid, [], []
    absent = sorted(sheet.layout.mapped - sheet.columns.keys())
    for column in sheet.unknown:
        text = sheet.header_text(column)
        if near := suggest(text, absent):
            message = "colonne inconnue, non chargée, alors qu’une colonne attendue manque."
            cells = name_cells([(sheet.header.line, column)])
            findings.append(Finding(AVERTISSEMENT, message, grid.name, cells, text, near))
        else:
            plain.append(text)
    if plain:
        names = ", ".join(plain[:_SHOWN]) + ("…" if len(plain) > _SHOWN else "")
        findings.append(Finding(AVERTISSEMENT, f"Colonnes inconnues, non chargées : {names}.", grid.name))
    if absent:
        message = f"Colonnes connues de cette mise en page, absentes de ce fichier : {', '.join(absent)}."
        findings.append(Finding(INFORMATION, message, grid.name))
    return findings
