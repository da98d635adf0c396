"""Which nodes a pod wants."""

import pytest

from bot.cluster.checks.scheduling.selectors import Wish, near_keys, nearest, terms_of


@pytest.mark.parametrize(
    ("operator", "values", "labels", "holds"),
    [
        ("In", ("a", "b"), {"k": "b"}, True),
        ("In", ("a", "b"), {"k": "c"}, False),
        ("In", ("a",), {}, False),
        ("NotIn", ("a",), {"k": "a"}, False),
        ("NotIn", ("a",), {}, True),
        ("Exists", (), {"k": ""}, True),
        ("Exists", (), {}, False),
        ("DoesNotExist", (), {"k": ""}, False),
        ("Gt", ("4",), {"k": "8"}, True),
        ("Gt", ("4",), {"k": "4"}, False),
        ("Lt", ("4",), {"k": "3"}, True),
        ("Lt", ("4",), {"k": "many"}, False),
        ("Lt", ("4",), {}, False),
    ],
)
def test_a_wish_holds_as_the_scheduler_reads_it(
    operator: str, values: tuple[str, ...], labels: dict[str, str], holds: bool
) -> None:
    assert Wish("k", operator, values, "spec").holds(labels) is holds


@pytest.mark.parametrize(
    ("wish", "spoken"),
    [
        (Wish("k", "In", ("a",), ""), "`k=a`"),
        (Wish("k", "In", ("a", "b"), ""), "`k` `a` or `b`"),
        (Wish("k", "NotIn", ("a",), ""), "`k` other than `a`"),
        (Wish("k", "Exists", (), ""), "a label `k`"),
        (Wish("k", "DoesNotExist", (), ""), "no label `k`"),
        (Wish("k", "Gt", ("4",), ""), "`k` above `4`"),
    ],
)
def test_a_wish_is_told_as_one_would_say_it(wish: Wish, spoken: str) -> None:
    assert wish.spoken == spoken


def test_one_of_the_terms_is_enough_and_the_nearest_is_told() -> None:
    def rule(key: str) -> dict[str, object]:
        return {"key": key, "operator": "Exists"}

    required = {
        "nodeSelectorTerms": [
            {"matchExpressions": [rule("a"), rule("b")]},
            {"matchExpressions": [rule("c")]},
            {"matchExpressions": [{"key": "d", "operator": "Sideways"}]},
        ]
    }
    terms = terms_of(required, "spec")
    assert [each.key for each in nearest(terms, {"x": ""})] == ["c"]
    assert nearest(terms, {"c": ""}) == ()
    assert nearest((), {}) == ()


@pytest.mark.parametrize(
    ("key", "known", "expected"),
    [
        ("disk-type", {"disktype"}, ("disktype",)),
        ("zone", {"topology.kubernetes.io/zone"}, ("topology.kubernetes.io/zone",)),
        ("node-role.kubernetes.io/worker", {"node-role.kubernetes.io/control-plane"}, ()),
    ],
)
def test_keys_are_compared_by_name(key: str, known: set[str], expected: tuple[str, ...]) -> None:
    assert near_keys(key, known) == expected
