"""(b) Pages: the script alone, then what Chromium waits for, against an empty page and a bare page with the same charts."""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ozoir.numbers import format_number, format_size
from ozoir.paths import ROOT
from tests.bench.lines import (
    CHROMIUM,
    Line,
    in_milliseconds,
    in_seconds,
    national_base,
    ratio,
    run_command,
    run_python,
    scratch,
    served,
)

SCRIPT_GOAL, WARM_GOAL, PAINT_GOAL, COLD_GOAL = 0.15, 1.3, 1.0, 2.0
RUNS = 40
_SCRIPTS = f"""
import json, statistics, time
from streamlit.testing.v1 import AppTest
from ozoir.paths import PAGES
from ozoir.catalogue.loading import load_catalogue
(page,) = PAGES.glob('*_pilier.py')
app = AppTest.from_file('app.py', default_timeout=60).run()
found = {{}}
for pilier in load_catalogue().contrat.piliers:
    app.query_params['pilier'] = pilier.id
    app.switch_page(f'pages/{{page.name}}').run()
    assert not app.exception
    times = []
    for _ in range({RUNS}):
        start = time.perf_counter(); app.run(); times.append(time.perf_counter() - start)
    charts = [json.loads(chart.proto.spec) for chart in app.get('plotly_chart')]
    found[pilier.id] = {{'seconds': statistics.quantiles(times, n=20)[-1], 'charts': charts}}
print(json.dumps(found))
"""
_BARE = """
import json
import plotly.graph_objects as go
import streamlit as st

st.set_page_config(layout="wide")
st.title("Page nue")
for rank, spec in enumerate(json.load(open("charts.json"))):
    st.plotly_chart(go.Figure(spec), key=str(rank), theme=None)
"""
_EMPTY = "import streamlit as st\nst.title('Vide')\n"


@dataclass(frozen=True)
class Visit:
    """seconds: until the last chart is painted (the title, without charts). size: bytes received for it."""

    seconds: float
    size: int


def measure_pages() -> Iterator[Line]:
    base = national_base()
    scripts = run_python(_SCRIPTS, base=base)
    for pilier, found in scripts.items():
        yield Line(
            f"Page «\u00a0{pilier}\u00a0», script à chaud (95ᵉ centile)",
            in_milliseconds(found["seconds"]),
            goal=f"≤ {in_milliseconds(SCRIPT_GOAL)}",
            is_missed=found["seconds"] > SCRIPT_GOAL,
        )
    pilier, found = next(iter(scripts.items()))
    charts = len(found["charts"])
    with scratch() as folder:
        (folder / "charts.json").write_text(json.dumps(found["charts"]), "utf-8")
        (folder / "nue.py").write_text(_BARE, "utf-8")
        (folder / "vide.py").write_text(_EMPTY, "utf-8")
        with (
            served(ROOT / "app.py", ROOT, 8597, base) as ours,
            served(folder / "nue.py", folder, 8596) as bare,
            served(folder / "vide.py", folder, 8595) as empty,
        ):
            (cold, warm), (bare_cold, bare_warm), (empty_cold, empty_warm) = _visits(
                [(f"{ours}/pilier?pilier={pilier}", charts), (bare, charts), (empty, 0)]
            )
    what = f"Page «\u00a0{pilier}\u00a0» dans Chromium, {charts} graphiques"
    yield Line(
        f"{what}, première visite",
        f"{in_seconds(cold.seconds)}, {format_size(cold.size)}",
        f"page nue {in_seconds(bare_cold.seconds)}, {format_size(bare_cold.size)}\u202f; "
        f"page vide {in_seconds(empty_cold.seconds)}",
    )
    yield Line(
        f"{what}, visite suivante",
        f"{in_seconds(warm.seconds)}, {format_size(warm.size)}, {ratio(warm.seconds, bare_warm.seconds)}",
        f"page nue aux mêmes graphiques {in_seconds(bare_warm.seconds)}, {format_size(bare_warm.size)}\u202f; "
        f"page vide {in_seconds(empty_warm.seconds)}",
        f"rapport ≤ {format_number(WARM_GOAL, 1)}, ≤ {format_number(PAINT_GOAL)} s",
        warm.seconds > WARM_GOAL * bare_warm.seconds or warm.seconds > PAINT_GOAL,
    )


