"""Pure: where in a Markdown text people read prose, passage by passage and sentence by sentence.

It works with places in the text and never renders it; what it is unsure of it takes for no prose.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

Span = tuple[int, int]
"""From and up to a place in the text."""

FILLER = "\ufffc"
"""Stands for what is no prose; neither a letter, nor a space, nor punctuation."""

_QUOTED = r"[ \t>]*"
_FENCE = re.compile(rf"{_QUOTED}(?:(?:[-*+]|\d{{1,9}}[.)])[ \t]+)?(`{{3,}}(?=[^`]*$)|~{{3,}})")
_ITEM = re.compile(rf"{_QUOTED}(?:[-*+]|\d{{1,9}}[.)])(?:[ \t]|$)")
_HEADING = re.compile(rf"{_QUOTED}#{{1,6}}(?:[ \t]|$)")
_INDENTED = re.compile(r"(?: {4}| {0,3}\t)")
_DEFINITION = re.compile(
    r" {0,3}\[([^\]\n]+)\]:[ \t]*\S+[ \t]*(?:\"[^\"]*\"|'[^']*'|\([^)]*\))?[ \t]*"
)
_DELIMITER = re.compile(r"[ \t>]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*")
_HARD_BREAK = re.compile(r"(?: {2}|\\)$")
_PIPE = re.compile(r"(?<!\\)\|")
MARKERS = re.compile(r"\s*(?:(?:>|[-*+]|\d{1,9}[.)]|#{1,6})(?:\s+|$))*(?:\[[ xX]\](?:\s+|$))?")
"""What stands before the words of a line: quotation, list, heading, checkbox."""

CODE = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.DOTALL)
_NO_PROSE = (
    CODE,
    re.compile(
        r"!?\[(?:[^\[\]]|\[[^\[\]]{0,200}\]){0,500}\]\([^()\n]{0,2000}(?:\([^()\n]{0,500}\)[^()\n]{0,500})?\)"
    ),
    re.compile(r"<[^<>\s]+>"),
    re.compile(r"https?://\S+", re.IGNORECASE),
    re.compile(r"(?<![^\s|])~~(?=[^\s~])(?:(?!~~)[^\n])+(?<=\S)~~(?!~)"),
)
_EMPHASIS = re.compile(
    r"(\*\*|\*)(?=\S)(.+?)(?<=\S)\1|(?<!\w)(__|_)(?=\S)(.+?)(?<=\S)\3(?!\w)", re.DOTALL
)
_END = re.compile(
    r"(?<!\be\.g)(?<!\bi\.e)(?<!\bvs)(?<!\bcf)(?<!\bapprox)[.!?…][\"')\]\u201d\u2019*_]*(?=\s)"
)
_GOES_ON = re.compile(r"\s+[a-z]")

_Line = tuple[int, str]
"""Where it begins, and its text."""


def passages(markdown: str) -> Iterator[Span]:
    """Paragraphs, list items, headings and cells of tables; no code and no definitions."""
    for block in _blocks(markdown):
        table = _begin_of_table(block)
        if block[:table]:
            last, text = block[:table][-1]
            yield block[0][0], last + len(text)
        for line in block[table:]:
            yield from _cells(line)


def _blocks(markdown: str) -> Iterator[list[_Line]]:
    """Lines that belong to one passage or one table."""
    block: list[_Line] = []
    for line in _lines_of_prose(markdown):
        if block and (line is None or _begins_another(block[-1][1], line[1])):
            yield block
            block = []
        if line is not None:
            block.append(line)
    if block:
        yield block


def _begins_another(before: str, line: str) -> bool:
    if _ITEM.match(line) or _HEADING.match(line) or _HEADING.match(before):
        return True
    is_other_quote = before.lstrip().startswith(">") != line.lstrip().startswith(">")
    return is_other_quote or _HARD_BREAK.search(before) is not None


def _lines_of_prose(markdown: str) -> Iterator[_Line | None]:
    """None for what parts passages: blank lines, code, definitions."""
    place, fence, is_after_blank, is_in_list = 0, "", True, False
    for line in markdown.split("\n"):
        mark = _FENCE.match(line)
        is_blank = not line.strip(" \t>\r")
        is_code = bool(_INDENTED.match(line)) and is_after_blank and not is_in_list
        if fence or mark or is_blank or is_code or _DEFINITION.fullmatch(line):
            yield None
        else:
            yield place, line
            is_in_list = bool(_ITEM.match(line)) or (is_in_list and line[:1] in " \t")
        if fence:
            fence = "" if _closes(line, fence) else fence
        elif mark:
            fence = mark[1]
        is_after_blank = is_blank or is_code
        place += len(line) + 1


def _closes(line: str, fence: str) -> bool:
    mark = line.strip(" \t>\r")
    return mark.startswith(fence) and set(mark) == {fence[0]}


def _begin_of_table(block: list[_Line]) -> int:
    """The number of its first line, the one above the dashes; that of lines where there is none."""
    for number, (_, text) in enumerate(block[1:]):
        if "|" in block[number][1] and "-" in text and _DELIMITER.fullmatch(text.rstrip("\r")):
            return number
    return len(block)


def _cells(line: _Line) -> Iterator[Span]:
    place, text = line
    pipes = [found.start() for found in _PIPE.finditer(_filled(CODE, text))]
    for before, after in pairwise([-1, *pipes, len(text)]):
        yield place + before + 1, place + after


def prose_of(markdown: str) -> str:
    """The text with fillers in place of code, links and what is struck through already.

    As long as the text, so that a place in one is the same place in the other.
    """
    seen = re.sub(r"[^\n]", FILLER, markdown)
    for begin, end in passages(markdown):
        passage = markdown[begin:end]
        for pattern in _NO_PROSE:
            passage = _filled(pattern, passage)
        seen = seen[:begin] + passage + seen[end:]
    for label in _labels(markdown):
        seen = seen.replace(f"[{label}]", FILLER * (len(label) + 2))
    return seen


def _labels(markdown: str) -> Iterator[str]:
    for line in markdown.split("\n"):
        if found := _DEFINITION.fullmatch(line):
            yield found[1]


def _filled(pattern: re.Pattern[str], text: str) -> str:
    return pattern.sub(lambda found: re.sub(r"[^\n]", FILLER, found[0]), text)


def sentences(seen: str, passage: Span, notes: re.Pattern[str]) -> Iterator[Span]:
    """Those of one passage of a text seen by `prose_of`; never one that ends within emphasis.

    `notes` behind a full stop belong to what they follow, unless the passage begins with some.
    """
    begin, end = passage
    markers = MARKERS.match(seen, begin, end)
    begin = markers.end() if markers else begin
    joined = _EMPHASIS.sub(_as_one_word, seen[begin:end])
    is_led_by_notes = notes.match(seen, begin) is not None
    start = 0
    for found in _END.finditer(joined):
        stop = found.end()
        while not is_led_by_notes and (note := _note_after(seen, begin + stop, notes)):
            stop = note - begin
        is_end = not joined[stop : stop + 1].strip() and not _GOES_ON.match(joined, stop)
        if is_end and stop > start:
            yield from _trimmed(seen, begin + start, begin + stop)
            start = stop
    yield from _trimmed(seen, begin + start, end)


def _as_one_word(found: re.Match[str]) -> str:
    """Its last sign and its marks stay, so that a sentence can still end with it."""
    mark = found[1] or found[3]
    kept = len(mark) + 1
    return re.sub(r"[^\n]", FILLER, found[0][:-kept]) + found[0][-kept:]


def _note_after(seen: str, place: int, notes: re.Pattern[str]) -> int | None:
    while seen[place : place + 1] == " ":
        place += 1
    found = notes.match(seen, place)
    return found.end() if found else None


def _trimmed(seen: str, begin: int, end: int) -> Iterator[Span]:
    text = seen[begin:end]
    if text.strip():
        yield begin + len(text) - len(text.lstrip()), begin + len(text.rstrip())
