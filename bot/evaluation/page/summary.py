"""The page's head: what was tried with whom, and how it went as a whole."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from bot.evaluation.amounts import at_once, counted, dollars, interval, number, percent, times
from bot.evaluation.chance import Share
from bot.evaluation.figures import Figures
from bot.evaluation.page.markup import Markup, element
from bot.evaluation.page.parts import drawn
from bot.evaluation.results import Run
from bot.evaluation.spending import nine_of_ten

_HOW = (
    "Pass@1 is the mean over the scenarios of the share of their attempts that passed."
    " Pass^n is the share of scenarios of which all n attempts passed."
    " The intervals hold the true share in 95 of 100 cases. They count scenarios and not attempts,"
    " because attempts at one scenario depend on each other."
)


def summary(run: Run, found: Figures) -> Markup:
    return element(
        "header",
        element("h1", "Evaluation of ", element("span", run.model, class_="name")),
        element("p", _what(run), class_="soft"),
        *_unfinished(run),
        element("div", *_shares(run, found), class_="cards shares"),
        element("div", *_cards(found), class_="cards"),
        element("div", *_lists(found), class_="lists"),
        element("p", _HOW, class_="soft note"),
    )


def when(run: Run) -> str:
    return f"{datetime.fromtimestamp(run.started, UTC):%Y-%m-%d %H:%M} UTC"


def _what(run: Run) -> str:
    scenarios = counted(len(run.scenarios), "scenario")
    tries = f"each tried {times(run.repeats)}{at_once(run.parallel)}"
    told = f"{scenarios}, {tries} · Kaia {run.kaia} · {when(run)}"
    return f"{told} · {run.folder}" if run.folder else told


def _unfinished(run: Run) -> Iterator[Markup]:
    if not run.is_whole:
        whole = len(run.scenarios) * run.repeats
        told = f"Not whole yet: {len(run.attempts):,} of {whole:,} attempts have ended."
        yield element("p", told, class_="banner", role="status")


def _shares(run: Run, found: Figures) -> Iterator[Markup]:
    yield _shared("Pass@1", found.pass_at_1)
    if run.repeats > 1:
        yield _shared(f"Pass^{run.repeats}", found.pass_all)


def _cards(found: Figures) -> Iterator[Markup]:
    spent = found.spent
    for label, spread in (
        ("Seconds", spent.seconds),
        ("Model calls", spent.model_calls),
        ("Tokens in", spent.prompt_tokens),
        ("Tokens out", spent.completion_tokens),
    ):
        yield _card(label, number(spread.median), nine_of_ten(spread) or "an attempt")
    if found.dollars is None:
        yield _card("Cost", "-", "no price was named")
    else:
        yield _card("Cost", dollars(spent.dollars), f"an attempt; {dollars(found.dollars)} in all")


def _shared(label: str, share: Share) -> Markup:
    if not share.of:
        return _card(label, "-", "nothing was tried yet")
    sure = f"{interval(share)}, {counted(share.of, 'scenario')}"
    return _card(label, percent(share.value), drawn(share), sure)


def _card(label: str, value: str, *below: str) -> Markup:
    *drawing, words = below
    return element(
        "div",
        element("h2", label),
        element("p", value, class_="value"),
        *drawing,
        element("p", words, class_="soft"),
        class_="card",
    )


def _lists(found: Figures) -> Iterator[Markup]:
    yield _list("Problems, by attempts", found.problems, "No attempt has a problem.")
    yield _list("Verdicts, by answers", found.verdicts, "There is no answer yet.")
    refused = {"commands": found.refused, "attempts": found.refusing_attempts}
    yield _list("Refused by the policy", refused if found.refused else {}, "Nothing was refused.")


def _list(title: str, counts: Mapping[str, int], none: str) -> Markup:
    items = [
        element("li", element("b", f"{count:,}"), f" {name}") for name, count in counts.items()
    ]
    told = element("ul", *items) if items else element("p", none, class_="soft")
    return element("section", element("h2", title), told)
