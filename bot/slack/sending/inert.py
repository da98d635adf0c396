"""The net under text.py: what leaves for Slack holds no control sequence, wherever it stands."""

from typing import Any


def inert(value: Any) -> Any:
    """Nothing of ours is ever a control sequence, so no `<` may leave."""
    match value:
        case str():
            return value.replace("<", "&lt;")
        case list() | tuple():
            return [inert(one) for one in value]
        case dict():
            return {key: inert(one) for key, one in value.items()}
        case _:
            return value
