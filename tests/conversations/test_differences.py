"""A command run again says what became different, and nothing of the time that passed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversations.turns.differences import differing

AGES = "Ages were left out of the comparison."

BEFORE = """\
NAME                   READY   STATUS    RESTARTS      AGE   IP          NODE
cart-6b7c8d9f44-bcdfg  1/1     Running   0             5d    10.0.0.7    worker-1
pay-7d9f8b6c5d-x2x4z   1/1     Running   3 (59m ago)   2d3h  10.0.0.8    worker-1
web-5d4f8b6c5d-jklmn   1/1     Running   0             9m1s  <none>      worker-2
"""
LATER = """\
NAME                    READY   STATUS    RESTARTS        AGE     IP         NODE
cart-6b7c8d9f44-bcdfg   1/1     Running   0               5d1h    10.0.0.7   worker-1
pay-7d9f8b6c5d-x2x4z    1/1     Running   3 (2h10m ago)   2d4h    10.0.0.8   worker-1
web-5d4f8b6c5d-jklmn    1/1     Running   0               70m     <none>     worker-2
"""
EVENTS = """\
Name:         pay
Status:       Running
Events:
  Type     Reason   Age                From     Message
  ----     ------   ----               ----     -------
  Normal   Pulled   9m (x4 over 20m)   kubelet  Container image is there
  Warning  BackOff  3s (x9 over 19m)   kubelet  Back-off restarting
"""


def lines(before: str, after: str) -> list[str]:
    """The lines of the difference itself."""
    return differing(before, after).partition("```diff\n")[2].removesuffix("\n```").split("\n")


class TestTheSame:
    def test_the_same_output_is_said_to_be_the_same(self) -> None:
        assert differing("a\nb\n", "a\nb") == "The output is the same."
        assert differing("", "\n") == "The output is the same."

    def test_a_table_in_which_only_ages_grew_is_the_same(self) -> None:
        assert differing(BEFORE, LATER) == f"The output is the same. {AGES}"

    def test_events_that_only_grew_older_are_the_same(self) -> None:
        later = EVENTS.replace("9m (x4 over 20m)  ", "70m (x4 over 81m) ").replace(
            "3s (x9 over 19m)", "1h               "
        )

        assert differing(EVENTS, later) == f"The output is the same. {AGES}"

    @pytest.mark.parametrize(
        ("before", "after"),
        [
            (
                "LAST SEEN   TYPE      REASON\n3m20s       Warning   BackOff",
                "LAST SEEN   TYPE      REASON\n71m         Warning   BackOff",
            ),
            (
                "NAME   SCHEDULE    LAST SCHEDULE   AGE\nsave   0 1 * * *   <none>          3d",
                "NAME   SCHEDULE    LAST SCHEDULE   AGE\nsave   0 1 * * *   3m              3d1h",
            ),
            (
                "NAME   DATA   AGE\na      1      3d\n\nNAME   AGE\nb      2d",
                "NAME   DATA   AGE\na      1      4d\n\nNAME   AGE\nb      3d",
            ),
            ("restarted 3 times (3m ago)", "restarted 3 times (4m20s ago)"),
            ("a   b", "a b"),
        ],
    )
    def test_other_ways_of_telling_an_age(self, before: str, after: str) -> None:
        assert differing(before, after).startswith("The output is the same.")


class TestDifferent:
    def test_only_the_rows_that_differ_and_their_neighbours_are_shown(self) -> None:
        after = LATER.replace("2h10m ago)   2d4h", "5s ago)      2d4h").replace(
            "   3 (5s", "   4 (5s"
        )
        told = differing(BEFORE, after)

        assert told.startswith(f"The output differs: 1 line gone, 1 line new. {AGES}\n```diff\n")
        assert [line[:5] for line in lines(BEFORE, after)] == [" cart", "-pay-", "+pay-", " web-"]
        assert "4 (5s ago)" in lines(BEFORE, after)[2]

    def test_a_row_that_came_and_one_that_went_are_marked(self) -> None:
        after = "\n".join(BEFORE.split("\n")[:3])

        assert differing(BEFORE, after).startswith("The output differs: 1 line gone, 0 lines new.")
        assert lines(after, BEFORE)[-1].startswith("+web-")

    def test_a_restart_is_seen_beside_the_ages(self) -> None:
        assert "differs" in differing(BEFORE, LATER.replace("3 (2h10m", "9 (2h10m"))

    def test_what_looks_like_an_age_elsewhere_is_compared(self) -> None:
        assert "differs" in differing("timeout: 30s", "timeout: 5m")
        assert "differs" in differing("NAME   LIMIT\na      30s", "NAME   LIMIT\na      40s")
        assert "differs" in differing("NAME   AGE\na      old", "NAME   AGE\na      young")

    def test_distant_places_are_shown_apart(self) -> None:
        before = [f"line {n}" for n in range(40)]
        after = [*before[:5], "new", *before[5:30], *before[31:]]

        shown = lines("\n".join(before), "\n".join(after))

        assert shown == [" line 4", "+new", " line 5", "…", " line 29", "-line 30", " line 31"]

    def test_output_that_came_or_went_whole_is_a_difference(self) -> None:
        assert lines("", "Error from server") == ["+Error from server"]
        assert lines("a", "") == ["-a"]


class TestBounds:
    def test_a_long_difference_is_cut_and_says_how_much(self) -> None:
        shown = lines("", "\n".join(f"line {n}" for n in range(100)))

        assert shown[-1] == "… 40 lines more …"
        assert len(shown) == 61

    def test_a_long_line_is_cut(self) -> None:
        assert len(lines("", "x" * 5_000)[0]) == 200

    def test_what_is_too_long_to_compare_in_order_is_compared_all_the_same(self) -> None:
        before = "\n".join(f"line {n}" for n in range(10_000))
        after = "\n".join(f"line {n}" for n in range(9_999, 0, -1))

        told = differing(before, after)

        assert "too long to compare in order" in told
        assert lines(before, after) == ["-line 0"]

    def test_a_long_output_with_a_small_difference_is_compared_in_order(self) -> None:
        before = "\n".join(f"line {n}" for n in range(10_000))

        assert lines(before, before.replace("line 5000\n", "")) == [
            " line 4999",
            "-line 5000",
            " line 5001",
        ]

    def test_backticks_cannot_end_the_fence(self) -> None:
        assert differing("", "```\n`````").count("```") == 2


TEXTS = st.lists(
    st.sampled_from(
        ["NAME   AGE", "a      3m", "b", "", "  Type  Reason  Age  From  Message", "```"]
    )
).map("\n".join)


@given(TEXTS | st.text(), TEXTS | st.text())
def test_any_two_outputs_can_be_compared(before: str, after: str) -> None:
    told = differing(before, after)

    assert told.startswith(("The output is the same.", "The output differs: "))
    assert len(told) < 62 * 205 + 300
    assert differing(before, before).startswith("The output is the same.")
