"""Everything entered about the contract, as it stands: read once per state of the base, then only looked at."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar

from ozoir.catalogue.saisies import KINDS, Saisie, Version
from ozoir.catalogue.suivi import Cadre
from ozoir.store.base import Store
from ozoir.store.suivi import current_entries

S = TypeVar("S", bound=Saisie)


@dataclass(frozen=True, eq=False)
class Dossier:
    """Current versions by kind and key, and the contract they are about. etat: the state of the base they were read at."""

    cadre: Cadre
    etat: int
    fictif: bool
    versions: dict[type[Saisie], dict[tuple, Version]]

    def version(self, kind: type[Saisie], *cle: Any) -> Version | None:
        """The current version of a key, None when nobody has entered it."""
        return self.versions[kind].get(cle)

    def entry(self, kind: type[S], *cle: Any) -> S | None:
        version = self.version(kind, *cle)
        return version.saisie if version else None

    def select(self, kind: type[S], **filters: Any) -> list[Version]:
        """Current versions whose fields equal the filters, by key."""
        return [
            version
            for version in self.versions[kind].values()
            if all(getattr(version.saisie, name) == value for name, value in filters.items())
        ]

    def entries(self, kind: type[S], **filters: Any) -> list[S]:
        return [version.saisie for version in self.select(kind, **filters)]

    def base(self, kind: type[Saisie], *cle: Any) -> int:
        """The id a modification of this key must carry: that of the version under the reader's eyes."""
        version = self.version(kind, *cle)
        return version.id if version else 0


def load_dossier(store: Store, cadre: Cadre) -> Dossier:
    """The current entries; read again only when the base has changed."""
    return _load(store.of_contract(cadre.contrat.id), cadre, store.state())


@lru_cache(maxsize=32)
def _load(store: Store, cadre: Cadre, etat: int) -> Dossier:
    versions = {kind: {version.saisie.cle: version for version in current_entries(store, kind)} for kind in KINDS}
    return Dossier(cadre, etat, store.is_fictif, versions)
