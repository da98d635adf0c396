"""Puts the parts of one answer into a thread, each exactly once, whatever Slack does meanwhile."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import structlog

from bot.errors import DeliveryError, ThreadGone
from bot.slack.sending.kinds import BlockKinds
from bot.slack.sending.line import Rank, Waiting
from bot.slack.sending.outbound import CallLimited, CallRefused, CallUnclear, Method, Outbound
from bot.slack.sending.traces import Place, own_messages, payload_of
from bot.slack.wording.blocks import Post, plain_posts

log = structlog.get_logger()

EVENT_TYPE = "kaia_turn"

_GONE = {
    "is_archived",
    "channel_not_found",
    "not_in_channel",
    "thread_not_found",
    "invalid_thread_ts",
    "message_not_found",
    "cannot_reply_to_message",
    "restricted_action",
    "restricted_action_read_only_channel",
    "restricted_action_thread_locked",
    "restricted_action_non_threadable_channel",
    "user_not_found",
    "messages_tab_disabled",
}

TOO_MUCH_FOR_SLACK = {
    "invalid_blocks",
    "invalid_blocks_format",
    "msg_blocks_too_long",
    "msg_too_long",
    "invalid_arguments",
    "invalid_attachments",
    "markdown_text_conflict",
    "no_text",
}

_CANNOT_LOOK_UP = {"missing_scope", "unknown_method", "not_allowed_token_type"}

Found = dict[tuple[int, int], str]
"""(part, piece) -> timestamp; the pieces of a part that had to be posted as plain text."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long one answer is tried before the engine is told to try again later."""

    seconds: float = 120
    attempts: int = 5
    pause_seconds: float = 1
    """Before it is looked up and tried again; doubled every time."""
    looks: int = 3
    """A message that was posted a moment ago may show late: so often it has to be missing."""


PATIENT = Patience()


