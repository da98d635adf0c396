""" "Thanks!", `summary`, a late joiner and `forget`, with a real store."""

import asyncio
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from typing import Any

import pytest

from bot.conversations import Store
from bot.conversations.records import Arrival, Conversation, Learnt, Turn, Watch
from bot.conversations.turns.briefing import brief, is_late
from bot.conversations.turns.caps import Caps, Limits
from bot.conversations.turns.closing.closeout import broadcast
from bot.conversations.turns.closing.gathering import NO_CLUSTER_THEN, changed_since, facts_of
from bot.conversations.turns.closing.paragraph import Paragraphs
from bot.conversations.turns.forgetting import forget
from bot.conversations.turns.progress import Progress
from bot.dialogue import Closed, Decision, Entry, Input, Notice, Receipt, Usage
from bot.errors import ClusterError, ModelUnreachable
from tests.conversations.conftest import Engine
from tests.doubles.changing import proposal
from tests.doubles.conversation_edges import (
    CANARY,
    Gallery,
    MaskingRedactor,
    ReceiptToolbox,
    ScriptedAssistant,
    Watcher,
    said,
)

THREAD = "T1:C1:1.0"
T0 = 1_700_000_000.0
TALKED = {
    "people": {"U1": {"name": "Ann", "since": T0}, "U2": {"name": "Ben", "since": T0 + 60}},
    "findings": [
        {
            "turn": "t1",
            "at": T0,
            "by": "U1",
            "question": "why is payments down?",
            "verdict": "**CONFIRMED** · Pod `payments-1` is out of memory [1].",
            "lead": ["Cause: its limit is 64Mi [1].", "Next: raise the limit."],
        }
    ],
}


@dataclass
class AwayToolbox(ReceiptToolbox):
    async def what_changed(self, before: Mapping[str, Any], now: float) -> str:  # noqa: ARG002
        raise ClusterError("The cluster does not answer.")


async def begun(store: Store, words: str, **more: Any) -> Turn:
    await store.line.add([Arrival(said(words, **more), "talk")])
    [turn] = await store.line.claim("me", talk=1, words=0)
    return turn


async def talked(store: Store, questions: int = 3) -> Conversation:
    """A conversation of Ann's and Ben's."""
    turn = await begun(store, "why is payments down?", received=T0)
    told = Entry("U1", "why is payments down?"), Entry("kaia", "Out of memory.")
    receipt = Receipt(1, "kubectl", "kubectl get pods", "read", 0, "", "", T0 + 5, 0.5)
    learnt = Learnt(None, "open", {"heard": []}, told, (receipt,), questions=1, notes=TALKED)
    await store.conclude(turn, learnt)
    await store.line.finish(turn, "done", None)
    for number in range(questions - 1):
        turn = await begun(store, f"question {number}", received=T0 + number)
        more = Learnt(None, "open", entries=(Entry("U2", f"question {number}"),), questions=1)
        await store.conclude(turn, more)
        await store.line.finish(turn, "done", None)
    return await store.conversation(THREAD)


async def closed(engine: Engine, *, words: str = "Thanks!") -> Closed:
    await engine.inbox.receive(said("why?"))
    await engine.gallery.showed(1)
    await engine.inbox.receive(said(words, addressed=False))
    outcome = (await engine.gallery.showed(2))[1].outcome
    assert isinstance(outcome, Closed)
    await engine.settled(2)
    return outcome


# Thanks!


async def test_thanks_brings_the_close_out_its_ticket_and_the_offer(engine: Engine) -> None:
    outcome = await closed(engine)
    head, *rest = outcome.markdown.split("\n\n")
    assert head.startswith("You're welcome. This conversation is closed: 1 question, 1 read-only")
    assert rest[0] == "**CONFIRMED** · by [].\n**Next:** nothing to do."
    assert "Since turn 1, at " in outcome.markdown
    assert outcome.offers_broadcast
    assert outcome.attachment is not None
    assert outcome.attachment.name == "incident-2023-11-14-C1.md"
    for told in (
        "asked `why?`",
        "Kaia answered: **CONFIRMED**",
        "[1] 2033-05-18",
        "nothing changed",
    ):
        assert told in outcome.attachment.text


async def test_what_is_undecided_and_which_watches_ended_is_read_since_it_was_opened(
    store: Store,
) -> None:
    conversation = await talked(store, 1)
    for number, thread in enumerate(("1.0", "9.0")):
        turn = await begun(store, "more", received=T0 + 90, thread=thread)
        offers = tuple(proposal(id=f"{each}-{number}") for each in ("left", "decided"))
        watch = Watch(f"w{number}", turn.said, {}, "pod/pay until ready", T0, 9e12)
        await store.conclude(turn, Learnt(None, "open", proposals=offers, watches=(watch,)))
        await store.proposals.begin(turn, f"decided-{number}", "Ann")
        over = Learnt(None, "open", ended_watches=(watch.id,))
        await store.line.finish(turn, "done", None)
        turn = await begun(store, "unwatch", thread=thread)
        await store.conclude(turn, over)
        await store.line.finish(turn, "done", None)
    here = said("x").thread
    facts = await facts_of(store, here, conversation, cluster="", now=T0, place="#incidents")
    assert facts.place == "#incidents"
    assert [each.proposal.id for each in facts.undecided] == ["left-0"]
    assert [each.watch.id for each in facts.ended] == ["w0"]
    later = replace(conversation, opened=9e12)
    facts = await facts_of(store, here, later, cluster="", now=T0)
    assert (facts.place, facts.undecided, facts.ended) == ("channel C1", (), ())


