"""Pure: whether a text says something, however it is marked up; it knows no scenario.

Letter case, spaces, Markdown marks and the shapes of quotes and dashes make no difference. A word
or a number is never found inside a longer one; only an English plural is taken for the word.
"""

import re

from bot.plaintext import clean

ESCAPES = re.compile(r"\\(?=[!-/:-@\[-`{-~])")
_MARK = "[`*_]"
_MARKS = re.compile(rf"{ESCAPES.pattern}|{_MARK}")
_BETWEEN_WORDS = f"{_MARK}* [`*_ ]*"
_SHAPES = str.maketrans("‘’‛“”„«»‐‑‒–—−", '\'\'\'"""""------')  # noqa: RUF001 - to be replaced
_LETTER = r"[^\W_]"
"""Or a digit."""


def plain(text: str) -> str:
    """Two texts that say the same are the same; empty where nothing is said."""
    return _spaced(_MARKS.sub("", clean(text).translate(_SHAPES)))


def read(text: str) -> str:
    """To look facts up in. The marks stay: they part words, as `_` does in `DB_HOST`."""
    return _spaced(ESCAPES.sub("", clean(text).translate(_SHAPES)))


def says(read_text: str, words: str) -> bool:
    """`read_text` is what `read` made of a text."""
    if not (wanted := plain(words)):
        return False
    spelled = (f"{_MARK}*".join(map(re.escape, each)) for each in wanted.split())
    before = f"(?<!{_LETTER})" if wanted[0].isalnum() else ""
    after = _plural_of(wanted) + f"(?!{_LETTER})" if wanted[-1].isalnum() else ""
    return re.search(before + _BETWEEN_WORDS.join(spelled) + after, read_text) is not None


def _plural_of(wanted: str) -> str:
    return "(?:e?s)?" if wanted[-1].isalpha() else ""


def _spaced(text: str) -> str:
    return " ".join(text.casefold().split())
