"""Whether what somebody waits for has come, or something worse; pure."""

from collections.abc import Iterator

from bot.cluster.watches.seen import Seen, Trouble
from bot.cluster.watches.states import Baseline, State, named
from bot.cluster.watches.targets import Goal


def ending(goal: Goal, before: Baseline, now: State, after: str) -> str:
    """The one sentence that is to be said; nothing while there is nothing to say. `after` is how
    long it took, in words, or empty where it was so from the beginning.
    """
    news = _fulfilled(goal, before, now) or _worse(goal, before, now)
    return news and f"{now.target.spoken} {news}{_was(before, now)}{_after(after)}."


def expired(before: Baseline, now: State, after: str) -> str:
    """What is said when the time is up."""
    return (
        f"I have watched {now.target.spoken} for {after}, and my time for it is up. It is now:"
        f" {now.told}{_was(before, now)}. To go on, ask me to `watch` it again."
    )


def _was(before: Baseline, now: State) -> str:
    return f" (was {before.words})" if now.words != before.words else ""


def _after(after: str) -> str:
    return f", after {after}" if after else ""


def _fulfilled(goal: Goal, before: Baseline, now: State) -> str:
    own = now.own
    if own is None:
        return "is gone" if goal == "gone" else ""
    if goal == "gone" and own.uid != before.uid:
        return f"is gone, and a new one of its name has taken its place: {now.words}"
    if goal == "ready" and now.is_ready:
        return f"is ready: {now.words}"
    if goal == "changed" and own.mark != before.mark:
        return f"has changed: {now.told}" if now.words != before.words else "has changed"
    if own.is_complete and now.target.kind in {"job", "pod"}:
        return f"is complete: {now.words}"
    return ""


def _worse(goal: Goal, before: Baseline, now: State) -> str:
    if now.own is None:
        return "is gone: it was deleted"
    if goal == "gone":  # what is taken down may fail on its way
        return ""
    news = [*named(_new_troubles(before, now)), *_fewer(before, now)]
    return f"has got worse: {'; '.join(news)}. It is now: {now.words}" if news else ""


def _new_troubles(before: Baseline, now: State) -> list[Trouble]:
    found = {each.key: each for each in now.troubles if each.key not in before.troubles}
    for end in now.ends:
        key = end.trouble.key
        is_new = end.is_bad and end.restarts > before.restarts.get(end.key, 0)
        if is_new and key not in before.troubles:
            found.setdefault(key, end.trouble)
    return list(found.values())


def _fewer(before: Baseline, now: State) -> Iterator[str]:
    for each in now.parts:
        had = before.ready.get(each.spoken, 0)
        if each.ready < min(had, each.wanted) and not (each.is_rolling or each.is_complete):
            yield _told(each, had)


def _told(part: Seen, had: int) -> str:
    if part.wanted == 1:
        return f"{part.spoken} is no longer ready"
    return f"{part.spoken} has fewer ready: {part.ready} of {part.wanted} (was {had})"
