"""How a finished kubectl command is told to a model: one line, in words; pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an exit means."""

    words: str
    """`exit 1, not found`, `killed after 20 s`; the line count follows where there is none."""
    advice: str = ""
    """What to make of it, in a sentence; or nothing."""
    is_error: bool = False


def read_exit(argv: Sequence[str], exit_code: int, stdout: str, stderr: str) -> Outcome:
    """Forbidden, not found and failed are three things, and nothing there is a fourth."""
    verb = argv[1] if len(argv) > 1 else ""
    if exit_code == 0:
        return Outcome("exit 0", _advise_on_nothing(verb, stdout, stderr))
    if verb == "auth" and stdout.split()[:1] in (["no"], ["yes"]):
        return Outcome(f"exit {exit_code}", 'That is the answer "no" and not an error.')
    for pattern, words, advice in _FAILURES:
        if pattern.search(stderr):
            return Outcome(f"exit {exit_code}, {words}", advice, is_error=True)
    return Outcome(f"exit {exit_code}", is_error=True)


def _advise_on_nothing(verb: str, stdout: str, stderr: str) -> str:
    if stdout.strip():
        return ""
    if verb == "logs":
        return (
            "There are no log lines: the container may not have started (an unscheduled pod "
            "has none) or wrote nothing. Describe the pod."
        )
    found = re.search(r"No resources found(?: in (\S+) namespace)?", stderr)
    if found and found[1]:
        return (
            f"Nothing was found, and kubectl says the same where namespace {found[1]} does not "
            "exist: check with `kubectl get namespaces`."
        )
    return "Nothing was found." if found else ""


_FAILURES = (
    (
        re.compile(r"\(Forbidden\)|is forbidden|\bforbidden:"),
        "forbidden by RBAC",
        "It may exist; Kaia's account may not read it. Say so; the same command stays forbidden.",
    ),
    (
        re.compile(r"previous terminated container"),
        "not found",
        "The container has not been restarted on its node, so there is no earlier log.",
    ),
    (
        re.compile(r"doesn't have a resource type"),
        "not found",
        "The cluster has no such resource type: see `kubectl api-resources`.",
    ),
    (
        re.compile(r"\(NotFound\)|not found"),
        "not found",
        "The name or the namespace may be wrong: list what is there before concluding.",
    ),
    (
        re.compile(r"Metrics API not available"),
        "no metrics",
        "The cluster has no metrics-server, so `top` cannot work.",
    ),
    (
        re.compile(r"waiting to start|is not valid for pod|a container name must be specified"),
        "not available",
        "",
    ),
    (
        re.compile(r"\(Unauthorized\)|must be logged in|provide credentials|error: EOF"),
        "credentials not accepted",
        "The cluster does not accept Kaia's credentials. Say so and conclude.",
    ),
    (
        re.compile(
            r"Unable to connect|was refused|connection refused|no such host|i/o timeout"
            r"|ServiceUnavailable|TLS handshake"
        ),
        "the cluster did not answer",
        "Nothing follows from this about the workloads.",
    ),
)
