"""The terminal: one question at a time, shown without anything a terminal would obey."""

import asyncio
import io
import os
import signal
import subprocess
import sys
import termios
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from bot.dialogue import Answer, Attachment, Closed, Failure, Input, Notice, Outcome, Receipt, Step
from bot.errors import StoreError
from bot.plaintext import clean
from bot.terminal import Lines, TerminalAudience, TerminalFront

Handle = Callable[["Engine", Input], Awaitable[Outcome | None]]

ESCAPES = "\x1b]0;owned\x07\x1b[2J\x9b31m\u202e\r"


def receipt(number: int = 1, **more: object) -> Receipt:
    given = {
        "tool": "kubectl",
        "command": "kubectl get pods --namespace=shop",
        "verdict": "read",
        "exit_code": 0,
        "output": "",
        "note": "",
        "started": 0.0,
        "seconds": 0.1,
    }
    return Receipt(number=number, **(given | more))  # type: ignore[arg-type]


def console_to(sink: io.StringIO, *, is_terminal: bool = False) -> Console:
    # A width beyond every line here, so that nothing is folded in the middle.
    return Console(file=sink, force_terminal=is_terminal, width=400, color_system=None)


class Keyboard:
    """What somebody types, a line when it is asked for; then the end of the input."""

    def __init__(self, *lines: str) -> None:
        self.lines = list(lines)
        self.is_open = False
        self.waits = asyncio.Event()

    async def __call__(self) -> str | None:
        if self.lines:
            return self.lines.pop(0)
        if self.is_open:
            self.waits.set()
            await asyncio.Event().wait()
        return None


class Engine:
    """Handles inputs as the real one does: kept first, then run beside, shown to its audience."""

    def __init__(self, handle: Handle) -> None:
        self.handle = handle
        self.heard: list[Input] = []
        self.tasks: list[asyncio.Task[None]] = []
        self.front: TerminalFront | None = None
        self.stop = asyncio.Event()

    async def receive(self, said: Input) -> bool:
        self.heard.append(said)
        self.tasks.append(asyncio.create_task(self._turn(said), name=said.id))
        return True

    async def _turn(self, said: Input) -> None:
        assert self.front is not None
        audience = self.front.audience_for(said)
        try:
            await audience.begin()
            outcome = await self.handle(self, said)
            if outcome is not None:
                await audience.deliver(outcome, turn=said.id, repeated=False)
        finally:
            await audience.end()


class Chat:
    def __init__(self, handle: Handle, *lines: str, is_terminal: bool = False) -> None:
        self.screen = io.StringIO()
        self.keyboard = Keyboard(*lines)
        self.engine = Engine(handle)
        console = console_to(self.screen, is_terminal=is_terminal)
        self.front = TerminalFront(self.engine.receive, console, self.keyboard)
        self.engine.front = self.front

    async def run(self) -> int:
        code = await self.front.run()
        await asyncio.gather(*self.engine.tasks)
        return code

    @property
    def shown(self) -> str:
        return self.screen.getvalue()


async def echo(_: Engine, said: Input) -> Outcome:
    if said.text == "Thanks!":
        return Closed("Bye.")
    return Answer(f"You said **{said.text}**.", "prod", (receipt(),), "builtin")


