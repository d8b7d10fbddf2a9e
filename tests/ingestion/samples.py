"""Small true-shaped files, written by the test that reads them."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import openpyxl
import pandas as pd

from ozoir.ingestion.delivery import Delivery

DEMO_HEADER = (
    "CODGEO;LIBGEO;POP_MUN;POP_COM_QP;POP_COM;LIB_COM;TX_F;IND_JEUNE;A;PERCOU;AM;AI;ACSSENF;ACAVENF;AC3ENF;ENF;NOTE_CNAF"
)
DEMO_ROWS = (
    "QP077018;Anne Franck;2\u202f016;2\u202f016;20\u202f191;Ozoir-la-Ferrière;51,8;3,0;537;1\u202f410;153;193;25;166;75;680;0",
    "QP077001;La Renardière;1\u202f805;1\u202f805;22\u202f836;Roissy-en-Brie;50,1;2,3;395;1\u202f008;112;156;28;99;56;485;0",
    'QP077002;"L\'Arche Guédon";3\u202f015;9\u202f000;31\u202f000;"Champs-sur-Marne, Noisiel";49;1,9;;;;;;;;;3',
)


def demo_text(header: str = DEMO_HEADER, rows: Sequence[str] = DEMO_ROWS, before: str = "", after: str = "") -> str:
    """A little DEMO file, as Excel saves it again: `;`, decimal comma, U+202F."""
    return before + "\r\n".join([header, *rows]) + "\r\n" + after


def write_text(folder: Path, name: str, text: str, encoding: str = "utf-8-sig") -> Path:
    """A text file in an encoding."""
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def demo_cells(text: str | None = None) -> list[list[object]]:
    """The same table as typed cells: numbers are numbers."""
    rows = [line.replace('"', "").split(";") for line in (text or demo_text(rows=DEMO_ROWS[:2])).splitlines() if line]
    return [[_typed(cell) for cell in row] for row in rows]


def _typed(text: str) -> object:
    plain = text.replace("\u202f", "").replace(",", ".")
    return float(plain) if re.fullmatch(r"-?\d+(\.\d+)?", plain) else (text or None)


def write_workbook(path: Path, sheets: dict[str, Sequence[Sequence[object]]], change: Callable | None = None) -> Path:
    """An .xlsx written by openpyxl; `change` receives the workbook before it is saved."""
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    for name, rows in sheets.items():
        sheet = workbook.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    if change:
        change(workbook)
    workbook.save(path)
    return path


def rewrite(path: Path, parts: dict[str, Callable[[bytes], bytes]], **extra: bytes) -> Path:
    """The same zip with some parts changed and others added (« xl__extra.xml » is xl/extra.xml)."""
    source = zipfile.ZipFile(io.BytesIO(path.read_bytes()))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            target.writestr(name, parts[name](content) if name in parts else content)
        for name, content in extra.items():
            target.writestr(name.replace("__", "/"), content)
    return path


def value(delivery: Delivery, mesure: str, territoire: str, **others) -> float:
    """The one value of a key; fails when there is none or several."""
    return one(delivery, mesure, territoire, **others)["valeur"]


def one(delivery: Delivery, mesure: str, territoire: str, **others) -> pd.Series:
    """The one fact of a key, totals where nothing is said."""
    facts = delivery.faits
    wanted = {"mesure": mesure, "territoire": territoire, "sexe": "ensemble", "age": "ensemble", "detail": "", **others}
    for name, text in wanted.items():
        facts = facts[facts[name].astype(str) == text]
    assert len(facts) == 1, f"{len(facts)} faits pour {wanted}"
    return facts.iloc[0]


def sentences(delivery: Delivery, gravite: str = "") -> list[str]:
    """What the file's report says, its non-breaking spaces made plain."""
    said = [finding.sentence() for finding in delivery.findings if gravite in ("", finding.gravite)]
    return [text.replace("\u00a0", " ").replace("\u202f", " ") for text in said]
