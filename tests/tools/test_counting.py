"""How many there are, and what they are called."""

from bot.cluster.scene import PodRow
from bot.tools.counting import names_of, pods_by_state
from tests.doubles.shop import PLACE, a_scene, meta

ROWS = [
    PodRow(PLACE, "a", 1, 1, "Running", 0, "", "1d", ""),
    PodRow(PLACE, "b", 0, 1, "CrashLoopBackOff", 9, "1m", "1d", ""),
    PodRow(PLACE, "c", 0, 1, "Running", 0, "", "1d", ""),
    PodRow(PLACE, "d", 1, 1, "Running", 0, "", "1d", ""),
]


def test_pods_are_counted_by_state() -> None:
    assert pods_by_state(a_scene(rows=ROWS)) == {
        "Running": 2,
        "CrashLoopBackOff": 1,
        "Running, not ready": 1,
    }


def test_names_are_bounded_and_sorted() -> None:
    services = [{"metadata": meta(f"s{n:02}")} for n in reversed(range(30))]

    names = names_of(a_scene(lists={"services": services}), ["Service"])["Service"]

    assert names == tuple(f"s{n:02}" for n in range(20))


def test_what_could_not_be_read_is_not_said_to_be_none() -> None:
    scene = a_scene(lists={"services": []})
    scene.unread_plurals.add(("services", PLACE))

    assert names_of(scene, ["Service", "Ingress"]) == {}
