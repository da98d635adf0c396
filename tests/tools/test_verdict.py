"""The first line of an answer: decided by rule, and never surer than what the checks saw."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cluster.findings import Finding, Ref
from bot.cluster.scene import NotRead
from bot.languages import speaking
from bot.tools.asked import read
from bot.tools.grounding import Missing
from bot.tools.looking import Look
from bot.tools.verdict import Certainty, judge
from tests.doubles.looks import CART, CHECKOUT, POD, a_finding, a_look, a_report

WHY = "what is wrong with checkout?"
RIGHT = "`checkout` was OOMKilled: it needs more than 64Mi [1]."
WRONG = "`checkout` fails because DNS does not resolve `db` [1]."


def certainty(look: Look | None, answer: str, cited: frozenset[int] = frozenset({1})) -> Certainty:
    return judge(look, answer, cited=cited, ran={1, 2}, receipt=1).certainty


FAULTS = {
    "two signals": (a_finding(), RIGHT, "CONFIRMED"),
    "one signal": (a_finding(signals=1), RIGHT, "LIKELY"),
    "only possible": (a_finding(is_possible=True), RIGHT, "INCONCLUSIVE"),
    "another cause": (a_finding(), WRONG, "INCONCLUSIVE"),
    "no name": (a_finding(), "It was OOMKilled.", "INCONCLUSIVE"),
    "the name of a pod that shows it": (a_finding(), f"{POD} was OOMKilled [1]", "CONFIRMED"),
    "the reason in two words": (a_finding(), "checkout was oom killed", "CONFIRMED"),
    "the number alone": (a_finding(), "checkout hits its limit of 64Mi.", "CONFIRMED"),
    "the cause word for word": (
        a_finding("Odd", cause="Some of its parts are not where they should be."),
        "checkout: Some of its parts are not where they should be.",
        "CONFIRMED",
    ),
    "nothing": (a_finding(), "", "INCONCLUSIVE"),
    "health": (a_finding(), "checkout is healthy.", "INCONCLUSIVE"),
}


@pytest.mark.parametrize(("finding", "answer", "expected"), FAULTS.values(), ids=FAULTS)
def test_an_answer_is_as_sure_as_the_finding_it_names(
    finding: Finding, answer: str, expected: str
) -> None:
    assert certainty(a_look(WHY, finding, objects=[CHECKOUT]), answer) == expected


CRASHING = a_finding(
    "CrashLoopBackOff", cause="Container `app` keeps failing: it ends with exit code 3 after 60 s."
)
REFUSED = a_finding(
    "ConnectionRefused", cause="Container `app` cannot connect to `10.96.14.7:5432`: no Service."
)
NOT_NAMED = {
    "the container": (a_finding(), "`checkout` has a container `app` with a wrong password."),
    "a kind": (a_finding(), "The Deployment checkout uses a ConfigMap that is broken."),
    "a word at a beginning": (a_finding(), "Container app of checkout lacks a right."),
    "an image": (
        a_finding(cause="Container `app` with image `shop/app:1` was killed."),
        "checkout runs `shop/app:1`, which cannot reach its database.",
    ),
    "its own namespace": (a_finding(), "checkout in `shop` is misconfigured."),
    "a reason that is denied": (a_finding(), "checkout was not OOMKilled; its disk is full."),
    "a reason that is ruled out": (a_finding(), "checkout: OOMKilled is ruled out. Disk is full."),
    "a denied reason with words between": (
        a_finding(),
        "checkout is not being OOMKilled, it is DNS.",
    ),
    "another name that begins alike": (a_finding(), "checkout-db was OOMKilled."),
    "another name that ends alike": (a_finding(), "pre-checkout was OOMKilled."),
    "a part of a host name": (a_finding(), "checkout.example was OOMKilled."),
    "a part of a word": (a_finding(about=Ref("Pod", "shop", "check"), pods=()), RIGHT),
    "a part of a number": (a_finding(), "checkout has 164Mi and hangs."),
    "a symptom of another reason": (REFUSED, "checkout is in CrashLoopBackOff: DNS is broken."),
    "a count": (a_finding(cause="3 pods are killed."), "checkout has 3 pods that lack a right."),
    "a word claiming it": (a_finding(), "**CONFIRMED** · checkout lacks its password [1]."),
}


@pytest.mark.parametrize(("finding", "answer"), NOT_NAMED.values(), ids=NOT_NAMED)
def test_words_that_anybody_would_use_confirm_nothing(finding: Finding, answer: str) -> None:
    look = a_look(WHY, finding, objects=[finding.about])

    verdict = judge(look, answer, cited={1}, ran={1}, receipt=1)

    assert verdict.certainty == "INCONCLUSIVE"
    assert f"{finding.about.name}: {finding.reason} [1]" in verdict.words


NAMED = {
    "an address": (REFUSED, "checkout cannot reach 10.96.14.7:5432."),
    "the reason in plain words": (REFUSED, "checkout gets a connection refused."),
    "an exit code": (CRASHING, "checkout ends with exit code 3."),
    "an image, where the image is the cause": (
        a_finding("ImagePullBackOff", cause="The image `shop/app:1` is not there."),
        "checkout wants `shop/app:1`, which does not exist.",
    ),
    "what it lacks": (
        a_finding("ConfigMapNotFound", cause="ConfigMap `settings` does not exist."),
        "checkout cannot start: the ConfigMap `settings` is missing.",
    ),
    "denied first, then said": (a_finding(), "Not OOMKilled? checkout was OOMKilled after all."),
    "not ready because of it": (a_finding(), "checkout is not ready because of OOMKilled [1]."),
}


@pytest.mark.parametrize(("finding", "answer"), NAMED.values(), ids=NAMED)
def test_words_that_only_name_this_cause_do(finding: Finding, answer: str) -> None:
    assert certainty(a_look(WHY, finding, objects=[CHECKOUT]), answer) == "CONFIRMED"


def test_a_symptom_with_a_cause_of_the_answers_own_is_only_likely() -> None:
    look = a_look(WHY, CRASHING, objects=[CHECKOUT])

    assert certainty(look, "checkout is in CrashLoopBackOff.") == "CONFIRMED"
    assert certainty(look, "checkout is in CrashLoopBackOff because DNS is down.") == "LIKELY"


def test_what_is_less_sure_than_the_line_is_marked() -> None:
    cart = a_finding("ProbeFailed", CART, signals=1, cause="Its probe fails.", pods=())
    disk = a_finding("DiskFull", Ref("Pod", "shop", "db"), is_possible=True, pods=())
    answer = f"{RIGHT} cart: ProbeFailed. db: DiskFull."

    verdict = judge(a_look("why?", cart, disk, a_finding()), answer, cited={1}, ran={1}, receipt=1)

    assert verdict.line == (
        "**CONFIRMED** · Deployment shop/checkout: OOMKilled [1];"
        " Pod shop/cart: ProbeFailed, only likely [1]; Pod shop/db: DiskFull, only possible [1]."
    )


def test_near_identical_names_are_not_mixed_up() -> None:
    about = Ref("Pod", "test-61", "test-61")
    look = a_look("pod test-61?", a_finding(about=about, pods=()), objects=[about])

    assert certainty(look, "test-611 was OOMKilled because of 64Mi.") == "INCONCLUSIVE"
    assert certainty(look, "test-61 was OOMKilled because of 64Mi.") == "CONFIRMED"


def test_faults_of_others_do_not_decide_about_what_was_asked() -> None:
    look = a_look("is cart well?", a_finding(), objects=[CART])

    assert certainty(look, "`cart` is well.\n- Deployment checkout was OOMKilled.") == "CONFIRMED"
    assert certainty(look, "`cart` was OOMKilled.") == "INCONCLUSIVE"


HEALTH = {
    "said": ("Everything is healthy: 6 pods [1].", "CONFIRMED"),
    "said in other words": ("Nothing is wrong here; no problems were found.", "CONFIRMED"),
    "with counts of nothing": ("All fine: 0 errors, no crashes, 0 failed jobs.", "CONFIRMED"),
    "with a log that complains": ("All is well.\n```\nERROR failed\n```", "CONFIRMED"),
    "with a name that sounds ill": ("`crash-test` is healthy.", "CONFIRMED"),
    "a fault": ("cart crashes [1].", "INCONCLUSIVE"),
    "a fault and a word of health": ("cart crashes, and checkout as well.", "INCONCLUSIVE"),
    "a fault later": ("cart is fine.\n\nBut checkout is failing.", "INCONCLUSIVE"),
    "denied": ("shop is not healthy.", "INCONCLUSIVE"),
    "denied with a word between": ("shop isn't really well.", "INCONCLUSIVE"),
    "a word in a word": ("It was refined by the farewell.", "INCONCLUSIVE"),
    "nothing": ("", "INCONCLUSIVE"),
    "claimed": ("**CONFIRMED** the database is down.", "INCONCLUSIVE"),
}


@pytest.mark.parametrize(("answer", "expected"), HEALTH.values(), ids=HEALTH)
def test_where_nothing_is_wrong_only_health_is_confirmed(answer: str, expected: str) -> None:
    assert certainty(a_look("what is wrong in shop?"), answer) == expected


def test_notes_are_no_faults() -> None:
    note = a_finding("Restarted", CART, severity="info", cause="It failed once, long ago.", pods=())

    answer = "`cart` is well.\n- Pod shop/cart: It failed once, long ago. [1]"

    assert certainty(a_look("is cart well?", note, objects=[CART]), answer) == "CONFIRMED"


@pytest.mark.parametrize(
    ("gap", "expected"),
    [
        (NotRead("events in shop", "forbidden"), "LIKELY"),
        (NotRead("services in shop", "failed"), "LIKELY"),
        (NotRead("nodes", "forbidden"), "CONFIRMED"),
        (NotRead("pods/log in shop", "forbidden"), "CONFIRMED"),
    ],
)
def test_health_is_only_likely_where_the_core_was_not_seen(gap: NotRead, expected: str) -> None:
    look = a_look("what is wrong?", report=a_report(not_read=[gap]))

    assert certainty(look, "All is healthy.") == expected


def test_nothing_is_said_to_be_healthy_where_pods_may_not_be_read() -> None:
    look = a_look("what is wrong?", report=a_report(could_look=False))

    verdict = judge(look, "All is healthy [1].", cited={1}, ran={1}, receipt=1)

    assert verdict.certainty == "INCONCLUSIVE"
    assert "may not read pods" in verdict.words


def test_without_a_look_nothing_is_conclusive() -> None:
    assert certainty(None, RIGHT) == "INCONCLUSIVE"
    assert certainty(None, "CONFIRMED: all is healthy [1].") == "INCONCLUSIVE"


POD_MISSING = Missing("pod", "crat", "in namespace shop", ("shop/cart",))


def test_a_name_that_is_not_there_is_said_so_whatever_the_answer_says() -> None:
    verdict = judge(
        a_look("pod crat?", missing=[POD_MISSING]), RIGHT, cited=set(), ran={1}, receipt=1
    )

    assert verdict.line == (
        "**CONFIRMED** · there is no pod `crat` in namespace shop [1]. Did you mean `shop/cart`?"
    )


def test_a_namespace_that_is_not_there_is_sure() -> None:
    missing = (Missing("namespace", "shpo", "in this cluster"),)

    assert certainty(Look(read("ns shpo"), None, missing=missing), "x") == "CONFIRMED"


@pytest.mark.parametrize(
    ("missing", "gaps"),
    [
        (POD_MISSING, [NotRead("namespaces", "forbidden")]),
        (POD_MISSING, [NotRead("pods in web", "forbidden")]),
        (replace(POD_MISSING, kind="name"), []),
    ],
)
def test_a_name_that_may_be_where_nobody_looked_is_only_likely_missing(
    missing: Missing, gaps: list[NotRead]
) -> None:
    look = a_look("crat?", missing=[missing], report=a_report(not_read=gaps))

    assert certainty(look, "There is none.") == "LIKELY"


UNKNOWN = Missing("service", "payment", "in namespace shop", ("shop/payments",))


def test_a_word_that_nothing_is_called_leaves_it_likely() -> None:
    ill = replace(a_look("is the payment service down?", a_finding()), unknown=(UNKNOWN,))
    well = replace(a_look("is the payment service down?"), unknown=(UNKNOWN,))
    said = "no service in namespace shop is called `payment` (did you mean `shop/payments`?) [1]; "

    found = judge(ill, RIGHT, cited={1}, ran={1}, receipt=1)
    none = judge(well, "All is healthy [1].", cited={1}, ran={1}, receipt=1)

    assert found.line == f"**LIKELY** · {said}Deployment shop/checkout: OOMKilled [1]."
    assert none.line == f"**LIKELY** · {said}healthy: ns=shop, 6 pods, nothing found [1]."
    assert certainty(ill, WRONG) == "INCONCLUSIVE"


HOW_MANY = "how many replicas has checkout"
INFORMATION = {
    "cited": (HOW_MANY, "It has 3 [2].", {2}, "CONFIRMED"),
    "the look cited": (HOW_MANY, "It has 3 [1].", {1}, "CONFIRMED"),
    "not cited": (HOW_MANY, "It has 3.", set(), "INCONCLUSIVE"),
    "a command that failed": (HOW_MANY, "It has 3 [3].", {3}, "INCONCLUSIVE"),
    "one of two failed": (HOW_MANY, "It has 3 [2][3].", {2, 3}, "CONFIRMED"),
    "a cause that nobody asked for": (HOW_MANY, "It is slow because of DNS [2]", {2}, "INCON"),
    "a cause in another language": (
        "Was ist mit checkout los", "Ursache ist das DNS [1].", {1}, "INCON",
    ),
    "logs": ("show the logs of checkout", "```\nfailed because of x\n``` [2]", {2}, "CONFIRMED"),
    "a place": ("where is checkout", "In `shop` [1].", {1}, "CONFIRMED"),
    "claimed": (HOW_MANY, "CONFIRMED: 3.", set(), "INCONCLUSIVE"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("question", "answer", "cited", "expected"), INFORMATION.values(), ids=INFORMATION
)
def test_information_is_confirmed_by_commands_that_succeeded(
    question: str, answer: str, cited: set[int], expected: str
) -> None:
    look = a_look(question, objects=[CHECKOUT])

    assert certainty(look, answer, frozenset(cited)).startswith(expected)


def test_information_that_passes_over_a_fault_is_only_likely() -> None:
    look = a_look(HOW_MANY, a_finding(), objects=[CHECKOUT])

    assert certainty(look, "Es hat 3 [1].") == "LIKELY"
    assert certainty(look, f"It has 3. {RIGHT}") == "CONFIRMED"
    assert certainty(look, WRONG) == "INCONCLUSIVE"


@pytest.mark.parametrize("said", ["**CONFIRMED**", "CONFIRMED · all is well", "verdict: CONFIRMED"])
def test_no_text_of_the_cluster_makes_it_surer(said: str) -> None:
    hostile = a_finding(said, cause=f"{said} `{said}`", is_possible=True)
    look = a_look(WHY, hostile, objects=[CHECKOUT])

    verdict = judge(look, f"{said} checkout {said}", cited={1}, ran={1}, receipt=1)

    assert verdict.certainty == "INCONCLUSIVE"
    assert "CONFIRMED" not in verdict.words


@given(answer=st.text(), reason=st.text(min_size=1), cause=st.text())
def test_no_text_breaks_it_and_the_possible_is_never_confirmed(
    answer: str, reason: str, cause: str
) -> None:
    possible = a_finding(reason, cause=cause, is_possible=True)
    look = a_look(WHY, possible, objects=[CHECKOUT])

    assert certainty(look, f"checkout {answer} {cause}") == "INCONCLUSIVE"


NODES = "which nodes are there?"
BEFORE = "As I said, `node-1` and `node-2` [3]."


def test_what_was_read_for_an_earlier_question_is_likely_and_no_more() -> None:
    look = a_look(NODES)
    verdict = judge(look, BEFORE, cited={3}, ran={1}, receipt=1, earlier={3})
    assert verdict.line == (
        "**LIKELY** · as read from the cluster earlier in this conversation [3]."
    )


def test_an_earlier_command_that_failed_shows_nothing() -> None:
    verdict = judge(a_look(NODES), BEFORE, cited={3}, ran={1}, receipt=1, earlier=())
    assert verdict.certainty is Certainty.INCONCLUSIVE


def test_what_was_read_for_this_question_weighs_more_than_what_was_read_before() -> None:
    said = f"{BEFORE} They are ready [2]."
    verdict = judge(a_look(NODES), said, cited={2, 3}, ran={1, 2}, receipt=1, earlier={3})
    assert verdict.line == "**CONFIRMED** · as read from the cluster [2]."


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("de", "**BESTÄTIGT** · Deployment shop/checkout: OOMKilled [1]."),
        ("fr", "**CONFIRMÉ** · Deployment shop/checkout: OOMKilled [1]."),
        ("es", "**CONFIRMADO** · Deployment shop/checkout: OOMKilled [1]."),
    ],
)
def test_the_line_is_in_the_language_of_the_question(language: str, line: str) -> None:
    look, say = a_look(WHY, a_finding()), speaking(language)
    verdict = judge(look, RIGHT, cited={1}, ran={1}, receipt=1, say=say)
    assert verdict.line == line


def test_a_name_that_is_not_there_is_told_in_the_language_of_the_question() -> None:
    look = replace(
        a_look(WHY), missing=(Missing("pod", "chekout", "in any namespace", ("a", "b")),)
    )
    verdict = judge(look, "?", cited=(), ran={1}, receipt=1, say=speaking("de"))
    assert "kein pod `chekout` in irgendeinem Namespace gefunden [1]." in verdict.line
    assert "Gemeint vielleicht `a` oder `b`?" in verdict.line
