"""Label selectors: `app=web,tier in (a, b),!canary`, read as the API server reads them."""

import re
from collections.abc import Callable, Mapping

from bot.recordings.replay.statuses import bad_request

Labels = Mapping[str, str]
Matches = Callable[[Labels], bool]

_TOKEN = re.compile(r"\s*(==|=|!=|!|\(|\)|,|<|>|[^\s=!(),<>]+)")
_OPERATORS = "in, notin, =, ==, !=, gt, lt"
_COMMA = ","
_SIGNS = frozenset({"==", "=", "!=", "!", "(", ")", ",", "<", ">"})


def parse(selector: str) -> Matches:
    """Raises Refused for what the API server would refuse."""
    tokens = _Tokens(selector)
    found: list[Matches] = []
    while tokens.peek():
        found.append(_requirement(tokens))
        if tokens.peek() and (sign := tokens.take()) != ",":
            raise bad_request(f"found '{sign}', expected: ',' or 'end of string'")
        if tokens.was_comma and not tokens.peek():
            raise bad_request("found '', expected: identifier after ','")
    return lambda labels: all(matches(labels) for matches in found)


class _Tokens:
    def __init__(self, text: str) -> None:
        self._left = _TOKEN.findall(text)
        self.was_comma = False

    def peek(self) -> str:
        return self._left[0] if self._left else ""

    def take(self) -> str:
        taken: str = self._left.pop(0) if self._left else ""
        self.was_comma = taken == _COMMA
        return taken


def _requirement(tokens: _Tokens) -> Matches:
    if tokens.peek() == "!":
        tokens.take()
        absent = _key(tokens)
        return lambda labels: absent not in labels
    key = _key(tokens)
    match tokens.peek():
        case "" | ",":
            return lambda labels: key in labels
        case "=" | "==":
            tokens.take()
            value = _value(tokens)
            return lambda labels: labels.get(key) == value
        case "!=":
            tokens.take()
            value = _value(tokens)
            return lambda labels: labels.get(key) != value
        case "in" | "notin" | "<" | ">":
            return _compared(tokens, key)
        case sign:
            raise _wrong(sign, _OPERATORS)


def _compared(tokens: _Tokens, key: str) -> Matches:
    match tokens.take():
        case "in":
            some = _values(tokens)
            return lambda labels: labels.get(key) in some
        case "notin":
            none = _values(tokens)
            return lambda labels: labels.get(key) not in none
        case sign:
            bound, is_above = _number(_value(tokens)), sign == ">"
            return lambda labels: _is_beyond(labels.get(key, ""), bound, is_above=is_above)


def _is_beyond(value: str, bound: int, *, is_above: bool) -> bool:
    try:
        return int(value) > bound if is_above else int(value) < bound
    except ValueError:
        return False


def _key(tokens: _Tokens) -> str:
    key = tokens.take()
    if not key or key in _SIGNS:
        raise _wrong(key, "identifier")
    return key


def _value(tokens: _Tokens) -> str:
    """`app=` asks for the empty value."""
    return "" if tokens.peek() in _SIGNS else tokens.take()


def _values(tokens: _Tokens) -> frozenset[str]:
    if (sign := tokens.take()) != "(":
        raise bad_request(f"unable to parse requirement: found '{sign}' expected: '('")
    found: set[str] = set()
    while (taken := tokens.take()) != ")":
        if not taken:
            raise _wrong("", "',' or ')'")
        if taken != _COMMA:
            found.add(taken)
    return frozenset(found)


def _number(value: str) -> int:
    try:
        return int(value)
    except ValueError as error:
        raise bad_request(
            "unable to parse requirement: for 'Gt', 'Lt' operators, the value must be an integer"
        ) from error


def _wrong(found: str, expected: str) -> Exception:
    return bad_request(f"unable to parse requirement: found '{found}', expected: {expected}")
