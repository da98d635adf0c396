"""`receipts.json` of a scenario: what commands of its conversation said, and whence its parts are.

It is read with suspicion, as everything of a recording is.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bot.errors import RecordingError
from bot.recordings.files import Json, read_json

FILE = "receipts.json"
FORMAT = 1
_MOST_BYTES = 32 * 2**20
_MOST_RECEIPTS = 500
_MOST_OUTPUT_CHARS = 300_000
_MOST_COMMAND_CHARS = 10_000
_MEND = "Restore the file, or export the conversation again."


@dataclass(frozen=True, slots=True)
class PastReceipt:
    """A kubectl command of the conversation, and what it said then."""

    number: int
    command: str
    exit_code: int | None
    output: str
    note: str
    started: float
    """Seconds since the epoch."""
    answers: bool = True
    """False where it was run after the trouble was over: it is kept for readers."""


@dataclass(frozen=True, slots=True)
class Part:
    """Something of the recording, and where it was taken from."""

    what: str
    how: str


def written_receipts(receipts: Sequence[PastReceipt], parts: Sequence[Part]) -> Json:
    return {
        "format": FORMAT,
        "parts": [asdict(each) for each in parts],
        "receipts": [asdict(each) for each in receipts],
    }


def receipts_of(folder: Path) -> tuple[PastReceipt, ...]:
    """Those that answer in a replay; none where the folder has no such file. Raises
    RecordingError.
    """
    file = folder / FILE
    if not file.is_symlink() and not file.exists():
        return ()
    found = read_json(file, _MOST_BYTES)
    listed = found.get("receipts")
    if found.get("format") != FORMAT or isinstance(found.get("format"), bool):
        raise RecordingError(f"{file} has another format than {FORMAT}. {_MEND}")
    if not isinstance(listed, list) or len(listed) > _MOST_RECEIPTS:
        raise RecordingError(
            f"{file} needs a list of at most {_MOST_RECEIPTS} for 'receipts'. {_MEND}"
        )
    receipts = tuple(_receipt(file, each) for each in listed)
    return tuple(each for each in receipts if each.answers)


def _receipt(file: Path, found: Any) -> PastReceipt:
    given: Json = found if isinstance(found, dict) else {}
    receipt = PastReceipt(
        given.get("number", 0),
        given.get("command", ""),
        given.get("exit_code"),
        given.get("output", ""),
        given.get("note", ""),
        given.get("started", 0.0),
        given.get("answers", True),
    )
    if not _is_sound(receipt):
        raise RecordingError(
            f"{file} holds a receipt that is none: each needs a number, a command, an exit code, an"
            f" output and a note, all of sensible length. {_MEND}"
        )
    return receipt


def _is_sound(receipt: PastReceipt) -> bool:
    return (
        _is_number(receipt.number)
        and (receipt.exit_code is None or _is_number(receipt.exit_code))
        and isinstance(receipt.started, int | float)
        and isinstance(receipt.answers, bool)
        and _is_text(receipt.command, _MOST_COMMAND_CHARS)
        and bool(receipt.command)
        and _is_text(receipt.output, _MOST_OUTPUT_CHARS)
        and _is_text(receipt.note, _MOST_COMMAND_CHARS)
    )


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_text(value: object, most: int) -> bool:
    return isinstance(value, str) and len(value) <= most
