"""The arguments of a command, one on each line or each in quotes, read as the line they are.

`mysql`, then `-u`, then `-phunter2`: a flag and its value say nothing without what stands before.
"""

import re
from collections.abc import Iterator

from bot.redaction.spans import Finder, Span
from bot.redaction.values import is_harmless
from bot.redaction.views import View

_KEY = re.compile(
    r"^(?P<lead>[ \t]{0,200}+)(?P<item>-[ \t]{1,9}+)?"
    r"(?i:args|argv|command|cmd|entrypoint):[ \t]*\n",
    re.MULTILINE,
)
_LINE = re.compile(r"(?P<lead>[ \t]*+)(?P<item>-[ \t]+)?(?P<argument>[^\n]*)")
_LIST = re.compile(
    r"\[\s{0,200}+\\{0,63}+\"(?P<inside>[^\"\n]*+"
    r"(?:\"\s{0,200}+,\s{0,200}+\\{0,63}+\"[^\"\n]*+)++)\"\s{0,200}+\]"
)
_BETWEEN = re.compile(r"\\{0,63}\"\s{0,200},\s{0,200}\\{0,63}\"")

_SHORT_FLAG = re.compile(
    r"(?<!\S)[\"']?-p(?:=|[\"']?[ ]+[\"']?)?(?P<value>[^\s\"'\\=-][^\s\"'\\]{5,}+)"
)
# A port, a path, a reference, a word, `-pname=value`.
_NO_PASSWORD = re.compile(r"[\d.:,-]+|[/.~$].*|\w+=.*|[a-z]+|[\w.-]+:\d+(?:[:/].*)?")
_OTHER_MEANING = re.compile(
    r"(?:^|[\s/;&|])(?:kubectl|mkdir|install|docker|podman|nerdctl|ssh|scp|patch|cp|ps|iptables)"
    r"[ ][^;&|]*\Z"
)


def find_in_arguments(text: str, find: Finder) -> Iterator[Span]:
    """What `find` finds in them, and what follows `-p` and looks like a password."""
    for view in (*_of_blocks(text), *_of_lists(text)):
        yield from view.search(find)
        yield from view.search(_find_short_flags)


def _of_blocks(text: str) -> Iterator[View]:
    """YAML, whose items may be no deeper than their key, and what describe shows."""
    at = 0
    while key := _KEY.search(text, at):
        view, at = View(), key.end()
        for start, end in _lines_below(text, at, len(key["lead"]) + len(key["item"] or "")):
            view.add(" ", start - 1, start)
            view.add(text[start:end], start, end)
            at = end
        if view.pieces:
            yield view


def _lines_below(text: str, at: int, column: int) -> Iterator[tuple[int, int]]:
    """Where each argument begins and ends."""
    while at < len(text) and (line := _LINE.match(text, at)):
        indent = len(line["lead"])
        if not line["argument"] or indent < column or (indent == column and not line["item"]):
            return
        yield line.span("argument")
        at = line.end() + 1


def _of_lists(text: str) -> Iterator[View]:
    """JSON, at any depth of quoting."""
    for found in _LIST.finditer(text):
        view, at = View(), found.start("inside")
        for gap in _BETWEEN.finditer(text, *found.span("inside")):
            view.add(text[at : gap.start()], at, gap.start())
            view.add(" ", *gap.span())
            at = gap.end()
        view.add(text[at : found.end("inside")], at, found.end("inside"))
        yield view


def _find_short_flags(line: str) -> Iterator[Span]:
    for found in _SHORT_FLAG.finditer(line):
        value = found["value"]
        is_other = _NO_PASSWORD.fullmatch(value) or _OTHER_MEANING.search(line[: found.start()])
        if not (is_other or is_harmless(value)):
            yield Span(*found.span("value"), "password")
