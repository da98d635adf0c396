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
from bot.tools.restarting import BackOff, Restart, samples_in

_TOLD = 6
"""Restarts and waits of the kubelet that are told one by one."""
_ONLY_TOTALS = (
    "How they grew can be drawn once a question has looked here: Kubernetes keeps a number and the"
    " last time, no history."
)
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
            samples = samples_in(conversation.notes)
            drawn = await Draughtsman(self._api, places, now, samples).draw(which)
        except ClusterError as error:
            return Notice(f"I can draw nothing: {error}")
        return Notice("\n\n".join(_worded(drawn, places, now)), figures=tuple(drawn.figures))

    def _namespaces(self, turn: Turn, conversation: Conversation) -> tuple[str, ...]:
        focus = Focus.from_json(conversation.notes.get("focus"))
        focus = focus.kept_to(self._api.access.namespaces)
        of_objects = dict.fromkeys(ref.namespace for ref in focus.objects if ref.namespace)
        spoken_of = focus.namespaces or tuple(of_objects)
        if spoken_of:
            return spoken_of
        return (self._namespace_for(turn.said.thread.channel) or self._api.access.namespace,)


def _worded(drawn: Drawn, places: tuple[str, ...], now: datetime) -> Iterator[str]:
    yield f"In {_spoken(places)}, {now:%Y-%m-%d %H:%M} UTC."
    yield from map(_figure, drawn.figures)
    yield from _told_of_restarts(drawn, now, is_one=len(places) == 1)
    if drawn.nothing_of:
        yield " ".join(_NOTHING[each] for each in drawn.nothing_of)
    yield from map(_gap, drawn.unreadable)


def _spoken(places: tuple[str, ...]) -> str:
    shown = ", ".join(map(as_code, places[:MOST_NAMESPACES]))
    left_out = len(places) - MOST_NAMESPACES
    more = f" (of {left_out} more namespaces nothing is drawn)" if left_out > 0 else ""
    return f"namespace{'' if len(places) == 1 else 's'} {shown}{more}"


def _told_of_restarts(drawn: Drawn, now: datetime, *, is_one: bool) -> Iterator[str]:
    """What Kubernetes itself says of when."""
    places = 1 if is_one else 0

    def named(what: str) -> str:
        return as_code(what.split("/", places)[-1])

    ends = [f"- {named(each.container)}: {_end(each, now)}" for each in drawn.restarts[:_TOLD]]
    if ends:
        yield "\n".join(["**Last restarts**", *ends])
    waits = [f"- {named(each.pod)}: {_wait(each, now)}" for each in drawn.back_offs[:_TOLD]]
    if waits:
        yield "\n".join(["**Waits before a restart (BackOff)**", *waits])
    if drawn.restarts and not any(figure.is_over_time for figure in drawn.figures):
        yield _ONLY_TOTALS


def _end(restart: Restart, now: datetime) -> str:
    why = f"{as_code(restart.reason)}, " if restart.reason else ""
    return f"at {_at(restart.at, now)}, {why}exit code {restart.exit_code}"


def _wait(waited: BackOff, now: datetime) -> str:
    if waited.count == 1:
        return f"once, at {_at(waited.last, now)}"
    return f"{waited.count} times, from {_at(waited.first, now)} to {_at(waited.last, now)}"


def _at(when: datetime, now: datetime) -> str:
    """In UTC; with its day where that is not today."""
    when = when.astimezone(UTC)
    return f"{when:%H:%M}" if when.date() == now.date() else f"{when:%Y-%m-%d %H:%M}"


def _figure(figure: Figure) -> str:
    if figure.is_over_time:
        lines = _over_time(figure)
    else:
        lines = _one_series(figure) if len(figure.series) == 1 else _several_series(figure)
    return "\n".join([f"**{figure.title}**", *lines])


def _one_series(figure: Figure) -> Iterator[str]:
    for label, value in figure.series[0][1]:
        yield f"- {as_code(label)}: {value}"


def _over_time(figure: Figure) -> Iterator[str]:
    """How many there had been by then."""
    for row in zip(*(data for _, data in figure.series), strict=True):
        named = zip(figure.series, row, strict=True)
        told = ", ".join(f"{as_code(name)} {value}" for (name, _), (_, value) in named)
        yield f"- {row[0][0]}: {told}"


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
