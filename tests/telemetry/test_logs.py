"""What the logs hold, and what never reaches them."""

import asyncio
import io
import json
import logging
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import structlog
from pydantic import BaseModel

from bot.errors import ModelMissing
from bot.telemetry import QUIET, WORDLESS, set_up_logs

CANARY = "canary-7c2e"
TOKEN = "xoxb-123456789012-123456789012-AbCdEfGhIjKlMnOpQrStUvWx"

Logs = Callable[[], list[dict[str, Any]]]


@pytest.fixture(autouse=True)
def _logging_as_it_was() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in QUIET}
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)
    logging.captureWarnings(capture=False)
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


@pytest.fixture
def logs() -> Logs:
    sink = io.StringIO()
    set_up_logs(json=True, level="info", stream=sink)
    return lambda: [json.loads(line) for line in sink.getvalue().splitlines()]


class TestOurOwnEvents:
    def test_an_event_is_one_json_object_with_level_and_time(self, logs: Logs) -> None:
        structlog.get_logger().info("kubectl.finished", verb="get", seconds=0.25)

        [line] = logs()
        assert line.pop("timestamp").endswith("Z")
        assert line == {
            "event": "kubectl.finished",
            "level": "info",
            "verb": "get",
            "seconds": 0.25,
        }

    def test_the_thread_and_turn_at_work_are_in_every_line(self, logs: Logs) -> None:
        with structlog.contextvars.bound_contextvars(thread="T:C:1", turn="message:1"):
            structlog.get_logger().info("turn.began")
            logging.getLogger("some.library").warning("something")

        assert [(line["thread"], line["turn"]) for line in logs()] == [("T:C:1", "message:1")] * 2

    def test_below_the_level_nothing_is_said(self, logs: Logs) -> None:
        structlog.get_logger().debug("too.much")
        logging.getLogger("some.library").debug("too much")

        assert logs() == []

    def test_without_json_the_same_is_readable(self) -> None:
        sink = io.StringIO()
        set_up_logs(json=False, level="info", stream=sink)
        structlog.get_logger().info("kubectl.finished", verb="get")

        assert "kubectl.finished" in sink.getvalue()
        assert "verb=get" in sink.getvalue()
        assert "\x1b" not in sink.getvalue()

    def test_setting_up_twice_says_everything_once(self, logs: Logs) -> None:
        sink = io.StringIO()
        set_up_logs(json=True, level="info", stream=sink)
        structlog.get_logger().info("turn.began")

        assert logs() == []
        assert len(sink.getvalue().splitlines()) == 1


class TestWhatNeverReachesThem:
    def test_tokens_wherever_they_stand(self, logs: Logs) -> None:
        log = structlog.get_logger()
        log.info("a", token=TOKEN)
        log.info("b", held={"inner": [TOKEN]}, pair=(TOKEN, 1))
        log.info(TOKEN)
        logging.getLogger("some.library").warning("token %s", TOKEN)

        assert len(logs()) == 4
        assert TOKEN not in json.dumps(logs())

    def test_control_characters(self) -> None:
        sink = io.StringIO()
        set_up_logs(json=False, level="info", stream=sink)
        structlog.get_logger().warning("x", reason="\x1b]0;owned\x07\x1b[2Jfine")

        assert "fine" in sink.getvalue()
        assert "\x1b" not in sink.getvalue()
        assert "owned" not in sink.getvalue()

    @pytest.mark.parametrize("name", WORDLESS)
    def test_the_words_of_libraries_that_log_messages(self, logs: Logs, name: str) -> None:
        logging.getLogger(f"{name}.deep").error("payload: %s", CANARY)

        [line] = logs()
        assert line["event"] == "library.complained"
        assert line["logger"] == f"{name}.deep"
        assert line["place"].startswith("test_logs:")
        assert CANARY not in json.dumps(line)

    def test_libraries_that_complain_of_a_turn_that_was_stopped(self, logs: Logs) -> None:
        def complain(name: str, error: BaseException) -> None:
            try:
                raise error
            except BaseException:
                logging.getLogger(name).exception("Error processing publish message")

        complain("autogen_core", asyncio.CancelledError())
        complain("autogen_core", ValueError())
        complain("some.library", asyncio.CancelledError())

        assert [line["logger"] for line in logs()] == ["autogen_core", "some.library"]

    @pytest.mark.parametrize("name", QUIET)
    def test_what_libraries_say_of_every_request(self, logs: Logs, name: str) -> None:
        logger = logging.getLogger(f"{name}.deep")
        logger.setLevel(logging.DEBUG)  # as Bolt sets its own
        logger.info("POST %s", CANARY)

        assert logs() == []

    def test_quiet_libraries_do_not_even_format_what_nobody_reads(self, logs: Logs) -> None:
        assert not logging.getLogger("autogen_core.events").isEnabledFor(logging.INFO)
        assert logs() == []

    def test_the_representation_of_a_task_that_asyncio_complains_of(self, logs: Logs) -> None:
        logging.getLogger("asyncio").error(
            "Task exception was never retrieved\nfuture: <Task exception=ValueError('%s')>", CANARY
        )

        [line] = logs()
        assert line["event"] == "Task exception was never retrieved"

    def test_the_words_of_errors_that_are_not_ours(self, logs: Logs) -> None:
        class Model(BaseModel):
            number: int

        def fail() -> None:
            try:
                Model.model_validate({"number": CANARY})
            except ValueError as error:
                raise ModelMissing("The model is not there.") from error

        try:
            fail()
        except ModelMissing:
            structlog.get_logger().exception("turn.failed")

        [line] = logs()
        assert CANARY not in json.dumps(line)
        told = line["exception"].splitlines()
        assert told[0] == "bot.errors.ModelMissing: The model is not there."
        assert "because of:" in told
        assert any(text.endswith("ValidationError") for text in told)
        assert any(" in fail" in text and "test_logs.py" in text for text in told)

    def test_groups_and_circles_of_errors_are_told_to_their_end(self, logs: Logs) -> None:
        first, second = ValueError(CANARY), OSError(2, "No such file or directory", CANARY)
        first.__cause__, second.__context__ = second, first
        structlog.get_logger().error("x", exc_info=ExceptionGroup("g", [first, KeyError(CANARY)]))

        [line] = logs()
        assert line["exception"].splitlines() == [
            "ExceptionGroup",
            "one of:",
            "ValueError",
            "because of:",
            "FileNotFoundError: No such file or directory",
            "one of:",
            "KeyError",
        ]


def test_warnings_of_python_become_lines_too(logs: Logs) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(capture=True)
        warnings.warn("old and tired", DeprecationWarning, stacklevel=1)

    [line] = logs()
    assert "old and tired" in line["event"]
    assert line["logger"] == "py.warnings"
