"""Small pieces that several parts of the page share."""

from collections.abc import Sequence

from bot.evaluation.amounts import interval, percent
from bot.evaluation.chance import Share
from bot.evaluation.figures import Case
from bot.evaluation.page.markup import Markup, element


def share(found: Share) -> Markup:
    """A number, and how sure it is."""
    if not found.of:
        return element("span", "-")
    sure = element("small", interval(found))
    return element("span", element("b", percent(found.value)), " ", sure, class_="share")


def drawn(found: Share) -> Markup:
    """The interval on a line from 0 to 100 %; said in words beside it."""
    low, high, at = (round(100 * each, 2) for each in (found.low, found.high, found.value))
    return element(
        "svg",
        element("rect", x="0", y="5", width="100", height="2", class_="track"),
        element("rect", x=f"{low}", y="3", width=f"{high - low:.2f}", height="6", class_="band"),
        element("rect", x=f"{min(at, 99):.2f}", y="0", width="1", height="12", class_="mark"),
        viewBox="0 0 100 12",
        preserveAspectRatio="none",
        aria_hidden="true",
    )


def passes(case: Case) -> Markup:
    """`2 of 5`."""
    if not case.attempts:
        return element("span", "not tried", class_="state untried")
    return element("span", f"{case.passed} of {len(case.attempts)}", class_=f"state {state(case)}")


def state(case: Case) -> str:
    if not case.attempts:
        return "untried"
    if case.passed == len(case.attempts):
        return "passed"
    return "partly" if case.passed else "failed"


def places(cases: Sequence[Case]) -> dict[str, str]:
    """Name -> where in the page its transcripts are. Names are not trusted to be any."""
    return {each.name: f"scenario-{number}" for number, each in enumerate(cases, 1)}


def table(caption: str, heads: Sequence[str], *bodies: Markup, **attributes: str) -> Markup:
    """One that scrolls by itself where it is too wide, by keyboard too."""
    row = element("tr", *(element("th", each, scope="col") for each in heads))
    whole = element(
        "table",
        element("caption", caption, class_="hidden"),
        element("thead", row),
        *bodies,
        **attributes,
    )
    return element("div", whole, class_="wide", role="region", tabindex="0", aria_label=caption)
