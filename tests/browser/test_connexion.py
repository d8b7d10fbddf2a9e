"""Signing in, in a real Chromium, at a real provider: roles, refusals, signing out, cookies and tokens which lie."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from urllib.parse import parse_qs, urlsplit

import pytest

pytest.importorskip("playwright.sync_api")
pytest.importorskip("oidc_provider_mock")

from playwright.sync_api import expect
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value

from ozoir.access.comptes import Personne, accounts_path, grant, revoke
from ozoir.store.base import open_store
from tests.browser.provider import CLIENT_SECRET, COOKIE_SECRET, free_port, running_application, running_provider, write_secrets

PEOPLE = {
    "chef": {"email": "cheffe@exemple.fr", "email_verified": True, "acr": "eidas1", "name": "Claude Moreau"},
    "admin": {"email": "administratrice@exemple.fr", "email_verified": True, "acr": "eidas1", "name": "Andrée Petit"},
    "signataire": {"email": "signataire@exemple.fr", "email_verified": True, "acr": "eidas1", "name": "Sam Signataire"},
    "lectrice": {"email": "lectrice@exemple.fr", "email_verified": True, "acr": "eidas1", "name": "Line Lectrice"},
    "faible": {"email": "cheffe@exemple.fr", "email_verified": True, "acr": "eidas0", "name": "Claude Moreau"},
    "inconnu": {"email": "inconnu@exemple.fr", "email_verified": True, "acr": "eidas1", "name": "Iris Inconnue"},
}
COOKIE = "_streamlit_user"
# As docs/connexion.md has it written.
_PROCONNECT = """
[auth.proconnect.client_kwargs]
scope = "openid email profile"
prompt = "login"
code_challenge_method = "S256"
[auth.proconnect.authorize_params]
acr_values = "eidas1"
"""


@pytest.fixture(scope="module")
def provider():
    with running_provider(PEOPLE) as running:
        yield running


@pytest.fixture(scope="module")
def application(tmp_path_factory, provider):
    """An application which knows a chef de projet and an administrator; its base and log lie in `folder`."""
    folder = tmp_path_factory.mktemp("connexion")
    base = folder / "contract.duckdb"
    open_store(base, create=True).close()
    grant(accounts_path(base), Personne("administratrice@exemple.fr", frozenset({"administrateur"})))
    grant(accounts_path(base), Personne("cheffe@exemple.fr", frozenset({"chef_de_projet"})))
    grant(accounts_path(base), Personne("signataire@exemple.fr", frozenset({"signataire"})))
    grant(accounts_path(base), Personne("lectrice@exemple.fr", frozenset({"lecteur"})))
    port = free_port()
    secrets = folder / "secrets.toml"
    write_secrets(secrets, provider, f"http://127.0.0.1:{port}", "[auth.proconnect]", _PROCONNECT)
    with running_application(base, folder / "serveur.log", f"--secrets.files={secrets}", port=port) as address:
        yield address, base


@pytest.fixture
def fresh_page(browser):
    """fresh_page() → a browser without memory."""
    contexts = []

    def make():
        contexts.append(browser.new_context(locale="fr-FR"))
        return contexts[-1].new_page()

    yield make
    for context in contexts:
        context.close()


def sign_in(page, address: str, who: str, path: str = "") -> None:
    page.goto(f"{address}/{path}")
    page.get_by_role("button", name="Se connecter").click()
    page.get_by_role("button", name=who, exact=True).click()
    page.wait_for_url(f"{address}/**")


def expect_the_door(page) -> None:
    """The sign-in screen, and nothing of the application."""
    expect(page.get_by_role("button", name="Se connecter")).to_be_visible(timeout=20_000)
    expect(page.locator(".oz-diffusion")).to_have_count(0)
    expect(page.get_by_test_id("stPageLink-NavLink")).to_have_count(0)


def test_the_provider_is_asked_as_proconnect_wants(application, fresh_page):
    """Long state and nonce, the proof key, the level of assurance."""
    page, asked = fresh_page(), []
    page.on("request", lambda request: asked.append(request.url) if "/oauth2/authorize" in request.url else None)
    page.goto(application[0])
    page.get_by_role("button", name="Se connecter").click()
    page.get_by_role("button", name="chef", exact=True).wait_for()
    (said,) = [parse_qs(urlsplit(url).query) for url in asked]
    assert len(said["state"][0]) >= 32 and len(said["nonce"][0]) >= 32
    assert said["code_challenge_method"] == ["S256"] and len(said["code_challenge"][0]) == 43
    assert said["acr_values"] == ["eidas1"] and said["prompt"] == ["login"]


@pytest.mark.parametrize("path", ["", "administration"])
def test_nobody_reads_a_page_without_signing_in(application, fresh_page, path):
    """On a server just started for the first one: a deep link is no way in."""
    page = fresh_page()
    page.goto(f"{application[0]}/{path}")
    expect_the_door(page)


def test_a_role_opens_what_it_opens_and_no_more(application, fresh_page):
    address, _ = application
    page = fresh_page()
    sign_in(page, address, "chef")
    expect(page.locator(".oz-session")).to_contain_text("Claude Moreau", timeout=20_000)
    expect(page.locator(".oz-session")).to_contain_text("chef de projet")
    page.goto(f"{address}/journal")
    expect(page.locator("table")).to_contain_text("Connexion", timeout=20_000)
    page.goto(f"{address}/administration")
    expect(page.get_by_role("alert")).to_contain_text("Action refusée", timeout=20_000)
    expect(page.get_by_role("button", name="Donner ces rôles")).to_have_count(0)


def test_a_stranger_is_refused_and_told_why(application, fresh_page):
    address, _ = application
    page = fresh_page()
    sign_in(page, address, "inconnu")
    expect(page.locator(".oz-chapeau")).to_contain_text("inconnu@exemple.fr n’a pas de rôle", timeout=20_000)
    expect(page.get_by_test_id("stPageLink-NavLink")).to_have_count(0)
    other = fresh_page()
    sign_in(other, address, "chef", "journal")
    other.goto(f"{address}/journal")
    expect(other.locator("table")).to_contain_text("Iris Inconnue", timeout=20_000)


def test_a_person_below_the_level_asked_is_refused_and_it_is_written(application, fresh_page):
    """The provider was asked for eidas1, and answers less, of somebody who has a role."""
    address, _ = application
    page = fresh_page()
    sign_in(page, address, "faible")
    expect(page.locator(".oz-chapeau")).to_contain_text("niveau d’authentification demandé (eidas1)", timeout=20_000)
    expect(page.get_by_test_id("stPageLink-NavLink")).to_have_count(0)


def test_signing_out_closes_the_session_for_good(application, fresh_page):
    """Even for a copy of the cookie taken before."""
    address, _ = application
    page = fresh_page()
    sign_in(page, address, "chef")
    expect(page.locator(".oz-session")).to_be_visible(timeout=20_000)
    copied = page.context.cookies()
    page.get_by_role("button", name="Se déconnecter").click()
    page.wait_for_url("**/end_session**")  # the provider's session ends too
    page.goto(address)
    expect_the_door(page)
    thief = fresh_page()
    thief.context.add_cookies(copied)
    thief.goto(address)
    expect(thief.locator(".oz-chapeau")).to_contain_text("déconnecté", timeout=20_000)
    expect(thief.get_by_test_id("stPageLink-NavLink")).to_have_count(0)


def test_a_withdrawn_person_is_out_at_the_next_click(application, fresh_page):
    address, base = application
    grant(accounts_path(base), Personne("inconnu@exemple.fr", frozenset({"lecteur"})))
    page = fresh_page()
    sign_in(page, address, "inconnu")
    expect(page.locator(".oz-session")).to_be_visible(timeout=20_000)
    revoke(accounts_path(base), "inconnu@exemple.fr")
    page.get_by_test_id("stPageLink-NavLink").filter(has_text="Données").first.click()
    expect(page.locator(".oz-chapeau")).to_contain_text("n’a pas de rôle", timeout=20_000)


def cookie(address: str, secret: str, **claims) -> dict:
    """A session cookie as Streamlit makes them, signed with this secret."""
    content = {"iss": "http://x", "sub": "admin", "origin": address, "is_logged_in": True, "provider": "proconnect"} | claims
    value = create_signed_value(secret, COOKIE, json.dumps(content)).decode()
    return {"name": COOKIE, "value": value, "url": address}


def test_a_cookie_signed_by_somebody_else_opens_nothing(application, fresh_page):
    address, _ = application
    page = fresh_page()
    page.context.add_cookies([cookie(address, "un autre secret", iat=time.time(), email="administratrice@exemple.fr")])
    page.goto(f"{address}/administration")
    expect_the_door(page)


def test_an_old_session_opens_nothing(application, fresh_page):
    """The provider's cookie lasts 30 days; ours to refuse after ten hours."""
    address, _ = application
    page = fresh_page()
    page.goto(address)
    expect_the_door(page)
    page.context.add_cookies([cookie(address, COOKIE_SECRET, iat=time.time() - 11 * 3600, email="administratrice@exemple.fr")])
    page.goto(f"{address}/administration")
    expect(page.locator(".oz-chapeau")).to_contain_text("expiré", timeout=20_000)


