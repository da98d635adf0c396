"""A secret goes in whatever it is wrapped, and in whatever that is wrapped."""

import base64
import json
import random
import string
import textwrap
from collections.abc import Callable
from urllib.parse import quote, urlencode

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.redaction import Redactor

PIECE_CHARS = 12
"""No piece of a secret as long as this may be left."""

ALPHABET = string.ascii_letters + string.digits + "+/_-"


def _fold(text: str, width: int) -> str:
    """As `fold` does: at a column, wherever that is."""
    pieces = [
        line[at : at + width]
        for line in text.split("\n")
        for at in range(0, max(len(line), 1), width)
    ]
    return "\n".join(pieces)


CARRIERS: dict[str, Callable[[str], str]] = {
    "env": lambda s: f"MODE=fast\nDB_PASSWORD={s}\nA=b",
    "env in yaml": lambda s: yaml.safe_dump([{"name": "DB_PASSWORD", "value": s}]),
    "env in json": lambda s: json.dumps([{"name": "DB_PASSWORD", "value": s}]),
    "env in describe": lambda s: f"    Environment:\n      DB_PASSWORD:  {s}\n      MODE:  fast\n",
    "config map in describe": lambda s: f"Data\n====\npassword:\n----\n{s}\n\nmode:\n----\nfast\n",
    "yaml": lambda s: yaml.safe_dump({"db": {"password": s, "user": "bob"}}),
    "json": lambda s: json.dumps({"user": "bob", "password": s}),
    "go struct": lambda s: f"{{User:bob Password:{s} Port:5432}}",
    "logfmt": lambda s: f"level=info msg=connecting password={s} user=bob",
    "stderr": lambda s: f'error: unable to log in with password="{s}": EOF',
    "query": lambda s: f"GET /login?user=bob&password={quote(s, safe='')}&x=1 HTTP/1.1",
    "connection string": lambda s: f"postgres://app:{quote(s, safe='')}@db:5432/shop",
    "flag": lambda s: f"run --db-password={s} --verbose",
    "header": lambda s: f"Authorization: Bearer {s}",
}

WRAPPINGS: dict[str, Callable[[str], str]] = {
    "base64": lambda t: base64.b64encode(t.encode()).decode(),
    "base64 for urls": lambda t: base64.urlsafe_b64encode(t.encode()).decode().rstrip("="),
    "base64 in lines": lambda t: base64.encodebytes(t.encode()).decode(),
    "base64 in json": lambda t: json.dumps({"a": base64.encodebytes(t.encode()).decode()}),
    "json": lambda t: json.dumps({"level": "info", "log": t}),
    "yaml": lambda t: f"data:\n  note: |\n{textwrap.indent(t, '    ')}\n  other: x\n",
    "quoted yaml": lambda t: yaml.safe_dump({"note": t}, default_style='"', width=1_000_000),
    "quotes": lambda t: json.dumps(t),
    "url": lambda t: "https://h.example/x?" + urlencode({"note": t, "z": "1"}),
    "percent": lambda t: quote(t, safe=""),
    "folded at 76": lambda t: _fold(t, 76),
    "folded at 64": lambda t: _fold(t, 64),
    "folded in describe": lambda t: textwrap.indent(_fold(t, 64), "      "),
    "folded in json": lambda t: json.dumps({"log": _fold(t, 76)}),
    "indented": lambda t: textwrap.indent(t, "      "),
    "prefixed": lambda t: f"2026-11-01T10:00:00Z stderr F {t}",
}

FOLDED = {wrap for wrap in WRAPPINGS if "folded" in wrap}

# What is folded is neither folded again nor prefixed: nothing could tell its lines from others.
NESTINGS = st.lists(st.sampled_from(list(WRAPPINGS)), min_size=2, max_size=3).filter(
    lambda wraps: (
        not any(
            wrap in FOLDED and {"prefixed", *FOLDED} & set(wraps[at + 1 :])
            for at, wrap in enumerate(wraps)
        )
    )
)

