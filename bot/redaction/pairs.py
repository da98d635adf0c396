"""Values beside a name that says they are secret: YAML, JSON, describe, shell, URL, log, prose."""

import re
from collections.abc import Iterator

from bot.redaction.names import holds_secret, is_password
from bot.redaction.spans import Span
from bot.redaction.values import Place, find_closing, find_value, is_harmless, is_sentence

# Possessive throughout, and begun only where a word begins: each word is looked at once.
_HEAD = re.compile(
    r"(?<![\w.$-])(?P<name>[\w.$-]++)(?P<closing>\\*+[\"'`])?"
    r"(?P<sep>[ \t]{0,40}+(?::=|=>|={1,2}|:)[ \t]{0,120}+)"
)
_KEY_BEFORE = re.compile(
    r"(?i)(?:api|access|secret|private|encryption|signing|client|account|master)[ ]$"
)
_QUOTED_BASE64 = re.compile(r"\\*+\"[\w+/=]{8,}")
_NUMBER_OR_PATH = re.compile(r"\\*+[\"']?(?:\d++(?:\W|\Z)|[/~]|[A-Z]:\\)")
_LINE_LEAD = re.compile(r"[ \t]*(?:[-+>*?][ \t]+)*(?:export[ \t]+|ENV[ \t]+|set[ \t]+)?")
_LEAD_CHARS = 160
_MOST_BACKSLASHES = 63
_ESCAPED_LEAD = re.compile(r"(?<!\\)(\\++)n[ \t]*(?:-[ \t]+)?(?:export[ \t]+)?\Z")

_SPACE = r"(?:\s|\\+[nrt]){0,200}+"
_NAME_KEY = (
    r"(?i:(?<![\w.-])(?:name|key))(?:\\*+[\"'])?[ \t]{0,9}[:=][ \t]{0,9}(?:\\*+[\"'])?"
    r"(?P<name>[\w.$/-]++)(?:\\*+[\"'])?"
)
_NAME_THEN_VALUE = re.compile(
    rf"{_NAME_KEY}{_SPACE}[,;]?{_SPACE}(?P<opening>\\*+[\"'])?(?P<key>(?i:value))(?:\\*+[\"'])?"
    r"(?P<sep>[ \t]{0,9}[:=][ \t]{0,120}+)"
)
_VALUE_KEY = re.compile(
    r"(?i:(?<![\w.-])value)(?:\\*+[\"'])?(?P<sep>[ \t]{0,9}:[ \t]{0,120}+)(?=\S)"
)
_THEN_NAME = re.compile(rf"(?:\\*+[\"'])?{_SPACE},?{_SPACE}(?:\\*+[\"'])?{_NAME_KEY}")

_QUOTE = re.compile(r"\\*+[\"']")
_SCALAR = re.compile(r"[^\n,]*")

_FLAG = re.compile(
    r"(?<![\w-])--?(?P<name>[A-Za-z][\w.-]++)(?:\\*+[\"'`])?"
    r"(?:[ \t]{0,40}+,\s{0,200}+|[ \t]{0,40}+\n[ \t]{0,200}+(?:-[ \t]+)?|[ \t]{1,40}+)"
    r"(?P<quote>\\*+[\"'`])?(?P<value>[^\s\"'`\\-][^\s\"'`\\]*+)"
)
# Sought by the verb and read backwards: a pattern that begins with a set of words is slow.
_SAID = re.compile(r"[ \t](?:is|was|are|ist)[ \t]*:?[ \t]+(?P<quote>[\"'`])?(?P<value>[^\s\"'`]++)")
_SAID_OF = re.compile(
    r"(?i)\b(pass(?:wor[dt]|wd|phrase|code)?|pwd|pw|secret|token|api[ _-]?key|credentials?)"
    r"(?:[ ](?:for|of)[ ](?:(?:the|user|database|role)[ ]){0,2}[\w.@/-]{1,40})?[ \t]*\Z"
)
_SAID_CHARS = 80
_ELEMENT = re.compile(r"<(?P<name>[\w:.-]++)>(?P<value>[^<>\n]++)</")


