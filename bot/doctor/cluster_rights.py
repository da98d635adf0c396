"""Asks the cluster whether it answers and what Kaia may do there; it reads no object."""

import json
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from bot.cluster.access import ClusterAccess, find_access
from bot.cluster.frame import find_program
from bot.doctor.approved_rights import check_approved
from bot.doctor.checks import Check, failed
from bot.doctor.rights import EVERYWHERE, Kubectl, May, Right
from bot.errors import ClusterError
from bot.settings import Writes

_RBAC = "Give Kaia's ServiceAccount that right with a ClusterRole that names it."
_ROLE = (
    "Give Kaia's ServiceAccount that right with a Role there, or leave the namespace out of"
    " KAIA_NAMESPACES."
)

_NEEDED = (Right("list", "pods"), Right("get", "pods", "log"), Right("list", "events"))
_DEPLOYMENTS = Right("list", "deployments.apps")
_WANTED = (Right("list", "nodes"), _DEPLOYMENTS)
_FORBIDDEN = (Right("get", "secrets"), Right("list", "secrets"))
_MUTATING = (Right("delete", "pods"), Right("create", "pods", "exec"))


async def check_cluster(
    environ: Mapping[str, str],
    context: str | None,
    writes: Writes | None = None,
    namespaces: tuple[str, ...] = (),
) -> list[Check]:
    """`writes` where changes are switched on; `namespaces` where Kaia is kept to some."""
    access = await find_access(environ, context=context, namespaces=namespaces)
    if access.kind == "none":
        return [failed("cluster", access.reason)]
    try:
        program = find_program(environ)
    except ClusterError as error:
        return [failed("kubectl", str(error))]
    with tempfile.TemporaryDirectory(prefix="kaia-doctor-") as root:
        kubectl = Kubectl(access, environ, program, Path(root))
        return [
            _reachable(access),
            await _versions(kubectl),
            *await _rights(kubectl, access),
            *(await check_approved(kubectl, writes) if writes else []),
        ]


def _reachable(access: ClusterAccess) -> Check:
    where = f'context "{access.context}"' if access.context else "the ServiceAccount of this pod"
    return Check("cluster", "ok", f"{access.server} answers, by {where}.")


async def _versions(kubectl: Kubectl) -> Check:
    finished = await kubectl.run("version", "--output=json")
    try:
        said = json.loads(finished.stdout)
        client, server = (said[side] for side in ("clientVersion", "serverVersion"))
        apart = abs(_minor(client) - _minor(server))
        sentence = f"kubectl is {client['gitVersion']}, the cluster {server['gitVersion']}."
    except (ValueError, KeyError, TypeError):
        return Check("kubectl", "warning", "kubectl did not say its version and the cluster's.")
    if apart > 1:
        advice = "Kubernetes supports one minor version of difference: take a nearer kubectl."
        return Check("kubectl", "warning", sentence, advice)
    return Check("kubectl", "ok", sentence)


def _minor(side: Mapping[str, str]) -> int:
    return int("".join(sign for sign in side["minor"] if sign.isdecimal()))


async def _rights(kubectl: Kubectl, access: ClusterAccess) -> list[Check]:
    kept_to = access.namespaces
    places = kept_to or (access.namespace,)
    wanted = (*_NEEDED, _DEPLOYMENTS) if kept_to else (*_NEEDED, *_WANTED)
    asked = [(right, EVERYWHERE) for right in (*_FORBIDDEN, *_MUTATING)]
    asked += [(right, place) for right in (*_NEEDED, *_FORBIDDEN, *_MUTATING) for place in places]
    asked += [(right, place) for right in wanted for place in kept_to or (EVERYWHERE,)]
    may = await kubectl.may(asked)
    return [
        _reading_in(kept_to, may) if kept_to else _reading(may, access),
        *_also(may, _WANTED[1:] if kept_to else _WANTED),
        _secrets(may),
        *_changing([right for right in _MUTATING if _anywhere(may, right)]),
    ]


def _anywhere(may: May, right: Right) -> bool:
    return any(answer for (each, _), answer in may.items() if each == right)


def _reading_in(namespaces: Sequence[str], may: May) -> Check:
    """Of Kaia kept to these: nothing is missing where it may read in each of them."""
    missing = {
        place: lacking
        for place in namespaces
        if (lacking := [str(right) for right in _NEEDED if not may[right, place]])
    }
    if missing:
        where = "; ".join(f"{', '.join(lacking)} in {place}" for place, lacking in missing.items())
        return Check("reading", "failed", f"Kaia may not {where}.", _ROLE)
    rights = ", ".join(map(str, _NEEDED))
    sentence = f"Kaia may {rights} in {', '.join(namespaces)}, and looks nowhere else."
    return Check("reading", "ok", sentence)


def _reading(may: May, access: ClusterAccess) -> Check:
    name = "reading"
    only_here = [right for right in _NEEDED if not may[right, EVERYWHERE]]
    if nowhere := [str(right) for right in only_here if not may[right, access.namespace]]:
        return Check(name, "failed", f"Kaia may not {', '.join(nowhere)}.", _RBAC)
    if only_here:
        rights = ", ".join(map(str, only_here))
        sentence = f"Only in the namespace {access.namespace} may Kaia {rights}."
        advice = f"{_RBAC} If it is meant so, set KAIA_NAMESPACES={access.namespace}."
        return Check(name, "warning", sentence, advice)
    return Check(name, "ok", f"Kaia may {', '.join(map(str, _NEEDED))} in all namespaces.")


def _also(may: May, wanted: Iterable[Right]) -> Iterator[Check]:
    refused = {right for (right, _), answer in may.items() if answer is False}
    if missing := [str(right) for right in wanted if right in refused]:
        sentence = f"Kaia may not {', '.join(missing)}, so some causes stay unseen."
        yield Check("reading more", "warning", sentence, _RBAC)


def _secrets(may: May) -> Check:
    name = "secrets"
    if granted := [str(right) for right in _FORBIDDEN if _anywhere(may, right)]:
        return Check(
            name,
            "warning",
            f"KAIA CAN READ SECRETS HERE ({', '.join(granted)}): RBAC, the first wall, is open."
            " Kaia's command policy still refuses to.",
            "Give Kaia an account of its own, with a ClusterRole that leaves `secrets` out.",
        )
    if any(answer is None for (right, _), answer in may.items() if right in _FORBIDDEN):
        return Check(name, "warning", "The cluster did not say whether Kaia may read Secrets.")
    return Check(name, "ok", "Kaia cannot read Secrets.")


def _changing(granted: list[Right]) -> list[Check]:
    if not granted:
        return [Check("changing", "ok", "Kaia cannot delete pods nor run anything in them.")]
    return [
        Check(
            "changing",
            "warning",
            f"This account may {', '.join(map(str, granted))}. Kaia's command policy refuses to.",
            "Give Kaia an account of its own that may only get, list and watch.",
        )
    ]
