"""Long Markdown cut into parts at paragraph and fence borders; pure, and loses nothing."""

import re
from dataclasses import dataclass

_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})(.*)$")
_HEADING = re.compile(r" {0,3}(?:#{1,6} .*|\*\*[^*]+\*\*:?\s*)")
_ENTITY = re.compile(r"&(?:amp|lt|gt);")
_LONGEST_ENTITY = 5
_LANGUAGE_BYTES = 60
# A fence opened again at the top and closed at the bottom of a part, with their line ends.
_MOST_OVERHEAD = 2 * (_LANGUAGE_BYTES + 1)


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    fence: str
    """The line that opened the fence this line stands in; nothing outside of one."""
    size: int


def split(text: str, limit: int) -> tuple[str, ...]:
    """Parts of at most `limit` UTF-8 bytes each; an open fence is closed and opened again."""
    if _bytes(text) <= limit:
        return (text,)
    lines = _lines(text, max(limit - _MOST_OVERHEAD, limit // 2))
    parts, start = [], 0
    while start < len(lines):
        end = _above_heading(lines, start, _end_of_part(lines, start, limit))
        parts.append(_part(lines, start, end))
        start = end
    return tuple(part for part in parts if part.strip())


def _bytes(text: str) -> int:
    return len(text.encode())


def _lines(text: str, longest: int) -> list[_Line]:
    found, fence = [], ""
    for whole in text.split("\n"):
        mark = _FENCE.match(whole)
        pieces = _pieces(whole, longest)
        found += [_Line(piece, fence, _bytes(piece) + 1) for piece in pieces]
        if mark and not fence:
            fence = whole.strip()
            # What follows the marks is a language; a very long one is no language.
            fence = fence if _bytes(fence) <= _LANGUAGE_BYTES else mark[1][:_LANGUAGE_BYTES]
        elif mark and fence and _closes(whole, fence):
            fence = ""
    return found


def _closes(line: str, fence: str) -> bool:
    mark = _marks(fence)
    return set(line.strip()) == {mark[0]} and len(line.strip()) >= len(mark)


def _marks(fence: str) -> str:
    found = _FENCE.match(fence)
    return found[1] if found else "```"


def _pieces(line: str, longest: int) -> list[str]:
    """One line in pieces short enough, cut at a space if there is one, never in an entity."""
    pieces = []
    while _bytes(line) > longest:
        fitting = len(line.encode()[:longest].decode(errors="ignore"))
        space = line.rfind(" ", fitting // 2, fitting)
        cut = space + 1 if space > 0 else _outside_entity(line, fitting)
        pieces.append(line[:cut])
        line = line[cut:]
    return [*pieces, line]


def _outside_entity(line: str, cut: int) -> int:
    begin = line.rfind("&", max(0, cut - _LONGEST_ENTITY + 1), cut)
    if begin > 0 and (found := _ENTITY.match(line, begin)) and found.end() > cut:
        return begin
    return cut


def _end_of_part(lines: list[_Line], start: int, limit: int) -> int:
    """Where the part that begins at `start` ends: at a paragraph if one ends late enough."""
    size = _overhead(lines[start].fence)
    best, fallback, end = 0, 0, start
    while end < len(lines):
        size += lines[end].size
        if size + _overhead(_fence_after(lines, end)) > limit and end > start:
            return best or fallback or end
        end += 1
        if size >= limit // 3 and not _fence_after(lines, end - 1):
            fallback = end
            best = end if not lines[end - 1].text.strip() else best
    return end


def _above_heading(lines: list[_Line], start: int, end: int) -> int:
    """A part that has more than headings does not end with one whose text is in the next."""
    above = end if end < len(lines) else start
    while above > start and _is_heading(lines[above - 1]):
        above -= 1
    passed = lines[above:end] if above > start else []
    return above if any(line.text.strip() for line in passed) else end


def _is_heading(line: _Line) -> bool:
    """Or the empty line below one."""
    return not line.fence and (not line.text.strip() or bool(_HEADING.fullmatch(line.text)))


def _fence_after(lines: list[_Line], index: int) -> str:
    return lines[index + 1].fence if index + 1 < len(lines) else ""


def _overhead(fence: str) -> int:
    return _bytes(fence) + 1 if fence else 0


def _part(lines: list[_Line], start: int, end: int) -> str:
    body = [line.text for line in lines[start:end]]
    opened, still_open = lines[start].fence, _fence_after(lines, end - 1)
    before = [opened] if opened else []
    after = [_marks(still_open)] if still_open else []
    return "\n".join([*before, *body, *after]).strip("\n")
