"""One attempt: the real engine on a served recording, with the built-in wording and with a model
on a real Ollama server."""

import asyncio
import json
import os
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import TypeAdapter

from bot.agents.models import DEFAULT_MODEL
from bot.dialogue import Input, Thread
from bot.errors import StoreError
from bot.evaluation.attempt import Bench, attempted, delivered
from bot.evaluation.canaries import Planted
from bot.evaluation.options import SHIPPED
from bot.evaluation.results import Attempt
from bot.evaluation.scenario import Scenario, load
from bot.recordings.format import Recording
from bot.recordings.incident.receipts import PastReceipt, written_receipts
from bot.settings import load_settings
from tests.doubles.ollama_server import OllamaServer
from tests.doubles.scenes import copied
from tests.doubles.served import Fails, Hangs, runs

_LABEL = f"ollama:{DEFAULT_MODEL}"
_RIGHT = "Pod images is OOMKilled: its limit of 64Mi is too small [1]."


@pytest.fixture
async def server() -> AsyncIterator[OllamaServer]:
    async with OllamaServer() as server:
        yield server


@pytest.fixture
def scenario(tmp_path: Path) -> Scenario:
    return copied(tmp_path, "out-of-memory", must=["OOMKilled", "64Mi"])


def bench(label: str = "builtin", **environ: str) -> Bench:
    settings = load_settings({"KAIA_MODEL": label, **environ})
    return Bench(settings, label, os.environ, asyncio.Semaphore(4))


def asking(server: OllamaServer, **environ: str) -> Bench:
    return bench(_LABEL, OLLAMA_HOST=server.url, **environ)


async def tried(scenario: Scenario, bench: Bench) -> Attempt:
    return await attempted(scenario, "0123", 2, bench)


def sorts(attempt: Attempt) -> list[str]:
    return [each.sort for each in attempt.problems]


async def test_the_built_in_wording_passes_a_scenario_that_ships_with_kaia() -> None:
    attempt = await tried(load(SHIPPED / "out-of-memory"), bench())
    assert (attempt.scenario, attempt.number, attempt.digest) == ("out-of-memory", 2, "0123")
    assert attempt.problems == ()
    assert attempt.seconds > 0
    (exchange,) = attempt.exchanges
    assert exchange.asked.startswith("what is wrong")
    assert exchange.verdict.startswith("**CONFIRMED**")
    assert exchange.lead
    assert "OOMKilled" in exchange.answer
    assert exchange.source == "builtin"
    assert exchange.commands[0].command.startswith("kaia triage")


async def test_a_model_that_says_what_it_must_passes_and_what_it_took_is_counted(
    scenario: Scenario, server: OllamaServer
) -> None:
    server.say(runs("kubectl describe pod images -n shop-basalt"), _RIGHT)
    attempt = await tried(scenario, asking(server))
    assert attempt.problems == ()
    assert attempt.exchanges[0].source == _LABEL
    assert [each.tool for each in attempt.exchanges[0].commands] == ["triage", "kubectl"]
    assert attempt.model_calls == len(server.requests) == 2
    assert attempt.prompt_tokens == 2 * server.prompt_tokens
    assert attempt.completion_tokens == 2 * server.answer_tokens


async def test_a_model_that_leaves_out_a_fact_has_not_passed(
    scenario: Scenario, server: OllamaServer
) -> None:
    server.say("Something is wrong with images [1].")
    attempt = await tried(scenario, asking(server))
    assert sorts(attempt) == ["missing fact", "missing fact"]
    assert not attempt.has_passed


async def test_a_model_that_invents_a_citation_beside_a_real_one_has_not_passed(
    scenario: Scenario, server: OllamaServer
) -> None:
    server.say("OOMKilled: its limit of 64Mi is too small [1] [99]. The node is full [7, 1].")
    attempt = await tried(scenario, asking(server))
    (exchange,) = attempt.exchanges
    assert "99" not in exchange.answer
    assert exchange.not_run == (7, 99)
    assert [each.sentence for each in attempt.problems] == [
        "Answer 1 cites [7], [99], which did not run. Those that ran: [1]."
    ]
    assert TypeAdapter(Attempt).validate_json(json.dumps(attempt.to_json())) == attempt


async def test_a_model_that_gives_out_has_not_passed_though_the_built_in_wording_is_right(
    scenario: Scenario, server: OllamaServer
) -> None:
    server.otherwise = lambda _body: Fails(500, "out of luck")
    attempt = await tried(scenario, asking(server))
    assert "OOMKilled" in attempt.exchanges[0].answer
    assert sorts(attempt) == ["other wording"]
    assert f"worded by builtin, not by {_LABEL}" in attempt.problems[0].sentence


async def test_a_model_that_never_answers_is_not_waited_for_longer_than_a_turn_may_take(
    scenario: Scenario, server: OllamaServer
) -> None:
    server.otherwise = lambda _body: Hangs()
    hasty = replace(asking(server, KAIA_TURN_TIMEOUT_SECONDS="0.5"), beside_seconds=0.0)
    asked_twice = replace(
        scenario, expected=scenario.expected.model_copy(update={"follow_ups": ("and now?",)})
    )
    attempt = await tried(asked_twice, hasty)
    assert sorts(attempt) == ["no answer"]
    assert "no answer within 0.5 s" in attempt.exchanges[0].answer
    assert len(attempt.exchanges) == 1


