"""Every page and document of the contract written from the documentation."""

from __future__ import annotations

from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from ozoir.catalogue.diffusions import PUBLIQUE
from ozoir.catalogue.loading import load_catalogue
from ozoir.catalogue.suivi import load_cadre
from ozoir.exports.assembly import assemble_dossier
from ozoir.exports.formats import export
from ozoir.indicators.publication import publish
from ozoir.paths import ROOT
from ozoir.suivi.dossier import load_dossier
from tests.contrats.conftest import VALMONT
from tests.ui.page_reading import html_of

PILLARS = ("logement", "travail", "education", "tranquillite")
FOREIGN = ("Anne", "Ozoir", "Portes Briardes")


@pytest.fixture
def base(shared_base, monkeypatch):
    shared_base.close()
    monkeypatch.setenv("OZOIR_BASE", str(shared_base.path))
    return shared_base.path


def open_page(path, **address: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    for key, value in address.items():
        app.query_params[key] = value
    app.run()
    if path:
        app.switch_page(str(path))
        for key, value in address.items():
            app.query_params[key] = value
        app.run()
    return app


def test_every_page_opens_for_the_second_contract(base):
    faults = []
    for path in [None, *sorted((ROOT / "pages").glob("[0-9][0-9]_*.py"))]:
        for pilier in PILLARS if path and path.stem.endswith("_pilier") else ("",):
            app = open_page(path, contrat=VALMONT, quartier="la-plaine", **({"pilier": pilier} if pilier else {}))
            text = html_of(app)
            if app.exception or "oz-probleme" in text or any(name in text for name in FOREIGN):
                faults.append(
                    (path and path.name, pilier, [name for name in FOREIGN if name in text], str(app.exception)[:200])
                )
    assert faults == []


def test_nothing_is_shown_before_a_contract_is_chosen(base):
    app = open_page(None)
    assert "2 contrats vous sont ouverts" in html_of(app) and len(app.selectbox) == 1
    app.selectbox[0].set_value(VALMONT).run()
    assert app.query_params["contrat"] in (VALMONT, [VALMONT]) and "Les Tilleuls" in html_of(app)
    refused = open_page(None, contrat="../valmont")
    assert "n’est pas un contrat qui vous est ouvert" in html_of(refused)


@pytest.mark.parametrize("quartier", ["les-tilleuls", "ensemble"])
def test_the_deck_the_workbook_and_the_report_are_written(shared_base, quartier):
    publication = publish(shared_base, load_catalogue(contrat=VALMONT, quartier=quartier))
    saisies = load_dossier(shared_base, load_cadre(publication.catalogue.contrat))
    dossier = assemble_dossier(publication, saisies, 2025, PUBLIQUE, date(2026, 3, 1))
    assert [partie.titre for partie in dossier.piliers] == [pilier.titre for pilier in publication.catalogue.contrat.piliers]
    for name in ("pptx", "xlsx", "docx"):
        assert len(export(dossier, name).contenu) > 5000
