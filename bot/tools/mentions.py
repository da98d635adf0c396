"""What an answer claims, read from its words: which finding, a cause, or that all is well; pure."""

import re
from collections.abc import Iterable, Iterator, Sequence

from bot.cluster.findings import Finding
from bot.cluster.resources import PLURALS
from bot.tools.health_words import is_denied, says_ill, says_well

_BLOCK = re.compile(r"```.*?(?:```|\Z)", re.DOTALL)
_CODE = re.compile(r"`[^`\n]*`")
_CONTAINER = re.compile(r"\[([^\[\]]+)\]|\Alog/[^/]+/(.+)\Z")
_QUOTED_CHARS = 60
"""So much of a cause, word for word, is that cause."""
_TICKED = re.compile(r"(?P<before>\b[\w-]+ )?`(?P<word>[^`\n]{3,80})`")
_TELLING = re.compile(
    r"\b(?:[A-Z]\w*[a-z][A-Z]\w*|[A-Z]{2,}[a-z]\w+"  # OOMKilled, FailedMount
    r"|\d+(?:\.\d+)?(?:[KMGT]i|m)|exit code \d+|\d+(?:\.\d+){3}(?::\d+)?)\b"
)
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_TOO_COMMON = frozenset({
    "app", "api", "backend", "container", "default", "deployment", "frontend", "image", "latest",
    "main", "namespace", "node", "pod", "ready", "running", "server", "service", "true", "false",
    "volume", "web", "worker", *(kind.lower() for kind in PLURALS),
})  # fmt: skip
_NO_CAUSE = frozenset({"container", "containers", "pod", "pods", "namespace"})
"""A name behind such a word says where it happens, not why."""
SYMPTOMS = frozenset({
    "CrashLoopBackOff", "BackOff", "ReplicasUnavailable", "DaemonSetUnavailable", "Unhealthy",
    "NotReady", "BackendNotReady", "Failed", "Error", "JobFailed", "JobRetrying", "NotStarted",
})  # fmt: skip
"""Reasons that say that something does not work, and not why."""
_CAUSE = re.compile(
    r"\b(?:because|caused? by|causes?|due to|root cause|reason (?:is|for)|culprit|owing to"
    r"|results? from|weil|wegen|ursache|grund|à cause|parce que|porque|debido a)\b",
    re.IGNORECASE,
)


def mentioned(findings: Iterable[Finding], answer: str) -> list[Finding]:
    """Those whose object and whose cause both stand in the answer."""
    return [each for each in findings if names(each, answer) and says_why(each, answer)]


def names(finding: Finding, answer: str) -> bool:
    known = (finding.about.name, *finding.pods, *(ref.name for ref in finding.affects))
    return any(next(_places(name, answer), None) is not None for name in known if name)


def says_why(finding: Finding, answer: str) -> bool:
    """A word that only somebody who names this cause would write, and that is not denied."""
    start = _flat(finding.cause)[:_QUOTED_CHARS]
    return start in _flat(answer) or any(_is_stated(w, answer) for w in _telling_words(finding))


def says_only_the_symptom(finding: Finding, answer: str) -> bool:
    """It gives a cause of its own for what the finding only says to be so."""
    others = _of_the_cause(finding)
    is_bare = finding.reason in SYMPTOMS and not any(_is_stated(word, answer) for word in others)
    return is_bare and claims_a_cause(answer)


def claims_a_cause(answer: str) -> bool:
    return bool(_CAUSE.search(_prose(answer)))


def claims_health(answer: str, known: Sequence[Finding] = ()) -> bool:
    """It says that all is well, and of no trouble but the `known`."""
    prose = "\n".join(line for line in _prose(answer).splitlines() if not mentioned(known, line))
    return says_well(prose) and not says_ill(_CODE.sub("", prose))


def _prose(answer: str) -> str:
    """Without blocks of code: what a log says is no claim of the answer."""
    return _BLOCK.sub("", answer)


def _flat(text: str) -> str:
    return " ".join(text.split())


def _is_stated(word: str, answer: str) -> bool:
    return any(not is_denied(answer, found) for found in _places(word, answer))


def _places(word: str, text: str) -> Iterator[re.Match[str]]:
    """Where it stands as a whole word: `test-61` is not in `test-611`."""
    if word.lower() not in text.lower():
        return
    shape = rf"(?<![\w-])(?<!\w\.){re.escape(word)}(?![\w-])(?!\.\w)"
    yield from re.finditer(shape, text, re.IGNORECASE)


def _telling_words(finding: Finding) -> Iterator[str]:
    yield finding.reason
    yield _HUMP.sub(" ", finding.reason)
    yield from _of_the_cause(finding)


def _of_the_cause(finding: Finding) -> Iterator[str]:
    places = (finding.about.name, finding.about.namespace, *finding.pods)
    own = {*map(str.lower, places), *(ref.name.lower() for ref in finding.affects)}
    own |= {*_containers(finding)}
    for word in (*_ticked(finding), *_TELLING.findall(finding.cause)):
        if word.lower() not in own | _TOO_COMMON and word != finding.reason:
            yield word


def _ticked(finding: Finding) -> Iterator[str]:
    for found in _TICKED.finditer(finding.cause):
        before = (found["before"] or "").strip().lower()
        is_image = before in {"image", "images"} and "image" not in finding.reason.lower()
        if before not in _NO_CAUSE and not is_image:
            yield found["word"]


def _containers(finding: Finding) -> Iterator[str]:
    for each in finding.evidence:
        for in_field, in_log in _CONTAINER.findall(each.path):
            yield (in_field or in_log).lower()