class TestAConversation:
    async def test_questions_are_answered_in_one_thread_until_the_input_ends(self) -> None:
        chat = Chat(echo, "what is wrong?", "", "   ", "and now?")

        assert await chat.run() == 0
        assert [said.text for said in chat.engine.heard] == ["what is wrong?", "and now?"]
        assert len({said.thread.id for said in chat.engine.heard}) == 1
        assert len({said.id for said in chat.engine.heard}) == 2
        assert all(said.addressed for said in chat.engine.heard)

    async def test_thanks_ends_it_before_the_input_does(self) -> None:
        chat = Chat(echo, "hello", "Thanks!", "never asked")

        assert await chat.run() == 0
        assert chat.keyboard.lines == ["never asked"]
        assert chat.shown.endswith("Bye.\n")

    async def test_each_chat_is_a_thread_of_its_own(self) -> None:
        first, second = Chat(echo, "a"), Chat(echo, "a")
        await first.run()
        await second.run()

        assert first.engine.heard[0].thread != second.engine.heard[0].thread

    async def test_the_next_line_is_read_only_after_the_answer(self) -> None:
        left: list[int] = []

        async def look(engine: Engine, said: Input) -> Outcome:
            left.append(len(chat.keyboard.lines))
            return await echo(engine, said)

        chat = Chat(look, "one", "two", "three")
        await chat.run()

        assert left == [2, 1, 0]

    async def test_a_terminal_is_invited_and_prompted_a_pipe_is_not(self) -> None:
        on_terminal, on_pipe = Chat(echo, "a", is_terminal=True), Chat(echo, "a")
        await on_terminal.run()
        await on_pipe.run()

        assert "Type 'Thanks!' if you're done.\n> " in on_terminal.shown
        assert "Thanks!" not in on_pipe.shown
        assert ">" not in on_pipe.shown

    async def test_an_input_that_nobody_takes_up_is_passed_over(self) -> None:
        async def refuse(said: Input) -> bool:
            return not said.addressed

        screen = io.StringIO()
        front = TerminalFront(refuse, console_to(screen), Keyboard("hello"))

        assert await front.run() == 0
        assert screen.getvalue() == ""

    async def test_a_store_that_fails_is_told_and_the_chat_goes_on(self) -> None:
        async def fail(said: Input) -> bool:
            raise StoreError("The disk is full." if said.addressed else "")

        screen = io.StringIO()
        front = TerminalFront(fail, console_to(screen), Keyboard("hello", "again"))

        assert await front.run() == 1
        assert screen.getvalue() == "The disk is full.\n" * 2

    async def test_a_turn_that_ends_without_a_word_is_not_met_with_silence(self) -> None:
        async def nothing(_: Engine, __: Input) -> None:
            return None

        chat = Chat(nothing, "hello")

        assert await chat.run() == 1
        assert "kaia doctor" in chat.shown

    async def test_a_last_failure_is_the_exit_code(self) -> None:
        async def fail(_: Engine, __: Input) -> Outcome:
            return Failure("The model is not there.", "ab12")

        chat = Chat(fail, "hello")

        assert await chat.run() == 1
        assert chat.shown == "The model is not there. (reference ab12)\n"


async def until_stopped(engine: Engine, said: Input) -> Outcome | None:
    if said.text == "stop":
        engine.stop.set()
        return Notice("Stopped.")
    os.kill(os.getpid(), signal.SIGINT)
    await engine.stop.wait()
    return None


class TestInterrupting:
    async def test_during_a_turn_it_means_stop_and_the_chat_goes_on(self) -> None:
        async def handle(engine: Engine, said: Input) -> Outcome | None:
            return await (echo if said.text == "more" else until_stopped)(engine, said)

        chat = Chat(handle, "a long one", "more")

        assert await chat.run() == 0
        assert [said.text for said in chat.engine.heard] == ["a long one", "stop", "more"]
        assert chat.shown.startswith("Stopped.\nYou said **more**.")

    async def test_at_the_prompt_it_ends_the_chat(self) -> None:
        chat = Chat(echo, "one")
        chat.keyboard.is_open = True
        running = asyncio.create_task(chat.run())
        await chat.keyboard.waits.wait()
        os.kill(os.getpid(), signal.SIGINT)

        assert await running == 130

    async def test_the_second_time_it_does_not_wait_for_the_turn(self) -> None:
        async def deaf(engine: Engine, said: Input) -> Outcome | None:
            if said.text == "stop":
                chat.front.interrupt()
            else:
                chat.front.interrupt()
            await engine.stop.wait()
            return None

        chat = Chat(deaf, "a long one", "never asked")
        code = await chat.front.run()
        chat.engine.stop.set()
        await asyncio.gather(*chat.engine.tasks)

        assert code == 130
        assert chat.keyboard.lines == ["never asked"]

    async def test_afterwards_it_means_what_it_meant_before(self) -> None:
        before = signal.getsignal(signal.SIGINT)
        await Chat(echo, "one").run()

        assert signal.getsignal(signal.SIGINT) is before

    async def test_being_cancelled_leaves_nothing_behind(self) -> None:
        chat = Chat(echo, "one")
        chat.keyboard.is_open = True
        running = asyncio.create_task(chat.run())
        await chat.keyboard.waits.wait()
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running

        assert asyncio.all_tasks() == {asyncio.current_task()}


