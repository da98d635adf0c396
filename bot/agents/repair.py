"""Pure: tool calls that a model printed as text, or whose arguments are not quite an object."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

_TAGGED = re.compile(r"<tool_call>\s*(?P<body>[\[{<].*?)\s*(?:</tool_call>|\Z)", re.DOTALL)
_FENCED = re.compile(r"```(?:json|tool_call|tool_code)?\s*\n(?P<body>.*?)\n?```", re.DOTALL)
_FUNCTION = re.compile(
    r"<function=(?P<name>[\w.-]+)>\s*(?P<body>.*?)\s*(?:</function>|\Z)", re.DOTALL
)
_PARAMETER = re.compile(
    r"<parameter=(?P<name>[\w.-]+)>\s*(?P<value>.*?)\s*(?:</parameter>|(?=<parameter=)|\Z)",
    re.DOTALL,
)
_SIGNS = re.compile(
    r"</?tool_call\b|<function=|<[|\uff5c]tool[_\u2581]calls?|\[TOOL_CALLS\]|<\|python_tag\|>"
    r"|\A\s*functions\.\w+:\d+\s*\{"
)
_SPECIAL = re.compile(r"<\|?/?(?:python_tag|tool_calls?)\|>|\[TOOL_CALLS\]")

_NAMED = re.compile(r"[\[{]\s*\{?\s*\"(?:name|function|tool|tool_calls)\"\s*:")
_NAMED_AFTER_WORDS = re.compile(
    r"^\{\s*\"name\"\s*:\s*\"[\w.-]+\",\s*\"(?:arguments|parameters)\"\s*:", re.MULTILINE
)
_PYTHON = re.compile(
    r"\[?(?P<name>[\w.]+)\((?P<parameter>\w+)=(?P<quote>[\"'])(?P<value>.*)(?P=quote)\)\]?",
    re.DOTALL,
)
_ODD_IN_A_NAME = re.compile(r"[^A-Za-z0-9_-]+")
_MOST_NAME_CHARS = 64
_MOST_ARGUMENT_CHARS = 20_000
_PROSE_CHARS = 400
"""What a model may say before a call it prints; an answer that quotes a call says more."""

Parameters = Mapping[str, tuple[str, ...]]
"""Tool name -> the names of its parameters."""


@dataclass(frozen=True, slots=True)
class Call:
    name: str
    arguments: str
    """Always the JSON of an object."""


def calls_in(text: str, offered: Parameters) -> tuple[Call, ...]:
    """The calls of offered tools that the text is; none where it is an answer in words."""
    if len(_prose(text)) > _PROSE_CHARS:
        return ()
    bodies = [found["body"] for shape in (_TAGGED, _FENCED) for found in shape.finditer(text)]
    candidates = [*bodies, text, text[text.find("{") :] if "{" in text else ""]
    for reader in (_functions, _objects, _python):
        calls = tuple(call for each in candidates for call in reader(each, offered))
        if calls:
            return tuple(dict.fromkeys(calls))
    return ()


def looks_like_a_call(text: str) -> bool:
    """Whether a text is meant as a call, even one too broken to make or of an unknown tool."""
    if len(_prose(text)) > _PROSE_CHARS:
        return False  # an answer that quotes one, perhaps because a log line held it
    whole = _FENCED.fullmatch(text.strip())
    meant = whole["body"] if whole else text.strip()
    return any((_SIGNS.search(text), _NAMED.match(meant), _NAMED_AFTER_WORDS.search(text))) or (
        _PYTHON.fullmatch(meant) is not None
    )


def _prose(text: str) -> str:
    """What stands around calls."""
    for shape in (_TAGGED, _FUNCTION, _FENCED):
        text = shape.sub("", text)
    before, found, _ = text.partition('{"name"')
    return before if found else "" if _NAMED.match(text.strip()) else text


def named(name: str, offered: Parameters) -> str:
    """An offered tool's name however it is written, else one that every provider takes back."""
    plain = _ODD_IN_A_NAME.sub("_", name)
    # Some models put OpenAI's namespace before it, and AutoGen makes the full stop an underscore.
    bare = plain.strip("_").casefold().removeprefix("functions_")
    found = next((each for each in offered if bare == each.casefold()), None)
    return found or plain[:_MOST_NAME_CHARS] or "none"