@pytest.mark.parametrize("mode", ["tampered", "audience"])
def test_a_token_that_lies_signs_nobody_in(application, fresh_page, provider, mode):
    address, _ = application
    page = fresh_page()
    provider.mode = mode
    try:
        sign_in(page, address, "chef")
        expect_the_door(page)
    finally:
        provider.mode = ""


def test_files_are_not_handed_out_without_a_session(application, fresh_page):
    address, _ = application
    with pytest.raises(urllib.error.HTTPError) as refusal:
        urllib.request.urlopen(f"{address}/media/0123456789abcdef.csv", timeout=5)
    assert refusal.value.code == 403
    page = fresh_page()
    sign_in(page, address, "chef")
    expect(page.locator(".oz-session")).to_be_visible(timeout=20_000)
    assert page.request.get(f"{address}/media/0123456789abcdef.csv").status == 404


def test_a_restricted_document_is_its_readers_only(application, fresh_page):
    """Made for a signatory, its address opens nothing to a lecteur, to somebody signed out, to a role withdrawn since."""
    address, base = application
    signatory, reader = fresh_page(), fresh_page()
    sign_in(reader, address, "lectrice")
    expect(reader.locator(".oz-session")).to_be_visible(timeout=20_000)
    sign_in(signatory, address, "signataire")
    expect(signatory.locator(".oz-session")).to_be_visible(timeout=20_000)
    signatory.goto(f"{address}/documents?diffusion=restreinte")
    button = signatory.get_by_role("button", name="Diaporama du comité de pilotage").first
    with signatory.expect_download(timeout=40_000) as taken:
        button.click(timeout=20_000)
    link = taken.value.url
    assert "/media/" in link and "restreinte" in taken.value.suggested_filename
    assert signatory.request.get(link).status == 200
    assert reader.request.get(link).status == 403
    assert fresh_page().request.get(link).status == 403
    grant(accounts_path(base), Personne("signataire@exemple.fr", frozenset({"lecteur"})))
    assert signatory.request.get(link).status == 403
    reader.goto(f"{address}/documents?diffusion=restreinte")
    expect(reader.get_by_role("button", name="Diaporama du comité de pilotage").first).to_be_visible(timeout=20_000)
    assert "Diffusion restreinte" not in reader.locator("body").inner_text()
    chef = fresh_page()
    sign_in(chef, address, "chef")
    expect(chef.locator(".oz-session")).to_be_visible(timeout=20_000)
    chef.goto(f"{address}/journal")
    expect(chef.locator("table")).to_contain_text("Exporter en diffusion restreinte", timeout=20_000)


