"""Cells beneath a header that names a credential, as custom columns and database clients print."""

import re
from collections.abc import Iterator

from bot.redaction.names import holds_secret
from bot.redaction.spans import Span
from bot.redaction.values import is_harmless

_HEADER = re.compile(r"^[A-Z][A-Z0-9 _./-]{3,400}$", re.MULTILINE)
_SECRET_WORD = re.compile(r"PASS|PWD|TOKEN|SECRET|KEY|CRED|AUTH")
_TITLE = re.compile(r"[A-Z][A-Z0-9_./-]*(?: [A-Z0-9_./-]+)*")
_ROW = re.compile(r"[^\n]*")
_CELL = re.compile(r"[^\s]+(?: [^\s]+)*")


def find_columns(text: str) -> Iterator[Span]:
    for header in _HEADER.finditer(text):
        if not _SECRET_WORD.search(header[0]):
            continue
        titles = list(_TITLE.finditer(header[0]))
        secret = [title.start() for title in titles if holds_secret(title[0])]
        if secret and (len(titles) > 1 or "_" not in titles[0][0]):
            yield from _find_cells(text, header.end() + 1, secret)


def _find_cells(text: str, at: int, columns: list[int]) -> Iterator[Span]:
    """Until a line is empty or is a header again."""
    while at < len(text):
        row = _ROW.match(text, at)
        if not row or not row[0].strip() or _HEADER.match(text, at):
            return
        for column in columns:
            cell = _CELL.match(text, at + column, row.end())
            if cell and not (is_harmless(cell[0]) or cell[0].isdigit()):
                yield Span(*cell.span(), "secret")
        at = row.end() + 1
