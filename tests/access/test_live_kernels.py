"""Live kernels: what they send over the websocket, and whose they are."""

import asyncio
import json
import re
import uuid
from typing import Any

import pytest
from tornado.httpclient import AsyncHTTPClient, HTTPClientError, HTTPRequest
from tornado.websocket import websocket_connect

from tests.access.canaries import PERSONAS, Persona
from tests.access.conftest import Guardhouse
from tests.house.loops import run_apart

pytestmark = pytest.mark.slow
LIVE = "/bidang/water/33.16.15/?live=1"
SILENCE_S = 4.0
SHOWN = [PERSONAS[number] for number in (0, 1, 3, 4, 5, 7, 10, 12)]


def kernel_of(text: str) -> str:
    found = re.search(r'"kernelId": "([0-9a-f-]{36})"', text)
    assert found is not None
    return found.group(1)


def cookies_of(headers: dict[str, str], cookie: str) -> str:
    given = re.findall(r"((?:tamu|_xsrf)=[^;]+)", headers.get("set-cookie", ""))
    return "; ".join([*given, *([cookie] if cookie else [])])


async def opened(guardhouse: Guardhouse, persona: Persona) -> tuple[str, str, str]:
    """Open a live page; its text, its kernel and the cookies of the browser."""
    cookie = guardhouse.cookies[persona]
    request = HTTPRequest(
        f"http://127.0.0.1:{guardhouse.site.port}{LIVE}",
        headers={"Cookie": cookie} if cookie else {},
        request_timeout=120,
    )
    answer = await AsyncHTTPClient().fetch(request)
    text = answer.body.decode()
    given = [part.split(";")[0] for part in answer.headers.get_list("Set-Cookie")]
    return text, kernel_of(text), "; ".join([*given, *([cookie] if cookie else [])])


def message(kind: str, content: dict[str, Any]) -> str:
    header = {
        "msg_id": uuid.uuid4().hex, "msg_type": kind, "session": "s", "username": "", "version": "5.3",
        "date": "2026-11-24T00:00:00Z",
    }  # fmt: skip
    return json.dumps(
        {
            "channel": "shell",
            "header": header,
            "parent_header": {},
            "metadata": {},
            "content": content,
            "buffers": [],
        }
    )


async def said(port: int, kernel: str, cookie: str) -> str:
    """Everything a kernel sends to somebody who turns every control and asks for every state."""
    address = f"ws://127.0.0.1:{port}/api/kernels/{kernel}/channels?session_id=s"
    socket = await websocket_connect(HTTPRequest(address, headers={"Cookie": cookie}))
    heard: list[str] = []

    async def listen() -> None:
        while True:
            try:
                got = await asyncio.wait_for(socket.read_message(), SILENCE_S)
            except TimeoutError:
                return
            assert got is not None
            heard.append(got if isinstance(got, str) else got.decode("utf-8", errors="replace"))

    socket.write_message(message("comm_info_request", {"target_name": "jupyter.widget"}))
    socket.write_message(message("execute_request", {"code": "print(1)", "silent": False}))
    await listen()
    comms = re.findall(r'"([0-9a-f]{32})": \{"target_name"', "".join(heard))
    assert comms, "".join(heard)[:2000]
    for comm in comms:
        socket.write_message(message("comm_msg", {"comm_id": comm, "data": {"method": "request_state"}}))
        for index in (0, 1, 2):
            data = {"method": "update", "state": {"index": index}, "buffer_paths": []}
            socket.write_message(message("comm_msg", {"comm_id": comm, "data": data}))
    await listen()
    socket.close()
    return "\n".join(heard)


async def status(guardhouse: Guardhouse, method: str, path: str, cookie: str, **headers: str) -> int:
    request = HTTPRequest(
        f"http://127.0.0.1:{guardhouse.site.port}{path}", method=method, headers={"Cookie": cookie, **headers},
        body=b"" if method == "POST" else None, allow_nonstandard_methods=True,
    )  # fmt: skip
    answer = await AsyncHTTPClient().fetch(request, raise_error=False)
    return answer.code


