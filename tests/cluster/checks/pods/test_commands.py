"""What a container runs, on one line."""

import pytest

from bot.cluster.checks.pods.commands import command_of


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("nc $HOST 80", "nc db 80"),
        ("nc ${HOST} 80", "nc db 80"),
        ("nc ${HOST:-other} 80", "nc db 80"),
        ("nc $(HOST) 80", "nc db 80"),
        ("nc $OTHER ${UNSET} 80", "nc $OTHER ${UNSET} 80"),
        ("date; echo $? $$", "date; echo $? $$"),
    ],
)
def test_variables_with_a_plain_value_are_filled_in(word: str, expected: str) -> None:
    env = [{"name": "HOST", "value": "db"}, {"name": "OTHER", "valueFrom": {}}]
    assert command_of({"command": ["sh", "-c"], "args": [word], "env": env}) == f"sh -c {expected}"
