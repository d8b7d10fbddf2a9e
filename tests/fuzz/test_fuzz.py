"""Readers, layouts and addresses given anything: an answer or a refusal in French, never a crash, a hang or a leak.

A small slice in `make test`; the campaign of more than 100 000 cases is `make fuzz`.
"""

from __future__ import annotations

import math
import os
import resource
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from streamlit.testing.v1 import AppTest

from ozoir.catalogue.loading import load_catalogue
from ozoir.errors import OzoirError
from ozoir.ingestion.child import pack, unpack
from ozoir.ingestion.reading import Request, answer, receive_bytes
from ozoir.paths import PAGES, ROOT
from ozoir.store.base import open_store
from ozoir.store.correspondances import with_declarations
from ozoir.store.rebuilding import rebuild
from tests.fuzz.mutations import addresses, damaged_files, damaged_layouts, layouts, samples

CASES = int(os.environ.get("OZOIR_FUZZ", "100"))
IS_CAMPAIGN = CASES > 1000
SLOWEST = 5.0  # seconds of processor for a file of a few kilobytes: the clock also counts what the machine does besides
# Megabytes. The tool itself remembers what it has tried, about 5 kB a case; a file kept would be 20 kB at least.
GROWTH = 100 + CASES * 0.007
_QUIET = list(HealthCheck)


def portion(share: float):
    """A share of the campaign; `make fuzz` draws new cases each time, `make test` the same ones."""
    cases = max(int(CASES * share), 4)
    return settings(max_examples=cases, deadline=None, database=None, derandomize=not IS_CAMPAIGN, suppress_health_check=_QUIET)


def resident() -> float:
    """Megabytes now."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / 1e6


@pytest.fixture(autouse=True)
def report(request):
    """What one campaign took; kept low, or it fails."""
    before, began = None, time.monotonic()
    if Path("/proc/self/statm").exists():
        before = resident()
    yield
    grown = resident() - before if before is not None else 0.0
    print(f"\n{request.node.name} : {time.monotonic() - began:.0f} s, mémoire {grown:+.0f} Mo")
    assert grown < GROWTH


def read(name: str, content: bytes, catalogue) -> None:
    """As the limited child does; its answer survives the way back, and holds finite numbers."""
    began = time.process_time()
    try:
        found = unpack(pack(answer(Request(name, name, content=content, is_previewed=True), catalogue)))
    except OzoirError as error:
        assert error.title and error.message
    except BaseException as error:  # a panic of the workbook reader: it ends the child process, which the next test sees
        if type(error).__name__ != "PanicException":
            raise
    else:
        assert not any(math.isinf(value) for value in found.columns["valeur"])
    assert time.process_time() - began < SLOWEST


@portion(0.69)
@given(damaged_files())
def test_a_damaged_file_is_read_or_refused(file):
    read(*file, load_catalogue())


def test_a_file_on_which_the_reader_itself_fails_is_refused():
    """Found by the campaign: a wrong sector number in an old .xls."""
    content = bytearray(samples()["DEMO_2021.xls"])
    content[1425] = 0xFF
    with pytest.raises(OzoirError, match="Lecture interrompue par sécurité"):
        receive_bytes(bytes(content), "DEMO_2021.xls", load_catalogue())


def test_reading_again_and_again_keeps_nothing():
    """Without the tool's own memory: the same files and layouts, over and over."""
    catalogue = load_catalogue()

    def go_round(times: int) -> None:
        for _ in range(times):
            for name, content in samples().items():
                read(name.replace("html", "DEMO_2021").replace("xml", "DEMO_2021"), content, catalogue)
            for text in layouts():
                with_declarations(catalogue, [text])

    go_round(2)
    before = resident()
    go_round(max(CASES // 200, 3))
    assert resident() - before < 20


@portion(0.30)
@given(damaged_layouts())
def test_a_damaged_layout_is_understood_or_refused(text):
    try:
        catalogue = with_declarations(load_catalogue(), [text])
    except OzoirError as error:
        assert error.title and error.message
        return
    read("DEMO_2021.csv", samples()["DEMO_2021.csv"], catalogue)


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    """An empty base, or the one of the first run for a whole campaign."""
    path = tmp_path_factory.mktemp("adresses") / "contract.duckdb"
    if IS_CAMPAIGN:
        rebuild(path, load_catalogue())
    else:
        open_store(path, create=True).close()
    return path


_CONTRAT = load_catalogue().contrat
_KNOWN = tuple(item.id for item in (*_CONTRAT.piliers, *_CONTRAT.actions[:3]))


@pytest.fixture(scope="module")
def application(base):
    """One session which goes from page to page, as the server runs it."""
    former = os.environ.get("OZOIR_BASE")
    os.environ["OZOIR_BASE"] = str(base)
    yield AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    os.environ.pop("OZOIR_BASE") if former is None else os.environ.update(OZOIR_BASE=former)


@pytest.mark.parametrize("path", sorted(PAGES.glob("[0-9]*.py")), ids=lambda path: path.stem)
def test_any_address_shows_its_page(application, path):
    @portion(0.01 / 10)
    @given(addresses(_KNOWN))
    def open_at(parameters):
        application.query_params.clear()
        for name, value in parameters.items():
            application.query_params[name] = value
        application.switch_page(str(path)).run()
        said = "".join(element.proto.body for element in application.get("html"))
        assert not application.exception, parameters
        assert "n’a pas pu s’afficher" not in said, parameters
        assert "<h1" in said

    open_at()
