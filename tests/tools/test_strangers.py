"""Words that nothing is called, and what they may stand for."""

import pytest

from bot.cluster.findings import Ref
from bot.tools.asked import read
from bot.tools.grounding import Names
from bot.tools.strangers import Strangers, strangers

CHECKOUT = Ref("Deployment", "shop", "checkout")
NAMES = Names(("shop",), (CHECKOUT, Ref("Deployment", "bank", "stock")), {"checkout": [CHECKOUT]})
MIGRATION = Ref("Job", "shop", "migrate-orders")


def found_in(text: str, *found: Ref, place: str = "shop") -> Strangers:
    where = f"in namespace {place}" if place else "in any namespace"
    return strangers(read(text, ("shop",)), NAMES, found, place=place, where=where)


def test_a_near_name_is_only_offered_where_the_namespace_was_said() -> None:
    [unknown] = found_in("is chekout in shop ok?").unknown

    assert found_in("is chekout in shop ok?").slips == ()
    assert (unknown.kind, unknown.where) == ("name", "in namespace shop")
    assert unknown.likely == ("shop/checkout",)


def test_a_slip_of_the_pen_is_one_where_no_namespace_was_said() -> None:
    found = found_in("is chekout ok?", place="")

    assert [each.likely for each in found.slips] == [("shop/checkout",)]
    assert found.unknown == ()


def test_the_kind_that_was_said_stands_with_the_name() -> None:
    [unknown] = found_in("what is wrong with the payments service in shop?").unknown

    assert (unknown.kind, unknown.name, unknown.likely) == ("service", "payments", ())


@pytest.mark.parametrize("text", ["the migration job in shop failed", "is the orders job ok?"])
def test_what_was_found_may_be_what_is_meant(text: str) -> None:
    assert found_in(text, MIGRATION) == Strangers()
    assert found_in(text).unknown != ()


def test_a_word_that_is_like_something_elsewhere_is_no_stranger() -> None:
    assert found_in("a pod is stuck in Terminating in shop") == Strangers()
