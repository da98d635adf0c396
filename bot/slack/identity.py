"""Who Kaia is in this workspace, asked once at start; says in plain words what is wrong.

Later events need no auth.test: Bolt drops the event during which one fails.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

import structlog
from slack_bolt.authorization import AuthorizeResult

from bot.errors import DeliveryError, SettingsError
from bot.slack.hearing.groups import SCOPE as GROUPS_SCOPE
from bot.slack.house import House, Identity
from bot.slack.sending.outbound import CallLimited, CallRefused, CallUnclear, Method, Outbound

log = structlog.get_logger()

_WHERE_BOT = (
    "Copy the Bot User OAuth Token (it begins with xoxb-) from your app's page at "
    "https://api.slack.com/apps, under OAuth & Permissions, into SLACK_BOT_TOKEN."
)
_WHERE_APP = (
    "Make an app-level token (it begins with xapp-) with the scope connections:write on your "
    "app's page at https://api.slack.com/apps, under Basic Information, and set SLACK_APP_TOKEN."
)
_SLOWEST_RETRY_SECONDS = 30.0

REQUIRED_SCOPES = frozenset(
    {
        "app_mentions:read",
        "channels:history",
        "channels:read",
        "chat:write",
        "groups:history",
        "groups:read",
        "im:history",
        "im:read",
        "mpim:history",
        "mpim:read",
        "users:read",
    }
)
"""Without one of these Kaia is deaf, dumb or blind somewhere; the rest is decoration."""


@dataclass(frozen=True, slots=True)
class Start:
    identity: Identity
    socket_url: str
    """A Socket Mode address that works once."""


def check_tokens(bot_token: str, app_token: str) -> None:
    """Raises SettingsError for tokens that cannot be right, before anybody is asked."""
    if bot_token.startswith("xapp-") and app_token.startswith("xoxb-"):
        raise SettingsError(
            "SLACK_BOT_TOKEN and SLACK_APP_TOKEN are swapped: the bot token begins with xoxb-, "
            "the app token with xapp-. Exchange their values."
        )
    if not bot_token or bot_token.startswith(("xapp-", "xoxp-", "xoxe-")):
        raise SettingsError(f"SLACK_BOT_TOKEN is {_not_what(bot_token, 'a bot')}. {_WHERE_BOT}")
    if not app_token or app_token.startswith(("xoxb-", "xoxp-", "xoxe-")):
        raise SettingsError(
            f"SLACK_APP_TOKEN is {_not_what(app_token, 'an app-level')}. {_WHERE_APP}"
        )


def _not_what(token: str, wanted: str) -> str:
    return f"not {wanted} token" if token else "empty"


async def probe(bot: Outbound, app: Outbound) -> Start:
    """Asks Slack once with each token.

    Raises SettingsError in plain words; CallLimited or CallUnclear where Slack did not answer.
    """
    try:
        said = await bot.call(Method.AUTH_TEST)
    except CallRefused as refused:
        raise SettingsError(_bot_problem(refused)) from refused
    if not said.get("user_id"):
        raise SettingsError(f"SLACK_BOT_TOKEN is not a bot token. {_WHERE_BOT}")
    try:
        opened = await app.call(Method.CONNECTIONS_OPEN)
    except CallRefused as refused:
        raise SettingsError(_app_problem(refused)) from refused
    return Start(_identity(said), str(opened.get("url") or ""))


async def probe_until_answered(bot: Outbound, app: Outbound, *, first_pause: float = 1) -> Start:
    """The same, again and again while Slack cannot be reached."""
    pause = first_pause
    while True:
        try:
            return await probe(bot, app)
        except (CallLimited, CallUnclear) as problem:
            log.warning("slack.unreachable", problem=str(problem), retry_seconds=round(pause, 1))
            await asyncio.sleep(_pause_after(problem, pause))
            pause = min(pause * 2, _SLOWEST_RETRY_SECONDS)


def _pause_after(problem: DeliveryError, pause: float) -> float:
    if isinstance(problem, CallLimited):
        return max(problem.retry_after_seconds, pause)
    return pause


def missing_scopes(identity: Identity) -> frozenset[str]:
    """Scopes Kaia cannot do without; empty where Slack did not say which there are."""
    return REQUIRED_SCOPES - identity.scopes if identity.scopes else frozenset()


def unreadable_groups(identity: Identity, house: House) -> frozenset[str]:
    """User groups that permit nobody, because Kaia may not see who is in them."""
    may_not_read = identity.scopes and GROUPS_SCOPE not in identity.scopes
    return house.asking_groups | house.approver_groups if may_not_read else frozenset()


def authorized(identity: Identity, bot_token: str) -> AuthorizeResult:
    return AuthorizeResult(
        enterprise_id=identity.enterprise or None,
        team_id=identity.team,
        team=identity.team_name,
        url=identity.url,
        bot_user_id=identity.user,
        bot_id=identity.bot,
        bot_token=bot_token,
        bot_scopes=sorted(identity.scopes),
    )


def _identity(said: Mapping[str, object]) -> Identity:
    def word(name: str) -> str:
        return str(said.get(name) or "")

    scopes = (scope.strip() for scope in word("scopes").split(","))
    return Identity(
        team=word("team_id"),
        enterprise=word("enterprise_id"),
        user=word("user_id"),
        bot=word("bot_id"),
        name=word("user") or "kaia",
        team_name=word("team"),
        url=word("url"),
        scopes=frozenset(scope for scope in scopes if scope),
    )


def _bot_problem(refused: CallRefused) -> str:
    match refused.code:
        case "invalid_auth" | "not_authed" | "token_revoked" | "token_expired":
            return f"Slack does not accept SLACK_BOT_TOKEN ({refused.code}). {_WHERE_BOT}"
        case "account_inactive":
            return (
                "Slack says that the bot of SLACK_BOT_TOKEN is no longer active (account_inactive):"
                f" the app was removed from its workspace. Install it again. {_WHERE_BOT}"
            )
        case "not_allowed_token_type":
            return f"SLACK_BOT_TOKEN is not a bot token (not_allowed_token_type). {_WHERE_BOT}"
        case "missing_scope":
            return f"The app lacks the scope {refused.needed}. {_REINSTALL}"
        case "unknown_method":
            return (
                "The server at SLACK_API_URL does not know Slack's methods. "
                "Slack's own address is https://slack.com/api/."
            )
        case _:
            return f"Slack refuses SLACK_BOT_TOKEN ({refused.code}). {_WHERE_BOT}"


_REINSTALL = "Put Kaia's manifest.yml into the app's page (App Manifest) and install it again."


def _app_problem(refused: CallRefused) -> str:
    match refused.code:
        case "missing_scope":
            return f"SLACK_APP_TOKEN lacks the scope connections:write. {_WHERE_APP}"
        case "not_allowed_token_type":
            return f"SLACK_APP_TOKEN is not an app-level token. {_WHERE_APP}"
        case "socket_mode_not_enabled" | "not_allowed" | "forbidden_team":
            return f"Socket Mode is off for this app ({refused.code}). {_REINSTALL}"
        case _:
            return f"Slack does not accept SLACK_APP_TOKEN ({refused.code}). {_WHERE_APP}"
