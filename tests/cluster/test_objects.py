"""Fields of objects as they are read."""

import pytest

from bot.cluster.objects import quantity


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("250m", 0.25),
        ("24581684Ki", 24581684 * 1024.0),
        ("1.5Gi", 1.5 * 2**30),
        ("2k", 2000.0),
        ("1e3", 1000.0),
        ("3", 3.0),
        ("1K", None),
        ("", None),
        ("lots", None),
    ],
)
def test_a_quantity_is_read_with_every_suffix(written: str, expected: float | None) -> None:
    assert quantity(written) == expected
