"""A scenario from elsewhere is read whole, or refused with a sentence and without delay."""

import os
from pathlib import Path

import pytest

from bot.errors import EvaluationError
from bot.evaluation.scenario import load, load_all

pytestmark = pytest.mark.timeout(20)

GOOD = "format: 1\nabout: images runs out of memory\nquestion: why?\n"


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
    good = put(tmp_path / "good", GOOD.encode())
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
