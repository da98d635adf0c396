"""A seat that is stuck is told from one that waits."""

from bot.conversations.inbox.seat import Pulse


def test_a_step_that_takes_too_long_is_stuck_and_a_rest_never_is() -> None:
    moments = [0.0]
    pulse = Pulse(patience_seconds=60.0, clock=lambda: moments[-1])
    seen = [pulse.is_stuck]
    with pulse.step():
        for moment in (60.0, 60.1):
            moments.append(moment)
            seen.append(pulse.is_stuck)
    seen.append(pulse.is_stuck)
    assert seen == [False, False, True, False]
