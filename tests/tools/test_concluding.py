"""What an answer came to, and of what, as a conversation keeps it to look back at."""

from dataclasses import replace

from bot.cluster.findings import Ref
from bot.tools.concluding import Conclusion, conclusion
from bot.tools.looking import Look
from bot.tools.verdict import judge
from tests.doubles.looks import CART, CHECKOUT, POD, a_finding, a_look, a_report

WELL = "All is well: nothing is wrong [1]."
WEB = Ref("Deployment", "shop", "web")


def concluded(look: Look | None, answer: str) -> Conclusion:
    return conclusion(look, judge(look, answer, cited={1}, ran={1}, receipt=1))


def test_a_cause_is_of_what_has_it_with_its_pods_and_not_of_all_that_was_asked_about() -> None:
    look = a_look("why do checkout and cart fail?", a_finding(affects=(WEB,)), objects=(CART, WEB))
    assert concluded(look, "`checkout` was OOMKilled [1].") == Conclusion(
        "cause", (CHECKOUT, WEB, Ref("Pod", "shop", POD))
    )


def test_health_is_of_what_was_asked_about_or_of_all_that_was_seen() -> None:
    assert concluded(a_look("is cart well?", objects=(CART,)), WELL) == Conclusion(
        "healthy", (CART,)
    )
    assert concluded(a_look("is all well in shop?"), WELL) == Conclusion(
        "healthy", within=("shop",)
    )
    everywhere = replace(a_report(), is_whole_cluster=True)
    assert concluded(a_look("is all well?", report=everywhere), WELL).within == ("",)


def test_what_only_was_read_or_could_not_be_seen_concludes_nothing() -> None:
    assert concluded(None, WELL) == Conclusion()
    assert concluded(a_look("which image has web?", objects=(WEB,)), "web:1 [1]") == Conclusion()
    guessed = a_look("is cart well?", objects=(CART,))
    assert concluded(guessed, "It fails because of DNS [1].") == Conclusion()


def test_of_very_many_pods_few_are_kept() -> None:
    finding = a_finding(pods=tuple(f"checkout-{n}" for n in range(99)))
    about = concluded(a_look("why?", finding), "`checkout` was OOMKilled [1].").about
    assert len(about) == 12
    assert about[0] == CHECKOUT
