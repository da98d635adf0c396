"""What is told of a conversation that ends: in its thread, and for the ticket."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversations.records import Fate, Said, Watch
from bot.conversations.spans import spoken_seconds
from bot.conversations.storage.proposals import Kept
from bot.conversations.storage.watches import Ended
from bot.conversations.turns.closing.brief import counts, short
from bot.conversations.turns.closing.facts import (
    Facts,
    Finding,
    exchanges_of,
    findings_of,
    people_of,
)
from bot.conversations.turns.closing.plain import one_line, quoted
from bot.conversations.turns.closing.ticket import ticket
from bot.conversations.turns.closing.timeline import timeline
from bot.conversations.turns.closing.unverified import unverified
from bot.dialogue import Entry, Proposal, Receipt
from tests.doubles.conversation_edges import said

OPENED = 1_700_000_000.0
"""2023-11-14 22:13:20 UTC."""
READ = Receipt(
    1, "kubectl", "kubectl get pods -n shop", "read", 0, "NAME", "", OPENED + 2, 0.25, 812
)
SURE = Finding(
    OPENED,
    "U1",
    "why is payments down?",
    "**CONFIRMED** · Pod `payments-1` is out of memory [1].",
    ("Cause: its limit is 64Mi [1].", "Next: raise the limit."),
)
LIKELY = Finding(OPENED + 60, "U2", "and the queue?", "**LIKELY** · it waits for payments [2].")
CHANGE = Proposal(
    id="p1",
    command="kubectl rollout restart deployment/payments -n shop",
    argv=("kubectl",),
    change="rollout restart",
    namespace="shop",
    target="deployment/payments",
    uid="u",
    fingerprint="1",
    present="",
    effect="",
    undo="",
    reason="",
    asked_by="U1",
    expires=OPENED + 900,
)
CHANGED = (
    "What changed since 22:13 UTC (10 min ago):\n\n**Namespace shop**\n\n"
    "- Deployment `payments`: restarts 3 → 9\n\n_Not compared: Secrets._"
)


def kept(fate: Fate = "done", by: str = "Ben (U2)", at: float = OPENED + 120) -> Kept:
    return Kept(CHANGE, "T1:C1:1.0", fate, by, at, 7)


def line(speaker: str, text: str, after: float) -> Said:
    return Said(Entry(speaker, text), OPENED + after)


TALK = (
    line("U1", SURE.question, 10),
    line("kaia", "It ran out of memory.", 10),
    line("U3", "I look at the network", 30),
    line("U2", LIKELY.question, 70),
    line("kaia", "It waits.", 70),
    line("kaia", "deployment/web is ready.", 80),
    line("U2", f"Approve: {CHANGE.command}", 130),
    line("kaia", "It was run.", 130),
)
INCIDENT = Facts(
    place="#incidents",
    cluster="prod",
    opened=OPENED,
    now=OPENED + 600,
    questions=2,
    people={"U1": "Ann", "U2": "Ben", "U3": "Cho"},
    findings=(SURE, LIKELY),
    exchanges=exchanges_of(TALK, (SURE, LIKELY), (kept(),)),
    receipts=(READ,),
    decided=(kept(),),
    changed=CHANGED,
)


@pytest.mark.parametrize(
    ("seconds", "spoken"),
    [(-3, "0 s"), (42.9, "42 s"), (420, "7 min"), (12_000, "3 h 20 min"), (187_200, "2 d 4 h")],
)
def test_durations_are_short(seconds: float, spoken: str) -> None:
    assert spoken_seconds(seconds) == spoken


def test_a_close_out_counts_and_says_utc() -> None:
    refused = replace(READ, verdict="refused", exit_code=None)
    facts = replace(INCIDENT, receipts=(READ, refused, refused), decided=())
    told = "2 questions, 1 read-only command run, 2 refused on `prod`"
    assert counts(facts) == f"{told}, 2023-11-14 22:13 to 22:23 UTC (10 min)"


def test_a_close_out_the_next_day_names_both_days() -> None:
    facts = Facts("#incidents", "", OPENED, OPENED + 10_000, questions=1, people={})
    span = "2023-11-14 22:13 to 2023-11-15 01:00 UTC (2 h 46 min)"
    assert counts(facts) == f"1 question, 0 read-only commands run, {span}"


def test_approvals_are_counted_by_who_gave_them_and_rejections_are_none() -> None:
    decided = (kept(), kept("failed"), kept(by="Ann (U1)"), kept("rejected", "Cho (U3)"))
    facts = replace(INCIDENT, decided=decided)
    assert ", 3 changes approved (Ben (U2): 2, Ann (U1): 1) on" in counts(facts)


def test_the_thread_gets_about_fifteen_lines_with_the_cause_first() -> None:
    told = short(INCIDENT, "**In the words of ollama:qwen3:8b, not checked:** It was memory.")
    lines = [each for each in told.splitlines() if each]
    assert lines == [
        SURE.verdict,
        *SURE.lead,
        "**Changes**",
        f"- Ben (U2) approved `{CHANGE.command}`: made",
        "**Not verified**",
        "- `and the queue?`: **LIKELY** · it waits for payments [2].",
        "**What changed since 22:13 UTC (10 min ago)**",
        "- Deployment `payments`: restarts 3 → 9",
        "**In the words of ollama:qwen3:8b, not checked:** It was memory.",
    ]


def test_the_cause_is_of_the_surest_answer_and_the_last_of_them() -> None:
    unsure = Finding(OPENED + 90, "U1", "and now?", "**INCONCLUSIVE** · nothing was read.")
    later = replace(SURE, at=OPENED + 95)
    assert replace(INCIDENT, findings=(SURE, later, LIKELY, unsure)).decisive is later
    assert replace(INCIDENT, findings=(LIKELY, unsure)).decisive is LIKELY
    assert replace(INCIDENT, findings=(unsure,)).decisive is unsure
    assert replace(INCIDENT, findings=()).decisive is None


CART, WEB = ("Pod", "shop", "cart-0"), ("Deployment", "shop", "web")


def found(after: float, verdict: str, says: str = "", *about: tuple[str, str, str]) -> Finding:
    words = f"**{verdict}** · {says or 'as read'} at {after:g}."
    return Finding(OPENED + after, "U1", "q", words, says=says, about=frozenset(about))


CART_BROKEN = found(1, "CONFIRMED", "cause", CART)
CART_LIKELY = found(2, "LIKELY", "cause", CART)
WEB_BROKEN = found(3, "CONFIRMED", "cause", WEB)
CART_WELL = found(4, "CONFIRMED", "healthy", CART)
WEB_WELL = found(5, "CONFIRMED", "healthy", WEB)
SHOP_WELL = replace(found(6, "LIKELY", "healthy"), within=frozenset({"shop"}))
ALL_WELL = replace(SHOP_WELL, within=frozenset({""}))
BANK_WELL = replace(SHOP_WELL, within=frozenset({"bank"}))
ONLY_READ = found(7, "CONFIRMED")
UNSURE = found(8, "INCONCLUSIVE")
CART_GUESSED = found(9, "INCONCLUSIVE", "cause", CART)


@pytest.mark.parametrize(
    ("findings", "decisive", "over", "others"),
    [
        ((CART_BROKEN, ONLY_READ), CART_BROKEN, None, ()),
        ((CART_BROKEN, WEB_WELL, ONLY_READ, UNSURE), CART_BROKEN, None, ()),
        ((CART_LIKELY, ONLY_READ, WEB_WELL), CART_LIKELY, None, ()),
        ((CART_GUESSED, ONLY_READ), CART_GUESSED, None, ()),
        ((WEB_WELL, ONLY_READ, UNSURE), WEB_WELL, None, ()),
        ((ONLY_READ, UNSURE), ONLY_READ, None, ()),
        ((CART_BROKEN, CART_WELL), CART_BROKEN, CART_WELL, ()),
        ((CART_BROKEN, CART_WELL, ONLY_READ, WEB_WELL), CART_BROKEN, CART_WELL, ()),
        ((CART_BROKEN, SHOP_WELL), CART_BROKEN, SHOP_WELL, ()),
        ((CART_BROKEN, ALL_WELL), CART_BROKEN, ALL_WELL, ()),
        ((CART_BROKEN, BANK_WELL), CART_BROKEN, None, ()),
        ((CART_BROKEN, CART_WELL, CART_LIKELY), CART_BROKEN, None, ()),
        ((CART_WELL, CART_BROKEN), CART_BROKEN, None, ()),
        ((CART_BROKEN, WEB_BROKEN), WEB_BROKEN, None, (CART_BROKEN,)),
        ((CART_BROKEN, WEB_BROKEN, WEB_WELL), CART_BROKEN, None, (WEB_BROKEN,)),
        ((WEB_BROKEN, CART_BROKEN, WEB_BROKEN), WEB_BROKEN, None, (CART_BROKEN,)),
    ],
)
def test_the_cause_is_never_lost_behind_what_was_asked_later(
    findings: tuple[Finding, ...],
    decisive: Finding,
    over: Finding | None,
    others: tuple[Finding, ...],
) -> None:
    facts = replace(INCIDENT, findings=findings)
    assert facts.decisive is decisive
    assert facts.recovered(decisive) is over
    assert facts.others == others
    told = [line for line in short(facts).splitlines() if line.startswith("**")]
    assert told[0] == decisive.verdict
    if over is not None:
        assert told[1].endswith(f"UTC: {over.verdict}")
    for each in others:
        for text in (short(facts), ticket(facts).text):
            assert f"\n- {each.verdict}" in text.partition("Also found")[2]


def test_a_long_list_is_counted_in_the_thread_and_whole_in_the_ticket() -> None:
    refused = tuple(
        replace(READ, number=number, verdict="refused", exit_code=None, note="It writes.")
        for number in range(1, 31)
    )
    facts = replace(INCIDENT, receipts=refused, findings=(SURE,))
    told, whole = short(facts), ticket(facts).text
    assert "- and 27 more" in told
    assert len([each for each in told.splitlines() if each]) <= 15
    assert whole.count("refused, not run. It writes.") == 60  # as a command, and as not verified


def test_the_timeline_says_who_did_what_when_and_presses_once() -> None:
    watch = Watch("w1", said(speaker="U3"), {}, "deployment/payments until ready", OPENED + 140, 0)
    assert timeline(replace(INCIDENT, watches=(watch,))) == [
        "- 2023-11-14 22:13:20 UTC · Ann asked `why is payments down?`",
        "- 2023-11-14 22:13:22 UTC · Kaia: command 1",
        f"- 2023-11-14 22:13:30 UTC · Kaia answered: {SURE.verdict}",
        "- 2023-11-14 22:13:50 UTC · Cho said `I look at the network`",
        "- 2023-11-14 22:14:20 UTC · Ben asked `and the queue?`",
        f"- 2023-11-14 22:14:30 UTC · Kaia answered: {LIKELY.verdict}",
        "- 2023-11-14 22:14:40 UTC · Kaia said `deployment/web is ready.`",
        f"- 2023-11-14 22:15:20 UTC · Ben (U2) approved `{CHANGE.command}`: made",
        "- 2023-11-14 22:15:40 UTC · Cho asked to be told of deployment/payments until ready",
    ]


def test_commands_in_a_row_are_one_line_of_the_timeline() -> None:
    row = tuple(replace(READ, number=n, started=OPENED + n) for n in (1, 2, 3))
    told = timeline(replace(INCIDENT, exchanges=(), decided=(), receipts=row))
    assert told == ["- 2023-11-14 22:13:21 UTC · Kaia: commands 1 to 3, until 22:13:23 UTC"]


@pytest.mark.parametrize(
    ("receipt", "told"),
    [
        (replace(READ, verdict="refused", exit_code=None, note="It writes."), "refused, not run."),
        (replace(READ, exit_code=1, output="Error (Forbidden): pods"), "does not allow Kaia"),
        (replace(READ, exit_code=1, output="not found"), "failed, exit 1."),
        (replace(READ, exit_code=None, note="Killed."), "ended before its own end. Killed."),
    ],
)
def test_a_command_that_told_nothing_is_not_verified(receipt: Receipt, told: str) -> None:
    (unsure,) = unverified(replace(INCIDENT, findings=(), receipts=(receipt,)))
    assert unsure.startswith("command 1, `kubectl get pods -n shop`: ")
    assert told in unsure


def test_a_look_that_found_trouble_has_not_failed() -> None:
    look = replace(READ, tool="triage", exit_code=1)
    assert unverified(replace(INCIDENT, findings=(), receipts=(look,))) == []


def test_a_right_that_is_denied_is_an_answer_and_a_failed_question_of_it_is_not() -> None:
    asked = replace(READ, command="kubectl auth can-i list pods -n shop", exit_code=1)
    denied, failed = replace(asked, output="no\n"), replace(asked, output="error: no server")
    assert unverified(replace(INCIDENT, findings=(), receipts=(denied,))) == []
    assert len(unverified(replace(INCIDENT, findings=(), receipts=(failed,)))) == 1


def test_a_change_of_which_nobody_knows_the_end_comes_first() -> None:
    first = unverified(replace(INCIDENT, decided=(kept("unknown"),)))[0]
    assert first == f"`{CHANGE.command}` was begun; whether it was made is not known."


def test_what_was_not_checked_for_an_answer_is_told() -> None:
    finding = replace(SURE, unchecked=("Not checked: events.",))
    assert unverified(replace(INCIDENT, findings=(finding,))) == ["Not checked: events."]


def test_the_ticket_is_markdown_with_headings_and_without_tables() -> None:
    made = ticket(INCIDENT, "**In the words of m, not checked:** Memory.")
    assert made.name == "incident-2023-11-14-incidents.md"
    headings = [each for each in made.text.splitlines() if each.startswith("#")]
    assert headings == [
        "# Incident of 2023-11-14 in #incidents",
        "## Cause and verdict",
        "## In a model's words",
        "## Timeline (UTC)",
        "## Commands run",
        "## Changes",
        "## Not verified",
        "## What changed in the cluster",
    ]
    ran = "- [1] 2023-11-14 22:13:22 UTC: `kubectl get pods -n shop`: exit 0, 0.2 s, 812 B"
    assert ran in made.text
    assert f"- 2023-11-14 22:15:20 UTC: Ben (U2) approved `{CHANGE.command}`: made" in made.text
    assert "- People: Ann (U1), Ben (U2), Cho (U3)" in made.text
    assert "|" not in made.text


def test_a_conversation_without_anything_has_a_ticket_that_says_so() -> None:
    text = ticket(Facts("D/1 2", "", OPENED, OPENED, questions=0, people={})).text
    assert "No answer was judged." in text
    assert "No change was approved or rejected." in text
    assert ticket(Facts("D/1 2", "", OPENED, OPENED, 0, {})).name.endswith("-D-1-2.md")


def test_two_people_of_one_name_are_told_apart() -> None:
    facts = replace(INCIDENT, people={"U1": "Ann", "U2": "Ann"})
    assert (facts.name("U1"), facts.name("U2"), facts.name("U9")) == ("Ann (U1)", "Ann (U2)", "U9")


def test_notes_become_findings_and_names_and_older_ones_stay_out() -> None:
    row = {"turn": "t", "at": OPENED, "by": "U1", "question": "q", "verdict": "v", "lead": ["c"]}
    notes = {
        "findings": [row | {"at": OPENED - 1}, row],
        "people": {"U1": {"name": "Ann\n@here", "since": 1}},
    }
    assert findings_of(notes, OPENED) == (Finding(OPENED, "U1", "q", "v", ("c",)),)
    assert people_of(notes) == {"U1": "Ann here"}
    assert (findings_of({}, 0), people_of({})) == ((), {})


def test_the_same_question_twice_is_answered_by_two_findings() -> None:
    again = replace(SURE, at=OPENED + 50, verdict="**LIKELY** · still.")
    talk = (*TALK[:2], *(replace(each, kept=each.kept + 50) for each in TALK[:2]))
    found = [each.finding for each in exchanges_of(talk, (SURE, again), ())]
    assert found == [SURE, again]


@given(st.text(max_size=300))
def test_nothing_live_is_left_in_prose(text: str) -> None:
    told = one_line(text)
    assert not set(told) & set("<>\n")
    assert "](" not in told
    assert "![" not in told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("see ![x](https://evil/?q=1)", "see [x] (https://evil/?q=1)"),
        ("hey @team and nginx@sha256:1", "hey @ team and nginx@sha256:1"),
        ("an !![x][y]", "an [x] [y]"),
        ("<!here> ```x```", "\u2039!here\u203a 'x'"),
    ],
)
def test_links_images_and_mentions_are_parted(text: str, told: str) -> None:
    assert one_line(text) == told


@given(st.text(alphabet="ab[]()!<>`@: ", max_size=60))
def test_nothing_live_is_left_in_a_ticket(text: str) -> None:
    finding = replace(LIKELY, verdict=f"**LIKELY** · {text}", lead=(text,), unchecked=(text,))
    receipt = replace(READ, command=text, verdict="refused", note=text)
    facts = replace(INCIDENT, findings=(finding,), receipts=(receipt,), changed=f"- {text}")
    told = ticket(facts, text).text
    assert not set(told) & set("<>")
    assert not any(live in told for live in ("](", "![", "][", "]:", " @a", "`@a"))


def test_a_cluster_that_stayed_the_same_takes_one_line() -> None:
    same = "Nothing changed since 22:13 UTC (10 min ago)."
    facts = replace(INCIDENT, changed=f"{same} Compared: Deployment. Not compared: Secrets.")
    assert same in short(facts).splitlines()
    assert "Compared: Deployment. Not compared: Secrets." in ticket(facts).text


@given(st.text(max_size=400))
def test_a_quotation_in_a_ticket_ends_where_it_should(text: str) -> None:
    assert quoted(text).count("`") == 2
    assert len(quoted(text).splitlines()) == 1


UNDECIDED = replace(kept("open", by=""), at=0.0)
OVER = Ended(Watch("w2", said(), {}, "pod/pay in shop until ready", OPENED, 0), OPENED + 300)


def test_what_nobody_has_decided_and_what_is_no_longer_watched_is_told() -> None:
    facts = replace(INCIDENT, undecided=(UNDECIDED,), ended=(OVER,))
    undecided = f"- `{CHANGE.command}`: not decided; it can be until 2023-11-14 22:28:20 UTC"
    ended = "- pod/pay in shop until ready: ended 2023-11-14 22:18:20 UTC"
    for text in (short(facts), ticket(facts).text):
        lines = [each.replace("#", "").replace("*", "").strip() for each in text.splitlines()]
        lines = [each for each in lines if each]
        assert lines[lines.index("Proposed, not decided") + 1] == undecided
        assert lines[lines.index("No longer watched") + 1] == ended


def test_of_a_proposal_whose_time_is_over_it_is_said() -> None:
    facts = replace(INCIDENT, undecided=(UNDECIDED,), now=OPENED + 1_000)
    assert "not decided; its time was over at 2023-11-14 22:28:20 UTC" in short(facts)
