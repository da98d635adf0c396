"""Reads of an API server: what each answer means, and that one that fails costs only itself."""

import asyncio
from pathlib import Path

import pytest
from aiohttp import web

from bot.cluster.access import ClusterAccess
from bot.cluster.api import TABLE, NotReadable, opened_api
from bot.errors import ClusterError
from tests.doubles.scripted_api import access_to, serving

POD = "/api/v1/namespaces/shop/pods/cart"


async def test_an_object_is_asked_for_with_the_credentials_and_only_read(tmp_path: Path) -> None:
    seen: list[tuple[str, str, str, str]] = []

    async def answer(request: web.Request) -> web.Response:
        headers = request.headers
        seen.append((request.method, request.path_qs, headers["Authorization"], headers["Accept"]))
        return web.json_response({"kind": "Pod"})

    async with serving(answer, tmp_path) as api:
        assert await api.get(POD, {"a": "b"}, accept=TABLE) == {"kind": "Pod"}

    assert seen == [("GET", f"{POD}?a=b", "Bearer canary-token", TABLE)]


async def test_a_list_comes_page_by_page(tmp_path: Path) -> None:
    asked: list[str] = []

    async def answer(request: web.Request) -> web.Response:
        token = request.query.get("continue", "")
        asked.append(f"{request.query['limit']} {token} {request.query['labelSelector']}")
        following = {"": "two", "two": "three", "three": ""}[token]
        return web.json_response({"metadata": {"continue": following}, "items": [token]})

    async with serving(answer, tmp_path) as api:
        pages = [page["items"] async for page in api.pages("/api/v1/pods", {"labelSelector": "a"})]

    assert pages == [[""], ["two"], ["three"]]
    assert asked == ["500  a", "500 two a", "500 three a"]


REFUSALS = {
    "forbidden": (403, '{"message": "pods is forbidden"}', "forbidden", "pods is forbidden"),
    "not found": (404, '{"message": "no cart"}', "not found", "no cart"),
    "a list that expired": (410, '{"message": "too old"}', "failed", "HTTP 410: too old"),
    "broken": (500, "it broke", "failed", "HTTP 500: it broke"),
    "overloaded": (429, "{}", "failed", "HTTP 429: "),
    "a redirect": (302, "", "failed", "HTTP 302: "),
    "no object": (503, "[1]", "failed", "HTTP 503: "),
    "a page of a proxy": (200, "<html>Log in</html>", "failed", "the answer was no JSON"),
}


@pytest.mark.parametrize(
    ("status", "body", "why", "sentence"), REFUSALS.values(), ids=list(REFUSALS)
)
async def test_a_read_that_fails_says_why(
    tmp_path: Path, status: int, body: str, why: str, sentence: str
) -> None:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(status=status, text=body)

    async with serving(answer, tmp_path) as api:
        with pytest.raises(NotReadable) as raised:
            await api.get(POD)

    assert (raised.value.why, str(raised.value)) == (why, sentence)


async def test_what_is_json_and_no_object_holds_nothing(tmp_path: Path) -> None:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(text="[1, 2]")

    async with serving(answer, tmp_path) as api:
        assert await api.get(POD) == {}


async def test_a_log_is_text_whatever_bytes_it_holds(tmp_path: Path) -> None:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(body=b"ok \xff\n")

    async with serving(answer, tmp_path) as api:
        assert await api.text(f"{POD}/log", {"tailLines": 5}) == "ok �\n"


async def test_credentials_that_ran_out_are_read_again_and_no_other_read_breaks(
    tmp_path: Path,
) -> None:
    """The kubeconfig is written anew, as a login does, while many reads are under way."""
    gate = asyncio.Barrier(8)

    async def answer(request: web.Request) -> web.Response:
        if request.headers["Authorization"] == "Bearer old":
            await gate.wait()
            access_to(f"http://{request.host}", tmp_path, {"token": "new"})
            return web.json_response({"message": "Unauthorized"}, status=401)
        return web.json_response({"path": request.path})

    async with serving(answer, tmp_path) as api:
        access_to(str(api.access.server), tmp_path, {"token": "old"})
        paths = [f"/api/v1/namespaces/shop/pods/p{n}" for n in range(8)]
        found = await asyncio.gather(*map(api.get, paths))

    assert [each["path"] for each in found] == paths


async def test_credentials_that_are_not_accepted_are_an_error_for_all(tmp_path: Path) -> None:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(status=401)

    async with serving(answer, tmp_path) as api:
        with pytest.raises(ClusterError, match="does not accept Kaia's credentials"):
            await api.get(POD)


async def test_a_server_that_is_not_there_is_an_error_in_words(tmp_path: Path) -> None:
    async with opened_api(access_to("http://127.0.0.1:1", tmp_path), {}) as api:
        with pytest.raises(ClusterError, match="Nothing follows from") as raised:
            await api.get(POD)

    assert "http://127.0.0.1:1 did not answer" in str(raised.value)
    assert "canary-token" not in str(raised.value)


async def test_without_a_cluster_its_reason_is_the_error() -> None:
    access = ClusterAccess("none", reason="There is no kubeconfig.")

    async with opened_api(access, {}) as api:
        with pytest.raises(ClusterError, match="There is no kubeconfig"):
            await api.get(POD)


async def test_a_kubeconfig_that_cannot_be_read_is_not_quoted(tmp_path: Path) -> None:
    access = access_to("https://127.0.0.1:1", tmp_path, {"client-certificate-data": "canary%"})

    async with opened_api(access, {}) as api:
        with pytest.raises(ClusterError, match="cannot be read") as raised:
            await api.get(POD)

    assert "canary" not in str(raised.value)


async def test_no_more_than_eight_reads_are_under_way(tmp_path: Path) -> None:
    running: set[str] = set()
    most = 0

    async def answer(request: web.Request) -> web.Response:
        nonlocal most
        running.add(request.path)
        most = max(most, len(running))
        await asyncio.sleep(0.01)
        running.remove(request.path)
        return web.json_response({})

    async with serving(answer, tmp_path) as api:
        await asyncio.gather(*(api.get(f"/api/v1/p{n}") for n in range(30)))

    assert most == 8
