"""A scenario: the recording of a cluster, and in `scenario.yaml` what is asked and must be said.

It opens no recording and grades nothing. A file from elsewhere is read with suspicion.
"""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
)
from pydantic_core import PydanticCustomError

from bot.errors import EvaluationError
from bot.evaluation.amounts import several
from bot.evaluation.facts import plain

FORMAT = 1
FILE = "scenario.yaml"
_MOST_BYTES = 64 * 2**10
_MOST_SCENARIOS = 1_000
_MOST_NAMED = 5
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


def _as_tuple(given: object) -> object:
    """One word is a choice of one."""
    return (given,) if isinstance(given, str) else given


def _said(given: str) -> str:
    """Spaces and Markdown marks alone would be found in every answer, or in none."""
    if not plain(given):
        raise PydanticCustomError("silent", "It says nothing: write words here, or leave it out")
    return given


def _number(given: object) -> object:
    """`true` is no 1."""
    return given if type(given) is int else None


Words = Annotated[str, Field(min_length=1, max_length=400), AfterValidator(_said)]
AnyOf = Annotated[tuple[Words, ...], BeforeValidator(_as_tuple), Field(min_length=1, max_length=20)]
"""One of these must be said. In the file a text, or a list of texts."""
Verdict = Literal["CONFIRMED", "LIKELY", "INCONCLUSIVE"]


class Expected(BaseModel):
    """`scenario.yaml`. Words are compared without regard to case."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: Annotated[Literal[1], BeforeValidator(_number)]
    about: Words
    """The fault in one line."""
    question: Annotated[str, Field(min_length=1, max_length=4_000), AfterValidator(_said)]
    follow_ups: Annotated[tuple[Words, ...], Field(max_length=20)] = ()
    namespace: Annotated[str, Field(pattern=r"^([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)?$")] = ""
    """Meant where a command names none, as a channel's own; empty for the recording's default."""
    must: Annotated[tuple[AnyOf, ...], Field(max_length=40)] = ()
    """Facts that the answers have to state in the model's own words."""
    must_not: Annotated[tuple[Words, ...], Field(max_length=40)] = ()
    """What nothing that is shown may say."""
    must_cite: Annotated[tuple[Words, ...], Field(max_length=20)] = ()
    """Parts of command lines; a receipt has to have each of them."""
    verdict: Annotated[tuple[Verdict, ...], Field(max_length=3)] = ()
    """Those that the first answer may have; empty where any is right."""
    refused_at_most: Annotated[int, Field(ge=0, le=100, strict=True)] | None = None
    """Commands that the policy refuses; None where they are only counted."""
    cause: Annotated[str, Field(max_length=2_000)] = ""
    """What it was, as people confirmed it; for readers."""
    source: Annotated[str, Field(max_length=400)] = ""
    """Where it was taken from; for readers."""
    builtin: bool = True
    """The built-in wording claims to solve it."""

    @property
    def asks_for_something(self) -> bool:
        """Otherwise any answer would pass."""
        demands = (self.must, self.must_not, self.must_cite, self.verdict)
        return any(demands) or self.refused_at_most is not None


class _Plain(yaml.SafeLoader):
    """Without aliases: a few lines of them become more than any memory holds."""

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("an alias (`*name`) is not read. Write out what it stands for.")
        return super().compose_node(parent, index)


@dataclass(frozen=True, slots=True)
class Scenario:
    name: str
    """The folder's."""
    folder: Path
    """A recording, as `kaia record` writes it, with `scenario.yaml` in it."""
    expected: Expected

    def digest(self) -> str:
        """Of all its files: an attempt at another content is another attempt. Reads them all."""
        digest = hashlib.sha256()
        for file in sorted(each for each in self.folder.rglob("*") if each.is_file()):
            digest.update(f"{file.relative_to(self.folder).as_posix()}\0".encode())
            digest.update(hashlib.sha256(file.read_bytes()).digest())
        return digest.hexdigest()[:16]


def load(folder: Path) -> Scenario:
    """Raises EvaluationError."""
    file = folder / FILE
    if not _NAME.fullmatch(folder.name):
        raise EvaluationError(
            f"{folder.name[:80]!r} is no name of a scenario. Rename the folder: letters, digits,"
            " dots, dashes and underscores."
        )
    if folder.is_symlink() or file.is_symlink() or not file.is_file():
        raise EvaluationError(
            f"{folder} is no scenario: it has no {FILE}. docs/evaluation.md says what stands in it."
        )
    return Scenario(folder.name, folder, _expected(file))


def load_all(folder: Path, only: Sequence[str] = ()) -> list[Scenario]:
    """In the order of their names; `only` are names with `*`. Raises EvaluationError, also for one
    that any answer would pass.
    """
    if not folder.is_dir():
        raise EvaluationError(f"There is no folder {folder}. Name one with --scenarios.")
    folders = list(_folders(folder))
    if unknown := [each for each in only if not any(fnmatchcase(f.name, each) for f in folders)]:
        raise EvaluationError(
            f"No scenario in {folder} is called {unknown[0]}. There are {_spoken(folders)}."
        )
    chosen = [each for each in folders if not only or any(fnmatchcase(each.name, o) for o in only)]
    if not chosen:
        raise EvaluationError(
            f"There is no scenario in {folder}: no folder in it has a {FILE}. `kaia export` writes"
            " one from a conversation."
        )
    if len(chosen) > _MOST_SCENARIOS:
        raise EvaluationError(
            f"{folder} has {len(chosen):,} scenarios, and {_MOST_SCENARIOS:,} are run at once."
            " Choose some with --only."
        )
    return _asking([load(each) for each in chosen])


def _asking(scenarios: list[Scenario]) -> list[Scenario]:
    """Raises EvaluationError where any answer would pass."""
    if idle := [each.folder for each in scenarios if not each.expected.asks_for_something]:
        raise EvaluationError(_any_answer_passes(idle))
    return scenarios


def _any_answer_passes(folders: Sequence[Path]) -> str:
    if len(folders) == 1:
        begin = f"{folders[0].name} asks for nothing, so any answer would pass."
    else:
        begin = f"{_spoken(folders)} ask for nothing, so any answer would pass."
    return (
        f"{begin} Write in {FILE} what a right answer says (`must`), may not say (`must_not`), has"
        " to have read (`must_cite`) or concludes (`verdict`), or leave it out with --only."
    )


def _folders(folder: Path) -> Iterator[Path]:
    """A scenario itself, or those right below."""
    if (folder / FILE).is_file():
        yield folder
        return
    yield from sorted(each for each in folder.iterdir() if (each / FILE).is_file())


def _expected(file: Path) -> Expected:
    if file.stat().st_size > _MOST_BYTES:
        raise EvaluationError(f"{file} is larger than {_MOST_BYTES // 1024} KiB. Shorten it.")
    try:
        found = yaml.load(file.read_bytes(), _Plain)  # noqa: S506 - a SafeLoader that takes less
        return Expected.model_validate(found)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        if isinstance(error, ValidationError):
            raise EvaluationError("\n".join(_problems(file, error))) from None
        raise EvaluationError(f"{file} is no YAML: {str(error)[:200]}") from None


def _problems(file: Path, error: ValidationError) -> Iterator[str]:
    for each in error.errors()[:10]:
        place = ".".join(map(str, each["loc"])) or "as a whole"
        yield f"{file}: {place}: {each['msg']}."


def _spoken(folders: Sequence[Path]) -> str:
    return several([each.name for each in folders], _MOST_NAMED) or "none"
