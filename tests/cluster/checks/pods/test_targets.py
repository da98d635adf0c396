"""What a probe asks, in words, and whether the container declares that port."""

import pytest

from bot.cluster.checks.pods.targets import compare, target
from tests.doubles.ailing_pods import Json


@pytest.mark.parametrize(
    ("probe", "expected"),
    [
        ({"httpGet": {"port": 443, "scheme": "HTTPS"}}, "HTTPS GET / on port 443"),
        ({"httpGet": {"port": 80, "path": "/a", "host": "h"}}, "HTTP GET /a on port 80 of h"),
        ({"tcpSocket": {"port": "db"}}, "TCP connection to port `db`"),
        ({"grpc": {"port": 9000}}, "gRPC health check on port 9000"),
        ({"exec": {"command": ["cat", "/run/ready"]}}, "command “cat /run/ready”"),
    ],
)
def test_a_probe_is_told_as_a_person_would(probe: Json, expected: str) -> None:
    assert target(probe) == expected


@pytest.mark.parametrize(
    ("probe", "ports", "expected"),
    [
        (
            {"tcpSocket": {"port": 8080}},
            [{"containerPort": 80}],
            "; the container declares port 80",
        ),
        ({"grpc": {"port": 9}}, [{"containerPort": 1}, {"containerPort": 2}], "ports 1, 2"),
        ({"tcpSocket": {"port": 80}}, [{"containerPort": 80}], ""),
        ({"tcpSocket": {"port": 80}}, [], ""),
        ({"httpGet": {"port": 81, "host": "example.com"}}, [{"containerPort": 80}], ""),
        ({"tcpSocket": {"port": "web"}}, [{"containerPort": 80}], "(it has no named ports)"),
        ({"exec": {"command": ["true"]}}, [{"containerPort": 80}], ""),
    ],
)
def test_a_port_is_compared_with_what_the_container_declares(
    probe: Json, ports: list[Json], expected: str
) -> None:
    words = compare({"ports": ports}, probe).words
    assert words.endswith(expected)
    assert bool(words) is bool(expected)
