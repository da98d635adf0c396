"""Which form a command's output has, told by the command alone; pure."""

from collections.abc import Sequence
from enum import Enum, auto


class Form(Enum):
    TEXT = auto()
    """Nothing is known of it."""
    TABLE = auto()
    LOG = auto()
    DESCRIPTION = auto()
    YAML = auto()
    JSON = auto()


_BY_OUTPUT = {
    "yaml": Form.YAML,
    "json": Form.JSON,
    "wide": Form.TABLE,
    "custom-columns": Form.TABLE,
}
_BY_VERB = {
    "get": Form.TABLE,
    "top": Form.TABLE,
    "events": Form.TABLE,
    "api-resources": Form.TABLE,
    "logs": Form.LOG,
    "describe": Form.DESCRIPTION,
}


def form_of(argv: Sequence[str]) -> Form:
    """`argv` as the policy rebuilds it, with long flags; without one it is any text."""
    for word in argv:
        if word.startswith("--output="):
            return _BY_OUTPUT.get(word.split("=")[1], Form.TEXT)
    return _BY_VERB.get(argv[1], Form.TEXT) if len(argv) > 1 else Form.TEXT
