"""What a browser saw, for tests."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Page

ARTEFACTS = Path(__file__).with_name("artefacts")
START = 60  # seconds a busy machine may take


@dataclass
class Witness:
    """What happened in the browser beside what is seen."""

    page: Page
    errors: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)


def watch(page: Page, address: str) -> Witness:
    """The page, with from now on what the console says of it and what it asks of other machines."""
    witness = Witness(page)
    page.on("console", lambda message: witness.errors.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: witness.errors.append(str(error)))
    page.on("request", lambda request: _note_elsewhere(witness, address, request.url))
    page.on("response", lambda response: _note_refusal(witness, response))
    return witness


def _note_elsewhere(witness: Witness, address: str, url: str) -> None:
    if not url.startswith((address, address.replace("http", "ws"), "data:", "blob:")):
        witness.elsewhere.append(url)


# Streamlit looks for its server under the page's own path before the root: two refusals per deep link, by design.
_PROBES = ("/_stcore/health", "/_stcore/host-config")


def _note_refusal(witness: Witness, response) -> None:
    if response.status >= 400 and not response.url.endswith(_PROBES):
        witness.errors.append(f"{response.status} {response.url}")


def settle(page) -> None:
    """The script has ended and the charts are drawn."""
    page.wait_for_function(
        "document.querySelector('[data-testid=stApp]')?.dataset.testScriptState === 'notRunning'", timeout=START * 1000
    )
    page.wait_for_function(
        "[...document.querySelectorAll('[data-testid=stPlotlyChart]')].every(chart => chart.querySelector('.main-svg'))",
        timeout=START * 1000,
    )
    page.wait_for_function("!document.querySelector('[data-testid=stSkeleton]')", timeout=START * 1000)
    page.wait_for_timeout(300)


def real_errors(witness: Witness) -> list[str]:
    """Console errors, the browser's own line about the probes apart: refused addresses are already in the list."""
    return [text for text in witness.errors if not text.startswith("Failed to load resource")]


def keep_picture(page: Page, name: str) -> None:
    """A screenshot to be looked at: what the window shows."""
    ARTEFACTS.mkdir(exist_ok=True)
    page.screenshot(path=str(ARTEFACTS / f"{name}.png"))
