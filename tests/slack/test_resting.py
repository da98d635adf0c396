"""Calls that Slack lets hang are left alone for a while, and tried again by one caller."""

from structlog.testing import capture_logs

from bot.slack.sending.resting import Resting
from tests.slack.conftest import Hand


def _resting(clock: Hand) -> Resting:
    return Resting(seconds=300, clock=clock)


def test_one_silence_is_nothing_and_two_in_a_row_are_a_rest(clock: Hand) -> None:
    resting = _resting(clock)
    resting.unanswered("x")
    assert resting.may_try("x")
    resting.unanswered("x")

    assert resting.rests("x")
    assert not resting.may_try("x")
    assert resting.may_try("y")


def test_an_answer_between_two_silences_begins_anew(clock: Hand) -> None:
    resting = _resting(clock)
    resting.unanswered("x")
    resting.answered("x")
    resting.unanswered("x")

    assert resting.may_try("x")


def test_after_the_rest_one_caller_tries_for_all(clock: Hand) -> None:
    resting = _resting(clock)
    with capture_logs() as logs:
        for _ in range(2):
            resting.unanswered("x")
        clock.now = 301
        assert [resting.may_try("x"), resting.may_try("x")] == [True, False]
        resting.unanswered("x")
        clock.now = 600
        assert not resting.may_try("x")
        clock.now = 602
        assert resting.may_try("x")
        resting.answered("x")

    assert resting.may_try("x")
    assert resting.may_try("x")
    assert [log["event"] for log in logs] == ["slack.capability_rests", "slack.capability_back"]
