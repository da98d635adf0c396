"""What answers must say is nothing that the question gives away, and fair to other wordings."""

import pytest

from bot.conversations.turns.closing.expecting import facts_to_say, says
from bot.conversations.turns.closing.facts import Finding


def found(verdict: str, cause: str, *names: str) -> Finding:
    about = frozenset(("Deployment", "shop", name) for name in names)
    lead = (f"**Cause:** {cause} [1]", "**Next:** `kubectl describe pod x`")
    return Finding(
        1.0, "U1", "", f"**CONFIRMED** · {verdict} [1].", lead, says="cause", about=about
    )


def passes(told: list[list[str]], answer: str) -> bool:
    return bool(told) and all(any(says(answer, each) for each in choice) for choice in told)


OOM = found(
    "Deployment shop/payments: OOMKilled",
    "Container `app` is killed at its memory limit of 64Mi, 4 restarts.",
    "payments", "payments-5d9c-x7",
)  # fmt: skip
KEEPS_FAILING = found(
    "Deployment shop/feed: CrashLoopBackOff",
    "Container `app` keeps failing: it ends with exit code 9; its last words: “open"
    " /feed/sources.json: no such file or directory”.",
    "feed",
)
KEY = found(
    "Pod shop/ledger: SecretKeyMissing",
    "Container `app` cannot be created: the key `pasword` of the Secret `db` does not exist.",
    "ledger",
)


@pytest.mark.parametrize(
    ("cause", "question", "answers"),
    [
        (OOM, "what is wrong with payments?", ["it is out of memory", "OOMKilled", "64Mi is all"]),
        (OOM, "what is wrong in shop?", ["payments was OOM killed", "payments: memory limit"]),
        (KEEPS_FAILING, "why does feed crash?", ["exit code 9", "no /feed/sources.json"]),
        (KEEPS_FAILING, "feed is in CrashLoopBackOff", ["It ends with exit code 9."]),
        (KEY, "which Secret does ledger lack?", ["the key `pasword`"]),
    ],
)
def test_who_knows_passes_and_who_repeats_the_question_does_not(
    cause: Finding, question: str, answers: list[str]
) -> None:
    told = [*facts_to_say(cause, [question])]
    assert not passes(told, f"I do not know: {question}")
    assert not passes(told, "I do not know what is wrong with payments, feed or ledger.")
    for answer in answers:
        assert passes(told, answer), (told, answer)


def test_what_a_follow_up_says_is_given_away_too() -> None:
    told = [*facts_to_say(OOM, ["what is wrong in shop?", "and payments?"])]
    assert not any("payments" in choice for choice in told)


def test_what_only_suffers_need_not_be_said() -> None:
    cause = found("Pod shop/db-0: UnboundClaim", "No node takes it; cart waits.", "db-0", "cart")
    assert next(facts_to_say(cause, ["why is shop down?"])) == ["db-0"]


def test_a_name_is_not_found_inside_a_word() -> None:
    assert says("db-0 fails", "db")
    assert not says("no feedback", "db")
