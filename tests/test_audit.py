"""The audit line: who, where, what, how it ended; and nothing that was said."""

from pathlib import Path

import orjson
import pytest
from structlog.contextvars import bound_contextvars
from structlog.testing import capture_logs

from bot.audit import Audit
from bot.errors import SettingsError

TOKEN = "ghp_" + "a1B2" * 9


def lines(path: Path) -> list[dict[str, object]]:
    return [orjson.loads(line) for line in path.read_bytes().splitlines()]


def test_a_line_has_what_was_done_and_for_whom(tmp_path: Path) -> None:
    file = tmp_path / "audit.jsonl"
    audit = Audit(file)
    with bound_contextvars(who="U1", where="C1", thread="T1:C1:1.0", turn="message:1", other=1):
        audit.record("command", argv=("kubectl", "get", "pods"), verdict="read", exit=0, bytes=12)
    audit.close()

    [line] = lines(file)
    assert line.pop("time")
    assert line == {
        "audit": "command",
        "who": "U1",
        "where": "C1",
        "thread": "T1:C1:1.0",
        "turn": "message:1",
        "argv": ["kubectl", "get", "pods"],
        "verdict": "read",
        "rule": None,
        "seconds": None,
        "exit": 0,
        "bytes": 12,
        "redactions": None,
    }


def test_a_line_that_knows_nothing_says_so_in_every_key(tmp_path: Path) -> None:
    file = tmp_path / "audit.jsonl"
    audit = Audit(file)
    audit.record("refusal", why="nobody may")
    audit.close()

    [line] = lines(file)
    known = {name for name, value in line.items() if value is not None}
    assert known == {"time", "audit", "why"}
    assert line.keys() - known == {
        *("who", "where", "thread", "turn"),
        *("argv", "verdict", "rule", "seconds", "exit", "bytes", "redactions"),
    }


def test_a_secret_in_a_command_is_hidden(tmp_path: Path) -> None:
    file = tmp_path / "audit.jsonl"
    audit = Audit(file)
    audit.record("refusal", why=f"no\nflag --token={TOKEN}", argv=[f"--token={TOKEN}"])
    audit.close()

    assert TOKEN not in file.read_text()
    assert len(lines(file)) == 1


def test_the_file_is_for_its_owner_alone_and_survives_a_rotation(tmp_path: Path) -> None:
    file = tmp_path / "audit.jsonl"
    audit = Audit(file)
    audit.record("refusal", why="first")
    assert file.stat().st_mode & 0o777 == 0o600

    file.rename(tmp_path / "audit.jsonl.1")
    audit.record("refusal", why="second")
    audit.close()

    assert [line["why"] for line in lines(file)] == ["second"]
    assert file.stat().st_mode & 0o777 == 0o600
    assert [line["why"] for line in lines(tmp_path / "audit.jsonl.1")] == ["first"]


def test_a_place_that_cannot_be_written_is_said_at_start(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"KAIA_AUDIT_FILE .* No such file"):
        Audit(tmp_path / "absent" / "audit.jsonl")


def test_a_disk_that_is_full_ends_no_turn(tmp_path: Path) -> None:
    full = tmp_path / "full"
    full.symlink_to("/dev/full")
    audit = Audit(full)
    with capture_logs() as logs:
        audit.record("refusal", why="nobody may")
        audit.record("refusal", why="nobody may")
    audit.close()
    assert [log["event"] for log in logs] == ["audit.refusal", "audit.not_written"] * 2
