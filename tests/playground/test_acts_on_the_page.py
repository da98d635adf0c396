"""What a person does at the page: presses, edits, deletes, stops; as whoever they chose to be."""

from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import orjson
import pytest

from bot.playground import PlaygroundServer, Workspace, view
from bot.playground.objects import Ephemeral, Message

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
    headers = {"Origin": server.page_url.rstrip("/")}

    async def act(name: str, person: str = "ann", **said: Any) -> tuple[int, str]:
        place = server.workspace.directory
        said |= {"user": place.person(person).id, "channel": place.channel("incidents").id}
        url = f"{server.page_url}page/{name}"
        async with http.post(url, json=said, headers=headers) as answer:
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
