"""The page of a run: what is in it, that it stays small, and that no text becomes markup."""

import base64
import hashlib
import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.evaluation.page import written
from bot.evaluation.page.markup import Markup, element, joined
from bot.evaluation.results import Exchange, Problem, Run
from tests.evaluation.runs import MISSING, PRICE, attempt, attempts, command, run

HOSTILE = (
    "</pre></style></script><script>alert(1)</script><img src=x onerror=alert(1)>\"'&amp;$title"
)
VOID = {"meta", "input"}


class Seen(HTMLParser):
    """A page's elements and its texts; an element that is not closed is an error."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self._open: list[str] = []
        self.feed(page)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    @property
    def text(self) -> str:
        return "".join(self.texts)

    def count(self, tag: str, of_class: str = "") -> int:
        return sum(
            found == tag and of_class in (attributes.get("class") or "")
            for found, attributes in self.elements
        )


@pytest.fixture
def tried() -> Run:
    return run(attempts("cart", 2, 2), attempts("images", 1, 2), price=PRICE)


def test_a_page_holds_the_figures_and_every_transcript(tried: Run) -> None:
    seen = Seen(written(tried))

    for said in (
        "Evaluation of ollama:qwen3:8b",
        "2 scenarios, each tried 2 times · Kaia 0.1.0 · 2026-09-21 14:13 UTC · ollama-qwen3-8b",
        "75 %",
        "images is broken",
        "The answer does not say “64Mi”.",
        "why is cart down?",
        "**CONFIRMED** · Container cart runs out of memory.",
        "Raise its limit.",
        "The container ends with **OOMKilled** [1].",
        "Command [1] was cut.",
        "kubectl get pods -n shop",
        "exit 0",
        "NAME  READY\ncart  0/1\n",
        "$0.003",
        "They count scenarios and not attempts",
    ):
        assert said in seen.text
    assert seen.count("details", "attempt") == 4
    assert seen.count("details", "attempt failed") == 1


def test_what_a_scenario_took_is_also_told_where_there_is_no_room_for_columns(tried: Run) -> None:
    page = written(tried)

    assert Seen(page).count("span", "narrow") == 2
    assert "11.5 s, 2 calls, 1,500 tokens in, 150 out, $0.003" in Seen(page).text
    narrow = page[page.index("@media (max-width: 640px)") : page.index("@media print")]
    assert ".cases .narrow { display: block; }" in narrow


def test_of_runs_with_unlike_numbers_of_attempts_it_is_said_which_are_compared(tried: Run) -> None:
    text = Seen(written(tried, [run(attempts("cart", 2, 5))])).text

    assert "No difference in 1 scenario." in text
    assert "as many as both runs have: 3 further attempts left out." in text


def test_the_worst_scenario_comes_first_everywhere(tried: Run) -> None:
    page = written(tried)
    table, transcripts = page[page.index('id="scenarios"') :].split('id="transcripts"')

    for part in (table, transcripts):
        assert part.index(">images<") < part.index(">cart<")


def test_runs_stand_in_a_table_by_their_model(tried: Run) -> None:
    others = [
        run(attempts("cart", 0, 2), model="builtin", kaia="0.0.8"),
        run(attempts("cart", 0, 2), kaia="0.0.9"),
    ]
    page = written(tried, others)
    models = Seen(
        page[page.index('<section id="models"') : page.index('<section id="comparisons"')]
    )

    assert models.count("tbody") == 2
    rows = [each for each in models.texts if each.startswith("Kaia ")]
    assert [each.split(",")[0] for each in rows] == ["Kaia 0.1.0", "Kaia 0.0.9", "Kaia 0.0.8"]
    assert models.text.count("this run") == 1


def test_a_comparison_names_what_differs_and_links_to_it(tried: Run) -> None:
    other = run(
        attempts("cart", 1, 2),
        attempts("images", 1, 2),
        attempts("other", 1, 2),
        model="builtin",
    )
    seen = Seen(written(tried, [other]))

    assert "1 better, 0 worse, 1 the same: could be chance (p = 1.00)." in seen.text
    assert "Tried in one of the two alone: 1 scenario." in seen.text
    links = [one["href"] for tag, one in seen.elements if tag == "a"]
    assert links.count("#scenario-2") == 2
    assert {one.get("id") for _, one in seen.elements} >= {each[1:] for each in links if each}


def test_scenarios_of_another_content_are_said_not_to_be_comparable(tried: Run) -> None:
    other = run(attempts("cart", 1, 2), scenarios={"cart": "of another day"})

    assert "Not comparable, for their content differs: cart." in Seen(written(tried, [other])).text


def test_a_run_that_goes_on_and_one_without_attempts_have_pages_too(tried: Run) -> None:
    goes_on = run(attempts("cart", 1, 1), repeats=5, scenarios={"cart": "x", "later": "y"})
    seen = Seen(written(goes_on))

    assert "Not whole yet: 1 of 10 attempts have ended." in seen.text
    assert "not tried" in seen.text
    assert "Not whole yet" not in written(tried)
    nothing = Seen(written(run(scenarios={"cart": "x"})))
    assert "nothing was tried yet" in nothing.text


def test_no_text_becomes_markup_wherever_it_stands() -> None:
    exchange = Exchange(
        asked=HOSTILE,
        verdict=HOSTILE,
        lead=(HOSTILE,),
        answer=HOSTILE,
        remarks=(HOSTILE,),
        source=HOSTILE,
        caveat=HOSTILE,
        commands=(
            command(1, HOSTILE, command=HOSTILE, note=HOSTILE, tool=HOSTILE),
            command(2, HOSTILE, verdict=HOSTILE, exit_code=None),
        ),
    )
    problem = Problem("missing fact", HOSTILE)
    one = attempt(HOSTILE, 1, problem, exchanges=(exchange,))
    hostile = run([one], model=HOSTILE, kaia=HOSTILE, folder=HOSTILE, about={HOSTILE: HOSTILE})
    other = run(attempts(HOSTILE, 1, 1), model=HOSTILE, kaia=HOSTILE, folder=HOSTILE)
    changed = run(attempts(HOSTILE, 1, 1), scenarios={HOSTILE: "x"})
    seen = Seen(written(hostile, [other, changed]))

    assert (seen.count("script"), seen.count("style"), seen.count("img")) == (1, 1, 0)
    assert not any(name.startswith("on") for _, one in seen.elements for name in one)
    assert seen.text.count(HOSTILE) > 20


@given(st.text(max_size=80))
def test_any_text_comes_out_of_markup_as_readable_as_it_was(text: str) -> None:
    plain = joined([text])
    seen = Seen(element("p", plain, element("b", text, data_value=text), class_=text))

    (_, whole), (_, inner) = seen.elements
    assert whole["class"] == inner["data-value"]
    assert seen.text == "".join([whole["class"] or ""] * 2)


def test_only_markup_is_taken_for_markup() -> None:
    assert element("p", "<b>", Markup("<i></i>"), hidden=True, open=False) == (
        "<p hidden>&lt;b&gt;<i></i></p>"
    )


def test_nothing_that_a_terminal_or_a_reader_obeys_is_in_the_page() -> None:
    one = attempt("a", 1, exchanges=(Exchange("\u202eabc\x00", answer="\x1b[31mred"),))

    assert {"\u202e", "\x00", "\x1b"}.isdisjoint(written(run([one])))


def test_the_policy_lets_in_the_pages_own_style_and_script_alone(tried: Run) -> None:
    page = written(tried)
    [policy] = re.findall(r'Content-Security-Policy" content="([^"]*)"', page)
    directives = dict(each.split(" ", 1) for each in policy.split("; "))
    [style], [script] = (
        re.findall(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL) for tag in ("style", "script")
    )

    assert directives["default-src"] == directives["base-uri"] == "'none'"
    assert directives["form-action"] == "'none'"
    for name, text in (("style-src", style), ("script-src", script)):
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert directives[name] == f"'sha256-{digest}'"
    assert " style=" not in page
    assert not re.search(r"(?:src|href)=\"(?!#)", page)
    assert "http:" not in page
    assert "https:" not in page


def test_long_outputs_are_cut_more_where_there_are_many_of_them_and_where_all_went_well() -> None:
    exchanges = (Exchange("a", commands=(command(1, "x" * 10_000),)),)
    failed = attempt("a", 1, MISSING, exchanges=exchanges)
    passed = attempt("a", 2, exchanges=exchanges)
    few, many = (Seen(written(run([failed], [passed] * count))) for count in (1, 600))

    assert [len(each) for each in few.texts if set(each) == {"x"}] == [4_000, 4_000]
    assert [len(each) for each in many.texts if set(each) == {"x"}] == [4_000, *[2_000] * 600]
    assert "6,000 more characters left out: attempts.jsonl has them." in few.text
    assert "8,000 more characters left out: attempts.jsonl has them." in many.text
    assert "up to 4,000 characters, 2,000 where the attempt passed." in many.text
    assert "what a command printed up to 4,000 characters." in few.text


def test_a_command_tells_how_it_ended() -> None:
    commands = (
        command(1, exit_code=1, seconds=2.25),
        command(2, exit_code=None, note="It was stopped after 30 seconds."),
        command(3, "", verdict="refused", exit_code=None, note="Kaia only reads."),
        command(4, ""),
    )
    one = attempt("a", 1, exchanges=(Exchange("a", commands=commands),))
    seen = Seen(written(run([one]))).text

    for said in (
        "exit 1, 2.2 s",
        "killed",
        "It was stopped",
        "refused",
        "only reads",
        "printed no",
    ):
        assert said in seen


@pytest.mark.parametrize("passes", [0, 3, 5])
def test_a_page_of_125_scenarios_tried_5_times_stays_below_8_megabytes(passes: int) -> None:
    outputs = tuple(command(each, '{"name": "cart-<none>"}\n' * 300) for each in range(1, 7))
    exchange = Exchange("why?", answer="It is so [1]. " * 60, commands=outputs)
    tried = [
        attempt(f"s{one}", each, *([] if each <= passes else [MISSING]), exchanges=(exchange,))
        for one in range(125)
        for each in range(1, 6)
    ]

    assert len(written(run(tried)).encode()) < 8_000_000
