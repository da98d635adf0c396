"""Names in questions, and what of them exists."""

import pytest

from bot.cluster.findings import Ref
from bot.tools.asked import Intent, Named, read
from bot.tools.grounding import Names, called, elsewhere, ground

NAMES = Names(
    ("shop", "web", "test-61", "test-611"),
    (),
)
REFS = (
    Ref("Deployment", "shop", "checkout"),
    Ref("Service", "shop", "checkout"),
    Ref("Pod", "shop", "checkout-7d9f8-x2k4z"),
    Ref("Pod", "shop", "cart"),
    Ref("Pod", "web", "nginx"),
    Ref("Node", "", "worker-1"),
)


@pytest.fixture
def names() -> Names:
    found = Names(NAMES.namespaces, REFS)
    for ref in REFS:
        found.by_name.setdefault(ref.name, []).append(ref)
    return found


@pytest.mark.parametrize(
    ("question", "intent"),
    [
        ("what is wrong with checkout?", Intent.WELLNESS),
        ("why is it down", Intent.WELLNESS),
        ("show me the logs of cart", Intent.LOGS),
        ("where is cart?", Intent.WHERE),
        ("which namespace has cart", Intent.WHERE),
        ("how many replicas has checkout", Intent.OTHER),
    ],
)
def test_what_a_question_wants(question: str, intent: Intent) -> None:
    assert read(question).intent is intent


@pytest.mark.parametrize(
    ("question", "namespaces"),
    [
        ("what is wrong in namespace shop?", ("shop",)),
        ("pods in the web namespace", ("web",)),
        ("kubectl get pods -n shop", ("shop",)),
        ("look at ns/shop please", ("shop",)),
        ("My pod keeps restarting", ()),
    ],
)
def test_namespaces_that_are_said_to_be_some(question: str, namespaces: tuple[str, ...]) -> None:
    assert read(question).namespaces == namespaces


def test_who_speaks_is_no_name() -> None:
    assert read("Cart (U1): is everything fine?").words == ()


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("what is wrong with checkout in shop?", [Ref("Deployment", "shop", "checkout")]),
        ("is the checkout service fine", [Ref("Service", "shop", "checkout")]),
        ("service checkout", [Ref("Service", "shop", "checkout")]),
        ("shop/cart is broken", [Ref("Pod", "shop", "cart")]),
        ("what about pod checkout?", [Ref("Deployment", "shop", "checkout")]),
        ("is node worker-1 ok?", [Ref("Node", "", "worker-1")]),
        ("why is checkout-7d9f8-x2k4z failing", [Ref("Pod", "shop", "checkout-7d9f8-x2k4z")]),
        ("is everything ok", []),
    ],
)
def test_names_are_found_among_what_exists(
    names: Names, question: str, expected: list[Ref]
) -> None:
    assert list(ground(read(question), names).objects) == expected


def test_a_pod_that_does_not_exist_is_missing_and_near_names_are_offered(names: Names) -> None:
    [missing] = ground(read("what is wrong with pod crat?"), names).missing

    assert (missing.kind, missing.name) == ("pod", "crat")
    assert missing.likely == ("shop/cart",)


def test_a_name_that_is_in_another_namespace_is_offered_from_there(names: Names) -> None:
    [missing] = ground(read("pod nginx"), names, namespace="shop").missing

    assert missing.where == "in namespace shop"
    assert missing.likely == ("web/nginx",)


def test_a_word_that_is_no_name_is_not_missed(names: Names) -> None:
    assert ground(read("why is everything so slow today"), names).missing == ()


def test_near_identical_names_are_not_mixed_up(names: Names) -> None:
    refs = (Ref("Pod", "test-61", "test-61"), Ref("Pod", "test-611", "test-611"))
    both = Names(names.namespaces, refs)
    for ref in refs:
        both.by_name.setdefault(ref.name, []).append(ref)

    assert ground(read("pod test-61?"), both).objects == (refs[0],)


def test_a_path_says_where_its_object_is() -> None:
    assert read("payments/api is down").named == (Named("api", "", "payments", is_sure=True),)


@pytest.mark.parametrize(
    "question",
    ["it says 1/2 ready", "why Init:0/1?", "there is no traffic", "these do not work"],
)
def test_numbers_and_common_words_are_no_names(question: str) -> None:
    asked = read(question)

    assert (asked.namespaces, asked.named) == ((), ())
    assert not {*asked.words} & {"traffic", "work"}


def test_a_name_with_log_in_it_is_no_wish_for_logs() -> None:
    assert read("is log-collector fine?").intent is Intent.WELLNESS


def test_a_plural_finds_its_singular(names: Names) -> None:
    assert ground(read("are the carts down?"), names).objects == (Ref("Pod", "shop", "cart"),)


def test_what_is_only_elsewhere_is_missing_in_the_namespace_that_was_said(names: Names) -> None:
    [missing] = elsewhere(read("why does nginx crash in namespace shop"), names, "shop")

    assert (missing.kind, missing.name, missing.likely) == ("pod", "nginx", ("web/nginx",))


def test_what_is_here_too_is_not_missing(names: Names) -> None:
    assert not list(elsewhere(read("why does cart crash in namespace shop"), names, "shop"))


def test_what_has_findings_is_known_although_no_list_has_it() -> None:
    found = (Ref("Application", "shop", "storefront"), Ref("Application", "shop", "other"))

    assert called(read("is application storefront synced?"), found) == found[:1]


def test_a_common_word_is_the_name_of_exactly_that_kind_only(names: Names) -> None:
    names.by_name["logs"] = [Ref("Deployment", "shop", "logs")]

    assert ground(read("check deployment logs"), names).objects == (
        Ref("Deployment", "shop", "logs"),
    )
    assert ground(read("show the pod logs"), names).objects == ()
