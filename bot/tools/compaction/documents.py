"""Manifests as trees and back, line by line as they were written; pure.

Of YAML every value stays spelled as it is, quotes and blocks included, so that nothing turns into
a date or a number on its way.
"""

import json
from collections.abc import Iterator, Sequence
from typing import Any

import yaml

Tree = Any
"""Mappings and lists; a leaf of YAML is its text, a leaf of JSON its value."""

_MOST_YAML_CHARS = 400_000
"""Of one document: what libyaml reads in a fifth of a second."""
_JSON_LINE_CHARS = 100


def read_yaml(text: str) -> Tree | None:
    """The document; None where it is none, is too large or is written in a way kubectl has not."""
    if len(text) > _MOST_YAML_CHARS:
        return None
    try:
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
        return _tree_of(node, text, set()) if node else None
    except (yaml.YAMLError, RecursionError):
        return None


def _tree_of(node: yaml.Node, text: str, seen: set[int]) -> Tree:
    if id(node) in seen:
        # kubectl writes no aliases, and a few of them can stand for a million nodes.
        raise yaml.YAMLError("an alias")
    seen.add(id(node))
    match node:
        case yaml.MappingNode() if not node.flow_style or not node.value:
            return {_written(key, text): _tree_of(value, text, seen) for key, value in node.value}
        case yaml.SequenceNode() if not node.flow_style or not node.value:
            return [_tree_of(item, text, seen) for item in node.value]
        case _:
            return _written(node, text)


def _written(node: yaml.Node, text: str) -> str:
    return text[node.start_mark.index : node.end_mark.index].rstrip()


def write_yaml(tree: Tree, indent: int = 0) -> Iterator[str]:
    """The lines of a document, in kubectl's own way to indent."""
    pad = " " * indent
    match tree:
        case dict():
            for key, value in tree.items():
                yield from _write_entry(f"{pad}{key}:", value, indent)
        case list():
            for item in tree:
                first, *rest = write_yaml(item, indent + 2) if _is_open(item) else [_leaf(item)]
                yield f"{pad}- {first.lstrip()}"
                yield from rest
        case _:
            yield from str(tree).split("\n")


def _write_entry(head: str, value: Tree, indent: int) -> Iterator[str]:
    if not _is_open(value):
        yield from f"{head} {_leaf(value)}".rstrip().split("\n")
        return
    yield head
    yield from write_yaml(value, indent if isinstance(value, list) else indent + 2)


def _is_open(value: Tree) -> bool:
    """Has lines of its own below it."""
    return isinstance(value, dict | list) and bool(value)


def _leaf(value: Tree) -> str:
    if isinstance(value, dict | list):
        return "{}" if isinstance(value, dict) else "[]"
    return str(value)


def read_json(text: str) -> Tree | None:
    """The document; None where it is none."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def write_json(tree: Tree, indent: int = 0) -> Iterator[str]:
    """The lines of a document, each as long as it can be: indentation would eat the budget."""
    pad, whole = " " * indent, json.dumps(tree, ensure_ascii=False)
    if len(whole) + indent <= _JSON_LINE_CHARS or not _is_open(tree):
        yield pad + whole
        return
    is_mapping = isinstance(tree, dict)
    yield pad + ("{" if is_mapping else "[")
    entries = [(f"{json.dumps(k)}: ", v) for k, v in tree.items()] if is_mapping else None
    yield from join_json(entries or [("", item) for item in tree], indent + 1)
    yield pad + ("}" if is_mapping else "]")


def join_json(entries: Sequence[tuple[str, Tree]], indent: int) -> Iterator[str]:
    """What stands between two brackets: each value behind its head, commas between them."""
    for number, (head, value) in enumerate(entries, start=1):
        *lines, last = write_json(value, indent)
        written = [*lines, last + ("," if number < len(entries) else "")]
        yield f"{' ' * indent}{head}{written[0].lstrip()}"
        yield from written[1:]


def spoken(leaf: Tree) -> str:
    """A leaf as a word to compare, however it is written: `true`, `300`, `ClusterFirst`."""
    if isinstance(leaf, bool):
        return "true" if leaf else "false"
    if leaf is None:
        return "null"
    word = str(leaf)
    return word[1:-1] if word[:1] in ("'", '"') and word[-1:] == word[:1] else word
