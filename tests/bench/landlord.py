"""A landlord's workbook of any size, for the bench: the declared columns, then fillers up to 30."""

from __future__ import annotations

import random
from pathlib import Path

from openpyxl import Workbook

from ozoir.demonstration.bailleur import DWELLING_HEADER

WIDTH = 30


def write_landlord_workbook(path: Path, rows: int, commune: str) -> None:
    """One row per dwelling, 30 columns, in the declared layout; seeded, so always the same values."""
    chance = random.Random(284)
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet("Logements")
    sheet.append(["État du parc logement par logement, situation au 31/12/2020"])
    fillers = [f"Divers {rank}" for rank in range(1, WIDTH - len(DWELLING_HEADER) + 1)]
    sheet.append([*DWELLING_HEADER, *fillers])
    for rank in range(rows):
        is_let = chance.random() < 0.98
        sheet.append([*_dwelling(chance, rank, is_let, commune), *(chance.randint(1, 999) for _ in fillers)])
    workbook.save(path)


def _dwelling(chance: random.Random, rank: int, is_let: bool, commune: str) -> list:
    pieces = chance.randint(1, 5)
    return [
        f"LOG{rank:07d}",
        f"Résidence {rank // 400}",
        commune,
        1 if rank % 30 == 0 else 2,
        "C",
        pieces,
        20.0 * pieces,
        chance.randint(1955, 2015),
        "PLUS",
        1,
        1 if is_let else 2,
        f"{chance.randint(1, 12):02d}/{chance.randint(1990, 2020)}" if is_let else "",
        "" if is_let else "01/10/2020",
        round(90.0 * pieces + chance.random(), 2) if is_let else "",
        "999",
        chance.randint(1, 6) if is_let else "",
        chance.randint(100, 2000) if is_let and chance.random() < 0.08 else "",
        chance.randint(1, 9) if is_let and chance.random() < 0.08 else "",
        f"06/{chance.randint(2013, 2020)}",
        chance.choice("ABCDEFG"),
        chance.choice((1, 2)),
    ]
