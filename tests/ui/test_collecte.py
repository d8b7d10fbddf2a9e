"""The collection page: sending, receiving, choosing, saving, undoing, as a person at the screen does."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime

import pytest

from ozoir.catalogue.classeur import pilots
from ozoir.catalogue.saisies import EtatAction, Modification
from ozoir.catalogue.suivi import load_cadre
from ozoir.exports.collecte import write_all, write_workbook
from ozoir.paths import chosen_base
from ozoir.store.suivi import list_deposits, save_entries
from ozoir.ui.session import current_store
from tests.collecte import PILOTE, compose, fill, place, read
from tests.ui.page_reading import html_of

ACTION = "emploi-01-a1"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture
def cadre(catalogue):
    return load_cadre(catalogue.contrat)


@pytest.fixture
def base(tmp_path, monkeypatch):
    """The path of a base of its own, held by the application as in real life."""
    from ozoir.store.base import open_store

    path = tmp_path / "contract.duckdb"
    open_store(path, create=True).close()
    monkeypatch.setenv("OZOIR_BASE", str(path))
    assert chosen_base() == path.resolve()
    return path


def drop(app, name: str, data: bytes):
    app.file_uploader[0].upload(name, data, XLSX).run()
    return app


def press(app, text: str):
    next(button for button in app.button if button.label == text).click().run()
    return app


def state(dossier_store) -> list[str]:
    from ozoir.store.suivi import current_entries

    return [version.saisie.statut for version in current_entries(dossier_store, EtatAction, annee=2016)]


def filled(cadre, statut: str = "Réalisée") -> bytes:
    classeur = compose(current_store(), cadre)
    return fill(classeur, {place(classeur, ACTION, "statut"): statut})


def test_the_page_lists_every_pilot_and_offers_their_workbooks(open_page, base, cadre):
    app = open_page(base, "collecte", annee="2016")
    assert not app.exception
    body = html_of(app)
    assert 'role="alert"' not in body
    assert all(name in body for name in pilots(cadre))
    assert len(app.get("download_button")) == 2
    assert "Aucun classeur n’a encore été enregistré" in body


def test_all_the_workbooks_come_in_one_archive_and_can_be_read_back(base, cadre):
    store = current_store()
    names = pilots(cadre)
    archive = zipfile.ZipFile(io.BytesIO(write_all(compose(store, cadre, name) for name in names)))
    assert len(set(archive.namelist())) == len(names)
    for name in archive.namelist():
        assert read(archive.read(name), cadre, name=name).findings == ()


def test_a_dropped_workbook_is_shown_then_saved_then_undone(open_page, base, cadre):
    app = drop(open_page(base, "collecte", annee="2016"), "retour.xlsx", filled(cadre))
    body = html_of(app)
    assert f"<strong>{PILOTE}</strong>, année 2016" in body
    assert "<td>Statut 2016</td><td>(vide)</td><td>Réalisée</td>" in body
    assert state(current_store()) == []
    press(app, "Enregistrer")
    assert "1\u00a0saisie enregistrée" in html_of(app)
    assert state(current_store()) == ["realisee"]
    app.text_input(key="collecte-motif").set_value("mauvais fichier").run()
    press(app, "Retirer ce dépôt")
    assert state(current_store()) == []
    press(app, "Rétablir ce dépôt")
    assert state(current_store()) == ["realisee"]


def test_a_workbook_with_a_blocking_finding_cannot_be_saved(open_page, base, cadre):
    app = drop(open_page(base, "collecte", annee="2016"), "retour.xlsx", filled(cadre, "En cour"))
    body = html_of(app)
    assert "Actions F5" in body and "En cour" in body
    assert "Vouliez-vous dire «\u00a0En cours\u00a0»" in body
    assert next(button for button in app.button if button.label == "Enregistrer").disabled
    press(app, "Abandonner")
    assert "abandonné, rien n’a été enregistré" in html_of(app)
    assert not list_deposits(current_store())


def test_an_abandoned_workbook_may_be_dropped_again(open_page, base, cadre):
    data = filled(cadre)
    app = press(drop(open_page(base, "collecte", annee="2016"), "retour.xlsx", data), "Abandonner")
    press(drop(app, "retour.xlsx", data), "Enregistrer")
    assert len(list_deposits(current_store())) == 1


def test_the_workbook_of_another_year_and_a_foreign_file_are_refused_with_words(open_page, base, cadre):
    app = drop(open_page(base, "collecte", annee="2017"), "retour.xlsx", filled(cadre))
    assert "mauvaise année" in html_of(app).lower()
    app = drop(open_page(base, "collecte", annee="2016"), "autre.xlsx", b"PK\x03\x04rien")
    assert 'role="alert"' in html_of(app)
    assert not list_deposits(current_store())


def test_a_value_changed_on_both_sides_is_settled_by_the_reader(open_page, base, cadre):
    store = current_store()
    data = filled(cadre)
    save_entries(store, [Modification(EtatAction(ACTION, 2016, "en_pause"))], "Chloé")
    app = drop(open_page(base, "collecte", annee="2016"), "retour.xlsx", data)
    body = html_of(app)
    assert "Chloé" in body and "<td>En pause</td><td>Réalisée</td>" in body
    assert next(button for button in app.button if button.label == "Enregistrer").disabled
    app.radio[0].set_value("Prendre celle du classeur").run()
    press(app, "Enregistrer")
    assert state(store) == ["realisee"]


def test_the_same_workbook_twice_is_refused_with_its_deposit(open_page, base, cadre):
    data = filled(cadre)
    app = press(drop(open_page(base, "collecte", annee="2016"), "retour.xlsx", data), "Enregistrer")
    drop(app, "copie.xlsx", data)
    assert "déjà reçu" in html_of(app)
    assert "dépôt n°\u00a01" in html_of(app)


def test_workbooks_of_the_day_say_the_day(base, cadre):
    from ozoir.suivi.collecte import compose_workbook
    from ozoir.suivi.dossier import load_dossier

    classeur = compose_workbook(load_dossier(current_store(), cadre), PILOTE, 2016)
    assert classeur.entete.genere_le == datetime.now().date()
    assert write_workbook(classeur).startswith(b"PK")
