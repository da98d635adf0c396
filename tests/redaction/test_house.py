"""Patterns of a house's own, which nobody has proved harmless."""

import time

import pytest

from bot.errors import SettingsError
from bot.redaction import WITHHELD, Redactor


@pytest.mark.parametrize(
    "pattern", [r"(a+)+b", r"(\w*)*x", r"(?:[a-z]+)*!", r"(?P<secret>.+)+$", r"(a+){2,}b"]
)
def test_a_pattern_that_may_never_end_is_refused(pattern: str) -> None:
    with pytest.raises(SettingsError, match="repeats a repetition"):
        Redactor([pattern])


@pytest.mark.parametrize(
    "pattern", [r"(?:-\w+)+x", r"(a++)+b", r"(?:a+)++b", r"\(a+\)+b", r"[(a+)+]b", r"(?:ab+)+c"]
)
def test_a_pattern_that_ends_is_taken(pattern: str) -> None:
    assert Redactor([pattern]).redact("nothing") == "nothing"


def test_a_slow_pattern_ends_in_a_text_that_is_withheld() -> None:
    begun = time.thread_time()

    redacted = Redactor([r"a*a*b"]).redact_counted(("a" * 700 + "\n") * 300)

    assert redacted.text == WITHHELD
    assert not redacted.count
    assert isinstance(redacted.failure, TimeoutError)
    assert "a*a*b" in str(redacted.failure)
    assert time.thread_time() - begun < 20


def test_it_is_sought_in_lines_of_any_length() -> None:
    redactor = Redactor([r"ACME-\d+", r"^first (?P<secret>\w+)$"])
    long = "x, " * 10_000 + "ACME-77" + ", y" * 10_000

    assert redactor.redact(long) == long.replace("ACME-77", "[redacted:house]")
    assert redactor.redact("a\nfirst q1\nb") == "a\nfirst [redacted:house]\nb"


@pytest.mark.parametrize("offset", [690, 696, 700, 990, 996, 1000])
def test_it_is_found_where_a_line_is_cut(offset: int) -> None:
    line = "." * offset + "ACME-77" + "." * 5000

    assert Redactor([r"ACME-\d\d"]).redact(line) == line.replace("ACME-77", "[redacted:house]")
