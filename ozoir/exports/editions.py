"""Freezing a dossier under a name, opening it again as it was."""

from __future__ import annotations

from dataclasses import replace

from ozoir.exports.contents import Dossier
from ozoir.exports.freezing import freeze, thaw
from ozoir.suivi.editions import Edition, Store, find_edition, read_edition, save_edition


def freeze_edition(store: Store, dossier: Dossier, nom: str, auteur: str) -> Edition:
    """Numbers, masks, texts, imports, diffusion and version kept together under this name."""
    return save_edition(store, nom, dossier.annee, dossier.diffusion, dossier.version, dossier.etat, freeze(dossier), auteur)


def open_edition(store: Store, name: str) -> Dossier:
    """The dossier of an edition, by name or number: read-only by nature, its documents the same as on the first day."""
    edition = find_edition(store, name)
    return replace(thaw(read_edition(store, edition)), edition=edition.nom, numero=edition.id)
