"""Arguments and token of a request, in every encoding Slack's clients use."""

from typing import Any

import orjson
from aiohttp import web

from bot.playground.calls import Arguments, Refused

_JSON = "application/json"
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


async def arguments_of(request: web.Request) -> Arguments:
    """Raises Refused for a body that is not what its content type says."""
    values: dict[str, Any] = dict(request.query)
    if request.method == "POST" and request.content_type == _JSON:
        values |= _decoded(await request.read())
    elif request.method == "POST" and request.content_type in _FORMS:
        values |= await _posted(request)
    elif request.method == "POST" and request.can_read_body and await request.read():
        is_said = "Content-Type" in request.headers
        raise Refused("invalid_post_type" if is_said else "missing_post_type")
    return Arguments(values)


async def _posted(request: web.Request) -> dict[str, str]:
    try:
        return {name: _plain(value) for name, value in (await request.post()).items()}
    except ValueError:
        raise Refused("invalid_form_data") from None


def _decoded(body: bytes) -> dict[str, Any]:
    if not body:
        return {}
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise Refused("invalid_json") from None
    if not isinstance(value, dict):
        raise Refused("json_not_object")
    return value


def _plain(value: Any) -> str:
    return value.file.read().decode() if isinstance(value, web.FileField) else str(value)


def token_of(request: web.Request, arguments: Arguments) -> str:
    """From the Authorization header, or else the `token` argument."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return token.strip()
    return str(arguments.values.get("token") or "")
