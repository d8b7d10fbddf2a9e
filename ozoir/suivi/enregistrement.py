"""Saving entries: checked first, all of them, then written as new versions under their author's name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ozoir.catalogue.saisies import Conflit, Enregistrement, Modification, Saisie, Version
from ozoir.catalogue.suivi import Cadre
from ozoir.errors import OzoirError
from ozoir.ingestion.delivery import BLOQUANT, Finding
from ozoir.ingestion.free_texts import refuse_personal
from ozoir.ingestion.saisies import check_entry, name_entry
from ozoir.store.base import Store
from ozoir.store.suivi import entry_history, save_entries


@dataclass(frozen=True)
class Reponse:
    """What became of a save. enregistrement is None when a blocking finding refused the whole."""

    constats: tuple[Finding, ...]
    enregistrement: Enregistrement | None

    @property
    def is_refused(self) -> bool:
        return self.enregistrement is None


def save(store: Store, cadre: Cadre, modifications: Sequence[Modification], auteur: str) -> Reponse:
    """Nothing is written when one entry is refused; conflicts with another author come back in the answer."""
    if not auteur.strip():
        raise OzoirError("Saisie sans auteur.", "Dites qui saisit avant d’enregistrer.")
    findings = tuple(finding for item in modifications for finding in check_entry(cadre, item.saisie))
    if has_blocking(findings):
        return Reponse(findings, None)
    return Reponse(findings, save_entries(store, modifications, auteur))


def check_free_text(text: str) -> None:
    """OzoirError when what a person typed for the documents says how to reach somebody."""
    refuse_personal(text)


def has_blocking(findings: Iterable[Finding]) -> bool:
    """True when one of them refuses the save."""
    return any(finding.gravite == BLOQUANT for finding in findings)


def refuse(message: str, value: str = "") -> Finding:
    """A blocking finding of the screen."""
    return Finding(BLOQUANT, message, valeur=value)


def describe_conflict(cadre: Cadre, conflict: Conflit) -> str:
    """Which entry, and who saved it in between."""
    return f"{name_entry(cadre, conflict.actuelle.saisie)}. {conflict.sentence()}"


def read_history(store: Store, kind: type[Saisie], **filters) -> list[Version]:
    """Every version of the entries that match, the oldest first."""
    return entry_history(store, kind, **filters)
