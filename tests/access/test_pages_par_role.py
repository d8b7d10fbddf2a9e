"""What a page shows depends on who reads it: pages run as the server runs them, for each role."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

import ozoir.ui.connexion  # noqa: F401 (puts its own resolver, before the tests put theirs)
from ozoir.access import identites
from ozoir.access.identites import Identite
from ozoir.catalogue.loading import load_catalogue
from ozoir.catalogue.saisies import Commentaire, EtatAction, Modification
from ozoir.paths import ROOT
from ozoir.store.agents import register
from ozoir.store.base import open_store
from ozoir.store.suivi import save_entries

SECRET, PUBLIC = "MARQUEUR-ENTRE-SIGNATAIRES", "MARQUEUR-PUBLIC"


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    """One action with a public and a restricted comment."""
    path = tmp_path_factory.mktemp("roles") / "contract.duckdb"
    store = open_store(path, create=True)
    action = load_catalogue().contrat.actions[0].id
    entries = [
        EtatAction(action, 2016, "en_cours", 40),
        Commentaire(action, 2016, "reussites", PUBLIC),
        Commentaire(action, 2016, "freins", SECRET),
    ]
    save_entries(store, [Modification(entry, 0) for entry in entries], "essai")
    with store.record("programme", "connexion", "essai") as cursor:
        reference = register(cursor, "Camille", "camille@exemple.fr", "")
    store.close()
    return path, action, reference


@pytest.fixture
def read_as(base, monkeypatch):
    """read_as("lecteur", "actions", action=…) → (the page after its run, what it says)."""
    path, _, reference = base
    monkeypatch.setenv("OZOIR_BASE", str(path))

    def run(role: str, name: str, **address: str):
        person = Identite(
            "Camille", frozenset({role} if role else ()), "camille@exemple.fr", reference, motif="Vous n’avez aucun rôle."
        )
        monkeypatch.setattr(identites, "_resolvers", [lambda: person])
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
        (file,) = (ROOT / "pages").glob(f"[0-9][0-9]_{name}.py")
        if role:
            for key, value in address.items():
                app.query_params[key] = value
            app.switch_page(str(file)).run()
        assert not app.exception
        return app, "\n".join(element.proto.body for element in app.get("html"))

    return run


@pytest.mark.parametrize(
    ("role", "is_shown"), [("lecteur", False), ("administrateur", False), ("signataire", True), ("chef_de_projet", True)]
)
def test_comments_between_pilots_are_for_the_signatories(read_as, base, role, is_shown):
    _, said = read_as(role, "actions", action=base[1], annee="2016")
    assert PUBLIC in said
    assert (SECRET in said) is is_shown
    assert ("Diffusion restreinte" in said) is is_shown


@pytest.mark.parametrize(
    ("role", "may_enter"), [("lecteur", False), ("signataire", False), ("analyste", False), ("chef_de_projet", True)]
)
def test_only_those_who_may_enter_get_the_form(read_as, base, role, may_enter):
    app, _ = read_as(role, "actions", action=base[1], annee="2016")
    assert any("Modifier" in toggle.label for toggle in app.toggle) is may_enter


@pytest.mark.parametrize("vue", ["etats", "indicateurs"])
def test_the_address_of_an_entry_table_opens_nothing_to_a_reader(read_as, vue):
    may_enter, _ = read_as("chef_de_projet", "actions", vue=vue, annee="2016")
    assert [button.label for button in may_enter.button if "Enregistrer" in button.label]
    app, _ = read_as("lecteur", "actions", vue=vue, annee="2016")
    assert not app.get("arrow_data_frame")
    assert not [button.label for button in app.button if "Enregistrer" in button.label]


@pytest.mark.parametrize(
    ("name", "role", "is_open"),
    [
        ("administration", "administrateur", True),
        ("administration", "chef_de_projet", False),
        ("administration", "lecteur", False),
        ("journal", "administrateur", True),
        ("journal", "chef_de_projet", True),
        ("journal", "analyste", False),
        ("journal", "lecteur", False),
        ("collecte", "lecteur", False),
    ],
)
def test_a_page_refuses_the_wrong_role_by_its_address_too(read_as, name, role, is_open):
    _, said = read_as(role, name)
    assert ("Action refusée" in said) is not is_open


def test_somebody_without_a_role_sees_the_door_only(read_as):
    app, said = read_as("", "administration")
    assert "Vous n’avez aucun rôle" in said
    assert not app.get("page_link") and "Diffusion" not in said
