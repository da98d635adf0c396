"""How a finished kubectl command is told to a model: one line, in words; pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.tools.compaction import Compacted


class Got(StrEnum):
    """What came of a command. That nothing is there is an answer; the others are not alike."""

    OK = "ok"
    EMPTY = "empty"
    NOT_FOUND = "not found"
    NO_SUCH_TYPE = "no such type"
    """By this spelling at least: another may be known."""
    FORBIDDEN = "forbidden"
    REFUSED = "refused"
    """By the policy, before it ran."""
    UNAVAILABLE = "not available"
    """There is no such thing to read: no metrics, a container that has not started."""
    NO_ANSWER = "no answer"
    """The cluster did not answer, or not to Kaia's credentials."""
    CUT_SHORT = "cut short"
    """It was killed before its end."""
    FAILED = "failed"

    @property
    def stays_so(self) -> bool:
        """Asked again within a turn, the answer would be the same."""
        return self not in (Got.NO_SUCH_TYPE, Got.NO_ANSWER, Got.CUT_SHORT, Got.FAILED)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an exit means."""

    words: str
    """`exit 1, not found`, `killed after 20 s`; the line count follows where there is none."""
    advice: str = ""
    """What to make of it, in a sentence; or nothing."""
    is_error: bool = False
    got: Got = Got.OK


def read_ending(
    argv: Sequence[str], exit_code: int | None, note: str, stdout: str, stderr: str
) -> Outcome:
    """The same where it may have been killed; then there is no exit code, and `note` says why."""
    if exit_code is None:
        advice = "What is here is only the beginning: narrow it."
        return Outcome(note, advice, is_error=True, got=Got.CUT_SHORT)
    outcome = read_exit(argv, exit_code, stdout, stderr)
    return replace(outcome, words=", ".join(filter(None, (outcome.words, note))))


def read_exit(argv: Sequence[str], exit_code: int, stdout: str, stderr: str) -> Outcome:
    """Forbidden, not found and failed are three things, and nothing there is a fourth."""
    verb = argv[1] if len(argv) > 1 else ""
    if exit_code == 0:
        return _read_success(verb, argv, stdout, stderr)
    if verb == "auth" and stdout.split()[:1] in (["no"], ["yes"]):
        return Outcome(f"exit {exit_code}", 'That is the answer "no" and not an error.')
    for pattern, got, words, advice in _FAILURES:
        if pattern.search(stderr):
            found = Outcome(f"exit {exit_code}, {words}", advice, is_error=True, got=got)
            return _in_part(found) if stdout.strip() else found
    return Outcome(f"exit {exit_code}", is_error=True, got=Got.FAILED)


def say_lines(outcome: Outcome, shown: Compacted) -> str:
    """The line that says how it ended, how much of it is shown and what to make of it."""
    if outcome.got is Got.EMPTY:
        return f"{outcome.words}: {outcome.advice}"
    lines = f"{shown.total_lines} line{'' if shown.total_lines == 1 else 's'}"
    if shown.cut:
        lines = f"{shown.shown_lines} of {shown.total_lines} lines shown"
    return ". ".join(filter(None, (f"{outcome.words}, {lines}", outcome.advice)))


_NO_ITEMS = re.compile(r'^(?: {4}"items": \[\],?|items: \[\])$', re.MULTILINE)
_NO_RESOURCES = re.compile(r"No (?:resources|events) found(?: in (\S+?) namespace)?")


def _read_success(verb: str, argv: Sequence[str], stdout: str, stderr: str) -> Outcome:
    has_list = any(word in ("--output=json", "--output=yaml") for word in argv)
    is_empty = not stdout.strip() or (has_list and _NO_ITEMS.search(stdout[:200]) is not None)
    if not is_empty or verb == "auth":
        return Outcome("exit 0")
    return Outcome("exit 0, empty", _advise_on_nothing(verb, argv, stderr), got=Got.EMPTY)


def _in_part(found: Outcome) -> Outcome:
    """Of several objects some were read; the advice speaks of the others."""
    return replace(
        found, words=f"{found.words} in part", advice=f"The rest is below. {found.advice}"
    )


def _advise_on_nothing(verb: str, argv: Sequence[str], stderr: str) -> str:
    if verb == "logs":
        return (
            "there are no log lines. The container may not have started (an unscheduled pod "
            "has none) or wrote nothing. Describe the pod."
        )
    if any(word.startswith(("--output=jsonpath", "--output=custom")) for word in argv):
        return "the expression gave nothing. The field is not set, or its path is another."
    found = _NO_RESOURCES.search(stderr)
    if found and found[1]:
        return (
            f"nothing was found, and kubectl says the same where namespace {found[1]} does not "
            "exist: check with `kubectl get namespaces`."
        )
    return "nothing was found."


_FAILURES = (
    (
        re.compile(r"\(Forbidden\)|is forbidden|\bforbidden:"),
        Got.FORBIDDEN,
        "forbidden by RBAC",
        "It may exist; Kaia's account may not read it. Say so; the same command stays forbidden.",
    ),
    (
        re.compile(r"previous terminated container"),
        Got.NOT_FOUND,
        "not found",
        "The container has not been restarted on its node, so there is no earlier log.",
    ),
    (
        re.compile(r"doesn't have a resource type"),
        Got.NO_SUCH_TYPE,
        "not found",
        "The cluster has no such resource type: see `kubectl api-resources`.",
    ),
    (
        re.compile(r"\(NotFound\)|not found"),
        Got.NOT_FOUND,
        "not found",
        "The name or the namespace may be wrong: list what is there before concluding.",
    ),
    (
        re.compile(r"Metrics API not available"),
        Got.UNAVAILABLE,
        "no metrics",
        "The cluster has no metrics-server, so `top` cannot work.",
    ),
    (
        re.compile(r"waiting to start|is not valid for pod|a container name must be specified"),
        Got.UNAVAILABLE,
        "not available",
        "",
    ),
    (
        re.compile(r"\(Unauthorized\)|must be logged in|provide credentials|error: EOF"),
        Got.NO_ANSWER,
        "credentials not accepted",
        "The cluster does not accept Kaia's credentials. Say so and conclude.",
    ),
    (
        re.compile(
            r"Unable to connect|was refused|connection refused|no such host|i/o timeout"
            r"|ServiceUnavailable|TLS handshake"
        ),
        Got.NO_ANSWER,
        "the cluster did not answer",
        "Nothing follows from this about the workloads.",
    ),
)
