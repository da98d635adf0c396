"""Folders in which attempts are made: each is removed, and those of killed processes later."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.evaluation.homes import home, remove_left_behind


@pytest.fixture(autouse=True)
def place(tmp_path: Path) -> Iterator[Path]:
    """Where this process makes temporary folders, for the time of a test."""
    before, tempfile.tempdir = tempfile.tempdir, str(tmp_path)
    yield tmp_path
    tempfile.tempdir = before


def left_behind(place: Path, *files: str) -> Path:
    folder = place / "kaia-eval-left"
    folder.mkdir()
    for name in files:
        (folder / name).write_text("")
    return folder


def test_a_home_is_gone_with_what_is_in_it_when_it_is_left(place: Path) -> None:
    with home() as folder:
        (folder / "attempt.db").write_text("kept")
    assert list(place.iterdir()) == []


def test_what_was_left_behind_is_removed_and_what_is_in_use_is_not(place: Path) -> None:
    left = left_behind(place, "lock", "attempt.db")
    with home() as folder:
        remove_left_behind()
        assert not left.exists()
        assert folder.exists()


def test_a_folder_that_is_only_being_made_is_left_alone(place: Path) -> None:
    making = left_behind(place, "lock.new")
    remove_left_behind()
    assert making.exists()


def test_nothing_is_followed_out_of_the_folder(place: Path) -> None:
    mine = place / "mine"
    mine.mkdir()
    (mine / "lock").write_text("")
    (place / "kaia-eval-linked").symlink_to(mine)
    os.mkfifo(left_behind(place) / "lock")
    remove_left_behind()
    assert (mine / "lock").exists()
    assert not (place / "kaia-eval-left").exists()
