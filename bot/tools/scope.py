"""What a finished command looked at, in a few words: `ns=shop, 6 pods`; pure."""

import re
from collections.abc import Sequence

from bot.tools.compaction.rows import is_header
from bot.tools.questions import EVERYWHERE, Question, plural, read_question

_YAML_ITEM = re.compile(r"^- ", re.MULTILINE)
_JSON_ITEM = re.compile(r"^ {8}\{$", re.MULTILINE)
_DESCRIBED = re.compile(r"^Name:", re.MULTILINE)
_MOST_NAMES = 3


def say_scope(argv: Sequence[str], stdout: str) -> str:
    """Where the command looked and at what, by its words and by the rows it printed."""
    question = read_question(argv, "")
    if question is None:
        return ""
    about = _about(question, stdout)
    return ", ".join(filter(None, (_place(question), about, *_narrowed(question))))


def _place(question: Question) -> str:
    if question.namespace == EVERYWHERE:
        return "all namespaces"
    if question.namespace:
        return f"ns={question.namespace}"
    return "cluster-wide"


def _about(question: Question, stdout: str) -> str:
    match question.verb:
        case "logs":
            return _about_log(question)
        case "events":
            about = f" about {_names(question)}" if question.names else ""
            return f"{_count(question, stdout, 'event')}{about}"
        case "api-resources":
            return _count(question, stdout, "resource type")
        case "explain":
            return f"schema of {_names(question)}"
        case "auth can-i" | "auth whoami":
            return "Kaia's own rights"
        case _:
            return _names(question) if question.names else _listed(question, stdout)


def _about_log(question: Question) -> str:
    whose = _names(question) if question.names else "pods"
    container = question.value("container")
    which = [f"container {container}"] if container else []
    if question.value("all-containers"):
        which.append("all containers")
    if question.value("previous"):
        which.append("the run before the last restart")
    if since := question.value("since") or question.value("since-time"):
        which.append(f"since {since}")
    return ", ".join([f"log of {whose}", *which])


def _names(question: Question) -> str:
    names = sorted(question.names)
    more = len(names) - _MOST_NAMES
    return ", ".join(names[:_MOST_NAMES]) + (f" and {more} more" if more > 0 else "")


def _listed(question: Question, stdout: str) -> str:
    if not question.kinds:
        return ""
    only = next(iter(question.kinds)) if len(question.kinds) == 1 else ""
    return _count(question, stdout, "object" if only in ("", "all") else only)


def _count(question: Question, stdout: str, kind: str) -> str:
    count = _count_objects(question, stdout)
    if count is None:
        return plural(kind)
    return f"{count} {kind if count == 1 else plural(kind)}"


def _count_objects(question: Question, stdout: str) -> int | None:
    """None where the output does not tell."""
    if question.verb == "describe":
        return len(_DESCRIBED.findall(stdout))
    match question.output:
        case "" | "wide" | "name":
            return _rows(stdout)
        case "yaml":
            return len(_YAML_ITEM.findall(stdout))
        case "json":
            return len(_JSON_ITEM.findall(stdout))
        case _:
            return None


def _rows(stdout: str) -> int:
    """Lines of tables, their headers and the empty lines between them left aside."""
    return sum(bool(line) and not is_header(line) for line in stdout.split("\n"))


def _narrowed(question: Question) -> list[str]:
    """By which labels and fields it was narrowed, so that nobody takes a part for the whole."""
    labels, fields = question.value("selector"), question.value("field-selector")
    said = [f"only {labels}"] if labels else []
    if fields:
        said.append(f"only {fields}")
    if types := question.value("types"):
        said.append(f"only {types}")
    return said