async def shown(outcome: Outcome, *, is_terminal: bool = False) -> str:
    sink = io.StringIO()
    audience = TerminalAudience(console_to(sink, is_terminal=is_terminal))
    await audience.deliver(outcome, turn="t", repeated=False)
    return sink.getvalue()


class TestWhatIsShown:
    async def test_the_verdict_comes_first_and_what_code_remarks_comes_last(self) -> None:
        text = await shown(
            Answer(
                "It is the disk.",
                "prod",
                source="builtin",
                verdict="**LIKELY** · Pod shop/db: DiskFull [1].",
                remarks=("Checked and fine: 3 nodes.", f"Not checked: {ESCAPES}events."),
            )
        )

        places = [text.index(word) for word in ("LIKELY", "the disk", "3 nodes", "Not checked")]
        assert places == sorted(places)
        assert "\x1b" not in text

    async def test_an_answer_lists_its_commands_and_names_cluster_time_and_source(self) -> None:
        text = await shown(
            Answer(
                "It crashes.",
                "prod-eu",
                (
                    receipt(1),
                    receipt(2, command="kubectl get secrets", verdict="refused", note="no Secrets"),
                    receipt(3, command="kubectl logs x", exit_code=None, note="killed after 20 s"),
                    receipt(4, exit_code=1, note="not found"),
                ),
                "builtin",
                "The model did not answer.",
            )
        )

        lines = text.splitlines()
        assert lines[:8] == [
            "The model did not answer.",
            "",
            "It crashes.",
            "",
            "[1] kubectl get pods --namespace=shop  (exit 0)",
            "[2] kubectl get secrets  (refused: no Secrets)",
            "[3] kubectl logs x  (not finished, killed after 20 s)",
            "[4] kubectl get pods --namespace=shop  (exit 1, not found)",
        ]
        assert lines[8].startswith("cluster prod-eu · ")
        assert lines[8].endswith(" UTC · builtin")

    async def test_a_pipe_gets_markdown_as_it_was_written_however_long_the_line(self) -> None:
        text = "**bold** " * 200

        assert await shown(Notice(text)) == text + "\n"

    @pytest.mark.parametrize("is_terminal", [True, False])
    async def test_what_is_too_long_for_a_message_is_shown_whole_behind_it(
        self, is_terminal: bool
    ) -> None:
        long = "\n".join(f"[b]line[/b] **{n}** {'x' * 300}" for n in range(500))
        attachment = Attachment("command-3.txt", f"{long}{ESCAPES}\n")

        text = await shown(Notice("**3.** `x`", attachment), is_terminal=is_terminal)

        head, _, file = text.partition("\n\n")
        assert "3." in head
        assert [line.rstrip() for line in file.splitlines()] == long.split("\n")

    async def test_a_terminal_gets_it_drawn_with_addresses_in_sight(self) -> None:
        text = await shown(Notice("**bold** [safe](https://evil.example)"), is_terminal=True)

        assert "**" not in text
        assert "https://evil.example" in text

    @pytest.mark.parametrize("is_terminal", [True, False])
    async def test_words_that_look_like_richs_own_markup_are_words(self, is_terminal: bool) -> None:
        text = await shown(
            Failure("[red]x[/red] :smile: [link=http://e]y[/link]", ""), is_terminal=is_terminal
        )

        assert text.strip() == "[red]x[/red] :smile: [link=http://e]y[/link]"

    @pytest.mark.parametrize("is_terminal", [True, False])
    @pytest.mark.parametrize(
        "outcome",
        [
            Notice(f"a{ESCAPES}b"),
            Closed(f"a{ESCAPES}b"),
            Failure(f"a{ESCAPES}b", ESCAPES),
            Answer(
                f"```\n{ESCAPES}\n```\n`{ESCAPES}` &#27;]0;x&#7; &#x202e; &zwj;",
                f"c{ESCAPES}",
                (receipt(command=f"kubectl{ESCAPES}", note=ESCAPES, exit_code=1),),
                ESCAPES,
                ESCAPES,
            ),
        ],
    )
    async def test_nothing_that_a_terminal_obeys_gets_through(
        self, outcome: Outcome, is_terminal: bool
    ) -> None:
        text = await shown(outcome, is_terminal=is_terminal)

        assert clean(text) == text

    @settings(max_examples=50)
    @given(text=st.text(max_size=60))
    async def test_whatever_the_text_is(self, text: str) -> None:
        drawn = await shown(Notice(text), is_terminal=True)

        assert clean(drawn) == drawn

    async def test_the_status_line_is_for_terminals_and_as_harmless(self) -> None:
        pipe, screen = io.StringIO(), io.StringIO()
        for sink, is_terminal in ((pipe, False), (screen, True)):
            audience = TerminalAudience(console_to(sink, is_terminal=is_terminal))
            await audience.begin()
            await audience.step(Step(f"kubectl get\npods{ESCAPES}[red]"))
            await audience.end()
            await audience.end()

        assert pipe.getvalue() == ""
        assert "kubectl get pods [red]" in screen.getvalue()
        assert "owned" not in screen.getvalue()


