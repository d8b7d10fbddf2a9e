"""The documented reverse proxy, run for real: TLS, headers, websockets, sign-in through it; skipped only without nginx."""

from __future__ import annotations

import re
import shutil
import ssl
import subprocess
import urllib.error
import urllib.request

import pytest

pytest.importorskip("playwright.sync_api")
pytest.importorskip("oidc_provider_mock")

from playwright.sync_api import expect

from ozoir.access.comptes import Personne, accounts_path, grant
from ozoir.paths import ROOT
from ozoir.store.base import open_store
from tests.browser.provider import free_port, running_application, running_provider, wait_for_port, write_secrets

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
HOST = "localhost"
PEOPLE = {"lectrice": {"email": "lectrice@exemple.fr", "email_verified": True, "name": "Line Lectrice"}}
TRUSTING = ssl._create_unverified_context()
MAIN = """
daemon off; master_process off; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{ worker_connections 256; }}
http {{
  client_body_temp_path {folder}/corps; proxy_temp_path {folder}/relais;
  fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  include {folder}/site.conf;
}}
"""


def site_of(folder, secure: int, plain: int, application: int) -> str:
    """The shipped file, with this test's names and ports; every replacement must find its place."""
    text = (ROOT / "deploy" / "nginx.conf").read_text("utf-8")
    replacements = (
        (r"observatoire\.exemple\.fr", HOST),
        (r"listen 443 ssl", f"listen 127.0.0.1:{secure} ssl"),
        (r"listen 80\b", f"listen 127.0.0.1:{plain}"),
        (r"/etc/ssl/certs/observatoire\.pem", f"{folder}/certificat.pem"),
        (r"/etc/ssl/private/observatoire\.key", f"{folder}/cle.pem"),
        (r"/var/log/nginx/observatoire\.log", f"{folder}/acces.log"),
        (r"127\.0\.0\.1:8501", f"127.0.0.1:{application}"),
        # The public port is 443 there; here the browser names another one, which must reach the application.
        (r"Host \$host;", "Host $http_host;"),
    )
    for pattern, replacement in replacements:
        text, count = re.subn(pattern, replacement, text)
        assert count, pattern
    return text


@pytest.fixture(scope="module")
def relay(tmp_path_factory):
    """(https address, http address, folder) of an application behind the shipped configuration."""
    if NGINX is None:
        pytest.skip("nginx absent")
    folder = tmp_path_factory.mktemp("relais")
    secure, plain, port = free_port(), free_port(), free_port()
    names = ["-subj", f"/CN={HOST}", "-keyout", folder / "cle.pem", "-out", folder / "certificat.pem"]
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", *names], check=True, capture_output=True
    )
    (folder / "site.conf").write_text(site_of(folder, secure, plain, port), "utf-8")
    (folder / "nginx.conf").write_text(MAIN.format(folder=folder), "utf-8")
    base = folder / "contract.duckdb"
    open_store(base, create=True).close()
    grant(accounts_path(base), Personne("lectrice@exemple.fr", frozenset({"lecteur"})))
    address = f"https://{HOST}:{secure}"
    environment = {"STREAMLIT_SERVER_ALLOWED_HOSTS": f"{HOST} 127.0.0.1", "STREAMLIT_BROWSER_SERVER_ADDRESS": HOST}
    with running_provider(PEOPLE) as provider:
        write_secrets(folder / "secrets.toml", provider, address)
        options = f"--secrets.files={folder / 'secrets.toml'}"
        with running_application(base, folder / "serveur.log", options, port=port, **environment):
            command = [NGINX, "-p", str(folder), "-c", str(folder / "nginx.conf")]
            check = subprocess.run([*command, "-t"], capture_output=True, text=True)
            assert check.returncode == 0, check.stderr
            process = subprocess.Popen(command)
            try:
                wait_for_port(secure)
                yield address, f"http://{HOST}:{plain}", folder
            finally:
                process.terminate()
                process.wait(timeout=10)


def fetch(url: str, **headers: str):
    return urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=10, context=TRUSTING)


def test_the_relay_adds_its_headers_and_keeps_the_application_s(relay):
    answer = fetch(relay[0], Accept="text/html")
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    for name in (
        "Content-Security-Policy",
        "X-Content-Type-Options",
        "X-Frame-Options",
        "Referrer-Policy",
        "Permissions-Policy",
    ):
        assert len(answer.headers.get_all(name)) == 1, name
    assert "/" not in answer.headers.get("Server", "")


def test_plain_http_leads_to_https(relay):
    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *arguments):
            return None

    with pytest.raises(urllib.error.HTTPError) as answer:
        urllib.request.build_opener(Stay).open(relay[1], timeout=10)
    assert answer.value.code == 301 and answer.value.headers["Location"].startswith("https://")


def test_health_is_not_shown_outside(relay):
    with pytest.raises(urllib.error.HTTPError) as answer:
        fetch(f"{relay[0]}/sante")
    assert answer.value.code == 404


def test_another_host_name_is_refused(relay):
    with pytest.raises(urllib.error.HTTPError) as answer:
        fetch(relay[0], Host="pirate.exemple.fr")
    assert answer.value.code in (400, 403, 421)


def test_too_large_a_body_is_stopped_at_the_relay(relay):
    request = urllib.request.Request(
        f"{relay[0]}/_stcore/upload_file/x/y", data=b"0", headers={"Content-Length": str(60 << 20)}, method="PUT"
    )
    with pytest.raises(urllib.error.HTTPError) as answer:
        urllib.request.urlopen(request, timeout=10, context=TRUSTING)
    assert answer.value.code == 413


def test_one_signs_in_through_the_relay_with_a_secure_cookie(relay, browser):
    address, _, folder = relay
    context = browser.new_context(locale="fr-FR", ignore_https_errors=True)
    page = context.new_page()
    page.goto(address)
    page.get_by_role("button", name="Se connecter").click(timeout=20_000)
    page.get_by_role("button", name="lectrice", exact=True).click()
    expect(page.locator(".oz-session")).to_contain_text("Line Lectrice", timeout=20_000)
    session = next(item for item in context.cookies() if item["name"] == "_streamlit_user")
    assert session["secure"] and session["httpOnly"] and session["sameSite"] == "Lax"
    context.close()
    log = (folder / "acces.log").read_text("utf-8")
    assert "/oauth2callback" in log and "code=" not in log and "state=" not in log
