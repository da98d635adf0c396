"""What a person does at the page: presses, edits, deletes, stops; as whoever they chose to be."""

import base64
import io
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import orjson
import pytest

from bot.playground import PlaygroundServer, Workspace, view
from bot.playground.manifest import Grants
from bot.playground.objects import Ephemeral, Message, Session

Act = Callable[..., Awaitable[tuple[int, str]]]

BUTTON = {"type": "button", "action_id": "go"}


class Acking:
    """A connection that acks at once."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def give(self, frame: str) -> None:
        self._workspace.deliveries.acknowledge(orjson.loads(frame)["envelope_id"])


@pytest.fixture
def act(server: PlaygroundServer, http: aiohttp.ClientSession) -> Act:
    """Does something in #incidents as a person, and gives back status and words."""
    origin = server.page_url.rstrip("/")
    headers = {"Origin": origin, "Content-Type": "application/json"}

    async def act(name: str, person: str = "ann", **said: Any) -> tuple[int, str]:
        place = server.workspace.directory
        said |= {"user": place.person(person).id, "channel": place.channel("incidents").id}
        url = f"{server.page_url}page/{name}"
        body = io.BytesIO(orjson.dumps(said))
        async with http.post(url, data=body, headers=headers) as answer:
            return answer.status, await answer.text()

    return act


@pytest.fixture
def asked_by_app(workspace: Workspace) -> Message:
    bot, home = workspace.bot, workspace.directory.channel("incidents").id
    message = Message(workspace.stamps.next(), home, bot.id, "?", bot_id=bot.bot_id)
    message.blocks = [{"type": "actions", "elements": [BUTTON]}]
    return workspace.post(message)


def _shown(workspace: Workspace) -> list[dict[str, Any]]:
    channels = view.of(workspace)["channels"]
    found: list[dict[str, Any]] = next(c for c in channels if c["name"] == "incidents")["messages"]
    return found


async def test_a_button_and_the_stop_button_reach_the_app(
    act: Act, workspace: Workspace, asked_by_app: Message
) -> None:
    workspace.deliveries.joined(Acking(workspace))
    statuses = [
        (await act("click", ts=asked_by_app.ts, action_id="go"))[0],
        (await act("stop", thread_ts=asked_by_app.ts))[0],
    ]
    click, stop = list(workspace.deliveries.all)[-2:]

    assert statuses == [200, 200]
    assert click.payload["actions"][0]["action_id"] == "go"
    assert stop.payload["event"]["type"] == "agent_session_stopped"


async def test_a_press_that_nobody_took_is_told_to_who_pressed(
    act: Act, asked_by_app: Message
) -> None:
    status, said = await act("click", ts=asked_by_app.ts, action_id="go")

    assert status == 400
    assert said == "kaia did not take the press; try again"


async def test_people_edit_and_delete_what_they_wrote_and_nothing_else(
    act: Act, workspace: Workspace, asked_by_app: Message
) -> None:
    ts = workspace.say("ann", "incidents", "@kaia helo")
    refused = [
        (await act("edit", "ben", ts=ts, text="hijacked"))[0],
        (await act("delete", "ben", ts=ts))[0],
        (await act("edit", ts=asked_by_app.ts, text="hijacked"))[0],
        (await act("edit", ts=ts, text=" "))[0],
    ]
    edited = await act("edit", ts=ts, text="@kaia hello")
    text = workspace.message("incidents", ts).text
    deleted = await act("delete", ts=ts)

    assert refused == [400] * 4
    assert (edited[0], deleted[0]) == (200, 200)
    assert text == f"<@{workspace.bot.id}> hello"
    assert [m.ts for m in workspace.messages("incidents")] == [asked_by_app.ts]


@pytest.mark.parametrize(
    "typed",
    [
        "@kaia a<b && c>d, see https://kaia.example/?a=1&b=2 now",
        "@here no, @ben",
        "no entity: &lt;",
    ],
)
def test_what_was_typed_is_there_again_to_be_edited(workspace: Workspace, typed: str) -> None:
    workspace.say("ann", "incidents", typed)

    assert _shown(workspace)[0]["typed"] == typed


def test_the_page_offers_this_workspaces_people_and_tells_their_groups(
    workspace: Workspace,
) -> None:
    shown = view.of(workspace)
    people = {shown["people"][user]["name"]: shown["people"][user] for user in shown["speakers"]}

    assert sorted(people) == ["ann", "ben", "guest"]
    assert people["ben"]["groups"] == ["@oncall, S0ONCALL"]
    assert people["ann"]["groups"] == []


def test_an_ephemeral_message_says_whose_it_is(workspace: Workspace) -> None:
    ann, home = workspace.directory.person("ann").id, workspace.directory.channel("incidents").id
    stamp = workspace.stamps.next()
    workspace.ephemerals.append(Ephemeral(stamp, home, ann, "you may not", None, []))

    (whisper,) = _shown(workspace)
    assert whisper["only_for"] == ann
    assert whisper["name"] == workspace.bot.real_name


