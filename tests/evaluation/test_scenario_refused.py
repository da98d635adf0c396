"""A scenario from elsewhere is read whole, or refused with a sentence and without delay."""

import os
from pathlib import Path

import pytest

from bot.errors import EvaluationError
from bot.evaluation.scenario import load, load_all

pytestmark = pytest.mark.timeout(20)

GOOD = "format: 1\nabout: images runs out of memory\nquestion: why?\n"
ASKING = f"{GOOD}must: [images]\n".encode()


def _doubling(of: str) -> bytes:
    """Thirty lines, each of which holds the one before nine times."""
    lines = ["a0: &a0 {k: 1}"]
    lines += [f"a{at}: &a{at} {of % ', '.join([f'*a{at - 1}'] * 9)}" for at in range(1, 30)]
    return (GOOD + "\n".join(lines)).encode()


FILES: dict[str, tuple[bytes, str]] = {
    "lists of lists without end": (_doubling("[%s]"), "an alias (`*name`) is not read"),
    "merges of merges without end": (_doubling("{<<: [%s]}"), "an alias (`*name`) is not read"),
    "an object of Python's": (
        f"{GOOD}cause: !!python/object/apply:os.system [id]\n".encode(),
        "is no YAML",
    ),
    "a character that is none": (f"{GOOD}cause: a\0b\n".encode(), "is no YAML"),
    "no UTF-8": (f"{GOOD}cause: ".encode() + b"\xff\n", "is no YAML"),
    "five thousand brackets": (b"[" * 5_000, "is no YAML"),
    "a number of sixty thousand digits": (
        f"{GOOD}refused_at_most: {'9' * 60_000}\n".encode(),
        "is no YAML",
    ),
    "two documents": (f"{GOOD}---\n{GOOD}".encode(), "is no YAML"),
    "ten megabytes": (GOOD.encode() + b"#" * 10_000_000, "is larger than 64 KiB"),
    "nothing": (b"", "as a whole: Input should be"),
    "a list": (b"- 1\n", "as a whole: Input should be"),
    "a later format": (GOOD.replace("1", "2", 1).encode(), "format: Input should be 1"),
    "numbers for words": (b"format: 1\nabout: 7\nquestion: [why]\n", "about: Input should be"),
    "lists of lists": (f"{GOOD}must: [[[x]]]\n".encode(), "must.0.0: Input should be"),
    "a key that nobody knows": (f"{GOOD}shell: id\n".encode(), "shell: Extra inputs"),
    "a space for a fact": (f"{GOOD}must: [' ']\n".encode(), "must.0.0: It says nothing"),
    "a mark for a fact": (f"{GOOD}must: [['x', '`']]\n".encode(), "must.0.1: It says nothing"),
    "spaces for what is wrong": (
        f"{GOOD}must_not: ['  ']\n".encode(),
        "must_not.0: It says nothing",
    ),
    "a space for a command": (f"{GOOD}must_cite: [' ']\n".encode(), "must_cite.0: It says nothing"),
    "a question of spaces": (
        GOOD.replace("why?", "'   '").encode(),
        "question: It says nothing: write words here, or leave it out.",
    ),
    "a format that is true": (GOOD.replace("1", "true", 1).encode(), "format: Input should be 1"),
    "a format with a point": (GOOD.replace("1", "1.0", 1).encode(), "format: Input should be 1"),
    "yes for a number": (f"{GOOD}refused_at_most: true\n".encode(), "refused_at_most: Input"),
    "a namespace with a path in it": (f"{GOOD}namespace: ../x\n".encode(), "namespace: String"),
}


def put(folder: Path, raw: bytes) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "scenario.yaml").write_bytes(raw)
    return folder


@pytest.mark.parametrize(("raw", "said"), FILES.values(), ids=FILES.keys())
def test_a_file_with(tmp_path: Path, raw: bytes, said: str) -> None:
    with pytest.raises(EvaluationError) as error:
        load(put(tmp_path / "one", raw))
    assert said in str(error.value)
    assert len(str(error.value)) < 2_000


@pytest.mark.parametrize("name", ["..", "-rf", "a b", "a\nb", "x" * 101])
def test_a_folder_whose_name_is_none(tmp_path: Path, name: str) -> None:
    put(tmp_path / name, GOOD.encode())
    with pytest.raises(EvaluationError, match="is no name of a scenario"):
        load(Path(f"{tmp_path}/{name}"))


def test_files_that_are_none_are_neither_followed_nor_waited_for(tmp_path: Path) -> None:
    good = put(tmp_path / "good", ASKING)
    for name in ("linked", "piped"):
        (tmp_path / name).mkdir()
    (tmp_path / "linked" / "scenario.yaml").symlink_to(good / "scenario.yaml")
    os.mkfifo(tmp_path / "piped" / "scenario.yaml")
    for name in ("linked", "piped"):
        with pytest.raises(EvaluationError, match="is no scenario"):
            load(tmp_path / name)
    (tmp_path / "linked" / "scenario.yaml").unlink()
    os.mkfifo(good / "pipe")
    [found] = load_all(tmp_path)
    assert len(found.digest()) == 16


def test_a_scenario_that_any_answer_would_pass_is_named_before_anything_is_tried(
    tmp_path: Path,
) -> None:
    put(tmp_path / "asks", ASKING)
    put(tmp_path / "idle", f"{GOOD}cause: a limit of 64Mi\n".encode())
    with pytest.raises(EvaluationError, match=r"idle asks for nothing.*`must`.*--only"):
        load_all(tmp_path)
    put(tmp_path / "idle-too", GOOD.encode())
    with pytest.raises(EvaluationError, match="idle, idle-too ask for nothing"):
        load_all(tmp_path)
    assert [each.name for each in load_all(tmp_path, ["asks"])] == ["asks"]
    assert not load(tmp_path / "idle").expected.asks_for_something


@pytest.mark.parametrize(
    "demand",
    ["must: [a]", "must_not: [a]", "must_cite: [a]", "verdict: [LIKELY]", "refused_at_most: 0"],
)
def test_one_demand_is_enough(tmp_path: Path, demand: str) -> None:
    [found] = load_all(put(tmp_path / "one", f"{GOOD}{demand}\n".encode()))
    assert found.expected.asks_for_something