def measure_start() -> Iterator[Line]:
    """From the start of the server to the title on the screen, against an empty Streamlit app."""
    with scratch() as folder:
        (folder / "vide.py").write_text(_EMPTY, "utf-8")
        base = folder / "contract.duckdb"
        run_command("reconstruire", base=base)
        bare = statistics.median(_start(folder / "vide.py", folder, None) for _ in range(3))
        ours = statistics.median(_start(ROOT / "app.py", ROOT, base) for _ in range(3))
    yield Line(
        "Démarrage à froid jusqu’à la page servie",
        f"{in_seconds(ours)}, {ratio(ours, bare)}",
        f"application Streamlit vide, {in_seconds(bare)}",
        f"rapport ≤ {format_number(COLD_GOAL)}",
        ours > COLD_GOAL * bare,
    )


def _visits(pages: Sequence[tuple[str, int]]) -> list[tuple[Visit, Visit]]:
    """Of each (address, charts): the first visit of a browser to a server already warm, then the median of five others.

    The pages take turns, so that all of them meet the same machine.
    """
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
        for page in pages:
            _visit(browser.new_page(), *page)  # the server fills what it keeps
        tabs = [browser.new_context(locale="fr-FR").new_page() for _ in pages]
        first = [_weigh(tab, *page) for tab, page in zip(tabs, pages, strict=True)]
        turns = [[_visit(tab, *page) for tab, page in zip(tabs, pages, strict=True)] for _ in range(5)]
        sizes = [_weigh(tab, *page).size for tab, page in zip(tabs, pages, strict=True)]
        browser.close()
    later = [Visit(statistics.median(seconds), size) for seconds, size in zip(zip(*turns, strict=True), sizes, strict=True)]
    return list(zip(first, later, strict=True))


def _weigh(page, address: str, charts: int) -> Visit:
    """A visit with its bytes. Counting them slows the visits down, the most those which receive the most messages."""
    received: list[int] = []
    client = page.context.new_cdp_session(page)
    client.send("Network.enable")
    client.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
    client.on("Network.webSocketFrameReceived", lambda event: received.append(len(event["response"]["payloadData"]) * 3 // 4))
    seconds = _visit(page, address, charts)
    client.detach()
    return Visit(seconds, int(sum(received)))


def _visit(page, address: str, charts: int) -> float:
    """Seconds until the last chart is painted; until the title, without charts."""
    start = time.perf_counter()
    _go(page, address)
    page.locator("h1").first.wait_for(timeout=60_000)
    if charts:
        page.wait_for_function(
            f"document.querySelectorAll('.js-plotly-plot .cartesianlayer .subplot').length >= {charts}", timeout=60_000
        )
    return time.perf_counter() - start


def _start(script: Path, folder: Path, base: Path | None) -> float:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
        page = browser.new_page()
        start = time.perf_counter()
        with served(script, folder, 8599, base) as address:
            _go(page, address)
            page.locator("h1").first.wait_for(timeout=60_000)
            spent = time.perf_counter() - start
        browser.close()
    return spent


def _go(page, address: str) -> None:
    """Until the server answers: one that starts refuses, or cuts a first answer short."""
    from playwright.sync_api import Error

    limit = time.monotonic() + 60
    while True:
        try:
            page.goto(address)
            return
        except Error as error:
            is_starting = "ERR_CONNECTION" in str(error) or "interrupted by another navigation" in str(error)
            if not is_starting or time.monotonic() > limit:
                raise
            time.sleep(0.05)
