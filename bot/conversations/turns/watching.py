"""`watch …`, `unwatch`, and the end of a watch, as turns: bounded, and kept with what they say."""

import secrets
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Literal

import structlog

from bot.cluster.watches.states import State, baseline_of
from bot.cluster.watches.targets import Goal, Target
from bot.cluster.watches.watcher import Watcher
from bot.conversations.records import Conversation, Learnt, Turn, Watch
from bot.conversations.storage.store import Store
from bot.conversations.watches import notices
from bot.conversations.watches.asking import Asked, read
from bot.conversations.watches.wishes import Wish
from bot.dialogue import Audience, Entry, Notice
from bot.errors import ClusterError
from bot.tools.looking import Focus

_log = structlog.get_logger()


class Watching:
    """The keeper is woken by whoever concludes the turn: before that there is no row."""

    def __init__(
        self,
        store: Store,
        watcher: Watcher,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._store = store
        self._watcher = watcher
        self._clock = clock

    async def asked(
        self, turn: Turn, conversation: Conversation, rest_of_text: str, namespace: str | None
    ) -> Learnt | Notice:
        """`rest_of_text` stands behind `watch`; `namespace` is the channel's. A Notice leaves
        nothing behind.
        """
        here = self._unexpired(await self._store.watches.open_in(turn.said.thread.id))
        if not rest_of_text.strip(" .!?"):
            return Notice(notices.listed(here))
        asked = read(rest_of_text)
        if isinstance(asked, str):
            return Notice(asked)
        if len(here) >= notices.PER_THREAD:
            return Notice(notices.TOO_MANY_HERE)
        if len(self._unexpired(await self._store.watches.open())) >= notices.IN_ALL:
            return Notice(notices.TOO_MANY)
        target = self._target(asked, conversation, namespace)
        try:
            state = await self._watcher.look(target)
            if state.own is None:
                return Notice(notices.not_there(target, await self._watcher.likely(target)))
        except ClusterError as error:
            return Notice(f"I watch nothing: {error}")
        return self._begun(turn, asked, state, len(here) + 1)

    def _begun(self, turn: Turn, asked: Asked, state: State, number: int) -> Learnt | Notice:
        now = self._clock()
        before = baseline_of(state, datetime.fromtimestamp(now, UTC))
        wish = Wish(state.target, _goal(asked, state), before)
        if so_already := wish.ending(state, 0.0):
            return Notice(notices.is_so_already(state.target, so_already))
        watch = Watch(
            secrets.token_urlsafe(16),
            turn.said,
            wish.to_json(),
            wish.sentence,
            now,
            now + asked.seconds,
        )
        markdown = notices.begun(wish, state, watch.expires, number)
        return Learnt(Notice(markdown), "open", entries=_said(turn, markdown), watches=(watch,))

    async def unwatch(
        self, turn: Turn, conversation: Conversation, rest_of_text: str
    ) -> Learnt | Notice:
        """`rest_of_text` stands behind `unwatch`: a number, or nothing for all."""
        here = await self._store.watches.open_in(turn.said.thread.id)
        number = rest_of_text.strip(" .!?`#")
        meant = here if number in {"", "all"} else _numbered(self._unexpired(here), number)
        if not here:
            return Notice(notices.NONE_HERE)
        if not meant:
            return Notice(notices.no_such_number(number[:20], self._unexpired(here)))
        markdown = notices.ended(meant)
        return Learnt(
            Notice(markdown),
            "open" if conversation.is_open else "closed",
            entries=_said(turn, markdown),
            ended_watches=tuple(each.id for each in meant),
        )

    def _unexpired(self, watches: tuple[Watch, ...]) -> tuple[Watch, ...]:
        now = self._clock()
        return tuple(each for each in watches if each.expires > now)

    def _target(self, asked: Asked, conversation: Conversation, channels: str | None) -> Target:
        if not asked.kind.resource.is_namespaced:
            return Target(asked.kind.word, "", asked.name)
        focus = Focus.from_json(conversation.notes.get("focus"))
        kind = asked.kind.resource.kind
        same = [r.namespace for r in focus.objects if (r.kind, r.name) == (kind, asked.name)]
        of_talk = focus.namespaces[0] if len(focus.namespaces) == 1 else ""
        spoken_of = (same[0] if same else "") or of_talk or channels
        place = asked.namespace or spoken_of or self._watcher.default_namespace
        return Target(asked.kind.word, place, asked.name)


async def ended(
    turn: Turn, conversation: Conversation, store: Store, audience: Audience
) -> Learnt | None:
    """Of an input with `watch`: what it says is shown, and the conversation stays as it was. None
    where the watch was ended or forgotten meanwhile: then nothing is said and nothing kept. Raises
    StoreError, and DeliveryError where it is not known yet who would read it.
    """
    said = turn.said
    if said.watch not in {each.id for each in await store.watches.open_in(said.thread.id)}:
        _log.info("watch.no_longer_open", watch=said.watch[:8])
        return None
    becomes: Literal["open", "closed"] = "open" if conversation.is_open else "closed"
    over = (said.watch,)
    if not await audience.may_be_told():
        return Learnt(None, becomes, ended_watches=over)
    return Learnt(
        Notice(said.text), becomes, entries=(Entry("kaia", said.text),), ended_watches=over
    )


def _goal(asked: Asked, state: State) -> Goal:
    """Where none was said: a job is waited for, and what is not ready, until it is; else trouble is
    all there is to wait for.
    """
    if asked.goal is not None:
        return asked.goal
    if asked.kind.word == "job":
        return "complete"
    return "worse" if state.is_ready or asked.kind.word == "namespace" else "ready"


def _numbered(here: tuple[Watch, ...], number: str) -> tuple[Watch, ...]:
    index = int(number) if number.isascii() and number.isdigit() and len(number) < 4 else 0
    return here[index - 1 : index] if index else ()


def _said(turn: Turn, markdown: str) -> tuple[Entry, ...]:
    return (Entry(turn.said.speaker, turn.said.text), Entry("kaia", markdown))
