"""A lesser complaint is not the cause where a graver, or later, error stands in the same log."""

import pytest

from bot.cluster.checks.logs.logs import telling_lines
from bot.cluster.checks.logs.weighing import complaints_in

_OTEL = (
    'ERROR failed to export traces: Post "http://otel-collector:4318": dial tcp: lookup '
    "otel-collector on 10.96.0.10:53: no such host"
)
_UNKNOWN_FIELD = 'FATAL config: unknown field "replcas"'
_PYTHON = [
    "INFO SENTRY_DSN not set, error reporting disabled",
    "Traceback (most recent call last):",
    '  File "/app/main.py", line 3, in <module>',
    "    port = int(os.environ['PORT'])",
    "ValueError: invalid literal for int() with base 10: '8O80'",
]


@pytest.mark.parametrize(
    ("log", "last_words"),
    [
        (_PYTHON, _PYTHON[-1]),
        (["WARN statsd: lookup statsd.monitoring.svc: no such host",
          'ERROR migration 0042 failed: relation "orders" already exists'],
         'ERROR migration 0042 failed: relation "orders" already exists'),
        ([_UNKNOWN_FIELD, _OTEL], _UNKNOWN_FIELD),
        ([_OTEL, _UNKNOWN_FIELD], _UNKNOWN_FIELD),
        ([_UNKNOWN_FIELD, "ERROR dial tcp: lookup db: no such host"], _UNKNOWN_FIELD),
        (["INFO request to http://warncache:8080/x timed out after 30s, retrying",
          "ERROR license expired"], "ERROR license expired"),
        (["WARN connect ECONNREFUSED 10.96.1.2:6379, cache disabled", "panic: nil pointer"],
         "panic: nil pointer"),
        (['{"level":40,"msg":"connect ECONNREFUSED 10.96.1.2:6379"}',
          '{"level":60,"msg":"license expired"}'], "license expired"),
        (["W1126 10:00:00.000000       1 a.go:3] lookup db: no such host",
          "F1126 10:00:00.100000       1 a.go:9] license expired"], "license expired"),
        (["ERROR dial tcp: lookup db: no such host", "ERROR license expired"],
         "ERROR license expired"),
    ],
)  # fmt: skip
def test_the_last_grave_error_is_quoted_and_a_lesser_one_is_no_cause(
    log: list[str], last_words: str
) -> None:
    assert complaints_in(log, has_crashed=True) == []
    assert telling_lines(log)[-1].endswith(last_words)


@pytest.mark.parametrize(
    "log",
    [
        ["WARN cache is cold", "panic: dial tcp: lookup memcom on 10.96.0.10:53: no such host"],
        ["ERROR dial tcp: lookup memcom: no such host", "FATAL giving up after 5 attempts"],
        ["ERROR dial tcp: lookup memcom: no such host", "npm ERR! errno 1"],
        ["ERROR dial tcp: lookup memcom: no such host", "INFO shutting down"],
        ["ERROR license check failed, will retry", "lookup memcom: no such host"],
        ["2025-01-02T03:04:05Z ERROR [main] Application run failed",
         "org.springframework.beans.BeanCreationException: Error creating bean",
         "\tat org.springframework.Boot.run(Boot.java:1)",
         "Caused by: java.net.UnknownHostException: memcom",
         "\t... 12 more"],
        ["Traceback (most recent call last):", '  File "a.py", line 3, in f',
         "socket.gaierror: [Errno -2] lookup memcom: no such host", "",
         "The above exception was the direct cause of the following exception:",
         "Traceback (most recent call last):", '  File "b.py", line 4, in g',
         "RuntimeError: settings are not usable"],
        ["ERROR dial tcp: lookup memcom: no such host", "ERROR connection refused"],
    ],
)  # fmt: skip
def test_a_complaint_that_is_the_gravest_or_the_reason_inside_stays(log: list[str]) -> None:
    [found] = complaints_in(log, has_crashed=True)
    assert (found.reason, found.host, found.is_aside) == ("HostNotFound", "memcom", False)


def test_a_mere_warning_that_stands_alone_is_an_aside() -> None:
    log = ["WARN dial tcp: lookup db: no such host, retrying", "FATAL giving up"]
    [found] = complaints_in(log, has_crashed=True)
    assert found.is_aside


def test_a_container_that_still_runs_may_only_warn_of_what_it_waits_for() -> None:
    log = ["WARN dial tcp: lookup db: no such host, retrying", "ERROR not healthy yet"]
    [found] = complaints_in(log, has_crashed=False)
    assert (found.host, found.is_aside) == ("db", False)


def test_an_error_that_does_not_count_still_outdoes_a_warning() -> None:
    log = [
        "WARN statsd: lookup statsd: no such host",
        "ERROR open /app/config.json: no such file or directory",
    ]
    assert not complaints_in(log, has_crashed=True, counts=lambda each: not each.path)
