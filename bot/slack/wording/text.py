"""Slack's markup read into plain text, and anybody's text made safe for Slack; pure.

What leaves through here holds no mention, no broadcast, no disguised link and no image, whoever
wrote it: the model, a log line, a file's name.
"""

import re
from collections.abc import Callable, Collection, Mapping
from urllib.parse import urlsplit

from bot.plaintext import clean

_SEQUENCE = re.compile(r"<([^<>]*)>")
_MENTION = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^<>]*)?>")
_MOST_CHARACTERS = 20_000

_FENCE = re.compile(r"^\s*(`{3,}|~{3,})")
_CODE_SPAN = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)")
# Bounded, so that no text makes them slow; what they miss is parted by `_without_links`.
_IMAGE = re.compile(r"!\[([^\[\]]{0,500})\]\([^()]{0,2000}(?:\([^()]{0,500}\)[^()]{0,500})?\)")
_LINK = re.compile(
    r"\[([^\[\]]{0,500})\]\(\s{0,9}<?"
    r"([^\s()<>]{0,2000}(?:\([^\s()<>]{0,500}\)[^\s()<>]{0,500})?)>?(?:\s[^()]{0,500})?\)"
)
_BARE_URL = re.compile(r"https?://[^\s`<>]*[^\s`<>.,;:!?'\")\]*_~|]", re.IGNORECASE)
_DEFINITION = re.compile(r"^(\s*\[[^\]]*\]):(?=\s*\S)")
_QUOTE = re.compile(r"^ {0,3}(?:> ?)+")
_NOT_IN_FILE_NAMES = re.compile(r"[^\w.() +-]+")
_FILE_NAME_CHARACTERS = 100


def mentioned_users(text: str) -> tuple[str, ...]:
    """Ids of those mentioned in Slack's text, each once, in order."""
    return tuple(dict.fromkeys(found[1] for found in _MENTION.finditer(text)))


def read(text: str, *, own: str, names: Mapping[str, str]) -> str:
    """What a person typed, from Slack's text of it; the mention of `own` is taken out.

    `names` maps user and channel ids to what is shown for them; an id it lacks is kept.
    """
    without = re.sub(rf"^\s*<@{own}(?:\|[^<>]*)?>[:,]?\s*", "", text)
    without = re.sub(rf"[ \u00a0]?<@{own}(?:\|[^<>]*)?>", "", without)
    readable = _SEQUENCE.sub(lambda found: _readable(found[1], names), without)
    return _shortened(clean(_unescaped(readable)).replace("\u00a0", " ").strip())


def _readable(inside: str, names: Mapping[str, str]) -> str:
    target, _, label = inside.partition("|")
    match target[:1]:
        case "@":
            return f"@{names.get(target[1:]) or label.lstrip('@') or target[1:]}"
        case "#":
            return f"#{label or names.get(target[1:]) or target[1:]}"
        case "!":
            return _readable_special(target[1:], label)
        case _:
            return _readable_link(target, label)


def _readable_special(command: str, label: str) -> str:
    name = command.partition("^")[0]
    if name == "date":
        return label
    return label if label.startswith("@") else f"@{label or name}"


def _readable_link(target: str, label: str) -> str:
    # Slack makes a link of every name with a dot, such as a pod's host: shown as it was typed.
    if not label or label in target:
        return label or target.removeprefix("mailto:")
    return f"{label} ({target})"


