"""Tables with a row per measure and a column per territory become facts."""

from __future__ import annotations

from datetime import date

import numpy as np

from ozoir.catalogue.model import Bloc, parse_cle
from ozoir.ingestion.delivery import AVERTISSEMENT, BLOQUANT, INFORMATION, Finding, name_cells, name_lines
from ozoir.ingestion.facts import day_number
from ozoir.ingestion.headers import normalise, read_text
from ozoir.ingestion.recognition import Recognised, suggest
from ozoir.ingestion.sheets import Job, add_facts, read_values
from ozoir.ingestion.tables import COLONNE, find_column_date
from ozoir.ingestion.territories import Territory, TerritoryReader, name_several
from ozoir.ingestion.values import is_number
from ozoir.ingestion.vintages import Period


def extract_transposed(job: Job, sheet: Recognised, period: Period) -> None:
    """Facts of one recognised table whose rows are measures."""
    columns = _find_territories(job, sheet)
    if not columns:
        message = f"Aucune colonne de territoire reconnue dans l’en-tête.{name_several(job.catalogue.territoire)}"
        job.findings.append(Finding(BLOQUANT, message, sheet.grid.name))
        return
    accepted = _accepted_labels(sheet)
    dates = {bloc.nom: _date_columns(job, sheet, bloc, period, columns) for bloc in sheet.layout.tableau.blocs}
    label_column = sheet.column(sheet.layout.tableau.signature[0])
    found, notes = set(), []
    for line, cell in enumerate(sheet.grid.column(label_column, sheet.first_line), sheet.first_line):
        text = read_text(cell)
        if normalise(text) in accepted:
            bloc, name = accepted[normalise(text)]
            found.add(name)
            _load_row(job, sheet, bloc, name, (line, dates[bloc.nom]), columns, period.edition)
        elif any(is_number(sheet.grid.rows[line - 1][column - 1]) for column in columns):
            _say_unknown_row(job, sheet, (line, label_column), text, accepted, found)
        elif text:
            notes.append(line)
    _describe_rows(job, sheet, accepted, found, notes)


def _date_columns(job: Job, sheet: Recognised, bloc: Bloc, period: Period, columns: dict[int, Territory]) -> dict[int, date]:
    """Column → the date of its figures: the block's, or the one in the column's own header."""
    if bloc.millesime.regle == COLONNE:
        found = {column: find_column_date(job, sheet, column, bloc) for column in columns}
    else:
        day, is_readable = job.find_date(bloc, period, sheet)
        found = dict.fromkeys(columns, day if is_readable else None)
    dated = {column: day for column, day in found.items() if day}
    if dated:
        job.dates.setdefault(bloc.nom, set()).update(dated.values())
    return dated


def _find_territories(job: Job, sheet: Recognised) -> dict[int, Territory]:
    """Column → territory, for every header that is one."""
    reader = TerritoryReader(sheet.layout.tableau, job.catalogue.territoire)
    first = sheet.column(sheet.layout.tableau.signature[0])
    columns = {}
    for column, text in enumerate(sheet.header.texts, 1):
        territory = reader.read(text)
        if column != first and isinstance(territory, Territory):
            columns[column] = territory
    for name in sheet.layout.tableau.territoire.valeurs:  # « QPV > {date} »: as many columns as dates
        for column in sheet.columns.get(name, ()):
            if isinstance(territory := reader.read(name), Territory):
                columns[column] = territory
    return columns


def _accepted_labels(sheet: Recognised) -> dict[str, tuple[Bloc, str]]:
    accepted = {}
    for bloc in sheet.layout.tableau.blocs:
        accepted |= {normalise(name): (bloc, name) for name in bloc.colonnes}
        accepted |= {normalise(old): (bloc, name) for old, name in bloc.anciens_noms.items()}
    return accepted


def _load_row(job: Job, sheet: Recognised, bloc: Bloc, name: str, place, columns: dict[int, Territory], edition: str) -> None:
    line, days = place
    cle = parse_cle(bloc.colonnes[name])
    for column, day in days.items():
        cells = [sheet.grid.rows[line - 1][column - 1]]
        reading = read_values(job, sheet.grid, cells, np.array([line]), column, name, job.catalogue.mesures[cle.mesure])
        ranks = (job.builder.cles.rank(cle), job.territory_rank(columns[column], day))
        add_facts(job, sheet.grid, reading, bloc, (*ranks, day_number(day), line, column), name, edition)
    job.count(sheet.grid, lignes=1)


def _say_unknown_row(job: Job, sheet: Recognised, place, text: str, accepted, found: set[str]) -> None:
    waited = [name for _, name in accepted.values() if name not in found]
    message = f"ligne {place[0]} inconnue : ses valeurs ne sont pas chargées."
    job.findings.append(
        Finding(
            AVERTISSEMENT,
            message,
            sheet.grid.name,
            name_cells([place]),
            text or "(vide)",
            suggest(text, waited) if text else "",
        )
    )


def _describe_rows(job: Job, sheet: Recognised, accepted, found: set[str], notes: list[int]) -> None:
    if notes:
        message = f"Lignes de texte ignorées (titres, notes) : {name_lines(notes)}."
        job.findings.append(Finding(INFORMATION, message, sheet.grid.name))
        job.count(sheet.grid, lignes_ignorees=len(notes))
    absent = dict.fromkeys(name for _, name in accepted.values() if name not in found)
    if absent:
        message = f"Lignes connues de cette mise en page, absentes de ce fichier : {', '.join(absent)}."
        job.findings.append(Finding(INFORMATION, message, sheet.grid.name))