# How describe shows a ConfigMap: the name, a rule, the value, an empty line.
_DESCRIBED = re.compile(
    r"^(?P<lead>[ \t]{0,40}+)(?P<name>[\w.-]++):\n(?P=lead)----\n", re.MULTILINE
)
_NEXT_DESCRIBED = re.compile(
    r"\n\s{0,40}\n[ \t]{0,40}(?:[\w.-]++:\n[ \t]{0,40}----\n|BinaryData\n[ \t]{0,40}====|Events:)"
)


def find_pairs(text: str) -> Iterator[Span]:
    yield from _find_assigned(text)
    yield from _find_described(text)
    if "alue" in text or "ALUE" in text:
        yield from _find_named_values(text)
        yield from _find_valued_names(text)
    yield from _find_flags(text)
    yield from _find_said(text)
    for found in _ELEMENT.finditer(text):
        if holds_secret(found["name"]) and not is_harmless(found["value"]):
            yield Span(*found.span("value"), _kind(found["name"]))


def _kind(name: str) -> str:
    low = name.lower()
    for stem, kind in _KINDS_BY_STEM:
        if stem in low:
            return kind
    return "secret"


_KINDS_BY_STEM = (
    ("pass", "password"), ("pwd", "password"), ("token", "token"), ("jwt", "token"),
    ("bearer", "token"), ("authorization", "authorization"), ("cookie", "cookie"),
    ("cred", "credential"), ("auth", "credential"), ("docker", "credential"), ("dsn", "credential"),
    ("key", "key"),
)  # fmt: skip


def _find_assigned(text: str) -> Iterator[Span]:
    done = 0
    for head in _HEAD.finditer(text):
        if head.start() < done:
            continue
        name, name_at = head["name"], head.start()
        if name[0] in "nrt" and text[name_at - 1 : name_at] == "\\":  # of `\n`, not of the name
            name, name_at = name[1:], name_at + 1
        if not _is_secret(text, head, name, name_at):
            continue
        place = _place(text, name_at, head.end(), head["sep"], quoted=bool(head["closing"]))
        for start, end in _find_header(text, name, place) or find_value(text, place, name):
            yield Span(start, end, _kind(name))
            done = end


def _is_secret(text: str, head: re.Match[str], name: str, name_at: int) -> bool:
    if text.endswith("checksum/", max(0, name_at - 9), name_at):
        return False
    if holds_secret(name):
        return True
    match name.lower():
        case "auth":  # of dockerconfigjson and npmrc; elsewhere it is a mode
            return head["closing"] is not None and bool(_QUOTED_BASE64.match(text, head.end()))
        case "pass" | "pw" | "pwd":  # of a person; of a test run it is a number, of a shell a path
            is_assigned = head["closing"] is not None or "=" in head["sep"]
            return is_assigned and not _NUMBER_OR_PATH.match(text, head.end())
        case "key":
            return _KEY_BEFORE.search(text[max(0, name_at - 12) : name_at]) is not None
    return False


def _place(text: str, name_at: int, value_at: int, separator: str, *, quoted: bool) -> Place:
    """Finds out whether the name begins its line, and whether a quotation mark stands before it."""
    opening = _opening(text, name_at)
    bare_at = name_at - len(opening)
    newline = text.rfind("\n", max(0, bare_at - _LEAD_CHARS), bare_at)
    column = None
    if newline >= 0 or bare_at <= _LEAD_CHARS:
        is_first = _LINE_LEAD.fullmatch(text, newline + 1, bare_at)
        column = bare_at - newline - 1 if is_first else None
    if not opening and (escaped := _ESCAPED_LEAD.search(text[max(0, bare_at - 60) : bare_at])):
        # JSON doubles backslashes with each nesting: after one before `n`, `"` ends the string.
        opening = "\\" * (len(escaped[1]) - 1) + '"'
    return Place(value_at, column, "" if quoted else opening, separator)


