"""Below the verdict stand the cause and the next step, by rule."""

from dataclasses import replace

from bot.cluster.findings import Finding
from bot.tools.lead import lead
from bot.tools.looking import Look
from bot.tools.verdict import judge
from tests.doubles.looks import CHECKOUT, a_finding, a_look, a_report

WHY = "what is wrong with checkout?"
RIGHT = "`checkout` was OOMKilled: it needs more than 64Mi [1]."
COMMANDS = ("kubectl describe pod -n shop checkout-1", "kubectl top pods -n shop")


def led(
    look: Look | None, answer: str, *, ran: frozenset[str] = frozenset(), is_proposed: bool = False
) -> tuple[str, ...]:
    verdict = judge(look, answer, cited={1}, ran={1}, receipt=1)
    return lead(look, verdict, receipt=1, ran=ran, is_proposed=is_proposed)


def looked(finding: Finding) -> Look:
    return a_look(WHY, finding, objects=[CHECKOUT])


FINDING = replace(a_finding(), next=COMMANDS, cause="It needs more\nthan 64Mi.")


def test_the_cause_comes_with_its_receipt_and_then_the_command_that_tells_more() -> None:
    assert led(looked(FINDING), RIGHT) == (
        "**Cause:** It needs more than 64Mi. [1]",
        "**Next:** `kubectl describe pod -n shop checkout-1`",
    )


def test_a_command_that_has_run_is_not_named_again() -> None:
    first, second = COMMANDS

    assert led(looked(FINDING), RIGHT, ran=frozenset({first}))[1] == f"**Next:** `{second}`"
    assert led(looked(FINDING), RIGHT, ran=frozenset(COMMANDS))[1] == (
        "**Next:** `show 1` lists the fields that this rests on."
    )


def test_the_cause_is_never_said_surer_than_the_checks_are() -> None:
    likely = replace(a_finding(signals=1), cause="It may leak.")
    possible = replace(a_finding(is_possible=True), cause="It may leak.")

    assert led(looked(likely), RIGHT)[0] == "**Likely cause:** It may leak. [1]"
    assert led(looked(possible), RIGHT)[0] == "**Possible cause:** It may leak. [1]"
    other = led(looked(FINDING), "`checkout` fails because DNS does not resolve `db` [1].")
    assert other[0].startswith("**What the checks say:** It needs more than 64Mi.")


def test_more_than_one_cause_is_counted() -> None:
    two = replace(FINDING, reason="ConnectionRefused", about=CHECKOUT._replace(name="pay"))
    look = a_look("what is wrong?", FINDING, two)

    told = led(look, "`checkout` was OOMKilled and `pay` has ConnectionRefused [1].")

    assert told[0].endswith("[1] And 1 more, named above or in receipt 1.")


def test_where_all_is_well_there_is_nothing_to_do() -> None:
    assert led(a_look("is all well?"), "All is healthy [1].") == ("**Next:** nothing to do.",)


def test_a_cause_that_no_check_saw_is_to_be_taken_as_a_guess() -> None:
    (after,) = led(a_look(WHY, objects=[CHECKOUT]), "The disk is full because of logs [1].")

    assert "as a guess" in after


def test_what_is_proposed_waits_for_somebody() -> None:
    assert "change proposed below" in led(looked(FINDING), RIGHT, is_proposed=True)[1]


def test_without_a_look_or_rights_it_says_where_to_find_out() -> None:
    blind = replace(a_look("what is wrong?"), report=replace(a_report(), could_look=False))

    assert "kaia doctor" in led(None, "I do not know.")[0]
    assert "kaia doctor" in led(blind, "I do not know.")[0]


def test_no_cause_ends_its_line_or_opens_code() -> None:
    odd = replace(FINDING, cause="a ` b\n\n# c " + "x" * 400)

    cause = led(looked(odd), RIGHT)[0]

    assert "\n" not in cause
    assert "`" not in cause
    assert cause.endswith("…  [1]".replace("  ", " "))
