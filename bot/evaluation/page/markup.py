"""Pure: HTML put together so that text can never become markup. It knows nothing of runs."""

import html
from collections.abc import Iterable

from bot.plaintext import clean


class Markup(str):
    """HTML already. Whatever else is put together with it is text, and is escaped."""

    __slots__ = ()


def element(tag: str, *children: str, **attributes: str | int | bool) -> Markup:
    """`class_` is class and `aria_label` is aria-label; True is an attribute without a value, and
    False none.
    """
    named = "".join(_attribute(name, value) for name, value in attributes.items())
    return Markup(f"<{tag}{named}>{joined(children)}</{tag}>")


def joined(children: Iterable[str]) -> Markup:
    return Markup("".join(map(_escaped, children)))


def _escaped(child: str) -> str:
    return child if isinstance(child, Markup) else html.escape(clean(child), quote=False)


def _attribute(name: str, value: str | int | bool) -> str:
    name = name.rstrip("_").replace("_", "-")
    if isinstance(value, bool):
        return f" {name}" if value else ""
    return f' {name}="{html.escape(clean(str(value)))}"'
