"""What was found in a file, the gravest first: where, which value, what was perhaps meant."""

from __future__ import annotations

import re
from collections.abc import Sequence

import streamlit as st

from ozoir.numbers import plural
from ozoir.ui.imports import GRAVITES
from ozoir.ui.suivi import show_table
from ozoir.ui.texts import capitalise, raw, safe

_SHOWN = 60
# The findings speak to the command line too: on screen its options are fields.
_OPTIONS = (
    (re.compile(r" ?\(--source [\w-]+\)"), ""),
    (re.compile(r",? ?(?:par exemple|avec) --edition \d+"), " dans « Corriger la lecture »"),
    (re.compile(r" ?: --millesime \"?[^\"=]+=\d+\"?"), " dans « Corriger la lecture »"),
)


def show_findings(findings: Sequence, titre: str = "Constats") -> None:
    """One row per finding, sixty at most."""
    if not findings:
        return
    order = list(GRAVITES)
    ordered = sorted(findings, key=lambda item: order.index(item.gravite))
    rows = [(GRAVITES[item.gravite], raw(_place(item)), raw(item.valeur or "–"), _sentence(item)) for item in ordered[:_SHOWN]]
    show_table(titre, ["Gravité", "Feuille et case", "Valeur", "Constat"], rows)
    if len(findings) > _SHOWN:
        st.html(f"<p>Et {plural(len(findings) - _SHOWN, 'autre constat', 'autres constats')}.</p>")


def _place(finding) -> str:
    return " ".join(filter(None, (finding.feuille, finding.cellule))) or "–"


def _sentence(finding) -> str:
    near = f" Vouliez-vous dire «\u00a0{raw(finding.suggestion)}\u00a0»\u202f?" if finding.suggestion else ""
    return safe(capitalise(on_screen(finding.message))) + near


def on_screen(message: str) -> str:
    """The same sentence without the options of the command line."""
    for pattern, replacement in _OPTIONS:
        message = pattern.sub(replacement, message.replace("\u00a0: --", " : --"))
    return message
