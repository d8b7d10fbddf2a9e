"""Every page and document of the contract written from the documentation."""

from __future__ import annotations

import re
import shutil
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

JOURNAL = ROOT / "pages" / "41_journal.py"  # of the whole base, for who has their roles on every contract
PILLARS = ("logement", "travail", "education", "tranquillite")
FOREIGN = re.compile(
    r"Anne Fran|Ozoir|77350|QP077018|QN07718M|Portes Briardes|Seine-et-Marne|trois piliers|Osica", re.IGNORECASE
)
COMMAND = re.compile(r"python -m ozoir")  # the program's own name


@pytest.fixture(scope="module")
def base(built_base, tmp_path_factory):
    """A base no test holds open: the pages open it themselves. Beside it, the town's image."""
    folder = tmp_path_factory.mktemp("pages") / "copie"
    shutil.copytree(built_base.parent, folder)
    (folder / "valmont.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"/>')
    return folder / built_base.name


@pytest.fixture
def open_page(base, two_contracts, monkeypatch):
    """open_page(file, address…) → the page in the session already open; the home page without file."""
    monkeypatch.setenv("OZOIR_BASE", str(base))
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)

    def show(path=None, **address: str) -> AppTest:
        app.switch_page(str(path or "app.py"))
        app.query_params.clear()
        for key, value in address.items():
            app.query_params[key] = value
        return app.run()

    return show


def test_every_page_opens_for_the_second_contract(open_page):
    faults = []
    for path in [None, *sorted((ROOT / "pages").glob("[0-9][0-9]_*.py"))]:
        for pilier in PILLARS if path and path.stem.endswith("_pilier") else ("",):
            app = open_page(path, contrat=VALMONT, quartier="la-plaine", **({"pilier": pilier} if pilier else {}))
            text = COMMAND.sub("", html_of(app))
            has_foreign = FOREIGN.search(text) and path != JOURNAL
            if app.exception or "oz-probleme" in text or has_foreign or "data:image/svg" not in text:
                faults.append((path and path.name, pilier, FOREIGN.findall(text), str(app.exception)[:200]))
    assert faults == []


def test_the_report_has_the_clauses_of_its_own_contract(open_page):
    """By the example of the documentation: no clause on needs, one on what inhabitants said."""
    text = html_of(open_page(ROOT / "pages" / "23_bilan.py", contrat=VALMONT))
    assert "Contrat\u00a0: Parole des habitants" in text and "Ce que les habitants ont dit de l’année." in text
    assert "Besoins de formation" in text and text.count("Contrat\u00a0: ") == 5


def test_nothing_is_shown_before_a_contract_is_chosen(open_page):
    app = open_page()
    assert "2 contrats vous sont ouverts" in html_of(app) and len(app.selectbox) == 1
    app.selectbox[0].set_value(VALMONT).run()
    assert app.query_params["contrat"] in (VALMONT, [VALMONT]) and "Les Tilleuls" in html_of(app)


def test_no_address_leads_to_another_folder(open_page):
    assert "n’est pas un contrat qui vous est ouvert" in html_of(open_page(contrat="../valmont"))


@pytest.mark.parametrize("quartier", ["les-tilleuls", "ensemble"])
def test_the_deck_the_workbook_and_the_report_are_written(read_base, quartier):
    publication = publish(read_base, load_catalogue(contrat=VALMONT, quartier=quartier))
    saisies = load_dossier(read_base, load_cadre(publication.catalogue.contrat))
    dossier = assemble_dossier(publication, saisies, 2025, PUBLIQUE, date(2026, 3, 1))
    assert [partie.titre for partie in dossier.piliers] == [pilier.titre for pilier in publication.catalogue.contrat.piliers]
    for name in ("pptx", "xlsx", "docx"):
        assert len(export(dossier, name).contenu) > 5000
