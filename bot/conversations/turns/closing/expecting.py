"""What answers to a question must say, taken from the cause that was confirmed; pure.

Only what the question does not say itself: whoever repeats that has found nothing. Words of a
reason are given in several wordings, for a model says it in its own.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from bot.conversations.turns.closing.facts import Finding
from bot.redaction.marks import is_redacted

_MOST_WORDS = 20
_CITED = re.compile(r" ?\[\d+(?:, ?\d+)*\]")
_HINT = re.compile(r"Did you mean .*", re.DOTALL)
_CONTAINER = re.compile(r"container `[^`]*`", re.IGNORECASE)
_REASON = re.compile(r": ([A-Z][A-Za-z0-9]{2,79})(?=[;,. ]|\Z)")
_QUOTED = re.compile(r"`([^`]{2,120})`|\"([^\"]{2,120})\"|(?<!\w)'([^']{2,120})'(?!\w)")
_TELLING = re.compile(r"[\d./:_-]")
_BARE = re.compile(
    r"(?<![\w/.-])(?:\d+(?:\.\d+)?[KMGT]i?|exit code \d+|/[\w.-]+(?:/[\w.-]+)+|"
    r"[A-Za-z][\w-]*(?:\.[\w-]+){2,})(?![\w/-])"
)
_PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_SAYS_NOTHING = frozenset({"Failed", "No", "Not", "Pod", "Container", "Create", "Node", "Unbound"})
_ELSEWHERE = frozenset({"Unschedulable"})
"""What their causes quote is where else something is, and need not be said."""
_MEMORY = ("OOMKilled", "OOM", "out of memory", "out-of-memory", "memory limit", "more memory")
_IMAGE = ("ImagePullBackOff", "ErrImagePull", "image pull", "pull the image", "its image",
          "the image", "image")  # fmt: skip
_NODE = ("NotReady", "not ready", "kubelet", "heard of", "unreachable", "down", "lost")
_WORDINGS: Mapping[str, tuple[str, ...]] = {
    "OOMKilled": _MEMORY,
    "SystemOOM": _MEMORY,
    "ImagePullBackOff": _IMAGE,
    "ErrImagePull": _IMAGE,
    "ErrImageNeverPull": ("ErrImageNeverPull", "imagePullPolicy", "never pull", *_IMAGE[4:]),
    "InvalidImageName": ("InvalidImageName", "image name", "image reference", *_IMAGE[4:]),
    "Unschedulable": ("Unschedulable", "FailedScheduling", "schedule", "scheduled", "scheduler",
                      "no node", "affinity", "taint", "taints", "insufficient", "not enough"),
    "NoNodeMatches": ("no node", "nodeSelector", "node selector", "no matching node"),
    "FailedMount": ("FailedMount", "mount", "volume"),
    "Evicted": ("evicted", "eviction"),
    "DiskPressure": ("disk pressure", "DiskPressure", "disk space", "disk"),
    "DiskFull": ("disk full", "disk is full", "no space left", "disk space", "disk"),
    "QuotaUsedUp": ("quota",),
    "QuotaNearlyUsedUp": ("quota",),
    "RbacDenied": ("rbac", "forbidden", "permission", "may not", "not allowed", "no right"),
    "DeadlineExceeded": ("deadline", "activeDeadlineSeconds", "too long", "longer than"),
    "SelectorMatchesNothing": ("selector", "matches no", "no pod", "label", "labels"),
    "NoReadyEndpoints": ("endpoint", "endpoints", "no ready", "not ready"),
    "ConnectionRefused": ("connection refused", "refused", "cannot connect", "not connect"),
    "AtMaximum": ("maximum", "max replicas", "maxReplicas"),
    "NodeNotReady": _NODE,
    "NotScheduled": ("not scheduled", "scheduler", "schedulerName", "unscheduled"),
    "UnboundClaim": ("claim", "PersistentVolumeClaim", "PVC", "volume", "StorageClass",
                     "storage class", "unbound"),
    "CrashLoopBackOff": ("CrashLoopBackOff", "crash loop", "crashes", "exit code", "keeps failing"),
    "JobFailed": ("JobFailed", "failed"),
    "RunContainerError": ("RunContainerError", "cannot be started", "cannot start", "not start"),
    "CreateContainerConfigError": ("CreateContainerConfigError", "cannot be created",
                                   "cannot create", "not created"),
    "PodInitializing": ("PodInitializing", "init container", "init containers", "initializing"),
    "Pending": ("Pending", "not ready"),
    "AddressInUse": ("address in use", "already in use", "in use"),
}  # fmt: skip


def facts_to_say(found: Finding, asked: Iterable[str]) -> Iterator[list[str]]:
    """One of each list. `asked` are all questions that go with it."""
    question = " ".join(asked)
    verdict, cause = plain(found.verdict), plain(" ".join(found.lead[:1]))
    names = _names(found, verdict, cause)
    for choice in (names, *_told(found, verdict, cause, question)):
        if fresh := _fresh(choice, question):
            yield fresh[:_MOST_WORDS]
            if choice is not names:
                return


def _told(found: Finding, verdict: str, cause: str, question: str) -> Iterator[list[str]]:
    """What the cause quotes; else its reason, and what tells without being quoted."""
    names = {name for _, _, name in found.about}
    quoted = [each for each in _quoted(f"{verdict} {cause}") if not _is_part(each, names)]
    values = [word for each in quoted if _TELLING.search(each) for word in _spellings(each)]
    reasons = _REASON.findall(verdict)
    if _ELSEWHERE.isdisjoint(reasons):
        yield values
    worded = [word for each in reasons for word in _wordings(each)]
    if any(says(question, each) for each in worded):
        worded = []  # whoever asks whether it is so is answered with `yes`
    yield [*worded, *_bare(cause), *values]
    yield quoted


def _fresh(choice: Iterable[str], question: str) -> list[str]:
    return [each for each in dict.fromkeys(choice) if not says(question, each)]


def plain(markdown: str) -> str:
    return _CITED.sub("", markdown.replace("**", "")).strip()


def says(text: str, words: str) -> bool:
    """As a word of its own; letter case makes no difference."""
    pattern = rf"(?<![^\W_]){re.escape(words)}(?![^\W_])"
    return re.search(pattern, text, re.IGNORECASE) is not None


def _names(found: Finding, verdict: str, cause: str) -> list[str]:
    """Of what the verdict is about; what else suffers from it need not be said."""
    names = sorted({name for _, _, name in found.about if name}, key=lambda each: (len(each), each))
    for text in (verdict, cause):
        if told := [each for each in names if says(text, each)]:
            return told
    return names


def _quoted(text: str) -> Iterator[str]:
    for one in _QUOTED.findall(_CONTAINER.sub("", _HINT.sub("", text))):
        yield next(filter(None, one))


def _is_part(value: str, names: Iterable[str]) -> bool:
    """Of a name that is told already; or it is nothing that an answer says."""
    is_command = value.startswith(("kubectl ", "kaia "))
    return is_command or is_redacted(value) or any(value in each for each in names)


def _spellings(value: str) -> list[str]:
    """An image's tag, a path's last part: whoever says that says enough."""
    last = re.split(r"[/:]", value)[-1]
    return [value] if last == value or not _TELLING.search(last) else [value, last]


def _wordings(reason: str) -> Iterator[str]:
    """`ConfigMapKeyMissing`: also `config map`, however somebody says that it is not there."""
    if known := _WORDINGS.get(reason):
        yield from known
        return
    parts = _PARTS.findall(reason)
    yield from (reason, _spaced(parts))
    for count in range(len(parts) - 1, 0, -1):
        if count > 1 or parts[0] not in _SAYS_NOTHING:
            yield from ("".join(parts[:count]), _spaced(parts[:count]))


def _spaced(parts: Sequence[str]) -> str:
    return " ".join(parts).lower()


def _bare(cause: str) -> Iterator[str]:
    """What tells though nothing quotes it: `64Mi`, `exit code 3`, a path, a host."""
    found = _BARE.findall(_HINT.sub("", cause))
    yield from (each for each in found if not is_redacted(each))
