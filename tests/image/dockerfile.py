"""What the Dockerfile says, as far as a tree of its shape has to follow it; it builds nothing."""

import json
import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).parents[2]
DOCKERFILE = PROJECT / "Dockerfile"

_VARIABLE = re.compile(r"\$\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Instruction:
    name: str
    rest: str

    @property
    def words(self) -> list[str]:
        return shlex.split(self.rest)

    @property
    def flags(self) -> dict[str, str]:
        flags = (word.removeprefix("--") for word in self.words if word.startswith("--"))
        return {name: value for name, _, value in (flag.partition("=") for flag in flags)}

    @property
    def paths(self) -> list[str]:
        """Of COPY and ADD: what is taken, and where it goes at the end."""
        return [word for word in self.words if not word.startswith("--")]


@dataclass(frozen=True, slots=True)
class Stage:
    base: str
    name: str
    instructions: list[Instruction] = field(default_factory=list)

    def every(self, name: str) -> Iterator[Instruction]:
        return (each for each in self.instructions if each.name == name)

    def last(self, name: str) -> Instruction:
        return list(self.every(name))[-1]

    def pairs(self, name: str, arguments: Mapping[str, str]) -> dict[str, str]:
        """Of ENV and LABEL."""
        words = [word for each in self.every(name) for word in each.words]
        pairs = (word.partition("=") for word in words)
        return {key: filled(value, arguments) for key, _, value in pairs}


@dataclass(frozen=True, slots=True)
class Dockerfile:
    arguments: dict[str, str]
    """Every ARG that has a default, wherever it stands."""
    stages: list[Stage]

    @property
    def final(self) -> Stage:
        return self.stages[-1]

    def stage(self, name: str) -> Stage:
        return next(stage for stage in self.stages if stage.name == name)

    def from_context(self) -> list[str]:
        """What the build takes from the project's folder."""
        copies = [each for stage in self.stages for each in stage.every("COPY")]
        return [path for each in copies if "from" not in each.flags for path in each.paths[:-1]]

    def config(self) -> dict[str, Any]:
        """How the image starts, as its own configuration says it."""
        final = self.final
        return {
            "Env": [f"{key}={value}" for key, value in final.pairs("ENV", self.arguments).items()],
            "Labels": final.pairs("LABEL", self.arguments),
            "User": final.last("USER").rest,
            "WorkingDir": final.last("WORKDIR").rest,
            "Volumes": {each.rest: {} for each in final.every("VOLUME")},
            "Entrypoint": json.loads(final.last("ENTRYPOINT").rest),
            "Cmd": json.loads(final.last("CMD").rest),
        }


def filled(text: str, arguments: Mapping[str, str]) -> str:
    return _VARIABLE.sub(lambda found: arguments.get(found[1], found[0]), text)


def read(text: str) -> Dockerfile:
    arguments: dict[str, str] = {}
    stages: list[Stage] = []
    for instruction in _instructions(text):
        match instruction.name:
            case "ARG":
                name, _, default = instruction.words[0].partition("=")
                if "=" in instruction.rest:
                    arguments[name] = default
            case "FROM":
                stages.append(_stage(instruction, arguments))
            case _:
                stages[-1].instructions.append(instruction)
    return Dockerfile(arguments, stages)


def _stage(instruction: Instruction, arguments: Mapping[str, str]) -> Stage:
    base, *named = instruction.paths
    return Stage(filled(base, arguments), named[1] if named else "")


def _instructions(text: str) -> Iterator[Instruction]:
    """Comments may stand between the lines of one instruction too."""
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    for line in "\n".join(lines).replace("\\\n", " ").splitlines():
        if line.strip():
            name, _, rest = line.strip().partition(" ")
            yield Instruction(name.upper(), rest.strip())