def packed(name: str, content: bytes, **more: str) -> dict[str, str]:
    return {"name": name, "content": base64.b64encode(content).decode(), **more}


async def test_files_are_said_with_or_without_words(act: Act, workspace: Workspace) -> None:
    ts = workspace.say("ben", "incidents", "odd")
    files = [packed("a/b.log", b"x"), packed("clip.mp3", b"sound", spoken="why?")]
    done = await act("say", text="", files=files)
    reply = await act("say", text="see", thread_ts=ts, broadcast=True)
    said, broadcast = workspace.messages("incidents")[1:]
    log, clip = (workspace.files[file] for file in said.files)

    assert (done[0], reply[0]) == (200, 200)
    assert (log.name, log.content, log.subtype) == ("a_b.log", b"x", "")
    assert (clip.mimetype, clip.subtype, clip.spoken) == ("audio/mpeg", "slack_audio", "why?")
    assert broadcast.subtype == "thread_broadcast"


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ([{"name": "a", "content": "%"}], "did not arrive whole"),
        ([packed("a", b"x" * (5 * 1024 * 1024 + 1))], "5 MB"),
        ([packed("a", b"x")] * 11, "up to 10 files"),
    ],
)
async def test_files_that_cannot_be_taken_are_refused_in_words(
    act: Act, workspace: Workspace, files: list[dict[str, str]], words: str
) -> None:
    status, said = await act("say", text="look", files=files)

    assert (status, words in said) == (400, True)
    assert workspace.messages("incidents") == []


async def test_a_message_is_investigated_and_forwarded_from_its_menu(
    act: Act, workspace: Workspace
) -> None:
    workspace.deliveries.joined(Acking(workspace))
    ts = workspace.say("ben", "incidents", "odd")
    chosen = await act("shortcut", ts=ts, callback_id="kaia_investigate")
    shortcut = list(workspace.deliveries.all)[-1]
    forwarded = await act("forward", ts=ts)
    gone = await act("forward", ts="1.000001")
    [said] = workspace.messages(workspace.direct("ann").id)

    assert (chosen[0], forwarded[0], gone[0]) == (200, 200, 400)
    assert shortcut.payload["callback_id"] == "kaia_investigate"
    assert said.attachments[0]["text"] == "odd"


async def test_a_home_is_opened_and_pressed(act: Act, workspace: Workspace) -> None:
    workspace.deliveries.joined(Acking(workspace))
    ann = workspace.directory.person("ann").id
    workspace.homes[ann] = "V1"
    workspace.views["V1"] = {"id": "V1", "blocks": [{"type": "actions", "elements": [BUTTON]}]}
    done = [await act("open", tab="home"), await act("click_home", action_id="go")]
    opened, pressed = list(workspace.deliveries.all)[-2:]
    stranger = await act("open", "stranger", tab="home")

    assert [status for status, _ in done] == [200, 200]
    assert opened.payload["event"]["tab"] == "home"
    assert pressed.payload["container"]["view_id"] == "V1"
    assert stranger[0] == 400
    assert view.of(workspace)["homes"] == {ann: workspace.views["V1"]["blocks"]}


async def test_only_what_is_a_picture_by_its_bytes_is_shown_as_one(
    server: PlaygroundServer, http: aiohttp.ClientSession, workspace: Workspace
) -> None:
    files = [
        workspace.share_file("a.txt", b"\x89PNG\r\n\x1a\n..."),
        workspace.share_file("a.png", b"<svg onload='alert(1)'/>", mimetype="image/png"),
    ]
    answers = []
    for file in files:
        async with http.get(f"{server.page_url}page/pictures/{file}") as answer:
            answers.append((answer.status, answer.content_type))

    assert answers == [(200, "image/png"), (404, "text/plain")]


def test_the_page_shows_sessions_titles_and_prompts(workspace: Workspace) -> None:
    direct, home = workspace.direct("ann"), workspace.directory.channel("incidents")
    workspace.grants = Grants(
        {"features": {"agent_view": {"suggested_prompts": [{"title": "t", "message": "m"}]}}}
    )
    workspace.sessions[home.id, "1.1"] = Session("processing", "Checkout")
    workspace.titles[home.id, "1.2"] = "Payments"
    shown = {channel["id"]: channel for channel in view.of(workspace)["channels"]}

    assert shown[home.id]["sessions"] == {
        "1.1": {"status": "processing", "title": "Checkout"},
        "1.2": {"status": "", "title": "Payments"},
    }
    assert shown[home.id]["prompts"]["prompts"] == []
    assert shown[direct.id]["prompts"]["prompts"] == [{"title": "t", "message": "m"}]
