"""The people of one thread following one turn: signs of work, then the answer once."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import structlog

from bot.dialogue import (
    Answer,
    Closed,
    Contents,
    Decided,
    Input,
    Notice,
    Outcome,
    Passage,
    SharedFile,
    Step,
)
from bot.errors import DeliveryError
from bot.slack.hearing.gate import Gate
from bot.slack.hearing.people import People, place_of
from bot.slack.hearing.telling import may_be_told
from bot.slack.reading.files import FileReader
from bot.slack.reading.threads import earlier
from bot.slack.sending.capabilities import Capabilities
from bot.slack.sending.files import Files
from bot.slack.sending.outbound import CallRefused, CallUnclear, Method, Outbound
from bot.slack.sending.pictures import share_picture
from bot.slack.sending.posting import PATIENT, TOO_MUCH_FOR_SLACK, Patience, Posting
from bot.slack.sending.rewriting import rewrite
from bot.slack.sending.signs import RHYTHM, Rhythm, Signs
from bot.slack.sending.traces import Place
from bot.slack.wording.blocks import attached_to, file_of, posts, settled
from bot.slack.wording.figures import CHART
from bot.slack.wording.post import Post, plain_posts
from bot.slack.wording.text import file_name

log = structlog.get_logger()

_REWRITING_SECONDS = 2.0
"""So long a message with its old buttons is waited for; the next question waits behind it."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How Kaia shows things here."""

    cluster: Callable[[], str] = str
    """The name of the cluster that is read at that moment."""
    link_hosts: frozenset[str] = frozenset()
    rhythm: Rhythm = RHYTHM
    patience: Patience = PATIENT


