"""What a kubectl command does, in people's words: for those who follow a turn, and for no tool."""

import shlex
from collections.abc import Callable, Mapping, Sequence

from bot.languages import ENGLISH, Phrases
from bot.tools import kinds
from bot.tools.commandline import Refused, Request, parse
from bot.tools.verbs import READS

_MOST_CHARACTERS = 80


def spoken(argv: Sequence[str], say: Phrases = ENGLISH) -> str:
    """`reading events in shop`, from the words of a command with or without its `kubectl`.

    What is no reading command comes back as it is written.
    """
    words = list(argv[1:] if argv[:1] in (["kubectl"], ("kubectl",)) else argv)
    try:
        request = parse(words, READS)
    except Refused:
        return say.running.format(command=shlex.join(argv))
    says = _SAYINGS.get(request.verb.name)
    return says(request, say) if says else say.running.format(command=shlex.join(argv))


def _get(request: Request, say: Phrases) -> str:
    return say.reading.format(objects=_objects(request, say), place=_place(request, say))


def _describe(request: Request, say: Phrases) -> str:
    return say.looking_closely.format(objects=_objects(request, say), place=_place(request, say))


def _logs(request: Request, say: Phrases) -> str:
    whose = _objects(request, say) if request.operands else _selected("pods", request, say)
    if "/" not in "".join(request.operands) and request.operands:
        whose = f"pod {request.operands[0]}"
    when = say.before_restart if request.is_on("previous") else ""
    return say.reading_log.format(whose=whose, when=when, place=_place(request, say))


def _events(request: Request, say: Phrases) -> str:
    about = request.value("for")
    whose = say.of_target.format(target=_target(about)) if about else ""
    return say.reading_events.format(whose=whose, place=_place(request, say))


def _top(request: Request, say: Phrases) -> str:
    kind = request.verb.words[1]
    one = f"{kind.removesuffix('s')} {request.operands[0]}" if request.operands else ""
    where = _place(request, say) if kind == "pods" else ""
    return say.measuring.format(whose=one or _selected(kind, request, say), place=where)


def _rollout_status(request: Request, say: Phrases) -> str:
    return say.rollout_status.format(objects=_objects(request, say), place=_place(request, say))


def _rollout_history(request: Request, say: Phrases) -> str:
    return say.rollout_history.format(objects=_objects(request, say), place=_place(request, say))


def _explain(request: Request, say: Phrases) -> str:
    return say.explaining.format(words=_shortened(" ".join(request.operands) or say.a_field))


_SAYINGS: Mapping[str, Callable[[Request, Phrases], str]] = {
    "get": _get,
    "describe": _describe,
    "logs": _logs,
    "events": _events,
    "top pods": _top,
    "top nodes": _top,
    "rollout status": _rollout_status,
    "rollout history": _rollout_history,
    "explain": _explain,
    "api-resources": lambda _, say: say.reading_kinds,
    "api-versions": lambda _, say: say.reading_apis,
    "version": lambda _, say: say.reading_version,
    "cluster-info": lambda _, say: say.reading_services,
    "auth can-i": lambda _, say: say.checking_rights,
    "auth whoami": lambda _, say: say.checking_identity,
}


def _objects(request: Request, say: Phrases) -> str:
    """`pods`, `pod web-1`, `deployment web and 2 more`."""
    first, *rest = request.operands or (say.objects,)
    if "/" in first:
        return _and_more(_target(first), len(rest), say)
    kind = first.replace(",", ", ")
    if not rest:
        return _selected(_shortened(kind), request, say)
    return _and_more(f"{_one(kind)} {_shortened(rest[0])}", len(rest) - 1, say)


def _target(written: str) -> str:
    kind, _, name = written.partition("/")
    return _shortened(f"{_one(kind)} {name}")


def _one(kind: str) -> str:
    plural = kind == "pods" or kind in kinds.WITH_LOGS or kind in {"nodes", "events", "jobs"}
    return kind.removesuffix("s") if plural and len(kind) > len("sts") else kind


def _and_more(first: str, more: int, say: Phrases) -> str:
    return say.and_others.format(first=first, count=more) if more else first


def _selected(kind: str, request: Request, say: Phrases) -> str:
    selector = request.value("selector")
    if not selector:
        return kind
    return say.with_selector.format(kind=kind, selector=_shortened(selector))


def _place(request: Request, say: Phrases) -> str:
    if request.is_on("all-namespaces"):
        return say.step_all_namespaces
    namespace = request.value("namespace")
    is_clustered = request.operands and _type_of(request.operands[0]) in kinds.CLUSTER_SCOPED
    if not namespace or is_clustered:
        return ""
    return say.step_in.format(namespace=namespace)


def _type_of(operand: str) -> str:
    return kinds.base(operand.partition("/")[0])


def _shortened(words: str) -> str:
    return words if len(words) <= _MOST_CHARACTERS else f"{words[: _MOST_CHARACTERS - 1]}…"
