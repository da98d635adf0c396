"""The balance sees what it is there for: lost, doubled, disordered answers, turns side by side."""

import random

import pytest

from bot.playground import Workspace
from bot.playground.clock import HandClock
from bot.playground.objects import Message
from tests.doubles import ledger
from tests.faults.answers import Answers
from tests.faults.crew import Killed
from tests.faults.model import Asked, Mind, answer_to
from tests.faults.people import People, Question


@pytest.fixture
def people() -> People:
    return People(Workspace(clock=HandClock()), random.Random(1))  # noqa: S311


def posted(people: People, question: Question, words: str = "", turn: str = "") -> Message:
    """As Kaia posts an answer."""
    workspace, bot = people.workspace, people.workspace.bot
    home = workspace.directory.channel(question.channel).id
    turn = turn or ledger.turn_of(workspace, question.channel, question.ts)
    message = Message(workspace.stamps.next(), home, bot.id, words or answer_to(question.number))
    message.thread_ts, message.bot_id, message.app_id = question.root, bot.bot_id, bot.app_id
    payload = {"turn": turn, "part": 1}
    message.metadata = {"event_type": ledger.EVENT_TYPE, "event_payload": payload}
    return workspace.post(message)


async def asked(people: People, count: int = 1) -> list[Question]:
    """One thread, each question kept before the next is said."""
    room = people.move_in()[0]
    said: list[Question] = []
    for _ in range(count):
        question = people.say(room, said)
        for delivery in question.deliveries:
            delivery.acked = True
        said.append(question)
    return said


def read(people: People, *killed: Killed) -> Answers:
    return Answers(people.workspace, people.questions, killed)


async def test_an_unanswered_question_is_lost_unless_it_was_withdrawn(people: People) -> None:
    first, second, third = await asked(people, 3)
    posted(people, first)
    third.is_withdrawn = True

    [lost] = read(people).lost()
    assert lost.startswith(f"question {second.number} of")
    assert read(people).count == 1


async def test_the_same_words_twice_are_doubled_though_their_metadata_differ(
    people: People,
) -> None:
    [question] = await asked(people)
    posted(people, question)
    assert not list(read(people).doubled())
    posted(people, question, turn="message:of:nobody:1.0")

    [doubled] = read(people).doubled()
    assert doubled.startswith(f"question {question.number} in")


async def test_the_same_part_twice_is_doubled_though_its_words_differ(people: People) -> None:
    [question] = await asked(people)
    posted(people, question)
    posted(people, question, "It is not well.")

    [doubled] = read(people).doubled()
    assert doubled.endswith("2 times")


async def test_answers_that_change_places_are_out_of_order(people: People) -> None:
    first, second = await asked(people, 2)
    posted(people, second)
    posted(people, first)

    assert list(read(people).out_of_order()) == ["question 2 was answered before 1"]


async def test_questions_said_before_kaia_had_the_other_may_be_answered_in_any_order(
    people: People,
) -> None:
    room = people.move_in()[0]
    first = people.say(room, [])
    second = people.say(room, [first])
    posted(people, second)
    posted(people, first)

    assert not list(read(people).out_of_order())


async def test_giving_up_is_right_only_after_three_kills(people: People) -> None:
    [question] = await asked(people)
    posted(people, question, "I tried this three times, and each time my process ended.")
    kill = Killed("kaia-1", question.said_at + 1, (), with_warning=False)

    assert [each.split(":")[0] for each in read(people, kill, kill).in_other_words()] == [
        "question 1"
    ]
    assert not list(read(people, kill, kill, kill).in_other_words())
    assert read(people, kill, kill, kill).given_up() == 1


def test_two_questions_of_a_thread_at_the_same_time_are_seen() -> None:
    mind = Mind(random.Random(1), threads={1: "t", 2: "t", 3: "other"})  # noqa: S311
    mind.asked = [
        Asked(1, "kaia-1", 10.0, is_first=True, ended=12.0),
        Asked(3, "kaia-1", 10.5, is_first=True, ended=13.0),
        Asked(2, "kaia-2", 11.0, is_first=True, ended=14.0),
    ]

    assert mind.overlaps() == ["questions 1 and 2 of t"]
    mind.asked[2].begun = 12.0
    assert mind.overlaps() == []


def test_a_takeover_is_the_next_beginning_of_the_same_turn() -> None:
    mind = Mind(random.Random(1))  # noqa: S311
    left = Asked(1, "kaia-1", 10.0, is_first=True, ended=11.0)
    again = Asked(1, "kaia-2", 11.7, is_first=True)
    mind.asked = [left, again]

    assert mind.begun_again(left, 11.0) == 11.7
    assert mind.begun_again(left, 11.8) is None
