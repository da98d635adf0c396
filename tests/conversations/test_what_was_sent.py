"""What the model's server received is what the file shows, from the database and a real team."""

import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from bot.agents.models import build_model, built_in
from bot.agents.team import Assistant
from bot.conversations import Store
from bot.conversations.turns.sent import sent_notice
from bot.dialogue import Notice, fence
from bot.redaction import Redactor
from bot.settings import Settings
from tests.conversations.conftest import Engine
from tests.doubles.conversation_edges import ReceiptTool, ReceiptToolbox, said
from tests.doubles.ollama_server import OllamaServer
from tests.doubles.served import Fails, Says, runs

THREAD = "T1:C1:1.0"
PROMPT = "You are Kaia.\n```\nA fence in it.\n```"
_BLOCK = re.compile(
    r"^### (?P<title>.*)\n\n(?P<ticks>`{3,})\w+\n(?P<text>[\s\S]*?)\n(?P=ticks)$", re.MULTILINE
)
_AS_BEFORE = re.compile(r"^### (?P<title>.*)\n\nAs in request (?P<number>\d+)\.$", re.MULTILINE)


@pytest.fixture
async def ollama() -> AsyncIterator[OllamaServer]:
    async with OllamaServer() as server:
        yield server


@dataclass
class Desk:
    """One process: a store, a real assistant on a real server, its stand-in, and tools."""

    url: str
    ollama: OllamaServer
    fields: dict[str, Any] = field(default_factory=dict)
    prompt: str = PROMPT
    toolbox: ReceiptToolbox = field(default_factory=ReceiptToolbox)

    async def ask(self, *questions: str, has_fallback: bool = False) -> None:
        settings = Settings(
            **({"model": "ollama:qwen3:8b", "ollama_host": self.ollama.url} | self.fields)
        )
        model = replace(build_model(settings), pause_seconds=0.01)
        kaia: Any = Assistant(model, deadline_seconds=20, prompt=self.prompt)
        stand_in: Any = Assistant(built_in(settings), deadline_seconds=20, prompt=self.prompt)
        store = await Store.open(self.url, exclusive=True)
        engine = Engine(
            store, kaia, fallback=stand_in if has_fallback else None, toolbox=self.toolbox
        )
        async with engine.at_work():
            for number, question in enumerate(questions, 1):
                await engine.inbox.receive(said(question))
                await engine.gallery.showed(number)
        await store.close()
        await model.close()

    async def notice(self, turn: int | None = None, manual: str = "Runs kubectl.") -> Notice:
        """As another process would say it."""
        store = await Store.open(self.url, exclusive=True)
        settings = Settings(model="builtin")
        kaia = Assistant(built_in(settings), deadline_seconds=20, prompt=self.prompt)
        tool: Any = ReceiptTool(1, None, lambda _step: None, manual=manual)  # type: ignore[arg-type,return-value]
        try:
            return await sent_notice(
                store,
                THREAD,
                await store.conversation(THREAD),
                kaia.rebuilt,
                tools=[tool],
                redact=Redactor().redact,
                turn=turn,
            )
        finally:
            await store.close()


@pytest.fixture
def desk(url: str, ollama: OllamaServer) -> Desk:
    return Desk(url, ollama)


Texts = list[tuple[int, Any]]
"""Each with its message's number, the instructions' is 0; of calls their arguments."""


def shown(notice: Notice) -> list[Texts]:
    """What stands in each request, as somebody reads it."""
    assert notice.attachment is not None
    heads = re.compile(r"^## Request \d+: .*$", re.MULTILINE)
    requests: list[Texts] = []
    for part in heads.split(notice.attachment.text)[1:]:
        before = requests[-1] if requests else []
        texts = [each for each in before if each[0] <= _taken_over(part)]
        requests.append([*texts, *(_read(block) for block in _blocks(part))])
    return requests


def _taken_over(part: str) -> int:
    """The last message that is as in the request before; -1 where the instructions are not."""
    titles = [found["title"] for found in _AS_BEFORE.finditer(part)]
    if "Instructions" not in titles:
        return -1
    places = [int(each.rpartition(" ")[2]) for each in titles if each.startswith("Messages 1 to")]
    return max(places, default=0)


def _blocks(part: str) -> list[re.Match[str]]:
    return [each for each in _BLOCK.finditer(part) if each["title"] not in {"Options", "Tools"}]


def _read(block: re.Match[str]) -> tuple[int, Any]:
    found = re.match(r"Message (\d+): (.*)", block["title"])
    place, title = (int(found[1]), found[2]) if found else (0, "")
    if title != "model, calls":
        return place, block["text"]
    return place, [json.loads(call["arguments"]) for call in json.loads(block["text"])]


def received(ollama: OllamaServer) -> list[list[Any]]:
    """The same of what the server got."""
    return [[_content(each) for each in body["messages"]] for body in ollama.requests]


def _content(message: dict[str, Any]) -> Any:
    calls = message.get("tool_calls")
    return [call["function"]["arguments"] for call in calls] if calls else message["content"]


def assert_same(notice: Notice, bodies: list[list[Any]]) -> None:
    assert [[text for _, text in request] for request in shown(notice)] == bodies
    assert notice.attachment is not None
    assert "THEY DIFFER" not in notice.attachment.text
    assert "Every hash" in notice.markdown


