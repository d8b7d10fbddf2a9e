"""Each role at each door: what a page offers, what a click does, what a command does, whatever the address asks."""

from __future__ import annotations

from datetime import datetime
from types import SimpleNamespace

import pytest
from streamlit.testing.v1 import AppTest

import ozoir.ui.connexion  # noqa: F401 (puts its own resolver, before the tests put theirs)
from ozoir.__main__ import main
from ozoir.access import identites
from ozoir.access.actes import ROLES
from ozoir.access.comptes import Personne, accounts_path, grant
from ozoir.access.identites import Identite, acting_as
from ozoir.catalogue.saisies import Depot, EtatAction, Modification
from ozoir.errors import OzoirError
from ozoir.ingestion.reading import read_delivery
from ozoir.paths import ROOT
from ozoir.store.agents import register
from ozoir.store.base import open_store
from ozoir.store.contestations import contest_fact, fact_key
from ozoir.store.facts import current_facts
from ozoir.store.imports import load_delivery, restore_import, withdraw_import
from ozoir.store.suivi import restore_deposit, save_deposit, withdraw_deposit
from tests.ingestion.samples import demo_text, write_text

L, S, A, C, D = ROLES


@pytest.fixture(scope="module")
def base(tmp_path_factory, catalogue):
    """One import and a withdrawn one, one collection workbook and a withdrawn one, one person of each role."""
    folder = tmp_path_factory.mktemp("portes")
    path = folder / "contract.duckdb"
    store = open_store(path, create=True)
    (folder / "recu").mkdir()
    for year in (2021, 2022):
        text = demo_text(after=f"QP077003;Essai {year};12;;;;;;;;;;;;;;\r\n")
        received = write_text(folder / "recu", f"DEMO_{year}.csv", text)
        load_delivery(store, read_delivery(received, catalogue), received)
        moment = datetime(2016, 11, 3)
        depot = Depot(0, str(year), f"{year}.xlsx", 10, "Service emploi", year, "essai", moment, "charge", 0, [])
        save_deposit(store, depot, [Modification(EtatAction("emploi-01-a1", year, "en_cours"), 0)])
    withdraw_import(store, 2, "essai", "essai")
    withdraw_deposit(store, 2, "essai", "essai")
    contest_fact(store, fact_key(current_facts(store, ["QP077018"]).iloc[0].to_dict()), "essai", "essai")
    state = store.state()
    with store.record("programme", "connexion", "essai") as cursor:
        reference = register(cursor, "Camille", "camille@exemple.fr", "")
    store.close()
    for role in ROLES:
        grant(accounts_path(path), Personne(f"{role}@exemple.fr", frozenset({role})))
    return SimpleNamespace(path=path, reference=reference, state=state)


@pytest.fixture
def visit(base, monkeypatch):
    """visit(role, page, address) → the page as this role sees it."""
    monkeypatch.setenv("OZOIR_BASE", str(base.path))

    def run(role: str, name: str, **address: str) -> AppTest:
        person = Identite("Camille", frozenset({role}), "camille@exemple.fr", base.reference)
        monkeypatch.setattr(identites, "_resolvers", [lambda: person])
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
        (file,) = (ROOT / "pages").glob(f"[0-9][0-9]_{name}.py")
        for key, value in address.items():
            app.query_params[key] = value
        app.switch_page(str(file)).run()
        assert not app.exception
        return app

    return run


def said(app: AppTest) -> str:
    return "\n".join(element.proto.body for element in app.get("html"))


def offered(app: AppTest) -> set[str]:
    """The words of everything one may press, fill or send."""
    kinds = ("button", "download_button", "file_uploader", "toggle", "text_input", "text_area")
    return {item.proto.label for kind in kinds for item in app.main if item.type == kind}


