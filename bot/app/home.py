"""What Kaia's home tab says: how she is, what she may do here, what this person asked lately."""

import asyncio

from bot.app import changes
from bot.app.engine import Engine
from bot.app.naming import spoken_model
from bot.cluster.api import NotReadable
from bot.conversations.records import Recent
from bot.dialogue import Home, HomeFor, RecentTalk, Thread
from bot.errors import ClusterError, StoreError
from bot.settings import Settings

_CLUSTER_SECONDS = 3.0
_MOST_RECENT = 10
_DIRECT_MESSAGES = "im"
_BEGIN = (
    "Mention me in a channel that I am in and ask what is wrong, such as"
    " `@kaia why is checkout failing?`, or write to me under Messages. Replies in that thread need"
    " no mention; `help` says what else I understand, and Thanks! ends it."
)


def home_of(settings: Settings, engine: Engine) -> HomeFor:
    async def home(person: str) -> Home:
        cluster, (store, recent) = await asyncio.gather(_cluster(engine), _kept(engine, person))
        # Slack itself has just said that somebody opened the page.
        lines = (
            ("How I am", f"Slack: connected.\nStore: {store}.\nCluster: {cluster}"),
            ("Model", f"My answers are worded by {spoken_model(engine.model_label)}."),
            ("What I may do here", _rights(settings, engine)),
            ("Where I answer", where_it_answers(settings)),
            ("How to begin", _BEGIN),
        )
        return Home(lines, recent)

    return home


def where_it_answers(settings: Settings) -> str:
    channels = settings.allowed_channels
    if not channels:
        return "In every channel that I am invited to, and in direct messages."
    named = [f"`{name}`" for name in sorted(channels - {_DIRECT_MESSAGES})]
    places = [f"in {', '.join(named)}"] if named else []
    places += ["in direct messages"] if _DIRECT_MESSAGES in channels else []
    return f"Only {' and '.join(places)}."


def _rights(settings: Settings, engine: Engine) -> str:
    reads = f"I read the cluster {engine.cluster()} with `kubectl`, and never a Secret."
    return reads + (changes.for_people(settings) or " I change nothing.")


async def _cluster(engine: Engine) -> str:
    """Whether it answers at this moment."""
    if engine.api.access.kind == "none":
        return f"I see none just now. {engine.api.access.reason}"
    try:
        async with asyncio.timeout(_CLUSTER_SECONDS):
            await engine.api.get("/version")
    except NotReadable:
        return f"{engine.cluster()} answers, but not to everything I ask."
    except (ClusterError, TimeoutError):
        return f"{engine.cluster()} does not answer just now."
    return f"{engine.cluster()} answers."


async def _kept(engine: Engine, person: str) -> tuple[str, tuple[RecentTalk, ...]]:
    try:
        await engine.store.ping()
        recent = await engine.store.recent_of(person, most=_MOST_RECENT)
    except StoreError:
        return "does not answer just now, so I can keep no question", ()
    return "answers", tuple(talk for one in recent if (talk := _talk(one)) is not None)


def _talk(recent: Recent) -> RecentTalk | None:
    """None for what no Slack thread has, such as a terminal's."""
    parts = recent.thread.split(":")
    if len(parts) != 3:
        return None
    return RecentTalk(Thread(*parts), recent.question, recent.updated, recent.is_open)
