"""Asks the cluster whether it answers and what Kaia may do there; it reads no object."""

import asyncio
import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.cluster import processes
from bot.cluster.access import ClusterAccess, environ_for, find_access, with_context
from bot.cluster.frame import Folders, find_program
from bot.doctor.checks import Check, failed
from bot.errors import ClusterError
from bot.settings import Writes

_BOUNDS = processes.Bounds(deadline_seconds=15, stdout_bytes=65_536)
_AT_ONCE = 4
_RBAC = "Give Kaia's ServiceAccount that right with a ClusterRole that names it."


@dataclass(frozen=True, slots=True)
class _Right:
    """One question to the authorizer."""

    verb: str
    resource: str
    subresource: str = ""

    @property
    def words(self) -> tuple[str, ...]:
        more = (f"--subresource={self.subresource}",) if self.subresource else ()
        return ("auth", "can-i", self.verb, self.resource, *more)

    def __str__(self) -> str:
        resource = f"{self.resource}/{self.subresource}" if self.subresource else self.resource
        return f"{self.verb} {resource}"


_NEEDED = (_Right("list", "pods"), _Right("get", "pods", "log"), _Right("list", "events"))
_WANTED = (_Right("list", "nodes"), _Right("list", "deployments.apps"))
_FORBIDDEN = (_Right("get", "secrets"), _Right("list", "secrets"))
_MUTATING = (_Right("delete", "pods"), _Right("create", "pods", "exec"))


class _Kubectl:
    """Runs kubectl as Kaia's tool does: no shell, an environment of its own, a deadline."""

    def __init__(
        self, access: ClusterAccess, environ: Mapping[str, str], program: Path, root: Path
    ) -> None:
        self._access = access
        self._folders = Folders(root)
        self._folders.make()
        self._environ = environ_for(access, environ, self._folders)
        self._program = program
        self._slots = asyncio.Semaphore(_AT_ONCE)

    async def run(self, *words: str) -> processes.Finished:
        argv = with_context(self._access, (str(self._program), *words))
        async with self._slots:
            return await processes.run(
                argv, environ=self._environ, cwd=self._folders.work, bounds=_BOUNDS
            )

    async def may(self, right: _Right, *where: str) -> bool | None:
        """None where the cluster did not say."""
        finished = await self.run(*right.words, *where)
        said = finished.stdout.decode(errors="replace").split()
        return {"yes": True, "no": False}.get(said[0]) if said else None


async def check_cluster(
    environ: Mapping[str, str], context: str | None, writes: Writes | None = None
) -> list[Check]:
    """`writes` where changes are switched on."""
    access = await find_access(environ, context=context)
    if access.kind == "none":
        return [failed("cluster", access.reason)]
    try:
        program = find_program(environ)
    except ClusterError as error:
        return [failed("kubectl", str(error))]
    with tempfile.TemporaryDirectory(prefix="kaia-doctor-") as root:
        kubectl = _Kubectl(access, environ, program, Path(root))
        return [
            _reachable(access),
            await _versions(kubectl),
            *await _rights(kubectl, access),
            *([await _approved(kubectl, writes)] if writes else []),
        ]


def _reachable(access: ClusterAccess) -> Check:
    where = f'context "{access.context}"' if access.context else "the ServiceAccount of this pod"
    return Check("cluster", "ok", f"{access.server} answers, by {where}.")


async def _versions(kubectl: _Kubectl) -> Check:
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


async def _rights(kubectl: _Kubectl, access: ClusterAccess) -> list[Check]:
    everywhere = ("--all-namespaces",)
    here = (f"--namespace={access.namespace}",)
    asked = [(right, everywhere) for right in (*_NEEDED, *_WANTED, *_FORBIDDEN, *_MUTATING)]
    asked += [(right, here) for right in (*_NEEDED, *_FORBIDDEN, *_MUTATING)]
    async with asyncio.TaskGroup() as tasks:
        answers = [
            tasks.create_task(kubectl.may(right, *where), name=f"doctor.can-i {right}")
            for right, where in asked
        ]
    may = {key: answer.result() for key, answer in zip(asked, answers, strict=True)}
    return [
        _reading({right: (may[right, everywhere], may[right, here]) for right in _NEEDED}, access),
        *_also([right for right in _WANTED if may[right, everywhere] is False]),
        _secrets({right: may[right, everywhere] or may[right, here] for right in _FORBIDDEN}),
        *_changing([r for r in _MUTATING if may[r, everywhere] or may[r, here]]),
    ]


def _reading(may: Mapping[_Right, tuple[bool | None, bool | None]], access: ClusterAccess) -> Check:
    name = "reading"
    nowhere = [
        str(right) for right, (everywhere, here) in may.items() if not everywhere and not here
    ]
    only_here = [str(right) for right, (everywhere, _) in may.items() if not everywhere]
    if nowhere:
        return Check(name, "failed", f"Kaia may not {', '.join(nowhere)}.", _RBAC)
    if only_here:
        sentence = f"Only in the namespace {access.namespace} may Kaia {', '.join(only_here)}."
        return Check(name, "warning", sentence, _RBAC)
    return Check(name, "ok", f"Kaia may {', '.join(map(str, may))} in all namespaces.")


def _also(missing: list[_Right]) -> list[Check]:
    if not missing:
        return []
    sentence = f"Kaia may not {', '.join(map(str, missing))}, so some causes stay unseen."
    return [Check("reading more", "warning", sentence, _RBAC)]


def _secrets(may: Mapping[_Right, bool | None]) -> Check:
    name = "secrets"
    if granted := [str(right) for right, answer in may.items() if answer]:
        return Check(
            name,
            "warning",
            f"KAIA CAN READ SECRETS HERE ({', '.join(granted)}): RBAC, the first wall, is open."
            " Kaia's command policy still refuses to.",
            "Give Kaia an account of its own, with a ClusterRole that leaves `secrets` out.",
        )
    if None in may.values():
        return Check(name, "warning", "The cluster did not say whether Kaia may read Secrets.")
    return Check(name, "ok", "Kaia cannot read Secrets.")


def _changing(granted: list[_Right]) -> list[Check]:
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


async def _approved(kubectl: _Kubectl, writes: Writes) -> Check:
    """Whether an approved change could run: as somebody else, who alone holds the rights."""
    asked = (
        _Right("impersonate", f"users/{writes.as_user}"),
        _Right("impersonate", f"groups/{writes.as_group}"),
    )
    may = {right: await kubectl.may(right) for right in asked}
    if missing := [str(right) for right, answer in may.items() if answer is not True]:
        return Check(
            "approved changes",
            "failed",
            f"Changes are switched on, and Kaia may not {', '.join(missing)}: none would run.",
            "Apply the roles of docs/approvals.md.",
        )
    sentence = f"Approved changes run as {writes.as_user} in the group {writes.as_group}."
    return Check("approved changes", "ok", sentence)
