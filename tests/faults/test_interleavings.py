"""Whatever Slack doubles, reorders, delays or drops: one answer for each question."""

import asyncio

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.faults.acts import Act, Ask, Double, Fail, Hold, LoseSockets, Release, Replay, Wait
from tests.faults.interleavings import verdict_on

_ASKS = st.builds(Ask, st.integers(0, 3))
_FAILS = st.builds(
    Fail,
    st.sampled_from(
        [
            "chat.postMessage",
            "chat.postMessage",
            "conversations.replies",
            "assistant.threads.setStatus",
            "agents.sessions.setStatus",
            "reactions.add",
        ]
    ),
    st.sampled_from(["ratelimited", "server_error", "hang", "drop_after_commit", "drop"]),
    st.integers(1, 2),
)
_WHIMS = st.one_of(
    st.builds(Double, st.integers(1, 3)),
    st.builds(Hold),
    st.builds(Release, st.integers(0, 99)),
    st.builds(Replay, st.integers(0, 9)),
    st.builds(LoseSockets, st.sampled_from(["cut", "warning", "refresh_requested"])),
    st.builds(Wait, st.sampled_from([0.0, 0.05, 0.2])),
)
_ACTS = st.lists(st.one_of(_ASKS, _ASKS, _FAILS, _WHIMS), min_size=1, max_size=20)

_BOUNDED = settings(
    deadline=None,
    derandomize=False,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


def _has_one_answer_each(acts: list[Act]) -> None:
    assert not asyncio.run(verdict_on(acts))


@pytest.mark.timeout(120)
@settings(_BOUNDED, max_examples=5, derandomize=True)
@given(_ACTS)
def test_a_few_interleavings_end_with_one_answer_for_each_question(acts: list[Act]) -> None:
    _has_one_answer_each(acts)


@pytest.mark.faults
@pytest.mark.timeout(300)
@settings(_BOUNDED, max_examples=130)
@given(_ACTS)
def test_any_interleaving_ends_with_one_answer_for_each_question(acts: list[Act]) -> None:
    _has_one_answer_each(acts)