WORDS = st.sampled_from(["hunter", "correct", "horse", "battery", "staple", "winter", "monday"])


def _is_mixed(secret: str) -> bool:
    """As generators promise: small letters, capital letters and digits, more than two of each."""
    first = secret[:20]
    kinds = (str.islower, str.isupper, str.isdigit)
    return all(sum(map(kind, first)) > 2 for kind in kinds)


RANDOM = st.builds(
    lambda seed, chars: "".join(random.Random(seed).choices(ALPHABET, k=chars)),  # noqa: S311
    st.integers(0, 2**32),
    st.integers(28, 64),
).filter(_is_mixed)
NAMED = st.builds(
    lambda words, number: "-".join(words) + f"!{number}",
    st.lists(WORDS, min_size=2, max_size=4),
    st.integers(10, 9999),
)


@pytest.mark.parametrize("wrap", WRAPPINGS.values(), ids=WRAPPINGS)
@given(secret=RANDOM, before=st.integers(0, 90))
@settings(max_examples=25, deadline=None)
def test_a_random_secret_survives_in_no_wrapping(
    wrap: Callable[[str], str], secret: str, before: int
) -> None:
    text = wrap(f"{'some words ' * 9}"[:before] + f" saw {secret} there")

    assert not _leaks(secret, Redactor().redact(text))


@pytest.mark.parametrize("carry", CARRIERS.values(), ids=CARRIERS)
@given(secret=st.one_of(RANDOM, NAMED), wrap=st.sampled_from(list(WRAPPINGS)))
@settings(max_examples=25, deadline=None)
def test_a_named_secret_survives_in_no_wrapping(
    carry: Callable[[str], str], secret: str, wrap: str
) -> None:
    text = WRAPPINGS[wrap](carry(secret))

    assert not _leaks(secret, Redactor().redact(text))


@given(
    secret=RANDOM,
    carrier=st.sampled_from(list(CARRIERS)),
    wraps=NESTINGS.filter(lambda wraps: len(wraps) < 4),
)
@settings(max_examples=150, deadline=None)
def test_a_random_secret_survives_in_no_nesting(
    secret: str, carrier: str, wraps: list[str]
) -> None:
    text = CARRIERS[carrier](secret)
    for wrap in wraps:
        text = WRAPPINGS[wrap](text)

    assert not _leaks(secret, Redactor().redact(text))


@given(
    secret=NAMED,
    carrier=st.sampled_from(list(CARRIERS)),
    wraps=NESTINGS.filter(lambda wraps: len(wraps) < 3),
)
@settings(max_examples=150, deadline=None)
def test_a_named_secret_survives_in_no_nesting(secret: str, carrier: str, wraps: list[str]) -> None:
    text = CARRIERS[carrier](secret)
    for wrap in wraps:
        text = WRAPPINGS[wrap](text)

    assert not _leaks(secret, Redactor().redact(text))


@pytest.mark.parametrize(
    "wrap",
    ["base64", "base64 in lines", "json", "yaml", "quoted yaml", "quotes", "folded in json"],
)
@given(secret=NAMED)
@settings(max_examples=25, deadline=None)
def test_the_data_of_a_secret_survives_in_no_wrapping(secret: str, wrap: str) -> None:
    encoded = base64.b64encode(secret.encode()).decode()
    manifest = {"kind": "Secret", "data": {"colour": encoded}, "stringData": {"shade": secret}}

    for text in (json.dumps(manifest), yaml.safe_dump(manifest)):
        assert not _leaks(secret, Redactor().redact(WRAPPINGS[wrap](text)))


def _leaks(secret: str, text: str) -> bool:
    """A piece of it, or of its base64 at any of the three places where that may begin."""
    written = [secret, quote(secret, safe=""), json.dumps(secret)[1:-1]]
    for at in range(3):
        encoded = base64.b64encode(("x" * at + secret).encode()).decode()
        written.append(encoded[4 if at else 0 : -4])
    return any(
        form[at : at + PIECE_CHARS] in text
        for form in written
        for at in range(len(form) - PIECE_CHARS + 1)
    )
