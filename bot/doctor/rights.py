"""Asks the cluster, by kubectl, what Kaia or who it acts as may do; it reads no object."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.cluster import processes
from bot.cluster.access import ClusterAccess, environ_for, with_context
from bot.cluster.frame import Folders
from bot.cluster.impersonation import Impersonation, impersonated

_BOUNDS = processes.Bounds(deadline_seconds=15, stdout_bytes=65_536)
_AT_ONCE = 4

EVERYWHERE = ""
"""The place of a right that holds in all namespaces, or of what belongs to none."""


@dataclass(frozen=True, slots=True)
class Right:
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


Asked = tuple[Right, str]
"""A right and the namespace it is asked about, or `EVERYWHERE`."""
May = Mapping[Asked, bool | None]
"""None where the cluster did not say."""


class Kubectl:
    """Runs kubectl as Kaia's tool does: no shell, an environment of its own, a deadline."""

    def __init__(
        self, access: ClusterAccess, environ: Mapping[str, str], program: Path, root: Path
    ) -> None:
        self.access = access
        self._folders = Folders(root)
        self._folders.make()
        self._environ = environ
        self._program = program
        self._slots = asyncio.Semaphore(_AT_ONCE)

    async def run(self, *words: str, identity: Impersonation | None = None) -> processes.Finished:
        argv, environ = self._prepared((str(self._program), *words), identity)
        async with self._slots:
            return await processes.run(
                argv, environ=environ, cwd=self._folders.work, bounds=_BOUNDS
            )

    async def may(
        self, asked: Iterable[Asked], identity: Impersonation | None = None
    ) -> dict[Asked, bool | None]:
        """All at once."""
        wanted = [*dict.fromkeys(asked)]
        async with asyncio.TaskGroup() as tasks:
            answers = [
                tasks.create_task(self._may(*each, identity), name=f"doctor.can-i {each[0]}")
                for each in wanted
            ]
        return {each: answer.result() for each, answer in zip(wanted, answers, strict=True)}

    async def _may(self, right: Right, place: str, identity: Impersonation | None) -> bool | None:
        where = f"--namespace={place}" if place else "--all-namespaces"
        finished = await self.run(*right.words, where, identity=identity)
        said = finished.stdout.decode(errors="replace").split()
        return {"yes": True, "no": False}.get(said[0]) if said else None

    def _prepared(
        self, argv: tuple[str, ...], identity: Impersonation | None
    ) -> tuple[tuple[str, ...], dict[str, str]]:
        if identity is not None:
            return impersonated(self.access, argv, self._environ, self._folders, identity)
        environ = environ_for(self.access, self._environ, self._folders)
        return with_context(self.access, argv), environ
