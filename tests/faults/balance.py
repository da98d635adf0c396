"""The balance of a run, in figures that can be printed and faults that must not be there."""

import asyncio
import statistics
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.doubles import ledger
from tests.faults.answers import Answers
from tests.faults.stage import Stage

_ANSWERS_SECONDS = 90.0
_SIGNS_SECONDS = 20.0
_LOOK_SECONDS = 0.25


@dataclass(frozen=True, slots=True)
class Balance:
    questions: int
    answered: int
    lost: tuple[str, ...]
    doubled: tuple[str, ...]
    out_of_order: tuple[str, ...]
    overlaps: tuple[str, ...]
    in_other_words: tuple[str, ...]
    """Answered, but not with what the model said."""
    hanging: tuple[str, ...]
    unacked: tuple[str, ...]
    complaints: tuple[str, ...]
    """Of the logs."""
    given_up: int
    """Answered with the sentence for those that were under way in three kills."""
    repeated_work: int
    """How often a turn was begun that had been begun before."""
    kills: int
    warned: int
    """Of the kills those by SIGTERM."""
    takeovers: tuple[float, ...]
    """Seconds until a killed process's turns ran again."""
    starts: tuple[float, ...]
    """Seconds from a process's start until it was connected."""

    @property
    def faults(self) -> list[str]:
        """What must never be."""
        kinds = {
            "lost": self.lost,
            "doubled": self.doubled,
            "out of order": self.out_of_order,
            "at the same time": self.overlaps,
            "in other words": self.in_other_words,
            "hangs": self.hanging,
            "unacked": self.unacked,
            "log": self.complaints,
        }
        return [f"{kind}: {each}" for kind, found in kinds.items() for each in found]

    def table(self) -> str:
        rows = {
            "kills": f"{self.kills}, of them {self.warned} by SIGTERM",
            "questions": f"{self.questions}, answered {self.answered}",
            "lost": len(self.lost),
            "doubled": len(self.doubled),
            "out of order": len(self.out_of_order),
            "two turns of a thread at once": len(self.overlaps),
            "in other words": len(self.in_other_words),
            "given up after three kills": self.given_up,
            "signs that hang": len(self.hanging),
            "envelopes never acked": len(self.unacked),
            "complaints in logs": len(self.complaints),
            "turns begun again": self.repeated_work,
            "takeover": _spread(self.takeovers),
            "start until connected": _spread(self.starts),
        }
        return "\n".join(f"  {name:<30} {value}" for name, value in rows.items())


def _spread(seconds: tuple[float, ...]) -> str:
    if not seconds:
        return "none"
    middle, worst = statistics.median(seconds), max(seconds)
    return f"{middle:.2f} s at the median, {worst:.2f} s at most, of {len(seconds)}"


async def settled(stage: Stage) -> None:
    """Waits until all is answered and nothing hangs, bounded in time.

    What Slack gave up after some attempts it tells of again later: so is it done here.
    """
    workspace = stage.server.workspace
    for question in stage.people.questions:
        if not question.is_kept and not question.is_withdrawn:
            workspace.replay(question.channel, question.ts)
    await _within(_ANSWERS_SECONDS, lambda: not any(_answers(stage).lost()))
    await _within(_SIGNS_SECONDS, lambda: not ledger.hanging(workspace))
    await _within(_SIGNS_SECONDS, lambda: not any(_unacked(stage)))


async def _within(seconds: float, is_so: Callable[[], bool]) -> None:
    try:
        async with asyncio.timeout(seconds):
            while not is_so():  # noqa: ASYNC110 - dear to find out, so not on every change
                await asyncio.sleep(_LOOK_SECONDS)
    except TimeoutError:
        return


def drawn(stage: Stage) -> Balance:
    """As it is now."""
    answers, crew = _answers(stage), stage.crew
    return Balance(
        questions=len(stage.people.questions),
        answered=answers.count,
        lost=tuple(answers.lost()),
        doubled=tuple(answers.doubled()),
        out_of_order=tuple(answers.out_of_order()),
        overlaps=tuple(stage.mind.overlaps()),
        in_other_words=tuple(answers.in_other_words()),
        hanging=tuple(ledger.hanging(stage.server.workspace)),
        unacked=tuple(_unacked(stage)),
        complaints=tuple(crew.complaints(stage.plan.expected)),
        given_up=answers.given_up(),
        repeated_work=sum(times - 1 for times in stage.mind.starts().values()),
        kills=len(crew.killed),
        warned=sum(each.with_warning for each in crew.killed),
        takeovers=tuple(crew.takeovers()),
        starts=tuple(seconds for place in crew.places for seconds in place.start_seconds()),
    )


def _answers(stage: Stage) -> Answers:
    return Answers(stage.server.workspace, stage.people.questions, stage.crew.killed)


def _unacked(stage: Stage) -> Iterator[str]:
    """What Slack still waits for; what it gave up counts where nothing came of it."""
    for delivery in ledger.unacked(stage.server.workspace):
        if not delivery.given_up:
            event = delivery.payload.get("event", delivery.payload)
            yield f"{event.get('type')} {event.get('subtype') or ''} {delivery.key}"