def _unescaped(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _shortened(text: str) -> str:
    if len(text) <= _MOST_CHARACTERS:
        return text
    half = _MOST_CHARACTERS // 2
    left_out = len(text) - 2 * half
    return f"{text[:half]}\n… {left_out} characters left out …\n{text[-half:]}"


def safe_markdown(text: str, link_hosts: Collection[str] = frozenset()) -> str:
    """Markdown for a markdown block. Only links to `link_hosts` stay links; the rest is shown.

    `&` is left alone: Slack does not read decoded entities again, and `&amp;` breaks links.
    """
    lines = _defused(clean(text), link_hosts).split("\n")
    return "\n".join(_with_quote(line) for line in lines)


def safe_mrkdwn(text: str) -> str:
    """The same for `text`, statuses and the like, where `&` has to be escaped too."""
    return escaped(_defused(clean(text), frozenset()))


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def safe_file(markdown: str) -> str:
    """Markdown for a file, which may be pasted elsewhere: no HTML, link or image outside of code.

    What stands in a fence is shown by nobody as anything but text, and is left as it is.
    """
    lines, fence = [], ""
    for line in _defused(clean(markdown), frozenset()).split("\n"):
        mark = _FENCE.match(line)
        lines.append(line if fence else line.replace("<", "&lt;"))
        if mark:
            fence = ("" if line.strip().startswith(fence) else fence) if fence else mark[1]
    return "\n".join(lines)


def file_name(name: str) -> str:
    """A name for a file in Slack that nothing reads as anything else."""
    plain = _NOT_IN_FILE_NAMES.sub("-", clean(name)).strip(".- ")
    return plain[-_FILE_NAME_CHARACTERS:].lstrip(".- ") or "file.txt"


def code(text: str) -> str:
    """One line of somebody's text as inline code, which nothing inside can end."""
    return f"`{' '.join(clean(text).split()).replace('`', chr(39))}`"


def _with_quote(line: str) -> str:
    quote = _QUOTE.match(line)
    kept = quote.group() if quote else ""
    return kept + line[len(kept) :].replace("<", "&lt;").replace(">", "&gt;")


def _defused(text: str, link_hosts: Collection[str]) -> str:
    lines, fence = [], ""
    for line in text.split("\n"):
        mark = _FENCE.match(line)
        if fence:
            lines.append(_without_links(line))
            fence = "" if mark and line.strip().startswith(fence) else fence
        elif mark:
            lines.append(_without_links(line))
            fence = mark[1]
        else:
            lines.append(_prose(line, link_hosts))
    return "\n".join(lines)


def _without_links(text: str) -> str:
    # Slack may see code in other places than we do: the two characters that make any link or
    # image are parted everywhere, so that no disagreement about fences lets one live.
    return _DEFINITION.sub(r"\1 :", text.replace("](", "] ("))


def _prose(line: str, link_hosts: Collection[str]) -> str:
    return _except(_CODE_SPAN, line, _without_links, lambda part: _linked(part, link_hosts))


def _linked(text: str, link_hosts: Collection[str]) -> str:
    def link(part: str) -> str:
        found = _LINK.fullmatch(part)
        if found is None:
            return _without_links(part)
        label, target = found[1].strip(), found[2]
        if _is_allowed(target, link_hosts) and "://" not in label:
            return f"[{label.replace('`', chr(39))}]({target})"
        return f"{_plain_urls(label)} ({code(target)})" if label != target else code(target)

    without_images = _IMAGE.sub(r"\1", text)
    linked = _except(_LINK, without_images, link, lambda part: _without_links(_plain_urls(part)))
    return linked.replace("![", "! [")


def _plain_urls(text: str) -> str:
    return _without_links(_BARE_URL.sub(lambda found: code(found.group()), text))


def _is_allowed(target: str, link_hosts: Collection[str]) -> bool:
    try:
        parts = urlsplit(target)
    except ValueError:
        return False
    return parts.scheme == "https" and parts.netloc.lower() in link_hosts


def _except(
    pattern: re.Pattern[str],
    text: str,
    inside: Callable[[str], str],
    outside: Callable[[str], str],
) -> str:
    """`outside` applied to what lies between the matches, `inside` to the matches."""
    done, position = [], 0
    for found in pattern.finditer(text):
        done += [outside(text[position : found.start()]), inside(found.group())]
        position = found.end()
    return "".join([*done, outside(text[position:])])
