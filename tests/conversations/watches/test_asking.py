"""What stands behind `watch`, read."""

import pytest

from bot.conversations.watches.asking import Asked, read


def understood(text: str) -> tuple[str, str, str, str | None, float]:
    found = read(text)
    assert isinstance(found, Asked), found
    return found.kind.word, found.name, found.namespace, found.goal, found.seconds


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("deployment/web until ready", ("deployment", "web", "", "ready", 3600)),
        ("deploy web in shop until ready for 30m", ("deployment", "web", "shop", "ready", 1800)),
        ("Pod `y` for 2 hours -n shop.", ("pod", "y", "shop", None, 7200)),
        ("ns z", ("namespace", "z", "", None, 3600)),
        ("job/nightly until it is done", ("job", "nightly", "", "complete", 3600)),
        ("pvc data until bound", ("pvc", "data", "", "ready", 3600)),
        ("node n-1 for 99h", ("node", "n-1", "", None, 8 * 3600)),
        ("pod/x for 0m", ("pod", "x", "", None, 60)),
        ("deployments.apps/web", ("deployment", "web", "", None, 3600)),
    ],
)
def test_it_is_understood(text: str, meant: tuple[str, str, str, str | None, float]) -> None:
    assert understood(text) == meant


@pytest.mark.parametrize(
    "text",
    ["web", "secret/db until gone", "configmap x", "pod/x until tuesday", "job/x until ready",
     "pod/x and tell ann", "pod/../secrets", "pod/x?watch=1"],
)  # fmt: skip
def test_what_is_not_understood_is_answered_with_an_example(text: str) -> None:
    said = read(text)

    assert isinstance(said, str)
    assert "`watch " in said
