"""What this process is measured by: made at its start, and told by what is audited anyway."""

import importlib
import platform
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version
from typing import Any

from bot.app.vocabulary import VOCABULARY
from bot.audit import Kind, Record
from bot.errors import SettingsError
from bot.settings import Settings
from bot.telemetry.measured import Measured
from bot.telemetry.meters import Meters
from bot.telemetry.seams import Telemetry
from bot.telemetry.spans import NO_SPANS, Spans

_NO_EXTRA = (
    "OTEL_EXPORTER_OTLP_ENDPOINT is set, and what sends traces is not installed. Install Kaia with"
    " its extra `traces`: `pip install '.[traces]'` in Kaia's folder, or unset the variable."
)


@asynccontextmanager
async def opened_telemetry(settings: Settings) -> AsyncIterator[Measured]:
    """Raises SettingsError."""
    release = version("kaia")
    spans = _spans(settings, release)
    try:
        yield Measured(Meters(release, platform.python_version()), VOCABULARY, spans)
    finally:
        await spans.close()


def _spans(settings: Settings, release: str) -> Spans:
    if settings.otlp_endpoint is None:
        return NO_SPANS
    try:
        # It is slow to import, and not everybody has installed it.
        module = importlib.import_module("bot.telemetry.otlp")
    except ImportError as error:
        raise SettingsError(_NO_EXTRA) from error
    spans: Spans = module.OtlpSpans(settings.otlp_endpoint, release)
    return spans


def counted(record: Record, telemetry: Telemetry) -> Record:
    """The same, counting what was refused and what was taken out."""

    def record_and_count(kind: Kind, **fields: Any) -> None:
        if kind == "refusal":
            telemetry.count("person refused")
        elif fields.get("verdict") == "refused":
            telemetry.count("command refused", str(fields.get("rule")))
        if found := fields.get("redactions"):
            telemetry.count("redaction", by=found)
        record(kind, **fields)

    return record_and_count
