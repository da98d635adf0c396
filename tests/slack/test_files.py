"""A long output comes as a file beside its message, at most once; the message comes in any case."""

from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.dialogue import Attachment, Audience, Input, Notice
from bot.errors import DeliveryError
from bot.playground.faults import FaultKind
from bot.playground.manifest import Grants
from bot.playground.objects import Message
from bot.playground.workspace import Workspace
from bot.slack import SlackFront
from bot.slack.wording.blocks import MARKDOWN_BYTES, posts
from tests.slack.conftest import Receiver

GET_ADDRESS, COMPLETE = "files.getUploadURLExternal", "files.completeUploadExternal"
TEXT = "\n".join(f"line {n} of the log" for n in range(2_000))
LONG = Notice("**3.** `kubectl logs pay`", Attachment("command-3.txt", TEXT))


@pytest.fixture
async def said(front: SlackFront, slack: Workspace, receiver: Receiver) -> Input:
    assert front.is_ready
    slack.say("ann", "incidents", "@kaia show 3")
    # Its thread has been read by then.
    await slack.wait_for(lambda now: receiver.inputs and not now.deliveries.unacked)
    return receiver.only


@pytest.fixture
def audience(front: SlackFront, said: Input) -> Audience:
    return front.audience_for(said)


def _thread(slack: Workspace, said: Input) -> tuple[list[Message], list[Message]]:
    """Of the bot's messages those with a file, and those without."""
    ours = [m for m in slack.thread("incidents", said.thread.ts) if m.user == slack.bot.id]
    return [m for m in ours if m.files], [m for m in ours if not m.files]


def _markdown(message: Message) -> str:
    return str(message.blocks[0]["text"])


def _called(slack: Workspace, method: str) -> list[dict[str, Any]]:
    return [call.arguments for call in slack.calls if call.method == method]


class TestAttached:
    async def test_the_whole_text_is_in_the_thread_and_the_message_names_it(
        self, audience: Audience, slack: Workspace, said: Input
    ) -> None:
        ts = await audience.deliver(LONG, turn="t1", repeated=False)

        (shared,), (posted,) = _thread(slack, said)
        stored = slack.files[shared.files[0]]
        assert (stored.name, stored.content) == ("command-3.txt", TEXT.encode())
        assert posted.ts == ts
        assert _markdown(posted).endswith("All of it is in the file `command-3.txt`.")

    async def test_what_is_no_text_is_shared_as_it_is(
        self, audience: Audience, slack: Workspace, said: Input
    ) -> None:
        packed = Attachment("incident.zip", "Otherwise so.", b"PK\x00\x1b[2J\xff")
        await audience.deliver(Notice("As a scenario.", packed), turn="t1", repeated=False)

        (shared,), (posted,) = _thread(slack, said)
        stored = slack.files[shared.files[0]]
        assert (stored.name, stored.content) == ("incident.zip", packed.content)
        assert _markdown(posted) == "As a scenario.\n\nHere is the file `incident.zip`."

    async def test_kaia_does_not_hear_her_own_file(
        self, audience: Audience, slack: Workspace, receiver: Receiver
    ) -> None:
        await audience.deliver(LONG, turn="t1", repeated=False)
        await slack.wait_for(lambda now: not now.deliveries.unacked)

        assert len(receiver.inputs) == 1
        assert slack.problems == []

    async def test_it_holds_nothing_a_reader_would_obey(
        self, audience: Audience, slack: Workspace, said: Input
    ) -> None:
        evil = Notice("x", Attachment("command-3.txt", "a\x1b[2J\u202eb\r\nc"))

        await audience.deliver(evil, turn="t1", repeated=False)

        (shared,), _ = _thread(slack, said)
        assert slack.files[shared.files[0]].content == b"ab\nc"

    async def test_of_plain_text_every_visible_sign_is_as_it_was(
        self, audience: Audience, slack: Workspace, said: Input
    ) -> None:
        text = "# a\n````\n[x](https://x) ![y](z) <none> <!channel> `b` & www.c.io\n````\n"

        await audience.deliver(
            Notice("x", Attachment("sent-1.txt", text)), turn="t1", repeated=False
        )

        (shared,), _ = _thread(slack, said)
        assert slack.files[shared.files[0]].content == text.encode()

    async def test_a_notice_without_a_file_uploads_none(
        self, audience: Audience, slack: Workspace
    ) -> None:
        await audience.deliver(Notice("help"), turn="t1", repeated=False)
        await audience.deliver(Notice("x", Attachment("a.txt", "")), turn="t2", repeated=False)

        assert _called(slack, GET_ADDRESS) == []


