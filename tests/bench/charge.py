"""Many people at once on a real server, over its own protocol: how long a page takes, what fails, what is wrong, what memory.

    python -m tests.bench.charge --visiteurs 50 --importateurs 2 --duree 300

Each visitor opens a page or changes a filter every 15 to 30 seconds, importers send and load files at the same pace; then ten
click together, and files too large or refused arrive side by side. Every page is held against what one visitor alone is shown.
The process fails when a goal is missed. Times depend on what else the machine does: its load is written beside them, and
the processor's seconds per page do not.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from websockets.exceptions import WebSocketException

from ozoir.catalogue.loading import load_catalogue
from ozoir.numbers import NBSP, format_number
from ozoir.paths import ROOT
from ozoir.ui.menu import find_entries
from tests.bench.expected import Expected, Received, Step, do, give, learn, original_file, write_file
from tests.bench.indicators import demonstration_base
from tests.bench.lines import in_seconds
from tests.bench.mishaps import Mishaps, leave_halfway, read_slowly, send_too_much
from tests.bench.visitors import Broken, Page, Visitor, visit

PAUSE = (15.0, 30.0)  # seconds between two clicks of one person
LEFT = 10  # seconds after which the server forgets who left; 120 in use
SECONDS = {"seul": 1.5, "ensemble": 3.0}  # p95: visitors each in their time; ten at the same instant
KEPT = 80  # megabytes that may stay when everybody has left: what is kept in memory for the next ones
HOURLY = 30  # megabytes an hour, measured on the second half of a run of half an hour at least
_FILTERS = {
    "pilier": (("Découpage", "Sexe"), ("Comparer le quartier à", "Commune entière"), ("Période", "Depuis 2016")),
    "axes": (("Axe transversal", "Égalité femme / homme"),),
    "portrait": (("Thème", "Population et ménages"),),
    "ecarts": (("Verdict", "se creuse"), ("Trier le tableau par", "Ordre du contrat")),
    "actions": (("Statut", "Réalisée"),),
    "credits": (("Année", "2022"),),
    "bilan": (("Afficher", "Ce qui manque"),),
    "couverture": (("Indicateurs", "Observation (statistiques)"),),
}


def steps_offered() -> list[Step]:
    """Everything a reader may open, and filters of it."""
    pillars = [f"pilier={pilier.id}" for pilier in load_catalogue().contrat.piliers]
    pages = [Step("")]
    for entry in find_entries():
        if entry.name not in ("administration", "journal"):
            pages += [Step(entry.name, query) for query in (pillars if entry.name == "pilier" else [""])]
    return pages + [Step(page.name, page.query, choice) for page in pages for choice in _FILTERS.get(page.name, ())]


@dataclass
class Counts:
    """Seconds of each page drawn; what went wrong."""

    seconds: list[float] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def percentile(self, share: float) -> float:
        return statistics.quantiles(self.seconds, n=100)[round(share * 100) - 1] if len(self.seconds) > 1 else float("nan")


@dataclass
class Taken:
    """What a run gave. Megabytes of the server before, with everybody there, when they have left; (hours, megabytes) over time.

    processor: the server's seconds per page, reading of the files excepted. load: the machine's, before and after.
    """

    visitors: int
    alone: Counts = field(default_factory=Counts)
    together: Counts = field(default_factory=Counts)
    importing: Counts = field(default_factory=Counts)
    mishaps: Mishaps = field(default_factory=Mishaps)
    imports: int = 0
    before: int = 0
    during: int = 0
    after: int = 0
    processor: float = 0.0
    load: tuple[float, float] = (0.0, 0.0)
    curve: list[tuple[float, int]] = field(default_factory=list)

    @property
    def faults(self) -> list[str]:
        return self.alone.faults + self.together.faults + self.importing.faults + self.mishaps.faults

    @property
    def slope(self) -> float:
        """Megabytes an hour over the second half, by least squares."""
        half = self.curve[len(self.curve) // 2 :]
        return statistics.linear_regression([hour for hour, _ in half], [size for _, size in half]).slope

    def missed(self) -> list[str]:
        """The goals not reached, in French."""
        goals = {
            f"p95 de {format_number(SECONDS['seul'], 1)}{NBSP}s": self.alone.percentile(0.95) <= SECONDS["seul"],
            f"p95 ensemble de {format_number(SECONDS['ensemble'], 1)}{NBSP}s": not self.together.seconds
            or self.together.percentile(0.95) <= SECONDS["ensemble"],
            "aucune erreur, aucun chiffre faux": not self.faults,
            f"mémoire rendue à {KEPT}{NBSP}Mo près": self.after - self.before <= KEPT,
            f"pas plus de {HOURLY}{NBSP}Mo par heure": not self.curve or self.curve[-1][0] < 0.5 or self.slope <= HOURLY,
        }
        return [goal for goal, is_reached in goals.items() if not is_reached]


@contextmanager
def served(base: Path, port: int):
    """(address, process) of a real server on this base."""
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    command += ["--server.disconnectedSessionTTL", str(LEFT)]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    server = subprocess.Popen(command, cwd=ROOT, env={**os.environ, "OZOIR_BASE": str(base)}, **quiet)
    try:
        address = f"http://127.0.0.1:{port}"
        _wait(f"{address}/_stcore/health")
        yield address, server.pid
    finally:
        server.terminate()
        server.wait(timeout=60)


def take(base: Path, visitors: int, seconds: float, port: int, importers: int = 0) -> Taken:
    """Serve a demonstration base, learn what it must show, send everybody, wait until they are forgotten."""
    with served(base, port) as (address, process):
        return asyncio.run(_take(address, process, base, Taken(visitors), seconds, importers))


async def _take(address: str, process: int, base: Path, taken: Taken, seconds: float, importers: int) -> Taken:
    steps, original = steps_offered(), original_file(base)
    async with visit(address) as socket:
        expected = await learn(Visitor(socket, address), steps, original)
    await asyncio.sleep(LEFT + 2)
    taken.before, load = memory_of(process), os.getloadavg()[0]
    until, began = time.monotonic() + seconds, processor_of(process)
    wandering = [wander(address, until, random.Random(rank), steps, expected, taken.alone) for rank in range(taken.visitors)]
    sending = [bring(address, until, random.Random(-rank), original, expected, taken.importing) for rank in range(importers)]
    others = [read_slowly(address, until, taken.mishaps), leave_halfway(address, until, taken.mishaps)] if importers else []
    everybody = asyncio.gather(*wandering, *sending, *others)
    taken.curve = await _watch(everybody, process)
    await everybody
    taken.imports = len(expected.imports) - 1
    taken.processor = (processor_of(process) - began) / max(1, len(taken.alone.seconds))
    taken.during, taken.load = memory_of(process), (load, os.getloadavg()[0])
    if importers:
        await click_together(address, 10, steps, expected, taken.together)
        await send_too_much(address, lambda: memory_of(process), taken.mishaps)
    await asyncio.sleep(LEFT + 3)
    taken.after = memory_of(process)
    return taken


async def wander(
    address: str, until: float, chance: random.Random, steps: list[Step], expected: Expected, counts: Counts
) -> None:
    """One visitor, from their arrival to the end."""
    await asyncio.sleep(chance.uniform(0, PAUSE[1]))
    with _noted(counts):
        async with visit(address) as socket:
            visitor = Visitor(socket, address)
            while time.monotonic() < until:
                await click(visitor, chance.choice(steps), expected, counts)
                await asyncio.sleep(chance.uniform(*PAUSE))


async def click(visitor: Visitor, step: Step, expected: Expected, counts: Counts) -> None:
    """One step, timed and held against what it must show."""
    asked = time.monotonic()
    page = await do(visitor, step)
    counts.seconds.append(page.seconds)
    if fault := expected.fault(step, page, asked, time.monotonic()):
        counts.faults.append(fault)


async def bring(address: str, until: float, chance: random.Random, original: bytes, expected: Expected, counts: Counts) -> None:
    """One importer: a file after the other, which changes the population and puts it back."""
    states = ["apres", "avant"]

    def note(page: Page) -> None:
        counts.seconds.append(page.seconds)
        if page.has_problem:
            counts.faults.append("import: a problem is shown")

    with _noted(counts):
        async with visit(address) as socket:
            visitor = Visitor(socket, address)
            while time.monotonic() < until:
                expected.imports.append(received := Received(states[0]))
                await give(
                    visitor, write_file(original, states[0]), received, lambda: asyncio.sleep(chance.uniform(*PAUSE)), note
                )
                states.reverse()


@contextmanager
def _noted(counts: Counts):
    """A person who cannot go on is a fault, not the end of the bench."""
    try:
        yield
    except (OSError, TimeoutError, WebSocketException, Broken) as error:
        counts.faults.append(repr(error))


async def click_together(address: str, visitors: int, steps: list[Step], expected: Expected, counts: Counts) -> None:
    """Every one of them at the same instant, ten times."""
    sockets = [await visit(address) for _ in range(visitors)]
    people = [Visitor(socket, address) for socket in sockets]
    for person in people:
        await person.open("")
    for turn in range(10):
        chosen = [steps[(turn + 7 * rank) % len(steps)] for rank in range(visitors)]
        await asyncio.gather(*(click(*pair, expected, counts) for pair in zip(people, chosen, strict=True)))
    for socket in sockets:
        await socket.close()


async def _watch(everybody: asyncio.Future, process: int) -> list[tuple[float, int]]:
    """(hours, megabytes) every half minute until they have all ended."""
    curve, began = [], time.monotonic()
    while not everybody.done():
        await asyncio.wait({everybody}, timeout=30)
        curve.append(((time.monotonic() - began) / 3600, memory_of(process)))
    return curve


def memory_of(process: int) -> int:
    """Resident megabytes."""
    line = next(line for line in Path(f"/proc/{process}/status").read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) // 1024


def processor_of(process: int) -> float:
    """Seconds of processor of the server itself."""
    fields = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def tell(taken: Taken, say: Callable[[str], None] = print) -> None:
    """The same, in French."""
    groups = (
        (f"{taken.visitors} visiteurs", taken.alone),
        ("importateurs", taken.importing),
        ("10 clics ensemble", taken.together),
    )
    for who, counts in groups:
        if len(counts.seconds) > 1:
            half, most = in_seconds(counts.percentile(0.5)), in_seconds(counts.percentile(0.95))
            longest = in_seconds(max(counts.seconds))
            say(f"{who}, {len(counts.seconds)} pages{NBSP}: médiane {half}, p95 {most}, la plus longue {longest}")
    say(f"processeur du serveur{NBSP}: {format_number(taken.processor, 3)}{NBSP}s par page ; {taken.imports} imports")
    say(f"charge de la machine{NBSP}: {format_number(taken.load[0], 1)} puis {format_number(taken.load[1], 1)}")
    each = format_number((taken.during - taken.before) / taken.visitors, 1)
    say(
        f"mémoire{NBSP}: {taken.before}{NBSP}Mo avant, {taken.during}{NBSP}Mo avec tous, soit {each}{NBSP}Mo par personne, "
        f"{taken.after}{NBSP}Mo quand ils sont partis"
    )
    if len(taken.curve) > 4:
        say("mémoire, de minute en minute : " + " ".join(str(size) for _, size in taken.curve[::2]))
        say(f"pente de la seconde moitié{NBSP}: {format_number(taken.slope, 1)}{NBSP}Mo par heure")
    for line in taken.mishaps.lines:
        say(line)
    say(f"erreurs et chiffres faux{NBSP}: {len(taken.faults)}" + "".join(f"\n  {fault}" for fault in taken.faults[:8]))
    missed = taken.missed()
    say(f"buts manqués{NBSP}: {', '.join(missed)}" if missed else "tous les buts sont tenus")


def _wait(url: str) -> None:
    limit = time.monotonic() + 60
    while time.monotonic() < limit:
        with suppress(OSError):
            urllib.request.urlopen(url, timeout=2).close()
            return
        time.sleep(0.2)
    raise TimeoutError(url)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Charge : des personnes à la fois sur un vrai serveur.")
    parser.add_argument("--visiteurs", type=int, default=50)
    parser.add_argument("--importateurs", type=int, default=2)
    parser.add_argument("--duree", type=float, default=300.0, help="secondes")
    parser.add_argument("--base", type=Path, help="une base de démonstration, qui sera modifiée ; par défaut elle est faite")
    parser.add_argument("--port", type=int, default=8571)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        chosen = options.base or demonstration_base(Path(folder))
        found = take(chosen, options.visiteurs, options.duree, options.port, options.importateurs)
    tell(found)
    sys.exit(1 if found.missed() else 0)