class Posting:
    """One turn's parts on their way into its thread."""

    def __init__(
        self,
        outbound: Outbound,
        bot_user: str,
        place: Place,
        patience: Patience = PATIENT,
        kinds: BlockKinds | None = None,
    ) -> None:
        self._kinds = kinds or BlockKinds()
        self._outbound = outbound
        self._bot_user = bot_user
        self._place = place
        self._patience = patience
        self._deadline = time.monotonic() + patience.seconds
        self._found: Found = {}
        self._files: set[str] = set()
        # Since it may have been posted it was missed so often; None where it cannot have been.
        self._missed: int | None = None

    @property
    def is_begun(self) -> bool:
        """Something of this turn was found in the thread."""
        return bool(self._found)

    async def finds_file(self, name: str) -> bool:
        """Whether the thread is known to have this file of ours; False where it cannot be known."""
        try:
            await self._look_until(lambda: self.has_file(name))
        except DeliveryError as error:
            log.warning("slack.file_unclear", turn=self._place.turn, problem=str(error))
        return self.has_file(name)

    def has_file(self, name: str) -> bool:
        """Among what was found when it was last looked up."""
        return name in self._files

    async def post(self, posts: Sequence[Post]) -> str:
        """Returns the first part's timestamp. Raises DeliveryError, ThreadGone.

        What an earlier process may have posted has to be looked up before.
        """
        stamps = [await self._part(post, part) for part, post in enumerate(posts, start=1)]
        return stamps[0]

    async def _part(self, post: Post, part: int) -> str:
        if (part, 0) in self._found:
            return self._found[part, 0]
        if (part, 1) in self._found:
            return await self._plain(post, part)
        if self._kinds.are_off:
            return await self._plain(post, part)
        return await self._with_blocks(self._kinds.allowed(post), part)

    async def _with_blocks(self, post: Post, part: int, lacking: str = "", why: str = "") -> str:
        """Down a ladder while Slack refuses: without an optional block, then text alone."""
        try:
            stamp = await self._once(post, part, 0)
        except CallRefused as refused:
            code = refused.code
            if post.is_broadcast and code not in TOO_MUCH_FOR_SLACK:
                return await self._with_blocks(
                    replace(post, is_broadcast=False), part, lacking, why
                )
            if code not in TOO_MUCH_FOR_SLACK or not post.blocks:
                raise _final(refused) from refused
            log.warning("slack.post_downgraded", code=code, turn=self._place.turn, part=part)
            if (simpler := self._kinds.simpler(post, code)) is not None:
                return await self._with_blocks(simpler[0], part, simpler[1], code)
            stamp = await self._plain(post, part)
            self._kinds.refused(code)
            return stamp
        self._kinds.accepted(lacking, why)
        return stamp

    async def _plain(self, post: Post, part: int) -> str:
        try:
            stamps = [
                self._found.get((part, piece)) or await self._once(plain, part, piece)
                for piece, plain in enumerate(plain_posts(post), start=1)
            ]
        except CallRefused as refused:
            raise _final(refused) from refused
        return stamps[0]

    async def _once(self, post: Post, part: int, piece: int) -> str:
        """Posts until Slack has it; looks first where an earlier try may have gone through."""
        problem: DeliveryError | None = None
        unclear, pause = 0, self._patience.pause_seconds
        while unclear < self._patience.attempts:
            try:
                if self._missed is not None:
                    await self._look_until(lambda: (part, piece) in self._found)
                return self._found.get((part, piece)) or await self._call(post, part, piece)
            except CallLimited as limited:
                raise _too_late(limited) from limited
            except CallUnclear as error:
                self._missed = 0
                problem, unclear = error, unclear + 1
                await self._wait(pause, error)
                pause *= 2
        raise DeliveryError(f"Slack did not take the answer. {problem}") from problem

    async def _call(self, post: Post, part: int, piece: int) -> str:
        payload = {"turn": self._place.turn, "part": part} | ({"piece": piece} if piece else {})
        thread = self._place.thread
        answer = await self._outbound.call(
            Method.POST_MESSAGE,
            waiting=Waiting(thread.channel, thread.ts, Rank.ANSWER, self._seconds_left()),
            channel=thread.channel,
            thread_ts=thread.ts,
            text=post.text,
            blocks=list(post.blocks) or None,
            reply_broadcast=post.is_broadcast or None,
            metadata={"event_type": EVENT_TYPE, "event_payload": payload},
        )
        return str(answer.get("ts") or "")

    def _seconds_left(self) -> float:
        return max(0.0, self._deadline - time.monotonic())

    async def _wait(self, seconds: float, problem: DeliveryError) -> None:
        if seconds > self._seconds_left():
            raise _too_late(problem) from problem
        await asyncio.sleep(seconds)

    async def look_up(self) -> None:
        """Finds what of this turn stands in the thread. Raises where that cannot be known now.

        What is not seen may have been posted a moment ago: it is looked for again before it is.
        """
        self._missed = 1 if await self._look() else None

    async def _look_until(self, is_there: Callable[[], bool]) -> None:
        """Looks a few times, until it is there or has to be taken for missing."""
        for missed in range(self._missed or 0, self._patience.looks):
            if missed:
                await asyncio.sleep(missed * self._patience.pause_seconds / 2)
            if not await self._look() or is_there():
                break
        self._missed = None

    async def _look(self) -> bool:
        """Whether anything can be seen at all."""
        try:
            await self._see()
        except CallRefused as refused:
            if refused.code in _CANNOT_LOOK_UP:
                # An answer said twice is better than one not said.
                log.warning("slack.look_up_impossible", code=refused.code, needed=refused.needed)
            elif refused.code not in _GONE:
                raise
            return False
        return True

    async def _see(self) -> None:
        messages = own_messages(
            self._outbound,
            self._place,
            self._bot_user,
            rank=Rank.ANSWER,
            seconds=self._seconds_left(),
        )
        async for message in messages:
            self._files |= {str(one.get("name")) for one in message.get("files") or ()}
            payload = payload_of(message, EVENT_TYPE, self._place.turn)
            if payload is not None:
                place = int(payload.get("part", 1)), int(payload.get("piece", 0))
                self._found[place] = str(message.get("ts"))


def _too_late(problem: DeliveryError) -> DeliveryError:
    return DeliveryError(f"Slack did not take the answer in time. {problem}")


def _final(refused: CallRefused) -> DeliveryError:
    if refused.code in _GONE:
        return ThreadGone(f"The thread can no longer be answered in ({refused.code}).")
    return refused