@pytest.mark.parametrize("persona", SHOWN, ids=lambda persona: persona.name)
def test_a_kernel_never_sends_a_forbidden_figure(guardhouse: Guardhouse, persona: Persona) -> None:
    async def use() -> tuple[str, str]:
        text, kernel, cookie = await opened(guardhouse, persona)
        heard = await said(guardhouse.site.port, kernel, cookie)
        assert await status(guardhouse, "DELETE", f"/api/kernels/{kernel}", cookie, **xsrf(cookie)) == 204
        return text, heard

    text, heard = run_apart(use())
    for sent in (text, heard):
        assert {one for one in guardhouse.finder.find(sent) if not persona.may_see(one)} == set()
    wanted = {
        one for one in guardhouse.canaries["latest"]
        if (one.sector, one.region, one.period) == ("water", "33.16.15", "2024") and persona.may_see(one)
    }  # fmt: skip
    assert wanted <= guardhouse.finder.find(text)
    assert guardhouse.finder.find(heard), "the controls answered with no figure at all"
    assert '"msg_type": "execute_result"' not in heard
    assert '"msg_type": "execute_reply"' not in heard


def xsrf(cookie: str) -> dict[str, str]:
    found = re.search(r"_xsrf=([^;]+)", cookie)
    return {"X-XSRFToken": found.group(1)} if found else {}


def test_a_kernel_is_its_own_browsers_alone(guardhouse: Guardhouse) -> None:
    async def use() -> None:
        port = guardhouse.site.port
        head, visitor = PERSONAS[1], PERSONAS[0]
        _, kernel, cookie = await opened(guardhouse, head)
        _, strangers, strange = await opened(guardhouse, visitor)
        _, _, second = await opened(guardhouse, visitor)
        assert cookie != strange != second
        for mine, theirs in ((kernel, strange), (strangers, cookie), (strangers, second), (kernel, "")):
            with pytest.raises(HTTPClientError) as refused:
                await websocket_connect(
                    HTTPRequest(
                        f"ws://127.0.0.1:{port}/api/kernels/{mine}/channels", headers={"Cookie": theirs}
                    )
                )
            assert refused.value.code == 403
            form = {"X-XSRFToken": "x", "Cookie": f"{theirs}; _xsrf=x"}
            headers = {"X-XSRFToken": "x"}
            assert form
            jar = f"{re.sub('_xsrf=[^;]+', '', theirs)}; _xsrf=x"
            assert await status(guardhouse, "GET", f"/api/kernels/{mine}", jar, **headers) == 403
            assert await status(guardhouse, "DELETE", f"/api/kernels/{mine}", jar, **headers) == 403
            assert await status(guardhouse, "POST", f"/voila/api/shutdown/{mine}", jar, **headers) == 403
        assert await status(guardhouse, "GET", f"/api/kernels/{kernel}", cookie) == 200
        assert (
            await status(guardhouse, "DELETE", f"/api/kernels/{kernel}", cookie) == 403
        )  # no token of the form
        assert (
            await status(guardhouse, "POST", f"/voila/api/shutdown/{kernel}", cookie, **xsrf(cookie)) == 204
        )
        assert await status(guardhouse, "GET", f"/api/kernels/{kernel}", cookie) == 403

    run_apart(use())


def test_a_websocket_from_another_site_is_refused(guardhouse: Guardhouse) -> None:
    async def use() -> None:
        _, kernel, cookie = await opened(guardhouse, PERSONAS[1])
        with pytest.raises(HTTPClientError) as refused:
            await websocket_connect(
                HTTPRequest(
                    f"ws://127.0.0.1:{guardhouse.site.port}/api/kernels/{kernel}/channels",
                    headers={"Cookie": cookie, "Origin": "https://evil.example"},
                )
            )
        assert refused.value.code == 403

    run_apart(use())
