"""The flags that Kaia passes on to kubectl and the values each may have; it knows no verbs."""

import re
from dataclasses import dataclass

from bot.tools import kinds

Version = tuple[int, int]

SWITCH = "true|false"

LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
NUMBER = r"[1-9][0-9]{0,8}"
_DURATION = r"([0-9]+(\.[0-9]+)?(h|ms|m|s))+"
_TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)"
_EXPRESSION = r".+"
"""jsonpath and columns: without a shell they can neither run nor open anything."""


@dataclass(frozen=True, slots=True)
class Flag:
    """One flag of one verb. Unless it has a `value` of its own it is a switch."""

    name: str
    short: str = ""
    value: str = SWITCH
    """Pattern of the whole value."""
    hint: str = "true or false"
    """What to give, for refusals: `a duration such as 15m`."""
    default: str = ""
    """Sent where the command does not give the flag."""
    default_with_selector: str = ""
    """The same where pods are picked by label, if that differs."""
    most: int = 0
    """A larger number is lowered to it."""
    since: Version = (0, 0)
    """First kubectl that knows the flag."""
    needs: str = ""
    """A switch that has to come with it."""
    is_required: bool = False
    """The command means nothing without it."""
    is_on_by_default: bool = False
    """Of switches: what kubectl takes where nothing is said, in some version at least."""

    @property
    def is_switch(self) -> bool:
        """Takes no word after it: `--watch false` is a flag and an operand."""
        return self.value in (SWITCH, "false")

    def allows(self, value: str) -> bool:
        return re.fullmatch(self.value, value) is not None


def canonical(flag: Flag, value: str) -> str:
    """The value as every version of kubectl understands it, numbers within their bound."""
    if flag.most:
        return str(min(int(value), flag.most))
    # 1.34 knows kyaml only by an environment variable; it is YAML in another dress.
    return "yaml" if flag.name == "output" and value == "kyaml" else value


def spell(flag: Flag, value: str) -> str:
    """The flag as one argument, by its long name: kubectl looks for `--kuberc` in any argument."""
    if flag.is_switch and value == "true" and not flag.is_on_by_default:
        return f"--{flag.name}"
    return f"--{flag.name}={value}"


def output(*formats: str) -> Flag:
    """`--output` with these formats; one that ends in `=` takes an expression."""
    patterns = [form + _EXPRESSION if form.endswith("=") else form for form in formats]
    if "yaml" in formats:
        patterns.append("kyaml")
    shown = [form + "…" if form.endswith("=") else form for form in formats]
    return Flag("output", "o", value="|".join(patterns), hint=f"one of {', '.join(shown)}")


def choice(name: str, *values: str, default: str = "") -> Flag:
    """A flag with a handful of values."""
    return Flag(name, value="|".join(values), hint=" or ".join(values), default=default)


NAMESPACE = Flag("namespace", "n", value=LABEL, hint="a namespace such as shop")
ALL_NAMESPACES = Flag("all-namespaces", "A")
SELECTOR = Flag(
    "selector", "l", value=r"[A-Za-z0-9._/=!, ()-]+", hint="labels such as app=web,tier!=cache"
)
FIELD_SELECTOR = Flag(
    "field-selector",
    value=r"[A-Za-z0-9._/=!,:{}\[\]-]+",
    hint="fields such as status.phase!=Running",
)
LABEL_COLUMNS = Flag(
    "label-columns", "L", value=r"[A-Za-z0-9._/,-]+", hint="label keys such as app,version"
)
NO_HEADERS = Flag("no-headers")
CHUNK_SIZE = Flag(
    "chunk-size", value=r"[1-9][0-9]?|[1-4][0-9]{2}|500", hint="a number from 1 to 500"
)
SORT_BY_FIELD = Flag(
    "sort-by", value=_EXPRESSION, hint="a field such as .metadata.creationTimestamp"
)
SORT_BY_LOAD = choice("sort-by", "cpu", "memory")
SUBRESOURCE = choice("subresource", "status", "scale")
ASKED_SUBRESOURCE = Flag("subresource", value=r"[a-z]+", hint="a word such as log")
REVISION = Flag("revision", value=NUMBER, hint="a number such as 7")
SHOW_SWAP = Flag("show-swap", since=(1, 34))

# From 1.36 events are left out where several objects are described, unless asked for.
SHOW_EVENTS = Flag("show-events", default="true", is_on_by_default=True)
# Otherwise the command lasts as long as the rollout.
NO_WATCH = choice("watch", "false", default="false")

CONTAINER = Flag("container", "c", value=LABEL, hint="the name of a container")
TAIL = Flag(
    "tail",
    value=NUMBER,
    hint="a number from 1 to 500",
    default="500",
    default_with_selector="10",
    most=500,
)
# The log is cut at its new end, so this has to hold 500 long lines.
LIMIT_BYTES = Flag(
    "limit-bytes",
    value=NUMBER,
    hint="a number from 1 to 1000000",
    default="1000000",
    most=1_000_000,
)
# kubectl waits 20 s for a pod of a Job that has none.
POD_RUNNING_TIMEOUT = choice("pod-running-timeout", "5s", default="5s")
SINCE = Flag("since", value=_DURATION, hint="a duration such as 15m or 24h")
SINCE_TIME = Flag("since-time", value=_TIME, hint="a time such as 2026-01-31T15:04:05Z")

FOR = Flag(
    "for", value=f"{kinds.TYPE}/{kinds.NAME}", hint="TYPE/NAME in lower case, such as pod/web-0"
)
TYPES = Flag(
    "types",
    value=r"(Normal|Warning)(,(Normal|Warning))*",
    hint="Warning, Normal or both, joined by a comma",
)
RECURSIVE = Flag("recursive", "R")
MAX_DEPTH = Flag(
    "max-depth", value=NUMBER, hint="a number such as 2", since=(1, 37), needs="recursive"
)
API_VERSION = Flag(
    "api-version", value=r"([a-z0-9][a-z0-9.-]*/)?v[0-9][a-z0-9]*", hint="a version such as apps/v1"
)
API_GROUP = Flag("api-group", value=r"([a-z0-9][a-z0-9.-]*)?", hint="a group such as apps")
NAMESPACED = Flag("namespaced", is_on_by_default=True)
VERBS = Flag("verbs", value=r"[a-z]+(,[a-z]+)*", hint="verbs such as list,get")
CATEGORIES = Flag("categories", value=r"[a-z0-9-]+(,[a-z0-9-]+)*", hint="a category such as all")

# Of changes. A person sees the number before it is approved; a slip of the hand is refused before.
_REPLICAS = r"0|[1-9][0-9]?|[1-4][0-9]{2}|500"
REPLICAS = Flag("replicas", value=_REPLICAS, hint="a number from 0 to 500", is_required=True)
CURRENT_REPLICAS = Flag("current-replicas", value=_REPLICAS, hint="a number from 0 to 500")
TO_REVISION = Flag(
    "to-revision", value=NUMBER, hint="a revision that `kubectl rollout history` shows"
)
# Otherwise the command lasts until the pod is gone, and a finalizer can keep it for ever.
NO_WAIT = choice("wait", "false", default="false")
