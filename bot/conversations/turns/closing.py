"""Pure: how a conversation is summed up when somebody says "Thanks!". No model words it."""

from collections.abc import Mapping
from datetime import UTC, datetime

from bot.conversations.records import Commands, Conversation


def closed_markdown(
    conversation: Conversation,
    commands: Commands,
    approved: Mapping[str, int],
    *,
    cluster: str,
    now: float,
) -> str:
    """What was asked and run since the conversation was opened; `approved` is how many changes by
    whom.
    """
    asked = _counted(conversation.questions, "question")
    ran = _counted(commands.run, "read-only command") + " run"
    refused = f", {commands.refused} refused" if commands.refused else ""
    changes = _changes(approved)
    where = f" on `{cluster}`" if cluster else ""
    return (
        f"You're welcome. This conversation is closed: {asked}, {ran}{refused}{changes}{where}, "
        f"{_span(conversation.opened, now)}. Mention me to go on from here."
    )


def _changes(approved: Mapping[str, int]) -> str:
    if not approved:
        return ""
    counted = _counted(sum(approved.values()), "change")
    if len(approved) == 1:
        return f", {counted} approved by {next(iter(approved))}"
    each = ", ".join(f"{by}: {number}" for by, number in approved.items())
    return f", {counted} approved ({each})"


def _span(opened: float, now: float) -> str:
    begun, ended = datetime.fromtimestamp(opened, UTC), datetime.fromtimestamp(now, UTC)
    last = f"{ended:%H:%M}" if begun.date() == ended.date() else f"{ended:%Y-%m-%d %H:%M}"
    return f"{begun:%Y-%m-%d %H:%M} to {last} UTC ({spoken_seconds(now - opened)})"


def spoken_seconds(seconds: float) -> str:
    """42 s, 7 min, 3 h 20 min, 2 d 4 h."""
    whole = max(0, int(seconds))
    minutes, hours, days = whole // 60, whole // 3600, whole // 86_400
    if whole < 60:
        return f"{whole} s"
    if hours < 1:
        return f"{minutes} min"
    if days < 1:
        return f"{hours} h {minutes % 60} min"
    return f"{days} d {hours % 24} h"


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("" if number == 1 else "s")
