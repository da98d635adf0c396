import re
import sys
import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.plaintext import clean

HOSTILE = st.text(
    alphabet=st.one_of(
        st.characters(),
        st.sampled_from("\x1b\x9b\x9d\x07\r\n\t[];\\m0123\u202e\u200b\ufeff\U000e0041\ud800"),
    )
)


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("plain\ttext\n", "plain\ttext\n"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("a\x0bb\x0cc\x85d\u2028e\u2029f", "a\nb\nc\nd\ne\nf"),
        ("\x1b[31;1mred\x1b[0m", "red"),
        ("\x9b31mred", "red"),
        ("\x1b]0;title\x07after", "after"),
        ("\x1b]8;;https://evil.example\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x1b]0;never ended\nnext", "0;never ended\nnext"),
        ("\x1bP1$r0m\x1b\\x", "x"),
        ("\x1bcreset", "reset"),
        ("pod\u202egnp.exe", "podgnp.exe"),
        ("se\u200bcret", "secret"),
        ("hidden\U000e0041\U000e0042", "hidden"),
        ("hidden\U000e0101\ufe0f", "hidden"),
        ("half \ud800", "half \ufffd"),
        ("ä ß 漢字 🚀", "ä ß 漢字 🚀"),
    ],
)
def test_only_what_can_be_read_is_kept(said: str, read: str) -> None:
    assert clean(said) == read


@given(HOSTILE)
def test_cleaning_twice_changes_nothing(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@given(HOSTILE)
def test_nothing_is_left_that_a_terminal_obeys(text: str) -> None:
    left = clean(text)

    assert not [
        c for c in left if unicodedata.category(c) in {"Cc", "Cf", "Cs"} and c not in "\n\t"
    ]


def test_no_character_of_the_whole_code_space_is_forgotten() -> None:
    invisible = [
        chr(point)
        for point in range(sys.maxunicode + 1)
        if unicodedata.category(chr(point)) in {"Cc", "Cf", "Cs", "Zl", "Zp"}
        and chr(point) not in "\n\t"
    ]

    assert not re.findall("[^\n\ufffd]", clean("".join(invisible)))


@pytest.mark.parametrize(
    "text",
    ["\x1b]" * 500_000, "\x1b[" * 500_000, "\x1b[0;" * 250_000, "ä\x1b[31mx\u200b\r\n" * 100_000],
)
def test_a_megabyte_takes_no_time(text: str) -> None:
    begun = time.perf_counter()

    clean(text)

    assert time.perf_counter() - begun < 1
