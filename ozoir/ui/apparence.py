"""The town's own look above the menu: a thin band of its colour, its logo when the image lies beside the base."""

from __future__ import annotations

import base64
from functools import lru_cache
from pathlib import Path

from ozoir.catalogue.contrat import LOGOS, Contrat
from ozoir.errors import OzoirError
from ozoir.paths import chosen_base
from ozoir.ui.texts import raw, safe

LARGEST = 300_000  # bytes: the image travels with every page


def town_mark(contrat: Contrat) -> str:
    """HTML, empty when nothing is set. The logo stands on white, which is what logos are drawn for."""
    look = contrat.apparence
    band = f'<div class="oz-filet" style="background:{raw(look.couleur)}"></div>' if look.couleur else ""
    path = chosen_base().parent / look.logo
    if not look.logo or not path.is_file():
        return band
    image = _inline(path, path.stat().st_mtime_ns)
    return f'{band}<p class="oz-logo"><img src="{image}" alt="{safe(contrat.commune)}"></p>'


@lru_cache(maxsize=4)
def _inline(path: Path, changed: int) -> str:
    """The image inside the page: nothing else to serve. changed: when it was last, for the cache."""
    if path.stat().st_size > LARGEST:
        raise OzoirError(
            "Logo trop lourd.",
            f"{path.name} pèse {path.stat().st_size // 1000} Ko ; {LARGEST // 1000} Ko au plus. "
            "Réduisez l’image, par exemple à 400 points de large.",
        )
    return f"data:{LOGOS[path.suffix.lower()]};base64,{base64.b64encode(path.read_bytes()).decode()}"