async def test_the_file_shows_what_the_server_received_for_a_first_question(
    desk: Desk, ollama: OllamaServer
) -> None:
    desk.toolbox.look = fence("two pods\n````\nwith ticks\n````")
    ollama.say("Fine.")
    await desk.ask("why?")

    notice = await desk.notice()

    assert_same(notice, received(ollama))
    assert notice.attachment is not None
    assert notice.attachment.name == "sent-1.txt"
    for words in ('"num_ctx": 16384', '"temperature": 0', '"tool_choice": "auto"', "Runs kubectl."):
        assert words in notice.attachment.text


async def test_a_follow_up_with_tools_is_shown_after_a_restart(
    desk: Desk, ollama: OllamaServer
) -> None:
    ollama.say("Fine.", runs("kubectl get pods", "kubectl get pods -A"), "", "Fine [1].")
    await desk.ask("why?")
    await desk.ask("and now?")

    assert_same(await desk.notice(), received(ollama)[1:])
    assert_same(await desk.notice(turn=1), received(ollama)[:1])


async def test_what_a_model_was_sent_that_failed_midway_is_shown_too(
    desk: Desk, ollama: OllamaServer
) -> None:
    ollama.say("Fine.", runs("kubectl get pods"), Fails(500), "Better.")
    await desk.ask("why?", "and now?", has_fallback=True)
    assert_same(await desk.notice(), received(ollama)[1:])

    await desk.ask("still?", has_fallback=True)

    assert_same(await desk.notice(turn=2), received(ollama)[1:3])
    assert_same(await desk.notice(), received(ollama)[3:])


async def test_a_question_that_got_no_answer_at_all_can_be_shown(
    desk: Desk, ollama: OllamaServer
) -> None:
    ollama.say(runs("kubectl get pods"), Fails(500))
    await desk.ask("why?")

    assert_same(await desk.notice(), received(ollama))


async def test_what_was_shortened_since_is_not_said_to_be_what_was_sent(
    desk: Desk, ollama: OllamaServer
) -> None:
    desk.fields = {"num_ctx": 2_048}
    desk.toolbox.look = fence("pod payments is well\n" * 150)
    ollama.otherwise = lambda _body: Says("Fine.")
    await desk.ask("one?", "two?", "three?")

    notice = await desk.notice(turn=1)

    assert "cannot be shown exactly as sent" in notice.markdown
    assert notice.attachment is not None
    assert "THEY DIFFER" in notice.attachment.text
    assert "has been shortened since" in notice.attachment.text
    assert "they are equal" not in notice.attachment.text
    assert_same(await desk.notice(), received(ollama)[-1:])


async def test_another_release_is_named_as_why_it_differs(desk: Desk, ollama: OllamaServer) -> None:
    ollama.say("Fine.")
    await desk.ask("why?")
    desk.prompt = "You are the next Kaia."

    notice = await desk.notice(manual="Runs kubectl, and more.")

    assert notice.attachment is not None
    assert "not those of today's release" in notice.attachment.text
    assert "not those that are offered today" in notice.attachment.text
    assert "shortened since" not in notice.attachment.text


async def test_where_rules_answered_nothing_was_sent(desk: Desk, ollama: OllamaServer) -> None:
    assert "Nothing was sent to a model" in (await desk.notice()).markdown
    desk.fields = {"model": "builtin"}
    await desk.ask("why?")

    notice = await desk.notice()

    assert "Nothing was sent to a model" in notice.markdown
    assert notice.attachment is None
    assert ollama.requests == []


async def test_a_question_of_another_number_is_not_there(desk: Desk, ollama: OllamaServer) -> None:
    ollama.say("Fine.")
    await desk.ask("why?")

    notice = await desk.notice(turn=7)

    assert (notice.markdown, notice.attachment) == (
        "No model was asked in question 7 of this conversation. There is only question 1.",
        None,
    )


async def test_a_secret_never_reaches_the_file(desk: Desk, ollama: OllamaServer) -> None:
    secret = "ghp_" + "a1B2c3D4e5F6" * 3
    ollama.say("Fine.", f"The token is {secret}.", "Fine.")
    await desk.ask("why?", "and?", "and now?")

    notice = await desk.notice()

    assert notice.attachment is not None
    assert secret not in notice.attachment.text + notice.markdown
    assert "the file differs from what was sent" in notice.attachment.text


async def test_no_text_of_a_request_is_kept_a_second_time(desk: Desk, ollama: OllamaServer) -> None:
    desk.toolbox.look = "first-look-text"
    ollama.say(runs("kubectl get pods"), "All is well.")
    await desk.ask("why?")

    store = await Store.open(desk.url, exclusive=True)
    (sent,) = await store.sent(THREAD)
    await store.close()

    assert len(sent.calls) == 2
    kept = str([call.recipe for call in sent.calls])
    for text in ("first-look-text", "why?", "You are Kaia", "payments 0/1", "Runs kubectl"):
        assert text not in kept


async def test_of_a_run_that_failed_each_text_is_kept_once(
    desk: Desk, ollama: OllamaServer
) -> None:
    ollama.say(runs("kubectl get pods"), runs("kubectl get nodes"), Fails(500))
    await desk.ask("why-only-once?")

    store = await Store.open(desk.url, exclusive=True)
    (sent,) = await store.sent(THREAD)
    await store.close()

    kept = str([call.recipe for call in sent.calls])
    assert (len(sent.calls), kept.count("why-only-once?"), kept.count("get nodes")) == (3, 1, 1)