def _opening(text: str, name_at: int) -> str:
    """The quotation mark that ends before `name_at`, with its backslashes."""
    if text[name_at - 1 : name_at] not in {'"', "'", "`"}:
        return ""
    before = text[max(0, name_at - 1 - _MOST_BACKSLASHES) : name_at - 1]
    return text[name_at - 1 - (len(before) - len(before.rstrip("\\"))) : name_at]


def _find_described(text: str) -> Iterator[Span]:
    for head in _DESCRIBED.finditer(text):
        if holds_secret(head["name"]):
            following = _NEXT_DESCRIBED.search(text, head.end() - 1)
            end = following.start() if following else len(text)
            value = text[head.end() : end].rstrip()
            if not is_harmless(value):
                yield Span(head.end(), head.end() + len(value), _kind(head["name"]))


_ONE_HEADER = re.compile(
    r"(?:(?i:bearer|basic|token|digest|negotiate|apikey|bot)[ \t]+)?[^\s\"'`]++"
)
_ALL_HEADER = re.compile(r"[^\n\"'`]*+")


def _find_header(text: str, name: str, place: Place) -> list[tuple[int, int]]:
    """The value of an HTTP header has spaces, and reaches to the end of its line or quotes."""
    name = name.lower()
    if not name.endswith(("authorization", "cookie")) or place.opening:
        return []
    is_whole = name.endswith("cookie") or place.column is not None
    found = (_ALL_HEADER if is_whole else _ONE_HEADER).match(text, place.start)
    if not found or is_harmless(found[0]) or is_sentence(found[0], name, begins_line=False):
        return []
    return [found.span()]


def _find_named_values(text: str) -> Iterator[Span]:
    """`name: DB_PASSWORD, value: …` in YAML and JSON, on one line or two."""
    for found in _NAME_THEN_VALUE.finditer(text):
        if holds_secret(found["name"]):
            place = _place(text, found.start("key"), found.end(), found["sep"], quoted=True)
            for start, end in find_value(text, place, found["name"]):
                yield Span(start, end, _kind(found["name"]))


def _find_valued_names(text: str) -> Iterator[Span]:
    """The same with the value first."""
    for found in _VALUE_KEY.finditer(text):
        start = found.end()
        quote = _QUOTE.match(text, start)
        if quote:
            start = quote.end()
            end = find_closing(text, start, quote[0])
        else:
            end = _end_of_scalar(text, start)
        name = _THEN_NAME.match(text, end)
        if name and holds_secret(name["name"]) and not is_harmless(text[start:end]):
            yield Span(start, end, _kind(name["name"]))


def _end_of_scalar(text: str, start: int) -> int:
    end = _SCALAR.match(text, start)
    return end.end() if end else start


def _find_flags(text: str) -> Iterator[Span]:
    """`--password hunter2`, on one line, in a list or in describe's lines of arguments."""
    for found in _FLAG.finditer(text):
        name, value = found["name"], found["value"]
        if not holds_secret(name) or is_harmless(value):
            continue
        line = text[found.start("value") : found.start("value") + 200].partition("\n")[0]
        is_argument = found["quote"] or "\n" in found[0]
        is_prose = is_sentence(line.strip(), name, begins_line=True) and not is_argument
        if not (is_prose or value.endswith(":")):
            yield Span(*found.span("value"), _kind(name))


def _find_said(text: str) -> Iterator[Span]:
    """`the password is hunter2`: said by people, who also say `the password is wrong`."""
    for found in _SAID.finditer(text):
        subject = _SAID_OF.search(text, max(0, found.start() - _SAID_CHARS), found.start())
        if not subject:
            continue
        name, value = subject[1], found["value"].rstrip(".,;:!?)")
        is_word = re.fullmatch(r"[A-Z]?[a-z']+", value) is not None
        rest = text[found.end() : found.end() + 1]
        is_last = is_password(name) and rest in {"", "\n"}
        prose = is_word and (is_sentence(value, name, begins_line=True) or not is_last)
        if value and (found["quote"] or not prose) and not is_harmless(value):
            start = found.start("value")
            yield Span(start, start + len(value), _kind(name))
