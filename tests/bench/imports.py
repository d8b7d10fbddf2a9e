"""(a) Files: our whole load against the bare reads of the same file, in time and memory, each in a process of its own."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from ozoir.catalogue.loading import load_catalogue
from ozoir.numbers import format_number
from ozoir.paths import SHARED_DATA
from tests.bench.landlord import write_landlord_workbook
from tests.bench.lines import Line, in_seconds, ratio, run_python, scratch

# Each prints the time of one read and the peak memory of the largest process.
_MEASURE = """
import json, resource, sys, time
from pathlib import Path
path = sys.argv[1]
{prepare}
start = time.perf_counter()
{read}
spent = time.perf_counter() - start
own = next(int(line.split()[1]) for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss  # the reading process
print(json.dumps({{"seconds": spent, "megabytes": max(own, child) / 1024}}))
"""
_OURS = (
    """
import pandas  # loaded long before in a server, as each reference's own library is here
from tempfile import mkdtemp
from ozoir.catalogue.loading import load_catalogue
from ozoir.ingestion.reading import receive
from ozoir.store.base import open_store
from ozoir.store.imports import load_delivery
catalogue, store = load_catalogue(), open_store(Path(mkdtemp()) / 'contract.duckdb', create=True)
""",
    "load_delivery(store, receive(Path(path), catalogue), Path(path))",
)
_BARE = {
    ".xlsx": {
        "python-calamine": (
            "from python_calamine import CalamineWorkbook",
            "CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()",
        ),
        "openpyxl": (
            "import openpyxl",
            "[row for row in openpyxl.load_workbook(path, read_only=True, data_only=True).worksheets[0].values]",
        ),
        "pandas.read_excel": ("import pandas", "pandas.read_excel(path, engine='openpyxl')"),
    },
    ".csv": {
        "csv": ("import csv", "[row for row in csv.reader(open(path, encoding='utf-8-sig', newline=''), delimiter=';')]"),
        "pandas.read_csv": ("import pandas", "pandas.read_csv(path, sep=';')"),
    },
}
# Goals by (file, reference): the most our load may take, in times the reference.
_LARGE = ("bailleur 100 000 × 30", ".xlsx")
_GOALS = {(*_LARGE, "python-calamine"): 2.0, (*_LARGE, "pandas.read_excel"): 0.2}
_FIRST_GOAL = 1.0  # second, for IPRO_2021.csv


def measure_files() -> Iterator[Line]:
    with scratch() as folder:
        for name, path in _files(folder):
            ours = _measure(*_OURS, path)
            is_ipro = path.name == "IPRO_2021.csv"
            yield Line(
                f"{name}, {path.suffix}\u00a0: chargement complet",
                f"{in_seconds(ours['seconds'])}, {format_number(ours['megabytes'])} Mo",
                goal=f"≤ {format_number(_FIRST_GOAL)} s" if is_ipro else "–",
                is_missed=ours["seconds"] > _FIRST_GOAL if is_ipro else None,
            )
            for reader, (prepare, read) in _BARE[path.suffix].items():
                bare = _measure(prepare, read, path)
                goal = _GOALS.get((name, path.suffix, reader))
                yield Line(
                    f"{name}, {path.suffix}\u00a0: contre {reader}",
                    ratio(ours["seconds"], bare["seconds"]),
                    f"{in_seconds(bare['seconds'])}, {format_number(bare['megabytes'])} Mo",
                    f"≤ {format_number(goal, 1)}" if goal else "–",
                    ours["seconds"] > goal * bare["seconds"] if goal else None,
                )


def _measure(prepare: str, read: str, path: Path) -> dict[str, float]:
    """The best of three for small files: a process just started is noisy."""
    code = _MEASURE.format(prepare=prepare, read=read)
    runs = [run_python(code, str(path)) for _ in range(1 if path.stat().st_size > 5_000_000 else 3)]
    return min(runs, key=lambda run: run["seconds"])


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    """(name, path): 200 and 100 000 dwellings × 30 columns, and the widest national file, each as .csv and .xlsx."""
    commune = load_catalogue().territoire.code_commune
    for rows, name in ((200, "bailleur 200 × 30"), (100_000, "bailleur 100 000 × 30")):
        place = folder / str(rows)
        place.mkdir()
        workbook = place / "bailleur_logements_2020-12-31.xlsx"
        write_landlord_workbook(workbook, rows, commune)
        yield name, workbook
        yield name, _as_csv(workbook)
    ipro = SHARED_DATA / "insee_qpv" / "IPRO_2021.csv"
    if ipro.exists():
        yield "IPRO 1 345 × 226", ipro
        yield "IPRO 1 345 × 226", _as_workbook(ipro, folder)


def _as_csv(workbook: Path) -> Path:
    from python_calamine import CalamineWorkbook

    path = workbook.with_suffix(".csv")
    rows = CalamineWorkbook.from_path(str(workbook)).get_sheet_by_index(0).to_python()
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, delimiter=";").writerows([_french(cell) for cell in row] for row in rows)
    return path


def _french(cell: object) -> object:
    """As Excel writes it in a French .csv."""
    if not isinstance(cell, float):
        return cell
    return int(cell) if cell.is_integer() else str(cell).replace(".", ",")


def _as_workbook(path: Path, folder: Path) -> Path:
    from openpyxl import Workbook

    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet("Data")
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.reader(file, delimiter=";"):
            sheet.append([float(cell) if cell.replace(".", "", 1).isdigit() else cell for cell in row])
    workbook.save(folder / "IPRO_2021.xlsx")
    return folder / "IPRO_2021.xlsx"
