"""Many people at once on a real server, over its own protocol: how long a page takes, what fails, how memory grows.

    python -m tests.bench.charge --visiteurs 50 --duree 120 [--base CHEMIN]

Each visitor opens pages one after the other, at random, with 15 to 30 seconds between two; then ten click together.
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
from dataclasses import dataclass, field
from pathlib import Path

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import connect

from ozoir.catalogue.loading import load_catalogue
from ozoir.paths import ROOT, chosen_base
from ozoir.store.base import open_store
from ozoir.ui.menu import find_entries

PAUSE = (15.0, 30.0)  # seconds between two pages of one visitor
LIMIT = 60.0
LEFT = 10  # seconds after which the server forgets who left; 120 in use
PROBLEM = b'class="oz-probleme"'
GOALS = {"seul": 1.5, "ensemble": 3.0}  # p95 in seconds: visitors each in their time; ten at the same instant


@dataclass
class Counts:
    """Seconds of each page drawn; what went wrong."""

    seconds: list[float] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def percentile(self, share: float) -> float:
        return statistics.quantiles(self.seconds, n=100)[round(share * 100) - 1] if len(self.seconds) > 1 else float("nan")


def pages_offered() -> list[tuple[str, str]]:
    """(page name, query) of everything a reader may open."""
    pillars = [f"pilier={pilier.id}" for pilier in load_catalogue().contrat.piliers]
    offered = [("", "")]
    for entry in find_entries():
        offered += [(entry.name, query) for query in (pillars if entry.name == "pilier" else [""])]
    return [(name, query) for name, query in offered if name not in ("administration", "journal")]


async def draw(socket, name: str, query: str, counts: Counts) -> None:
    """Ask for a page and wait for the end of its run."""
    message = BackMsg()
    message.rerun_script.query_string = query
    message.rerun_script.page_name = name
    began = time.monotonic()
    await socket.send(message.SerializeToString())
    while True:
        data = await asyncio.wait_for(socket.recv(), LIMIT)
        if PROBLEM in data:
            counts.faults.append(f"{name}?{query}: a problem is shown")
        answer = ForwardMsg.FromString(data)
        if answer.WhichOneof("type") == "script_finished":
            break
    counts.seconds.append(time.monotonic() - began)


def visit(address: str):
    return connect(f"{address.replace('http', 'ws')}/_stcore/stream", subprotocols=["streamlit"], max_size=None, origin=address)


async def wander(address: str, until: float, chance: random.Random, counts: Counts) -> None:
    """One visitor, from their arrival to the end."""
    await asyncio.sleep(chance.uniform(0, PAUSE[1]))
    try:
        async with visit(address) as socket:
            while time.monotonic() < until:
                await draw(socket, *chance.choice(PAGES), counts)
                await asyncio.sleep(chance.uniform(*PAUSE))
    except (OSError, TimeoutError) as error:
        counts.faults.append(repr(error))


async def click_together(address: str, visitors: int, counts: Counts) -> None:
    """Every one of them at the same instant, ten times."""
    sockets = [await visit(address) for _ in range(visitors)]
    for socket in sockets:
        await draw(socket, "", "", Counts())
    for turn in range(10):
        await asyncio.gather(*(draw(socket, *PAGES[(turn + rank) % len(PAGES)], counts) for rank, socket in enumerate(sockets)))
    for socket in sockets:
        await socket.close()


def memory_of(process: int) -> int:
    """Resident megabytes."""
    line = next(line for line in Path(f"/proc/{process}/status").read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) // 1024


@dataclass(frozen=True)
class Taken:
    """What a run gave: visitors each in their time, ten together, megabytes of the server before, during and after."""

    visitors: int
    alone: Counts
    together: Counts
    before: int
    during: int
    after: int
    curve: list[tuple[float, int]]

    @property
    def faults(self) -> list[str]:
        return self.alone.faults + self.together.faults

    @property
    def is_within_goals(self) -> bool:
        return (
            not self.faults
            and self.alone.percentile(0.95) <= GOALS["seul"]
            and self.together.percentile(0.95) <= GOALS["ensemble"]
        )


def take(base: Path, visitors: int, seconds: float, port: int) -> Taken:
    """Serve a base, send visitors, wait until they are forgotten."""
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    command += ["--server.disconnectedSessionTTL", str(LEFT)]
    server = subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, "OZOIR_BASE": str(base)}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait(f"{address}/_stcore/health")
        alone, together = Counts(), Counts()
        asyncio.run(_everybody(address, 3, 1.0, Counts()))  # first pages fill what is kept in memory
        before = memory_of(server.pid)
        curve = asyncio.run(_watched(address, visitors, seconds, alone, server.pid))
        during = memory_of(server.pid)
        asyncio.run(click_together(address, 10, together))
        time.sleep(LEFT + 2)
        return Taken(visitors, alone, together, before, during, memory_of(server.pid), curve)
    finally:
        server.terminate()
        server.wait(timeout=20)


def tell(taken: Taken) -> None:
    """The same, in French."""
    for who, counts in ((f"{taken.visitors} visiteurs", taken.alone), ("10 clics ensemble", taken.together)):
        print(
            f"{who}, {len(counts.seconds)} pages : médiane {counts.percentile(0.5):.2f} s, p95 {counts.percentile(0.95):.2f} s"
        )
    each = (taken.during - taken.before) / taken.visitors
    print(f"mémoire : {taken.before} Mo avant, {taken.during} Mo après, soit {each:.1f} Mo par visiteur")
    print(f"mémoire quand ils sont partis : {taken.after} Mo")
    if len(taken.curve) > 2:
        half = taken.curve[len(taken.curve) // 2 :]
        print(f"pente de la mémoire, première moitié exceptée : {slope(half):+.1f} Mo par heure")
    print(f"erreurs : {len(taken.faults)}", *taken.faults[:5], sep="\n  ")


async def _everybody(address: str, visitors: int, seconds: float, counts: Counts) -> None:
    until = time.monotonic() + seconds
    await asyncio.gather(*(wander(address, until, random.Random(rank), counts) for rank in range(visitors)))


async def _watched(address: str, visitors: int, seconds: float, counts: Counts, process: int) -> list[tuple[float, int]]:
    """The same, with (hours, megabytes) every half minute."""
    curve, began = [], time.monotonic()
    everybody = asyncio.create_task(_everybody(address, visitors, seconds, counts))
    while not everybody.done():
        await asyncio.wait({everybody}, timeout=30)
        curve.append(((time.monotonic() - began) / 3600, memory_of(process)))
    await everybody
    return curve


def slope(curve: list[tuple[float, int]]) -> float:
    """Megabytes an hour, by least squares."""
    return statistics.linear_regression([hour for hour, _ in curve], [size for _, size in curve]).slope


def _wait(url: str) -> None:
    limit = time.monotonic() + LIMIT
    while True:
        try:
            urllib.request.urlopen(url, timeout=2).close()
            return
        except OSError:
            if time.monotonic() > limit:
                raise
            time.sleep(0.2)


PAGES = pages_offered()

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Charge : des visiteurs à la fois sur un vrai serveur.")
    parser.add_argument("--visiteurs", type=int, default=50)
    parser.add_argument("--duree", type=float, default=120.0, help="secondes")
    parser.add_argument("--base", type=Path, help="par défaut : la base du projet, ou une base vide")
    parser.add_argument("--port", type=int, default=8571)
    options = parser.parse_args()
    chosen = options.base or chosen_base()
    if not chosen.exists():
        chosen = Path(tempfile.mkdtemp()) / "contract.duckdb"
        open_store(chosen, create=True).close()
    found = take(chosen, options.visiteurs, options.duree, options.port)
    tell(found)
    sys.exit(0 if found.is_within_goals else 1)
