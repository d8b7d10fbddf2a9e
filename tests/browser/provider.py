"""A real OpenID provider on this machine, honest or not, and an application configured for it."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import flask
import oidc_provider_mock
import werkzeug.serving
from joserfc import jwt
from joserfc.jwk import RSAKey

from ozoir.paths import ROOT

COOKIE_SECRET = "secret-des-temoins-pour-les-essais-0123456789"
CLIENT_SECRET = "MARQUEUR-SECRET-CLIENT-7f1c"
START = 40


@dataclass
class Provider:
    """mode: "" honest; "tampered": the token is changed after signing; "audience": it is meant for another application."""

    address: str
    mode: str = field(default="")


@contextmanager
def running_provider(people: dict[str, dict]):
    """people: identifier → claims."""
    users = [oidc_provider_mock.User(sub=sub, claims=claims) for sub, claims in people.items()]
    app = oidc_provider_mock.app(user_claims=users)
    server = werkzeug.serving.make_server("127.0.0.1", 0, app, threaded=True)
    provider = Provider(f"http://127.0.0.1:{server.server_port}")

    @app.after_request
    def lie(response: flask.Response) -> flask.Response:
        if flask.request.path.endswith("/token") and provider.mode:
            body = response.get_json()
            body["id_token"] = _tampered(body["id_token"]) if provider.mode == "tampered" else _for_another(body["id_token"])
            response.set_data(json.dumps(body))
        return response

    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()


def _key() -> RSAKey:
    return RSAKey.import_key(flask.g.oidc_provider_mock_storage.jwk.as_dict(is_private=True))


def _tampered(token: str) -> str:
    """Another person's address, under the signature of the first content."""
    header, _, signature = token.split(".")
    claims = jwt.decode(token, _key()).claims | {"email": "administratrice@exemple.fr"}
    payload = jwt.encode({"alg": "RS256"}, claims, _key()).split(".")[1]
    return f"{header}.{payload}.{signature}"


def _for_another(token: str) -> str:
    """Rightly signed by the provider, for somebody else's application."""
    decoded = jwt.decode(token, _key())
    return jwt.encode({"alg": "RS256", "kid": decoded.header.get("kid")}, decoded.claims | {"aud": "autre-application"}, _key())


def write_secrets(path: Path, provider: Provider, application: str, section: str = "", more: str = "") -> None:
    """section: « [auth.nom] » for a provider of that name, with what `more` adds to it."""
    path.write_text(
        f'[auth]\nredirect_uri = "{application}/oauth2callback"\ncookie_secret = "{COOKIE_SECRET}"\n{section}\n'
        f'client_id = "ozoir"\nclient_secret = "{CLIENT_SECRET}"\n'
        f'server_metadata_url = "{provider.address}/.well-known/openid-configuration"\n{more}',
        "utf-8",
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def running_application(base: Path, log: Path, *options: str, port: int = 0, **environment: str):
    """The address of a server of its own."""
    port = port or free_port()
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port), *options]
    with log.open("wb") as stream:
        process = subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, "OZOIR_BASE": str(base), **environment}, stdout=stream, stderr=stream
        )
    address = f"http://127.0.0.1:{port}"
    try:
        wait_for(f"{address}/_stcore/health")
        yield address
    finally:
        process.terminate()
        process.wait(timeout=20)


def wait_for(url: str) -> None:
    limit = time.monotonic() + START
    while True:
        try:
            urllib.request.urlopen(url, timeout=2).close()
            return
        except OSError:
            if time.monotonic() > limit:
                raise
            time.sleep(0.2)


def wait_for_port(port: int) -> None:
    limit = time.monotonic() + START
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=2).close()
            return
        except OSError:
            if time.monotonic() > limit:
                raise
            time.sleep(0.1)
