"""How a command ended, in words and in code."""

import shlex

import pytest

from bot.tools.compaction import Compacted
from bot.tools.outcomes import Got, Outcome, read_ending, say_lines

FORBIDDEN = 'Error from server (Forbidden): pods is forbidden: User "kaia" cannot list'
NOT_FOUND = 'Error from server (NotFound): pods "x" not found'


def end(command: str, exit_code: int | None, stdout: str = "", stderr: str = "") -> Outcome:
    argv = ("kubectl", *shlex.split(command))
    return read_ending(argv, exit_code, "killed after 20 s" if exit_code is None else "",
                       stdout, stderr)  # fmt: skip


@pytest.mark.parametrize(
    ("command", "exit_code", "stdout", "stderr", "got", "words"),
    [
        ("get pods", 0, "NAME\nx\n", "", Got.OK, "exit 0"),
        ("get pods", 0, "", "No resources found in a namespace.", Got.EMPTY, "exit 0, empty"),
        ("get pods --output=yaml", 0, "apiVersion: v1\nitems: []\nkind: List\n", "", Got.EMPTY,
         "exit 0, empty"),
        ("get pods --output=json", 0, '{\n    "apiVersion": "v1",\n    "items": [],\n', "",
         Got.EMPTY, "exit 0, empty"),
        ("get cm x --output=yaml", 0, "kind: ConfigMap\ndata:\n  items: []\n", "", Got.OK,
         "exit 0"),
        ("logs x", 0, "", "", Got.EMPTY, "exit 0, empty"),
        ("auth can-i get pods --quiet", 0, "", "", Got.OK, "exit 0"),
        ("auth can-i get pods", 1, "no\n", "", Got.OK, "exit 1"),
        ("get pods", 1, "", FORBIDDEN, Got.FORBIDDEN, "exit 1, forbidden by RBAC"),
        ("get all", 1, "NAME\nx\n", FORBIDDEN, Got.FORBIDDEN, "exit 1, forbidden by RBAC in part"),
        ("get pod x", 1, "", NOT_FOUND, Got.NOT_FOUND, "exit 1, not found"),
        ("get pod x y", 1, "NAME\ny\n", NOT_FOUND, Got.NOT_FOUND, "exit 1, not found in part"),
        ("get wombats", 1, "", 'the server doesn\'t have a resource type "wombats"',
         Got.NO_SUCH_TYPE, "exit 1, not found"),
        ("top pods", 1, "", "error: Metrics API not available", Got.UNAVAILABLE,
         "exit 1, no metrics"),
        ("logs x", 1, "", "container is waiting to start", Got.UNAVAILABLE,
         "exit 1, not available"),
        ("get pods", 1, "", "error: You must be logged in", Got.NO_ANSWER,
         "exit 1, credentials not accepted"),
        ("get pods", 1, "", "Unable to connect to the server", Got.NO_ANSWER,
         "exit 1, the cluster did not answer"),
        ("get pods", 1, "", "something else", Got.FAILED, "exit 1"),
        ("get pods", None, "a\n", "", Got.CUT_SHORT, "killed after 20 s"),
    ],
)  # fmt: skip
def test_each_way_to_end_is_told_apart(
    command: str, exit_code: int | None, stdout: str, stderr: str, got: Got, words: str
) -> None:
    outcome = end(command, exit_code, stdout, stderr)

    assert (outcome.got, outcome.words) == (got, words)
    assert outcome.is_error == (got not in (Got.OK, Got.EMPTY))


@pytest.mark.parametrize(
    ("command", "stderr", "advice"),
    [
        ("logs x", "", "there are no log lines"),
        ("get pods --output=jsonpath={.x}", "", "the expression gave nothing"),
        ("get pods", "No resources found in a namespace.", "where namespace a does not exist"),
        ("events", "No events found in a namespace.", "where namespace a does not exist"),
        ("get pods", "No resources found", "nothing was found."),
    ],
)
def test_that_nothing_is_there_is_said_first_and_explained(
    command: str, stderr: str, advice: str
) -> None:
    line = say_lines(end(command, 0, "", stderr), Compacted("", 0, 0, cut=False))

    assert line.startswith("exit 0, empty: ")
    assert advice in line


def test_the_lines_that_are_shown_are_counted() -> None:
    assert say_lines(Outcome("exit 0"), Compacted("x", 1, 1, cut=False)) == "exit 0, 1 line"
    assert say_lines(Outcome("exit 0"), Compacted("x", 2, 9, cut=True)) == (
        "exit 0, 2 of 9 lines shown"
    )
    assert say_lines(Outcome("exit 1", "Look."), Compacted("", 0, 0, cut=False)) == (
        "exit 1, 0 lines. Look."
    )


def test_only_what_may_pass_is_worth_asking_again() -> None:
    passing = {got for got in Got if not got.stays_so}

    assert passing == {Got.NO_SUCH_TYPE, Got.NO_ANSWER, Got.CUT_SHORT, Got.FAILED}
