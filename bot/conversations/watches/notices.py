"""Pure: what Kaia says when somebody asks her to watch, to list, or to end it."""

from collections.abc import Sequence

from bot.cluster.watches.states import State
from bot.cluster.watches.targets import Target
from bot.conversations.records import Watch
from bot.conversations.watches.asking import EXAMPLE
from bot.conversations.watches.wishes import Wish, clock_minute

PER_THREAD = 5
IN_ALL = 50

NONE_HERE = f"Nothing is watched in this thread. To begin: {EXAMPLE}."
TOO_MANY_HERE = (
    f"This thread has {PER_THREAD} watches already, and more I do not keep. `watch` lists them;"
    " `unwatch 1` ends one."
)
TOO_MANY = (
    f"I keep {IN_ALL} watches at once, and all are taken. Some end soon by themselves: try again"
    " later, or end one with `unwatch`."
)


def begun(wish: Wish, now: State, expires: float, number: int) -> str:
    until = clock_minute(expires)
    news = "if it gets worse" if wish.goal == "worse" else "when it is, or if it gets worse"
    if wish.goal == "gone":
        news = "when it is"
    return (
        f"I watch {wish.sentence}, at the longest until {until}. Now: {now.told}.\n\n"
        f"I say one thing here {news}, or how it is when the time is up; nothing in between."
        f" `unwatch {number}` ends it, `unwatch` ends all in this thread."
    )


def is_so_already(target: Target, sentence: str) -> str:
    plain = f"{target.kind}/{target.name}"
    where = f" in {target.namespace}" if target.namespace else ""
    return (
        f"That is so already, so I watch nothing: {sentence} To hear of trouble with it, say"
        f" `watch {plain}{where}`."
    )


def not_there(target: Target, likely: Sequence[Target]) -> str:
    named = " or ".join(f"`watch {each.spoken}`" for each in likely)
    hint = f" Did you mean {named}?" if likely else ""
    inside = f" in {target.namespace}" if target.namespace else ""
    return (
        f"There is no {target.kind} {target.name}{inside}, so I watch nothing.{hint}"
        f" I can only watch what exists; name the namespace like this: {EXAMPLE}."
    )


def listed(watches: Sequence[Watch]) -> str:
    if not watches:
        return NONE_HERE
    return "\n".join(("Watched in this thread:", *_lines(watches), "", "`unwatch` ends them."))


def ended(watches: Sequence[Watch]) -> str:
    return "\n".join(("No longer watched:", *(f"- {each.sentence}" for each in watches)))


def no_such_number(number: str, watches: Sequence[Watch]) -> str:
    return f"There is no watch {number} in this thread. {listed(watches)}"


def _lines(watches: Sequence[Watch]) -> list[str]:
    return [
        f"{number}. {each.sentence}, at the longest until {clock_minute(each.expires)}"
        for number, each in enumerate(watches, start=1)
    ]
