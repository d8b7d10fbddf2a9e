"""The limited process that opens an uploaded workbook: bytes in, cells out. `python -m ozoir.ingestion.collecte_worker`."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from datetime import date, datetime

from ozoir.errors import OzoirError
from ozoir.ingestion.child import run_worker
from ozoir.ingestion.delivery import Finding
from ozoir.ingestion.grids import Cell, Grid, GridFile, read_grids
from ozoir.ingestion.inspection import Limits
from ozoir.ingestion.worker import limit_resources

LIMITS = Limits(size=5_000_000, expanded=60_000_000, cells=200_000, area=2_000_000, strings=200_000, text=20_000_000, sheets=20)
_DATE = "date"


def receive_grids(data: bytes, name: str) -> GridFile:
    """The file's cells, read by a process bounded in memory and time; its refusal is raised here."""
    content = json.loads(run_worker("ozoir.ingestion.collecte_worker", json.dumps(name).encode() + b"\n" + data))
    if "refus" in content:
        raise OzoirError(*content["refus"])
    grids = tuple(
        Grid(
            name=sheet["name"],
            rows=[[_unpack_cell(cell) for cell in row] for row in sheet["rows"]],
            is_hidden=sheet["is_hidden"],
            errors={(line, column): text for line, column, text in sheet["errors"]},
        )
        for sheet in content["grids"]
    )
    return GridFile(grids, tuple(Finding(**finding) for finding in content["findings"]))


def _pack(file: GridFile) -> dict:
    grids = [
        {
            "name": grid.name,
            "rows": [[_pack_cell(cell) for cell in row] for row in grid.rows],
            "is_hidden": grid.is_hidden,
            "errors": [[*place, text] for place, text in grid.errors.items()],
        }
        for grid in file.grids
    ]
    return {"grids": grids, "findings": [asdict(finding) for finding in file.findings]}


def _pack_cell(cell: Cell) -> Cell:
    if isinstance(cell, datetime):
        cell = cell.date()
    if isinstance(cell, date):
        return {_DATE: cell.isoformat()}
    return cell if isinstance(cell, (str, int, float)) else str(cell)


def _unpack_cell(cell: Cell) -> Cell:
    return date.fromisoformat(cell[_DATE]) if isinstance(cell, dict) else cell


def main() -> None:
    """First line: the file's name as JSON; then its bytes."""
    limit_resources()
    name, _, data = sys.stdin.buffer.read().partition(b"\n")
    try:
        answer = _pack(read_grids(data, json.loads(name), set(), LIMITS))
    except OzoirError as error:
        answer = {"refus": [error.title, error.message]}
    except MemoryError:
        answer = {"refus": ["Fichier trop lourd à lire.", "Il remplit la mémoire accordée. Reprenez le classeur d’origine."]}
    sys.stdout.buffer.write(json.dumps(answer, ensure_ascii=False).encode())


if __name__ == "__main__":
    main()
