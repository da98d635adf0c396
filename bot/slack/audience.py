"""The people of one thread following one turn: signs of work, then the answer once."""

from collections.abc import Callable
from dataclasses import dataclass

import structlog

from bot.dialogue import Closed, Input, Notice, Outcome, Step
from bot.errors import DeliveryError
from bot.slack.blocks import posts
from bot.slack.files import Files
from bot.slack.outbound import CallUnclear, Outbound
from bot.slack.posting import PATIENT, Patience, Place, Posting
from bot.slack.signs import RHYTHM, Capabilities, Rhythm, Signs

log = structlog.get_logger()


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
        bot_user: str,
        manner: Manner,
    ) -> None:
        self._said = said
        self._outbound = outbound
        self._files = files
        self._bot_user = bot_user
        self._manner = manner
        self._signs = Signs(said, capabilities, manner.rhythm)
        self._is_closed = False

    async def begin(self) -> None:
        self._signs.begin()

    async def step(self, step: Step) -> None:
        self._signs.step(step.text)

    async def note(self, markdown: str) -> None:
        await self._signs.note(markdown)

    async def deliver(self, outcome: Outcome, *, turn: str, repeated: bool) -> str:
        place = Place(self._said.thread, self._said.ts, turn)
        posting = Posting(self._outbound, self._bot_user, place, self._manner.patience)
        if repeated:
            await posting.look_up()
        messages = posts(
            outcome,
            cluster=self._manner.cluster(),
            link_hosts=self._manner.link_hosts,
            is_attached=await self._attached(outcome, posting),
        )
        stamp = await posting.post(messages)
        if isinstance(outcome, Closed):
            self._is_closed = True
            await self._signs.closed()
        return stamp

    async def _attached(self, outcome: Outcome, posting: Posting) -> bool:
        """Whether its file is in the thread. Shared at most once: the message is tried after it."""
        attachment = outcome.attachment if isinstance(outcome, Notice) else None
        if attachment is None:
            return False
        if posting.is_begun or posting.has_file(attachment.name):
            return True
        try:
            return await self._files.share(attachment, self._said.thread)
        except CallUnclear:
            return await posting.finds_file(attachment.name)

    async def end(self) -> None:
        await self._signs.end(closed=self._is_closed)


class NobodyYet:
    """The audience while Slack has not yet been reached: what is for it has to wait."""

    async def begin(self) -> None:
        return

    async def step(self, step: Step) -> None:
        del step

    async def note(self, markdown: str) -> None:
        del markdown

    async def deliver(self, outcome: Outcome, *, turn: str, repeated: bool) -> str:
        log.warning("slack.not_yet", turn=turn, outcome=type(outcome).__name__, repeated=repeated)
        raise DeliveryError("Kaia is not connected to Slack yet. The answer waits until it is.")

    async def end(self) -> None:
        return
