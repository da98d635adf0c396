"""What is kept beside state and receipts: calls, watches, ratings; read back, and forgotten."""

from collections.abc import AsyncIterator

import pytest

from bot.conversations import Store
from bot.conversations.records import Arrival, Call, Learnt, NotOurs, Turn, Watch
from bot.dialogue import Entry, Input, Notice, Rating, Receipt
from tests.doubles.conversation_edges import said
from tests.doubles.postgres import Postgres

_CALL = Call("ollama:qwen3:8b", "d1", "p1", {"situation": "here"})


@pytest.fixture(params=["sqlite", "postgres"])
async def store(request: pytest.FixtureRequest, url: str) -> AsyncIterator[Store]:
    if request.param == "postgres":
        server: Postgres = request.getfixturevalue("postgres")
        url = server.url()
    store = await Store.open(url, exclusive=True)
    yield store
    await store.close()


async def begun(store: Store, question: Input) -> Turn:
    await store.line.add([Arrival(question, "talk")])
    return (await store.line.claim("me", talk=1, words=0))[0]


async def concluded(store: Store, question: Input, learnt: Learnt) -> Turn:
    turn = await begun(store, question)
    await store.conclude(turn, learnt)
    await store.line.finish(turn, "done")
    return turn


def _watch(question: Input) -> Watch:
    return Watch("w1", question, {"kind": "pod"}, "pod/y in shop", question.received, 9e9)


async def test_what_was_said_run_and_sent_is_read_back_in_its_order(store: Store) -> None:
    question = said("what is wrong?")
    receipt = Receipt(1, "kubectl", "kubectl get pods", "read", 0, "none", "", 5.0, 0.1)
    entries = (Entry(question.speaker, question.text), Entry("kaia", "nothing"))
    learnt = Learnt(
        Notice("nothing"), "open", entries=entries, receipts=(receipt,), calls=(_CALL, _CALL)
    )
    await concluded(store, question, learnt)
    thread = question.thread.id
    assert [one.entry for one in await store.said(thread)] == list(entries)
    assert await store.said(thread, since=9e9) == ()
    assert await store.receipts_since(thread, 4.0) == (receipt,)
    assert await store.receipts_since(thread, 6.0) == ()
    (sent,) = await store.sent(thread)
    assert (sent.turn, sent.calls) == (question.id, (_CALL, _CALL))
    (recent,) = await store.recent_of(question.speaker)
    assert (recent.thread, recent.question, recent.is_open) == (thread, question.text, True)
    assert await store.recent_of("U_NOBODY") == ()


async def test_a_turn_that_only_listened_shows_nothing_when_it_is_run_again(store: Store) -> None:
    question = said("Ben, did you restart it?")
    turn = await begun(store, question)
    await store.conclude(turn, Learnt(None, "open", entries=(Entry("U1", question.text),)))
    await store.line.put_back(turn)
    again = (await store.line.claim("me", talk=1, words=0))[0]
    assert again.conclusion is not None
    assert await store.outcome(again) is None


async def test_a_watch_is_open_until_a_turn_ends_it(store: Store) -> None:
    question = said("watch pod y")
    await concluded(store, question, Learnt(Notice("I watch"), "open", watches=(_watch(question),)))
    (watch,) = await store.watches.open()
    assert (watch.said, watch.wish, watch.sentence) == (question, {"kind": "pod"}, "pod/y in shop")
    assert await store.watches.open_in(question.thread.id) == (watch,)
    await concluded(
        store, said("unwatch"), Learnt(Notice("ended"), "open", ended_watches=("w1", "w0"))
    )
    assert await store.watches.open() == ()


async def test_a_rating_names_the_model_that_answered_and_the_last_press_counts(
    store: Store,
) -> None:
    question = said("what is wrong?")
    await concluded(store, question, Learnt(Notice("nothing"), "open", calls=(_CALL,)))
    for is_good in (True, False):
        await store.rate(Rating(question.thread, question.id, "U1", is_good, 7.0))
    assert not await store.rate(Rating(question.thread, "message:unknown", "U1", True, 7.0))
    rows = (await store.sizes()).rows
    assert rows["ratings"] == 1


async def test_to_forget_in_a_turn_deletes_all_but_what_it_says_of_that(store: Store) -> None:
    question = said("what is wrong?")
    await concluded(
        store,
        question,
        Learnt(
            Notice("nothing"),
            "open",
            entries=(Entry("U1", "secret words"),),
            calls=(_CALL,),
            watches=(_watch(question),),
            notes={"people": {}},
        ),
    )
    await store.rate(Rating(question.thread, question.id, "U1", True, 7.0))
    turn = await begun(store, said("forget"))
    await store.line.add([Arrival(said("and now?"), "talk")])
    await store.conclude_forget(turn, lambda _kept: Notice("Forgotten."))
    rows = dict((await store.sizes()).rows)
    assert {name for name, number in rows.items() if number} == {"turns"} | (
        {"notes"} if rows["notes"] == 1 else set()
    )
    assert (await store.conversation(question.thread.id)).is_open is False
    await store.line.put_back(turn)
    again = (await store.line.claim("me", talk=1, words=0))[0]
    assert await store.outcome(again) == Notice("Forgotten.")
    await store.line.finish(again, "done")
    (later,) = await store.line.claim("me", talk=1, words=0)
    assert later.said.text == "and now?"
    with pytest.raises(NotOurs):
        await store.conclude_forget(turn, lambda _kept: Notice("Forgotten."))
