"""The analyst's journeys in a real browser: a file changes a chart and is undone; four at once; a load cut short."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytest.importorskip("playwright.sync_api")

from ozoir.paths import ROOT
from ozoir.store.base import open_store
from ozoir.store.imports import list_imports
from ozoir.store.verification import verify_base
from tests.browser.chromium_reading import START, real_errors, settle

HEADER = "Année;Code territoire;Sexe;Tranche d’âge;Niveau de formation;Premiers accueils;Jeunes suivis"
MILO = f"{HEADER}\n2020;QP077018;Total;Total;Total;32;99\n2020;77350;Total;Total;Total;151;446\n"
SERIES = f"{MILO}2019;QP077018;Total;Total;Total;30;87\n2019;77350;Total;Total;Total;140;420\n"  # two dates: a line is drawn
UPLOADER = '[data-testid="stFileUploaderDropzoneInput"]'


@pytest.fixture
def own_base(shipped_base, tmp_path) -> Path:
    folder = tmp_path / "base"
    shutil.copytree(shipped_base.parent, folder)
    return folder / shipped_base.name


def drop(page, *files: tuple[str, str | bytes]) -> None:
    page.locator(UPLOADER).first.set_input_files(
        [
            {"name": name, "mimeType": "text/csv", "buffer": text.encode() if isinstance(text, str) else text}
            for name, text in files
        ]
    )


def button(page, name: str):
    return page.get_by_role("button", name=name, exact=True).first


def press(page, name: str, awaited: str) -> None:
    """Click until the answer comes: a click on a button being drawn again, on a busy machine, falls beside it."""
    for _ in range(6):
        settle(page)
        if button(page, name).is_visible():
            button(page, name).click()
        try:
            page.get_by_text(awaited).wait_for(timeout=START * 1000 / 6)
            return
        except pytest.importorskip("playwright.sync_api").TimeoutError:
            continue
    raise AssertionError(f"« {name} » gives no answer")


def test_a_file_is_corrected_loaded_seen_on_a_chart_and_undone(serve, visit, own_base):
    address = serve(own_base)
    before = _young_followed(visit, address)
    assert 99 not in before
    witness = visit(address, "import")
    page = witness.page
    assert not re.search(
        r"\b(Browse|Upload|Drag|drop|Limit|per file)\b", page.locator('[data-testid="stFileUploader"]').first.inner_text()
    )
    page.get_by_label("Qui saisit").fill("Chargé d’observation")
    text = SERIES.replace("2020;QP077018;Total;Total;Total;32;99", "2020;QP077018;Total;Total;Total;32;9,9")
    drop(page, ("mission_locale_2020.csv", text))
    page.get_by_text("un effectif").first.wait_for(timeout=START * 1000)  # 9,9 young people: said with its cell
    press(page, "Abandonner", "abandonné, rien n’a été enregistré")
    drop(page, ("mission_locale_2020.csv", SERIES))
    page.get_by_text("8 à ajouter").wait_for(timeout=START * 1000)
    press(page, "Charger", "chargé, import n°")
    assert {87, 99} <= set(_young_followed(visit, address))
    page.goto(f"{address}/import?vue=imports")
    page.get_by_label("Motif du retrait").fill("Fichier d’essai")
    page.get_by_label("Motif du retrait").press("Tab")
    settle(page)
    button(page, "Retirer cet import").click()
    page.get_by_role("button", name="Rétablir cet import").wait_for(timeout=START * 1000)
    assert _young_followed(visit, address) == before
    assert real_errors(witness) == []


def _young_followed(visit, address: str) -> list[float]:
    """What the chart of « jeunes suivis » draws on its pillar's page: the ordinates of its traces, as Plotly holds them."""
    page = visit(address, "pilier?pilier=emploi&voir=jeunes_suivis").page
    return page.evaluate(
        """() => {
            const place = document.getElementById("jeunes_suivis");
            const after = plot => place && place.compareDocumentPosition(plot) & Node.DOCUMENT_POSITION_FOLLOWING;
            const plot = [...document.querySelectorAll(".js-plotly-plot")].find(after);
            return plot ? plot._fullData.flatMap(trace => Array.from(trace.y || [])).filter(value => value !== null) : [];
        }"""
    )


def test_four_people_load_at_once_and_none_is_lost(serve, visit, own_base):
    address = serve(own_base)
    pages = [visit(address, "import").page for _ in range(4)]  # four sessions, with nothing but the base in common
    for rank, page in enumerate(pages):
        year = 2016 + rank
        drop(page, (f"mission_locale_{year}.csv", MILO.replace("2020;", f"{year};")))
    for page in pages:
        page.get_by_text("4 à ajouter").wait_for(timeout=START * 1000)
    for page in pages:
        button(page, "Charger").click()
    for page in pages:
        page.get_by_text("chargé, import n°").wait_for(timeout=START * 1000)
    page = pages[0]
    page.goto(f"{address}/import?vue=imports")
    page.get_by_text("5 imports").wait_for(timeout=START * 1000)


def test_a_load_cut_short_leaves_the_base_whole(own_base):
    """kill -9 while imports are being written, again and again: each one is whole or absent, and the next start works."""
    script = (
        "import sys\n"
        "from pathlib import Path\n"
        "from ozoir.catalogue.loading import load_catalogue\n"
        "from ozoir.atelier.historique import load\n"
        "from ozoir.ingestion.reading import Request, answer, make_delivery\n"
        "from ozoir.store.base import open_store\n"
        "store, catalogue = open_store(Path(sys.argv[1])), load_catalogue()\n"
        "for year in range(int(sys.argv[2]), 2024):\n"
        f"    text = {MILO!r}.replace('2020;', f'{{year}};') + '#' * year\n"
        "    name = f'mission_locale_{year}.csv'\n"
        "    delivery = make_delivery(answer(Request(name, name, content=text.encode()), catalogue), catalogue)\n"
        "    print('pret', flush=True)\n"
        "    load(store, delivery, text.encode(), 'essai')\n"
        "    print('charge', flush=True)\n"
    )
    confirmed = 0
    for delay in (0.0, 0.02, 0.08):
        command = [sys.executable, "-c", script, str(own_base), str(2016 + confirmed)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
        seen = []
        for line in process.stdout:
            seen.append(line.strip())
            if seen.count("pret") == 2:
                time.sleep(delay)
                os.kill(process.pid, signal.SIGKILL)
                break
        seen += [line.strip() for line in process.stdout]
        process.wait(timeout=20)
        store = open_store(own_base)
        assert verify_base(store) == []
        found = [item for item in list_imports(store) if item.layout == "mission_locale"]
        assert all(item.faits == 4 for item in found)
        assert len(found) in (confirmed + seen.count("charge"), confirmed + seen.count("charge") + 1)
        confirmed = len(found)
        assert not list((own_base.parent / "raw").glob("*.ecriture"))
        store.close()
