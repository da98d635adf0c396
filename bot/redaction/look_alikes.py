"""Letters and signs that look like others, each read as the one it looks like; hides nothing.

They come from keyboards that are set to another script, from programs that make quotation marks
pretty, and from those who know that programs read otherwise than people do.
"""

import functools
import unicodedata
from collections.abc import Iterator

from bot.redaction.spans import Finder, Span

_LOOKS = (
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0458\u0455\u0501\u04bb\u051d\u0475",
    "\u0261\u0131\u03bf\u03b1\u03c1\u03bd\u03c2\u043a\u043c\u0442\u0432",
    "\u201c\u201d\u201e\u201f\u00ab\u00bb\u2018\u2019\u201a\u201b\u2013\u2014\u2212\u2010",
)
_READS = ("aeopcyxijsdhwv", "gioapvckmtb", '""""""\'\'\'\'----')
_KNOWN = dict(zip("".join(_LOOKS), "".join(_READS), strict=True))


def find_in_look_alikes(text: str, find: Finder) -> Iterator[Span]:
    """Each is one character for another, so what is found stands at the same place."""
    if text.isascii():
        return
    read = "".join(sign if sign.isascii() else _read(sign) for sign in text)
    if read != text:
        yield from find(read)


@functools.lru_cache(maxsize=4096)
def _read(sign: str) -> str:
    plain = unicodedata.normalize("NFKC", sign)
    bare = unicodedata.normalize("NFD", plain)[:1] if len(plain) == 1 else sign
    return _KNOWN.get(bare.lower(), bare)
