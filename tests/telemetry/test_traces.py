"""Traces hold up nobody, say nothing of anybody's words, and are not there unless asked for."""

import asyncio
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.app.vocabulary import VOCABULARY
from bot.cluster.frame import Folders, environ_with_kubeconfig
from bot.telemetry.measured import Measured
from bot.telemetry.meters import Meters
from bot.telemetry.otlp import OtlpSpans
from tests.doubles.collector import Collector

CANARY = "heliotrope"
_NOBODY = "http://127.0.0.1:9"


@pytest.fixture
async def collector() -> AsyncIterator[Collector]:
    async with Collector() as server:
        yield server


def measured(spans: OtlpSpans) -> Measured:
    return Measured(Meters("1", "3"), VOCABULARY, spans)


async def test_an_error_leaves_its_outcome_and_not_its_words(collector: Collector) -> None:
    spans = OtlpSpans(collector.url, "1")
    with pytest.raises(ValueError, match=CANARY), measured(spans).doing("turn", CANARY, "turn:1"):
        raise ValueError(CANARY)
    await spans.close()

    [span] = collector.spans
    assert span.attributes == {
        "kaia.what": "other",
        "kaia.turn": "turn:1",
        "kaia.outcome": "failed",
    }
    assert CANARY.encode() not in b"".join(collector.bodies)


async def test_what_belongs_to_no_turn_is_no_trace(collector: Collector) -> None:
    spans = OtlpSpans(collector.url, "1")
    with measured(spans).doing("slack", "auth.test"):
        pass
    with measured(spans).doing("turn", "said", "turn:1"):
        pass
    await spans.close()

    assert [span.name for span in collector.spans] == ["kaia.turn"]


async def test_replicas_that_know_nothing_of_each_other_write_one_trace(
    collector: Collector,
) -> None:
    here, there = OtlpSpans(collector.url, "1"), OtlpSpans(collector.url, "1")
    with measured(here).doing("intake", "said", "turn:1"):
        pass
    with measured(there).doing("turn", "said", "turn:1"):
        pass
    with measured(there).doing("turn", "said", "turn:2"):
        pass
    await here.close()
    await there.close()

    intake, first, second = sorted(collector.spans, key=lambda span: (span.name, span.trace))
    own, other = (first, second) if first.trace == intake.trace else (second, first)
    assert own.parent == intake.span
    assert own.trace == intake.trace != other.trace


async def test_a_message_that_is_delivered_twice_comes_in_once(collector: Collector) -> None:
    spans = OtlpSpans(collector.url, "1")
    for outcome in ("done", "known"):
        with measured(spans).doing("intake", "said", "turn:1") as keeping:
            keeping.ends(outcome)
    await spans.close()

    [intake] = collector.spans
    assert intake.attributes["kaia.outcome"] == "done"


async def test_turns_that_run_together_keep_their_spans_apart(collector: Collector) -> None:
    spans = OtlpSpans(collector.url, "1")
    kaia = measured(spans)

    async def turn(name: str) -> None:
        with kaia.doing("turn", "said", name):
            await asyncio.sleep(0)
            await asyncio.create_task(call())

    async def call() -> None:
        with kaia.doing("model", "ollama"):
            await asyncio.sleep(0)

    await asyncio.gather(turn("turn:1"), turn("turn:2"))
    await spans.close()

    turns = {span.span: span.trace for span in collector.spans if span.name == "kaia.turn"}
    calls = [span for span in collector.spans if span.name == "kaia.model"]
    assert len(turns) == len(calls) == 2
    assert {span.parent: span.trace for span in calls} == turns


async def test_a_collector_that_is_away_is_one_line_and_holds_up_nothing() -> None:
    with capture_logs() as logged:
        spans = OtlpSpans(_NOBODY, "1")
        for _ in range(2):
            began = time.monotonic()
            with measured(spans).doing("turn", "said", "turn:1"):
                pass
            assert time.monotonic() - began < 0.2
            # Each round is a batch of its own.
            await asyncio.to_thread(spans.flush)
        began = time.monotonic()
        await spans.close()
        assert time.monotonic() - began < 3

    assert [line["event"] for line in logged] == ["traces.not_sent"]


async def test_a_collector_that_is_back_is_told_too(collector: Collector) -> None:
    collector.status = 400
    with capture_logs() as logged:
        spans = OtlpSpans(collector.url, "1")
        for status in (400, 200):
            collector.status = status
            with measured(spans).doing("turn", "said", "turn:1"):
                pass
            await asyncio.to_thread(spans.flush)
        await spans.close()

    assert [line["event"] for line in logged] == ["traces.not_sent", "traces.sent_again"]


async def test_a_collector_that_never_answers_holds_up_the_end_for_two_seconds_at_most() -> None:
    async def hang(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await asyncio.sleep(60)
        finally:
            writer.close()

    server = await asyncio.start_server(hang, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    spans = OtlpSpans(f"http://127.0.0.1:{port}", "1")
    with measured(spans).doing("turn", "said", "turn:1"):
        pass
    began = time.monotonic()
    await spans.close()
    server.close()

    assert time.monotonic() - began < 3


_LOADED = """
import asyncio, sys
from bot.app.measuring import opened_telemetry
from bot.errors import SettingsError
from bot.settings import load_settings

async def main(environ):
    async with opened_telemetry(load_settings(environ)):
        print("opentelemetry.sdk" in sys.modules)

asyncio.run(main({}))
sys.modules["opentelemetry.sdk"] = None  # as where the extra is not installed
try:
    asyncio.run(main({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9"}))
except SettingsError as error:
    print(error)
"""


def test_nothing_is_imported_unless_asked_for_and_what_is_missing_is_said() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", _LOADED], capture_output=True, text=True, timeout=60, check=True
    )
    loaded, problem = ran.stdout.splitlines()
    assert loaded == "False"
    assert "pip install '.[traces]'" in problem


def test_kubectl_is_told_nothing_of_it(tmp_path: Path) -> None:
    environ = {
        "PATH": "/bin",
        "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9",
        "OTEL_EXPORTER_OTLP_HEADERS": "authorization=x",
    }
    given = environ_with_kubeconfig(environ, Folders(tmp_path), "/dev/null")
    assert not [name for name in given if name.startswith("OTEL")]
