"""What stands where a secret stood, and what it tells of it."""

import base64
import json
import re
from urllib.parse import quote

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.redaction import Redactor

SECRET = 'S3cr/et "q" it\'s 100% x'
KEY = b"one conversation"
TAG = re.compile(r"\[redacted:[a-z-]+-([0-9a-f]{4})\]")

WRITTEN = {
    "env": f"A=b\nDB_PASSWORD={SECRET}\nC=d",
    "yaml": yaml.safe_dump({"password": SECRET}),
    "quoted yaml": yaml.safe_dump({"password": SECRET}, default_style='"'),
    "json": json.dumps({"password": SECRET}),
    "json in json": json.dumps({"log": json.dumps({"password": SECRET})}),
    "url": f"GET /x?password={quote(SECRET, safe='')}&y=1",
    "connection string": f"postgres://app:{quote(SECRET, safe='')}@db:5432/shop",
    "another name": json.dumps({"client_secret": SECRET}),
    "describe": f"    Environment:\n      DB_PASSWORD:  {SECRET}\n      MODE:  fast\n",
}


@pytest.mark.parametrize("text", WRITTEN.values(), ids=WRITTEN)
def test_the_same_secret_has_the_same_tag_however_it_is_written(text: str) -> None:
    expected = TAG.findall(Redactor(key=KEY).redact(json.dumps({"token": SECRET})))

    assert TAG.findall(Redactor(key=KEY).redact(text)) == expected


def test_a_header_has_the_tag_of_its_token() -> None:
    redact = Redactor(key=KEY).redact

    assert TAG.findall(redact("Authorization: Bearer abc123")) == TAG.findall(
        redact("TOKEN=abc123")
    )


def test_different_secrets_have_different_tags() -> None:
    text = "\n".join(f"PASSWORD_{number}=hunter{number}" for number in range(20))

    assert len(set(TAG.findall(Redactor(key=KEY).redact(text)))) == 20


def test_another_conversation_gives_other_tags() -> None:
    redactor = Redactor(["ACME-[0-9]+"])
    one, other = (redactor.keyed(key).redact("the badge is ACME-77") for key in (b"1", b"2"))

    assert TAG.findall(one) != TAG.findall(other)
    assert redactor.redact("the badge is ACME-77") == "the badge is [redacted:house]"


def test_a_tag_confirms_no_guess() -> None:
    guesses = [f"guess{number}" for number in range(200_000)]
    redacted = Redactor(key=KEY).redact("\n".join(f"TOKEN={guess}" for guess in guesses[:2000]))

    tags = TAG.findall(redacted)
    assert len(tags) == 2000
    assert len(set(tags)) < 2000  # already among so few, two have the same


@pytest.mark.parametrize(
    "dressed",
    ["[redacted:password-hunter2]", "[redacted:hunter2-3f2a]", "[redacted:password-3F2A]",
     "[redacted:password-3f2a9]", "[redacted:-3f2a]", "[redacted:password-3f2]"],
)  # fmt: skip
def test_what_is_dressed_as_a_mark_is_hidden(dressed: str) -> None:
    assert dressed not in Redactor().redact(f"password: {dressed}")


@pytest.mark.parametrize(
    "text",
    ["password: [redacted:password-3f2a]", '{"token": "[redacted:private-key-00ff]"}',
     "x=[redacted:random-abcd],[redacted:token]"],
)  # fmt: skip
def test_a_mark_is_left_as_it_is(text: str) -> None:
    assert Redactor(key=KEY).redact(text) == text


PIECES = st.sampled_from([
    "password", "token", ": ", "=", '"', "'", "\n", "  ", "- ", "name", "value", "kind", "Secret",
    "data", "{", "}", ",", "[redacted:token]", "[redacted:key-3f2a]", "[redacted:", "-3f2a]", "]",
    "://", "@", "\\", "\\n", "%22", "%", "x", "hunter2", "aB3dE5gH7jK9mN1pQ3sT5vW7", "map[",
    base64.b64encode(b"the password=hunter2").decode(), "NAME  PASSWORD\n", "  ----\n", "x" * 63,
    "-----BEGIN PRIVATE KEY-----", "-----END PRIVATE KEY-----", "Bearer ", "DB_PASSWORD", "|", "+",
])  # fmt: skip


@given(
    text=st.lists(st.one_of(PIECES, st.text(max_size=5)), max_size=40).map("".join),
    keys=st.tuples(st.binary(max_size=4), st.binary(max_size=4)),
)
@settings(max_examples=500, deadline=None)
def test_redacting_again_changes_nothing_whatever_the_key(
    text: str, keys: tuple[bytes, bytes]
) -> None:
    once = Redactor(key=keys[0]).redact(text)

    assert Redactor(key=keys[1]).redact(once) == once


@given(st.text())
@settings(max_examples=200, deadline=None)
def test_any_text_is_searched(text: str) -> None:
    assert Redactor(key=KEY).redact_counted(text).failure is None