def repaired(name: str, arguments: str, offered: Parameters) -> str:
    """The arguments as the JSON of an object. A text too broken is kept, as one wrong argument."""
    names = offered.get(name, ())
    if arguments.strip() in {"", "null"}:
        return "{}"
    if len(arguments) > _MOST_ARGUMENT_CHARS:
        return json.dumps({"unreadable_arguments": arguments[:500]})
    found = _loaded(arguments)
    if isinstance(found, str) and (inner := _loaded(found)) is not None:
        found = inner  # an object printed as a JSON string
    match found:
        case dict():
            return json.dumps(_unwrapped(found, names))
        case None | str() if len(names) == 1 and _is_plain(bare := _bare(found, arguments)):
            return json.dumps({names[0]: bare})
        case _:
            return json.dumps({"unreadable_arguments": arguments[:500]})


def _functions(text: str, offered: Parameters) -> Iterator[Call]:
    for found in _FUNCTION.finditer(text):
        name, body = named(found["name"], offered), found["body"]
        given = {each["name"]: each["value"] for each in _PARAMETER.finditer(body)}
        if name in offered:
            yield Call(name, repaired(name, json.dumps(given) if given else body, offered))


def _objects(text: str, offered: Parameters) -> Iterator[Call]:
    for value in _values(_SPECIAL.sub("", text).strip()):
        for each in _each_in(value):
            if isinstance(each, dict) and (call := _call_of(each, offered)):
                yield call


def _each_in(value: Any) -> list[Any]:
    match value:
        case list(calls) | {"tool_calls": list(calls)}:
            return calls
        case _:
            return [value]


def _python(text: str, offered: Parameters) -> Iterator[Call]:
    """The form in which Llama's templates teach it."""
    found = _PYTHON.fullmatch(text.strip())
    if found and (name := named(found["name"], offered)) in offered:
        given = json.dumps({found["parameter"]: found["value"]})
        yield Call(name, repaired(name, given, offered))


def _values(text: str) -> list[Any]:
    """The JSON values a text consists of, one after the other; none if it holds anything else."""
    decoder, values, at = json.JSONDecoder(strict=False), [], 0
    while at < len(text):
        try:
            value, at = decoder.raw_decode(text, at)
        except (json.JSONDecodeError, RecursionError):
            return []
        values.append(value)
        at += len(text[at:]) - len(text[at:].lstrip(" \t\r\n,;"))
    return values


def _call_of(value: dict[str, Any], offered: Parameters) -> Call | None:
    inner = value.get("function")
    if isinstance(inner, dict):
        value = inner
    name = value.get("name") or value.get("tool") or (inner if isinstance(inner, str) else None)
    key = next((key for key in ("arguments", "parameters", "args", "input") if key in value), None)
    if not isinstance(name, str) or key is None:
        return None
    name, given = named(name, offered), value[key]
    if name not in offered:
        return None
    return Call(
        name, repaired(name, given if isinstance(given, str) else json.dumps(given), offered)
    )


def _loaded(text: str) -> Any:
    try:
        return json.loads(text, strict=False)
    except (json.JSONDecodeError, RecursionError):
        return None


def _unwrapped(found: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    """Small models wrap the arguments once more, or give a list of words for a text."""
    if len(found) == 1 and names and not found.keys() & set(names):
        (inner,) = found.values()
        if isinstance(inner, str):
            inner = _loaded(inner)
        if isinstance(inner, dict) and inner.keys() & set(names):
            found = inner
    return {name: _as_text(value) for name, value in found.items()}


def _as_text(value: Any) -> Any:
    match value:
        case list() if value and all(isinstance(each, str) for each in value):
            return " ".join(value)
        case bool() | int() | float():
            return json.dumps(value)
        case _:
            return value


def _bare(found: Any, arguments: str) -> str:
    return found if isinstance(found, str) else arguments.strip()


def _is_plain(text: str) -> bool:
    return bool(text.strip()) and text.lstrip()[0] not in "{[<"
