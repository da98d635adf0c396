"""What is the same wherever one person talks with Kaia and nobody else can: in a terminal, in an
evaluation.
"""

import time

from bot.dialogue.said import Contents, Input, Passage, SharedFile, Thread


def said_now(thread: Thread, speaker: str, text: str) -> Input:
    now = time.time_ns()
    ts = timestamp(now)
    return Input(
        id=f"message:{thread.team}:{thread.channel}:{ts}",
        thread=thread,
        ts=ts,
        speaker=speaker,
        speaker_name=speaker,
        text=text.strip(),
        addressed=True,
        received=now / 1e9,
    )


def timestamp(nanoseconds: int) -> str:
    """As Slack writes them: seconds and six digits."""
    return f"{nanoseconds // 10**9}.{nanoseconds // 1000 % 10**6:06d}"


class Alone:
    """The part of an `Audience` that asks for files, other people and a channel: there are none."""

    no_files: str
    """Why no file can be shared, in a sentence."""

    async def contents(self, file: SharedFile) -> Contents:  # noqa: ARG002 - none can be shared
        return Contents(problem=self.no_files)

    async def earlier(self, since: str) -> tuple[Passage, ...]:  # noqa: ARG002 - nobody else talks
        return ()

    async def place(self) -> str:
        return ""

    async def may_be_told(self) -> bool:
        return True
