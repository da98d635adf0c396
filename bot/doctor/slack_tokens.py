"""Asks Slack about both tokens, through its Web API alone; it opens no connection for events."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from bot.doctor.checks import Check
from bot.errors import SettingsError
from bot.plaintext import clean
from bot.settings import Settings, require_slack

_DEADLINE_SECONDS = 15
_LONGEST_ANSWER = 80
_APP_PAGE = "https://api.slack.com/apps, your app"
_NOT_NEEDED = "`kaia chat` and `kaia playground` work without Slack."
_INSTALL = f"Put Kaia's manifest.yml into {_APP_PAGE}, App Manifest, and install it again."
_BOT_ADVICE = f"Copy the token anew from {_APP_PAGE}, OAuth & Permissions, into SLACK_BOT_TOKEN."
_APP_ADVICE = (
    f"Make a token with the scope connections:write at {_APP_PAGE}, Basic Information,"
    " App-Level Tokens, and set SLACK_APP_TOKEN."
)
_GROUPS_SCOPE = "usergroups:read"
_SOCKETS_ARE_OFF = ("socket_mode_not_enabled", "not_allowed", "forbidden_team")


@dataclass(frozen=True, slots=True)
class _Answer:
    error: str = ""
    """Slack's own word, or empty where the call went well."""
    unreachable: str = ""
    body: Mapping[str, Any] = field(default_factory=dict)
    scopes: str | None = None


async def check_slack(settings: Settings, needed_scopes: Collection[str]) -> list[Check]:
    try:
        tokens = require_slack(settings)
    except SettingsError as error:
        return [Check("Slack", "failed", line, _NOT_NEEDED) for line in str(error).splitlines()]
    # trust_env: HTTPS_PROXY and NO_PROXY hold here as they do for Kaia herself.
    timeout = aiohttp.ClientTimeout(total=_DEADLINE_SECONDS)
    async with aiohttp.ClientSession(trust_env=True, timeout=timeout) as session:
        async with asyncio.TaskGroup() as tasks:
            bot, opened = (
                tasks.create_task(
                    _call(session, settings.slack_api_url, method, token), name=f"doctor.{method}"
                )
                for method, token in (
                    ("auth.test", tokens.bot),
                    ("apps.connections.open", tokens.app),
                )
            )
        found = bot.result()
    return [
        _bot_check(found),
        *_scope_checks(found, needed_scopes),
        *_group_checks(found, _groups(settings)),
        _app_check(opened.result()),
    ]


async def _call(session: aiohttp.ClientSession, base: str, method: str, token: str) -> _Answer:
    headers = {"Authorization": f"Bearer {token}"}
    try:
        async with session.post(base + method, headers=headers) as response:
            body = await response.json(content_type=None)
            scopes = response.headers.get("x-oauth-scopes")
    except (aiohttp.ClientError, TimeoutError, ValueError) as error:
        return _Answer(unreachable=type(error).__name__)
    if not isinstance(body, dict):
        return _Answer(unreachable="an answer that is not Slack's")
    if body.get("ok") is True:
        return _Answer(body=body, scopes=scopes)
    return _Answer(error=clean(str(body.get("error") or ""))[:_LONGEST_ANSWER] or "no reason given")


def _unreachable(name: str, answer: _Answer) -> Check:
    return Check(
        name,
        "failed",
        f"Slack's Web API did not answer ({answer.unreachable}).",
        "Check the network, HTTPS_PROXY and SSL_CERT_FILE; and SLACK_API_URL where it is set.",
    )


def _bot_check(answer: _Answer) -> Check:
    name = "Slack bot token"
    if answer.unreachable:
        return _unreachable(name, answer)
    if answer.error:
        return Check(
            name, "failed", f"Slack does not accept SLACK_BOT_TOKEN ({answer.error}).", _BOT_ADVICE
        )
    user, team = (clean(str(answer.body.get(key) or "?")) for key in ("user", "team"))
    return Check(name, "ok", f"Kaia is @{user} in the workspace {team}.")


def _scope_checks(answer: _Answer, needed: Collection[str]) -> list[Check]:
    name = "Slack scopes"
    if answer.unreachable or answer.error:
        return []
    if answer.scopes is None:
        return [Check(name, "warning", "The server does not say which scopes the bot has.")]
    granted = {scope.strip() for scope in answer.scopes.split(",")}
    if missing := sorted(set(needed) - granted):
        return [Check(name, "failed", f"The bot lacks {', '.join(missing)}.", _INSTALL)]
    return [Check(name, "ok", f"The bot has all {len(set(needed))} scopes it needs.")]


def _groups(settings: Settings) -> list[str]:
    """The user groups that the settings name."""
    approvers = settings.file.writes.all_approvers if settings.writes == "approve" else frozenset()
    return sorted(name for name in settings.allowed_users | approvers if name.startswith("S"))


def _group_checks(answer: _Answer, groups: Sequence[str]) -> list[Check]:
    """Without its scope Kaia does everything but tell who is in a user group."""
    granted = {scope.strip() for scope in (answer.scopes or _GROUPS_SCOPE).split(",")}
    if not groups or answer.unreachable or answer.error or _GROUPS_SCOPE in granted:
        return []
    sentence = (
        f"The bot lacks {_GROUPS_SCOPE}, so nobody counts as a member of {', '.join(groups)}:"
        " whoever only they permit is refused."
    )
    return [Check("Slack user groups", "warning", sentence, _INSTALL)]


def _app_check(answer: _Answer) -> Check:
    name = "Slack app token"
    if answer.unreachable:
        return _unreachable(name, answer)
    if answer.error in _SOCKETS_ARE_OFF:
        return Check(name, "failed", f"Socket Mode is off ({answer.error}).", _INSTALL)
    if answer.error:
        return Check(
            name, "failed", f"Slack does not accept SLACK_APP_TOKEN ({answer.error}).", _APP_ADVICE
        )
    return Check(name, "ok", "Socket Mode can be opened.")
