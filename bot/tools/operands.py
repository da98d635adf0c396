"""What a request is about: the types it would read, and whether its operands fit its verb."""

import re
from collections.abc import Sequence
from typing import assert_never

from bot.tools.commandline import Request
from bot.tools.kinds import is_name, is_type
from bot.tools.targets import target_of
from bot.tools.verbs import Operands

_FIELD = r"[a-z][a-z0-9-]*(\.[A-Za-z0-9_-]+)*"
_ASKED_VERB = r"[a-z]+|\*"
_ASKED_PATH = r"/[A-Za-z0-9/._-]*\*?"
_IMAGES = (
    "exactly one object as TYPE/NAME, then CONTAINER=IMAGE for each container by its name, such as"
    " deployment/web app=registry.example/shop/app:1.4.2"
)


def types_read(request: Request) -> list[str]:
    """Every type whose objects kubectl would look up, as it is written."""
    about = request.value("for")
    types = [about.partition("/")[0]] if about else []
    match request.verb.operands:
        case Operands.OBJECTS:
            return types + _types(request.operands)
        case Operands.LOG:
            return types + [word.partition("/")[0] for word in request.operands if "/" in word]
        case Operands.NOTHING | Operands.NAME | Operands.FIELD | Operands.QUESTION:
            return types
        case Operands.TARGET | Operands.NODE | Operands.IMAGES:
            return types
        case other:
            assert_never(other)


def types_asked_about(request: Request) -> list[str]:
    """The types that decide whether a namespace means anything to the command."""
    if request.verb.operands is Operands.QUESTION:
        return [word.partition("/")[0] for word in request.operands[1:]]
    return types_read(request)


def needed(request: Request) -> str:
    """What the operands should be, or nothing where they fit."""
    given = request.operands
    match request.verb.operands:
        case Operands.NOTHING:
            return "" if not given else "flags only"
        case Operands.OBJECTS:
            return "" if _are_objects(given) else "TYPE, TYPE NAME or TYPE/NAME, in lower case"
        case Operands.LOG:
            return "" if _is_log(request) else "POD or TYPE/NAME, or -l; a container after -c"
        case Operands.NAME:
            return "" if len(given) <= 1 and _are_names(given) else "one name or none"
        case Operands.FIELD:
            return "" if _is_field(given) else "one type or field, such as pod.spec.containers"
        case Operands.QUESTION:
            return "" if _is_question(request) else "VERB TYPE, or --list"
        case Operands.TARGET:
            return "" if target_of(request) else "exactly one object, as TYPE/NAME"
        case Operands.NODE:
            return "" if target_of(request) else "the name of exactly one node"
        case Operands.IMAGES:
            return "" if target_of(request) else _IMAGES
        case other:
            assert_never(other)


def _types(operands: Sequence[str]) -> list[str]:
    """kubectl reads every operand as TYPE/NAME as soon as one of them has a slash."""
    have_slashes = any("/" in word for word in operands)
    heads = [word.partition("/")[0] for word in operands] if have_slashes else operands[:1]
    return [kind for head in heads for kind in head.split(",")]


def _are_objects(operands: Sequence[str]) -> bool:
    if any("/" in word for word in operands):
        return all(_is_object(word) for word in operands)
    types = _types(operands)
    return bool(types) and all(map(is_type, types)) and _are_names(operands[1:])


def _is_object(word: str) -> bool:
    kind, _, name = word.partition("/")
    return is_type(kind) and is_name(name)


def _are_names(words: Sequence[str]) -> bool:
    return all(map(is_name, words))


def _is_log(request: Request) -> bool:
    match request.operands:
        case ():
            return bool(request.value("selector"))
        case (one,):
            return is_name(one) or _is_object(one)
        case _:
            return False


def _is_field(operands: Sequence[str]) -> bool:
    return len(operands) == 1 and re.fullmatch(_FIELD, operands[0]) is not None


def _is_question(request: Request) -> bool:
    match request.operands:
        case ():
            return request.is_on("list")
        case (verb, about):
            return re.fullmatch(_ASKED_VERB, verb) is not None and _is_asked(about)
        case _:
            return False


def _is_asked(about: str) -> bool:
    is_known = about == "*" or is_type(about) or _is_object(about)
    return is_known or re.fullmatch(_ASKED_PATH, about) is not None
