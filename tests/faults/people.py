"""People who ask in many threads at once, while Slack doubles, reorders and replays what they say.

Everything random comes from one seed. They remember what they asked; they judge nothing.
"""

import asyncio
import random
import time
from dataclasses import dataclass, field

from bot.playground import Workspace
from bot.playground.deliveries import Delivery
from bot.playground.events import is_about

_PEOPLE = ("ann", "ben")
_LATEST_DELIVERIES = 12


@dataclass(eq=False)
class Question:
    """One message that wants exactly one answer."""

    number: int
    channel: str
    root: str
    ts: str
    after: "list[Question]"
    """Questions of its thread that Kaia had for certain when this one was said."""
    deliveries: list[Delivery]
    said_at: float = field(default_factory=time.monotonic)
    is_withdrawn: bool = False

    @property
    def is_kept(self) -> bool:
        return any(delivery.acked for delivery in self.deliveries)

    @property
    def thread(self) -> str:
        return f"{self.channel}:{self.root}"


@dataclass(frozen=True, slots=True)
class Habits:
    """How people ask, and what Slack does to it; shares are between 0 and 1."""

    channels: int = 4
    threads: int = 12
    per_thread: int = 8
    pause_seconds: float = 3.0
    """Between two questions of a thread, at the median."""
    hurried: float = 0.2
    """Asks again before Kaia has the question before, in a thread that Kaia follows."""
    overtaking: float = 0.0
    """Replies before Kaia has the mention: then only one replica knows of it, in its memory."""
    edited: float = 0.05
    withdrawn: float = 0.02
    doubled: float = 0.1
    reordered: float = 0.1
    replayed: float = 0.05
    keep_seconds: float = 60.0
    """How long people wait to be heard before they go on."""


@dataclass
class People:
    workspace: Workspace
    dice: random.Random
    habits: Habits = field(default_factory=Habits)
    questions: list[Question] = field(default_factory=list)
    threads: dict[int, str] = field(default_factory=dict)

    def move_in(self) -> list[str]:
        """Makes their channels."""
        names = [f"room-{number}" for number in range(self.habits.channels)]
        for name in names:
            self.workspace.add_channel(name, members=[*_PEOPLE, self.workspace.bot.name])
        return names

    async def ask(self, until: asyncio.Event) -> None:
        """Conversations side by side, each followed by another, until the event is set."""
        rooms = self.move_in()
        async with asyncio.TaskGroup() as tasks:
            for number in range(self.habits.threads):
                channel = rooms[number % len(rooms)]
                tasks.create_task(self._converse_until(until, channel), name=f"thread {number}")
            tasks.create_task(self._meddle(until), name="slack's whims")

    async def _converse_until(self, until: asyncio.Event, channel: str) -> None:
        await self._pause(until)
        while not until.is_set():
            await self._converse(until, channel)

    async def _converse(self, until: asyncio.Event, channel: str) -> None:
        """One thread from its mention on."""
        said: list[Question] = []
        for _ in range(self.habits.per_thread):
            if until.is_set():
                return
            is_reply = bool(said)
            question = self.say(channel, said)
            said.append(question)
            if not self._happens(self.habits.hurried if is_reply else self.habits.overtaking):
                await self._until_kept(question)
                await self._pause(until)

    def say(self, channel: str, before: list[Question]) -> Question:
        """The next question of a thread, or a thread's first."""
        number = len(self.questions) + 1
        root = before[0].ts if before else None
        text = f"{'' if root else '@kaia '}question {number}: how are the pods in shop?"
        ts = self.workspace.say(self.dice.choice(_PEOPLE), channel, text, root)
        kept = [each for each in before if each.is_kept]
        question = Question(number, channel, root or ts, ts, kept, self._deliveries(channel, ts))
        self.questions.append(question)
        self.threads[number] = question.thread
        return question

    def _deliveries(self, channel: str, ts: str) -> list[Delivery]:
        home = self.workspace.directory.channel(channel).id
        latest = list(self.workspace.deliveries.all)[-_LATEST_DELIVERIES:]
        return [each for each in latest if is_about(each.payload, home, ts)]

    async def _until_kept(self, question: Question) -> None:
        try:
            async with asyncio.timeout(self.habits.keep_seconds):
                await self.workspace.changes.until(lambda: question.is_kept)
        except TimeoutError:
            return

    async def _pause(self, until: asyncio.Event) -> None:
        try:
            async with asyncio.timeout(self.dice.uniform(0, 2 * self.habits.pause_seconds)):
                await until.wait()
        except TimeoutError:
            return

    async def _meddle(self, until: asyncio.Event) -> None:
        """What Slack and people do to questions that have been said."""
        while not until.is_set():
            await asyncio.sleep(self.dice.uniform(0, 0.5))
            if self._happens(self.habits.doubled):
                self.workspace.deliveries.duplicate()
            if self._happens(self.habits.reordered):
                await self._hold_and_shuffle()
            self._do_something_to(self._one_of_late())

    def _do_something_to(self, question: Question | None) -> None:
        if question is None:
            return
        if self._happens(self.habits.replayed):
            self.workspace.replay(question.channel, question.ts)
        elif self._happens(self.habits.edited):
            self._edit(question)
        elif self._happens(self.habits.withdrawn) and question.ts != question.root:
            question.is_withdrawn = True
            self.workspace.delete(question.channel, question.ts)

    def _happens(self, share: float) -> bool:
        return self.dice.random() < share

    def _one_of_late(self) -> Question | None:
        late = [each for each in self.questions[-40:] if not each.is_withdrawn]
        return self.dice.choice(late) if late else None

    def _edit(self, question: Question) -> None:
        mention = "@kaia " if question.ts == question.root else ""
        words = f"{mention}question {question.number}: how are the pods in shop now?"
        self.workspace.edit(question.channel, question.ts, words)

    async def _hold_and_shuffle(self) -> None:
        """Envelopes that are late, and then in any order."""
        self.workspace.deliveries.hold()
        await asyncio.sleep(self.dice.uniform(0.05, 0.4))
        self.workspace.deliveries.release(lambda held: self.dice.sample(held, len(held)))
