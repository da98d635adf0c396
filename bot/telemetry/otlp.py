"""Traces for a collector, over OTLP/HTTP; it needs the extra `traces`, and holds up nothing.

A span holds its kind, ids, numbers and words of ours: no attribute takes a text, and errors are not
recorded in it. The ids of a turn's trace are made from the turn's own id, so that a replica that
goes on with it needs to be told nothing.
"""

import asyncio
import hashlib
import logging
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Final

import structlog
from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.sdk.trace.id_generator import RandomIdGenerator

from bot.telemetry.seams import Activity
from bot.telemetry.spans import NO_SPAN, Span

_SEND_SECONDS: Final = 1.5
_CLOSING_SECONDS: Final = 2.0
_DELAY_MILLISECONDS: Final = 1_000
_PATH: Final = "/v1/traces"

_KINDS: Final = {
    "slack": trace.SpanKind.CLIENT,
    "model": trace.SpanKind.CLIENT,
}

_log = structlog.get_logger()


class OtlpSpans:
    """Implements `Spans`."""

    def __init__(self, endpoint: str, version: str) -> None:
        """`endpoint` is what OTEL_EXPORTER_OTLP_ENDPOINT holds: without a path of its own."""
        # It tells of each batch it could not send, and of each attempt.
        logging.getLogger("opentelemetry").setLevel(logging.CRITICAL)
        exporter = OTLPSpanExporter(endpoint.rstrip("/") + _PATH, timeout=_SEND_SECONDS)
        self._ids = _Ids()
        self._provider = TracerProvider(
            resource=Resource.create({"service.name": "kaia", "service.version": version}),
            shutdown_on_exit=False,
            id_generator=self._ids,
        )
        self._provider.add_span_processor(
            BatchSpanProcessor(_SaysItOnce(exporter), schedule_delay_millis=_DELAY_MILLISECONDS)
        )
        # Never the library's global one: AutoGen would put whole messages into it.
        self._tracer = self._provider.get_tracer("kaia", version)

    @contextmanager
    def span(self, what: Activity, word: str, turn: str) -> Iterator[Span]:
        attributes = {"kaia.what": word} | ({"kaia.turn": turn} if turn else {})
        if turn and what == "intake":
            with trace.use_span(_came_in(turn)):
                yield _Intake(self._tracer, self._ids, turn, attributes)
        elif turn or trace.get_current_span().get_span_context().is_valid:
            with self._tracer.start_as_current_span(
                f"kaia.{what}",
                trace.set_span_in_context(_came_in(turn)) if turn else None,
                _KINDS.get(what, trace.SpanKind.INTERNAL),
                attributes,
                record_exception=False,
                set_status_on_exception=False,
            ) as span:
                yield _Span(span)
        else:
            yield NO_SPAN

    def flush(self) -> None:
        """Sends what there is now. Blocks."""
        self._provider.force_flush()

    async def close(self) -> None:
        """Sends what is left, for two seconds at most."""
        # The library waits for its thread; ours is a daemon, so that no exit waits for either.
        closing = threading.Thread(target=self._provider.shutdown, name="traces end", daemon=True)
        closing.start()
        try:
            async with asyncio.timeout(_CLOSING_SECONDS):
                while closing.is_alive():  # noqa: ASYNC110 - a thread tells no event loop
                    await asyncio.sleep(0.02)
        except TimeoutError:
            _log.warning("traces.cut_off")


class _Span:
    def __init__(self, span: trace.Span) -> None:
        self._span = span

    def ends(self, outcome: str, numbers: Mapping[str, float]) -> None:
        self._span.set_attribute("kaia.outcome", outcome)
        for name, number in numbers.items():
            self._span.set_attribute(f"kaia.{name}", number)
        if outcome == "failed":
            self._span.set_status(trace.StatusCode.ERROR)


class _Intake:
    """The span with which a turn comes in. Slack tells of most messages twice: the delivery that
    was kept makes it, and another makes none.
    """

    def __init__(
        self, tracer: trace.Tracer, ids: "_Ids", turn: str, attributes: dict[str, str]
    ) -> None:
        self._tracer = tracer
        self._ids = ids
        self._turn = turn
        self._attributes = attributes
        self._began = time.time_ns()

    def ends(self, outcome: str, numbers: Mapping[str, float]) -> None:
        if outcome != "done":
            return
        self._ids.next = _ids_of(self._turn)
        span = self._tracer.start_span(
            "kaia.intake",
            Context(),
            trace.SpanKind.CONSUMER,
            self._attributes,
            start_time=self._began,
        )
        _Span(span).ends(outcome, numbers)
        span.end()


class _Ids(RandomIdGenerator):
    """Chance, but for the span with which a turn comes in."""

    def __init__(self) -> None:
        self.next: tuple[int, int] | None = None

    def generate_trace_id(self) -> int:
        return self.next[0] if self.next else super().generate_trace_id()

    def generate_span_id(self) -> int:
        given, self.next = self.next, None
        return given[1] if given else super().generate_span_id()


class _SaysItOnce(SpanExporter):
    """A collector that is away is one line in the log, and another when it is back."""

    def __init__(self, exporter: SpanExporter) -> None:
        self._exporter = exporter
        self._is_away = False

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        result = self._exporter.export(spans)
        is_away = result is not SpanExportResult.SUCCESS
        if is_away and not self._is_away:
            _log.warning("traces.not_sent", setting="OTEL_EXPORTER_OTLP_ENDPOINT")
        elif self._is_away and not is_away:
            _log.info("traces.sent_again")
        self._is_away = is_away
        return result

    def shutdown(self) -> None:
        self._exporter.shutdown()


def _ids_of(turn: str) -> tuple[int, int]:
    """Of the trace, and of the span with which it begins. Neither may be 0."""
    digest = hashlib.sha256(turn.encode()).digest()
    return int.from_bytes(digest[:16]) or 1, int.from_bytes(digest[16:24]) or 1


def _came_in(turn: str) -> trace.Span:
    trace_id, span_id = _ids_of(turn)
    sampled = trace.TraceFlags(trace.TraceFlags.SAMPLED)
    context = trace.SpanContext(trace_id, span_id, is_remote=True, trace_flags=sampled)
    return trace.NonRecordingSpan(context)
