"""A second contract, written exactly as docs/nouveau-contrat.md says, beside the one which ships."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from ozoir.catalogue.loading import load_catalogue
from ozoir.ingestion.delivery import Delivery
from ozoir.paths import ROOT
from ozoir.store.base import Store, open_store
from ozoir.store.imports import load_delivery
from tests.indicators.territories import fact

VALMONT, FIRST = "valmont", "ozoir-la-ferriere"
_FILE = re.compile(r"### `(?P<path>[^`]+)`\n\n```toml\n(?P<text>.*?)```", re.DOTALL)
PLACES = {
    "tilleuls": ("QN09801A", "QP2024"),
    "plaine": ("QN09802B", "QP2024"),
    "valmont": ("98101", "commune"),
    "rivebelle": ("98102", "commune"),
}
YEARS = (2024, 2025)
# Job seekers of 2024 and 2025, then inhabitants: of the two quartiers, of the two communes.
JOBLESS = {"tilleuls": (210, 200), "plaine": (150, 140), "valmont": (900, 880), "rivebelle": (400, 390)}
PEOPLE = {"tilleuls": 1800, "plaine": 1500, "valmont": 12000, "rivebelle": 7000}


def write_contract(folder: Path) -> Path:
    """The files of the documentation's example, and no other."""
    text = (ROOT / "docs" / "nouveau-contrat.md").read_text("utf-8")
    for match in _FILE.finditer(text):
        path = folder / VALMONT / match["path"]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(match["text"], "utf-8")
    return folder


def at(cle: str, place: str, value: float | None, source: str, day: date) -> dict:
    code, zonage = PLACES[place]
    return fact(cle, "qpv", value, source=source, day=day, territoire=code, zonage=zonage)


def deliver(store, name: str, layout: str, rows: list[dict], contrat: str = ""):
    columns = [name for name in rows[0] if name not in ("import_id", "fichier", "charge_le")]
    names = pd.DataFrame(columns=["code", "zonage", "libelle", "commune"])
    table = pd.DataFrame(rows)[columns]
    digest = f"{abs(hash(name)):064x}"[:64]
    return load_delivery(store, Delivery(name, digest, 10, layout, "2026", table, names, contrat=contrat))


def extract() -> list[dict]:
    """What France Travail sends of Valmont: counts by sex, all large."""
    rows = []
    for place, values in JOBLESS.items():
        for year, value in zip(YEARS, values, strict=True):
            day = date(year, 12, 31)
            rows.append(at("defm_abc", place, value, "pole_emploi", day))
            rows.append(at("defm_abc; sexe=femmes", place, value * 0.6, "pole_emploi", day))
            rows.append(at("defm_abc; sexe=hommes", place, value * 0.4, "pole_emploi", day))
    return rows


def national() -> list[dict]:
    """One published file for both contracts: inhabitants, and the poverty rate of each quartier."""
    day = date(2024, 1, 1)
    rows = [at("population_municipale", place, value, "insee_rp_pop", day) for place, value in PEOPLE.items()]
    rows += [at("taux_pauvrete", place, 30.0, "insee_filosofi", date(2024, 12, 31)) for place in ("tilleuls", "plaine")]
    rows.append(fact("population_municipale", "qpv", 1744, source="insee_rp_pop", day=date(2018, 1, 1)))
    rows.append(fact("population_municipale", "commune", 20000, source="insee_rp_pop", day=date(2018, 1, 1)))
    return rows


@pytest.fixture(scope="session")
def outside(tmp_path_factory) -> Path:
    return write_contract(tmp_path_factory.mktemp("contrats"))


@pytest.fixture
def two_contracts(outside, monkeypatch) -> Path:
    monkeypatch.setenv("OZOIR_CONTRATS", str(outside))
    monkeypatch.delenv("OZOIR_CONTRAT", raising=False)
    return outside


@pytest.fixture
def valmont(two_contracts):
    return load_catalogue(contrat=VALMONT)


@pytest.fixture(scope="session")
def built_base(tmp_path_factory, outside) -> Path:
    """A base of both contracts: one national file, one partner's extract each. Made once; nobody writes in it."""
    path = tmp_path_factory.mktemp("deux") / "contract.duckdb"
    store = open_store(path, create=True)
    deliver(store, "national.csv", "series_publiees", national())
    deliver(store, "valmont.xlsx", "pole_emploi", extract(), VALMONT)
    own = [fact("defm_abc", "qpv", 230, day=date(2016, 12, 31)), fact("defm_abc", "commune", 1430, day=date(2016, 12, 31))]
    deliver(store, "premier.xlsx", "pole_emploi", own, FIRST)
    store.close()
    return path


def open_copy(base: Path, folder: Path) -> Iterator[Store]:
    shutil.copytree(base.parent, folder)
    store = open_store(folder / base.name)
    yield store
    store.close()


@pytest.fixture(scope="session")
def kept_base(built_base, tmp_path_factory):
    """For the tests which only read: what they publish is computed once for all of them."""
    yield from open_copy(built_base, tmp_path_factory.mktemp("lue") / "copie")


@pytest.fixture
def read_base(kept_base, two_contracts):
    return kept_base


@pytest.fixture
def shared_base(built_base, two_contracts, tmp_path):
    """For the tests which write."""
    yield from open_copy(built_base, tmp_path / "copie")


@pytest.fixture
def three_quartiers(two_contracts, tmp_path, monkeypatch):
    """The same contract with one more quartier in its first commune."""
    path = write_contract(tmp_path / "trois") / VALMONT / "territoire.toml"
    more = """[[quartiers]]
id = "le-val"
nom = "Le Val"
communes = ["98101"]

[[quartiers.zonages]]
id = "QP2024"
code = "QN09803C"
libelle = "Quartier prioritaire 2024"
debut = 2024-01-01

# La"""
    path.write_text(path.read_text("utf-8").replace("# La", more, 1), "utf-8")
    monkeypatch.setenv("OZOIR_CONTRATS", str(path.parent.parent))
    return load_catalogue(contrat=VALMONT)
