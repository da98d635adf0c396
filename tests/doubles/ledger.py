"""What Kaia has left in the workspace, turn by turn: answers, signs that hang, presses unanswered.

It reads the emulator's state and knows Kaia's message metadata; it waits for nothing.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.playground import Workspace
from bot.playground.deliveries import Delivery
from bot.playground.objects import Message

EVENT_TYPE = "kaia_turn"
_WORKING = "eyes"


@dataclass(frozen=True, slots=True)
class Posted:
    """A message of Kaia's that says which turn it belongs to."""

    turn: str
    part: int
    """1 for the first; 0 for what has no place among an answer's parts."""
    piece: int
    message: Message


def posted(workspace: Workspace, channel: str, thread_ts: str | None = None) -> list[Posted]:
    """Kaia's messages with metadata, oldest first: of a thread, or of a whole channel."""
    if thread_ts is None:
        said = workspace.messages(channel)
    else:
        said = workspace.thread(channel, thread_ts)
    return [found for message in said if (found := _read(workspace, message)) is not None]


def _read(workspace: Workspace, message: Message) -> Posted | None:
    metadata = message.metadata or {}
    if message.app_id != workspace.directory.app_id or metadata.get("event_type") != EVENT_TYPE:
        return None
    payload = metadata.get("event_payload", {})
    part, piece = payload.get("part"), payload.get("piece")
    return Posted(
        str(payload.get("turn", "")),
        part if isinstance(part, int) else 0,
        piece if isinstance(piece, int) else 0,
        message,
    )


def answers_by_turn(
    workspace: Workspace, channel: str, thread_ts: str | None = None
) -> dict[str, list[Message]]:
    """Turn -> the messages it posted, in the order in which they were posted."""
    found: dict[str, list[Message]] = {}
    for one in posted(workspace, channel, thread_ts):
        found.setdefault(one.turn, []).append(one.message)
    return found


def doubled(workspace: Workspace) -> list[str]:
    """Parts of answers that stand in their channel more than once."""
    seen = Counter(
        (channel, one.turn, one.part, one.piece)
        for channel in workspace.directory.channels
        for one in posted(workspace, channel)
        if one.part
    )
    return [
        f"turn {turn}, part {part}, piece {piece}: {count} times"
        for (_, turn, part, piece), count in seen.items()
        if count > 1
    ]


def turn_of(workspace: Workspace, channel: str, ts: str) -> str:
    """The turn that a message begins, as its answer's metadata names it."""
    place = workspace.directory
    return f"message:{place.team_id}:{place.channel(channel).id}:{ts}"


def unanswered(workspace: Workspace, channel: str, questions: Iterable[str]) -> list[str]:
    """Of the questions with these timestamps, those that no message answers."""
    turns = answers_by_turn(workspace, channel)
    return [ts for ts in questions if turn_of(workspace, channel, ts) not in turns]


def out_of_order(workspace: Workspace) -> list[str]:
    """Answers that stand in their thread before the answer to an earlier message."""
    found = []
    for channel in workspace.directory.channels:
        latest: dict[str, str] = {}
        for one in posted(workspace, channel):
            asked, thread = one.turn.rpartition(":")[2], one.message.thread_ts or ""
            if one.part == 1 and one.turn.startswith("message:"):
                if asked < latest.get(thread, ""):
                    found.append(f"{asked} in {thread} was answered after {latest[thread]}")
                latest[thread] = max(asked, latest.get(thread, ""))
    return found


def hanging(workspace: Workspace) -> list[str]:
    """Signs of work that nobody has taken away: statuses, sessions, reactions."""
    return [*_statuses(workspace), *_sessions(workspace), *_reactions(workspace)]


def _statuses(workspace: Workspace) -> Iterator[str]:
    for channel, thread_ts in list(workspace.statuses):
        if text := workspace.status(channel, thread_ts):
            yield f"status of {thread_ts}: {text}"


def _sessions(workspace: Workspace) -> Iterator[str]:
    for (_, thread_ts), session in workspace.sessions.items():
        if session.status == "processing":
            yield f"session of {thread_ts} is processing"


def _reactions(workspace: Workspace) -> Iterator[str]:
    for channel in workspace.directory.channels:
        for message in workspace.messages(channel):
            if workspace.bot.id in message.reactions.get(_WORKING, []):
                yield f"reaction {_WORKING} on {message.ts}"


def unacked(workspace: Workspace) -> list[Delivery]:
    """What Slack has given up on, or still waits to have acked."""
    return workspace.deliveries.unacked
