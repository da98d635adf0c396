"""The errors of an API server, as Status objects in its words."""

from typing import Any

from aiohttp import web

Json = dict[str, Any]

UNKNOWN_PATH = "404 page not found\n"
_UNKNOWN_RESOURCE = "the server could not find the requested resource"
READ_ONLY = "this is a recording of a cluster, not a cluster: it can be read, and nothing changes"

_NO_OLDER_SCHEMAS = (
    "this recording holds no OpenAPI version 2: leave --output away, and `kubectl explain` reads"
    " version 3; where that is missing too, recording.json says why\n"
)


class Refused(Exception):
    """A request that is not answered with what it asked for."""

    def __init__(self, code: int, reason: str, message: str, details: Json | None = None) -> None:
        super().__init__(message)
        self.code, self.reason, self.details = code, reason, details

    def status(self) -> Json:
        found: Json = {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure"}
        found |= {"message": str(self), "reason": self.reason}
        if self.details is not None:
            found["details"] = self.details
        return {**found, "code": self.code}

    def response(self) -> web.Response:
        return web.json_response(self.status(), status=self.code)


class NoSuchPath(Exception):
    """A path outside of all groups: the server says so in plain text."""

    def response(self) -> web.Response:
        return web.Response(status=404, text=UNKNOWN_PATH)


class NoOlderSchemas(Exception):
    """OpenAPI 2, which of all reads `explain` alone asks for: told to, or where there is no 3.

    As text with this status: of any other answer kubectl shows words of its own.
    """

    def response(self) -> web.Response:
        return web.Response(status=406, text=_NO_OLDER_SCHEMAS)


def bad_request(message: str) -> Refused:
    return Refused(400, "BadRequest", message)


def not_found(plural: str, group: str, name: str) -> Refused:
    details = {"name": name, "kind": plural} | ({"group": group} if group else {})
    return Refused(404, "NotFound", f'{qualified(plural, group)} "{name}" not found', details)


def unknown_resource() -> Refused:
    return Refused(404, "NotFound", _UNKNOWN_RESOURCE, {})


def forbidden(plural: str, group: str, namespace: str, name: str, why: str) -> Refused:
    """What the recording does not hold is as if its reader had no right to it."""
    verb, what = ("get", f' "{name}"') if name else ("list", "")
    where = f'in the namespace "{namespace}"' if namespace else "at the cluster scope"
    details = {"name": name} if name else {}
    details |= {"group": group} if group else {}
    return Refused(
        403,
        "Forbidden",
        f'{qualified(plural, group)}{what} is forbidden: User "recording" cannot {verb} resource'
        f' "{plural}" in API group "{group}" {where}: {why}',
        {**details, "kind": plural},
    )


def not_allowed(why: str = READ_ONLY) -> Refused:
    return Refused(405, "MethodNotAllowed", why, {})


def qualified(plural: str, group: str) -> str:
    return f"{plural}.{group}" if group else plural
