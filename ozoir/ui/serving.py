"""The server around the pages: the document says it is in French, and tells browsers what it will never do."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any

import streamlit as st
from starlette.formparsers import MultiPartParser
from starlette.middleware import Middleware
from starlette.routing import Route

from ozoir.exploitation.journaux import log_as_json
from ozoir.exploitation.memoire import collect_less_often, return_large_blocks
from ozoir.ui.connexion import is_configured, lengthen_tokens
from ozoir.ui.frame import show_failure
from ozoir.ui.palette import WATCH
from ozoir.ui.portier import Gate, refuse_open_address, tell_health
from ozoir.ui.traduction import concerned_file, translate

# Streamlit's own front end needs inline styles, evaluation and blobs; nothing may come from, or go to, elsewhere.
_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; worker-src 'self' blob:; connect-src 'self' data: blob:; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)
HEADERS = (
    (b"content-security-policy", _POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
)
_WITHOUT_SCRIPT = "<noscript><p>Cette application a besoin de JavaScript.</p></noscript>"
# Where the server is, and that nobody else's page holds this one: the front end then connects at once, instead of asking
# two questions first, twice on a page which is not the first.
_CONNECTION = (
    '<script>window.__streamlit = {BACKEND_BASE_URL: new URL(".", location.href).href, '
    "HOST_CONFIG: {allowedOrigins: [location.origin], useExternalAuthToken: false}}</script>"
)
REWRITES = (
    (re.compile(rb'<html lang="en">'), b'<html lang="fr">'),
    (re.compile(rb"<title>Streamlit</title>"), b"<title>Contrat de ville</title>"),
    # What the framework says there of driving pages by programme is not offered here (ozoir/ui/portier.py).
    (re.compile(rb"<noscript>.*?</noscript>", re.DOTALL), _WITHOUT_SCRIPT.encode()),
    (re.compile(rb"</head>"), f"{_CONNECTION}{WATCH}</head>".encode()),
)
# What is rewritten has another length and print than the file it comes from; words may change before the framework does.
_DROPPED = (b"content-length", b"etag", b"last-modified", b"accept-ranges")
_A_DAY = (b"cache-control", b"public, max-age=86400")

Message = dict[str, Any]


class FrenchDocument:
    """Adds the headers to every answer; rewrites the one HTML page and the front end's words, asked for uncompressed."""

    def __init__(self, app: Callable[..., Awaitable[None]]) -> None:
        self.app = app

    async def __call__(self, scope: Message, receive: Callable, send: Callable) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        script = concerned_file(scope["path"])
        if script or b"text/html" in _header(scope["headers"], b"accept"):
            dropped = (b"accept-encoding", b"if-none-match", b"if-modified-since", b"range")
            scope = {**scope, "headers": [pair for pair in scope["headers"] if pair[0].lower() not in dropped]}
        kind, parts = b"", []

        async def answer(message: Message) -> None:
            nonlocal kind
            if message["type"] == "http.response.start":
                kind = _header(message["headers"], b"content-type") if message["status"] == 200 else b""
                message = {**message, "headers": [*_rewritten_headers(message["headers"], kind, script), *HEADERS]}
            elif message["type"] == "http.response.body" and _is_rewritten(kind, script):
                parts.append(message.get("body", b""))
                if message.get("more_body"):
                    return
                message = {"type": "http.response.body", "body": _rewrite(b"".join(parts), kind, script)}
            await send(message)

        await self.app(scope, receive, answer)


def _is_rewritten(kind: bytes, script: str) -> bool:
    return kind.startswith(b"text/html") or bool(script and b"javascript" in kind)


def _rewrite(body: bytes, kind: bytes, script: str) -> bytes:
    if not kind.startswith(b"text/html"):
        return translate(script, body)
    for pattern, after in REWRITES:
        body = pattern.sub(after, body)
    return body


def _rewritten_headers(headers: list[tuple[bytes, bytes]], kind: bytes, script: str) -> list[tuple[bytes, bytes]]:
    if not _is_rewritten(kind, script):
        return headers
    kept = [pair for pair in headers if pair[0].lower() not in _DROPPED]
    if kind.startswith(b"text/html"):
        return kept
    return [*(pair for pair in kept if pair[0].lower() != _A_DAY[0]), _A_DAY]


def _header(headers: list[tuple[bytes, bytes]], name: bytes) -> bytes:
    return next((value for key, value in headers if key.lower() == name), b"")


def on_script_error(error: Exception) -> bool:
    """For what fails outside a page's frame (a page that cannot be read): the same sentence as inside."""
    show_failure(error)
    return True


def settings() -> dict[str, Any]:
    """What `st.App` is made with; refuses to start open to other machines without sign-in."""
    log_as_json()
    refuse_open_address()
    return_large_blocks()
    collect_less_often()
    # A received file stays in memory: beyond 1 MB the server would write it to the temporary folder before anybody judged it.
    MultiPartParser.spool_max_size = (st.get_option("server.maxUploadSize") + 1) << 20
    if is_configured():
        lengthen_tokens()
    return {
        "middleware": [Middleware(FrenchDocument), Middleware(Gate)],
        "routes": [Route("/sante", tell_health)],
        "on_script_error": on_script_error,
    }