async def test_the_models_paragraph_is_labelled_and_its_state_thrown_away(engine: Engine) -> None:
    outcome = await closed(engine)
    label = "**In the words of scripted, not checked:** About: The conversation ends here."
    assert label in outcome.markdown
    assert outcome.attachment is not None
    assert label in outcome.attachment.text
    kept = await engine.store.conversation(THREAD)
    assert kept.state == {"heard": ["Ann (U1): why?", "Thanks!"]}


async def test_the_close_out_is_kept_for_the_channel_until_it_is_opened_again(
    engine: Engine,
) -> None:
    assert not broadcast(await engine.store.conversation(THREAD)).is_broadcast
    await closed(engine)
    notice = broadcast(await engine.store.conversation(THREAD))
    assert notice.is_broadcast
    assert notice.markdown.startswith("**Closed:** 1 question, 1 read-only command run on `prod`,")
    assert "You're welcome" not in notice.markdown
    await engine.inbox.receive(said("and now?"))
    await engine.gallery.showed(3)
    notice = broadcast(await engine.store.conversation(THREAD))
    assert not notice.is_broadcast
    assert "the conversation goes on" in notice.markdown


async def test_words_that_close_nothing_are_told_how(store: Store) -> None:
    notice = broadcast(await store.conversation(THREAD))
    assert "Nothing is closed here yet" in notice.markdown
    assert not notice.is_broadcast


async def test_a_cluster_that_is_away_is_said_and_the_conversation_closes(store: Store) -> None:
    async with Engine(store, toolbox=AwayToolbox()).at_work() as engine:
        outcome = await closed(engine)
    assert "could not be compared with how it was: The cluster does not answer." in outcome.markdown


async def test_without_a_picture_of_the_cluster_nothing_is_compared() -> None:
    assert await changed_since(ReceiptToolbox(), Conversation(), T0) == NO_CLUSTER_THEN


# The paragraph


async def worded(
    store: Store, assistant: ScriptedAssistant, *, seconds: float = 20.0, caps: Caps | None = None
) -> tuple[str, Progress]:
    conversation, progress = await talked(store), Progress()
    turn = await begun(store, "Thanks!")
    paragraphs = Paragraphs(
        assistant,
        Limits(store, caps or Caps()),
        MaskingRedactor(),
        lambda _said: "in C1",
        seconds,
    )
    return await paragraphs.word(turn, conversation, progress), progress


async def test_the_paragraph_is_redacted_and_its_tokens_counted(store: Store) -> None:
    assistant = ScriptedAssistant(answer=lambda _said: f"It was\n\n![x](https://evil) {CANARY}.")
    told, progress = await worded(store, assistant)
    assert told.endswith("not checked:** It was [x] (https://evil) [redacted].")
    assert progress.usage == Usage(1, 100, 10)


async def test_a_claim_of_the_paragraph_on_a_command_that_never_ran_is_struck(store: Store) -> None:
    told, _ = await worded(store, ScriptedAssistant(answer=lambda _said: "It was memory [7]."))
    assert "~~" in told


@pytest.mark.parametrize(
    "assistant",
    [
        ScriptedAssistant(label="builtin"),
        ScriptedAssistant(errors=[ModelUnreachable("It is away.")]),
        ScriptedAssistant(answer=lambda _said: "  "),
    ],
)
async def test_a_model_that_has_no_words_leaves_none(
    store: Store, assistant: ScriptedAssistant
) -> None:
    assert (await worded(store, assistant))[0] == ""


async def test_a_model_that_takes_too_long_is_not_waited_for(store: Store) -> None:
    assistant = ScriptedAssistant(gate=asyncio.Event())
    assert (await worded(store, assistant, seconds=0.01))[0] == ""
    assert assistant.at_work == 0


async def test_without_tokens_no_model_is_asked(store: Store) -> None:
    assistant = ScriptedAssistant()
    assert (await worded(store, assistant, caps=Caps(daily_tokens=0)))[0] == ""
    assert assistant.asked == []


# summary


async def test_a_summary_tells_the_same_of_a_conversation_that_goes_on(engine: Engine) -> None:
    await engine.inbox.receive(said("why?"))
    await engine.gallery.showed(1)
    await engine.settled(1)
    asked = len(engine.assistant.asked)
    notice = await summed_up(engine)
    assert notice.markdown.startswith("**So far:** 1 question, 1 read-only command run on `prod`,")
    assert "**CONFIRMED** · by []." in notice.markdown
    assert len(engine.assistant.asked) == asked
    assert (await engine.store.conversation(THREAD)).is_open


