"""`chart`: figures of what a conversation is about, with every number in words beside them."""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from bot.cluster.api import ClusterApi
from bot.conversations.records import Conversation, Turn
from bot.conversations.turns.printed import as_code
from bot.dialogue import Figure, Notice
from bot.errors import ClusterError
from bot.tools.looking import Focus
from bot.tools.pictures import MOST_NAMESPACES, Draughtsman, Drawn, Unreadable

_NOTHING = {
    "pods": "There are no pods.",
    "restarts": "No container has been restarted.",
    "events": "No event was seen in the last hour.",
}


class Pictures:
    def __init__(
        self,
        api: ClusterApi,
        namespace_for: Callable[[str], str | None] = lambda _channel: None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """`namespace_for` gives a channel's default."""
        self._api = api
        self._namespace_for = namespace_for
        self._clock = clock

    async def answer(self, turn: Turn, conversation: Conversation, which: str) -> Notice:
        """`which` is what `words.is_chart_asked` gave."""
        places = self._namespaces(turn, conversation)
        now = datetime.fromtimestamp(self._clock(), UTC)
        try:
            drawn = await Draughtsman(self._api, places, now).draw(which)
        except ClusterError as error:
            return Notice(f"I can draw nothing: {error}")
        return Notice("\n\n".join(_worded(drawn, places, now)), figures=tuple(drawn.figures))

    def _namespaces(self, turn: Turn, conversation: Conversation) -> tuple[str, ...]:
        focus = Focus.from_json(conversation.notes.get("focus"))
        of_objects = dict.fromkeys(ref.namespace for ref in focus.objects if ref.namespace)
        spoken_of = focus.namespaces or tuple(of_objects)
        if spoken_of:
            return spoken_of
        return (self._namespace_for(turn.said.thread.channel) or self._api.access.namespace,)


def _worded(drawn: Drawn, places: tuple[str, ...], now: datetime) -> Iterator[str]:
    yield f"In {_spoken(places)}, {now:%Y-%m-%d %H:%M} UTC."
    yield from map(_figure, drawn.figures)
    if drawn.nothing_of:
        yield " ".join(_NOTHING[each] for each in drawn.nothing_of)
    yield from map(_gap, drawn.unreadable)


def _spoken(places: tuple[str, ...]) -> str:
    shown = ", ".join(map(as_code, places[:MOST_NAMESPACES]))
    left_out = len(places) - MOST_NAMESPACES
    more = f" (of {left_out} more namespaces nothing is drawn)" if left_out > 0 else ""
    return f"namespace{'' if len(places) == 1 else 's'} {shown}{more}"


def _figure(figure: Figure) -> str:
    lines = _one_series(figure) if len(figure.series) == 1 else _several_series(figure)
    return "\n".join([f"**{figure.title}**", *lines])


def _one_series(figure: Figure) -> Iterator[str]:
    for label, value in figure.series[0][1]:
        yield f"- {as_code(label)}: {value}"


def _several_series(figure: Figure) -> Iterator[str]:
    """Steps in which there was nothing are not said one by one."""
    rows = list(zip(*(data for _, data in figure.series), strict=True))
    names = [name for name, _ in figure.series]
    for row in rows:
        told = [f"{n} {name}" for name, (_, n) in zip(names, row, strict=True) if n]
        if told:
            yield f"- {row[0][0]}: {', '.join(told)}"
    if any(not any(n for _, n in row) for row in rows):
        yield f"- no {figure.unit} at the other times"


def _gap(gap: Unreadable) -> str:
    what = f"{gap.plural} in {as_code(gap.namespace)}"
    if gap.is_forbidden:
        return (
            f"I may not list {what}, so they are missing here. Who runs the cluster can allow it:"
            f" the verb `list` on `{gap.plural}`."
        )
    return f"I could not read {what}, so they are missing here. Ask again in a moment."
