"""Asks an API server, one right at a time, what somebody may do; it changes nothing."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from bot.cluster.access import find_access
from bot.cluster.api import ClusterApi, opened_api
from tests.rights.rules import VERBS, Right

_AT_ONCE = 32
_REVIEWS = "/apis/authorization.k8s.io/v1"


@asynccontextmanager
async def api_of(environ: Mapping[str, str]) -> AsyncIterator[ClusterApi]:
    access = await find_access(environ, asks=False)
    async with opened_api(access, environ) as api:
        yield api


async def allowed(
    api: ClusterApi, asked: Iterable[Right], place: str, subject: Mapping[str, Any] | None = None
) -> set[Right]:
    """Those that the API server allows, to the account itself or to the subject."""
    sort = "SubjectAccessReview" if subject else "SelfSubjectAccessReview"
    slots = asyncio.Semaphore(_AT_ONCE)

    async def is_allowed(right: Right) -> bool:
        resource, _, subresource = right.resource.partition("/")
        attributes = {
            "verb": right.verb,
            "group": right.group,
            "resource": resource,
            "subresource": subresource,
            "namespace": place,
            "name": right.name,
        }
        body = {
            "apiVersion": "authorization.k8s.io/v1",
            "kind": sort,
            "spec": {"resourceAttributes": attributes, **(subject or {})},
        }
        async with slots:
            answer = await api.review(f"{_REVIEWS}/{sort.lower()}s", body)
        return bool(answer["status"]["allowed"])

    wanted = [*asked]
    answers = await asyncio.gather(*map(is_allowed, wanted))
    return {right for right, answer in zip(wanted, answers, strict=True) if answer}


def every(served: Iterable[tuple[str, str]]) -> Iterator[Right]:
    for name, resource in served:
        yield from (Right(verb, name, resource) for verb in VERBS)


def unnamed(found: Iterable[Right]) -> set[Right]:
    """Rights to one named object are none to all of them."""
    return {right for right in found if not right.name}
