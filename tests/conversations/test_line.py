"""The line of turns on either store: who is kept, in which order, what may still be changed."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import psycopg
import pytest
from sqlalchemy import event, text

from bot.conversations import Store
from bot.conversations.records import Arrival, Kind, Learnt, Status, Turn
from bot.conversations.storage import statements
from bot.dialogue import Decision, Input, Notice
from tests.doubles.conversation_edges import said
from tests.doubles.postgres import Postgres

THREAD = "T1:C1:1.0"


def arrival(message: Input | None = None, kind: Kind = "talk", **more: Any) -> Arrival:
    return Arrival(message or said(**more), kind)


async def claimed(store: Store) -> list[Turn]:
    return await store.line.claim("me", talk=50, words=50)


async def close(store: Store, turn: Turn, *, status: Status = "done") -> None:
    await store.conclude(turn, Learnt(Notice("bye"), "closed"))
    await store.line.finish(turn, status)


@pytest.fixture
async def replicas(postgres: Postgres) -> AsyncIterator[tuple[Store, Store]]:
    url = postgres.url()
    one, other = [await Store.open(url, exclusive=True) for _ in range(2)]
    yield one, other
    await one.close()
    await other.close()


# Who is kept


async def test_in_one_commit_each_message_is_kept_once(each_store: Store) -> None:
    message = said()
    kept = await each_store.line.add([arrival(message), arrival(message), arrival()])
    assert kept == [True, False, True]
    assert await each_store.line.add([arrival(message)]) == [False]


async def test_an_ended_turn_is_still_known(each_store: Store) -> None:
    message = said()
    await each_store.line.add([arrival(message)])
    [turn] = await claimed(each_store)
    await each_store.line.finish(turn, "done")
    assert await each_store.line.add([arrival(message)]) == [False]


async def test_a_reply_is_kept_while_its_thread_is_live_or_open(each_store: Store) -> None:
    reply = said("and?", addressed=False)
    assert await each_store.line.add([arrival(reply)]) == [False]
    first, later = arrival(), arrival(text="then?", addressed=False)
    assert await each_store.line.add([first, later]) == [True, True]
    assert await each_store.line.add([arrival(reply)]) == [True]
    for _ in range(3):
        [turn] = await claimed(each_store)
        await close(each_store, turn)
    assert await each_store.line.add([arrival(addressed=False)]) == [False]


async def test_what_a_person_pressed_comes_back_as_it_was(each_store: Store) -> None:
    pressed = replace(said(), decision=Decision("p1", True, "9.0", ("S1", "S2")))
    await each_store.line.add([arrival(pressed)])
    [turn] = await claimed(each_store)
    assert turn.said == pressed


async def test_two_replicas_keep_one_of_fifty_deliveries(replicas: tuple[Store, Store]) -> None:
    message = arrival(said())
    kept = await asyncio.gather(*(store.line.add([message]) for store in replicas * 25))
    assert sorted(each for [each] in kept) == [False] * 49 + [True]


async def test_batches_that_share_threads_never_wait_for_each_other_in_a_circle(
    replicas: tuple[Store, Store],
) -> None:
    threads = [f"{number}.0" for number in range(30)]
    batches = [
        [arrival(thread=thread) for thread in (threads if turn % 2 else reversed(threads))]
        for turn in range(20)
    ]
    kept = await asyncio.gather(
        *(replicas[turn % 2].line.add(batch) for turn, batch in enumerate(batches))
    )
    assert all(all(each) for each in kept)
    [deadlocks] = await ask(
        replicas[0], "select deadlocks from pg_stat_database where datname = current_database()"
    )
    assert deadlocks == 0


async def ask(store: Store, statement: str) -> list[Any]:
    async def work(connection: Any) -> list[Any]:
        return list((await connection.execute(text(statement))).scalars())

    return await store.database.transact(work)


@asynccontextmanager
async def being_kept(store: Store, *arrivals: Arrival) -> AsyncIterator[None]:
    """In a transaction that ends with the block."""
    is_held, go_on = asyncio.Event(), asyncio.Event()

    async def work(connection: Any) -> None:
        await statements.add(connection, arrivals)
        is_held.set()
        await go_on.wait()

    keeping = asyncio.create_task(store.database.transact(work))
    try:
        await is_held.wait()
        yield
    finally:
        go_on.set()
        await keeping


async def test_places_in_a_thread_are_given_in_the_order_in_which_they_can_be_seen(
    replicas: tuple[Store, Store],
) -> None:
    one, other = replicas
    seen: list[int] = []

    async def add_and_claim(thread: str) -> None:
        await other.line.add([arrival(text="second", thread=thread)])
        seen.extend(turn.seq for turn in await claimed(other))

    async with being_kept(one, arrival(text="first")):
        waiting = asyncio.create_task(add_and_claim("1.0"))
        await add_and_claim("2.0")
        assert len(seen) == 1, "another thread does not wait"
        await asyncio.wait({waiting}, timeout=0.2)
        assert len(seen) == 1, "the same thread does"
    await waiting
    assert seen[1:] == [1], "the second of the thread was not begun before its first"
    assert [said.text for said in (await one.line.outlook(THREAD)).waiting] == ["second"]


async def test_a_reply_at_another_replica_waits_for_the_mention_that_is_being_kept(
    replicas: tuple[Store, Store],
) -> None:
    one, other = replicas
    async with being_kept(one, arrival()):
        reply = asyncio.create_task(other.line.add([arrival(addressed=False)]))
        await asyncio.wait({reply}, timeout=0.2)
    assert await reply == [True]


# Telling the others


async def test_the_others_are_told_of_what_came_what_went_back_and_what_to_stop(
    postgres: Postgres,
) -> None:
    url = postgres.url()
    store = await Store.open(url, exclusive=True)
    listener = await psycopg.AsyncConnection.connect(url, autocommit=True)
    await listener.execute("listen turns")
    await listener.execute("listen turns_stop")

    async def heard() -> list[tuple[str, str]]:
        return [(it.channel, it.payload) async for it in listener.notifies(timeout=0.2)]

    await store.line.add([arrival()])
    assert await heard() == [("turns", "")]
    await store.line.add([arrival(thread="7.0", addressed=False)])
    assert await heard() == []
    [turn] = await claimed(store)
    await store.line.put_back(turn)
    assert await heard() == [("turns", "")]
    [turn] = await claimed(store)
    await store.stop(THREAD)
    assert await heard() == [("turns_stop", THREAD)]
    await store.line.hand_back("me")
    assert await heard() == [("turns", "")]
    await listener.close()
    await store.close()


# Changing what waits


def saying(words: str, kind: Kind = "talk") -> Any:
    return lambda message: Arrival(replace(message, text=words), kind)


async def test_a_waiting_question_is_changed(each_store: Store) -> None:
    message = said("why?", speaker_name="Ann")
    await each_store.line.add([arrival(message)])
    assert await each_store.line.revise(message.id, saying("how?"))
    [turn] = await claimed(each_store)
    assert turn.said == replace(message, text="how?")


async def test_a_question_that_became_a_word_waits_for_nobody(each_store: Store) -> None:
    first, second = said("why?"), said("and?")
    await each_store.line.add([arrival(first), arrival(second)])
    assert await each_store.line.revise(second.id, saying("stop", "word"))
    assert [turn.said.text for turn in await claimed(each_store)] == ["why?", "stop"]


async def test_a_word_that_became_a_question_waits_behind_what_runs(each_store: Store) -> None:
    word, running = said("help"), said("why?")
    await each_store.line.add([arrival(word, "word"), arrival(running)])
    [turn] = await each_store.line.claim("me", talk=1, words=0)
    assert await each_store.line.revise(word.id, saying("how?"))
    assert await claimed(each_store) == [], "not beside the turn that runs"
    await each_store.line.finish(turn, "done")
    assert [turn.said.text for turn in await claimed(each_store)] == ["how?"]
    assert await each_store.line.add([arrival(word)]) == [False]


async def test_a_deleted_question_is_dropped_and_stays_known(each_store: Store) -> None:
    message = said()
    await each_store.line.add([arrival(message)])
    assert await each_store.line.revise(message.id, None)
    assert not await each_store.line.revise(message.id, None)
    assert await claimed(each_store) == []
    assert await each_store.line.add([arrival(message)]) == [False]
    assert await ask(each_store, "select payload from turns") == [""]


async def test_what_is_being_answered_or_never_came_is_not_changed(each_store: Store) -> None:
    message = said()
    await each_store.line.add([arrival(message)])
    [turn] = await claimed(each_store)
    assert not await each_store.line.revise(message.id, saying("how?"))
    assert not await each_store.line.revise(message.id, None)
    await each_store.conclude(turn, Learnt(Notice("here"), "open"))
    await each_store.line.put_back(turn)
    assert not await each_store.line.revise(message.id, None), "it only needs to be shown"
    assert not await each_store.line.revise("message:never", None)


async def test_an_edit_and_a_claim_at_once_leave_one_text(replicas: tuple[Store, Store]) -> None:
    one, other = replicas
    for number in range(10):
        message = said("why?", thread=f"{number}.0")
        await one.line.add([arrival(message)])
        changed, turns = await asyncio.gather(
            one.line.revise(message.id, saying("how?")), claimed(other)
        )
        turns = turns or await claimed(other)
        assert [turn.said.text for turn in turns] == ["how?" if changed else "why?"]


# Instead


async def waiting(store: Store) -> list[str]:
    return [message.text for message in (await store.line.outlook(THREAD)).waiting]


async def test_who_says_instead_stops_what_runs_and_is_next(each_store: Store) -> None:
    told: list[int] = []
    each_store.when_stopped(told.extend)
    first, second, press = said("first"), said("second", received=7.0), said("Approve")
    press = replace(press, decision=Decision("p1", True, "9.0"))
    for message in (first, second, press):
        await each_store.line.add([arrival(message)])
    [running] = await claimed(each_store)
    after = said("after")
    instead = said("Instead, look at payments", addressed=False)
    assert await each_store.line.add([arrival(instead), arrival(after)]) == [True, True]
    assert told == [running.seq]
    assert await claimed(each_store) == [], "what was stopped has not ended yet"
    assert await each_store.line.revise(second.id, saying("second, edited"))
    assert await each_store.line.add([arrival(second)]) == [False], "it is still known"
    await each_store.line.finish(running, "stopped")
    begun = []
    while turns := await claimed(each_store):
        begun += [turn.said for turn in turns]
        await each_store.line.finish(turns[0], "done")
    assert begun == [instead, replace(second, text="second, edited"), press, after]


async def test_what_was_interrupted_by_a_restart_is_what_runs(each_store: Store) -> None:
    await each_store.line.add([arrival(text="long"), arrival(text="next")])
    await claimed(each_store)
    await each_store.line.hand_back("me")
    await each_store.line.add([arrival(text="instead look at web")])
    assert await waiting(each_store) == ["instead look at web", "next"]


async def test_an_answer_that_only_needs_to_be_shown_is_shown_first(each_store: Store) -> None:
    await each_store.line.add([arrival(text="first")])
    [turn] = await claimed(each_store)
    await each_store.conclude(turn, Learnt(Notice("here"), "open"))
    await each_store.line.put_back(turn)
    await each_store.line.add([arrival(text="instead look at web", addressed=False)])
    assert await waiting(each_store) == ["first", "instead look at web"]


@pytest.mark.parametrize(
    "running",
    [replace(said("Approve"), decision=Decision("p1", True, "9")), replace(said(), watch="w1")],
)
async def test_an_approved_change_or_an_ended_watch_comes_to_its_end(
    each_store: Store, running: Input
) -> None:
    told: list[int] = []
    each_store.when_stopped(told.extend)
    await each_store.line.add([arrival(running)])
    [turn] = await claimed(each_store)
    await each_store.line.add([arrival(text="instead look at web")])
    await each_store.line.put_back(turn)
    assert told == []
    assert [each.said for each in await claimed(each_store)] == [running], "it keeps its place"


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        (said("Instead of that, roll back?", addressed=False, mentions=("U2",)), "talk"),
        (said("instead"), "talk"),
        (said("look there instead"), "talk"),
        (said("instead look at web"), "word"),
    ],
)
async def test_other_messages_wait_behind_what_runs(
    each_store: Store, message: Input, kind: Kind
) -> None:
    told: list[int] = []
    each_store.when_stopped(told.extend)
    await each_store.line.add([arrival(text="first"), arrival(text="second")])
    await each_store.line.claim("me", talk=1, words=0)
    await each_store.line.add([arrival(message, kind)])
    assert told == []
    expected = ["second", message.text] if kind == "talk" else ["second"]
    assert await waiting(each_store) == expected


MUSING = "Instead we could roll back"


async def test_a_thought_that_others_tell_each_other_stops_nothing(each_store: Store) -> None:
    told: list[int] = []
    each_store.when_stopped(told.extend)
    await each_store.line.add([arrival(text="first"), arrival(text="second")])
    await each_store.line.claim("me", talk=1, words=0)
    await each_store.line.add([arrival(text=MUSING, addressed=False, speaker="U2")])
    assert told == []
    assert await waiting(each_store) == ["second", MUSING]


@pytest.mark.parametrize("who", [{"speaker": "U1", "addressed": False}, {"speaker": "U2"}])
async def test_who_asked_what_runs_or_speaks_to_kaia_may_say_it_in_any_words(
    each_store: Store, who: dict[str, Any]
) -> None:
    told: list[int] = []
    each_store.when_stopped(told.extend)
    await each_store.line.add([arrival(text="first"), arrival(text="second")])
    await each_store.line.claim("me", talk=1, words=0)
    await each_store.line.add([arrival(text=MUSING, **who)])
    assert len(told) == 1
    outlook = await each_store.line.outlook(THREAD)
    assert [message.text for message in outlook.waiting] == [MUSING, "second"]
    assert outlook.waiting[0].addressed, "what stopped a question is answered"


async def test_instead_says_nothing_to_threads_that_are_not_kaias(each_store: Store) -> None:
    await each_store.line.add([arrival(text="elsewhere", thread="2.0")])
    [turn] = await claimed(each_store)
    told: list[int] = []
    each_store.when_stopped(told.extend)
    stranger = arrival(text="instead look at web", thread="3.0", addressed=False)
    assert await each_store.line.add([stranger]) == [False]
    assert await each_store.line.add([arrival(text="instead look at web", thread="4.0")]) == [True]
    assert told == []
    await each_store.line.finish(turn, "done")


async def test_other_replicas_hear_of_the_turn_that_is_to_end(
    replicas: tuple[Store, Store],
) -> None:
    one, other = replicas
    await one.line.add([arrival()])
    assert await claimed(one)
    url = str(one.database.conninfo)
    listener = await psycopg.AsyncConnection.connect(url, autocommit=True)
    await listener.execute("listen turns_stop")
    await other.line.add([arrival(text="instead look at web", addressed=False)])
    told = [each.payload async for each in listener.notifies(timeout=0.2)]
    assert told == [THREAD]
    assert await ask(one, "select stop from turns where status = 'running'") == [True]
    await listener.close()


async def test_an_instead_and_a_claim_at_once_leave_everybody_in_line(
    replicas: tuple[Store, Store],
) -> None:
    one, other = replicas
    for number in range(15):
        thread = f"{number}.5"
        for words in ("first", "second", "third"):
            await one.line.add([arrival(text=words, thread=thread)])
        instead = arrival(text="instead look at web", thread=thread)
        _, turns = await asyncio.gather(one.line.add([instead]), claimed(other))
        seen = [turn.said.text for turn in turns]
        for turn in turns:
            await other.line.finish(turn, "done")
        while turns := await claimed(other):
            seen += [turn.said.text for turn in turns]
            for turn in turns:
                await other.line.finish(turn, "done")
        assert sorted(seen) == ["first", "instead look at web", "second", "third"]
        rest = [words for words in seen if words != "instead look at web"]
        assert rest == ["first", "second", "third"]
        assert seen.index("instead look at web") <= 1


# Counting


async def test_questions_of_a_thread_are_counted_since_a_moment(each_store: Store) -> None:
    for moment in (100.0, 200.0, 300.0):
        await each_store.line.add([arrival(received=moment)])
    await each_store.line.add([arrival(received=300.0, kind="word")])
    await each_store.line.add([arrival(received=300.0, thread="2.0")])
    [first, *_] = await claimed(each_store)
    await each_store.line.finish(first, "done", "9.9")
    lately = each_store.line.asked_lately
    assert len(await lately(THREAD, after=199.0, most=9)) == 2
    assert len(await lately(THREAD, after=0.0, most=9)) == 3
    assert len(await lately(THREAD, after=301.0, most=9)) == 0


async def test_what_was_listened_to_and_what_code_answered_count_as_no_question(
    each_store: Store,
) -> None:
    await each_store.line.add([arrival(text=text) for text in ("aha", "show 1", "Thanks!", "why?")])
    for posted in (None, "9.1", "9.2", "9.3"):
        [turn] = await claimed(each_store)
        await each_store.line.finish(turn, "done", posted)
    assert len(await each_store.line.asked_lately(THREAD, after=0.0, most=9)) == 1


async def test_the_words_of_people_are_kept_where_a_conversation_is_closed(
    each_store: Store,
) -> None:
    await each_store.line.add([arrival()])
    [turn] = await claimed(each_store)
    await close(each_store, turn)
    for words in ("Thanks!", "instead, look", "and now?"):
        assert await each_store.line.add([arrival(text=words, addressed=False)]) == [False]
    app = arrival(text="show 1", addressed=False, is_machine=True)
    assert await each_store.line.add([app]) == [False]
    texts = ("show 1", "post to the channel", "unwatch", "forget")
    kept = await each_store.line.add([arrival(text=each, addressed=False) for each in texts])
    assert kept == [True, True, True, True]
    elsewhere = arrival(text="show 1", addressed=False, thread="2.0")
    assert await each_store.line.add([elsewhere]) == [False]


async def test_counting_them_reads_an_index(each_store: Store) -> None:
    is_sqlite = each_store.database.conninfo is None
    explain = "explain query plan" if is_sqlite else "explain"
    asked = "select count(*) from turns where thread = 't' and kind = 'talk' and received >= 1"

    async def work(connection: Any) -> str:
        if not is_sqlite:
            await connection.execute(text("set local enable_seqscan = off"))
        return repr((await connection.execute(text(f"{explain} {asked}"))).all())

    assert "turns_recent" in await each_store.database.transact(work)


async def test_old_turns_are_forgotten_some_at_a_time(each_store: Store) -> None:
    await each_store.line.add([arrival(thread=f"{number}.0") for number in range(510)])
    turns = await each_store.line.claim("me", talk=505, words=0)
    for turn in turns[:501]:
        await each_store.line.finish(turn, "done")
    later = 1e12
    numbers = [await each_store.line.forget(older_than=later) for _ in range(3)]
    assert numbers == [500, 1, 0]
    assert (await each_store.counts()).running == 4


async def test_ended_turns_cost_an_unaddressed_message_nothing(store: Store) -> None:
    await store.line.add([arrival()])
    plans = await plans_of(store, lambda: store.line.add([arrival(addressed=False)]))
    assert not [step for step in plans if "SCAN" in step and "SUBQUERY" not in step], plans
    plans = await plans_of(store, lambda: store.line.outlook(THREAD))
    assert "turns_live" in plans[0]
    plans = await plans_of(store, lambda: store.stop(THREAD))
    assert not [step for step in plans if "SCAN" in step], plans


async def plans_of(store: Store, do: Callable[[], Awaitable[Any]]) -> list[str]:
    """How SQLite goes about the statements on turns that a call makes."""
    seen: list[tuple[str, Any]] = []

    def see(_c: Any, _u: Any, statement: str, values: Any, _x: Any, is_many: bool) -> None:
        if " turns" in statement and not is_many and not statement.startswith("INSERT"):
            seen.append((statement, values))

    engine = store.database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", see)
    await do()
    event.remove(engine, "before_cursor_execute", see)

    async def work(connection: Any) -> list[str]:
        return [
            row[-1]
            for statement, values in seen
            for row in await connection.exec_driver_sql(f"explain query plan {statement}", values)
        ]

    return await store.database.transact(work)
