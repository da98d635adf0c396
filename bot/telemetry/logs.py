"""Logs to stderr: events with fields, never what people or clusters said, never a token."""

import asyncio
import logging
import sys
import traceback
from collections.abc import Callable, Iterator
from typing import Any, Final, TextIO

import structlog
from structlog.stdlib import ProcessorFormatter
from structlog.typing import EventDict, ExcInfo, Processor, WrappedLogger

from bot.errors import KaiaError
from bot.plaintext import clean
from bot.redaction import Redactor

WORDLESS: Final = (
    "anthropic",
    "autogen_agentchat",
    "autogen_core",
    "openai",
    "opentelemetry",
    "slack_bolt",
    "slack_sdk",
    "sqlalchemy",
)
"""Their warnings may hold messages, prompts or payloads: only where and of what kind is kept."""

QUIET: Final = (
    *WORDLESS,
    "aiohttp.access",
    "aiosqlite",
    "alembic",
    "asyncio",
    "httpcore",
    "httpx",
    "markdown_it",
)
"""They tell of every request: heard from WARNING on, whatever the level is."""

Redact = Callable[[str], str]


def set_up_logs(json: bool, level: str, *, stream: TextIO | None = None) -> None:
    """Sends Kaia's and every library's records to stderr, JSON lines or plain ones."""
    stream = stream or sys.stderr
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        ProcessorFormatter(
            foreign_pre_chain=[_without_their_words, *_processors(Redactor().redact)],
            processors=[ProcessorFormatter.remove_processors_meta, _renderer(json, stream)],
            keep_exc_info=False,
        )
    )
    structlog.configure(
        processors=[*_processors(Redactor().redact), ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(level.upper()),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    _route(handler, level.upper())


def _route(handler: logging.Handler, level: str) -> None:
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in QUIET:
        logging.getLogger(name).setLevel(max(root.level, logging.WARNING))
    handler.addFilter(_is_worth_hearing)
    handler.addFilter(_is_no_cancellation)
    logging.captureWarnings(capture=True)


def _is_worth_hearing(record: logging.LogRecord) -> bool:
    # Bolt gives each of its loggers the root's level, past the one set for their parent.
    return record.levelno >= logging.WARNING or not _is_one_of(record.name, QUIET)


def _is_no_cancellation(record: logging.LogRecord) -> bool:
    """AutoGen complains of every turn that somebody has stopped."""
    error = record.exc_info[1] if record.exc_info else None
    return not (isinstance(error, asyncio.CancelledError) and _is_one_of(record.name, WORDLESS))


def _is_one_of(logger: str, families: tuple[str, ...]) -> bool:
    return any(logger == family or logger.startswith(f"{family}.") for family in families)


def _renderer(json: bool, stream: TextIO) -> Processor:
    if json:
        return structlog.processors.JSONRenderer(ensure_ascii=False)
    return structlog.dev.ConsoleRenderer(
        colors=stream.isatty(), exception_formatter=structlog.dev.plain_traceback
    )


def _processors(redact: Redact) -> list[Processor]:
    def without_secrets(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
        kept = {name: event.pop(name) for name in ("_record", "_from_structlog") if name in event}
        return {name: _safe(value, redact) for name, value in event.items()} | kept

    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.ExceptionRenderer(_without_words),
        without_secrets,
    ]


def _safe(value: Any, redact: Redact) -> Any:
    match value:
        case bool() | int() | float() | None:
            return value
        case dict():
            return {str(key): _safe(each, redact) for key, each in value.items()}
        case list() | tuple() | set() | frozenset():
            return [_safe(each, redact) for each in value]
        case _:
            return redact(clean(str(value)))


def _without_their_words(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    record: logging.LogRecord = event["_record"]
    event["logger"] = record.name
    event["place"] = f"{record.module}:{record.lineno}"
    # asyncio puts the reprs of tasks and errors into the lines below the first.
    first_line = str(event["event"]).partition("\n")[0]
    event["event"] = "library.complained" if _is_one_of(record.name, WORDLESS) else first_line
    return event


def _without_words(exc_info: ExcInfo) -> str:
    """The chain of an error, cause last. A library's own words are left out:

    pydantic's and SQLAlchemy's, for two, repeat what they were working on.
    """
    return "\n".join(_told(exc_info[1], seen=set()))


def _told(error: BaseException, *, seen: set[int]) -> Iterator[str]:
    seen.add(id(error))
    yield _kind(error)
    for frame in traceback.extract_tb(error.__traceback__):
        yield f"  {frame.filename}:{frame.lineno} in {frame.name}"
    for each in error.exceptions if isinstance(error, BaseExceptionGroup) else ():
        yield "one of:"
        yield from _told(each, seen=seen)
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None and id(cause) not in seen:
        yield "because of:"
        yield from _told(cause, seen=seen)


def _kind(error: BaseException) -> str:
    name = f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins.")
    match error:
        case KaiaError():
            return f"{name}: {error}"
        case OSError(strerror=str(why)):
            return f"{name}: {why}"
        case _:
            return name