def test_a_collection_workbook_is_handed_to_who_may_have_it(application, fresh_page):
    address, _ = application
    page = fresh_page()
    sign_in(page, address, "chef")
    expect(page.locator(".oz-session")).to_be_visible(timeout=20_000)
    page.goto(f"{address}/collecte")
    with page.expect_download(timeout=40_000) as taken:
        page.get_by_role("button", name="Tous les classeurs").click(timeout=20_000)
    assert taken.value.suggested_filename.endswith(".zip")


def test_a_reader_sends_nothing_and_nobody_drives_pages_by_program(application, fresh_page):
    address, _ = application
    page = fresh_page()
    sign_in(page, address, "lectrice")
    expect(page.locator(".oz-session")).to_be_visible(timeout=20_000)
    refusal = page.request.put(f"{address}/_stcore/upload_file/session/fichier", multipart={"file": {
        "name": "a.csv", "mimeType": "text/csv", "buffer": b"a;b"}})  # fmt: skip
    assert refusal.status == 403 and "envoyer" in refusal.text()
    for path in ("interact", "mcp", "openapi.json"):
        assert page.request.get(f"{address}/_stcore/agent/{path}").status == 403


def test_secrets_and_addresses_stay_out_of_the_log(application):
    """After everything above: neither the client's secret, nor the cookies' one, nor anybody's address."""
    _, base = application
    log = (base.parent / "serveur.log").read_text("utf-8", errors="replace")
    for secret in (CLIENT_SECRET, COOKIE_SECRET, "@exemple.fr"):
        assert secret not in log
    held = base.read_bytes()
    assert CLIENT_SECRET.encode() not in held and COOKIE_SECRET.encode() not in held
