"""How the cluster was when a conversation began, and how it differs now; it judges nothing."""

import asyncio
import functools
from collections.abc import Mapping
from typing import Any

from bot.cluster.api import ClusterApi
from bot.cluster.asking import Asker
from bot.cluster.changes import compare, uncompared, worded
from bot.cluster.needs import LabelsOf
from bot.cluster.reading import Reader, Scope
from bot.cluster.scene import Scene
from bot.cluster.snapshots import Snapshot, snapshot
from bot.plaintext import clean
from bot.redaction import Redactor

_UNREADABLE = "What I kept of the cluster is of another release, so I cannot compare with it."

_SHORTEST_CHARS = 12
"""Shorter facts are words, numbers and uids."""


async def take(api: ClusterApi, scene: Scene) -> Snapshot:
    """What is kept of a look: no Secret, no env values, no values of ConfigMaps, nothing secret.

    Raises ClusterError.
    """
    places = ("",) if scene.is_whole_cluster else scene.namespaces
    wanted = [LabelsOf("configmaps", place) for place in places]
    await Asker(api, str).answer(scene, wanted)
    answers = [scene.answer(need) for need in wanted]
    lists = {plural: found for plural, found in scene.lists.items() if plural != "pods"}
    if all(answer is not None for answer in answers):
        lists["configmaps"] = tuple(item for answer in answers for item in answer or ())
    lists["pods"] = scene.pods
    taken = await asyncio.to_thread(
        snapshot,
        lists,
        taken=scene.now.timestamp(),
        namespaces=scene.namespaces,
        rows=scene.rows,
        unread=scene.unread_plurals,
    )
    return await asyncio.to_thread(_without_secrets, taken)


def _without_secrets(taken: Snapshot) -> Snapshot:
    """Routes, taints and labels are words of people too. Without tags, so that it is comparable."""
    redact = functools.cache(Redactor().redact)

    def safe(value: Any) -> Any:
        match value:
            case dict():
                return {name: safe(each) for name, each in value.items()}
            case str() if len(value) >= _SHORTEST_CHARS:
                return redact(clean(value))
        return value

    return Snapshot({**taken.kept, "objects": safe(taken.kept["objects"])})


async def compared(api: ClusterApi, kept: Mapping[str, Any], now: float) -> str:
    """Markdown: what changed since. Raises ClusterError."""
    before = Snapshot.of_kept(kept)
    if before is None:
        return _UNREADABLE
    scene = await Reader(api).scene(Scope(tuple(sorted(before.namespaces))))
    after = await take(api, scene)
    changes = await asyncio.to_thread(compare, before, after)
    return worded(changes, before.taken, now, left_out=uncompared(before, after))
