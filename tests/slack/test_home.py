"""Whoever opens Kaia's home sees how she is and what they asked; who may not ask sees only that."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue import Home, RecentTalk, Thread
from bot.errors import StoreError
from bot.playground.blocks import faults_of
from bot.playground.workspace import Workspace
from bot.slack import House
from bot.slack.home.homes import PROMPTS
from bot.slack.home.view import link_to, refused, shown
from tests.slack.conftest import MANIFEST, Connect

URL = "https://acme.slack.com/"
TALK = RecentTalk(Thread("T1", "C0123", "1790000000.000100"), "why is web down?", 0.0, is_open=True)
HOME = Home((("How I am", "Slack: connected."), ("Model", "`qwen3:8b`")), (TALK,))


@dataclass
class Page:
    """The engine's side: what each person's page says, as often as it is asked."""

    home: Home = HOME
    fails: bool = False
    asked: list[str] = field(default_factory=list)
    slowly: asyncio.Event | None = None

    async def __call__(self, person: str) -> Home:
        self.asked.append(person)
        if self.slowly is not None:
            await self.slowly.wait()
        if self.fails:
            raise StoreError("secret words of a database")
        return self.home


@pytest.fixture
def page() -> Page:
    return Page()


def _open(slack: Workspace, user: str, tab: str = "home") -> str:
    person = slack.directory.person(user).id
    event = {
        "type": "app_home_opened",
        "user": person,
        "channel": slack.direct("ann").id,
        "tab": tab,
        "event_ts": slack.stamps.next(),
    }
    slack.announcer.event(event, "app_home_opened")
    return person


def _home(slack: Workspace, user: str) -> dict[str, Any]:
    return slack.views.get(slack.homes.get(slack.directory.person(user).id, ""), {})


def _calls(slack: Workspace, method: str) -> int:
    return len([call for call in slack.calls if call.method == method])


async def _acked(slack: Workspace) -> None:
    await slack.wait_for(lambda now: not now.deliveries.unacked)


async def test_the_home_tab_shows_health_and_that_persons_conversations(
    connect: Connect, slack: Workspace, page: Page
) -> None:
    await connect(home=page)
    ann = _open(slack, "ann")

    view = await slack.wait_for(lambda now: _home(now, "ann"))
    await _acked(slack)

    assert page.asked == [ann]
    assert "Slack: connected." in str(view["blocks"])
    assert "why is web down?" in str(view["blocks"])
    assert view["blocks"][-1]["accessory"]["url"].endswith(
        ".slack.com/archives/C0123/p1790000000000100"
    )
    assert not slack.problems


@pytest.mark.parametrize("user", ["guest", "stranger"])
async def test_who_may_not_ask_sees_that_and_nothing_else(
    connect: Connect, slack: Workspace, page: Page, user: str
) -> None:
    await connect(home=page)
    _open(slack, user)

    view = await slack.wait_for(lambda now: _home(now, user))

    assert "because I read a cluster" in str(view["blocks"])
    assert len(view["blocks"]) == 2
    assert not page.asked


async def test_who_is_not_on_the_list_sees_nothing_and_who_is_sees_it_where_no_messages_are_taken(
    connect: Connect, slack: Workspace, page: Page
) -> None:
    ann = slack.directory.person("ann").id
    await connect(home=page, house=House(users=frozenset({ann}), channels=frozenset({"C1"})))
    _open(slack, "ben")
    _open(slack, "ann")

    assert "not on it" in str(await slack.wait_for(lambda now: _home(now, "ben")))
    assert "Slack: connected." in str(await slack.wait_for(lambda now: _home(now, "ann")))
    assert page.asked == [ann]


async def test_a_burst_of_openings_is_put_up_twice_at_most(
    connect: Connect, slack: Workspace, page: Page
) -> None:
    page.slowly = asyncio.Event()
    await connect(home=page)
    _open(slack, "ann")
    await slack.wait_for(lambda _: page.asked)
    for _ in range(20):
        _open(slack, "ann")
    await _acked(slack)
    page.slowly.set()

    await slack.wait_for(lambda now: _calls(now, "views.publish") == 2)

    assert len(page.asked) == 2


async def test_a_page_that_cannot_be_put_together_says_so_without_the_reason(
    connect: Connect, slack: Workspace, page: Page
) -> None:
    page.fails = True
    await connect(home=page)
    _open(slack, "ann")

    view = await slack.wait_for(lambda now: _home(now, "ann"))

    assert "Open it again in a minute" in str(view)
    assert "secret words" not in str(view)


async def test_a_slack_without_home_tabs_is_asked_once(
    connect: Connect, slack: Workspace, page: Page
) -> None:
    slack.faults.add("views.publish", "error", times=99, code="unknown_method")
    await connect(home=page)
    _open(slack, "ann")
    await slack.wait_for(lambda now: _calls(now, "views.publish"))
    await _acked(slack)
    await slack.wait_for(lambda _: not _tasks())
    _open(slack, "ben")
    await _acked(slack)

    assert _calls(slack, "views.publish") == 1
    assert len(page.asked) == 1


def _tasks() -> list[str]:
    names = (task.get_name() for task in asyncio.all_tasks())
    return [name for name in names if name.startswith("slack home of")]


async def test_the_messages_tab_gets_prompts_for_a_first_word(
    connect: Connect, slack: Workspace, page: Page
) -> None:
    await connect(home=page)
    _open(slack, "ann", "messages")

    await slack.wait_for(lambda now: _calls(now, "assistant.threads.setSuggestedPrompts"))
    await _acked(slack)

    assert slack.prompts[slack.direct("ann").id, ""]["prompts"] == list(PROMPTS)
    assert not page.asked


def test_the_manifest_suggests_the_same_prompts() -> None:
    view = yaml.safe_load(MANIFEST.read_text())["features"]["agent_view"]

    assert view["suggested_prompts"] == list(PROMPTS)


@pytest.mark.parametrize("body", [{}, {"event": None}, {"event": {"user": "U1", "tab": "home"}}])
async def test_an_odd_opening_is_nothing(
    connect: Connect, slack: Workspace, page: Page, body: dict[str, Any]
) -> None:
    await connect(home=page)
    event = {"type": "app_home_opened", **(body.get("event") or {})}
    slack.announcer.event(event, "app_home_opened")

    await _acked(slack)

    assert not page.asked


@pytest.mark.parametrize(
    ("url", "thread"),
    [
        ("", TALK.thread),
        ("javascript:alert(1)", TALK.thread),
        ("https://evil@acme.slack.com/", TALK.thread),
        (URL, Thread("T1", "../x", "1.1")),
        (URL, Thread("T1", "C1", "local")),
    ],
)
def test_what_is_no_address_of_the_own_workspace_is_no_link(url: str, thread: Thread) -> None:
    assert link_to(thread, url) == ""


words = st.text(max_size=5_000) | st.sampled_from(
    ["<!channel>", "[here](https://evil.example)", "![x](https://evil.example)", "&" * 4_000]
)
talks = st.builds(
    RecentTalk, st.just(TALK.thread), words, st.floats(0, 4_000_000_000), st.booleans()
)


@given(
    st.lists(st.tuples(words, words), max_size=40),
    st.lists(talks, max_size=40),
    words,
)
def test_whatever_a_page_says_slack_takes_it_and_nothing_in_it_is_live(
    lines: list[tuple[str, str]], recent: list[RecentTalk], why: str
) -> None:
    for view in (shown(Home(tuple(lines), tuple(recent)), URL), refused(why or "no")):
        assert not list(faults_of(view["blocks"], "/view/blocks", most=100))
        texts = [block["text"]["text"] for block in view["blocks"] if "text" in block]
        assert not [text for text in texts if "<" in text or "](" in text]
