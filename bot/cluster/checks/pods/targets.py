"""What a probe asks, in words, and whether the container declares that port; it asks nothing."""

from typing import NamedTuple

from bot.cluster.checks.pods.containers import quoted
from bot.cluster.likeness import did_you_mean, spoken_hint
from bot.cluster.objects import Object, items, part, text, words


class Mismatch(NamedTuple):
    words: str
    """`; the container declares port 80`, or nothing."""
    hint: str = ""
    is_fatal: bool = False
    """No answer can ever come: the port it names does not exist."""


def target(probe: Object) -> str:
    """`HTTP GET /healthz on port 8080`, as a person would say it."""
    if http := part(probe, "httpGet"):
        scheme = text(http, "scheme") or "HTTP"
        host = f" of {text(http, 'host')}" if text(http, "host") else ""
        return f"{scheme} GET {text(http, 'path') or '/'} on {_port(http)}{host}"
    if tcp := part(probe, "tcpSocket"):
        return f"TCP connection to {_port(tcp)}"
    if grpc := part(probe, "grpc"):
        return f"gRPC health check on {_port(grpc)}"
    command = " ".join(words(part(probe, "exec"), "command"))
    return f"command {quoted(command[:80])}"


def compare(container: Object, probe: Object) -> Mismatch:
    """The port it asks against those that the container declares."""
    action = next(filter(None, (part(probe, k) for k in ("httpGet", "tcpSocket", "grpc"))), {})
    port = text(action, "port")
    declared = items(container, "ports")
    if not port or text(action, "host"):
        return Mismatch("")
    if not port.isdigit():
        return _compare_name(port, declared)
    numbers = [text(each, "containerPort") for each in declared]
    if not numbers or port in numbers:
        return Mismatch("")
    plural = "ports" if len(numbers) > 1 else "port"
    return Mismatch(f"; the container declares {plural} {', '.join(numbers)}")


def _compare_name(port: str, declared: list[Object]) -> Mismatch:
    names = [text(each, "name") for each in declared if text(each, "name")]
    if port in names:
        return Mismatch("")
    has = ", ".join(f"`{each}`" for each in names) or "no named ports"
    return Mismatch(
        f"; the container has no port named `{port}` (it has {has})",
        spoken_hint(did_you_mean(port, names) or (names if len(names) == 1 else ())),
        is_fatal=True,
    )


def _port(action: Object) -> str:
    port = text(action, "port")
    return f"port {port}" if port.isdigit() else f"port `{port}`"
