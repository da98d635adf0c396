"""What a conversation gives to a scenario: question, cause and receipts, and nobody's name."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.conversations import Store
from bot.conversations.records import Arrival, Learnt
from bot.conversations.turns.closing.exporting import SCENARIO, incident_of, to_do
from bot.conversations.turns.closing.facts import Exchange, Facts, Finding
from bot.dialogue import Notice, Receipt
from bot.evaluation import scenario as evaluated
from bot.recordings.incident import Incident
from tests.conversations.test_closing import OPENED, line
from tests.doubles.conversation_edges import said

FOUND = Finding(
    OPENED + 10,
    "U1",
    "why is cart down?",
    "**CONFIRMED** · Pod shop/cart-1: ImagePullBackOff [1].",
    (
        "**Cause:** Container `app` cannot get its image `registry.example/shop/cart:v2.O` [1].",
        "**Next:** `kubectl describe pod cart-1 -n shop`",
    ),
    says="cause",
    about=frozenset({("Pod", "shop", "cart-1"), ("Service", "shop", "front")}),
)
READ = Receipt(1, "kubectl", "kubectl get pods -n shop", "read", 0, "NAME", "", OPENED + 20, 0.2)


def facts_of(*findings: Finding, receipts: Sequence[Receipt] = (READ,), **other: Any) -> Facts:
    exchanges = [
        Exchange(
            line(each.by, each.question, each.at - OPENED),
            line("kaia", "So.", each.at - OPENED),
            each,
        )
        for each in findings
    ]
    given: dict[str, Any] = {
        "people": {"U1": "Ann", "U2": "Ben Miller"},
        "exchanges": tuple(exchanges),
    }
    return Facts(
        place="#incidents", cluster="prod", opened=OPENED, now=OPENED + 900, questions=1,
        findings=findings, receipts=tuple(receipts), **{**given, **other},
    )  # fmt: skip


def incident(facts: Facts, **notes: Any) -> Incident:
    return incident_of(facts, notes, namespace="shop", source="C1:1.0")


def scenario(facts: Facts) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(incident(facts).files[SCENARIO])
    return found


class TestTheScenario:
    def test_is_one_that_can_be_evaluated(self, tmp_path: Path) -> None:
        (tmp_path / "one").mkdir()
        (tmp_path / "one" / "scenario.yaml").write_text(incident(facts_of(FOUND)).files[SCENARIO])
        expected = evaluated.load(tmp_path / "one").expected
        assert expected.question == "why is cart down?"
        assert expected.namespace == "shop"
        assert expected.about == "Pod shop/cart-1: ImagePullBackOff."
        assert not expected.builtin
        assert expected.source == "C1:1.0, 2023-11-14 22:13:20 UTC"

    def test_of_the_first_verdict_is_asked_what_it_was(self) -> None:
        assert scenario(facts_of(FOUND))["verdict"] == ["CONFIRMED", "LIKELY"]
        guess = replace(FOUND, at=OPENED, verdict="**LIKELY** · it may be.", question="well?")
        assert "verdict" not in scenario(facts_of(guess, FOUND))

    def test_must_say_a_name_of_the_confirmed_cause_and_what_it_quotes(self) -> None:
        found = scenario(facts_of(FOUND))
        assert found["must"] == [["cart-1"], ["registry.example/shop/cart:v2.O", "v2.O"]]
        assert found["cause"].startswith("CONFIRMED · Pod shop/cart-1: ImagePullBackOff.\nCause: ")
        assert "[1]" not in found["cause"]
        assert "describe" not in found["cause"]

    @pytest.mark.parametrize(
        "verdict", ["**LIKELY** · it may be.", "**INCONCLUSIVE** · who knows."]
    )
    def test_must_say_nothing_where_nothing_was_confirmed(self, verdict: str) -> None:
        found = scenario(facts_of(replace(FOUND, verdict=verdict)))
        assert "must" not in found
        assert found["cause"].startswith("Not confirmed in the conversation.")
        assert found["about"] == "why is cart down?"

    def test_follow_ups_are_those_of_people_in_order_until_it_was_mended(self) -> None:
        asked = [
            replace(FOUND, at=OPENED + 20, by="U2", question="and its logs?"),
            replace(FOUND, at=OPENED + 30, by="B7", question="ALERT again"),
            replace(FOUND, at=OPENED + 40, question="since when?"),
            replace(FOUND, at=OPENED + 500, question="and now?"),
        ]
        write = replace(READ, number=4, verdict="write", started=OPENED + 400)
        found = scenario(facts_of(FOUND, *asked, receipts=(READ, write)))
        assert found["follow_ups"] == ["and its logs?", "since when?"]

    def test_people_are_nowhere_in_it(self) -> None:
        question = (
            "@Ben Miller says cart is down, <@U2> <@U3|eve> and @Zoe too: ann@x.io, img@sha256:1"
        )
        found = incident(facts_of(replace(FOUND, question=question)))
        text = found.files[SCENARIO] + found.note
        assert not any(name in text for name in ("Ben", "Miller", "U2", "eve", "Zoe", "Ann"))
        assert yaml.safe_load(found.files[SCENARIO])["question"] == (
            "someone says cart is down, someone someone and someone too: ann@x.io, img@sha256:1"
        )


class TestWhatIsShown:
    """Of two troubles only one may have been kept."""

    MALL = replace(
        FOUND, at=OPENED + 30, question="and the mall?",
        verdict="**CONFIRMED** · Pod mall/till-1: OOMKilled [2].",
        lead=("**Cause:** Container `app` is killed at its memory limit of 64Mi [2].",),
        about=frozenset({("Pod", "mall", "till-1")}),
    )  # fmt: skip

    def exported(self, *namespaces: str) -> dict[str, Any]:
        kept = {**TestTheKeptLook.KEPT, "namespaces": [*namespaces]}
        found = incident(facts_of(FOUND, self.MALL), looked=kept).files[SCENARIO]
        return dict(yaml.safe_load(found))

    def test_is_what_it_asks_and_expects(self) -> None:
        found = self.exported("shop")
        assert (found["question"], found.get("follow_ups")) == ("why is cart down?", None)
        assert found["must"][0] == ["cart-1"]
        found = self.exported("mall")
        assert (found["question"], found.get("follow_ups")) == ("and the mall?", None)
        assert found["must"][0] == ["till-1"]
        assert "OOMKilled" in found["cause"]

    def test_is_all_where_both_were_kept(self) -> None:
        found = self.exported("shop", "mall")
        assert (found["question"], found["follow_ups"]) == ("why is cart down?", ["and the mall?"])
        assert found["must"][0] == ["till-1"]

    def test_may_have_no_confirmed_cause(self) -> None:
        assert self.exported("office")["cause"].startswith("Not confirmed")


class TestWhatIsLeftToDo:
    def test_is_to_read_what_answers_must_say(self) -> None:
        assert to_do(incident(facts_of(FOUND))).endswith("taken from the confirmed cause.")

    def test_is_to_write_it_where_nothing_was_confirmed(self) -> None:
        guess = replace(FOUND, verdict="**LIKELY** · it may be.")
        assert to_do(incident(facts_of(guess))).startswith("Nothing was confirmed: write what")

    def test_is_to_write_it_where_the_question_says_all_of_it(self) -> None:
        known = replace(
            FOUND, question="is cart-1 down?", verdict="**CONFIRMED** · Pod shop/cart-1: down.",
            lead=("**Cause:** It is down.",),
        )  # fmt: skip
        made = incident(facts_of(known))
        assert "must" not in yaml.safe_load(made.files[SCENARIO])
        assert "says nothing that the question does not say" in to_do(made)


class TestReceipts:
    def test_what_was_read_after_all_was_well_answers_nothing(self) -> None:
        well = Finding(
            OPENED + 300, "U1", "well?", "**CONFIRMED** · all is well.", says="healthy",
            within=frozenset({"shop"}),
        )  # fmt: skip
        after = replace(READ, number=2, started=OPENED + 310)
        found = incident(facts_of(FOUND, well, receipts=(READ, after)))
        assert [(each.number, each.answers) for each in found.receipts] == [(1, True), (2, False)]

    def test_only_commands_of_kubectl_that_ran_are_kept(self) -> None:
        look = replace(READ, number=2, tool="triage")
        refused = replace(READ, number=3, verdict="refused", exit_code=None)
        killed = replace(READ, number=4, exit_code=None)
        found = incident(facts_of(FOUND, receipts=(READ, look, refused, killed)))
        assert [(each.number, each.answers) for each in found.receipts] == [(1, True), (4, False)]


class TestTheKeptLook:
    KEPT = {  # noqa: RUF012 - nobody changes it
        "format": 1, "at": OPENED + 11, "namespaces": ["shop"], "objects": [], "listed": {},
        "rows": [], "labels": {}, "logs": [], "left_out": 0,
    }  # fmt: skip

    def test_goes_with_it(self) -> None:
        kept = incident(facts_of(FOUND), looked=self.KEPT).kept
        assert kept is not None
        assert kept.namespaces == ("shop",)

    def test_of_a_trouble_before_this_one_does_not(self) -> None:
        assert incident(facts_of(FOUND), looked={**self.KEPT, "at": OPENED - 5}).kept is None

    @pytest.mark.parametrize("how", ["forgotten", "grown old"])
    async def test_is_deleted_with_its_conversation(self, store: Store, how: str) -> None:
        await store.line.add([Arrival(said("why?"), "talk")])
        [turn] = await store.line.claim("me", talk=1, words=0)
        thread = turn.said.thread.id
        await store.conclude(turn, Learnt(Notice("So."), "open", notes={"looked": self.KEPT}))
        await store.line.finish(turn, "done")
        assert "looked" in (await store.conversation(thread)).notes
        if how == "forgotten":
            await store.forget_thread(thread)
        else:
            assert await store.forget_older(than=4e9)
        assert (await store.conversation(thread)).notes == {}
        assert (await store.sizes()).rows["notes"] <= 1
