"""A secret with something between it and its name: a bracket, a comment, another field."""

import re
from collections.abc import Iterator

from bot.redaction.names import holds_secret
from bot.redaction.spans import Span
from bot.redaction.values import is_harmless

_NAME = r"(?P<name>[\w.-]{1,128}+)"
_QUOTE = r"\\{0,63}+\""
_LIST = re.compile(
    rf"(?<![\w.-]){_NAME}(?:\\{{0,63}}+[\"'])?\s{{0,40}}+[:=]\s{{0,40}}+"
    r"\[(?P<inside>[^\[\]{}]{3,2000}+)\]"
)
_STRING = re.compile(r"(?P<mark>\\{0,63}+[\"'])(?P<value>[^\"'\n\\]+)(?P=mark)")

_EXPLICIT_KEY = re.compile(
    rf"^[ \t]{{0,200}}+(?:-[ ]+)?\?[ ]+[\"']?{_NAME}[\"']?[ ]*\n"
    r"[ \t]{0,200}+:[ ]+(?P<value>[^\n]+)",
    re.MULTILINE,
)
_IN_THREE_MARKS = re.compile(
    rf"(?<![\w.-]){_NAME}[ ]*[=:][ ]*(?P<mark>\"\"\"|''')(?P<value>(?:(?!(?P=mark)).){{1,2000}})",
    re.DOTALL,
)
_FIELDS = re.compile(
    rf"(?i:\"(?:name|key){_QUOTE})\s{{0,9}}+:\s{{0,9}}+{_QUOTE}{_NAME}{_QUOTE}"
    rf"[^{{}}]{{1,400}}?(?i:\"value{_QUOTE})\s{{0,9}}+:\s{{0,9}}+{_QUOTE}(?P<value>[^\"\n\\]+)"
)
_LINES = re.compile(
    rf"^(?P<lead>[ \t]{{0,200}}+)-[ ]+name:[ ]*[\"']?{_NAME}[\"']?[ ]*\n"
    r"(?:(?P=lead)[ \t]+(?!-|value:)[^\n]*\n){1,4}(?P=lead)[ \t]+value:[ ]+(?P<value>[^\n]+)",
    re.MULTILINE,
)
_ELEMENT = re.compile(
    rf"<[\w:.-]{{1,128}}+[^<>\n]{{0,200}}?\b(?i:key|name|id)=[\"']{_NAME}[\"'][^<>\n]{{0,200}}+>"
    r"\s{0,40}+(?:<value>)?(?P<value>[^<>\n]+)<"
)
_CDATA = re.compile(
    r"<(?P<name>[\w:.-]{1,128}+)[^<>\n]{0,200}+>\s{0,40}+<!\[CDATA\[(?P<value>[^\]\n]+)\]"
)
_ALL = (
    (_EXPLICIT_KEY, "? "), (_IN_THREE_MARKS, '"""'), (_IN_THREE_MARKS, "'''"),
    (_FIELDS, "alue"), (_LINES, "value:"), (_ELEMENT, "=\""), (_CDATA, "CDATA"),
)  # fmt: skip


def find_spread(text: str) -> Iterator[Span]:
    for pattern, hint in _ALL:
        if hint in text:
            for found in pattern.finditer(text):
                if holds_secret(found["name"]) and not is_harmless(found["value"]):
                    yield Span(*found.span("value"), "secret")
    if "[" in text:
        yield from _find_listed(text)


def _find_listed(text: str) -> Iterator[Span]:
    """`"apiTokens": ["one", "two"]`"""
    for found in _LIST.finditer(text):
        if holds_secret(found["name"]) or holds_secret(_singular(found["name"])):
            for string in _STRING.finditer(text, *found.span("inside")):
                if not is_harmless(string["value"]):
                    yield Span(*string.span("value"), "secret")


def _singular(name: str) -> str:
    """Of tokens there may be a number, of secrets a list of names: only a list of tokens counts."""
    return name if name.lower().endswith("secrets") else name.removesuffix("s")
