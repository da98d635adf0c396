"""Pure: whether the commands that an answer cites were run; claims on others are struck through.

It finds `[3]`, `[1, 2]`, `[1][2]`, `[3-5]` in prose, and leaves code, links, footnotes, checkboxes,
numbers amid quoted words (“index out of range [7] with length 7”) and everything outside the claims
as they are.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from bot.conversations.turns.passages import CODE, MARKERS, Span, passages, prose_of, sentences
from bot.languages import ENGLISH, Phrases

_ONE = r"\[\d{1,6}(?:[ ]?[,\u2013-][ ]?\d{1,6})*\]"
_CITES = re.compile(rf"(?<![\w\])\\]){_ONE}(?:[ ]?{_ONE})*(?![(\w\[])")
_QUOTED = re.compile(r"\u201c[^\u201c\u201d\n]*\u201d|(?<!\w)\"[^\"\n]*\"(?!\w)")
_BRACKET = re.compile(_ONE)
_RANGE = re.compile(r"(\d+)(?: ?[\u2013-] ?(\d+))?")
_WIDEST = 200
_MOST_NAMED = 5
_LINE_END = re.compile(r"\s*\n[ \t>]*")
_TILDES = re.compile(r"~{2,}")


@dataclass(frozen=True, slots=True)
class Cited:
    markdown: str
    cited: frozenset[int]
    """Commands that were run and are named by a claim."""
    struck: int
    """How many claims named only commands that were not."""
    not_run: frozenset[int] = frozenset()
    """All those that were not and are named by a claim."""


@dataclass(frozen=True, slots=True)
class _Cite:
    """A row of brackets."""

    span: Span
    text: str

    @property
    def numbers(self) -> frozenset[int]:
        return frozenset(n for one in _BRACKET.findall(self.text) for n in _numbers(one))


def checked(markdown: str, known: Collection[int], say: Phrases = ENGLISH) -> Cited:
    """`known` are the numbers of the commands that were run. Doing it twice changes nothing. What
    was not run is said with `say`.
    """
    seen = prose_of(markdown)
    cites = list(_cites(seen))
    changed, named, struck = markdown, frozenset[int](), 0
    for claim, inside in reversed(list(_claims(markdown, seen, cites))):
        numbers = frozenset(n for cite in inside for n in cite.numbers)
        named |= numbers
        if not numbers & frozenset(known):
            changed = _with(changed, claim, _struck(markdown[slice(*claim)], numbers, say))
            struck += 1
        elif numbers - frozenset(known):
            for cite in reversed(inside):
                changed = _with(changed, *_corrected(markdown, claim, cite, known))
    return Cited(changed, named & frozenset(known), struck, named - frozenset(known))


def numbers_in(markdown: str) -> frozenset[int]:
    """All that prose cites, run or not."""
    return frozenset(number for cite in _cites(prose_of(markdown)) for number in cite.numbers)


def _cites(seen: str) -> Iterator[_Cite]:
    quoted = [found.span() for found in _QUOTED.finditer(seen)]
    for found in _CITES.finditer(seen):
        if not any(_is_amid(found.span(), seen, each) for each in quoted):
            yield _Cite(found.span(), found[0])


def _is_amid(span: Span, seen: str, quotation: Span) -> bool:
    """Words of the quotation follow: so a program says it, and not who quotes it."""
    if not _is_within(span, quotation):
        return False
    return any(map(str.isalnum, seen[span[1] : quotation[1]]))


def _claims(markdown: str, seen: str, cites: Sequence[_Cite]) -> Iterator[tuple[Span, list[_Cite]]]:
    """Sentences that cite something, with what they cite."""
    if not cites:
        return
    for passage in passages(markdown):
        if any(_is_within(cite.span, passage) for cite in cites):
            for sentence in sentences(seen, passage, _CITES):
                inside = [cite for cite in cites if _is_within(cite.span, sentence)]
                if inside:
                    yield sentence, inside


def _is_within(inner: Span, outer: Span) -> bool:
    return outer[0] <= inner[0] and inner[1] <= outer[1]


def _with(text: str, span: Span, replacement: str) -> str:
    return text[: span[0]] + replacement + text[span[1] :]


def _numbers(bracket: str) -> Iterator[int]:
    for first, last in _RANGE.findall(bracket):
        begin, end = int(first), int(last or first)
        yield from (range(begin, end + 1) if 0 <= end - begin <= _WIDEST else (begin, end))


def _corrected(markdown: str, claim: Span, cite: _Cite, known: Collection[int]) -> tuple[Span, str]:
    """What to put in place of a row of brackets so that only the right numbers stay."""
    kept = "".join(_right(one, known) for one in _BRACKET.findall(cite.text))
    if kept == "".join(_BRACKET.findall(cite.text)):
        return cite.span, cite.text
    begin, end = cite.span
    if not kept:
        before = markdown[claim[0] : begin]
        begin -= len(before) - len(before.rstrip(" "))
        if not before.strip(" "):
            end += len(markdown[end : claim[1]]) - len(markdown[end : claim[1]].lstrip(" "))
    return (begin, end), kept


def _right(bracket: str, known: Collection[int]) -> str:
    numbers = list(dict.fromkeys(_numbers(bracket)))
    right = [number for number in numbers if number in known]
    if len(right) == len(numbers):
        return bracket
    return f"[{', '.join(map(str, right))}]" if right else ""


def _struck(claim: str, numbers: Collection[int], say: Phrases) -> str:
    """Line by line: a mark that spans lines would not hold in a list or a quotation."""
    lines = CODE.sub(lambda found: _LINE_END.sub(" ", found[0]), claim).split("\n")
    return "\n".join(map(_struck_line, lines)) + f" ({_not_run(sorted(numbers), say)})"


def _struck_line(line: str) -> str:
    found = MARKERS.match(line)
    start = found.end() if found else 0
    said = _without_tildes(line[start:].rstrip())
    return line[:start] + (f"~~{said}~~" if said else "")


def _without_tildes(said: str) -> str:
    """Nothing inside may end the strike, nor three in a row begin a fence."""
    code = [found.span() for found in CODE.finditer(said)]
    for found in reversed(list(_TILDES.finditer(said))):
        if any(_is_within(found.span(), one) for one in code):
            continue
        said = _with(said, found.span(), "")
    said = said.strip().rstrip("~").rstrip()
    return f"\\{said}" if said.startswith("~") else said


def _not_run(numbers: Sequence[int], say: Phrases) -> str:
    if len(numbers) == 1:
        return say.no_command.format(number=numbers[0])
    named = [str(number) for number in numbers[:_MOST_NAMED]]
    last = say.others if len(numbers) > _MOST_NAMED else named.pop()
    return say.no_commands.format(numbers=", ".join(named), last=last)
