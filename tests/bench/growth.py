"""(d) Growth: the same town in a base which holds 1 to 1 000 contracts and 1 to 20 years; what is not shown must not cost."""

from __future__ import annotations

import math
import shutil
from collections.abc import Iterator, Set
from pathlib import Path

import duckdb

from ozoir.numbers import format_number, format_size
from ozoir.paths import SHARED_DATA
from tests.bench.indicators import demonstration_base, measure_place
from tests.bench.lines import Line, in_milliseconds, in_seconds, national_base, run_python, scratch

CONTRACTS, YEARS = (1, 10, 100, 1000), (5, 10, 20)
SHOWN = 5  # years on the page, whatever the base holds; all of them stand in each base, so that the pages are alike
PLACE_GOAL, SLOPE_GOAL = 0.1, 0.1
NAMES = {
    "publish": "publier la ville",
    "page": f"page d’un pilier sur {SHOWN} ans, à chaud, calcul",
    "load": "charger un extrait",
}
_COSTS = """
import json, statistics, sys, time
from pathlib import Path
from ozoir.catalogue.loading import load_catalogue
from ozoir.indicators.publication import publish
from ozoir.ingestion.reading import receive
from ozoir.paths import chosen_base, PAGES
from ozoir.store.base import open_store
from ozoir.store.imports import load_delivery
catalogue, store = load_catalogue(), open_store(chosen_base())
start = time.perf_counter(); publication = publish(store, catalogue, 'restreinte'); published = time.perf_counter() - start
loaded = float('nan')
since, *extract = sys.argv[1:]
if extract:
    path = Path(extract[0])
    start = time.perf_counter(); load_delivery(store, receive(path, catalogue), path); loaded = time.perf_counter() - start
store.close()
from streamlit.testing.v1 import AppTest
(page,) = PAGES.glob('*_pilier.py')
app = AppTest.from_file('app.py', default_timeout=120).run()
app.switch_page(f'pages/{page.name}')
app.query_params['depuis'] = since
app.run()
times = []
for _ in range(20):
    start = time.process_time(); app.run(); times.append(time.process_time() - start)
assert not app.exception
print(json.dumps({'publish': published, 'load': loaded, 'page': statistics.median(times)}))
"""


def measure_growth() -> Iterator[Line]:
    with scratch() as folder:
        demo = demonstration_base(folder / "demo")
        found = {count: _costs(_with_contracts(demo, folder, count)) for count in CONTRACTS}
        yield from _lines("contrats", found, SLOPE_GOAL)
        yield from _lines("années", {count: _costs(_with_years(demo, folder, count)) for count in YEARS}, SLOPE_GOAL, {"page"})
        wide = folder / "large" / "contract.duckdb"
        wide.parent.mkdir()
        shutil.copy(national_base(), wide)
        _multiply(wide, "territoire LIKE 'QP0%' OR territoire LIKE 'QP9%'", 10, "")
        place = measure_place(wide)
        yield Line(
            f"Position parmi tous les quartiers, {format_number(place['facts'] / 1e6, 1)} millions de faits",
            in_milliseconds(place["ours"]),
            goal=f"≤ {in_milliseconds(PLACE_GOAL)}",
            is_missed=place["ours"] > PLACE_GOAL,
        )


def _lines(what: str, found: dict[int, dict], goal: float, promised: Set[str] = frozenset(NAMES)) -> Iterator[Line]:
    """promised: the costs held to the goal. Each year is masked when the town is published, so that one is only told."""
    counts = list(found)
    for cost, name in NAMES.items():
        values = [found[count][cost] for count in counts]
        if any(math.isnan(value) for value in values):
            continue
        slope = math.log(values[-1] / values[0]) / math.log(counts[-1] / counts[0])
        yield Line(
            f"De {counts[0]} à {format_number(counts[-1])} {what}\u00a0: {name}",
            "\u202f; ".join(map(in_seconds, values)),
            f"pente {format_number(slope, 2)}",
            f"pente ≤ {format_number(goal, 1)}" if cost in promised else "–",
            slope > goal if cost in promised else None,
        )
    sizes = "\u202f; ".join(format_size(found[count]["size"]) for count in counts)
    yield Line(f"De {counts[0]} à {format_number(counts[-1])} {what}\u00a0: disque", sizes)


def _costs(base: Path) -> dict:
    extract = SHARED_DATA / "insee_qpv" / "IPRO_2021.csv"
    size = base.stat().st_size
    with duckdb.connect(str(base)) as connection:
        (is_fictitious,) = connection.execute("SELECT valeur = 'oui' FROM base WHERE cle = 'fictif'").fetchone()
        (last,) = connection.execute("SELECT max(year(date_reference)) FROM faits").fetchone()
    arguments = [str(last + 1 - SHOWN), *([] if is_fictitious else [str(extract)])]
    return {**run_python(_COSTS, *arguments, base=base), "size": size}


def _with_contracts(demo: Path, folder: Path, count: int) -> Path:
    """The town, and count − 1 others with as many facts and imports, each of a contract of its own."""
    base = _copy(demo, folder / f"contrats-{count}")
    _multiply(base, "true", count - 1, "contrat-")
    return base


def _multiply(base: Path, which: str, times: int, contrat: str) -> None:
    with duckdb.connect(str(base)) as connection:
        (last,) = connection.execute("SELECT max(id) FROM imports").fetchone()
        if contrat:
            columns = [name for name, *_ in connection.execute("DESCRIBE imports").fetchall()]
            changed = {"id": f"id + {last} * n", "empreinte": "empreinte || n", "contrat": f"'{contrat}' || n"}
            selected = ", ".join(f"{changed.get(name, name)} AS {name}" for name in columns)
            connection.execute(f"INSERT INTO imports SELECT {selected} FROM imports, range(1, ? + 1) AS other(n)", [times])
        shift = f"+ {last} * n" if contrat else ""
        connection.execute(
            f"INSERT INTO faits SELECT * EXCLUDE (n) "
            f"REPLACE (import_id {shift} AS import_id, territoire || '-' || n AS territoire) "
            f"FROM faits, range(1, ? + 1) AS other(n) WHERE {which}",
            [times],
        )


def _with_years(demo: Path, folder: Path, count: int) -> Path:
    """The town's last `count` years; beyond what the files hold, the same facts again, seven years earlier each time."""
    base = _copy(demo, folder / f"annees-{count}")
    with duckdb.connect(str(base)) as connection:
        (last,) = connection.execute("SELECT max(year(date_reference)) FROM faits").fetchone()
        for turn in range(1, math.ceil(count / 7)):
            connection.execute(
                f"INSERT INTO faits SELECT * REPLACE (date_reference - INTERVAL {7 * turn} YEAR AS date_reference) FROM faits "
                f"WHERE year(date_reference) > {last} - 7"
            )
        connection.execute(f"DELETE FROM faits WHERE year(date_reference) <= {last} - {count}")
    return base


def _copy(demo: Path, folder: Path) -> Path:
    folder.mkdir()
    (folder / "raw").mkdir()
    return Path(shutil.copy(demo, folder / "contract.duckdb"))
