"""Readers of live pages without a browser: they open a page and its websocket, turn a control and hear the answer."""

import asyncio
import json
import re
import time
import uuid
from dataclasses import dataclass, field
from typing import Any

from tornado.httpclient import AsyncHTTPClient, HTTPRequest, HTTPResponse
from tornado.websocket import WebSocketClientConnection, websocket_connect

_KERNEL = re.compile(r'"kernelId": ?"([0-9a-f-]{36})"')
_EDITION = re.compile(r'data-older-edition="([^"]+)"')
PATIENCE_S = 120.0
# What a browser would keep, so that as many readers can come as a test wants.
AsyncHTTPClient.configure("tornado.simple_httpclient.SimpleAsyncHTTPClient", max_clients=500)


def kernel_of(text: str) -> str:
    """The id of the kernel of a live page; "" on a finished one."""
    found = _KERNEL.search(text)
    return found[1] if found else ""


def edition_of(text: str) -> str:
    """The id of the edition that a page shows; "" where it names none."""
    found = _EDITION.search(text)
    return found[1] if found else ""


@dataclass
class Viewer:
    """One reader; `base` is the server without a slash at the end."""

    base: str
    path: str
    status: int = 0
    text: str = ""
    cookie: str = ""
    socket: WebSocketClientConnection | None = None
    # The controls that offer a choice and the text they change, by the id of their comm.
    controls: dict[str, dict[str, Any]] = field(default_factory=dict)
    body: str = ""
    shown: str = ""

    @property
    def kernel(self) -> str:
        return kernel_of(self.text)

    @property
    def edition(self) -> str:
        return edition_of(self.text)

    async def fetch(self, path: str, method: str = "GET", **headers: str) -> HTTPResponse:
        """Ask as this reader."""
        named = {"Cookie": self.cookie, **headers} if self.cookie else headers
        request = HTTPRequest(
            f"{self.base}{path}",
            method=method,
            headers=named,
            body=b"" if method == "POST" else None,
            request_timeout=PATIENCE_S,
            connect_timeout=PATIENCE_S,
        )
        return await AsyncHTTPClient().fetch(request, raise_error=False)

    async def open(self) -> None:
        """Read the page to its last byte, and keep its cookies."""
        answer = await self.fetch(self.path)
        self.status, self.text = answer.code, (answer.body or b"").decode()
        given = [cookie.split(";")[0] for cookie in answer.headers.get_list("Set-Cookie")]
        self.cookie = "; ".join([*given, *([self.cookie] if self.cookie else [])])

    async def connect(self) -> None:
        """Open the websocket and learn which controls there are, as the page's script does."""
        address = f"{self.base.replace('http', 'ws', 1)}/api/kernels/{self.kernel}/channels?session_id={uuid.uuid4().hex}"
        self.socket = await websocket_connect(HTTPRequest(address, headers={"Cookie": self.cookie}))
        self._send("comm_info_request", {"target_name": "jupyter.widget"})
        comms = (await self._hear("comm_info_reply"))["content"]["comms"]
        for comm in comms:
            self._send("comm_msg", {"comm_id": comm, "data": {"method": "request_state"}})
        waiting = set(comms)
        while waiting:
            content = (await self._hear("comm_msg"))["content"]
            state = content["data"].get("state", {})
            waiting.discard(content["comm_id"])
            if state.get("_model_name") == "DropdownModel" and len(state["_options_labels"]) > 1:
                self.controls[content["comm_id"]] = state
            if "cc-panel__body" in state.get("_dom_classes", ()):
                self.body, self.shown = content["comm_id"], state["value"]

    async def turn(self) -> float:
        """Choose something else in the last control; return the seconds until what it changes has come.

        `shown` then holds it.
        """
        started = time.perf_counter()
        comm, state = list(self.controls.items())[-1]
        state["index"] = (state["index"] + 1) % len(state["_options_labels"])
        data = {"method": "update", "state": {"index": state["index"]}, "buffer_paths": []}
        self._send("comm_msg", {"comm_id": comm, "data": data})
        while True:
            content = (await self._hear("comm_msg"))["content"]
            value = content["data"].get("state", {}).get("value")
            if content["comm_id"] == self.body and value:
                self.shown = value
                return time.perf_counter() - started

    async def use(self) -> None:
        """Open the page, connect and turn a control: after this the page is known to work."""
        await self.open()
        assert self.status == 200, self.status
        assert self.kernel, "the finished page came instead of a live one"
        await self.connect()
        await self.turn()

    def leave(self) -> None:
        """Close the websocket as a browser that is gone does; the kernel is left to the server."""
        if self.socket is not None:
            self.socket.close()
            self.socket = None

    async def end(self) -> int:
        """End the kernel as a page does that is closed; returns the status."""
        found = re.search(r"_xsrf=([^;]+)", self.cookie)
        token = found[1] if found else ""
        answer = await self.fetch(f"/voila/api/shutdown/{self.kernel}", "POST", **{"X-XSRFToken": token})
        self.leave()
        return answer.code

    def _send(self, kind: str, content: dict[str, Any]) -> None:
        assert self.socket is not None
        header = {
            "msg_id": uuid.uuid4().hex,
            "msg_type": kind,
            "session": "viewer",
            "username": "",
            "version": "5.3",
            "date": "2026-11-24T00:00:00Z",
        }
        self.socket.write_message(
            json.dumps(
                {
                    "channel": "shell",
                    "header": header,
                    "parent_header": {},
                    "metadata": {},
                    "content": content,
                    "buffers": [],
                }
            )
        )

    async def _hear(self, kind: str) -> dict[str, Any]:
        """The next message of a kind; ConnectionResetError when the server closes the websocket."""
        assert self.socket is not None
        while True:
            said = await asyncio.wait_for(self.socket.read_message(), PATIENCE_S)
            if said is None:
                raise ConnectionResetError("the websocket was closed")
            if isinstance(said, str):
                message: dict[str, Any] = json.loads(said)
                if message["header"]["msg_type"] == kind:
                    return message