class SlackAudience:
    """Implements dialogue.Audience for one input."""

    def __init__(
        self,
        said: Input,
        outbound: Outbound,
        capabilities: Capabilities,
        files: Files,
        people: People,
        gate: Gate,
        manner: Manner,
        reader: FileReader,
    ) -> None:
        self._said = said
        self._reader = reader
        self._outbound = outbound
        self._files = files
        self._people = people
        self._gate, self._bot_user = gate, gate.identity.user
        self._manner = manner
        self._can = capabilities
        self._kinds = capabilities.kinds
        self._signs = Signs(said, capabilities, manner.rhythm)
        self._is_closed = False

    async def begin(self) -> None:
        self._signs.begin()

    async def step(self, step: Step) -> None:
        self._signs.step(step.text)

    async def note(self, markdown: str, *, only_for: str = "") -> None:
        await self._signs.note(markdown, only_for=only_for)

    async def contents(self, file: SharedFile) -> Contents:
        return await self._reader.contents(file)

    async def earlier(self, since: str) -> tuple[Passage, ...]:
        return await earlier(self._can, self._people, self._said, since, self._bot_user)

    async def place(self) -> str:
        return await place_of(self._people, self._said.thread)

    async def may_be_told(self) -> bool:
        return await may_be_told(self._gate, self._said)

    async def deliver(self, outcome: Outcome, *, turn: str, repeated: bool) -> str:
        if isinstance(outcome, Notice) and outcome.only_for:
            return await self._whisper(outcome)
        place = Place(self._said.thread, self._said.ts, turn)
        posting = Posting(self._outbound, self._bot_user, place, self._manner.patience, self._kinds)
        if repeated:
            self._signs.may_be_left()
            await posting.look_up()
        messages = posts(
            outcome,
            cluster=self._manner.cluster(),
            link_hosts=self._manner.link_hosts,
            is_attached=await self._attached(outcome, posting),
            names=await self._names(outcome),
            turn=turn,
        )
        stamp = await posting.post(messages)
        await self._conclude(outcome)
        await self._pictured(outcome, posting)
        return stamp

    async def _conclude(self, outcome: Outcome) -> None:
        """What is changed in the thread once the outcome is there."""
        if isinstance(outcome, Closed):
            self._is_closed = True
            await self._signs.closed()
        elif isinstance(outcome, Decided) and outcome.message_ts:
            cluster, names = self._manner.cluster(), await self._names(outcome)
            post = settled(outcome, cluster=cluster, names=names)
            pause = self._manner.patience.pause_seconds
            thread, ts = self._said.thread, outcome.message_ts
            rewriting = rewrite(self._outbound, thread, ts, post, pause_seconds=pause)
            beside = self._can.tidying.beside(rewriting, thread.id)
            await asyncio.wait({beside}, timeout=_REWRITING_SECONDS)

    async def _names(self, outcome: Outcome) -> dict[str, str]:
        """Of whoever asked for what is proposed."""
        match outcome:
            case Answer():
                proposals = outcome.proposals
            case Decided():
                proposals = (outcome.proposal,)
            case _:
                proposals = ()
        return await self._people.names(tuple({proposal.asked_by for proposal in proposals}))

    async def _whisper(self, notice: Notice) -> str:
        """To one person, once; it stands in no thread, so there is nothing to look up or repeat."""
        try:
            for post in posts(notice, cluster=self._manner.cluster()):
                await self._whispered(post, notice.only_for)
        except DeliveryError as error:
            log.warning("slack.notice_not_told", user=notice.only_for, problem=str(error))
        return ""

    async def _whispered(self, post: Post, user: str) -> None:
        """With its blocks, else as plain text. Raises DeliveryError."""
        thread = self._said.thread
        place: dict[str, Any] = {"channel": thread.channel, "thread_ts": thread.ts, "user": user}
        if not self._kinds.are_off:
            blocks = list(post.blocks)
            try:
                await self._outbound.call(
                    Method.POST_EPHEMERAL, **place, text=post.text, blocks=blocks
                )
            except CallRefused as refused:
                if refused.code not in TOO_MUCH_FOR_SLACK:
                    raise
            else:
                return
        for plain in plain_posts(post):
            await self._outbound.call(Method.POST_EPHEMERAL, **place, text=plain.text)

    async def _attached(self, outcome: Outcome, posting: Posting) -> bool:
        """Whether its file is in the thread. Shared at most once: the message is tried after it."""
        manner = self._manner
        attachment = file_of(
            outcome, cluster=manner.cluster(), ts=self._said.ts, link_hosts=manner.link_hosts
        )
        if attachment is None:
            return False
        if posting.is_begun or posting.has_file(attachment.name):
            # A long answer whose parts were begun without a file is ended without one.
            return attached_to(outcome) is not None or posting.has_file(attachment.name)
        try:
            return await self._files.share(attachment, self._said.thread)
        except CallUnclear:
            return await posting.finds_file(attachment.name)

    async def _pictured(self, outcome: Outcome, posting: Posting) -> None:
        """Figures as a picture below their numbers, where this Slack takes no charts."""
        figures = outcome.figures if isinstance(outcome, Notice) else ()
        name = file_name(f"charts-{self._said.ts.replace('.', '-')}.png")
        if figures and not self._kinds.takes(CHART) and not posting.has_file(name):
            await share_picture(self._files, figures, name=name, thread=self._said.thread)

    async def end(self) -> None:
        await self._signs.end(closed=self._is_closed)


class NobodyYet:
    """The audience while Slack has not yet been reached: what is for it has to wait."""

    async def begin(self) -> None:
        return

    async def step(self, step: Step) -> None:
        del step

    async def note(self, markdown: str, *, only_for: str = "") -> None:
        del markdown, only_for

    async def contents(self, file: SharedFile) -> Contents:
        del file
        return Contents(problem="I am not connected to Slack yet. Please write it as text.")

    async def earlier(self, since: str) -> tuple[Passage, ...]:
        del since
        return ()

    async def place(self) -> str:
        return ""

    async def may_be_told(self) -> bool:
        raise DeliveryError("Kaia is not connected to Slack yet. What she has to say waits for it.")

    async def deliver(self, outcome: Outcome, *, turn: str, repeated: bool) -> str:
        log.warning("slack.not_yet", turn=turn, outcome=type(outcome).__name__, repeated=repeated)
        raise DeliveryError("Kaia is not connected to Slack yet. The answer waits until it is.")

    async def end(self) -> None:
        return
