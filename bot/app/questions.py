"""Three questions for somebody who has just opened the page, fit for the cluster that is shown.

Of a recording the checks say what is worth asking. One's own cluster is not looked at before
somebody asks: there they rest on what the kubeconfig and the settings say.
"""

import asyncio
import re
from collections.abc import Collection, Iterable, Iterator, Mapping

from bot.cluster.access import ClusterAccess
from bot.cluster.api import opened_api
from bot.cluster.findings import Ref
from bot.cluster.reading import Scope
from bot.cluster.report import Report
from bot.cluster.triage import look
from bot.errors import ClusterError
from bot.playground.welcome import QUESTIONS

_LOOK_SECONDS = 5.0
_PODS, _SYSTEM, _NODES = QUESTIONS
_RESTARTS = "which pods have been restarted?"
_NAME = re.compile(r"[a-z0-9][a-z0-9.-]{0,80}")
_KIND = re.compile(r"[A-Za-z]{1,40}")


def of_cluster(access: ClusterAccess) -> tuple[str, ...]:
    """Where only some namespaces are looked into, others and nodes are not asked about."""
    if access.namespaces:
        return (_PODS, _what_in(access.namespace), _RESTARTS)
    is_told = access.namespace not in {"", "default"}
    return (_PODS, _what_in(access.namespace) if is_told else _SYSTEM, _NODES)


async def of_recording(access: ClusterAccess, environ: Mapping[str, str]) -> tuple[str, ...]:
    """`access` is to the recording. One that cannot be looked at soon gets those of any cluster."""
    try:
        async with asyncio.timeout(_LOOK_SECONDS), opened_api(access, environ) as api:
            report, scene = await look(api, str, Scope(None))
    except (ClusterError, TimeoutError):
        return QUESTIONS
    homes = dict.fromkeys(row.namespace for row in scene.rows)
    asked = dict.fromkeys((*_about(report, homes), *_rest(report)))
    return tuple(asked)[: len(QUESTIONS)]


def _about(report: Report, homes: Iterable[str]) -> Iterator[str]:
    """What is worst, then a place that is not well, then one that is. `homes` have pods."""
    ill = [each.about for each in report.faults if _is_plain(each.about)]
    places = [each.namespace for each in ill if each.namespace]
    yield from (f"what is wrong with {each.kind.lower()} {each.name}?" for each in ill[:1])
    yield from (_what_in(name) for name in places[:1])
    yield from (_is_well(name) for name in homes if _is_another(name, places))


def _is_another(namespace: str, places: Collection[str]) -> bool:
    is_own = not namespace.startswith("kube-") and namespace != "default"
    return is_own and namespace not in places and bool(_NAME.fullmatch(namespace))


def _rest(report: Report) -> Iterator[str]:
    yield _PODS
    yield _NODES if report.objects.get("nodes") else _RESTARTS
    yield _RESTARTS


def _is_plain(ref: Ref) -> bool:
    """A recording from elsewhere may call something whatever it likes."""
    names = (ref.name, ref.namespace or "none")
    return bool(_KIND.fullmatch(ref.kind)) and all(map(_NAME.fullmatch, names))


def _what_in(namespace: str) -> str:
    return f"what is not well in {namespace}?"


def _is_well(namespace: str) -> str:
    return f"is everything well in {namespace}?"
