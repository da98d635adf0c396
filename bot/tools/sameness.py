"""When two commands ask the same, and when an output says nothing new; pure."""

import re
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

from bot.tools.questions import Question, read_question

_TAIL_LINES = 500
_LIMIT_BYTES = 1_000_000

_OF_NO_ACCOUNT = frozenset({
    "chunk-size", "pod-running-timeout", "watch", "no-headers", "ignore-not-found", "show-kind",
})  # fmt: skip
"""Options that change nothing of what is asked."""
_OF_MORE = frozenset(
    {"show-labels", "label-columns", "timestamps", "prefix", "sort-by", "show-events"}
)
"""Options with which an answer holds more, or in another order: the question is the same."""
_OF_SIZE = frozenset({"tail", "limit-bytes", "output"})
_OF_TIME = frozenset({"since", "since-time"})

_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ][\d:.,]+(?:Z|[+-]\d\d:?\d\d)?|[EWIF]\d{4} [\d:.]+")
_AGE = re.compile(r"(?<![\w.-])(?:\d+[dhmsy])+(?![\w-])|<(?:unknown|invalid)>")


@dataclass(frozen=True, slots=True)
class _Reach:
    """How much of the answer to a question a command asks for."""

    lines: int
    size: int
    details: frozenset[str]

    def includes(self, other: "_Reach") -> bool:
        is_as_long = self.lines >= other.lines and self.size >= other.size
        return is_as_long and self.details >= other.details


def gist(argv: Sequence[str], namespace: str = "default") -> Hashable:
    """The same for commands that ask the same in other words.

    `namespace` is meant where a command names none. What the policy would refuse is its own gist.
    """
    question = read_question(argv, namespace)
    return _gist(question) if question else tuple(argv)


def _gist(question: Question) -> Hashable:
    ignored = _OF_NO_ACCOUNT | _OF_MORE | _OF_SIZE
    options = frozenset(option for option in question.options if option[0] not in ignored)
    form = _form(question.output)
    return (question.verb, question.kinds, question.names, question.namespace, options, form)


def _form(output: str) -> str:
    """YAML and JSON say the same, and so do the tables."""
    if output in ("yaml", "json"):
        return "manifest"
    return "" if output in ("", "wide", "name") else output


def answers(earlier: Sequence[str], later: Sequence[str]) -> bool:
    """The earlier command's output holds what the later one asks for."""
    one, other = read_question(earlier), read_question(later)
    if one is None or other is None:
        return tuple(earlier) == tuple(later)
    return _gist(one) == _gist(other) and _reach(one).includes(_reach(other))


def _reach(question: Question) -> _Reach:
    details = {f"{name}={value}" for name, value in question.options if name in _OF_MORE}
    if question.output in ("", "wide"):
        details.add("columns")
    if question.output == "wide":
        details.add("wide")
    tail, limit = question.value("tail"), question.value("limit-bytes")
    return _Reach(
        int(tail) if tail.isdigit() else _TAIL_LINES,
        int(limit) if limit.isdigit() else _LIMIT_BYTES,
        frozenset(details),
    )


def part_asked_for(argv: Sequence[str], output: str) -> str:
    """Of an earlier output what this command asks for: of a log, its last lines."""
    question = read_question(argv)
    tail = question.value("tail") if question and question.verb == "logs" else ""
    if not tail.isdigit() or (question and question.value("selector")):
        return output
    return "".join(output.splitlines(keepends=True)[-int(tail) :])


def bears_on(earlier: Sequence[str], later: Sequence[str], said: frozenset[str]) -> bool:
    """The lines the later command `said` mean the same in the earlier one's output."""
    one, other = read_question(earlier), read_question(later)
    if one is None or other is None or one.verb != other.verb or one.namespace != other.namespace:
        return False
    if one.verb == "logs":
        return one.names == other.names and _identity(one) == _identity(other)
    if _form(one.output) != _form(other.output) or not one.kinds >= other.kinds:
        return False
    if one.names == other.names:
        return True
    # Rows carry their names. The lines of a manifest do not, nor those of a description.
    has_rows = _form(other.output) == "" and other.verb != "describe"
    return (has_rows or not one.names) and _names_stand_in(said, other.names)


def _names_stand_in(said: frozenset[str], names: frozenset[str]) -> bool:
    """Otherwise a line such as `3` would be taken for the same of everything."""
    bare = [name.partition("/")[2] for name in names]
    return all(any(name in line for line in said) for name in bare)


def _identity(question: Question) -> frozenset[tuple[str, str]]:
    ignored = _OF_NO_ACCOUNT | _OF_MORE | _OF_SIZE | _OF_TIME
    return frozenset(option for option in question.options if option[0] not in ignored)


def essence(output: str) -> frozenset[str]:
    """What an output says line by line, without times, ages and the width of its columns."""
    return frozenset(filter(None, map(_bare, output.split("\n"))))


def _bare(line: str) -> str:
    line = _AGE.sub("", _MOMENT.sub("", line))
    return " ".join(line.split()).rstrip(",")


def said_before(said: frozenset[str], earlier: Mapping[int, frozenset[str]]) -> list[int]:
    """The receipts in which all of it stands, one if one suffices; none if something is new."""
    if not said:
        return []
    for number, lines in earlier.items():
        if said <= lines:
            return [number]
    together = frozenset[str]().union(*earlier.values())
    if not said <= together:
        return []
    return [number for number, lines in earlier.items() if said & lines]
