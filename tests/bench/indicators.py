"""(c) Indicators: all of a town, and one among all the quartiers, against the same in plain pandas."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ozoir.paths import ROOT
from tests.bench.lines import Line, in_milliseconds, in_seconds, national_base, ratio, run_python, scratch

TOWN_GOAL, PLACE_GOAL = 1.0, 0.1
_TOWN = """
import json, sys, time
from ozoir.catalogue.loading import load_catalogue
from ozoir.exploitation.memoire import collect_less_often
from ozoir.indicators.publication import publish
from ozoir.paths import chosen_base
from ozoir.store.base import open_store
from ozoir.store.facts import current_facts
from tests.indicators.second_computation import SecondComputation
catalogue, store = load_catalogue(), open_store(chosen_base())
collect_less_often()  # as the server and the commands do
start = time.perf_counter()
publication = publish(store, catalogue, 'restreinte')
asked = [(item.id, name) for item in catalogue.indicateurs.values() for name in ('', *item.decoupages)]
results = [publication.result(*pair) for pair in asked]
ours = time.perf_counter() - start
start = time.perf_counter()
facts = current_facts(store, [*catalogue.territoire.codes_quartier, catalogue.territoire.code_commune])
plain = SecondComputation(facts, catalogue)
plain.check(publication)
figures = sum(plain.compared.values())
print(json.dumps({'ours': ours, 'plain': time.perf_counter() - start, 'figures': figures, 'results': len(results)}))
"""
_PLACE = """
import json, statistics, time
from ozoir.catalogue.comparables import load_comparables
from ozoir.catalogue.loading import load_catalogue
from ozoir.indicators.publication import publish
from ozoir.indicators.quartiers import locate, rankable, survey
from ozoir.paths import chosen_base
from ozoir.store.base import open_store
catalogue, store = load_catalogue(), open_store(chosen_base())
publication, terrain = publish(store, catalogue, 'restreinte'), survey(store, catalogue, load_comparables())
asked = [item.id for item in rankable(terrain, catalogue)]
times = []
for name in asked * 3:
    start = time.perf_counter(); locate(store, publication, terrain, name); times.append(time.perf_counter() - start)
frame = store.cursor().execute("SELECT * FROM faits_courants WHERE territoire LIKE 'QP%'").df()
def plain(item):
    keys = [item.cle_numerateur] + ([item.cle_denominateur] if item.denominateur else [])
    parts = []
    for key in keys:
        same = (frame.mesure == key.mesure) & (frame.sexe == key.sexe) & (frame.age == key.age) & (frame.detail == key.detail)
        rows = frame[same]
        parts.append(rows.set_index(['source', 'territoire', 'date_reference'])['valeur'])
    values = 100 * parts[0] / parts[1] if len(parts) > 1 else parts[0]
    return values.groupby(level=['source', 'date_reference']).rank(ascending=False, method='min')
bare = []
for name in asked:
    start = time.perf_counter(); plain(catalogue.indicateurs[name]); bare.append(time.perf_counter() - start)
(facts,) = store.cursor().execute('SELECT count(*) FROM faits').fetchone()
p95 = statistics.quantiles(times, n=20)[-1]
print(json.dumps({'ours': statistics.median(times), 'p95': p95, 'plain': statistics.median(bare), 'facts': facts}))
"""


def measure_indicators() -> Iterator[Line]:
    with scratch() as folder:
        found = run_python(_TOWN, base=demonstration_base(folder))
    yield Line(
        f"Une ville, démonstration\u00a0: masques et {found['results']} tableaux, {found['figures']} chiffres",
        f"{in_seconds(found['ours'])}, {ratio(found['ours'], found['plain'])}",
        f"les mêmes chiffres en pandas, sans masque ni phrase, {in_seconds(found['plain'])}",
        f"≤ {in_seconds(TOWN_GOAL)}",
        found["ours"] > TOWN_GOAL,
    )
    yield place_line(run_python(_PLACE, base=national_base()), "tous les fichiers réels")


def place_line(found: dict, what: str) -> Line:
    return Line(
        f"Position d’un indicateur parmi tous les quartiers, {what} ({found['facts'] / 1e6:.1f} millions de faits)".replace(
            ".", ","
        ),
        f"{in_milliseconds(found['ours'])} (95ᵉ centile {in_milliseconds(found['p95'])})",
        f"rang en pandas, faits déjà en mémoire, {in_milliseconds(found['plain'])}",
        f"≤ {in_milliseconds(PLACE_GOAL)}",
        found["ours"] > PLACE_GOAL,
    )


def measure_place(base: Path) -> dict:
    return run_python(_PLACE, base=base)


def demonstration_base(folder: Path) -> Path:
    import subprocess
    import sys

    base = folder / "contract.duckdb"
    command = [sys.executable, "-m", "ozoir.demonstration", "--sortie", str(folder / "raw")]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    command = [sys.executable, "-m", "ozoir", "reconstruire", "--fictif", "--base", str(base)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return base
