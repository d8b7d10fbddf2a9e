"""Frozen editions: written once under a name, never changed, their text checked at every reading."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime

from ozoir.access.identites import current_identity, is_allowed
from ozoir.catalogue.diffusions import PUBLIQUE
from ozoir.errors import OzoirError, did_you_mean
from ozoir.ingestion.free_texts import refuse_personal
from ozoir.numbers import format_date
from ozoir.store.agents import agent_names
from ozoir.store.base import Store, now
from ozoir.store.schema import next_id

_TRACE = "id, nom, annee, diffusion, auteur, figee_le, etat, version, empreinte"


@dataclass(frozen=True)
class Edition:
    """What is known of an edition without reading it. etat: state of the base it was taken from."""

    id: int
    nom: str
    annee: int
    diffusion: str
    auteur: str
    figee_le: datetime
    etat: int
    version: str
    empreinte: str


def save_edition(
    store: Store, nom: str, annee: int, diffusion: str, version: str, etat: int, contenu: str, auteur: str
) -> Edition:
    """One transaction; a name already taken, or empty, is refused."""
    nom = " ".join(nom.split())
    if not nom or len(nom) > 80:
        raise OzoirError(
            "Nom d’édition à revoir.", "Donnez un nom de 1 à 80 caractères, par exemple «\u00a0COPIL du 12/03/2020\u00a0»."
        )
    refuse_personal(nom)
    _refuse_taken(store, nom)
    digest = _digest(contenu)
    with store.transaction(
        auteur, "édition figée", nom, details := {"empreinte": digest, "annee": annee, "diffusion": diffusion}
    ) as cursor:
        _refuse_taken(store, nom)  # again: somebody may have taken it meanwhile
        number = next_id(cursor, "editions")
        cursor.execute(
            f"INSERT INTO editions ({_TRACE}, contenu, contrat) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [number, nom, annee, diffusion, auteur, now(), etat, version, digest, contenu, store.contrat],
        )
        details["edition"] = number
    return find_edition(store, nom)


def _refuse_taken(store: Store, nom: str) -> None:
    taken = next((edition for edition in list_editions(store) if edition.nom.casefold() == nom.casefold()), None)
    if taken:
        raise OzoirError(
            "Nom d’édition déjà pris.",
            f"«\u00a0{taken.nom}\u00a0» a été figée le {format_date(taken.figee_le)}\u00a0: choisissez un autre nom.",
        )


def list_editions(store: Store) -> list[Edition]:
    """Every edition of the contract, the latest first."""
    rows = (
        store.cursor().execute(f"SELECT {_TRACE} FROM editions WHERE contrat = ? ORDER BY id DESC", [store.contrat]).fetchall()
    )
    names = agent_names(store.cursor())
    return [replace(edition, auteur=names.get(edition.auteur, edition.auteur)) for edition in (Edition(*row) for row in rows)]


def find_edition(store: Store, name: str) -> Edition:
    """By its name, whatever the case, or its number."""
    editions = list_editions(store)
    for edition in editions:
        if edition.nom.casefold() == name.strip().casefold() or str(edition.id) == name.strip():
            return edition
    is_signatory = is_allowed(current_identity(), "lecture restreinte")
    names = [edition.nom for edition in editions if edition.diffusion == PUBLIQUE or is_signatory]
    known = ", ".join(f"«\u00a0{nom}\u00a0»" for nom in names) or "aucune"
    raise OzoirError(
        "Édition inconnue.",
        f"«\u00a0{name}\u00a0».{did_you_mean(name, names)} Éditions figées\u00a0: {known}.",
    )


def read_edition(store: Store, edition: Edition) -> str:
    """The frozen text; OzoirError when it is no longer the one that was frozen."""
    (contenu,) = (
        store.cursor()
        .execute("SELECT contenu FROM editions WHERE id = ? AND contrat = ?", [edition.id, store.contrat])
        .fetchone()
    )
    if _digest(contenu) != edition.empreinte:
        raise OzoirError(
            "Édition altérée.",
            f"Le contenu de «\u00a0{edition.nom}\u00a0» n’est plus celui qui a été figé\u00a0: restaurez une sauvegarde de la base.",
        )
    return contenu


def _digest(contenu: str) -> str:
    return hashlib.sha256(contenu.encode()).hexdigest()
