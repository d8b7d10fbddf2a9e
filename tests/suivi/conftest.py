"""The contract's frame, and the worked year saved in a base."""

from __future__ import annotations

import pytest

from ozoir.catalogue.contrat_loading import load_contrat
from ozoir.catalogue.saisies import Modification
from ozoir.catalogue.suivi import load_cadre
from ozoir.paths import CATALOGUE
from ozoir.store.suivi import save_entries
from ozoir.suivi.dossier import load_dossier
from tests.suivi.worked_year import ENTRIES


@pytest.fixture(scope="session")
def cadre():
    return load_cadre(load_contrat(CATALOGUE / "contrats" / "ozoir-la-ferriere"))


@pytest.fixture
def dossier(store, cadre):
    """The small contract year, saved and read back."""
    save_entries(store, [Modification(entry) for entry in ENTRIES], "Alice")
    return load_dossier(store, cadre)
