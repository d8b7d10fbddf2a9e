"""One person's browser on the server's own protocol: pages opened, filters changed, files sent, buttons pressed."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from typing import Any

import httpx
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import connect

LIMIT = 120.0  # seconds for one page, beyond which it will not come
PROBLEM = 'class="oz-probleme"'
TRIGGERS = ("button", "download_button")


class Broken(Exception):
    """A visitor could not do what a person does."""


@dataclass
class Page:
    """What one run of the script sent: its elements in the order of the page, and seconds until the last of them."""

    name: str
    query: str
    seconds: float
    elements: dict[tuple[int, ...], Any] = field(default_factory=dict)

    def find(self, kind: str, label: str) -> Any:
        """The element of this kind whose label begins so."""
        for element in self.elements.values():
            if element.WhichOneof("type") == kind and getattr(element, kind).label.startswith(label):
                return getattr(element, kind)
        raise Broken(f"{self.name}: no {kind} « {label} »")

    def texts(self) -> list[str]:
        """Everything shown which holds a figure: HTML and drawings."""
        kinds = {"html": "body", "markdown": "body", "plotly_chart": "spec"}
        found = [(element.WhichOneof("type"), element) for element in self.elements.values()]
        return [getattr(getattr(element, kind), kinds[kind]) for kind, element in found if kind in kinds]

    @property
    def has_problem(self) -> bool:
        return any(PROBLEM in text for text in self.texts())


class Visitor:
    """A session. The server's memory of the widgets is what the browser says of them at each run: kept here."""

    def __init__(self, socket, address: str) -> None:
        self.socket, self.address = socket, address
        self._session = ""
        self._widgets: dict[str, WidgetState] = {}
        self.page = Page("", "", 0.0)

    async def open(self, name: str, query: str = "") -> Page:
        """Another page, as a link opens it: the widgets are forgotten."""
        self._widgets = {}
        return await self._run(name, query)

    async def choose(self, label: str, option: str) -> Page:
        """Another value of a list of the page."""
        listed = self.page.find("selectbox", label)
        state = WidgetState(id=listed.id, string_value=option)
        return await self._again(state)

    async def press(self, label: str) -> Page:
        return await self._again(WidgetState(id=self.page.find("button", label).id, trigger_value=True))

    async def send(self, label: str, files: dict[str, bytes]) -> Page:
        """Files, through the drop zone of this label."""
        zone = self.page.find("file_uploader", label)
        state = WidgetState(id=zone.id)
        for name, content in files.items():
            urls = await self.place_for(name)
            await self.put(urls.upload_url, name, content)
            info = state.file_uploader_state_value.uploaded_file_info.add(name=name, size=len(content), file_id=urls.file_id)
            info.file_urls.CopyFrom(urls)
        return await self._again(state)

    async def place_for(self, name: str) -> Any:
        """Where the server says that a file of this name may be sent."""
        message = BackMsg()
        message.file_urls_request.request_id = name
        message.file_urls_request.file_names.append(name)
        message.file_urls_request.session_id = self._session
        await self.socket.send(message.SerializeToString())
        while True:
            answer = await self._receive()
            if answer.WhichOneof("type") == "file_urls_response":
                return answer.file_urls_response.file_urls[0]

    async def put(self, url: str, name: str, content: bytes) -> int:
        """The status of the answer."""
        async with httpx.AsyncClient(timeout=LIMIT, base_url=self.address, headers={"Origin": self.address}) as client:
            await client.get("/_stcore/health")
            token = {"X-Xsrftoken": client.cookies.get("_streamlit_xsrf", "")}
            sent = await client.put(url, files={"file": (name, content)}, headers=token)
        return sent.status_code

    async def _again(self, state: WidgetState) -> Page:
        self._widgets[state.id] = state
        page = await self._run(self.page.name, self.page.query)
        if state.trigger_value:
            del self._widgets[state.id]
        return page

    def request(self, name: str, query: str = "") -> bytes:
        """What a browser sends to be shown a page, with its widgets as they are."""
        message = BackMsg()
        message.rerun_script.query_string = query
        message.rerun_script.page_name = name
        message.rerun_script.widget_states.widgets.extend(self._widgets.values())
        return message.SerializeToString()

    async def ask(self, name: str, query: str = "") -> None:
        """A page, without waiting for it."""
        await self.socket.send(self.request(name, query))

    async def _run(self, name: str, query: str) -> Page:
        began = time.monotonic()
        await self.ask(name, query)
        page = Page(name, query, 0.0)
        while True:
            answer = await self._receive()
            kind = answer.WhichOneof("type")
            if kind == "new_session":  # a rerun asked for by the page itself begins another one
                self._session = answer.new_session.initialize.session_id
                page.elements.clear()
            elif kind == "delta":
                path = tuple(answer.metadata.delta_path)
                if answer.delta.WhichOneof("type") == "new_element":
                    page.elements[path] = answer.delta.new_element
            elif kind == "page_info_changed":
                page.query = answer.page_info_changed.query_string
            elif kind == "script_finished" and answer.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                break
        page.seconds = time.monotonic() - began
        self.page = page
        return page

    async def _receive(self) -> ForwardMsg:
        return ForwardMsg.FromString(await asyncio.wait_for(self.socket.recv(), LIMIT))


def visit(address: str):
    """A browser which arrives: `async with visit(address) as socket`."""
    stream = f"{address.replace('http', 'ws')}/_stcore/stream"
    return connect(stream, subprotocols=["streamlit"], max_size=None, origin=address, open_timeout=LIMIT, ping_timeout=LIMIT)
