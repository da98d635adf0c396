"""What an app's manifest grants it: scopes and events; None grants everything."""

from collections.abc import Mapping, Sequence
from typing import Any

EVERY_SCOPE = (
    "app_mentions:read",
    "assistant:write",
    "channels:history",
    "channels:join",
    "channels:read",
    "chat:write",
    "files:read",
    "files:write",
    "groups:history",
    "groups:read",
    "im:history",
    "im:read",
    "im:write",
    "mpim:history",
    "mpim:read",
    "mpim:write",
    "reactions:read",
    "reactions:write",
    "team:read",
    "usergroups:read",
    "users:read",
    "users:read.email",
)


def _at(manifest: Mapping[str, Any], *path: str) -> Any:
    found: Any = manifest
    for name in path:
        found = found.get(name) if isinstance(found, Mapping) else None
    return found


def _names(found: Any) -> tuple[str, ...]:
    return tuple(map(str, found)) if isinstance(found, Sequence) else ()


def _objects(found: Any) -> tuple[Mapping[str, Any], ...]:
    return tuple(one for one in found if isinstance(one, Mapping)) if _is_list(found) else ()


def _is_list(found: Any) -> bool:
    return isinstance(found, Sequence) and not isinstance(found, str)


class Grants:
    """Asked by every API method for a scope, and by every event for its subscription."""

    def __init__(self, manifest: Mapping[str, Any] | None = None) -> None:
        self._everything = manifest is None
        stated = manifest or {}
        asked = _names(_at(stated, "oauth_config", "scopes", "bot"))
        self.scopes = EVERY_SCOPE if manifest is None else asked
        self.events = frozenset(
            _names(_at(stated, "settings", "event_subscriptions", "bot_events"))
        )
        self.is_agent = self._everything or bool(
            _at(stated, "features", "agent_view") or _at(stated, "features", "assistant_view")
        )
        self.is_interactive = self._everything or bool(
            _at(stated, "settings", "interactivity", "is_enabled")
        )
        self.uses_sockets = self._everything or bool(_at(stated, "settings", "socket_mode_enabled"))
        self.has_home = self._everything or bool(
            _at(stated, "features", "app_home", "home_tab_enabled")
        )
        self.shortcuts = _objects(_at(stated, "features", "shortcuts"))
        """Of messages and of the workspace; see their `type`."""
        self.suggested_prompts = _objects(
            _at(stated, "features", "agent_view", "suggested_prompts")
        )
        self.bot_name = str(_at(stated, "features", "bot_user", "display_name") or "")
        """The bot user's name; empty where the manifest gives none."""

    def subscribes(self, event: str) -> bool:
        return self._everything or event in self.events

    def offers_shortcut(self, callback_id: str) -> bool:
        """Whether the app has this shortcut for messages."""
        return self._everything or any(
            (one.get("type"), one.get("callback_id")) == ("message", callback_id)
            for one in self.shortcuts
        )

    def holds_any(self, scopes: Sequence[str]) -> bool:
        """Whether one of these is granted; a method that needs none is always allowed."""
        return not scopes or self._everything or any(scope in self.scopes for scope in scopes)
