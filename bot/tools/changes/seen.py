"""The object of a change as it is, and what stands around it; pure."""

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.tools.commandline import Request, parse
from bot.tools.targets import Target, target_of
from bot.tools.writes import WRITES

Json = Mapping[str, Any]

_LONGEST_CODE = 400
_LONGEST_WORD = 60
_WITH_GENERATION = frozenset({"deployment", "statefulset", "daemonset", "replicaset"})


@dataclass(frozen=True, slots=True)
class Asked:
    """A change as the policy has rebuilt it."""

    request: Request
    target: Target
    argv: tuple[str, ...]

    @property
    def change(self) -> str:
        return self.request.verb.change

    @property
    def namespace(self) -> str:
        return self.request.value("namespace")

    def number(self, flag: str) -> int | None:
        value = self.request.value(flag)
        return int(value) if value else None


@dataclass(frozen=True, slots=True)
class Seen:
    """The object, and what was read beside it where the change makes that matter."""

    target: Target
    body: Json
    scalers: tuple[str, ...] = ()
    """HorizontalPodAutoscalers of it, in words."""
    revisions: tuple[int, ...] | None = None
    """Those that `rollout history` has; None where it was not asked, or could not be."""
    pods: int | None = None
    """On this node."""

    @property
    def uid(self) -> str:
        return str(self.meta.get("uid") or "")

    @property
    def meta(self) -> Json:
        return part(self.body, "metadata")

    @property
    def spec(self) -> Json:
        return part(self.body, "spec")

    @property
    def status(self) -> Json:
        return part(self.body, "status")

    @property
    def owner(self) -> tuple[str, str] | None:
        """Kind and name of whatever controls it."""
        for each in self.meta.get("ownerReferences") or ():
            if each.get("controller"):
                return word(str(each.get("kind"))), str(each.get("name"))
        return None

    @property
    def replicas(self) -> int:
        """How many pods it is to have."""
        if self.target.kind == "daemonset":
            return int(self.status.get("desiredNumberScheduled") or 0)
        wanted = self.spec.get("replicas")
        return 1 if wanted is None else int(wanted)

    @property
    def images(self) -> dict[str, str]:
        """Container, or init container, and its image."""
        spec = part(part(self.spec, "template"), "spec") or self.spec
        both = [*(spec.get("containers") or ()), *(spec.get("initContainers") or ())]
        return {str(each.get("name")): str(each.get("image") or "") for each in both}

    @property
    def is_paused(self) -> bool:
        return bool(self.spec.get("paused"))

    @property
    def is_ending(self) -> bool:
        """Deleted, and not gone yet."""
        return bool(self.meta.get("deletionTimestamp"))

    @property
    def is_cordoned(self) -> bool:
        return bool(self.spec.get("unschedulable"))

    def fingerprint(self, redact: Callable[[str], str]) -> str:
        """What differs as soon as its spec does; no hash of a secret, as it is kept."""
        if self.target.kind in _WITH_GENERATION:
            return str(self.meta.get("generation") or "")
        spec = redact(json.dumps(self.spec, sort_keys=True, indent=1))
        return hashlib.sha256(spec.encode("utf-8", "replace")).hexdigest()


def part(body: Json, name: str) -> Json:
    found = body.get(name)
    return found if isinstance(found, Mapping) else {}


def read_change(argv: tuple[str, ...]) -> Asked:
    """Of a command that was judged. Raises Refused for anything that is no change."""
    request = parse(argv[1:], WRITES)
    target = target_of(request)
    assert target is not None  # noqa: S101 - the policy has seen to it
    return Asked(request, target, argv)


def code(text: str) -> str:
    """As it stands between backticks, which it must not close."""
    return "`" + re.sub(r"[`\s]+", " ", text).strip()[:_LONGEST_CODE] + "`"


def word(text: str) -> str:
    """What Kubernetes takes as any text, where people expect a word."""
    return re.sub(r"[^A-Za-z0-9]+", "", text)[:_LONGEST_WORD] or "nothing"


def pods(count: int, which: str = "") -> str:
    return " ".join(filter(None, (str(count), which, "pod" if count == 1 else "pods")))
