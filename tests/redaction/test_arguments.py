"""Arguments that stand on lines of their own, or in quotes, are read as one command."""

import json

import pytest

from bot.redaction import Redactor

PASSWORD = "tarugo-nilope-742"


def in_yaml(words: list[str]) -> str:
    return (
        "  containers:\n  - args:\n" + "".join(f"    - {word}\n" for word in words) + "    env:\n"
    )


def at_the_column_of_its_key(words: list[str]) -> str:
    return "command:\n" + "".join(f"- {word}\n" for word in words) + "image: app:1\n"


def described(words: list[str]) -> str:
    return "    Args:\n" + "".join(f"      {word}\n" for word in words) + "    State:  Running\n"


def in_json(words: list[str]) -> str:
    return json.dumps({"args": words, "image": "app:1"}, indent=4)


def in_an_annotation(words: list[str]) -> str:
    return json.dumps({"annotations": {"applied": json.dumps({"command": words})}})


NOTATIONS = (in_yaml, at_the_column_of_its_key, described, in_json, in_an_annotation)


@pytest.mark.parametrize("written", NOTATIONS)
@pytest.mark.parametrize(
    "words",
    [
        ["mysql", "-u", "root", f"-p{PASSWORD}", "shop"],
        ["app", "-p", PASSWORD],
        ["app", f"-p={PASSWORD}"],
        ["redis-cli", "-h", "cache", "-a", PASSWORD],
        ["curl", "-u", f"shop:{PASSWORD}", "http://db/"],
        ["sshpass", "-p", PASSWORD, "ssh", "host"],
        ["sh", "-c", f"docker login -u ci -p {PASSWORD} registry.example"],
        ["ldapsearch", "-D", "cn=shop", "-w", PASSWORD],
    ],
    ids=lambda words: words[0],
)
def test_a_password_is_hidden_that_only_the_words_before_it_tell(
    written: object, words: list[str]
) -> None:
    assert callable(written)
    found = Redactor().redact(written(words))

    assert PASSWORD not in found
    assert words[0] in found


@pytest.mark.parametrize("written", NOTATIONS)
@pytest.mark.parametrize(
    "words",
    [
        ["nginx", "-p", "8080", "-c", "/etc/nginx.conf"],
        ["docker", "run", "-p", "8080:80", "app"],
        ["kubectl", "logs", "-p", "web-7d9f8c6b5-x2k4z"],
        ["mkdir", "-p", "data-2026"],
        ["app", "-port=8080", "-profile", "production", "-parallel", "16"],
        ["app", "-p", "production"],
        ["app", "-p", "/var/lib/app", "-p", "$(PASSWORD)"],
    ],
    ids=" ".join,
)
def test_what_is_no_password_stays(written: object, words: list[str]) -> None:
    assert callable(written)
    text = written(words)

    assert Redactor().redact(text) == text
