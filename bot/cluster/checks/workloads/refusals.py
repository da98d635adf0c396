"""Why the API server refused to create something, read from its message; pure."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from bot.cluster.checks.quotation import quoted
from bot.cluster.objects import quantity

_QUOTA = re.compile(
    r"exceeded quota: (?P<name>[^,\s]+), requested: (?P<asked>\S+), used: (?P<used>\S+),"
    r" limited: (?P<hard>\S+)"
)
_QUOTA_WANTS = re.compile(r"failed quota: (?P<name>[^:\s]+): must specify (?P<fields>.+)")
_FIELD = re.compile(r"(?P<resource>[\w./-]+) for: (?P<containers>[^;]+)")
_LIMIT_RANGE = re.compile(
    r"(?:maximum|minimum) \S+ usage per \w+ is [^.,\]]+"
    r"(?:\.\s+No \w+ is specified|, but \w+ is [^,\]\s]+)"
    r"|\S+ max limit to request ratio per \w+ is [^,\]]+, but [^,\]]+"
)
_ACCOUNT = re.compile(r"error looking up service account (?P<namespace>[^/\s]+)/(?P<name>[^:\s]+):")
_POD_SECURITY = re.compile(r'violates PodSecurity "(?P<level>[^"]+)": (?P<settings>.+)', re.DOTALL)
_WEBHOOK_SILENT = re.compile(r'failed calling webhook "(?P<name>[^"]+)": (?P<error>.+)', re.DOTALL)
_WEBHOOK_DENIED = re.compile(
    r'admission webhook "(?P<name>[^"]+)" denied the request(?:: (?P<why>.+)| without explanation)',
    re.DOTALL,
)
_POLICY_DENIED = re.compile(
    r"ValidatingAdmissionPolicy '(?P<name>[^']+)'.* denied request: (?P<why>.+)", re.DOTALL
)
_PRIORITY = re.compile(r"no PriorityClass with name (?P<name>\S+) was found")
_RUNTIME = re.compile(r'RuntimeClass "(?P<name>[^"]+)" not found')
_INVALID = re.compile(r'"[^"]*" is invalid: (?P<why>.+)', re.DOTALL)
_UNITS = ((2.0**30, "Gi"), (2.0**20, "Mi"), (2.0**10, "Ki"))


@dataclass(frozen=True, slots=True)
class Refusal:
    """What stood in the way, as the second half of a sentence."""

    reason: str
    words: str
    """`quota `compute` leaves no room: …`, without a full stop."""
    kind: str = ""
    """Of the object it names, where it names one: `ResourceQuota`, `ServiceAccount`, …"""
    name: str = ""
    fields: tuple[str, ...] = ()
    """`limits.memory`: what of that object is concerned."""


def understood(message: str) -> Refusal:
    """The refusal this message tells of; where none is known, the message itself."""
    for pattern, build in _KNOWN:
        found = pattern.search(message)
        if found is not None:
            return build(found)
    return Refusal("FailedCreate", f"the API server says {quoted(message) or 'nothing more'}")


def _quota(found: re.Match[str]) -> Refusal:
    asked, used, hard = (_amounts(found[each]) for each in ("asked", "used", "hard"))
    each = [
        _arithmetic(name, asked[name], used.get(name, "?"), hard.get(name, "?")) for name in asked
    ]
    name = found["name"]
    words = f"quota `{name}` would be exceeded: {'; '.join(each)}"
    return Refusal("QuotaExceeded", words, "ResourceQuota", name, tuple(asked))


def _amounts(written: str) -> dict[str, str]:
    """`limits.memory=512Mi,pods=1` as a mapping."""
    pairs = (each.partition("=") for each in written.strip(",").split(","))
    return {name: value for name, _, value in pairs if value}


def _arithmetic(resource: str, asked: str, used: str, hard: str) -> str:
    left = _left(used, hard)
    rest = f", which leaves {left}" if left else ""
    return f"another one asks for {asked} of {resource}, {used} of {hard} is used{rest}"


def _left(used: str, hard: str) -> str:
    taken, limit = quantity(used), quantity(hard)
    if taken is None or limit is None:
        return ""
    rest = max(0.0, limit - taken)
    for size, suffix in _UNITS:
        if hard.endswith("i") and rest >= size:
            return f"{rest / size:.4g}{suffix}"
    is_milli = 0 < rest < 1 or rest != int(rest)
    return f"{round(rest * 1000)}m" if is_milli else f"{rest:g}"


def _quota_wants(found: re.Match[str]) -> Refusal:
    """`must specify limits.cpu for: app; limits.memory for: app`."""
    wanted = [
        (each["resource"], each["containers"].strip()) for each in _FIELD.finditer(found["fields"])
    ]
    spoken = ", ".join(
        f"{resource} of {'container' if ',' not in names else 'containers'} `{names}`"
        for resource, names in wanted
    )
    name = found["name"]
    fields = tuple(resource for resource, _ in wanted)
    words = f"quota `{name}` demands what the pod does not set: {spoken or found['fields']}"
    return Refusal("QuotaNeedsResources", words, "ResourceQuota", name, fields)


def _limit_range(found: re.Match[str]) -> Refusal:
    each = [" ".join(one[0].split()) for one in _LIMIT_RANGE.finditer(found.string)]
    words = f"a LimitRange of the namespace does not allow it: {'; '.join(each)}"
    return Refusal("LimitRangeViolated", words, "LimitRange")


def _account(found: re.Match[str]) -> Refusal:
    words = f"its ServiceAccount `{found['name']}` does not exist"
    return Refusal("ServiceAccountNotFound", words, "ServiceAccount", found["name"])


def _pod_security(found: re.Match[str]) -> Refusal:
    words = (
        f"the namespace enforces Pod Security `{found['level']}`, which the pod violates:"
        f" {quoted(found['settings'], 500)}"
    )
    return Refusal("PodSecurityViolated", words, "Namespace")


def _webhook_silent(found: re.Match[str]) -> Refusal:
    words = (
        f"the admission webhook `{found['name']}` cannot be asked: {quoted(found['error'], 260)}"
    )
    return Refusal("WebhookFailed", words, "Webhook", found["name"])


def _webhook_denied(found: re.Match[str]) -> Refusal:
    why = quoted(found["why"] or "", 300) or "without saying why"
    words = f"the admission webhook `{found['name']}` denied it: {why}"
    return Refusal("WebhookDenied", words, "Webhook", found["name"])


def _policy_denied(found: re.Match[str]) -> Refusal:
    words = f"ValidatingAdmissionPolicy `{found['name']}` denied it: {quoted(found['why'], 300)}"
    return Refusal("PolicyDenied", words, "ValidatingAdmissionPolicy", found["name"])


def _priority(found: re.Match[str]) -> Refusal:
    words = f"its PriorityClass `{found['name']}` does not exist"
    return Refusal("PriorityClassNotFound", words, "PriorityClass", found["name"])


def _runtime(found: re.Match[str]) -> Refusal:
    words = f"its RuntimeClass `{found['name']}` does not exist"
    return Refusal("RuntimeClassNotFound", words, "RuntimeClass", found["name"])


def _invalid(found: re.Match[str]) -> Refusal:
    words = f"the API server takes it for invalid: {quoted(found['why'], 300)}"
    return Refusal("InvalidPod", words)


_KNOWN: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Refusal]], ...] = (
    (_WEBHOOK_SILENT, _webhook_silent),
    (_WEBHOOK_DENIED, _webhook_denied),
    (_POLICY_DENIED, _policy_denied),
    (_QUOTA, _quota),
    (_QUOTA_WANTS, _quota_wants),
    (_ACCOUNT, _account),
    (_POD_SECURITY, _pod_security),
    (_PRIORITY, _priority),
    (_RUNTIME, _runtime),
    (_LIMIT_RANGE, _limit_range),
    (_INVALID, _invalid),
)
"""In this order: a webhook's message may quote any of the others."""
