"""Where the NetworkPolicies let Kaia and its Ollama out to."""

import ipaddress
from typing import Any

import pytest

from tests.chart.objects import one
from tests.chart.rendering import CI_FILES, Object, Release, Renderer

pytestmark = pytest.mark.chart

_ANYBODY, _INSIDE, _NOBODY = "anybody", "inside", "nobody"
_METADATA = ["169.254.169.254", "100.100.100.200", "168.63.129.16", "fd00:ec2::254", "fd20:ce::254"]


@pytest.mark.parametrize(
    ("address", "port", "whom"),
    [
        ("http://ollama:11434", 11434, _INSIDE),
        ("http://ollama.ai.svc:11434/v1", 11434, _INSIDE),
        ("http://ollama.ai.svc.cluster.local", 80, _INSIDE),
        ("http://Ollama.ai.SVC.cluster.local.", 80, _INSIDE),
        ("http://models.example", 80, _ANYBODY),
        ("http://models.example/v1?a=b:9", 80, _ANYBODY),
        ("http://ollama.ai:8080", 8080, _ANYBODY),
        ("http://svc.example:8080", 8080, _ANYBODY),
        ("https://models.example", 443, _ANYBODY),
        ("http://10.1.2.3:8080", 8080, _ANYBODY),
        ("http://[fd00::1]:8080/v1", 8080, _ANYBODY),
    ],
)
def test_an_address_opens_its_port_as_narrowly_as_can_be_told(
    chart: Renderer, address: str, port: int, whom: str
) -> None:
    for values in (
        {"model": {"baseUrl": address}},
        {"slack": {"apiUrl": address}},
        {"traces": {"endpoint": address}},
        {"config": {"KAIA_TRANSCRIPTION_URL": address}},
        {"extraEnv": [{"name": "SOME_SERVER", "value": address}]},
    ):
        assert _reached(_egress(chart, values), port) == whom


@pytest.mark.parametrize(
    ("name", "value", "port", "whom"),
    [
        ("HTTPS_PROXY", "http://proxy.example:3128", 3128, _ANYBODY),
        ("https_proxy", "http://proxy.example:3128", 3128, _ANYBODY),
        ("HTTP_PROXY", "proxy.example:3128", 3128, _ANYBODY),
        ("HTTP_PROXY", "http://proxy.example", 80, _ANYBODY),
        ("ALL_PROXY", "socks5://proxy:1080", 1080, _INSIDE),
        ("ALL_PROXY", "socks5h://proxy.example", 1080, _ANYBODY),
        ("NO_PROXY", "proxy.example:3128", 3128, _NOBODY),
        ("HTTPS_PROXY", "http://proxy.example:0", 80, _NOBODY),
        ("HTTPS_PROXY", "nonsense%%:", 80, _NOBODY),
    ],
)
def test_a_proxy_given_as_a_variable_is_reached(
    chart: Renderer, name: str, value: str, port: int, whom: str
) -> None:
    values = {"extraEnv": [{"name": name, "value": value}]}
    assert _reached(_egress(chart, values), port) == whom


def test_the_file_of_every_value_reaches_its_proxy_and_its_model(chart: Renderer) -> None:
    file = next(file for file in CI_FILES if file.name.startswith("full"))
    objects = chart.objects(release=Release(file=file))
    egress = one(objects, "NetworkPolicy", "kaia")["spec"]["egress"]
    assert {port: _reached(egress, port) for port in (3128, 4318, 80)} == {
        3128: _ANYBODY,
        4318: _ANYBODY,
        80: _NOBODY,
    }


def test_what_hands_out_a_nodes_credentials_is_nobody(chart: Renderer) -> None:
    """Once the ports of the API server, which may stand anywhere, are its own."""
    values = {
        "networkPolicy": {"enabled": True, "apiServerPorts": [6443]},
        "model": {"baseUrl": "http://models.example"},
        "store": {"type": "postgres", "existingSecret": "store"},
    }
    egress = _egress(chart, values)
    assert [
        each for each in _METADATA for port in (80, 443, 5432) if _lets(egress, each, port)
    ] == []
    assert _lets(egress, "52.1.2.3", 443)
    assert _lets(egress, "2600::1", 443)
    assert _lets(egress, "10.0.0.1", 6443)
    ollama = one(_objects(chart, {"ollama": {"enabled": True}}), "NetworkPolicy", "kaia-ollama")
    assert not _lets(ollama["spec"]["egress"], _METADATA[0], 443)


def test_the_api_server_is_looked_for_where_it_is_said_to_be(chart: Renderer) -> None:
    policy = {"enabled": True, "apiServerPorts": [6443], "apiServerAddresses": ["10.0.0.0/28"]}
    egress = _egress(chart, {"networkPolicy": policy})
    assert _lets(egress, "10.0.0.1", 6443)
    assert not _lets(egress, "10.0.1.1", 6443)


def _objects(chart: Renderer, values: dict[str, Any]) -> list[Object]:
    return chart.objects({"networkPolicy": {"enabled": True}, **values})


def _egress(chart: Renderer, values: dict[str, Any]) -> list[Any]:
    egress: list[Any] = one(_objects(chart, values), "NetworkPolicy", "kaia")["spec"]["egress"]
    return egress


def _reached(egress: list[Any], port: int) -> str:
    rules = [rule for rule in egress if _has(rule, port)]
    if any(_takes(rule, "52.1.2.3") for rule in rules):
        return _ANYBODY
    named = [peer for rule in rules for peer in rule["to"]]
    return _INSIDE if {"namespaceSelector": {}} in named else _NOBODY


def _lets(egress: list[Any], address: str, port: int) -> bool:
    return any(_has(rule, port) and _takes(rule, address) for rule in egress)


def _has(rule: Object, port: int) -> bool:
    return any(each["port"] == port for each in rule["ports"])


def _takes(rule: Object, address: str) -> bool:
    blocks = [peer["ipBlock"] for peer in rule.get("to", ()) if "ipBlock" in peer]
    return "to" not in rule or any(
        _is_in(address, block["cidr"])
        and not any(_is_in(address, one) for one in block.get("except", ()))
        for block in blocks
    )


def _is_in(address: str, network: str) -> bool:
    return ipaddress.ip_address(address) in ipaddress.ip_network(network)
