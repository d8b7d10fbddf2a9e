"""The project's own long format: one fact per line, with the producer's file and column it comes from."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ozoir.catalogue.loading import check_cle
from ozoir.catalogue.model import ENSEMBLE, STATUTS, Cle
from ozoir.errors import OzoirError, did_you_mean
from ozoir.ingestion.dates import ImpossibleDate, parse_date
from ozoir.ingestion.delivery import BLOQUANT, Finding, name_cells
from ozoir.ingestion.facts import Context, day_number
from ozoir.ingestion.headers import read_text
from ozoir.ingestion.recognition import Recognised
from ozoir.ingestion.sheets import Job
from ozoir.ingestion.territories import Territory
from ozoir.ingestion.values import is_number
from ozoir.numbers import parse_number

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = (
    *("mesure", "territoire", "zonage", "date_reference", "sexe", "age", "detail", "valeur", "statut"),
    *("source", "edition", "fichier", "colonne", "qpv_publies", "qpv_non_diffuses"),
)
ORIGIN = " › "
_WITH_VALUE = ("connu", "provisoire")


def write_series(faits: pd.DataFrame, path: Path) -> None:
    """The facts as this format: `;`, decimal comma, UTF-8 with BOM; lines in a stable order."""
    texts = {name: faits[name].astype(str) for name in COLUMNS if name in faits.columns and name != "valeur"}
    texts["date_reference"] = [str(day)[:10] for day in faits["date_reference"]]
    texts["valeur"] = ["" if value != value or value is None else _spell(float(value)) for value in faits["valeur"]]
    origins = [str(origin).partition(ORIGIN) for origin in faits["origine"]]
    if "fichier" not in faits.columns:
        texts["fichier"] = [origin[0] if origin[1] else "" for origin in origins]
    texts["colonne"] = [
        origin[2] or origin[0] or entete for origin, entete in zip(origins, faits["entete"].astype(str), strict=True)
    ]
    lines = sorted(zip(*(texts[name] for name in COLUMNS), strict=True))
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
        writer.writerow(COLUMNS)
        writer.writerows(lines)


def _spell(value: float) -> str:
    return str(int(value)) if value.is_integer() else repr(value).replace(".", ",")


def extract_series(job: Job, sheet: Recognised) -> None:
    """One fact per line; anything the catalogue does not know is blocking, with its cell."""
    places = {name: sheet.column(name) - 1 for name in COLUMNS}
    rows = [row for row in sheet.grid.rows[sheet.header.line :]]
    checked: set[Cle] = set()
    gathered: dict[Context, list[tuple]] = {}
    for line, row in enumerate(rows, sheet.first_line):
        texts = {name: read_text(row[place]) for name, place in places.items()}
        if not any(texts.values()) or texts["mesure"].startswith("#"):
            continue
        try:
            fact = _read_line(job, texts, checked)
        except OzoirError as error:
            cells = name_cells([(line, places["mesure"] + 1)])
            job.findings.append(Finding(BLOQUANT, f"{error.title} {error.message}", sheet.grid.name, cells))
            continue
        origin = ORIGIN.join(filter(None, (texts["fichier"], texts["colonne"])))
        counts = [int(texts[name] or 0) for name in ("qpv_publies", "qpv_non_diffuses")]
        context = Context(texts["source"], texts["edition"], sheet.grid.name, texts["colonne"], origin, *counts)
        gathered.setdefault(context, []).append((*fact, line))
        job.dates.setdefault(texts["source"], set()).add(parse_date(texts["date_reference"]))
    column = places["valeur"] + 1
    for context, facts in gathered.items():
        cle, territoire, jour, valeur, statut, line = (np.array(values) for values in zip(*facts, strict=True))
        job.builder.add(cle, territoire, jour, valeur, statut, context, line, column)
    read = sum(map(len, gathered.values()))
    job.count(sheet.grid, lignes=read, cellules=read, cellules_chargees=read)


def _read_line(job: Job, texts: dict[str, str], checked: set[Cle]) -> tuple[int, int, int, float, int]:
    cle = Cle(texts["mesure"], texts["sexe"] or ENSEMBLE, texts["age"] or ENSEMBLE, texts["detail"])
    if cle not in checked:
        check_cle(job.catalogue, cle, "série")
        checked.add(cle)
    if texts["source"] not in job.catalogue.statistiques:
        raise OzoirError(
            "Source inconnue.", f"« {texts['source']} ».{did_you_mean(texts['source'], job.catalogue.statistiques)}"
        )
    if texts["statut"] not in STATUTS:
        raise OzoirError("Statut inconnu.", f"« {texts['statut']} ».{did_you_mean(texts['statut'], STATUTS)}")
    try:
        day = parse_date(texts["date_reference"])
    except ImpossibleDate:
        day = None
    if day is None:
        raise OzoirError("Date impossible.", f"« {texts['date_reference']} » : on attend AAAA-MM-JJ.")
    has_value = texts["statut"] in _WITH_VALUE
    if has_value != is_number(texts["valeur"]):
        raise OzoirError("Valeur et statut ne s’accordent pas.", f"« {texts['valeur']} » avec le statut « {texts['statut']} ».")
    value = parse_number(texts["valeur"]) if has_value else float("nan")
    territory = Territory(texts["territoire"], texts["zonage"])
    ranks = job.builder.cles.rank(cle), job.builder.territoires.rank(territory)
    return *ranks, day_number(day), value, STATUTS.index(texts["statut"])
