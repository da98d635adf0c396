"""The files of a run: `run.json`, and `attempts.jsonl` with a line for each attempt that has ended.

They are read with suspicion, for a run may be somebody else's, and written whole; whether two
runs are one is judged elsewhere.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any, Final

import orjson
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from bot.errors import EvaluationError, RecordingError
from bot.evaluation.results import FORMAT, Attempt, Price, Run
from bot.recordings.files import read_bytes

RUN: Final = "run.json"
ATTEMPTS: Final = "attempts.jsonl"
PAGE: Final = "index.html"
_MOST_BYTES = 512 * 2**20
_MOST_HEAD_BYTES = 4 * 2**20
_LAST_SECOND = 253_402_300_799.0
"""Of the year 9999, after which no date can be written."""
_MOST_OF_A_FIGURE = 10**9
_MOST_DOLLARS = 10**6
_LONGEST_NAME = 200
_ATTEMPT = TypeAdapter(Attempt)


def _possible(price: Price | None) -> Price | None:
    given = (price.prompt, price.completion) if price else ()
    if not all(0 <= each <= _MOST_DOLLARS for each in given):
        raise ValueError(f"a price lies between 0 and {_MOST_DOLLARS:,} dollars")
    return price


_Name = Annotated[str, Field(max_length=_LONGEST_NAME)]
_Line = Annotated[str, Field(max_length=400)]


class Head(BaseModel):
    """`run.json`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: int
    model: _Name
    options: Mapping[str, Any] = {}
    """What the model is sent beside words: an attempt with another window is another attempt."""
    repeats: Annotated[int, Field(ge=1, le=1_000)]
    started: Annotated[float, Field(ge=0, le=_LAST_SECOND)]
    kaia: _Name
    scenarios: Mapping[_Name, _Name]
    about: Mapping[_Name, _Line] = {}
    price: Annotated[Price | None, AfterValidator(_possible)] = None
    parallel: Annotated[int, Field(ge=0, le=1_000)] = 0


def head_of(folder: Path) -> Head:
    """Raises EvaluationError."""
    file = folder / RUN
    try:
        found = orjson.loads(_read(file, _MOST_HEAD_BYTES))
        said = found.get("format") if isinstance(found, dict) else None
        if said != FORMAT:
            raise EvaluationError(
                f"{file} says format {str(said)[:20]!r}, and this Kaia reads format {FORMAT}. Use"
                " the Kaia that wrote it, or name another folder."
            )
        return Head.model_validate(found)
    except (ValidationError, orjson.JSONDecodeError) as error:
        raise EvaluationError(
            f"{file} cannot be read ({_why(error)}). Restore it, or name another folder."
        ) from None


def attempts_of(folder: Path) -> Iterator[Attempt]:
    """Without a last line that was cut as it was written. Raises EvaluationError."""
    file = folder / ATTEMPTS
    *lines, _cut = _read(file, _MOST_BYTES).split(b"\n") if file.exists() else [b""]
    for number, line in enumerate(lines, 1):
        try:
            yield _attempt(line)
        except ValueError as error:
            raise EvaluationError(
                f"{file}, line {number}, is no attempt ({_why(error)}). Remove the line: it is"
                " tried again."
            ) from None


def drop_broken_line(folder: Path) -> None:
    """So that the next line begins as one."""
    file = folder / ATTEMPTS
    if file.exists():
        whole = _read(file, _MOST_BYTES).rpartition(b"\n")
        os.truncate(file, len(whole[0]) + len(whole[1]))


def write_head(folder: Path, run: Run, options: Mapping[str, Any]) -> None:
    """Raises EvaluationError."""
    _check_name(run.model)
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
        parallel=run.parallel,
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
        half.unlink(missing_ok=True)  # whatever it is, nothing is written through it
        with half.open("xb") as opened_file:
            opened_file.write(content)
            opened_file.flush()
            os.fsync(opened_file.fileno())
        half.replace(file)
    except OSError as error:
        raise unwritable(file.parent, error) from error


def unwritable(folder: Path, error: OSError) -> EvaluationError:
    if _has_attempts(folder):
        next_step = "What ended before is kept there: make room, and run the command again."
    else:
        next_step = "Nothing is kept there yet. See to the folder, or name another one with -o."
    return EvaluationError(f"{folder} cannot be written ({error.strerror}). {next_step}")


def _has_attempts(folder: Path) -> bool:
    with suppress(OSError):
        return (folder / ATTEMPTS).stat().st_size > 0
    return False


def _attempt(line: bytes) -> Attempt:
    """Raises ValueError."""
    found = _ATTEMPT.validate_json(line)
    figures = (found.seconds, found.model_calls, found.prompt_tokens, found.completion_tokens)
    if not all(0 <= each <= _MOST_OF_A_FIGURE for each in figures):
        raise ValueError(f"its figures lie between 0 and {_MOST_OF_A_FIGURE:,}")
    return found


def _why(error: ValueError) -> str:
    said = error.errors()[0]["msg"] if isinstance(error, ValidationError) else str(error)
    return said.removeprefix("Value error, ")


def _check_name(model: str) -> None:
    if len(model) > _LONGEST_NAME:
        raise EvaluationError(
            f"The model's name is longer than {_LONGEST_NAME} letters: {model[:80]}…"
            " Give it a shorter one."
        )


def _read(file: Path, most: int) -> bytes:
    """Raises EvaluationError."""
    try:
        return read_bytes(file, most)
    except RecordingError as error:
        why = error.__cause__.strerror if isinstance(error.__cause__, OSError) else ""
        raise EvaluationError(
            f"{file} cannot be read ({why or f'no plain file of at most {most // 2**20} MiB'})."
            " Restore it, or name another folder."
        ) from None