# (page, address, what it offers, to whom)
DOORS = (
    ("import", {"vue": "deposer"}, "Fichiers reçus des partenaires", {A}),
    ("import", {"vue": "imports", "numero": "1"}, "Retirer cet import", {A}),
    ("import", {"vue": "imports", "numero": "1"}, "Marquer comme contesté", {A, C}),
    ("import", {"vue": "imports", "numero": "1"}, "Lever la contestation", {A, C}),
    ("import", {"vue": "imports", "numero": "1"}, "Télécharger le fichier d’origine", {A}),
    ("import", {"vue": "imports", "numero": "2"}, "Rétablir cet import", {A}),
    ("collecte", {}, "Déposer un ou plusieurs classeurs remplis (.xlsx ou .ods)", {C}),
    ("collecte", {}, "Télécharger son classeur", {S, A, C}),
    ("collecte", {}, "Rétablir ce dépôt", {C}),
    ("documents", {"diffusion": "restreinte"}, "Nom de l’édition", {C}),
    ("actions", {"vue": "etats", "annee": "2016"}, "Enregistrer", {C}),
    ("credits", {"vue": "saisie", "annee": "2016"}, "Enregistrer", {C}),
    ("gouvernance", {"annee": "2016"}, "Ajouter ou modifier une décision", {C}),
    ("administration", {}, "Sauvegarder maintenant", {D}),
    ("administration", {}, "Changer ce réglage", {D}),
    ("journal", {}, "Texte cherché", {C, D}),
)


@pytest.mark.parametrize("role", ROLES)
def test_pages_offer_each_role_what_it_may_do_and_nothing_else(visit, role):
    opened: dict[tuple, set[str]] = {}
    for name, address, what, roles in DOORS:
        key = name, tuple(address.items())
        if key not in opened:
            opened[key] = offered(visit(role, name, **address))
        assert any(what in words for words in opened[key]) is (role in roles), (name, what)


@pytest.mark.parametrize("role", ROLES)
def test_the_address_of_a_restricted_document_gives_the_public_one(visit, role):
    app = visit(role, "documents", diffusion="restreinte")
    (choice,) = [item for item in app.selectbox if item.label == "Diffusion"]
    assert (choice.value == "restreinte") is (role in (S, A, C))


# What the click of a button does, whether the button is there or not.
CLICKS = {
    "Retirer cet import": ({A}, lambda store: withdraw_import(store, 1, "agent", "essai")),
    "Rétablir cet import": ({A}, lambda store: restore_import(store, 2, "agent")),
    "Retirer ce dépôt": ({C}, lambda store: withdraw_deposit(store, 1, "agent", "essai")),
    "Rétablir ce dépôt": ({C}, lambda store: restore_deposit(store, 2, "agent")),
}


@pytest.mark.parametrize("role", ROLES)
def test_what_a_hidden_button_would_do_is_refused_and_changes_nothing(base, role):
    store = open_store(base.path)
    with acting_as(Identite("Camille", frozenset({role}), "camille@exemple.fr", base.reference)):
        for roles, click in CLICKS.values():
            if role not in roles:
                with pytest.raises(OzoirError, match="Action refusée"):
                    click(store)
    assert store.state() == base.state


COMMANDS = (
    (["importer", "{fichier}"], {A}),
    (["retirer", "1", "--motif", "essai"], {A}),
    (["retablir", "1"], {A}),
    (["exporter", "csv", "--sortie", "{dossier}"], set(ROLES)),
    (["exporter", "csv", "--diffusion", "restreinte", "--sortie", "{dossier}"], {S, A, C}),
    (["exporter", "csv", "--figer", "essai {role}", "--sortie", "{dossier}"], {C}),
)


@pytest.mark.parametrize("role", ROLES)
def test_a_command_named_by_an_address_does_what_its_role_may(tmp_path, base, capsys, role):
    received = write_text(tmp_path, "DEMO_2021.csv", demo_text(after=f"QP077003;Autre {role};12;;;;;;;;;;;;;;\r\n"))
    (tmp_path / "sortie").mkdir()
    places = {"fichier": str(received), "dossier": str(tmp_path / "sortie"), "role": role}
    for words, roles in COMMANDS:
        typed = [word.format(**places) for word in words]
        code = main([*typed, "--base", str(base.path), "--auteur", f"{role}@exemple.fr"])
        answer = capsys.readouterr()
        assert (code == 0) is (role in roles), (typed, answer.err)
        if role not in roles:
            assert "Action refusée" in answer.out + answer.err
