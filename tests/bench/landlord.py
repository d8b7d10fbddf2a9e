"""A landlord's workbook of any size, for the bench: the demonstration's columns, many rows."""

from __future__ import annotations

from pathlib import Path


def write_landlord_workbook(path: Path, rows: int) -> None:
    """One row per dwelling, 30 columns, in the declared layout."""
    raise NotImplementedError
