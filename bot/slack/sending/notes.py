"""A note in a thread beside the answers, tried once: posted twice it would say something wrong.

What one person alone sees may be Markdown; it is plain text where Slack takes no Markdown.
"""

import re
from typing import Any

from bot.dialogue import Input
from bot.slack.sending.capabilities import Capabilities, Tried
from bot.slack.sending.outbound import Method
from bot.slack.wording.post import markdown_block
from bot.slack.wording.text import safe_markdown, safe_mrkdwn

_BLOCKS_REFUSED = {"invalid_blocks", "invalid_blocks_format", "invalid_arguments"}
_BOLD = re.compile(r"\*\*([^*\n]+)\*\*")


async def note(can: Capabilities, said: Input, markdown: str, *, only_for: str = "") -> None:
    text = safe_mrkdwn(_BOLD.sub(r"\1", markdown))
    if not only_for:
        await _tried(can, said, Method.POST_MESSAGE, text=text, thread_ts=said.thread.ts)
        return
    # A thread that has no replies yet would hide what is for one person.
    thread_ts = None if said.ts == said.thread.ts else said.thread.ts
    whisper: dict[str, Any] = {"user": only_for, "text": text, "thread_ts": thread_ts}
    if not can.kinds.are_off:
        blocks = [markdown_block(safe_markdown(markdown))]
        tried = await _tried(can, said, Method.POST_EPHEMERAL, blocks=blocks, **whisper)
        if tried.code not in _BLOCKS_REFUSED:
            return
    await _tried(can, said, Method.POST_EPHEMERAL, **whisper)


async def _tried(can: Capabilities, said: Input, method: Method, **arguments: Any) -> Tried:
    return await can.tried(method, said.thread, channel=said.thread.channel, **arguments)
