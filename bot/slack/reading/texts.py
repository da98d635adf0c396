"""A file's bytes as text, or that they are none; a clip's subtitles as what was said. Pure."""

import codecs
import html
import re

from bot.plaintext import clean

_LOOKED_AT = 8_192
_MOST_UNREADABLE = 0.1
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_TIMES = re.compile(r"^\s*(?:\d+:)?\d+:\d+[.,]\d+\s*-->")
_TAG = re.compile(r"<[^<>]{0,200}>")


def text_of(content: bytes, *, is_cut: bool) -> str | None:
    """None for what is no text. What is cut may end within a character, which is left out."""
    encoding = "utf-8"
    for mark, name in _MARKS:
        if content.startswith(mark):
            content, encoding = content[len(mark) :], name
            break
    else:
        if b"\0" in content[:_LOOKED_AT]:
            return None
    text = codecs.getincrementaldecoder(encoding)("replace").decode(content, final=not is_cut)
    beginning = text[:_LOOKED_AT]
    if beginning.count("\ufffd") > len(beginning) * _MOST_UNREADABLE:
        return None
    return clean(text)


def spoken(subtitles: str) -> str:
    """The words of a WebVTT file: without its header, times, numbers, notes and tags."""
    said: list[str] = []
    for block in re.split(r"\n\s*\n", clean(subtitles)):
        lines = block.strip().split("\n")
        times = next((n for n, line in enumerate(lines) if _TIMES.match(line)), None)
        if times is not None:
            said += [_TAG.sub("", line).strip() for line in lines[times + 1 :]]
    return html.unescape(" ".join(line for line in said if line))
