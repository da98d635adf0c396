"""Objects and logs lose their secrets and stay what they are."""

import json

import pytest

from bot.recordings.concealing import Concealer
from bot.recordings.files import Json
from bot.redaction import Redactor
from tests.doubles.canaries import Watch, generated, private_key, remembered

KEY = b"of this recording"
WORD = remembered("a password")


PEM, INSIDE = private_key("log")
_KEY_LINES = PEM.splitlines()
KEYS = {
    "as it is": PEM,
    "indented": "\n".join(f"    {each}" for each in _KEY_LINES),
    "each after a logger's words": "\n".join(f"10:00:01 INFO tls {each}" for each in _KEY_LINES),
    "after a name": f"tls.key: |\n{PEM}",
    "with its head cut off": "\n".join(_KEY_LINES[4:]),
    "with its end cut off": "\n".join(_KEY_LINES[:-2]),
    "on one line": json.dumps(PEM),
    "of one line that a terminal shows as many": PEM.replace("\n", "\r"),
    "coloured": "\n".join(f"\x1b[32m{each}\x1b[0m" for each in _KEY_LINES),
    "with something between": "\n".join(f"{each}\n\n" for each in _KEY_LINES),
}


def stamped(lines: list[str]) -> str:
    return "".join(
        f"2026-11-27T10:{at // 60:02}:{at % 60:02}.5Z {each}\n" for at, each in enumerate(lines)
    )


def bare(shown: str) -> str:
    """Without the times, so that a key is seen though it stands on many lines."""
    return "\n".join(line.partition(" ")[2] for line in shown.splitlines())


def concealed(found: Json, *learnt: Json) -> Json:
    concealer = Concealer(Redactor().keyed(KEY))
    for each in (*learnt, found):
        concealer.learn(each)
    shown = concealer.object(found)
    assert shown is not None
    return shown


def _env(name: str, value: str) -> Json:
    return {
        "kind": "Pod",
        "metadata": {"name": "web", "namespace": "shop"},
        "spec": {"containers": [{"name": "app", "image": "postgres:16",
                                 "env": [{"name": name, "value": value}]}]},
    }  # fmt: skip


@pytest.mark.parametrize(
    "found",
    [
        {"metadata": {"name": "m"}, "data": {"password": WORD}},
        {"metadata": {"name": "m"}, "data": {"app.yaml": f"db:\n  password: {WORD}\n  port: 1\n"}},
        {"metadata": {"name": "m", "annotations": {"last": json.dumps(_env("TOKEN", WORD))}}},
        {"metadata": {"name": "m"}, "spec": {"apiTokens": [WORD, WORD]}},
        {"metadata": {"name": "m"}, "spec": {"password": WORD, "deeper": {"token": 7712345699}}},
        {"metadata": {"name": "m"}, "spec": {"text": f"password: \u200b{WORD}"}},
        _env("DB_PASSWORD", WORD),
    ],
)
def test_a_secret_is_gone_and_nothing_but_texts_differs(found: Json) -> None:
    shown = concealed(found)
    assert WORD not in json.dumps(shown)
    assert shown["metadata"]["name"] == found["metadata"]["name"]
    assert shown.keys() == found.keys()


def test_a_number_for_a_password_becomes_a_mark_and_other_numbers_stay() -> None:
    shown = concealed({"metadata": {"name": "m"}, "spec": {"password": 7712345699, "port": 8080}})
    assert str(shown["spec"]["password"]).startswith("[redacted:")
    assert shown["spec"]["port"] == 8080


def test_done_twice_it_is_done_once() -> None:
    once = concealed(_env("DB_PASSWORD", WORD))
    assert concealed(once) == once


def test_a_password_is_hidden_where_nothing_names_it() -> None:
    event = {"metadata": {"name": "e"}, "message": f"tried {WORD} in vain"}
    assert WORD not in json.dumps(concealed(event, _env("DB_PASSWORD", WORD)))


def test_a_password_that_is_a_name_of_the_cluster_too_is_hidden_only_where_it_is_named() -> None:
    other = {"metadata": {"name": "postgres:16"}, "spec": {"image": "postgres:16"}}
    assert concealed(other, _env("DB_PASSWORD", "postgres:16")) == other


class TestLogs:
    def test_times_stay_and_each_line_stays_a_line(self) -> None:
        written, inside = private_key("log")
        lines = ["starting", *written.splitlines(), f"token={generated('log')}", "done"]
        stamped = "".join(f"2026-11-27T10:00:{at:02}.5Z {each}\n" for at, each in enumerate(lines))
        shown = Concealer(Redactor().keyed(KEY)).log(stamped)
        assert inside[:20] not in shown
        assert inside[-20:] not in shown
        assert generated("log") not in shown
        assert shown.startswith("2026-11-27T10:00:00.5Z starting\n")
        assert shown.endswith("Z done\n")
        assert all(line.startswith("2026-11-27T10:00:") for line in shown.splitlines())

    @pytest.mark.parametrize("written", KEYS.values(), ids=KEYS.keys())
    def test_no_piece_of_a_key_is_left_in_any_of_its_lines(self, written: str) -> None:
        lines = ["starting", *written.rstrip("\n").split("\n"), "listening on :8080"]
        shown = Concealer(Redactor().keyed(KEY)).log(stamped(lines))
        assert Watch({"key": INSIDE}).seen_in(bare(shown)) == {}
        assert shown.startswith("2026-11-27T10:00:00.5Z starting\n")
        assert len(shown.splitlines()) >= len(lines)
        assert all(line.startswith("2026-11-27T10:0") for line in shown.splitlines())

    def test_what_follows_a_key_is_shown(self) -> None:
        shown = Concealer(Redactor()).log(stamped([*PEM.splitlines(), "listening on :8080"]))
        assert shown.endswith("Z listening on :8080\n")

    def test_the_short_last_line_of_a_key_is_hidden_there_and_nowhere_else(self) -> None:
        key = PEM.replace("\n-----END", "\nQ5x=\n-----END")
        shown = Concealer(Redactor()).log(stamped(["seen Q5x=", *key.splitlines()]))
        assert shown.count("Q5x=") == 1

    @pytest.mark.parametrize(
        "lines",
        [
            ["password: |", f"  {WORD}", "port: 1"],
            ['"apiTokens": [', f'  "{WORD}",', "]"],
            ["? password", f": {WORD}"],
            [f"token={generated('over')[:16]}\\", generated("over")[16:]],
        ],
    )
    def test_what_the_line_before_names_is_hidden(self, lines: list[str]) -> None:
        shown = Concealer(Redactor()).log(stamped(lines))
        watch = Watch({"word": WORD, "over": generated("over")[:16]})
        assert watch.seen_in(shown) == {}

    def test_what_a_terminal_draws_over_itself_are_lines_of_one_moment(self) -> None:
        shown = Concealer(Redactor()).log("2026-11-27T10:00:00Z 10%\r20%\u2028half\n")
        assert shown == "".join(f"2026-11-27T10:00:00Z {each}\n" for each in ("10%", "20%", "half"))

    def test_what_a_terminal_would_obey_is_gone(self) -> None:
        shown = Concealer(Redactor()).log("2026-11-27T10:00:00Z \x1b[31mred\x1b[0m\r\n")
        assert shown == "2026-11-27T10:00:00Z red\n"
