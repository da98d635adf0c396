"""Runbooks that people wrote: which of them fit what was found, quoted for the model.

They are read from Markdown files with front matter; nothing in them is ever run.
"""

import asyncio
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

import structlog

from bot.cluster.resources import PLURALS
from bot.dialogue import fence
from bot.tools.frontmatter import Broken, Criteria, parsed

log = structlog.get_logger()

_MOST_CHOSEN = 2
_MOST_FILES = 500
_MOST_BYTES = 64_000
_LONGEST_TITLE = 120
_FEWEST_CHARS = 200
"""Of a runbook: less of it is no help."""

# A cause says more than all the rest together, and so on down.
_CAUSE, _LABELS, _KIND, _NAMESPACE = 8, 4, 2, 1

_Stamp = tuple[tuple[str, int, int, int], ...]


@dataclass(frozen=True, slots=True)
class Subject:
    """Something that was found, or asked about."""

    namespace: str
    kind: str
    name: str
    labels: Mapping[str, str]
    reason: str
    """Of a finding: `OOMKilled`; empty where there is none."""


@dataclass(frozen=True, slots=True)
class Runbook:
    file: str
    title: str
    body: str
    """Redacted, without its front matter."""
    criteria: Criteria


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a file is not used, or never will be."""

    file: str
    sentence: str


class Runbooks:
    """Those of one folder, read anew when it changes."""

    def __init__(self, folder: Path | None) -> None:
        """None for a Kaia without runbooks."""
        self._folder = folder
        self._stamp: _Stamp | None = None
        self._found: tuple[Runbook, ...] = ()
        self._problems: tuple[Problem, ...] = ()
        self._reading = asyncio.Lock()

    async def all(self) -> tuple[Runbook, ...]:
        """In the order of their files. What is wrong with one is logged when it is read."""
        if self._folder is not None:
            async with self._reading:
                await asyncio.to_thread(self._refresh, self._folder)
        return self._found

    def problems(self) -> tuple[Problem, ...]:
        """Of the last reading."""
        return self._problems

    def _refresh(self, folder: Path) -> None:
        stamp = _stamp_of(folder)
        if stamp == self._stamp:
            return
        self._found, self._problems = read(folder)
        self._stamp = stamp
        log.info("runbooks.read", runbooks=len(self._found), problems=len(self._problems))
        for problem in self._problems:
            log.warning("runbook.problem", file=problem.file, why=problem.sentence)


def _stamp_of(folder: Path) -> _Stamp:
    """Changes with every change; a mounted ConfigMap swaps one link and thereby every file."""
    stamps = []
    for path in _files(folder):
        try:
            found = path.stat()
        except OSError:
            continue
        stamps.append((path.name, found.st_mtime_ns, found.st_size, found.st_ino))
    return tuple(stamps)


def _files(folder: Path) -> list[Path]:
    """Only what lies in the folder itself: `..data` and its kin hold the same files once more."""
    try:
        names = [path for path in folder.iterdir() if not path.name.startswith(".")]
    except OSError:
        return []
    return sorted(path for path in names if path.suffix.lower() == ".md" and path.is_file())


def read(folder: Path) -> tuple[tuple[Runbook, ...], tuple[Problem, ...]]:
    """Blocks while it reads. A file that cannot be used is a problem and no error."""
    if not folder.is_dir():
        return (), (Problem(str(folder), "There is no such folder."),)
    files = _files(folder)
    found: list[Runbook] = []
    problems = [Problem(path.name, _TOO_MANY) for path in files[_MOST_FILES:]]
    for path in files[:_MOST_FILES]:
        try:
            runbook = _read_one(path)
        except Broken as broken:
            problems.append(Problem(path.name, str(broken)))
        else:
            found.append(runbook)
            if not runbook.criteria.can_match:
                problems.append(Problem(path.name, _NEVER_CHOSEN))
    return tuple(found), tuple(problems)


_TOO_MANY = f"There are more than {_MOST_FILES} runbooks; this one is not read."
_NEVER_CHOSEN = (
    "It names no namespaces, labels, kinds or causes and is not `always: true`, "
    "so it is never chosen."
)


def _read_one(path: Path) -> Runbook:
    """Raises Broken."""
    try:
        with path.open("rb") as opened:
            content = opened.read(_MOST_BYTES + 1)
        written = content.decode("utf-8-sig")
    except OSError as error:
        raise Broken(f"It cannot be read ({error.strerror}).") from error
    except UnicodeDecodeError as error:
        raise Broken("It is not UTF-8.") from error
    if len(content) > _MOST_BYTES:
        raise Broken(f"It is larger than {_MOST_BYTES // 1000} kB.")
    criteria, body = parsed(written)
    title = criteria.title or _heading(body) or path.stem
    return Runbook(path.name, title[:_LONGEST_TITLE], body, criteria)


def _heading(body: str) -> str:
    first = next((line for line in body.splitlines() if line.strip()), "")
    return first.lstrip("# ").strip() if first.startswith("#") else ""


def select(runbooks: Iterable[Runbook], subjects: Collection[Subject]) -> tuple[Runbook, ...]:
    """At most two, those that say most about what they are for first."""
    scored = [(_score(each.criteria, subjects), each) for each in runbooks]
    fitting = [(score, each) for score, each in scored if score is not None]
    fitting.sort(key=lambda pair: (-pair[0], pair[1].file))
    return tuple(each for _, each in fitting[:_MOST_CHOSEN])


def _score(criteria: Criteria, subjects: Collection[Subject]) -> int | None:
    """None where it does not fit. All that it names has to fit one and the same subject."""
    if any(_fits(criteria, subject) for subject in subjects):
        return (
            (_CAUSE if criteria.causes else 0)
            + (_LABELS if criteria.labels else 0)
            + (_KIND if criteria.kinds else 0)
            + (_NAMESPACE if criteria.namespaces else 0)
        )
    return 0 if criteria.is_always else None


def _fits(criteria: Criteria, subject: Subject) -> bool:
    if not criteria.names_any:
        return False
    fits = (
        _is_among(subject.reason, criteria.causes),
        not criteria.labels or any(_has(subject.labels, each) for each in criteria.labels),
        _is_among(subject.kind, criteria.kinds)
        or _is_among(PLURALS.get(subject.kind, ""), criteria.kinds),
        not criteria.namespaces
        or any(fnmatchcase(subject.namespace, each) for each in criteria.namespaces),
    )
    return all(fits)


def _is_among(word: str, wanted: Collection[str]) -> bool:
    return not wanted or word.casefold() in {each.casefold() for each in wanted}


def _has(labels: Mapping[str, str], wanted: Mapping[str, str | None]) -> bool:
    return all(name in labels and value in {None, labels[name]} for name, value in wanted.items())


def quoted(runbooks: Sequence[Runbook], budget_chars: int) -> str:
    """For the model: each with its name, fenced, together at most about `budget_chars`."""
    if not runbooks:
        return ""
    room = max(budget_chars // len(runbooks), _FEWEST_CHARS)
    return "\n\n".join(_quoted(each, room) for each in runbooks)


def _quoted(runbook: Runbook, room_chars: int) -> str:
    head = f"Runbook {runbook.title!r} ({runbook.file}), written by the people of this cluster:"
    taken_chars = len(head) + len(fence("")) + len("\n\n\n")
    return f"{head}\n{fence(_cut(runbook.body, room_chars - taken_chars))}"


def _cut(body: str, chars: int) -> str:
    """Whole lines from its beginning, and how much was left out."""
    if len(body) <= chars:
        return body
    mark = f"[… {len(body)} characters in all, the rest left out …]"
    kept = body[: max(chars - len(mark) - 1, 0)]
    kept = kept.rpartition("\n")[0] or kept
    return f"{kept}\n{mark}"
