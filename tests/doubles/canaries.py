"""Values that nobody may ever see, and the search for a piece of one in whatever was written."""

import base64
import gzip
import hashlib
import itertools
import json
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

_PIECE_CHARS = 12
_ONSETS, _VOWELS = "bdfgklmnprstvz", "aeiou"


def remembered(name: str) -> str:
    """A password as people make them: words and a number, which only its name gives away."""
    digest = hashlib.sha256(name.encode()).digest()
    syllables = [
        _ONSETS[one % len(_ONSETS)] + _VOWELS[other % len(_VOWELS)]
        for one, other in zip(digest[:9], digest[9:18], strict=True)
    ]
    words = ["".join(syllables[at : at + 3]) for at in (0, 3, 6)]
    return "-".join((*words, str(100 + digest[18])))


def generated(name: str, chars: int = 32) -> str:
    """A key as programs make them: nothing but chance."""
    digest = base64.b64encode(hashlib.sha512(name.encode()).digest()).decode()
    return digest.replace("+", "").replace("/", "")[:chars]


def private_key(name: str) -> tuple[str, str]:
    """Looks like one in PEM; and the whole of its inside, on one line."""
    inside = base64.b64encode(hashlib.shake_256(name.encode()).digest(600)).decode()
    lines = "\n".join(inside[at : at + 64] for at in range(0, len(inside), 64))
    return f"-----BEGIN RSA PRIVATE KEY-----\n{lines}\n-----END RSA PRIVATE KEY-----\n", inside


def released(canary: str) -> str:
    """A Helm release that was given this password: base64 of gzip, as a ConfigMap keeps it."""
    chart = {"name": "shop", "config": {"db": {"password": canary}}, "manifest": "kind: Pod\n" * 40}
    packed = gzip.compress(json.dumps(chart).encode(), mtime=0)
    return base64.b64encode(packed).decode()


class Watch:
    """Knows every piece of every canary, plain and in base64, and where one is seen again."""

    def __init__(self, canaries: Mapping[str, str]) -> None:
        self._names: dict[str, str] = {}
        for name, canary in canaries.items():
            for spelling in _spellings(canary):
                for at in range(len(spelling) - _PIECE_CHARS + 1):
                    self._names.setdefault(spelling[at : at + _PIECE_CHARS], name)

    def seen_in(self, text: str) -> dict[str, str]:
        """The names of the canaries of which a piece stands there, and what stands about it."""
        seen: dict[str, str] = {}
        for view in (text, "".join(text.split())):
            for at in range(len(view) - _PIECE_CHARS + 1):
                name = self._names.get(view[at : at + _PIECE_CHARS])
                if name is not None:
                    seen.setdefault(name, view[max(0, at - 120) : at + 80])
        return seen

    def seen_below(self, *folders: Path) -> dict[str, str]:
        """The same in every file, and in what a database keeps packed."""
        seen: dict[str, str] = {}
        for file in _files(folders):
            for text in _texts_of(file):
                for name, place in self.seen_in(text).items():
                    seen.setdefault(f"{name} in {file.name}", place)
        return seen


def _spellings(canary: str) -> Iterator[str]:
    yield canary
    for before in range(3):
        written = base64.b64encode(b"\0" * before + canary.encode()).decode()
        yield written[2 * before : -4]  # the ends depend on what stands beside it


def _files(folders: Iterable[Path]) -> Iterator[Path]:
    found = itertools.chain.from_iterable(folder.rglob("*") for folder in folders)
    return (each for each in found if each.is_file())


def _texts_of(file: Path) -> Iterator[str]:
    yield file.read_bytes().decode("utf-8", "replace")
    if file.suffix == ".db":
        with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as database:
            yield "\n".join(_cells(database))


def _cells(database: sqlite3.Connection) -> Iterator[str]:
    tables = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    for (table,) in tables:
        for row in database.execute(f'SELECT * FROM "{table}"'):  # noqa: S608 - its own name
            for cell in row:
                yield _unpacked(cell) if isinstance(cell, bytes) else str(cell)


def _unpacked(cell: bytes) -> str:
    try:
        return zlib.decompress(cell).decode("utf-8", "replace")
    except zlib.error:
        return cell.decode("utf-8", "replace")