async def test_a_summary_where_nothing_is_open_says_so(engine: Engine) -> None:
    assert "No conversation is open here" in (await summed_up(engine)).markdown


async def summed_up(engine: Engine) -> Notice:
    before = len(engine.gallery.shown)
    await engine.inbox.receive(said("summary"))
    outcome = (await engine.gallery.showed(before + 1))[before].outcome
    assert isinstance(outcome, Notice)
    return outcome


# A late joiner


def joining(**more: Any) -> Input:
    return said("what is going on?", speaker="U3", speaker_name="Cho", **more)


async def test_who_joins_late_is_told_once_in_five_lines_and_alone(store: Store) -> None:
    conversation, gallery = await talked(store), Gallery()
    turn = await begun(store, "hello", speaker="U3", speaker_name="Cho")
    progress = Progress()
    notes = await brief(turn, conversation, gallery(turn.said), progress, store, lambda: T0 + 600)
    await progress.end()
    assert notes == {"briefed": ["U3"]}
    [(whom, told)] = gallery.whispers
    assert whom == "U3"
    begun_at = "2023-11-14 22:13:20 UTC (10 min ago)"
    found = "**CONFIRMED** · Pod `payments-1` is out of memory [1]. Cause: its limit is 64Mi [1]."
    how = "Ask right here, without a mention; `summary` says more, and `show 3` shows command 3."
    assert told.splitlines() == [
        f"- You join a conversation that Ann began at {begun_at}: 3 questions, 2 people so far.",
        "- Asked last, by Ann: `why is payments down?`",
        f"- Found so far: {found}",
        "- Done: 1 command run, no change made.",
        f"- Open: {how}",
    ]
    await store.conclude(turn, Learnt(None, "open", notes=notes))
    later = await store.conversation(THREAD)
    again = await brief(turn, later, gallery(turn.said), progress, store)
    await progress.end()
    assert again == {}
    assert len(gallery.whispers) == 1


class Slow(Gallery):
    """Its notes are said once they may be."""

    def __init__(self) -> None:
        super().__init__()
        self.may_say = asyncio.Event()

    def __call__(self, said: Input) -> Watcher:
        return SlowWatcher(self, said)


class SlowWatcher(Watcher):
    async def note(self, markdown: str, *, only_for: str = "") -> None:
        assert isinstance(self.gallery, Slow)
        await self.gallery.may_say.wait()
        await super().note(markdown, only_for=only_for)


async def test_a_brief_that_slack_is_slow_with_holds_up_no_turn(store: Store) -> None:
    conversation, gallery, progress = await talked(store), Slow(), Progress()
    turn = await begun(store, "hello", speaker="U3", speaker_name="Cho")
    async with asyncio.timeout(20):
        await brief(turn, conversation, gallery(turn.said), progress, store)
    assert not gallery.whispers
    gallery.may_say.set()
    await progress.end()
    assert [whom for whom, _ in gallery.whispers] == ["U3"]


GROWN = Conversation(is_open=True, questions=3, opened=T0, notes=TALKED)
YOUNG = Conversation(is_open=True, questions=2, opened=T0, notes=TALKED)
CROWDED = Conversation(
    is_open=True,
    questions=1,
    notes={"people": {who: {"name": who, "since": T0} for who in ("U1", "U2", "U4")}},
)


@pytest.mark.parametrize(
    ("by", "conversation", "late"),
    [
        (joining(), GROWN, True),
        (joining(), CROWDED, True),
        (joining(), YOUNG, False),
        (joining(), Conversation(questions=9, notes=TALKED), False),
        (joining(), Conversation(is_open=True, questions=9), False),
        (said(speaker="U2"), GROWN, False),
        (joining(is_machine=True), GROWN, False),
        (joining(watch="w1"), GROWN, False),
        (joining(decision=Decision("p-1", approves=True, message_ts="1.5")), GROWN, False),
    ],
)
def test_late_is_a_person_who_comes_new_to_a_talk_that_has_grown(
    by: Input, conversation: Conversation, *, late: bool
) -> None:
    assert is_late(by, conversation) is late


# forget


async def test_forget_deletes_the_conversation_and_says_what_stays(url: str, store: Store) -> None:
    await talked(store)
    turn = await begun(store, "forget")
    notice = await forget(turn, store)
    assert notice.markdown.startswith("Forgotten.")
    for stays in ("here in Slack stays", "audit log stays", "by their ids alone", "begin anew"):
        assert stays in notice.markdown
    await store.line.finish(turn, "done", "9.9")
    assert await store.conversation(THREAD) == Conversation()
    assert await store.said(THREAD) == ()
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as raw:
        left = raw.execute("SELECT count(*) FROM turns WHERE payload LIKE '%payments%'")
        assert left.fetchone() == (0,)
    assert await store.line.add([Arrival(turn.said, "talk")]) == [False]  # it stays known
