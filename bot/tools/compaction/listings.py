"""A manifest as kubectl prints it, taken apart into its objects; pure, it leaves nothing out."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.tools.compaction.documents import (
    Tree,
    join_json,
    read_json,
    read_yaml,
    write_json,
    write_yaml,
)
from bot.tools.compaction.forms import Form

_UNWELL = re.compile(
    r"CrashLoopBackOff|ImagePull|OOMKilled|CreateContainer|Evicted|Unschedulable"
    r"|phase\"?: \"?(?:Pending|Failed|Unknown|Lost|Terminating)|type\"?: \"?Warning"
    r"|status\"?: ['\"](?:False|Unknown)['\"],?\s+\"?type\"?: \"?(?:\w*Ready|Available|PodScheduled"
    r"|ContainersReady|Initialized|Progressing|Established|Healthy)\b"
    r"|status\"?: ['\"]True['\"],?\s+\"?type\"?: \"?(?:\w+Pressure|ReplicaFailure|Failed)\b"
    r"|unavailableReplicas\"?: [1-9]"
)
_DONE = re.compile(r"phase\"?: \"?Succeeded")
_NAME = re.compile(r"^ {4}name: \"?([^\s\"]+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Item:
    """One object of a listing; YAML is read only when it is asked for."""

    text: str
    parsed: Tree | None = None

    def read(self) -> Tree | None:
        if self.parsed is not None:
            return self.parsed
        found = read_yaml(self.text)
        return found[0] if isinstance(found, list) and found else found

    @property
    def is_unwell(self) -> bool:
        return _UNWELL.search(self.text) is not None and _DONE.search(self.text) is None

    @property
    def name(self) -> str:
        if isinstance(self.parsed, dict):
            metadata = self.parsed.get("metadata")
            return str(metadata.get("name", "")) if isinstance(metadata, dict) else ""
        found = _NAME.search(self.text)
        return found[1] if found else ""


@dataclass(frozen=True, slots=True)
class Listing:
    """The objects of one output, and what stands around them."""

    form: Form
    items: tuple[Item, ...]
    is_list: bool

    def write(self, trees: Sequence[Tree]) -> list[str]:
        """The lines of these objects as one document of the listing's form."""
        write = write_yaml if self.form is Form.YAML else write_json
        if not self.is_list:
            return [line for tree in trees for line in write(tree, 0)]
        if self.form is Form.YAML:
            return ["apiVersion: v1", "items:", *write_yaml(list(trees)), "kind: List"]
        entries = join_json([("", tree) for tree in trees], 2)
        return ["{", ' "apiVersion": "v1",', ' "items": [', *entries, " ],", ' "kind": "List"', "}"]


def read_listing(lines: Sequence[str], form: Form) -> Listing | None:
    """None where the output is not of that form."""
    return _read_json("\n".join(lines)) if form is Form.JSON else _read_yaml(lines)


def _read_json(text: str) -> Listing | None:
    tree = read_json(text)
    if not isinstance(tree, dict):
        return None
    if not _is_list(tree):
        return Listing(Form.JSON, (Item(text, tree),), is_list=False)
    items = tuple(Item(json.dumps(each, ensure_ascii=False), each) for each in tree["items"])
    return Listing(Form.JSON, items, is_list=True)


def _is_list(tree: Tree) -> bool:
    items = tree.get("items")
    return isinstance(items, list) and str(tree.get("kind", "")).endswith("List")


def _read_yaml(lines: Sequence[str]) -> Listing | None:
    if list(lines[:2]) == ["apiVersion: v1", "items:"]:
        items = tuple(Item(text) for text in _split_items(lines[2:]))
        return Listing(Form.YAML, items, is_list=True)
    tree = read_yaml("\n".join(lines))
    if not isinstance(tree, dict):
        return None
    return Listing(Form.YAML, (Item("\n".join(lines), tree),), is_list=False)


def _split_items(lines: Sequence[str]) -> Iterator[str]:
    """kubectl begins each object of a list with a dash in the first column."""
    item: list[str] = []
    for line in lines:
        begins = line.startswith("- ")
        if item and (begins or line[:1] not in (" ", "-", "")):
            yield "\n".join(item)
            item = []
        if begins or item:
            item.append(line)
    if item:
        yield "\n".join(item)
