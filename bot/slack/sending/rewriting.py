"""A message of Kaia's is rewritten in place: idempotent, tried a few times, and never a failure."""

import asyncio

import structlog

from bot.dialogue import Thread
from bot.errors import DeliveryError
from bot.slack.sending.capabilities import NEVER
from bot.slack.sending.line import Rank, Waiting
from bot.slack.sending.outbound import CallRefused, CallUnclear, Method, Outbound
from bot.slack.wording.blocks import Post, plain_posts

log = structlog.get_logger()

_ATTEMPTS = 3


async def rewrite(
    outbound: Outbound, thread: Thread, ts: str, post: Post, *, pause_seconds: float = 1
) -> bool:
    """Whether it was done. The pause is doubled every time."""
    for attempt in range(_ATTEMPTS):
        try:
            await _update(outbound, thread, ts, post)
        except CallUnclear as error:
            log.info("slack.rewrite_unclear", ts=ts, problem=str(error))
            await asyncio.sleep(pause_seconds * 2**attempt)
        except CallRefused as refused:
            if not post.blocks or refused.code in NEVER:
                return _given_up(ts, refused)
            # Perhaps it was the blocks; a message with the old buttons says something wrong.
            post = plain_posts(post)[0]
        except DeliveryError as error:
            return _given_up(ts, error)
        else:
            return True
    log.warning("slack.not_rewritten", ts=ts, problem="Slack gave no clear answer")
    return False


async def _update(outbound: Outbound, thread: Thread, ts: str, post: Post) -> None:
    await outbound.call(
        Method.UPDATE,
        waiting=Waiting(thread.channel, thread.ts, Rank.ANSWER, key=f"rewrite:{ts}"),
        channel=thread.channel,
        ts=ts,
        text=post.text,
        # An empty list takes the old ones away; without it they would stay.
        blocks=list(post.blocks),
    )


def _given_up(ts: str, problem: DeliveryError) -> bool:
    log.warning("slack.not_rewritten", ts=ts, problem=str(problem))
    return False
