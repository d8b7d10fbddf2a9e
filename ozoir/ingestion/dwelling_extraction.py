"""Tables of dwellings on their way to facts: aggregated while read, rows left behind."""

from __future__ import annotations

from ozoir.catalogue.model import STATUTS, Cle
from ozoir.ingestion.dwellings import aggregate_dwellings
from ozoir.ingestion.facts import Context, day_number
from ozoir.ingestion.recognition import Recognised
from ozoir.ingestion.sheets import Job
from ozoir.ingestion.territories import Territory
from ozoir.ingestion.vintages import Period


def extract_dwellings(job: Job, sheet: Recognised, period: Period) -> None:
    """The aggregates of one sheet of dwellings, at the date of its block."""
    (bloc, *_) = sheet.layout.tableau.blocs
    day, is_readable = job.find_date(bloc, period, sheet)
    if not is_readable or day is None:
        return
    grid, line = sheet.grid, sheet.header.line
    found = aggregate_dwellings(
        grid.rows[line - 1],
        grid.rows[line:],
        line,
        sheet.layout.tableau,
        job.source,
        job.catalogue.territoire,
        day,
        grid.name,
        period.edition,
    )
    job.findings += found.findings
    job.dates.setdefault(bloc.nom, set()).add(day)
    job.count(grid, **found.lecture)
    for fact in found.faits.itertuples(index=False):
        job.builder.add(
            job.builder.cles.rank(Cle(fact.mesure, fact.sexe, fact.age, fact.detail)),
            job.builder.territoires.rank(Territory(fact.territoire, fact.zonage)),
            day_number(fact.date_reference),
            fact.valeur,
            STATUTS.index(fact.statut),
            Context(fact.source, fact.edition, fact.feuille, fact.entete, fact.origine),
            fact.ligne,
            fact.colonne,
        )
