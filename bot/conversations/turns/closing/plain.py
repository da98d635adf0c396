"""Pure: somebody's text as part of a line of a ticket, where other programs than Slack read it."""

import re

_SHOWN = 200
_MENTION = re.compile(r"(?<!\w)@(?=\w)")
_FENCES = re.compile("`{3,}")
_IMAGE = re.compile(r"!+\[")
_TAGS = str.maketrans("<>", "\u2039\u203a")


def quoted(text: str, chars: int = _SHOWN) -> str:
    """In code marks: it ends where they end, and pings, links and formats nothing."""
    return f"`{_short(_flat(text).replace('`', chr(39)), chars)}`"


def one_line(text: str, chars: int = 2 * _SHOWN) -> str:
    """As prose in which no link, image, tag or mention lives."""
    return _short(defused(_FENCES.sub("'", _flat(text))), chars)


def defused(markdown: str) -> str:
    """The same, of any Markdown. In code marks too: programs disagree on where those end."""
    parted = _IMAGE.sub("[", markdown.translate(_TAGS))
    parted = parted.replace("](", "] (").replace("][", "] [").replace("]:", "] :")
    return _MENTION.sub("@ ", parted)


def _flat(text: str) -> str:
    return " ".join(text.split())


def _short(text: str, chars: int) -> str:
    return text if len(text) <= chars else f"{text[: chars - 1].rstrip()}…"
