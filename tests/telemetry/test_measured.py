"""What is told becomes numbers: right ones, and under words from lists alone."""

import asyncio
from pathlib import Path

import pytest

from bot.app.measuring import counted
from bot.app.metrics import Metrics
from bot.app.vocabulary import VOCABULARY
from bot.audit import unrecorded
from bot.conversations import Inbox, Store
from bot.conversations.records import Ending, Turn
from bot.errors import ModelBusy, ModelTimedOut, StoreAway
from bot.redaction import Redactor
from bot.slack.sending.outbound import CallLimited, CallRefused, CallUnclear
from bot.telemetry.measured import Measured
from bot.telemetry.meters import Meters
from bot.telemetry.seams import UNMEASURED, Activity
from bot.tools import policy
from bot.tools.boundary import kept_to


class Counted:
    """Meters, and how to read them."""

    def __init__(self) -> None:
        self.ticks = iter(range(100))
        self.meters = Meters("1", "3")
        self.telemetry = Measured(self.meters, VOCABULARY, clock=lambda: float(next(self.ticks)))

    def value(self, name: str, **labels: str) -> float:
        return self.meters.registry.get_sample_value(name, labels) or 0.0


@pytest.fixture
def kaia() -> Counted:
    return Counted()


def test_what_is_done_is_counted_with_the_seconds_it_took(kaia: Counted) -> None:
    with kaia.telemetry.doing("kubectl", "get"):
        pass

    labels = {"verb": "get", "outcome": "done"}
    assert kaia.value("kaia_kubectl_seconds_count", **labels) == 1
    assert kaia.value("kaia_kubectl_seconds_sum", **labels) == 1


def test_whoever_does_it_may_say_how_it_ended(kaia: Counted) -> None:
    with kaia.telemetry.doing("kubectl", "get") as running:
        running.ends("nonzero")

    assert kaia.value("kaia_kubectl_seconds_count", verb="get", outcome="nonzero") == 1


@pytest.mark.parametrize(
    ("what", "word", "error", "outcome"),
    [
        ("model", "ollama", ModelBusy("x"), "busy"),
        ("model", "ollama", ModelTimedOut("x"), "timed_out"),
        ("model", "ollama", ValueError("x"), "failed"),
        ("model", "ollama", asyncio.CancelledError(), "cancelled"),
        ("slack", "chat.update", CallLimited("chat.update", 1), "limited"),
        ("slack", "chat.update", CallRefused("chat.update", "x"), "refused"),
        ("slack", "chat.update", CallUnclear("chat.update", "x"), "unclear"),
        ("turn", "said", StoreAway("x"), "store_away"),
        ("intake", "said", StoreAway("x"), "store_away"),
    ],
)
def test_an_error_that_comes_out_names_the_outcome(
    kaia: Counted, what: Activity, word: str, error: BaseException, outcome: str
) -> None:
    with pytest.raises(type(error)), kaia.telemetry.doing(what, word):
        raise error

    [found] = [
        sample.labels["outcome"]
        for family in kaia.meters.registry.collect()
        for sample in family.samples
        if sample.name.endswith("_seconds_count")
    ]
    assert found == outcome


def test_a_word_that_is_on_no_list_is_counted_as_other(kaia: Counted) -> None:
    with kaia.telemetry.doing("kubectl", "canary") as running:
        running.ends("canary")
    kaia.telemetry.count("command refused", "canary")
    kaia.telemetry.count("reconnect", "canary")

    assert kaia.value("kaia_kubectl_seconds_count", verb="other", outcome="other") == 1
    assert kaia.value("kaia_commands_refused_total", rule="other") == 1
    assert kaia.value("kaia_slack_reconnects_total", reason="other") == 1


@pytest.mark.parametrize(
    "command",
    [
        "kubectl delete pod x",
        "kubectl get secrets",
        "kubectl get pods | sh",
        "kubectl get pods --kubeconfig=x",
        "kubectl 'get pods",
        "x" * 3_000,
        "kubectl get pods --all-namespaces",
    ],
)
def test_each_rule_that_refuses_has_a_name_of_its_own(kaia: Counted, command: str) -> None:
    verdict = kept_to(("shop",), policy.judge)(command)
    record = counted(unrecorded, kaia.telemetry)

    record("command", verdict=verdict.kind, rule=verdict.rule, redactions=0)

    assert kaia.value("kaia_commands_refused_total", rule=verdict.rule) == 1


def test_a_change_is_counted_at_its_end_and_its_record_is_written_all_the_same(
    kaia: Counted,
) -> None:
    kept: list[str] = []
    record = counted(lambda kind, **fields: kept.append(f"{kind} {fields}"), kaia.telemetry)

    record("command", verdict="write", rule="scale", phase="begins")
    record("command", verdict="write", rule="scale", phase="ends", redactions=2)
    record("refusal", why="not here")

    assert len(kept) == 3
    assert kaia.value("kaia_redactions_total") == 2
    assert kaia.value("kaia_people_refused_total") == 1


def test_where_nobody_looks_nothing_happens() -> None:
    with UNMEASURED.doing("turn", "said", "message:1") as running:
        running.ends("done")
        running.notes(attempt=1)
    UNMEASURED.count("takeover", by=3)


async def _never(_turn: Turn) -> Ending:
    raise NotImplementedError


class TestExposition:
    async def test_before_the_store_is_open_the_rest_is_told(self, kaia: Counted) -> None:
        kaia.telemetry.count("takeover", by=1)
        parts = {"slack": lambda: True, "store": lambda: False}

        text = (await Metrics(kaia.meters, parts, None).exposition()).decode()

        assert 'kaia_ready{part="slack"} 1.0' in text
        assert 'kaia_ready{part="store"} 0.0' in text
        assert "kaia_store_up 0.0" in text
        assert "kaia_turns_taken_over_total 1.0" in text
        assert "kaia_turns_waiting" not in text

    async def test_a_store_that_does_not_answer_takes_nothing_else_away(
        self, kaia: Counted, tmp_path: Path
    ) -> None:
        store = await Store.open(f"sqlite:///{tmp_path / 'kaia.db'}", exclusive=True)
        metrics = Metrics(kaia.meters, {}, (store, Inbox(store, _never, Redactor())))
        assert "kaia_store_up 1.0" in (await metrics.exposition()).decode()
        await store.close()
        (tmp_path / "kaia.db").write_bytes(b"no database any more" * 100)

        text = (await metrics.exposition()).decode()

        assert "kaia_store_up 0.0" in text
        assert "kaia_build_info" in text
        assert "kaia_store_rows" not in text
