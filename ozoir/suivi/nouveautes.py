"""What changed since a moment: files loaded or withdrawn, editions frozen, actions brought up to date."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from ozoir.catalogue.saisies import Commentaire, EtatAction, Realisation
from ozoir.errors import OzoirError
from ozoir.store.base import Store, now
from ozoir.store.editions import Edition, list_editions
from ozoir.store.imports import SHIPPED, Import, list_imports
from ozoir.store.journal import read_lines
from ozoir.store.souvenirs import recall, remember
from ozoir.suivi.dossier import Dossier

_KEY = "derniere-visite"
_SAME_VISIT = timedelta(minutes=30)  # coming back sooner, or reloading the page, is still the same visit
_FIRST_VISIT = timedelta(days=30)


@dataclass(frozen=True)
class Nouveautes:
    """The latest first. actions: ids. is_first: this person never came before, `depuis` is then an arbitrary month."""

    depuis: datetime
    is_first: bool
    charges: tuple[Import, ...]
    retires: tuple[Import, ...]
    editions: tuple[Edition, ...]
    actions: tuple[str, ...]


def note_visit(store: Store, auteur: str) -> tuple[datetime, bool]:
    """Since when to tell this person what is new, and whether this is their first visit; their visit is remembered."""
    moment, known = now(), recall(store, auteur, _KEY)
    since, is_first = moment - _FIRST_VISIT, not known
    if known:
        seen = datetime.fromisoformat(known["vue"])
        is_same = moment - seen < _SAME_VISIT
        since, is_first = (datetime.fromisoformat(known["depuis"]), known.get("premiere", False)) if is_same else (seen, False)
    with suppress(OzoirError):  # reading goes on when nothing can be written (full disk, a backup being made)
        remember(store, auteur, _KEY, {"vue": moment.isoformat(), "depuis": since.isoformat(), "premiere": is_first}, is_waiting=False)
    return since, is_first


def list_news(store: Store, dossier: Dossier, depuis: datetime, is_first: bool = False) -> Nouveautes:
    """What the project ships with is not news."""
    imports = {item.id: item for item in list_imports(store)}
    return Nouveautes(
        depuis,
        is_first,
        tuple(
            item for item in imports.values() if item.statut == "charge" and item.charge_le > depuis and item.auteur != SHIPPED
        ),
        tuple(
            imports[number] for number in _withdrawn(store, depuis) if number in imports and imports[number].statut == "retire"
        ),
        tuple(sorted((item for item in list_editions(store) if item.figee_le > depuis), key=lambda item: -item.id)),
        _actions(dossier, depuis),
    )


def _withdrawn(store: Store, depuis: datetime) -> list[int]:
    lines = read_lines(store.cursor(), acte="retrait d’import", depuis=depuis)
    return list(dict.fromkeys(json.loads(line.details).get("import", 0) for line in lines))


def _actions(dossier: Dossier, depuis: datetime) -> tuple[str, ...]:
    """The actions whose state, comment or indicator was entered since."""
    entered = [version for kind in (EtatAction, Commentaire, Realisation) for version in dossier.select(kind)]
    recent = sorted(
        (version for version in entered if version.saisi_le > depuis), key=lambda version: version.saisi_le, reverse=True
    )
    known = {action.id for action in dossier.cadre.contrat.actions}
    about = (getattr(version.saisie, "action", "") or getattr(version.saisie, "objet", "") for version in recent)
    return tuple(dict.fromkeys(name for name in about if name in known))
