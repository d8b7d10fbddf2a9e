"""The pictures of the « mode d’emploi »: each page still shows what its caption says; `make captures` takes them again."""

from __future__ import annotations

import io
import os
import subprocess
import sys

import pytest

pytest.importorskip("playwright.sync_api")

from PIL import Image

from ozoir.paths import DEMO_BASE, ROOT
from ozoir.ui.aide import PICTURES, load_help
from tests.browser.chromium_reading import settle

SIZE = (1180, 640)
LARGEST = 80_000
TAKEN_AGAIN = os.environ.get("OZOIR_CAPTURES") == "1"


@pytest.fixture(scope="module")
def demo_address(serve, address, tmp_path_factory):
    """Pictures are of fictitious figures; otherwise the shipped base is enough to read the pages."""
    if not TAKEN_AGAIN:
        return address
    base = tmp_path_factory.mktemp("captures") / "contract.duckdb"
    raw = DEMO_BASE.parent / "raw"
    if not raw.exists():
        subprocess.run(
            [sys.executable, "-m", "ozoir.demonstration", "--sortie", str(base.parent / "raw")], cwd=ROOT, check=True
        )
    else:
        (base.parent / "raw").symlink_to(raw)
    subprocess.run([sys.executable, "-m", "ozoir", "reconstruire", "--fictif", "--base", str(base)], cwd=ROOT, check=True)
    return serve(base)


@pytest.mark.parametrize("task", load_help().pas, ids=lambda task: task.id)
def test_each_page_of_the_manual_shows_what_its_caption_says(demo_address, visit, task):
    page = visit(demo_address, task.page, *SIZE).page
    text = page.locator("body").inner_text().replace("\u00a0", " ").replace("\u202f", " ")
    assert [said for said in task.montre if said.replace("\u00a0", " ") not in text] == []
    if TAKEN_AGAIN:
        if task.ancre:
            page.locator(f'[class*="st-key-{task.ancre}"]').first.evaluate("place => place.scrollIntoView()")
            settle(page)
        _save(page.screenshot(), task.id)


def _save(picture: bytes, name: str) -> None:
    """Few colours: a page has few, and the file stays small."""
    PICTURES.mkdir(exist_ok=True)
    image = Image.open(io.BytesIO(picture)).convert("RGB").quantize(48, dither=Image.Dither.NONE)
    image.save(PICTURES / f"{name}.png", optimize=True)


def test_the_manual_has_its_pictures_small_and_no_other():
    assert {path.stem for path in PICTURES.glob("*.png")} == {task.id for task in load_help().pas}
    assert max(path.stat().st_size for path in PICTURES.glob("*.png")) < LARGEST
