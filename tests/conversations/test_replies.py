"""What Kaia says by herself."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversations.records import Outlook, Stopped
from bot.conversations.replies import (
    plain_name,
    quoted,
    status_notice,
    stopped_notice,
)
from bot.conversations.turns.printed import no_such_receipt, receipt_notice
from bot.dialogue import Receipt
from tests.doubles.conversation_edges import said

RECEIPT = Receipt(3, "kubectl", "kubectl get pods", "read", 0, "NAME", "", 1_700_000_000, 0.25)


@pytest.mark.parametrize(
    ("stopped", "text"),
    [
        (Stopped((), 0), "Nothing is running in this thread."),
        (Stopped((1,), 0), "Stopped. Ask again"),
        (Stopped((), 1), "Stopped. 1 waiting question was dropped. Ask"),
        (Stopped((1,), 1), "Stopped. 1 waiting question was dropped too. Ask"),
    ],
)
def test_stopped_says_what_ended(stopped: Stopped, text: str) -> None:
    assert stopped_notice(stopped).markdown.startswith(text)


def test_many_waiting_questions_are_counted() -> None:
    outlook = Outlook(None, tuple(said(str(number)) for number in range(5)))
    text = status_notice(outlook, doing="", is_open=True, now=0).markdown
    assert text == "About to begin. 5 wait: `0`, `1`, `2` and 2 more."


def test_status_of_a_thread_that_is_nobodys() -> None:
    text = status_notice(Outlook(None, ()), doing="", is_open=False, now=0).markdown
    assert "no conversation is open" in text


def test_a_refused_command_has_no_output_to_show() -> None:
    refused = replace(RECEIPT, verdict="refused", exit_code=None, note="It writes.", output="")
    text = receipt_notice(refused, cluster="prod").markdown
    assert "refused, not run\nIt writes." in text
    assert "```" not in text


def test_a_killed_command_says_so() -> None:
    killed = replace(RECEIPT, exit_code=None, seconds=20.0, output="", note="Killed.")
    text = receipt_notice(killed, cluster="prod").markdown
    assert "ended before its own end after 20.0 s\nKilled.\nIt printed nothing." in text


def test_long_output_keeps_its_beginning_and_its_end() -> None:
    text = receipt_notice(
        replace(RECEIPT, output="a" + "x" * 50_000 + "z"), cluster="prod"
    ).markdown
    assert len(text) < 9_000
    assert "```\na" in text
    assert text.endswith("z\n```")
    assert "characters left out" in text


@given(st.text(max_size=300))
def test_output_never_leaves_its_fence(output: str) -> None:
    text = receipt_notice(replace(RECEIPT, output=output), cluster="prod").markdown
    assert text.count("```") in (0, 2)


def test_unknown_receipts_name_those_that_exist() -> None:
    assert "No command has been run" in no_such_receipt(1, 0).markdown
    assert "commands 1 to 4" in no_such_receipt(9, 4).markdown


@given(st.text(max_size=200))
def test_a_name_is_one_line_and_cannot_speak_for_another(name: str) -> None:
    plain = plain_name(name)
    assert not set(plain) & set(":()\n\r<>`")
    assert len(plain) <= 40


@given(st.text(max_size=400))
def test_a_quotation_is_one_line_and_ends_where_it_should(text: str) -> None:
    line = quoted(text)
    assert line.count("`") == 2
    assert len(line.splitlines()) == 1
    assert len(line) <= 82
