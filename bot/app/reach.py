"""Which cluster is read, and how far into it, in words for people and for the model."""

from collections.abc import Mapping

from bot.cluster.access import ClusterAccess, find_access
from bot.cluster.bounds import spoken
from bot.errors import ClusterError
from bot.settings import Settings


async def chosen_access(
    settings: Settings, environ: Mapping[str, str], context: str | None
) -> ClusterAccess:
    """Nobody who names a context is content with none. Raises ClusterError."""
    access = await find_access(environ, context=context, namespaces=settings.namespaces)
    if context and access.kind == "none":
        raise ClusterError(access.reason)
    return access


def for_people(access: ClusterAccess) -> str:
    if not access.namespaces:
        return ""
    return f" I look only into {_which(access)} {spoken(access.namespaces)}."


def for_the_model(access: ClusterAccess) -> str:
    if not access.namespaces:
        return ""
    return (
        f"\nOnly {_which(access)} {', '.join(access.namespaces)} can be looked into. Name one in"
        " each command: -A is refused. Nothing is known of what is outside: say so where asked."
    )


def _which(access: ClusterAccess) -> str:
    return "the namespace" if len(access.namespaces) == 1 else "the namespaces"
