"""A kubectl command line as a request: verb, operands, options. It judges nothing but grammar."""

import shlex
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.tools import advice, flags
from bot.tools.flags import Flag
from bot.tools.verbs import Operands, Verb


class Refused(Exception):
    """The command is not run; `str()` of it says why and what may be asked instead."""

    def __init__(self, sentence: str, rule: str = "") -> None:
        super().__init__(sentence)
        self.rule = rule
        """The name of the rule that refused, for the audit."""


@dataclass(frozen=True, slots=True)
class Option:
    """A flag as it was given."""

    written: str
    flag: Flag | None
    """None where the verb has no such flag in the table."""
    value: str = "true"
    is_clustered: bool = False
    """A switch with more letters behind it, `-Aw`."""

    @property
    def name(self) -> str:
        return self.flag.name if self.flag else self.written


@dataclass(frozen=True, slots=True)
class Request:
    """What a command line asks for."""

    verb: Verb
    operands: tuple[str, ...]
    options: tuple[Option, ...]

    def value(self, name: str) -> str:
        """The value given for a flag, or nothing."""
        return next((option.value for option in self.options if option.name == name), "")

    def is_on(self, name: str) -> bool:
        return self.value(name) == "true"


def split(text: str) -> list[str]:
    """The words of a command line, less its leading `kubectl`. Raises Refused."""
    try:
        words = shlex.split(text)
    except ValueError:
        raise Refused("A quote or a backslash has no end. Close it and try again.") from None
    return words[1:] if words[:1] == ["kubectl"] else words


def parse(words: Sequence[str], verbs: Sequence[Verb]) -> Request:
    """Reads the words by the flag table of their verb. Raises Refused."""
    rest = deque(words)
    verb, options = _read_verb(rest, verbs)
    operands = []
    while rest:
        word = rest.popleft()
        if word.startswith("-"):
            options.append(_read_option(word, rest, verb.every_flag))
        else:
            operands.append(word)
    return _with_named_container(Request(verb, tuple(operands), tuple(options)))


def _read_verb(rest: deque[str], verbs: Sequence[Verb]) -> tuple[Verb, list[Option]]:
    """kubectl takes flags before the verb; here only the namespace, which all verbs share."""
    options: list[Option] = []
    said: tuple[str, ...] = ()
    while rest:
        word = rest.popleft()
        if word.startswith("-"):
            options.append(_read_early_option(word, rest))
            continue
        said = (*said, word)
        if verb := _find(said, verbs):
            return verb, options
    raise Refused(advice.on_unfinished_verb(said, verbs))


def _read_early_option(word: str, rest: deque[str]) -> Option:
    option = _read_option(word, rest, (flags.NAMESPACE,))
    if option.flag is None:
        raise Refused(advice.on_early_flag(word))
    return option


def _find(said: tuple[str, ...], verbs: Sequence[Verb]) -> Verb | None:
    """The verb of these words; None where more words are needed. Raises Refused."""
    for verb in verbs:
        if said[:-1] == verb.words[:-1] and said[-1] in (verb.words[-1], *verb.aliases):
            return verb
    if not any(verb.words[: len(said)] == said for verb in verbs):
        raise Refused(advice.on_verb(said, verbs))
    return None


def _read_option(word: str, rest: deque[str], known: Sequence[Flag]) -> Option:
    if word.startswith("--"):
        name, equals, joined = word.partition("=")
        flag = next((flag for flag in known if f"--{flag.name}" == name), None)
        has_value, is_clustered = bool(equals), False
    else:
        name, joined = word[:2], word[2:].removeprefix("=")
        flag = next((flag for flag in known if flag.short and f"-{flag.short}" == name), None)
        has_value, is_clustered = len(word) > 2, word[2:3] not in ("", "=")
    if flag is None:
        return Option(word, None)
    if has_value:
        return Option(name, flag, joined, is_clustered and flag.is_switch)
    return Option(name, flag) if flag.is_switch else Option(name, flag, _next(name, rest))


def _next(name: str, rest: deque[str]) -> str:
    if not rest:
        raise Refused(f"`{name}` needs a value.")
    return rest.popleft()


def _with_named_container(request: Request) -> Request:
    """`logs POD CONTAINER` is the old way to write `logs POD --container=CONTAINER`."""
    if request.verb.operands is not Operands.LOG or len(request.operands) != 2:
        return request
    pod, container = request.operands
    option = Option("--container", flags.CONTAINER, container)
    return replace(request, operands=(pod,), options=(*request.options, option))
