"""What a command cannot do without, and where a person gets it."""

from dataclasses import dataclass

from bot.errors import SettingsError
from bot.settings.fields import SLACK_API_URL, Settings

_APPS = "https://api.slack.com/apps, your app"
_SWAPPED = (
    "SLACK_BOT_TOKEN and SLACK_APP_TOKEN are swapped: the bot token begins with xoxb-,"
    " the app token with xapp-."
)


@dataclass(frozen=True, slots=True)
class SlackTokens:
    """Both are there, and each is of its own kind."""

    bot: str
    app: str


def require_slack(settings: Settings) -> SlackTokens:
    """Raises SettingsError, which says where to get what is missing."""
    bot = settings.slack_bot_token.get_secret_value() if settings.slack_bot_token else ""
    app = settings.slack_app_token.get_secret_value() if settings.slack_app_token else ""
    if problems := _slack_problems(bot, app, is_slack=settings.slack_api_url == SLACK_API_URL):
        raise SettingsError("\n".join(problems))
    return SlackTokens(bot, app)


def _slack_problems(bot: str, app: str, *, is_slack: bool) -> list[str]:
    if bot.startswith("xapp-") and app.startswith("xoxb-"):
        return [_SWAPPED]
    bot_place = f"{_APPS}, OAuth & Permissions, Bot User OAuth Token"
    app_place = f"{_APPS}, Basic Information, App-Level Tokens, with the scope connections:write"
    found = (
        _token_problem("SLACK_BOT_TOKEN", bot, "xoxb-" if is_slack else "", bot_place),
        _token_problem("SLACK_APP_TOKEN", app, "xapp-" if is_slack else "", app_place),
    )
    return [problem for problem in found if problem]


def _token_problem(name: str, token: str, prefix: str, place: str) -> str:
    if not token:
        return f"{name} is missing: get it at {place}."
    if not token.startswith(prefix):
        return f"{name} does not begin with {prefix}: get the right token at {place}."
    return ""


def store_in_state_folder(settings: Settings, name: str) -> str:
    """The URL of an SQLite file in the user's state folder. Raises SettingsError."""
    if settings.state_folder is None:
        raise SettingsError(
            "There is no folder to keep conversations in: set HOME or XDG_STATE_HOME, or"
            " KAIA_STORE=sqlite:////absolute/path."
        )
    return f"sqlite:///{settings.state_folder / name}.db"


def store_of_kaia(settings: Settings) -> str:
    """KAIA_STORE, else `kaia.db` in the user's state folder. Raises SettingsError."""
    return settings.store or store_in_state_folder(settings, "kaia")