PROGRAM = """
import asyncio, fcntl, sys, termios
from rich.console import Console
from bot.dialogue import Notice
from bot.terminal import Lines, TerminalFront

async def receive(said):
    tasks.append(asyncio.create_task(answer(said), name="answer"))
    return True

async def answer(said):
    await front.audience_for(said).begin()
    await front.audience_for(said).deliver(Notice("heard " + said.text), turn="", repeated=False)

async def run():
    return await front.run()

fcntl.ioctl(0, termios.TIOCSCTTY, 0)  # so that Ctrl-C is a signal to this process
tasks = []
front = TerminalFront(receive, Console(), Lines(0))
sys.exit(asyncio.run(run()))
"""


class Pty:
    """A process on a terminal of its own, as somebody sits before it."""

    def __init__(self) -> None:
        self._master, slave = os.openpty()
        self.settings = termios.tcgetattr(slave)
        self._slave = slave
        self._seen = ""
        self.process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
        )

    def type(self, keys: str) -> None:
        os.write(self._master, keys.encode())

    def wait_for(self, words: str) -> None:
        while words not in self._seen:
            self._seen += os.read(self._master, 4096).decode(errors="replace")
        self._seen = self._seen.partition(words)[2]

    def end(self) -> int:
        code = self.process.wait(timeout=20)
        assert termios.tcgetattr(self._slave) == self.settings
        os.close(self._master)
        os.close(self._slave)
        return code


class TestOnARealTerminal:
    @pytest.mark.parametrize(("key", "code"), [("\x04", 0), ("\x03", 130)])
    def test_a_key_ends_it_and_leaves_the_terminal_as_it_was(self, key: str, code: int) -> None:
        pty = Pty()
        pty.wait_for("> ")
        pty.type("hello\n")
        pty.wait_for("heard hello")
        pty.wait_for("> ")
        pty.type(key)

        assert pty.end() == code


@pytest.fixture
async def pipe() -> AsyncIterator[tuple[Lines, int]]:
    reader, writer = os.pipe()
    yield Lines(reader), writer
    os.close(reader)


class TestReadingLines:
    async def test_lines_come_as_they_are_written(self, pipe: tuple[Lines, int]) -> None:
        read, writer = pipe
        waiting = asyncio.create_task(read())
        os.write(writer, b"one\ntw")
        assert await waiting == "one"

        os.write(writer, "ö\n\nlast".encode())
        assert await read() == "twö"
        assert await read() == ""

        os.close(writer)
        assert await read() == "last"
        assert await read() is None
        assert await read() is None

    async def test_waiting_can_be_given_up_and_taken_up_again(
        self, pipe: tuple[Lines, int]
    ) -> None:
        read, writer = pipe
        waiting = asyncio.create_task(read())
        await asyncio.sleep(0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        os.write(writer, b"later\n")
        os.close(writer)

        assert await read() == "later"

    async def test_a_regular_file_can_be_read_too(self, tmp_path: Path) -> None:
        path = tmp_path / "questions"
        path.write_bytes(b"one\n\xff")
        descriptor = os.open(path, os.O_RDONLY)
        read = Lines(descriptor)

        assert [await read(), await read(), await read()] == ["one", "\ufffd", None]
        os.close(descriptor)

    async def test_what_is_closed_is_at_its_end(self) -> None:
        reader, writer = os.pipe()
        os.close(reader)
        os.close(writer)

        assert await Lines(reader)() is None
