"""From a figure to the cell it comes from: the link which opens it."""

from __future__ import annotations

from urllib.parse import quote

from ozoir.ui.contrats import link_to
from ozoir.ui.texts import raw


def link_to_cell(import_id: int, feuille: str, cellule: str) -> str:
    """« C6 », leading to the received file opened at that cell; « – » when the figure has no cell of its own."""
    if not cellule:
        return "–"
    address = link_to(f"import?vue=imports&numero={import_id}&feuille={quote(feuille)}&cellule={quote(cellule)}#case")
    return f'<a href="{raw(address)}" target="_self">{raw(cellule)}</a>'
