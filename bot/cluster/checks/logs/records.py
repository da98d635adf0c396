"""What belongs together in a log, and how grave it is by its own words. Pure; follows no line."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum

from bot.cluster.checks.logs.wording import is_order, is_trace, plain_line


class Gravity(IntEnum):
    ASIDE = 0
    """A note or a warning, or about what the program does without."""
    UNSAID = 1
    ERROR = 2
    FATAL = 3


@dataclass(frozen=True, slots=True)
class Record:
    """One thing that a program said: a line with its trace and what that was caused by."""

    lines: tuple[str, ...]
    """Without timestamps."""
    gravity: Gravity
    is_consequence: bool = False
    """It says that the program gives up, and not why."""

    @property
    def is_grave(self) -> bool:
        return self.gravity >= Gravity.ERROR and not self.is_consequence


_KLOG = re.compile(r"^\s*([IWEF])\d{4}\s\d\d:\d\d:\d\d")
_NUMBERED = re.compile(r'^\{.*"level":\s*([1-6])0\b')
_CALM = "trace|debug|dbg|info|inf|notice|log|warn|warning|wrn"
_BAD = "error|err|severe|crit|critical|alert|fatal|ftl|panic|emerg|emergency"
_FIRST = re.compile(rf"^\W*(?:\w+=)?\W*({_CALM}|{_BAD})\b(?![\w!-])", re.IGNORECASE)
_KEYED = re.compile(rf"\b(?:level|lvl|severity)\W{{1,3}}({_CALM}|{_BAD})\b", re.IGNORECASE)
_SHOUTED = re.compile(rf"^.{{0,60}}?(?<![\w-])({_CALM.upper()}|{_BAD.upper()})\b(?![\w!-])")
_DEADLY = frozenset({"FATAL", "FTL", "PANIC", "EMERG", "EMERGENCY", "CRIT", "CRITICAL", "ALERT"})
_EXCEPTION = re.compile(r"^(?:[\w$]+\.)*(?=[A-Z])\w+(?:Error|Exception)\b(?:[:(]|$)")
_DEATH = re.compile(
    r"^\W*(?:panic(?:ked)?\b|fatal\b|unhandled|uncaught|segmentation fault)|\bpanicked at\b"
    r"|^Exception in thread|\bUnhandled ?(?:Promise)?Rejection",
    re.IGNORECASE,
)
_MINOR = re.compile(
    r"\b(?:disabl(?:ed|ing)|retrying|will retry|retry in|skipp(?:ed|ing)|optional(?:ly)?"
    r"|fall(?:ing)?[ -]?back|continuing|continue without|proceeding|ignor(?:ed|ing)"
    r"|export(?:s|ing|er)?\b(?! [A-Z]\w*=))\b",
    re.IGNORECASE,
)
_GIVES_UP = re.compile(
    r"giving up|gave up|exiting|exit(?:ed)?(?: with)? (?:status|code)|shutting down|abort(?:ing|ed)"
    r"|terminat(?:ing|ed)|bailing out|too many (?:attempts|retries)|max(?:imum)? retries"
    r"|(?:failed|unable|could not|cannot|can't) to? ?(?:start|boot|initiali[sz]e|launch|run)"
    r"|(?:startup|start-up|bootstrap|initiali[sz]ation|run) failed"
    r"|(?:is )?(?:not (?:ready|available|reachable|connected)|unavailable|unreachable)",
    re.IGNORECASE,
)
_REASON_AFTER = re.compile(r":\s\w")
_CHAIN = re.compile(r"^(?:During handling of|The above exception was)", re.IGNORECASE)
_CAUSED = re.compile(r"^\s*Caused by\b|^\s+\S", re.IGNORECASE)


def records_in(lines: Iterable[str]) -> list[Record]:
    """In their order; what gives orders to its reader is left out."""
    said = [(raw, plain_line(raw)) for raw in lines]
    honest = [(raw, flat) for raw, flat in said if flat and not is_order(flat)]
    return [_record(group) for group in _grouped(honest)]


def grave_part(records: Sequence[Record]) -> list[Record]:
    """Without asides, and without what is lesser and comes after the gravest; else all of them."""
    if not any(each.is_grave for each in records):
        return list(records)
    deaths = [place for place, each in enumerate(records) if each.gravity is Gravity.FATAL]
    end = deaths[-1] if deaths else len(records)
    loud = (each for each in records[: end + 1] if each.gravity is not Gravity.ASIDE)
    return list(loud)


def _grouped(said: Iterable[tuple[str, str]]) -> Iterator[list[tuple[str, str]]]:
    group: list[tuple[str, str]] = []
    for each in said:
        if group and not _continues(group, each):
            yield group
            group = []
        group.append(each)
    if group:
        yield group


def _continues(group: Sequence[tuple[str, str]], line: tuple[str, str]) -> bool:
    raw, flat = line
    before = group[-1][1]
    if raw != flat and raw.strip() != flat.strip():
        return False  # it has a time of its own
    if flat.startswith("Traceback"):
        return bool(_CHAIN.search(before)) or _level(*group[0]) >= Gravity.ERROR
    if _CAUSED.search(flat) or _CHAIN.search(flat) or is_trace(flat):
        return True
    if not _EXCEPTION.search(flat):
        return False
    is_inside = is_trace(before) or before.startswith(" ")
    return is_inside or (len(group) == 1 and _level(*group[0]) is Gravity.ERROR)


def _record(group: Sequence[tuple[str, str]]) -> Record:
    lines = tuple(flat for _, flat in group)
    gravity = _level(*group[0])
    if gravity is Gravity.UNSAID:
        gravity = max(_level(*each) for each in group)
    is_minor = gravity < Gravity.FATAL and any(_MINOR.search(each) for each in lines)
    found = Gravity.ASIDE if is_minor else gravity
    return Record(lines, found, is_consequence=_only_gives_up(lines))


def _only_gives_up(lines: Sequence[str]) -> bool:
    """`FATAL: exiting`, and not `FATAL: cannot start: bad license`."""
    said = [(each, _GIVES_UP.search(each)) for each in lines if not is_trace(each)]
    return all(found and not _REASON_AFTER.search(each[found.end() :]) for each, found in said)


def _level(raw: str, flat: str) -> Gravity:
    """By the level that it gives; without one, by how programs speak when they die."""
    if klog := _KLOG.search(raw):
        return {"E": Gravity.ERROR, "F": Gravity.FATAL}.get(klog[1], Gravity.ASIDE)
    if numbered := _NUMBERED.search(raw):
        by_number = {"5": Gravity.ERROR, "6": Gravity.FATAL}
        return by_number.get(numbered[1], Gravity.ASIDE)
    given = next(filter(None, (each.search(flat) for each in (_FIRST, _KEYED, _SHOUTED))), None)
    if given is None:
        is_end = _EXCEPTION.search(flat) or _DEATH.search(flat)
        return Gravity.FATAL if is_end else Gravity.UNSAID
    word = given[1].upper()
    if word in _DEADLY:
        return Gravity.FATAL
    return Gravity.ASIDE if word.lower() in _CALM.split("|") else Gravity.ERROR
