"""What operators see of a busy run: right numbers, words from lists, nothing of what people say."""

import json
import re
from collections.abc import Iterator

import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.app.vocabulary import VOCABULARY
from bot.telemetry.meters import ACTIVITIES, HAPPENINGS
from bot.telemetry.words import OTHER, OUTCOMES
from tests.telemetry.conftest import CANARIES, Busy

pytestmark = pytest.mark.timeout(180)

_OURS = re.compile(r"kaia_[a-z_]+")
_TABLES = re.compile(r"[a-z_]+")


def series(busy: Busy) -> Iterator[tuple[str, dict[str, str], float]]:
    for family in text_string_to_metric_families(busy.exposition):
        for sample in family.samples:
            yield sample.name, sample.labels, sample.value


def number(busy: Busy, wanted: str, **labels: str) -> float:
    return sum(
        value
        for name, found, value in series(busy)
        if name == wanted and labels.items() <= found.items()
    )


class TestNumbers:
    @pytest.mark.parametrize(
        ("name", "labels"),
        [
            ("kaia_slack_ack_seconds_count", {"envelope": "events_api", "outcome": "done"}),
            ("kaia_intake_seconds_count", {"kind": "said", "outcome": "done"}),
            ("kaia_turn_seconds_count", {"kind": "said", "outcome": "done"}),
            ("kaia_turn_seconds_count", {"kind": "word", "outcome": "done"}),
            ("kaia_model_call_seconds_count", {"provider": "ollama", "outcome": "done"}),
            ("kaia_model_call_seconds_count", {"provider": "ollama", "outcome": "busy"}),
            ("kaia_model_call_seconds_count", {"provider": "builtin", "outcome": "done"}),
            ("kaia_kubectl_seconds_count", {"verb": "get", "outcome": "done"}),
            ("kaia_kubectl_seconds_count", {"verb": "logs", "outcome": "done"}),
            ("kaia_slack_call_seconds_count", {"method": "chat.postMessage", "outcome": "done"}),
            ("kaia_slack_call_seconds_count", {"method": "chat.postMessage", "outcome": "limited"}),
            ("kaia_slack_rate_limited_total", {"method": "chat.postMessage"}),
            ("kaia_model_tokens_total", {"direction": "in"}),
            ("kaia_model_tokens_total", {"direction": "out"}),
            ("kaia_commands_refused_total", {"rule": "reads_no_secrets"}),
            ("kaia_commands_refused_total", {"rule": "needs_no_shell"}),
            ("kaia_people_refused_total", {}),
            ("kaia_redactions_total", {}),
            ("kaia_slack_reconnects_total", {"reason": "refresh_requested"}),
            ("kaia_turns_taken_over_total", {}),
            ("kaia_ready", {"part": "slack"}),
            ("kaia_store_up", {}),
            ("kaia_build_info", {}),
            ("kaia_store_rows", {"table": "turns"}),
            ("kaia_tokens_today", {}),
            ("process_resident_memory_bytes", {}),
        ],
    )
    def test_what_happened_was_counted(
        self, busy_run: Busy, name: str, labels: dict[str, str]
    ) -> None:
        assert number(busy_run, name, **labels) > 0

    def test_each_turn_counts_once_and_no_person_is_counted_twice(self, busy_run: Busy) -> None:
        assert number(busy_run, "kaia_turn_seconds_count", kind="said") == 3
        assert number(busy_run, "kaia_turns_taken_over_total") == 1
        assert number(busy_run, "kaia_people_refused_total") == 1
        assert number(busy_run, "kaia_turns_waiting") == 0


