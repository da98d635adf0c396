"""Slack is reached through the proxy the environment names, and past it where it says so."""

import pytest

from bot.slack.proxies import proxy_for

PROXY = {"HTTPS_PROXY": "http://proxy:3128"}


@pytest.mark.parametrize(
    ("url", "environ", "expected"),
    [
        ("https://slack.com/api/", {}, None),
        ("https://slack.com/api/", PROXY, "http://proxy:3128"),
        ("wss://wss-primary.slack.com/link", PROXY, "http://proxy:3128"),
        ("https://slack.com/api/", {"https_proxy": "proxy:3128"}, "http://proxy:3128"),
        ("http://127.0.0.1:80/api/", {"HTTP_PROXY": "http://p:1"}, None),
        ("ws://localhost:80/link/", {"HTTP_PROXY": "http://p:1"}, None),
        ("http://[::1]:80/api/", {"HTTP_PROXY": "http://p:1"}, None),
        ("http://slack.test/api/", {"HTTP_PROXY": "http://p:1"}, "http://p:1"),
        ("http://s.test/api/", {"HTTP_PROXY": "http://p:1", "NO_PROXY": "s.test"}, None),
        ("https://slack.com/api/", PROXY | {"NO_PROXY": "*"}, None),
        ("https://slack.com/api/", PROXY | {"no_proxy": "example.org,.slack.com"}, None),
        ("https://slack.com/api/", PROXY | {"NO_PROXY": "slack.com"}, None),
        ("https://slack.com/api/", PROXY | {"NO_PROXY": "example.org"}, "http://proxy:3128"),
    ],
)
def test_the_environment_decides(url: str, environ: dict[str, str], expected: str | None) -> None:
    assert proxy_for(url, environ) == expected
