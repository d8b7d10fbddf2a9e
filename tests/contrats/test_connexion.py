"""Per-contract roles in a real Chromium: the préfecture chooses, a town's own agent meets no other contract."""

from __future__ import annotations

import shutil
from urllib.parse import parse_qs, urlsplit

import pytest

pytest.importorskip("playwright.sync_api")
pytest.importorskip("oidc_provider_mock")

from playwright.sync_api import expect

from ozoir.access.comptes import Personne, accounts_path, grant
from tests.browser.provider import free_port, running_application, running_provider, write_secrets
from tests.contrats.conftest import FIRST, VALMONT

TOWN = {"email": "cheffe@valmont.example", "email_verified": True, "name": "Claude Moreau"}
STATE = {"email": "deleguee@prefecture.example", "email_verified": True, "name": "Dominique Petit"}


@pytest.fixture(scope="module")
def sign_in(built_base, outside, tmp_path_factory, browser):
    """sign_in(who) → a page of somebody who has just signed in, and the server's address."""
    folder = tmp_path_factory.mktemp("prefecture") / "copie"
    shutil.copytree(built_base.parent, folder)
    base = folder / built_base.name
    grant(accounts_path(base), Personne(TOWN["email"], frozenset({"chef_de_projet"}), contrats=frozenset({VALMONT})))
    grant(accounts_path(base), Personne(STATE["email"], frozenset({"lecteur"})))
    contexts, port, secrets = [], free_port(), folder / "secrets.toml"
    with running_provider({"ville": TOWN, "etat": STATE}) as provider:
        write_secrets(secrets, provider, f"http://127.0.0.1:{port}")
        options = base, folder / "serveur.log", f"--secrets.files={secrets}"
        with running_application(*options, port=port, OZOIR_CONTRATS=str(outside)) as address:

            def show(who: str):
                contexts.append(browser.new_context(locale="fr-FR"))
                page = contexts[-1].new_page()
                page.set_default_timeout(20_000)
                page.goto(address)
                page.get_by_role("button", name="Se connecter").click()
                page.get_by_role("button", name=who, exact=True).click()
                page.wait_for_url(f"{address}/**")
                return page, address

            yield show
            for context in contexts:
                context.close()


def contract_of(page) -> list[str]:
    return parse_qs(urlsplit(page.url).query).get("contrat", [])


def test_who_follows_one_contract_meets_no_other(sign_in):
    page, address = sign_in("ville")
    menu = page.locator(".oz-contrat")
    expect(menu).to_contain_text("Les Tilleuls", timeout=20_000)
    assert contract_of(page) == [VALMONT]
    expect(page.get_by_role("button", name="Changer de contrat")).to_have_count(0)
    page.goto(f"{address}/journal")
    expect(page.locator("table")).to_contain_text("valmont.xlsx", timeout=20_000)
    expect(page.locator("table")).not_to_contain_text("premier.xlsx")
    page.goto(f"{address}/actions?contrat={FIRST}")
    expect(menu).to_contain_text("Les Tilleuls", timeout=20_000)
    expect(page.locator("body")).not_to_contain_text("Ferrière")
    assert contract_of(page) == [VALMONT]


def test_who_follows_all_of_them_chooses_and_changes(sign_in):
    page, address = sign_in("etat")
    expect(page.locator("h1")).to_have_text("Choisir un contrat de ville", timeout=20_000)
    page.goto(f"{address}/credits")
    page.get_by_role("combobox", name="Contrat de ville").click()
    page.get_by_role("option", name="Valmont").click()
    expect(page.locator("h1")).to_have_text("Les crédits", timeout=20_000)
    assert contract_of(page) == [VALMONT]
    page.get_by_role("button", name="Changer de contrat").click()
    page.get_by_role("combobox", name="Contrat de ville").click()
    page.get_by_role("option", name="Ferrière").click()
    expect(page.locator(".oz-contrat")).to_contain_text("Ferrière", timeout=20_000)
    assert contract_of(page) == [FIRST]
