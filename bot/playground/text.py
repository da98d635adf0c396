"""Slack's text: what is escaped, what is a mention, what is alive; pure."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

_LIVE = re.compile(r"<(?:[@#!][^<>\s][^<>]*|(?:https?|mailto|slack|tel):?[^<>\s]+(?:\|[^<>]*)?)>")
_ENTITY = re.compile(r"&(?:amp|lt|gt);")
_MENTION = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^<>]*)?>")
_TYPED_MENTION = re.compile(r"(?<![\w@])@([A-Za-z][\w.-]*\w|[A-Za-z])")
_TYPED_LINK = re.compile(r"(?<![`\w])https?://[^\s<>|`]*[^\s<>|`.,;:!?'\")\]*_~]")
_CONTROL = re.compile(r"<(@[UW][A-Z0-9]+|![a-z]+|https?://[^\s<>|]+)(?:\|[^<>]*)?>")
_SPECIAL = re.compile(r"<!([^<>\s][^<>]*)>")


def escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescape(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _unaltered(found: str) -> str:
    return found


def _keeping(
    pattern: re.Pattern[str],
    text: str,
    change: Callable[[str], str],
    keep: Callable[[str], str] = _unaltered,
) -> str:
    """`change` applied to what lies between the matches, `keep` to the matches."""
    kept, position = [], 0
    for found in pattern.finditer(text):
        kept += [change(text[position : found.start()]), keep(found.group())]
        position = found.end()
    return "".join([*kept, change(text[position:])])


def typed_by_person(text: str, names: Mapping[str, str], special: bool = False) -> str:
    """What Slack makes of what a person typed: escaped, `@name` as `<@U…>`, addresses as links.

    `names` maps names in lower case to user ids. A mention of a known id is kept as it is;
    where `special`, so is `@here` and its kind, which only people may use.
    """

    def mention(found: re.Match[str]) -> str:
        name = found[1].lower()
        if special and name in {"here", "channel", "everyone"}:
            return f"<!{name}>"
        return f"<@{names[name]}>" if name in names else found[0]

    def words(part: str) -> str:
        return _TYPED_MENTION.sub(mention, escape(part))

    def linked(part: str) -> str:
        return _keeping(_TYPED_LINK, part, words, lambda url: f"<{escape(url)}>")

    known = set(names.values())
    plain = re.compile("|".join(rf"<@{re.escape(user)}>" for user in sorted(known)) or r"(?!)")
    return _keeping(plain, text, linked)


def written_by_app(text: str) -> str:
    """Slack keeps an app's entities and control sequences and escapes what else needs it."""
    return _keeping(_LIVE, text, lambda part: _keeping(_ENTITY, part, escape))


def mentions(text: str) -> list[str]:
    return [found[1] for found in _MENTION.finditer(text)]


def live_sequences(text: str, known_users: Mapping[str, Any]) -> Iterator[str]:
    """Control sequences that would notify a crowd, or name a user who is not there."""
    yield from (found[0] for found in _SPECIAL.finditer(text))
    yield from (f"<@{user}>" for user in mentions(text) if user not in known_users)


def live_in_blocks(value: Any, known_users: Mapping[str, Any]) -> Iterator[str]:
    """The same for anything inside blocks; plain_text objects are not read for sequences."""
    match value:
        case {"type": "plain_text"}:
            return
        case {"type": "broadcast" | "usergroup"}:
            yield str(value)
        case {"type": "user", "user_id": str(user)} if user not in known_users:
            yield f"<@{user}>"
        case dict():
            for inner in value.values():
                yield from live_in_blocks(inner, known_users)
        case list():
            for inner in value:
                yield from live_in_blocks(inner, known_users)
        case str():
            yield from live_sequences(value, known_users)


def retyped(text: str, names: Mapping[str, str]) -> str:
    """What a person typed, to be edited: `names` maps user ids to names."""
    typed = []
    for part, control in apart(text):
        typed.append(unescape(part))
        if control[:1] == "@":
            typed.append(f"@{names.get(control[1:], control[1:])}")
        elif control:
            typed.append(unescape(control.replace("!", "@", 1) if control[0] == "!" else control))
    return "".join(typed)


def apart(text: str) -> Iterator[tuple[str, str]]:
    """Words and the mention, broadcast or link after them, without its brackets; "" where none."""
    position = 0
    for found in _CONTROL.finditer(text):
        yield text[position : found.start()], found[1]
        position = found.end()
    yield text[position:], ""
