"""Prometheus' counters and histograms of one process, in a registry of their own."""

from dataclasses import dataclass
from typing import Final

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
)

from bot.telemetry.seams import Activity, Happening

_QUICK: Final = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0, 5.0, 10.0)
_SLOW: Final = (0.5, 1.0, 2.5, 5.0, 10.0, 20.0, 30.0, 60.0, 120.0, 180.0, 300.0, 600.0)


@dataclass(frozen=True, slots=True)
class Told:
    """One metric as it is shown."""

    name: str
    what: str
    label: str = ""
    """What its word is called, where it has one."""
    buckets: tuple[float, ...] = ()


ACTIVITIES: Final[dict[Activity, Told]] = {
    "ack": Told(
        "kaia_slack_ack_seconds",
        "From an event of Slack's to its acknowledgement; Slack waits for 3 seconds.",
        "envelope",
        _QUICK,
    ),
    "intake": Told("kaia_intake_seconds", "What the store took to keep one input.", "kind", _QUICK),
    "turn": Told("kaia_turn_seconds", "Of one attempt at a turn.", "kind", _SLOW),
    "model": Told(
        "kaia_model_call_seconds",
        "Of one call to the model, with queueing and retries.",
        "provider",
        _SLOW,
    ),
    "kubectl": Told("kaia_kubectl_seconds", "Of one run of kubectl.", "verb", _QUICK),
    "slack": Told("kaia_slack_call_seconds", "Of one call to Slack's Web API.", "method", _QUICK),
}

HAPPENINGS: Final[dict[Happening, Told]] = {
    "tokens": Told("kaia_model_tokens_total", "Tokens the model took and gave.", "direction"),
    "command refused": Told(
        "kaia_commands_refused_total", "Commands a rule has refused, which were not run.", "rule"
    ),
    "person refused": Told(
        "kaia_people_refused_total", "Messages and presses of those who may not."
    ),
    "redaction": Told("kaia_redactions_total", "Secrets taken out of what kubectl printed."),
    "reconnect": Told(
        "kaia_slack_reconnects_total", "Sockets to Slack that ended or never opened.", "reason"
    ),
    "limited": Told(
        "kaia_slack_rate_limited_total", "Times Slack has asked to wait (429).", "method"
    ),
    "takeover": Told(
        "kaia_turns_taken_over_total", "Turns put back in line after their process had died."
    ),
}


class Meters:
    """Made once by whoever puts Kaia together; nothing is counted outside of one."""

    def __init__(self, version: str, python: str) -> None:
        # The library has one switch for the process; each series would have a twin otherwise.
        disable_created_metrics()  # type: ignore[no-untyped-call]
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self._seconds = {what: self._histogram(told) for what, told in ACTIVITIES.items()}
        self._counters = {what: self._counter(told) for what, told in HAPPENINGS.items()}
        build = Gauge(
            "kaia_build_info", "Which Kaia this is.", ["version", "python"], registry=self.registry
        )
        build.labels(version, python).set(1)

    def took(self, what: Activity, word: str, outcome: str, seconds: float) -> None:
        self._seconds[what].labels(word, outcome).observe(seconds)

    def count(self, what: Happening, word: str, by: float) -> None:
        counter = self._counters[what]
        (counter.labels(word) if HAPPENINGS[what].label else counter).inc(by)

    def _histogram(self, told: Told) -> Histogram:
        labels = (told.label, "outcome")
        return Histogram(told.name, told.what, labels, buckets=told.buckets, registry=self.registry)

    def _counter(self, told: Told) -> Counter:
        labels = (told.label,) if told.label else ()
        return Counter(told.name, told.what, labels, registry=self.registry)