class TestOnlyOnce:
    async def test_what_an_earlier_process_posted_is_not_shared_again(
        self, audience: Audience, front: SlackFront, slack: Workspace, said: Input
    ) -> None:
        first = await audience.deliver(LONG, turn="t1", repeated=False)

        again = await front.audience_for(said).deliver(LONG, turn="t1", repeated=True)

        assert again == first
        assert [len(found) for found in _thread(slack, said)] == [1, 1]

    async def test_a_process_that_died_between_file_and_message_leaves_one_of_each(
        self, audience: Audience, front: SlackFront, slack: Workspace, said: Input
    ) -> None:
        slack.faults.add("chat.postMessage", "error", code="access_denied")
        with pytest.raises(DeliveryError, match="access_denied"):
            await audience.deliver(LONG, turn="t1", repeated=False)
        assert [len(found) for found in _thread(slack, said)] == [1, 0]

        await front.audience_for(said).deliver(LONG, turn="t1", repeated=True)

        _, (posted,) = _thread(slack, said)
        assert "All of it is in the file" in _markdown(posted)
        assert len(_called(slack, COMPLETE)) == 1

    async def test_a_sharing_whose_answer_was_lost_is_looked_up_and_not_repeated(
        self, audience: Audience, slack: Workspace, said: Input
    ) -> None:
        slack.faults.add(COMPLETE, "drop_after_commit")

        await audience.deliver(LONG, turn="t1", repeated=False)

        (_,), (posted,) = _thread(slack, said)
        assert "All of it is in the file" in _markdown(posted)

    async def test_where_it_cannot_be_looked_up_the_message_says_that_it_is_not_there(
        self, audience: Audience, slack: Workspace, said: Input
    ) -> None:
        slack.faults.add(COMPLETE, "server_error")
        slack.faults.add("conversations.replies", "server_error")

        await audience.deliver(LONG, turn="t1", repeated=False)

        assert [len(found) for found in _thread(slack, said)] == [0, 1]

    async def test_another_persons_file_of_that_name_is_not_taken_for_ours(
        self, audience: Audience, slack: Workspace, said: Input
    ) -> None:
        file = slack.share_file("command-3.txt", b"mine")
        slack.say("ann", "incidents", "look", said.thread.ts, files=[file])

        await audience.deliver(LONG, turn="t1", repeated=True)

        assert [len(found) for found in _thread(slack, said)] == [1, 1]


class TestNotAttached:
    @pytest.mark.parametrize("method", [GET_ADDRESS, COMPLETE])
    @pytest.mark.parametrize("kind", ["ratelimited", "server_error", "hang", "drop", "error"])
    async def test_the_message_says_so_and_shows_what_fits(
        self, audience: Audience, slack: Workspace, said: Input, method: str, kind: FaultKind
    ) -> None:
        slack.faults.add(method, kind)

        await audience.deliver(LONG, turn="t1", repeated=False)

        shared, (posted,) = _thread(slack, said)
        shown = _markdown(posted)
        assert shared == []
        assert "The file `command-3.txt` could not be attached. As much of it as fits:" in shown
        assert "line 300 of the log" in shown
        assert shown.endswith("\n```")

    async def test_bytes_that_are_not_taken_are_no_file(
        self, audience: Audience, slack: Workspace, said: Input
    ) -> None:
        slack.base_url += "/nowhere"

        await audience.deliver(LONG, turn="t1", repeated=False)

        assert [len(found) for found in _thread(slack, said)] == [0, 1]
        assert _called(slack, COMPLETE) == []

    async def test_without_the_scope_it_is_asked_once_and_logged_once(
        self, front: SlackFront, slack: Workspace, said: Input, manifest: dict[str, Any]
    ) -> None:
        manifest["oauth_config"]["scopes"]["bot"].remove("files:write")
        slack.grants = Grants(manifest)

        with capture_logs() as logs:
            for turn in ("t1", "t2"):
                await front.audience_for(said).deliver(LONG, turn=turn, repeated=False)

        assert [log["needed"] for log in logs if log["event"] == "slack.files_off"] == [
            "files:write"
        ]
        assert len(_called(slack, GET_ADDRESS)) == 1
        assert [len(found) for found in _thread(slack, said)] == [0, 2]


class TestWords:
    def shown(self, markdown: str, text: str) -> str:
        (post,) = posts(Notice(markdown, Attachment("a.txt", text)), cluster="")
        assert len(post.text.encode()) + len(str(post.blocks[0]["text"]).encode()) <= MARKDOWN_BYTES
        return str(post.blocks[0]["text"])

    def test_what_the_message_shows_already_is_not_shown_twice(self) -> None:
        beginning = "\n".join(TEXT.split("\n")[:100])

        shown = self.shown(f"```\n{beginning}\n…\n```", TEXT)

        assert shown.endswith("The file `a.txt` could not be attached.")

    def test_where_there_is_no_room_nothing_is_shown_of_it(self) -> None:
        assert self.shown("word " * 2_080, TEXT).endswith("`a.txt` could not be attached.")

    @pytest.mark.parametrize("text", ["```\nx\n" * 3_000, "<!channel> & <" * 2_000, "é" * 50_000])
    def test_whatever_it_holds_it_fits_and_ends_no_fence(self, text: str) -> None:
        shown = self.shown("x", text)

        assert shown.count("```") == 2
        assert "<" not in shown


def test_how_to_come_by_what_is_no_text_is_said_where_it_cannot_be_attached() -> None:
    packed = Attachment("incident.zip", "Make it with `kaia export C1:1.0 -o FOLDER`.", b"PK")
    (post,) = posts(Notice("As a scenario.", packed), cluster="")
    assert str(post.blocks[0]["text"]) == (
        "As a scenario.\n\nThe file `incident.zip` could not be attached. Make it with `kaia export"
        " C1:1.0 -o FOLDER`."
    )
