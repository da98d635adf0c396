"""The page: for this machine's own browser and for no other site."""

import asyncio
from importlib import resources
from typing import Any

import aiohttp
import pytest

from bot.playground import PlaygroundServer, Workspace

FOLDER = resources.files("bot.playground").joinpath("page")
SCRIPTS = sorted(each.name for each in FOLDER.iterdir() if each.name.endswith(".js"))


@pytest.fixture
def origin(server: PlaygroundServer) -> str:
    return server.page_url.rstrip("/")


@pytest.fixture
def said(workspace: Workspace) -> dict[str, str]:
    place = workspace.directory
    return {
        "user": place.person("ann").id,
        "channel": place.channel("incidents").id,
        "text": "@kaia hello",
    }


@pytest.mark.parametrize("path", ["", *SCRIPTS, "page.css"])
async def test_its_files_allow_nothing_from_elsewhere(
    server: PlaygroundServer, http: aiohttp.ClientSession, path: str
) -> None:
    async with http.get(server.page_url + path) as answer:
        policy = answer.headers["Content-Security-Policy"]
        text = await answer.text()

    assert answer.status == 200
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "https://" not in text


async def test_it_says_plainly_that_it_is_not_slack(
    server: PlaygroundServer, http: aiohttp.ClientSession
) -> None:
    async with http.get(server.page_url) as answer:
        assert "It is not Slack" in await answer.text()


async def test_a_shared_file_can_be_read_and_is_never_run(
    server: PlaygroundServer, http: aiohttp.ClientSession
) -> None:
    file = server.workspace.share_file("x.html", b"<script>alert(1)</script>", mimetype="text/html")
    server.workspace.say("ann", "incidents", "look", files=[file])

    async with http.get(f"{server.page_url}page/files/{file}") as answer:
        assert await answer.text() == "<script>alert(1)</script>"
        assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    async with http.get(f"{server.page_url}page/files/nothing") as answer:
        assert answer.status == 404
    foreign = {"Host": "evil.example"}
    async with http.get(f"{server.page_url}page/files/{file}", headers=foreign) as answer:
        assert answer.status == 403


async def test_its_scripts_never_parse_html(
    server: PlaygroundServer, http: aiohttp.ClientSession
) -> None:
    for name in SCRIPTS:
        async with http.get(server.page_url + name) as answer:
            script = await answer.text()
        for way in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("):
            assert way not in script


@pytest.mark.parametrize("path", ["", "page.js", "page/updates", "page/say", "page/delete"])
@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "127.0.0.1", "localhost:1"])
async def test_a_foreign_host_name_is_refused(
    server: PlaygroundServer, http: aiohttp.ClientSession, path: str, host: str
) -> None:
    method = http.post if path in {"page/say", "page/delete"} else http.get
    async with method(server.page_url + path, headers={"Host": host}) as answer:
        assert answer.status == 403


async def test_localhost_is_its_own_name_too(
    server: PlaygroundServer, http: aiohttp.ClientSession
) -> None:
    url = server.page_url.replace("127.0.0.1", "localhost")
    async with http.get(server.page_url, headers={"Host": url[7:-1]}) as answer:
        assert answer.status == 200


@pytest.mark.parametrize("foreign", ["http://evil.example", "null", "http://localhost:1", None])
async def test_a_foreign_origin_can_neither_post_nor_listen(
    server: PlaygroundServer,
    http: aiohttp.ClientSession,
    said: dict[str, str],
    foreign: str | None,
) -> None:
    headers = {"Origin": foreign} if foreign else {}
    async with http.post(server.page_url + "page/say", json=said, headers=headers) as answer:
        posted = answer.status
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await http.ws_connect(server.page_url + "page/updates", headers=headers)

    assert (posted, refused.value.status) == (403, 403)
    assert server.workspace.messages("incidents") == []


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded"])
async def test_a_simple_form_cannot_post(
    server: PlaygroundServer, http: aiohttp.ClientSession, origin: str, content_type: str
) -> None:
    headers = {"Origin": origin, "Content-Type": content_type}
    url = server.page_url + "page/say"
    async with http.post(url, data=b"{}", headers=headers) as answer:
        assert answer.status == 415


async def test_a_post_is_a_persons_message(
    server: PlaygroundServer, http: aiohttp.ClientSession, origin: str, said: dict[str, str]
) -> None:
    headers = {"Origin": origin}
    async with http.post(server.page_url + "page/say", json=said, headers=headers) as answer:
        assert answer.status == 200

    [message] = server.workspace.messages("incidents")
    assert message.text == f"<@{server.workspace.bot.id}> hello"


@pytest.mark.parametrize(
    "wrong",
    [
        {"user": "kaia"},
        {"user": "stranger"},
        {"channel": "nowhere"},
        {"thread_ts": "1.000001"},
    ],
)
async def test_it_speaks_for_its_own_people_only(
    server: PlaygroundServer,
    http: aiohttp.ClientSession,
    origin: str,
    said: dict[str, str],
    wrong: dict[str, str],
) -> None:
    url, headers = server.page_url + "page/say", {"Origin": origin}
    async with http.post(url, json=said | wrong, headers=headers) as answer:
        assert answer.status == 400

    assert server.workspace.messages("incidents") == []


async def test_it_shows_changes_as_they_come(
    server: PlaygroundServer, http: aiohttp.ClientSession, origin: str
) -> None:
    workspace = server.workspace
    channel = workspace.directory.channel("incidents").id
    url = server.page_url + "page/updates"
    async with http.ws_connect(url, headers={"Origin": origin}) as socket, asyncio.timeout(5):
        before = await socket.receive_json()
        ts = workspace.say("ann", "incidents", "<b>bold</b>")
        workspace.set_status(channel, ts, "is thinking…", [])
        after = await socket.receive_json()

    def shown(view: dict[str, Any]) -> dict[str, Any]:
        return next(one for one in view["channels"] if one["id"] == channel)

    assert shown(before)["messages"] == []
    assert shown(after)["messages"][0]["text"] == "&lt;b&gt;bold&lt;/b&gt;"
    assert shown(after)["statuses"] == {ts: "is thinking…"}
    assert server.bot_token not in str(after)


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "::"])  # noqa: S104 - what is refused
def test_it_is_served_on_loopback_only(host: str) -> None:
    with pytest.raises(ValueError, match="loopback"):
        PlaygroundServer(Workspace(), host=host)
