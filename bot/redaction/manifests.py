"""The data of a Kubernetes Secret in YAML or JSON, whatever its keys are called."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.redaction.spans import Span
from bot.redaction.values import is_harmless

_SECRET_KINDS = frozenset({"Secret", "SecretList"})
_DATA_KEYS = frozenset({"data", "stringData"})

_YAML_LINE = re.compile(
    r"(?P<lead>[ \t]*)(?P<items>(?:-[ \t]+)*)(?P<key>[\w./\"'-]+)[ \t]*:(?:[ \t]+(?P<value>.*))?$"
)
_JSON_PART = re.compile(r"(?P<string>\"(?:[^\"\\\n]|\\.)*+\")(?P<colon>\s{0,9}+:)?|[{}]")
_NESTED_SECRET = re.compile(r"(?<!\\)(\\++)\"kind\1\"\s{0,9}:\s{0,9}\1\"Secret(?:List)?\1\"")


@dataclass(slots=True)
class _Mapping:
    """A mapping that is being read, and the values under its `data`."""

    column: int = 0
    is_secret: bool = False
    is_data: bool = False
    child_column: int = -1
    """Of the first name under `data`; deeper lines belong to a value, whatever they look like."""
    values: list[Span] = field(default_factory=list)
    key: str = ""

    def close(self, parent: "_Mapping | None") -> list[Span]:
        """Its values where it is a Secret. Items of a list may leave the kind to the list."""
        if self.is_secret:
            return self.values
        if parent is not None:
            parent.values += self.values
        return []


def find_secret_data(text: str) -> Iterator[Span]:
    if "Secret" not in text:
        return
    yield from _find_in_yaml(text)
    yield from _find_in_json(text)


def _find_in_yaml(text: str) -> Iterator[Span]:
    open_mappings: list[_Mapping] = [_Mapping(column=-1)]
    at = 0
    for line in text.split("\n"):
        yield from _read_yaml_line(line, at, open_mappings)
        at += len(line) + 1
    yield from _close_to(open_mappings, -1)


def _read_yaml_line(line: str, at: int, open_mappings: list[_Mapping]) -> Iterator[Span]:
    found = _YAML_LINE.match(line)
    indent = len(line) - len(line.lstrip(" \t"))
    _collect_data(line, at, indent, found, open_mappings)
    if not found:
        if line.startswith("---"):
            yield from _close_to(open_mappings, -1)
        return
    column = len(found["lead"]) + len(found["items"])
    # A new list item ends the mapping of the item before it.
    yield from _close_to(open_mappings, column - 1 if found["items"] else column)
    if open_mappings[-1].column != column:
        open_mappings.append(_Mapping(column=column))
    mapping = open_mappings[-1]
    key, value = found["key"].strip("\"'"), (found["value"] or "").strip()
    mapping.is_data, mapping.child_column = key in _DATA_KEYS, -1
    if mapping.is_data and value:
        _note(mapping, line, at, found.start("value"))
    if key == "kind" and value.strip("\"'") in _SECRET_KINDS:
        mapping.is_secret = True


def _collect_data(
    line: str,
    at: int,
    indent: int,
    found: re.Match[str] | None,
    open_mappings: list[_Mapping],
) -> None:
    for mapping in open_mappings[:12]:
        if mapping.is_data and indent > mapping.column:
            if mapping.child_column < 0:
                mapping.child_column = indent
            is_child = found is not None and indent <= mapping.child_column
            start = found.start("value") if found and is_child else indent
            _note(mapping, line, at, start)


def _note(mapping: _Mapping, line: str, at: int, start: int) -> None:
    end = len(line.rstrip())
    if start >= 0 and line.startswith("{", start) and line.endswith("}", start + 1, end):
        start, end = start + 1, end - 1
    value = line[start:end] if start >= 0 else ""
    if value not in {"|", "|-", "|+", ">", ">-", ">+"} and not is_harmless(value):
        mapping.values.append(Span(at + start, at + end, "secret"))


def _close_to(open_mappings: list[_Mapping], column: int) -> Iterator[Span]:
    """Ends every mapping that is deeper than `column`."""
    while len(open_mappings) > 1 and open_mappings[-1].column > column:
        mapping = open_mappings.pop()
        yield from mapping.close(open_mappings[-1])
    if column < 0:
        yield from open_mappings[0].close(None)
        open_mappings[0] = _Mapping(column=-1)


def _find_in_json(text: str) -> Iterator[Span]:
    """Strings that hold a Secret as JSON (`last-applied-configuration`) go as a whole."""
    if "{" not in text:
        return
    open_objects: list[_Mapping] = [_Mapping()]
    for part in _JSON_PART.finditer(text):
        top = open_objects[-1]
        if part[0] == "{":
            open_objects.append(_Mapping(is_data=top.key in _DATA_KEYS))
        elif part[0] == "}":
            if len(open_objects) > 1:
                yield from open_objects.pop().close(open_objects[-1])
        elif part["colon"]:
            top.key = part["string"][1:-1]
        else:
            yield from _read_json_string(part, top)
    while len(open_objects) > 1:
        yield from open_objects.pop().close(open_objects[-1])


def _read_json_string(part: re.Match[str], top: _Mapping) -> Iterator[Span]:
    start, end = part.span("string")
    value = part["string"][1:-1]
    if top.is_data:
        if not is_harmless(value):
            top.values.append(Span(start + 1, end - 1, "secret"))
    elif top.key == "kind" and value in _SECRET_KINDS:
        top.is_secret = True
    if "Secret" in value and _NESTED_SECRET.search(value):
        yield Span(start + 1, end - 1, "secret")
