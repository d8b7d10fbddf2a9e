"""What people type for an indicator, and back: a number, oui or non, a text, nothing, or « nc » for not concerned."""

from __future__ import annotations

from typing import Any

from ozoir.catalogue.contrat import IndicateurRealisation
from ozoir.catalogue.saisies import Realisation
from ozoir.numbers import MINUS, parse_number

NC = "nc"
_NC_WORDS = {"nc", "n.c.", "non concerné", "non concerne", "non concernée"}
_YES, _NO = {"oui", "o"}, {"non", "n"}
ATTENDU = {
    "effectif": "un nombre, ou «\u00a0nc\u00a0» (non concerné)",
    "taux": "un nombre (en\u202f%), ou «\u00a0nc\u00a0» (non concerné)",
    "oui_non": "oui, non, ou «\u00a0nc\u00a0» (non concerné)",
    "texte": "un texte, ou «\u00a0nc\u00a0» (non concerné)",
}


def read_answer(text: str, indicateur: IndicateurRealisation) -> dict[str, Any] | None:
    """Fields of a Realisation (realise, texte, non_concerne); None when the text is not what the indicator expects."""
    text = text.strip()
    word = text.casefold()
    if word in _NC_WORDS:
        return {"non_concerne": True, "realise": None}
    if not text:
        return {"non_concerne": False, "realise": None, **({"texte": ""} if indicateur.nature == "texte" else {})}
    if indicateur.nature == "texte":
        return {"non_concerne": False, "realise": None, "texte": text}
    value = float(word in _YES) if indicateur.nature == "oui_non" and word in _YES | _NO else parse_number(text)
    return None if value is None else {"non_concerne": False, "realise": value}


def write_answer(entry: Realisation | None, indicateur: IndicateurRealisation) -> str:
    """The text that `read_answer` reads back as this answer."""
    if entry is None:
        return ""
    if entry.non_concerne:
        return NC
    if indicateur.nature == "texte":
        return entry.texte
    if indicateur.nature == "oui_non" and entry.realise in (0, 1):
        return "oui" if entry.realise else "non"
    return write_number(entry.realise)


def write_number(value: float | None) -> str:
    """« 12 », « 12,5 »: no thousands mark, as one types."""
    if value is None:
        return ""
    text = str(int(value)) if value == int(value) else repr(float(value)).replace(".", ",")
    return text.replace("-", MINUS, 1) if value < 0 else text
