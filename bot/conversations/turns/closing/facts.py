"""What a conversation has come to so far, as it was kept; it words nothing and reads no store."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from bot.conversations.records import Fate, Said, Watch
from bot.conversations.replies import plain_name
from bot.conversations.storage.proposals import Kept
from bot.conversations.storage.watches import Ended
from bot.dialogue import Receipt
from bot.languages import certainty_of

_KEY_CHARS = 60
_SAYS = {"cause": 2, "healthy": 1}
_SURE = {"CONFIRMED": 2, "LIKELY": 1}
KAIA = "kaia"
"""As speaker of an entry."""

MAY_HAVE_CHANGED: tuple[Fate, ...] = ("running", "done", "failed", "unknown")


@dataclass(frozen=True, slots=True)
class Finding:
    """How a question was answered, as code judged it."""

    at: float
    by: str
    """A user id."""
    question: str
    verdict: str
    """Markdown, as is what follows."""
    lead: tuple[str, ...] = ()
    unchecked: tuple[str, ...] = ()
    """What was not checked for it."""
    says: str = ""
    """`cause`, `healthy`, or nothing where it only tells what was read."""
    about: frozenset[tuple[str, ...]] = frozenset()
    """Kind, namespace and name of objects."""
    within: frozenset[str] = frozenset()
    """Namespaces of which all is said to be healthy; `""` for the whole cluster."""

    @property
    def certainty(self) -> str:
        return certainty_of(self.verdict)

    @property
    def weight(self) -> tuple[int, int]:
        """What it says comes before how sure it is: that something was read explains nothing."""
        return _SAYS.get(self.says, 0), _SURE.get(self.certainty, 0)

    def concerns(self, other: "Finding") -> bool:
        """It is about something that the other is about too."""
        is_around = any(self.within & {namespace, ""} for _, namespace, _ in other.about)
        return is_around or bool(self.about & other.about)


@dataclass(frozen=True, slots=True)
class Exchange:
    """Something that was said, and what Kaia said to it last; None where nothing was answered."""

    asked: Said
    """By a person or an app; by Kaia herself where nobody had asked, such as of a watch."""
    answer: Said | None
    finding: Finding | None


@dataclass(frozen=True, slots=True)
class Facts:
    place: str
    """`#incidents`, or `channel C123` where its name is not known."""
    cluster: str
    opened: float
    now: float
    """Seconds since the epoch, both."""
    questions: int
    people: Mapping[str, str]
    """Plain names by user id."""
    findings: tuple[Finding, ...] = ()
    exchanges: tuple[Exchange, ...] = ()
    receipts: tuple[Receipt, ...] = ()
    decided: tuple[Kept, ...] = ()
    undecided: tuple[Kept, ...] = ()
    """Proposals on which nobody has decided, also those whose time is over."""
    watches: tuple[Watch, ...] = ()
    """Those still open."""
    ended: tuple[Ended, ...] = ()
    """Those that have ended meanwhile."""
    changed: str = ""
    """Markdown: how the cluster differs from what it was; nothing where nobody compared it."""

    @property
    def decisive(self) -> Finding | None:
        """The surest answer that names a cause, of trouble that is not known to be over, the last
        of them; only where none does, one that says that all is well, or what was read. What is
        less sure is told as not verified.
        """

        def weight(found: Finding) -> tuple[int, ...]:
            return (*found.weight, self.recovered(found) is None)

        return max(reversed(self.findings), key=weight, default=None)

    @property
    def others(self) -> tuple[Finding, ...]:
        """Sure causes of other trouble: of each that was found the last."""
        told = [self.decisive] if self.decisive else []
        for found in reversed(self.findings):
            is_sure = (found.says, found.certainty) == ("cause", "CONFIRMED")
            if is_sure and not any(found is each or found.concerns(each) for each in told):
                told.append(found)
        return tuple(reversed(told[1:]))

    def recovered(self, cause: Finding) -> Finding | None:
        """The last answer about the same, where it says that it is healthy again."""
        if cause.says != "cause":
            return None
        at = next(n for n, found in enumerate(self.findings) if found is cause)
        later = [each for each in self.findings[at + 1 :] if each.says and each.concerns(cause)]
        return later[-1] if later and later[-1].says == "healthy" else None

    @property
    def changes(self) -> tuple[Kept, ...]:
        """Those that were approved, however they ended."""
        return tuple(kept for kept in self.decided if kept.fate in MAY_HAVE_CHANGED)

    def name(self, person: str) -> str:
        """`Ann`; with the id where two are called so."""
        if person == KAIA:
            return "Kaia"
        name = self.people.get(person, "")
        if not name:
            return person
        return name if [*self.people.values()].count(name) == 1 else f"{name} ({person})"


def people_of(notes: Mapping[str, Any]) -> dict[str, str]:
    known = notes.get("people") or {}
    return {person: plain_name(str(about.get("name", ""))) for person, about in known.items()}


def findings_of(notes: Mapping[str, Any], since: float) -> tuple[Finding, ...]:
    return tuple(
        Finding(
            at=float(row["at"]),
            by=str(row.get("by", "")),
            question=str(row.get("question", "")),
            verdict=str(row.get("verdict", "")),
            lead=tuple(map(str, row.get("lead") or ())),
            unchecked=tuple(map(str, row.get("unchecked") or ())),
            says=str(row.get("says", "")),
            about=frozenset(tuple(map(str, each)) for each in row.get("about") or ()),
            within=frozenset(map(str, row.get("within") or ())),
        )
        for row in notes.get("findings") or ()
        if float(row["at"]) >= since
    )


def exchanges_of(
    said: Sequence[Said], findings: Sequence[Finding], decided: Sequence[Kept]
) -> tuple[Exchange, ...]:
    """Presses are left out: `decided` tells them."""
    commands = [kept.proposal.command for kept in decided]
    presses = {f"{press}: {command}" for press in ("Approve", "Reject") for command in commands}
    left = list(findings)
    return tuple(
        Exchange(asked, answer, _taken(left, asked) if answer else None)
        for asked, answer in _paired(said)
        if asked.entry.text not in presses
    )


def _paired(said: Sequence[Said]) -> Iterator[tuple[Said, Said | None]]:
    """What one turn left was kept at one moment."""
    for _, turn in groupby(said, key=lambda one: one.kept):
        words = [one for one in turn if not one.entry.tool and one.entry.text.strip()]
        by_kaia = [one for one in words if one.entry.speaker == KAIA]
        asked = [one for one in words if one.entry.speaker != KAIA]
        for one in asked[:-1]:
            yield one, None
        if asked:
            yield asked[-1], by_kaia[-1] if by_kaia else None
        elif by_kaia:
            yield by_kaia[-1], None


def _taken(left: list[Finding], asked: Said) -> Finding | None:
    for finding in left:
        if _key(finding.question) == _key(asked.entry.text):
            left.remove(finding)
            return finding
    return None


def _key(question: str) -> str:
    return " ".join(question.split())[:_KEY_CHARS]
