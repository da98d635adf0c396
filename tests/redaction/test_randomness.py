"""How well random runs are told from names, measured."""

import random
import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.redaction import Redactor

ALPHABETS = {
    "base64 and urls": string.ascii_letters + string.digits + "+/_-",
    "letters and digits": string.ascii_letters + string.digits,
    "small letters and digits": string.ascii_lowercase + string.digits,
    "base32": string.ascii_uppercase + "234567",
}
AROUND = (
    "{}", "x={}", "key: {}", "\n{}\n", '"{}"', "/api/v1/{}/log", "my-app-{}", "({})",
    "https://h.example/x/{}?a=b", "checkout_{}_v2", "text,{},more", "a\\n{}\\n", "%20{}%20",
)  # fmt: skip
MOST_MISSED = {
    ("base64 and urls", 20): 0.004, ("base64 and urls", 28): 0.0007,
    ("letters and digits", 20): 0.001, ("letters and digits", 28): 0.0005,
    ("small letters and digits", 20): 0.006, ("small letters and digits", 28): 0.001,
    ("base32", 20): 0.015, ("base32", 28): 0.003,
}  # fmt: skip


@pytest.mark.parametrize(("alphabet", "chars"), MOST_MISSED)
def test_few_random_runs_are_missed(alphabet: str, chars: int) -> None:
    random_runs = random.Random(4)  # noqa: S311
    count = 4000
    missed = 0
    for number in range(count):
        run = "".join(random_runs.choices(ALPHABETS[alphabet], k=chars))
        shown = Redactor().redact(AROUND[number % len(AROUND)].format(run))
        missed += any(run[at : at + 12] in shown for at in range(chars - 11))

    assert missed <= count * MOST_MISSED[alphabet, chars]


def _numbers(text: str) -> int:
    return sum(a.isdigit() and not b.isdigit() for a, b in zip(text, text[1:] + " ", strict=True))


# As generators of passwords and keys promise: small and capital letters, and numbers among them.
GENERATED = st.builds(
    lambda seed, chars: "".join(
        random.Random(seed).choices(ALPHABETS["base64 and urls"], k=chars)  # noqa: S311
    ),
    st.integers(0, 2**40),
    st.integers(20, 60),
).filter(
    lambda run: (
        _numbers(run[:20]) > 2
        and sum(map(str.isupper, run[:20])) > 2
        and sum(map(str.islower, run[:20])) > 2
    )
)


@given(secret=GENERATED, around=st.sampled_from(AROUND))
@settings(max_examples=600, deadline=None)
def test_a_generated_secret_goes_wherever_it_stands(secret: str, around: str) -> None:
    shown = Redactor().redact(around.format(secret))

    assert not any(secret[at : at + 12] in shown for at in range(len(secret) - 11))


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("GET /hooks/v1/kX9mQ2vL7pRt4WzB8nYc1/run", "GET /hooks/v1/[redacted:random]/run"),
        ("/srv/Shop/kX9mQ2vL/7pRt4WzB8nYc1/Log", "/srv/Shop/[redacted:random]/Log"),
        ("log\\nkX9mQ2vL7pRt4WzB8nYc1\\n", "log\\n[redacted:random]\\n"),
        ("saw kX9mQ2vL7pRt4WzB8nYc1, twice", "saw [redacted:random], twice"),
    ],
)
def test_what_stands_beside_it_stays(text: str, redacted: str) -> None:
    assert Redactor().redact(text) == redacted
