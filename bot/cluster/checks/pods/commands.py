"""What a container runs, as its spec says it, with its own variables filled in; runs nothing."""

import re

from bot.cluster.objects import Object, items, text, words

_VARIABLE = re.compile(r"\$(?:\{(\w+)(?::?[-=?+][^}]*)?\}|\((\w+)\)|(\w+))")


def command_of(container: Object) -> str:
    """Command and arguments on one line; variables without a plain value stay as they are."""
    values = {text(each, "name"): text(each, "value") for each in items(container, "env")}
    line = " ".join([*words(container, "command"), *words(container, "args")])
    return _VARIABLE.sub(lambda found: values.get(_name(found)) or found[0], line)


def _name(found: re.Match[str]) -> str:
    return found[1] or found[2] or found[3] or ""
