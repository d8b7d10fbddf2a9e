"""The contract's frame, and the worked year saved in a base."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from ozoir.catalogue.contrat_loading import load_contrat
from ozoir.catalogue.saisies import Modification
from ozoir.catalogue.suivi import load_cadre
from ozoir.indicators.publication import publish
from ozoir.ingestion.delivery import Delivery
from ozoir.paths import CATALOGUE
from ozoir.store.imports import load_delivery
from ozoir.store.suivi import save_entries
from ozoir.suivi.dossier import load_dossier
from tests.indicators.territories import both, facts
from tests.suivi.worked_year import ENTRIES


@pytest.fixture(scope="session")
def cadre():
    return load_cadre(load_contrat(CATALOGUE / "contrats" / "ozoir-la-ferriere"))


@pytest.fixture
def dossier(store, cadre):
    """The small contract year, saved and read back."""
    save_entries(store, [Modification(entry) for entry in ENTRIES], "Alice")
    return load_dossier(store, cadre)


@pytest.fixture
def publication(store, catalogue, dossier):
    """Job seekers of the quartier and the commune: 2016, 2017 and 2019 known, 2018 withheld by the partner."""
    rows = []
    for year, quartier, commune in ((2016, 230, 1430), (2017, 220, 1420), (2018, None, 1400), (2019, 200, 1350)):
        day = date(year, 12, 31)
        rows += both("defm_abc", quartier, commune, day=day)
        rows += both("defm_abc; sexe=femmes", quartier and quartier / 2, commune / 2, day=day)
        rows += both("defm_abc; sexe=hommes", quartier and quartier / 2, commune / 2, day=day)
    names = pd.DataFrame(columns=["code", "zonage", "libelle", "commune"])
    load_delivery(store, Delivery("extrait.csv", "0" * 64, 10, "pole_emploi", "2020", facts(*rows), names))
    return publish(store, catalogue)
