"""Before any page: nothing is served to another machine without sign-in, and no file to whoever is not signed in."""

from __future__ import annotations

import ipaddress
import json
import sys
from collections.abc import Awaitable, Callable
from pathlib import PurePosixPath
from typing import Any

import streamlit as st
from starlette.datastructures import Headers
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from streamlit.auth_util import get_cookie_with_chunks
from streamlit.runtime import get_instance
from streamlit.web.server.server_util import get_cookie_secret
from streamlit.web.server.starlette.starlette_app_utils import decode_signed_value
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME
from streamlit.web.server.starlette.starlette_websocket import is_host_allowed

from ozoir.access.identites import is_allowed
from ozoir.errors import OzoirError
from ozoir.exploitation.sante import examine
from ozoir.ui.connexion import identity_of, is_configured
from ozoir.ui.session import opened_store
from ozoir.ui.telechargements import may_take

# Streamlit hands the first ones out, and takes the second ones in, without looking at the cookie.
MEDIA, UPLOADS = "/media/", "/_stcore/upload_file/"
RECEIVING = ("import", "dépôt de classeur")  # the acts of those who have something to send
# A way of driving pages without a browser: an option of the server, which this application does not offer.
AGENT = "/_stcore/agent/"
FORWARDED = (b"x-forwarded-for", b"forwarded", b"x-real-ip")
OPEN_ADDRESS = (
    "Démarrage refusé : l’application écouterait sur {address}, donc pour d’autres postes, sans connexion.\n"
    "Configurez la connexion (docs/connexion.md), ou retirez server.address pour rester sur ce poste."
)
_REFUSED = "Sans connexion configurée, cette application ne répond qu’à son propre poste (docs/connexion.md)."
_OTHER_NAME = "Cette application ne répond pas sous ce nom (server.allowedHosts, docs/exploitation.md)."
_SIGN_IN = "Connectez-vous d’abord."
_NOT_YOURS = "Votre rôle ne donne pas ce fichier."
_NOTHING_TO_SEND = "Votre rôle ne permet pas d’envoyer de fichier."
_NO_AGENT = "Cette application ne se pilote pas par programme."

Scope = dict[str, Any]


def refuse_open_address() -> None:
    """Stops the program when it would listen to other machines without sign-in."""
    address = st.get_option("server.address") or "0.0.0.0"
    if not is_loopback(address) and not is_configured():
        sys.exit(OPEN_ADDRESS.format(address=address))


def is_loopback(address: str) -> bool:
    """True for this machine only: 127.0.0.0/8, ::1, localhost, a socket file."""
    if address == "localhost" or address.startswith("unix://"):
        return True
    try:
        return ipaddress.ip_address(address.strip("[]")).is_loopback
    except ValueError:
        return False


class Gate:
    """Looks at each request before Streamlit does."""

    def __init__(self, app: Callable[..., Awaitable[None]]) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Callable, send: Callable) -> None:
        refusal = _refusal(scope) if scope["type"] in ("http", "websocket") else ""
        if not refusal:
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            headers = [(b"content-type", b"text/plain; charset=utf-8")]
            await send({"type": "http.response.start", "status": 403, "headers": headers})
            await send({"type": "http.response.body", "body": refusal.encode()})


def _refusal(scope: Scope) -> str:
    """Why this request is not served, in French; empty when it is."""
    names = {name.lower() for name, _ in scope["headers"]}
    if not is_host_allowed(Headers(scope=scope).get("host")):
        return _OTHER_NAME
    if AGENT in scope["path"]:
        return _NO_AGENT
    if not is_configured():
        server = (scope.get("server") or ("localhost",))[0]
        return "" if is_loopback(server) and not names & set(FORWARDED) else _REFUSED
    return _file_refusal(scope) if MEDIA in scope["path"] or UPLOADS in scope["path"] else ""


def _file_refusal(scope: Scope) -> str:
    """The same checks as a page's, on the cookie of this request: who reads, who sends, who may have this very file."""
    try:
        person = identity_of(_claims(scope))
    except OzoirError:
        return _SIGN_IN
    person = person.anywhere()
    if not is_allowed(person, "consulter"):
        return _SIGN_IN
    if UPLOADS in scope["path"]:
        return "" if any(is_allowed(person, acte) for acte in RECEIVING) else _NOTHING_TO_SEND
    name = PurePosixPath(scope["path"].partition(MEDIA)[2])
    file = get_instance().media_file_mgr.read_file(str(name.with_suffix("")))
    return "" if file is None or may_take(person, file.content) else _NOT_YOURS


async def tell_health(request: Request) -> Response:
    """For this machine's own command and supervision, not for those who come through the proxy."""
    client = request.client.host if request.client else "localhost"
    if not is_loopback(client) or any(name.decode() in request.headers for name in FORWARDED):
        return PlainTextResponse(_REFUSED, status_code=403)
    try:
        return Response(examine(opened_store()).as_json(), media_type="application/json")
    except OzoirError as error:
        return JSONResponse({"problemes": [error.title]}, status_code=503)


def _claims(scope: Scope) -> dict[str, Any]:
    """What the signed cookie says; nothing when it is absent, forged or cut."""
    cookies, secret = HTTPConnection(scope).cookies, get_cookie_secret()

    def read(name: str) -> bytes | None:
        return decode_signed_value(secret, name, cookies[name].encode("latin-1")) if name in cookies else None

    content = get_cookie_with_chunks(read, USER_COOKIE_NAME)
    try:
        claims = json.loads(content) if content else {}
    except ValueError:
        return {}
    return claims if isinstance(claims, dict) else {}
