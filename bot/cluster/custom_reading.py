"""Reads the custom resources that are unwell, of every kind there is; it judges none."""

from collections.abc import Sequence

from bot.cluster.api import ClusterApi, NotReadable
from bot.cluster.bounds import Bounds, check_listed
from bot.cluster.checks.customs.conditions import is_unwell
from bot.cluster.customs import Custom, customs_in, read_discovery
from bot.cluster.gathering import gathered
from bot.cluster.objects import Object
from bot.cluster.rows import slim
from bot.cluster.rules import closed_customs, forbidden_customs
from bot.cluster.scene import NotRead, Scene

_MOST_CUSTOM = 60


async def read_customs(api: ClusterApi, scene: Scene, places: Sequence[str]) -> None:
    """Into the scene, what could not be read too. `places` holds an empty name for all at once."""
    try:
        served = customs_in(await read_discovery(api))[:_MOST_CUSTOM]
    except NotReadable:
        scene.not_read.append(NotRead("which custom resources there are", "failed"))
        return
    wanted = [
        (custom, place)
        for custom in served
        for place in (places if custom.is_namespaced else ("",))
    ]
    found = await gathered(*(_unwell(api, scene.bounds, *each) for each in wanted))
    scene.lists["custom"] = tuple(item for items in found if items for item in items)
    _note_closed(scene, [each for each, items in zip(wanted, found, strict=True) if items is None])


def _note_closed(scene: Scene, forbidden: Sequence[tuple[Custom, str]]) -> None:
    if forbidden and scene.bounds is not None:
        scene.not_read.append(closed_customs(custom.group for custom, _ in forbidden))
        return
    closed: dict[tuple[str, str], list[str]] = {}
    for custom, place in forbidden:
        closed.setdefault((custom.group, place), []).append(custom.plural)
    for (group, place), plurals in closed.items():
        scene.not_read.append(forbidden_customs(group, plurals, place))


async def _unwell(
    api: ClusterApi, bounds: Bounds | None, custom: Custom, namespace: str
) -> list[Object] | None:
    """None where they may not be read."""
    unwell: list[Object] = []
    try:
        check_listed(bounds, custom.plural, namespace, custom.group)
        async for page in api.pages(custom.path(namespace)):
            listed = (custom.kept(slim(item)) for item in page.get("items") or [])
            unwell += (item for item in listed if is_unwell(item))
    except NotReadable as error:
        return None if error.why == "forbidden" else unwell
    return unwell