async def test_follow_ups_are_asked_in_the_same_conversation_one_after_another(
    tmp_path: Path, server: OllamaServer
) -> None:
    asked_twice = copied(
        tmp_path, "out-of-memory", must=["64Mi"], follow_ups=["what is its limit?", "show 1"]
    )
    server.say("Pod images is OOMKilled [1].", "Its limit is 64Mi [1].")
    attempt = await tried(asked_twice, asking(server))
    assert attempt.problems == ()
    first, second, third = attempt.exchanges
    assert "OOMKilled" in first.answer
    assert "64Mi" in second.answer
    assert "kaia triage" in "".join(third.remarks)
    assert "what is its limit?" in str(server.requests[-1])


async def test_what_is_shown_of_a_receipt_is_no_answer_of_the_models(
    tmp_path: Path, server: OllamaServer
) -> None:
    only_shown = copied(tmp_path, "out-of-memory", must=["64Mi"], follow_ups=["show 1"])
    server.say("Pod images is OOMKilled [1].")
    attempt = await tried(only_shown, asking(server))
    assert "64Mi" in "".join(attempt.exchanges[1].remarks)
    assert sorts(attempt) == ["missing fact"]


async def test_a_planted_word_in_a_request_to_the_model_is_found(
    scenario: Scenario, server: OllamaServer
) -> None:
    """The situation is said to the model alone, and to nobody else."""
    word = "Commands that name no namespace look in"

    def planted(recording: Recording) -> Planted:
        return Planted(recording, (word, "never said"))

    server.say(_RIGHT)
    attempt = await tried(scenario, replace(asking(server), plant=planted))
    assert word in str(server.requests)
    assert sorts(attempt) == ["canary"]
    assert "is in what the model was sent." in attempt.problems[0].sentence


async def test_no_setting_of_the_owners_cluster_reaches_an_attempt(
    scenario: Scenario, server: OllamaServer, tmp_path: Path
) -> None:
    audit = tmp_path / "audit.log"
    server.say(runs("kubectl get pods -n shop-basalt"), _RIGHT)
    own = asking(
        server,
        KAIA_CLUSTER_NAME="frankfurt",
        KAIA_NAMESPACES="bank",
        KAIA_DAILY_TOKENS="1",
        KAIA_AUDIT_FILE=str(audit),
    )
    attempt = await tried(scenario, own)
    assert attempt.problems == ()
    sent = str(server.requests)
    assert "frankfurt" not in sent
    assert "bank" not in sent
    assert not audit.exists()


async def test_the_scenarios_name_is_told_to_no_model(tmp_path: Path, server: OllamaServer) -> None:
    named = copied(tmp_path, "out-of-memory", name="it-is-the-memory")
    server.say(_RIGHT)
    await tried(named, asking(server))
    assert "it-is-the-memory" not in str(server.requests)


async def test_a_long_output_is_graded_whole_and_kept_shortened(
    scenario: Scenario, server: OllamaServer
) -> None:
    late = "volumes\t<[]Volume>"

    def planted(recording: Recording) -> Planted:
        return Planted(recording, (late,))

    server.say(runs("kubectl explain pod.spec"), _RIGHT)
    attempt = await tried(scenario, replace(asking(server), plant=planted))
    kept = attempt.exchanges[0].commands[1].output
    assert len(kept) < 4_100
    assert "characters left out]" in kept
    assert late not in kept
    assert "the output of command [2]" in attempt.problems[0].sentence


async def test_what_a_past_conversation_was_told_is_told_again(
    scenario: Scenario, server: OllamaServer
) -> None:
    command = "kubectl get deployment gone -n shop-basalt"
    past = PastReceipt(2, command, 0, "NAME  READY\ngone  0/1\n", "", 1_700_000_000.0)
    (scenario.folder / "receipts.json").write_text(json.dumps(written_receipts([past], [])))
    server.say(runs(command), f"{_RIGHT[:-1]}, and gone is 0/1 [2].")
    attempt = await tried(scenario, asking(server))
    assert attempt.problems == ()
    assert "gone  0/1" in attempt.exchanges[0].commands[1].output


class SlowStore:
    """Keeps what is delivered, and says so too late as often as it is told."""

    def __init__(self, late: int) -> None:
        self.late = late
        self.deliveries = 0

    async def receive(self, said: Input) -> bool:
        self.deliveries += 1
        if self.deliveries <= self.late:
            raise StoreError(f"{said.id} could not be kept in time.")
        return self.deliveries == 1


ASKED = Input("message:T:C:1", Thread("T", "C", "1"), "1", "U1", "Ann", "why?", True, 1.0)


@pytest.mark.parametrize("late", [0, 1, 4])
async def test_a_question_that_was_not_kept_in_time_is_delivered_again(late: int) -> None:
    store = SlowStore(late)
    assert await delivered(store.receive, ASKED)
    assert store.deliveries == late + 1


async def test_a_store_that_keeps_nothing_ends_the_attempt() -> None:
    with pytest.raises(StoreError):
        await delivered(SlowStore(99).receive, ASKED)
