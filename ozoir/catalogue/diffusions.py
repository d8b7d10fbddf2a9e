"""The two diffusions: each has its own thresholds, masks and banner, on screens, in commands and in documents."""

from __future__ import annotations

from ozoir.errors import OzoirError

PUBLIQUE, RESTREINTE = "publique", "restreinte"
DIFFUSIONS = {PUBLIQUE: "Diffusion publique", RESTREINTE: "Diffusion restreinte – signataires"}


def check_diffusion(name: str) -> None:
    """OzoirError when there is no such diffusion."""
    if name not in DIFFUSIONS:
        raise OzoirError("Diffusion inconnue.", f"«\u00a0{name}\u00a0»\u00a0: on attend {' ou '.join(DIFFUSIONS)}.")
