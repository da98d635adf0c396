"""The files of a run: `run.json`, and `attempts.jsonl` with a line for each attempt that has ended.

They are read with suspicion and written whole; whose they are is judged elsewhere.
"""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Final

import orjson
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from bot.errors import EvaluationError
from bot.evaluation.results import FORMAT, Attempt, Price, Run

RUN: Final = "run.json"
ATTEMPTS: Final = "attempts.jsonl"
PAGE: Final = "index.html"
_MOST_BYTES = 512 * 2**20
_ATTEMPT = TypeAdapter(Attempt)


class Head(BaseModel):
    """`run.json`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: int
    model: str
    options: Mapping[str, Any] = {}
    """What the model is sent beside words: an attempt with another window is another attempt."""
    repeats: Annotated[int, Field(ge=1, le=1_000)]
    started: float
    kaia: str
    scenarios: Mapping[str, str]
    about: Mapping[str, str] = {}
    price: Price | None = None


def head_of(folder: Path) -> Head:
    """Raises EvaluationError."""
    file = folder / RUN
    try:
        found = orjson.loads(_read(file))
        said = found.get("format") if isinstance(found, dict) else None
        if said != FORMAT:
            raise EvaluationError(
                f"{file} says format {str(said)[:20]!r}, and this Kaia reads format {FORMAT}. Use"
                " the Kaia that wrote it, or name a new folder with -o."
            )
        return Head.model_validate(found)
    except (ValidationError, orjson.JSONDecodeError) as error:
        why = error.errors()[0]["msg"] if isinstance(error, ValidationError) else str(error)
        raise EvaluationError(
            f"{file} cannot be read ({why}). Restore it, or name a new folder with -o."
        ) from None


def attempts_of(folder: Path) -> Iterator[Attempt]:
    """Without a last line that was cut as it was written. Raises EvaluationError."""
    file = folder / ATTEMPTS
    *lines, _cut = _read(file).split(b"\n") if file.exists() else [b""]
    for number, line in enumerate(lines, 1):
        try:
            yield _ATTEMPT.validate_json(line)
        except ValidationError as error:
            raise EvaluationError(
                f"{file}, line {number}, is no attempt ({error.errors()[0]['msg']}). Remove the"
                " line: it is tried again."
            ) from None


def drop_broken_line(folder: Path) -> None:
    """So that the next line begins as one."""
    file = folder / ATTEMPTS
    if file.exists():
        whole = _read(file).rpartition(b"\n")
        os.truncate(file, len(whole[0]) + len(whole[1]))


def write_head(folder: Path, run: Run, options: Mapping[str, Any]) -> None:
    """Raises EvaluationError."""
    head = Head(
        format=FORMAT,
        model=run.model,
        options=options,
        repeats=run.repeats,
        started=run.started,
        kaia=run.kaia,
        scenarios=run.scenarios,
        about=run.about,
        price=run.price,
    )
    option = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
    write(folder / RUN, orjson.dumps(head.model_dump(), option=option))


def half_of(name: str) -> str:
    """What a file is called while it is being written."""
    return f".{name}.half"


def write(file: Path, content: bytes) -> None:
    """Whole or not at all. Raises EvaluationError."""
    half = file.with_name(half_of(file.name))
    try:
        with half.open("wb") as opened_file:
            opened_file.write(content)
            opened_file.flush()
            os.fsync(opened_file.fileno())
        half.replace(file)
    except OSError as error:
        raise unwritable(file.parent, error) from error


def unwritable(folder: Path, error: OSError) -> EvaluationError:
    return EvaluationError(
        f"{folder} cannot be written ({error.strerror}). What ended before is kept there; make"
        " room, or name another folder with -o, and run the command again."
    )


def _read(file: Path) -> bytes:
    try:
        if file.is_symlink() or file.stat().st_size > _MOST_BYTES:
            raise EvaluationError(f"{file} is a link, or too large to be a run's. Restore it.")
        return file.read_bytes()
    except OSError as error:
        raise EvaluationError(f"{file} cannot be read: {error.strerror}.") from error
