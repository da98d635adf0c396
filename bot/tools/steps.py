"""What a kubectl command does, in people's words: for those who follow a turn, and for no tool."""

import shlex
from collections.abc import Callable, Mapping, Sequence

from bot.tools import kinds
from bot.tools.commandline import Refused, Request, parse
from bot.tools.verbs import READS

_MOST_CHARACTERS = 80


def spoken(argv: Sequence[str]) -> str:
    """`reading events in shop`, from the words of a command with or without its `kubectl`.

    What is no reading command comes back as it is written.
    """
    words = list(argv[1:] if argv[:1] in (["kubectl"], ("kubectl",)) else argv)
    try:
        request = parse(words, READS)
    except Refused:
        return f"running {shlex.join(argv)}"
    says = _SAYINGS.get(request.verb.name)
    return says(request) if says else f"running {shlex.join(argv)}"


def _get(request: Request) -> str:
    return f"reading {_objects(request)}{_place(request)}"


def _describe(request: Request) -> str:
    return f"looking closely at {_objects(request)}{_place(request)}"


def _logs(request: Request) -> str:
    whose = _objects(request) if request.operands else _selected("pods", request)
    if "/" not in "".join(request.operands) and request.operands:
        whose = f"pod {request.operands[0]}"
    when = " from before its restart" if request.is_on("previous") else ""
    return f"reading the log of {whose}{when}{_place(request)}"


def _events(request: Request) -> str:
    about = request.value("for")
    return f"reading events{f' of {_target(about)}' if about else ''}{_place(request)}"


def _top(request: Request) -> str:
    kind = request.verb.words[1]
    one = f"{kind.removesuffix('s')} {request.operands[0]}" if request.operands else ""
    where = _place(request) if kind == "pods" else ""
    return f"measuring the load of {one or _selected(kind, request)}{where}"


def _rollout_status(request: Request) -> str:
    return f"checking the rollout of {_objects(request)}{_place(request)}"


def _rollout_history(request: Request) -> str:
    return f"reading the rollout history of {_objects(request)}{_place(request)}"


def _explain(request: Request) -> str:
    return f"reading what {_shortened(' '.join(request.operands) or 'a field')} means"


_SAYINGS: Mapping[str, Callable[[Request], str]] = {
    "get": _get,
    "describe": _describe,
    "logs": _logs,
    "events": _events,
    "top pods": _top,
    "top nodes": _top,
    "rollout status": _rollout_status,
    "rollout history": _rollout_history,
    "explain": _explain,
    "api-resources": lambda _: "reading which kinds of object there are",
    "api-versions": lambda _: "reading which APIs there are",
    "version": lambda _: "reading the cluster's version",
    "cluster-info": lambda _: "reading where the cluster's services are",
    "auth can-i": lambda _: "checking what I may do",
    "auth whoami": lambda _: "checking who I am in the cluster",
}


def _objects(request: Request) -> str:
    """`pods`, `pod web-1`, `deployment web and 2 more`."""
    first, *rest = request.operands or ("objects",)
    if "/" in first:
        return _and_more(_target(first), len(rest))
    kind = first.replace(",", ", ")
    if not rest:
        return _selected(_shortened(kind), request)
    return _and_more(f"{_one(kind)} {_shortened(rest[0])}", len(rest) - 1)


def _target(written: str) -> str:
    kind, _, name = written.partition("/")
    return _shortened(f"{_one(kind)} {name}")


def _one(kind: str) -> str:
    plural = kind == "pods" or kind in kinds.WITH_LOGS or kind in {"nodes", "events", "jobs"}
    return kind.removesuffix("s") if plural and len(kind) > len("sts") else kind


def _and_more(first: str, more: int) -> str:
    return f"{first} and {more} more" if more else first


def _selected(kind: str, request: Request) -> str:
    selector = request.value("selector")
    return f"{kind} with {_shortened(selector)}" if selector else kind


def _place(request: Request) -> str:
    if request.is_on("all-namespaces"):
        return " in all namespaces"
    namespace = request.value("namespace")
    is_clustered = request.operands and _type_of(request.operands[0]) in kinds.CLUSTER_SCOPED
    return f" in {namespace}" if namespace and not is_clustered else ""


def _type_of(operand: str) -> str:
    return kinds.base(operand.partition("/")[0])


def _shortened(words: str) -> str:
    return words if len(words) <= _MOST_CHARACTERS else f"{words[: _MOST_CHARACTERS - 1]}…"
