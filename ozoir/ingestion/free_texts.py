"""What people type freely must not say who or how to reach somebody: addresses, telephone and NIR are refused at the entry."""

from __future__ import annotations

import re

from ozoir.errors import OzoirError
from ozoir.ingestion.personal_values import EMAIL, PHONE, holds_nir

_PHONE = re.compile(rf"(?<![\d,.])(?:{PHONE.pattern})(?![\d,])")
ADVICE = "Écrivez un service ou une fonction\u00a0; les coordonnées d’une personne ne se gardent pas ici."


def personal_kinds(text: str) -> list[str]:
    """What of somebody's this text gives, in words; the value itself is never repeated."""
    kinds = {
        "une adresse électronique": EMAIL.search(text),
        "un numéro de téléphone": _PHONE.search(text),
        "un numéro de sécurité sociale": holds_nir(text),
    }
    return [kind for kind, found in kinds.items() if found]


def refuse_personal(text: str) -> None:
    """OzoirError when this text must not be kept."""
    if kinds := personal_kinds(text):
        raise OzoirError("Texte à revoir.", f"Il contient {' et '.join(kinds)}. {ADVICE} Rien n’a été enregistré.")