class TestLabels:
    def test_every_value_is_on_a_list_known_at_start(self, busy_run: Busy) -> None:
        told = ACTIVITIES | HAPPENINGS
        by_label = {told[what].label: set(words) | {OTHER} for what, words in VOCABULARY.items()}
        kinds = set(VOCABULARY["intake"]) | set(VOCABULARY["turn"]) | {OTHER}
        by_label |= {
            "kind": kinds,
            "outcome": {word for words in OUTCOMES.values() for word in words} | {OTHER},
            "part": {"slack", "store", "engine"},
        }
        for name, labels, _ in series(busy_run):
            for label, value in labels.items():
                if label in by_label:
                    assert value in by_label[label], (name, labels)
                elif label == "table":
                    assert _TABLES.fullmatch(value)
                else:
                    assert label in {"le", "version", "python"}, (name, labels)

    def test_no_outcome_of_the_run_is_unknown(self, busy_run: Busy) -> None:
        assert not [labels for _, labels, _ in series(busy_run) if labels.get("outcome") == OTHER]

    def test_neither_words_nor_ids_are_in_it(self, busy_run: Busy) -> None:
        assert not [each for each in (*CANARIES, *busy_run.ids) if each in busy_run.exposition]

    def test_names_are_as_prometheus_wants_them(self, busy_run: Busy) -> None:
        for family in text_string_to_metric_families(busy_run.exposition):
            if family.name.startswith("process_"):
                continue
            assert _OURS.fullmatch(family.name)
            assert family.documentation
            assert family.type != "histogram" or family.name.endswith("_seconds")
            assert not family.name.endswith("_created")


class TestLogs:
    def test_a_process_without_a_terminal_writes_one_json_object_a_line(
        self, busy_run: Busy
    ) -> None:
        lines = [json.loads(line) for line in busy_run.log.splitlines()]
        assert {"event", "level", "timestamp"} <= set.intersection(*map(set, lines))

    def test_no_line_holds_what_was_said_printed_or_answered(self, busy_run: Busy) -> None:
        # The audit names the commands that were run, which hold names of the cluster.
        said = [line for line in busy_run.log.splitlines() if '"audit.' not in line]
        assert len(said) > 20
        assert not [(each, line) for each in CANARIES for line in said if each in line]

    def test_the_audit_holds_commands_and_nothing_of_what_they_printed(
        self, busy_run: Busy
    ) -> None:
        audit = [line for line in busy_run.log.splitlines() if '"audit.' in line]
        assert audit
        for line in audit:
            event = json.loads(line)
            del event["argv"]
            assert not [each for each in CANARIES if each in json.dumps(event)]


class TestTraces:
    def test_a_turn_is_one_trace_from_its_message_to_its_answer(self, busy_run: Busy) -> None:
        turns = [span for span in busy_run.spans if span.name == "kaia.turn"]
        assert len(turns) == 4
        for turn in turns:
            trace = [span for span in busy_run.spans if span.trace == turn.trace]
            [intake] = [span for span in trace if span.name == "kaia.intake"]
            assert turn.parent == intake.span
            assert intake.parent == ""
            assert "kaia.slack" in {span.name for span in trace}

    def test_a_turn_that_another_process_took_over_goes_on_in_its_trace(
        self, busy_run: Busy
    ) -> None:
        [turn] = [
            span
            for span in busy_run.spans
            if span.name == "kaia.turn" and span.attributes["kaia.attempt"] == 2
        ]
        [intake] = [span for span in busy_run.spans if span.span == turn.parent]
        assert intake.trace == turn.trace

    def test_model_calls_and_commands_are_below_their_turn(self, busy_run: Busy) -> None:
        turns = {span.span for span in busy_run.spans if span.name == "kaia.turn"}
        for name in ("kaia.model", "kaia.kubectl"):
            found = [span for span in busy_run.spans if span.name == name]
            assert found
            assert {span.parent for span in found} <= turns

    def test_they_hold_ids_numbers_and_words_from_lists(self, busy_run: Busy) -> None:
        words = {word for known in (*VOCABULARY.values(), *OUTCOMES.values()) for word in known}
        for span in busy_run.spans:
            assert span.events == 0
            assert span.status == ""
            for name, value in span.attributes.items():
                assert name.startswith("kaia.")
                if isinstance(value, str) and name != "kaia.turn":
                    assert value in words | {OTHER}, span

    def test_nothing_of_what_was_said_is_in_the_bytes(self, busy_run: Busy) -> None:
        assert busy_run.sent
        assert not [each for each in CANARIES if each.encode() in busy_run.sent]
