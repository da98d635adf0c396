"""What may have been meant by a name that a command did not find; it runs nothing."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from bot.cluster.api import ClusterApi, NotReadable
from bot.cluster.findings import Ref
from bot.cluster.likeness import did_you_mean, spoken_hint
from bot.cluster.reading import Reader, Scope
from bot.cluster.resources import RESOURCES
from bot.errors import ClusterError
from bot.tools.asked import Named
from bot.tools.grounding import Names, resolve

if TYPE_CHECKING:
    from bot.tools.triage import TriageTool

HintAbout = Callable[[str, str, str], Awaitable[str]]


def hint_about(triage: "TriageTool", api: ClusterApi) -> HintAbout:
    """Asks the cluster once for all names, at the first name that is not found."""
    known: list[Names] = []

    async def hint(kind: str, namespace: str, name: str) -> str:
        try:
            if not known:
                known.append(await _names(triage, api))
        except (ClusterError, NotReadable):
            return ""
        return _hint(known[0], kind, namespace, name)

    return hint


async def _names(triage: "TriageTool", api: ClusterApi) -> Names:
    look = triage.first[1] if triage.first else None
    if look and look.names:
        return look.names
    scene = await Reader(api).scene(Scope(None))
    names = Names.of(scene)
    if not scene.is_whole_cluster:
        # Where they may not be listed, that one is not known does not mean that it is not there.
        names.namespaces = ()
    return names


def _hint(names: Names, kind: str, namespace: str, name: str) -> str:
    if namespace and names.namespaces and namespace not in names.namespaces:
        likely = spoken_hint(did_you_mean(namespace, names.namespaces))
        return f"There is no namespace {namespace}.{likely}"
    if not name:
        return ""
    resource = RESOURCES.get(kind)
    wanted = resource.kind if resource else kind
    elsewhere = [ref for ref in resolve(Named(name, wanted), names) if ref.namespace != namespace]
    if elsewhere:
        return f"It is in another namespace: {_places(elsewhere)}."
    return spoken_hint(names.like(name, wanted, namespace) or names.like(name, wanted)).strip()


def _places(refs: list[Ref]) -> str:
    return ", ".join(f"`{ref.namespace}/{ref.name}`" for ref in refs[:3])
