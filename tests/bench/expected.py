"""What each page must show: taken by a lone visitor in each state of the base, then held against what everybody is shown."""

from __future__ import annotations

import io
import itertools
import re
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

import openpyxl

from ozoir.numbers import format_number
from tests.bench.visitors import Broken, Page, Visitor

FILE = "DEMO_2022_fictif.xlsx"
CELL = ("QPV", "C7")  # the quartier's municipal population
POPULATIONS = {"avant": 2023, "apres": 2500}  # the file as the generator draws it, then as the importers change it
ZONE, LOAD, LOADED = "Fichiers reçus", "Charger", r"import n°\s(\d+)"
# What tells one import from another, and the panel of what is new: they change at each import, whatever the figures.
_OWN = re.compile(r'numero=\d+(?:" target="_self">\d+(?=</a>))?|n°\s\d+(?: à \d+)?(?:, n°\s\d+(?: à \d+)?)*|\d+\simports')
_NEWS = "Nouveau depuis"
LISTS_IMPORTS = {"donnees", "import"}
_marks = itertools.count(1)


@dataclass(frozen=True)
class Step:
    """One click: a page, or another value of one of its lists (label, option)."""

    name: str
    query: str = ""
    choice: tuple[str, str] = ("", "")

    def __str__(self) -> str:
        return f"{self.name or 'accueil'}?{self.query}" + (f" ({' : '.join(self.choice)})" if self.choice[0] else "")


async def do(visitor: Visitor, step: Step) -> Page:
    """The page which this click draws; the seconds are those of the last run."""
    page = await visitor.open(step.name, step.query)
    return await visitor.choose(*step.choice) if step.choice[0] else page


def signature(page: Page) -> tuple[int, ...]:
    """A print of everything shown, in order, but for what tells imports apart."""
    return tuple(hash(_OWN.sub("", text)) for text in page.texts() if _NEWS not in text)


@dataclass
class Received:
    """One import of the bench: what it leaves in force; when it was asked for and confirmed; its number, given in turn."""

    state: str
    asked: float = float("inf")
    confirmed: float = float("inf")
    number: int = 0


@dataclass
class Expected:
    """By step, then state: the print of the page. imports: those made since, by which one knows what may be shown when."""

    shown: dict[Step, dict[str, tuple[int, ...]]] = field(default_factory=dict)
    imports: list[Received] = field(default_factory=list)

    def allowed(self, asked: float, drawn: float) -> set[str]:
        """The states that a page asked for and drawn at these moments may show."""
        begun = [item for item in self.imports if item.asked <= drawn]
        latest = max((item.number for item in begun if item.confirmed <= asked), default=0)
        return {item.state for item in begun if item.confirmed == float("inf") or item.number >= latest}

    def fault(self, step: Step, page: Page, asked: float, drawn: float) -> str:
        """Why this page is wrong; empty when it is right."""
        if page.has_problem:
            return f"{step}: a problem is shown"
        if step.name in LISTS_IMPORTS or step not in self.shown:
            return ""
        found, allowed = signature(page), self.allowed(asked, drawn)
        if found in [self.shown[step][state] for state in allowed]:
            return ""
        return f"{step}: not what one visitor alone is shown ({', '.join(sorted(allowed))})"


def write_file(original: bytes, state: str) -> bytes:
    """The file with this state's population, unlike any other sent: the same one twice would be refused."""
    workbook = openpyxl.load_workbook(io.BytesIO(original))
    workbook[CELL[0]][CELL[1]] = POPULATIONS[state]
    workbook["Documentation"]["A3"] = f"Envoi {next(_marks)}"
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


async def nothing() -> None:
    """No pause."""


async def learn(visitor: Visitor, steps: Iterable[Step], original: bytes) -> Expected:
    """Every step in both states, by one visitor; ends in the first state. Broken when a page does not follow its file."""
    expected = Expected()
    for state in ("apres", "avant", "apres", "avant"):
        received = Received(state)
        await give(visitor, write_file(original, state), received, nothing, lambda page: None)
        expected.imports = [received]
        for step in steps:
            page = await do(visitor, step)
            former = expected.shown.setdefault(step, {}).setdefault(state, signature(page))
            if page.has_problem or (former != signature(page) and step.name not in LISTS_IMPORTS):
                raise Broken(f"{step}: one visitor alone is not shown the same thing twice")
            if step == Step("") and f"<b>{format_number(POPULATIONS[state])}</b>" not in "".join(page.texts()):
                raise Broken(f"the home page does not show {POPULATIONS[state]}")
    return expected


async def give(visitor: Visitor, content: bytes, received: Received, pause: Callable, note: Callable) -> None:
    """One file dropped, read, loaded, with a pause before each click; note(page) is told of each page drawn."""
    await pause()
    note(await visitor.open("import", "vue=deposer"))
    await pause()
    note(await visitor.send(ZONE, {FILE: content}))
    await pause()
    received.asked = time.monotonic()
    note(page := await visitor.press(LOAD))
    said = re.search(LOADED, " ".join(page.texts()))
    if not said:
        raise Broken("the file was not loaded: " + " ".join(text for text in page.texts() if "oz-" in text)[-300:])
    received.confirmed, received.number = time.monotonic(), int(said[1])


def original_file(base: Path) -> bytes:
    """The file which the importers change, from the originals of a demonstration base."""
    return (base.parent / "raw" / FILE).read_bytes()
