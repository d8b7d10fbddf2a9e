"""What a server meets besides people who behave: slow lines, people who vanish, files too large or refused, side by side."""

from __future__ import annotations

import asyncio
import base64
import os
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

import httpx

from ozoir.numbers import NBSP
from tests.bench.expected import ZONE
from tests.bench.lines import in_seconds
from tests.bench.visitors import LIMIT, Visitor, visit

HEAVIEST = ("couverture", "")
LARGEST = 50 << 20  # bytes that the server accepts
QUICK = 3.0  # seconds to refuse what is too large
BACK = 40  # megabytes that refused files may leave behind them
SIDE_BY_SIDE, EACH = 6, 15 << 20


@dataclass
class Mishaps:
    """What was tried, in French, and what went wrong."""

    lines: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


async def read_slowly(address: str, until: float, mishaps: Mishaps) -> None:
    """Asks for heavy pages over a line of one byte a second; the others must not feel it."""
    host, port = address.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port), limit=64)
    key = base64.b64encode(os.urandom(16)).decode()
    lines = (
        "GET /_stcore/stream HTTP/1.1",
        f"Host: {host}:{port}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        f"Origin: {address}",
        f"Sec-WebSocket-Key: {key}",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Protocol: streamlit",
    )
    writer.write("\r\n".join([*lines, "", ""]).encode())
    await writer.drain()
    read = 0
    for page in (HEAVIEST, ("pilier", ""), HEAVIEST):
        writer.write(_frame(Visitor(None, address).request(*page)))
    while time.monotonic() < until and (byte := await reader.read(1)):  # the server ends a line that answers no ping
        read += len(byte)
        await asyncio.sleep(1)
    writer.close()
    mishaps.lines.append(f"une ligne lente, un octet par seconde{NBSP}: {read} octets lus, les autres servis pendant ce temps")


def _frame(payload: bytes) -> bytes:
    """One masked binary frame, as browsers send them."""
    assert len(payload) < 126
    mask = os.urandom(4)
    return bytes([0x82, 0x80 | len(payload)]) + mask + bytes(byte ^ mask[rank % 4] for rank, byte in enumerate(payload))


async def leave_halfway(address: str, until: float, mishaps: Mishaps) -> None:
    """People whose line is cut while their page is being drawn."""
    times = 0
    while time.monotonic() < until:
        socket = await visit(address)
        await Visitor(socket, address).ask(*HEAVIEST)
        await asyncio.sleep(0.05)
        socket.transport.abort()
        times += 1
        await asyncio.sleep(5)
    mishaps.lines.append(f"lignes coupées en plein affichage{NBSP}: {times}")


async def send_too_much(address: str, memory: Callable[[], int], mishaps: Mishaps) -> None:
    """Files beyond the limit, said so or not; then several refused ones at once, whose bytes must not stay."""
    async with visit(address) as socket:
        visitor = Visitor(socket, address)
        page = await visitor.open("import", "vue=deposer")
        before = memory()
        for how in ("annoncé", "sans l’annoncer"):
            began = time.monotonic()
            status = await _send_beyond(visitor, address, how == "annoncé")
            took = time.monotonic() - began
            grown = f"mémoire {memory() - before:+d}{NBSP}Mo"
            mishaps.lines.append(f"fichier trop gros, {how}{NBSP}: refusé ({status}) en {in_seconds(took)}, {grown}")
            if status != 413 or took > QUICK:
                mishaps.faults.append(f"a file beyond the limit was answered {status} in {took:.1f} s")
        page = await visitor.open("import", "vue=deposer")
        assert page.find("file_uploader", ZONE)
    await _send_side_by_side(address, memory, mishaps)


_HEAD, _TAIL = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n', b"\r\n--x--\r\n"


async def _beyond() -> AsyncIterator[bytes]:
    """Two megabytes more than the limit."""
    yield _HEAD
    for _ in range((LARGEST >> 20) + 2):
        yield bytes(1 << 20)
    yield _TAIL


async def _send_beyond(visitor: Visitor, address: str, is_announced: bool) -> int:
    """The status answered."""
    urls = await visitor.place_for("a.csv")
    size = {"Content-Length": str(LARGEST + (2 << 20) + len(_HEAD) + len(_TAIL))} if is_announced else {}
    async with httpx.AsyncClient(timeout=LIMIT, base_url=address, headers={"Origin": address}) as client:
        await client.get("/_stcore/health")
        token = {"X-Xsrftoken": client.cookies.get("_streamlit_xsrf", ""), "Content-Type": "multipart/form-data; boundary=x"}
        try:
            return (await client.put(urls.upload_url, content=_beyond(), headers=token | size)).status_code
        except (httpx.WriteError, httpx.ReadError):
            return 413  # the line was cut on a body nobody reads


async def _send_side_by_side(address: str, memory: Callable[[], int], mishaps: Mishaps) -> None:
    before, began = memory(), time.monotonic()
    sockets = [await visit(address) for _ in range(SIDE_BY_SIDE)]
    people = [Visitor(socket, address) for socket in sockets]
    await asyncio.gather(*(person.open("import", "vue=deposer") for person in people))
    files = [os.urandom(EACH) for _ in people]
    pages = await asyncio.gather(
        *(person.send(ZONE, {"extrait.csv": file}) for person, file in zip(people, files, strict=True))
    )
    took, left = time.monotonic() - began, memory() - before
    if not all(page.has_problem for page in pages):
        mishaps.faults.append("a file of random bytes was not refused")
    if left > BACK:
        mishaps.faults.append(f"{left} MB of refused files stay in memory")
    mishaps.lines.append(
        f"{SIDE_BY_SIDE} fichiers illisibles de {EACH >> 20}{NBSP}Mo ensemble{NBSP}: refusés en {in_seconds(took)}, "
        f"mémoire {left:+d}{NBSP}Mo, leurs auteurs encore là"
    )
    for socket in sockets:
        await socket.close()
