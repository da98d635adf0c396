"""What the environment may say, and what a person is told where it says it wrongly."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import SecretStr

from bot.errors import SettingsError
from bot.settings import (
    Settings,
    load_settings,
    require_slack,
    store_in_state_folder,
    store_of_kaia,
)

SECRETS = (
    "SLACK_BOT_TOKEN",
    "SLACK_APP_TOKEN",
    "OPENAI_API_KEY",
    "ANTHROPIC_API_KEY",
    "GEMINI_API_KEY",
    "GOOGLE_API_KEY",
    "AZURE_OPENAI_API_KEY",
)
CANARY = "canary-5f1d"

ConfigFile = Callable[[str], dict[str, str]]


def problems(environ: dict[str, str]) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        load_settings(environ)
    return str(caught.value).splitlines()


@pytest.fixture
def config_file(tmp_path: Path) -> ConfigFile:
    def write(text: str) -> dict[str, str]:
        path = tmp_path / "kaia.yaml"
        path.write_text(text, encoding="utf-8")
        return {"KAIA_CONFIG": str(path)}

    return write


class TestWhatIsRead:
    def test_nothing_set_is_enough(self) -> None:
        settings = load_settings({})

        assert settings.model is None
        assert settings.ollama_host == "http://127.0.0.1:11434"
        assert settings.slack_api_url == "https://slack.com/api/"
        assert settings.remarks == ()

    def test_only_the_given_mapping_is_read(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        (tmp_path / ".env").write_text("KAIA_MODEL=ollama:from-a-file\n", encoding="utf-8")
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("KAIA_MODEL", "ollama:from-the-process")

        assert load_settings({}).model is None
        assert Settings().model is None

    def test_values_lose_their_surrounding_blanks_and_empty_ones_count_as_unset(self) -> None:
        settings = load_settings({"KAIA_MODEL": " builtin\n", "KAIA_HTTP_PORT": " "})

        assert settings.model == "builtin"
        assert settings.http_port is None

    @pytest.mark.parametrize("name", SECRETS)
    def test_every_secret_may_come_from_a_file(self, name: str, tmp_path: Path) -> None:
        path = tmp_path / "secret"
        path.write_text(f"  {CANARY}\n", encoding="utf-8")

        settings = load_settings({f"{name}_FILE": str(path)})

        assert any(
            isinstance(value, SecretStr) and value.get_secret_value() == CANARY
            for _, value in settings
        )
        assert CANARY not in repr(settings)

    def test_the_store_may_come_from_a_file_for_it_may_hold_a_password(
        self, tmp_path: Path
    ) -> None:
        path = tmp_path / "store"
        path.write_text(f"postgresql://kaia:{CANARY}@db/kaia", encoding="utf-8")

        settings = load_settings({"KAIA_STORE_FILE": str(path)})

        assert settings.store == f"postgresql://kaia:{CANARY}@db/kaia"
        assert CANARY not in repr(settings)

    def test_google_api_key_is_another_name_for_geminis(self) -> None:
        key = load_settings({"GOOGLE_API_KEY": "k"}).gemini_api_key

        assert key is not None
        assert key.get_secret_value() == "k"

    @pytest.mark.parametrize("text", ["C1ABC,C2ABC", "C1ABC C2ABC", " C1ABC,\n C2ABC, "])
    def test_lists_are_parted_by_commas_or_blanks(self, text: str) -> None:
        assert load_settings({"KAIA_ALLOWED_CHANNELS": text}).allowed_channels == {
            "C1ABC",
            "C2ABC",
        }

    def test_channels_may_be_names_and_users_may_be_of_a_grid(self) -> None:
        settings = load_settings(
            {"KAIA_ALLOWED_CHANNELS": "#incidents,G01XY,im", "KAIA_ALLOWED_USERS": "W012AB,U9XY"}
        )

        assert settings.allowed_channels == {"#incidents", "G01XY", "im"}
        assert settings.allowed_users == {"W012AB", "U9XY"}

    @pytest.mark.parametrize(
        ("written", "meant"),
        [
            ("127.0.0.1:11434", "http://127.0.0.1:11434"),
            ("gpu-box", "http://gpu-box:11434"),
            ("gpu-box:8080", "http://gpu-box:8080"),
            (":5000", "http://127.0.0.1:5000"),
            ("0.0.0.0", "http://127.0.0.1:11434"),  # noqa: S104 - nothing listens here
            ("http://0.0.0.0:11434/", "http://127.0.0.1:11434"),
            ("[::]:11434", "http://[::1]:11434"),
            ("[fd00::2]:11434", "http://[fd00::2]:11434"),
            ("http://ollama", "http://ollama:80"),
            ("https://ollama.example/at/", "https://ollama.example:443/at"),
        ],
    )
    def test_ollamas_address_is_taken_as_ollama_takes_it(self, written: str, meant: str) -> None:
        assert load_settings({"OLLAMA_HOST": written}).ollama_host == meant

    @pytest.mark.parametrize("end", ["", "/", "//"])
    def test_slacks_address_always_ends_with_one_slash(self, end: str) -> None:
        settings = load_settings({"SLACK_API_URL": f"http://127.0.0.1:9/api{end}"})

        assert settings.slack_api_url == "http://127.0.0.1:9/api/"

    @pytest.mark.parametrize("level", ["INFO", "debug", "Warning"])
    def test_log_levels_are_taken_in_any_case(self, level: str) -> None:
        assert load_settings({"KAIA_LOG_LEVEL": level}).log_level == level.lower()


class TestWhatIsWrong:
    @pytest.mark.parametrize(
        ("name", "value", "hint"),
        [
            ("KAIA_NUM_CTX", "a lot", "whole number of tokens"),
            ("KAIA_NUM_CTX", "100", "2048 or more"),
            ("KAIA_HTTP_PORT", "0", "from 1 to 65535"),
            ("KAIA_HTTP_PORT", "70000", "from 1 to 65535"),
            ("KAIA_THINK", "perhaps", "true or false"),
            ("KAIA_KEEP_ALIVE", "soon", "such as 60m"),
            ("KAIA_TURN_TIMEOUT_SECONDS", "0", "above 0"),
            ("KAIA_TURN_TIMEOUT_SECONDS", "inf", "above 0"),
            ("KAIA_MODEL_TIMEOUT_SECONDS", "nan", "above 0"),
            ("KAIA_PARALLEL_TURNS", "0", "1 or more"),
            ("KAIA_LOG_LEVEL", "loud", "debug, info, warning or error"),
            ("KAIA_MODEL", "olama:qwen3:8b", "nearest is ollama"),
            ("KAIA_MODEL", "qwen3:8b", "such as ollama:qwen3:8b"),
            ("KAIA_MODEL", "ollama", "no model"),
            ("KAIA_MODEL", "ollama:", "no model"),
            ("KAIA_MODEL", "builtin:x", "or builtin"),
            ("KAIA_STORE", "sqlit:///x", "nearest is sqlite://"),
            ("KAIA_STORE", "sqlite:///", "sqlite:///relative/path"),
            ("KAIA_STORE", "mysql://x/y", "postgresql://"),
            ("KAIA_STORE", "/var/lib/kaia.db", "sqlite:////absolute/path"),
            ("SLACK_API_URL", "slack.com/api", "begins with http"),
            ("SLACK_API_URL", "ftp://slack.com/api", "begins with http"),
            ("OPENAI_BASE_URL", "http://host:port", "begins with http"),
            ("OLLAMA_HOST", "ftp://box", "host:port"),
            ("OLLAMA_HOST", "box:port", "host:port"),
            ("KAIA_ALLOWED_CHANNELS", "incidents", "channel ids such as C0123ABCD"),
            ("KAIA_ALLOWED_USERS", "@ann", "Copy member ID"),
        ],
    )
    def test_a_wrong_value_is_answered_with_how_to_write_it(
        self, name: str, value: str, hint: str
    ) -> None:
        [sentence] = problems({name: value})

        assert sentence.startswith(name)
        assert hint in sentence

    @pytest.mark.parametrize(
        ("written", "right"),
        [
            ("KAIA_MODLE", "KAIA_MODEL"),
            ("KAIA_ALOWED_CHANNELS", "KAIA_ALLOWED_CHANNELS"),
            ("KAIA_ALLOWED_USER", "KAIA_ALLOWED_USERS"),
            ("KAIA_CLUSTERNAME", "KAIA_CLUSTER_NAME"),
            ("KAIA_HTP_PORT", "KAIA_HTTP_PORT"),
            ("kaia_model", "KAIA_MODEL"),
            ("KAIA_STORE_FILES", "KAIA_STORE_FILE"),
        ],
    )
    def test_a_misspelt_name_is_an_error_that_names_the_nearest(
        self, written: str, right: str
    ) -> None:
        assert problems({written: "8080"}) == [
            f"{written} is not a setting; the nearest is {right}."
        ]

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("KAIA_PORT", "tcp://10.0.0.1:8080"),
            ("KAIA_SERVICE_HOST", "10.0.0.1"),
            ("KAIA_SERVICE_PORT", "8080"),
            ("KAIA_SERVICE_PORT_HTTP", "8080"),
            ("KAIA_PORT_8080_TCP", "tcp://10.0.0.1:8080"),
            ("KAIA_PORT_8080_TCP_ADDR", "10.0.0.1"),
            ("KAIA_PORT_53_UDP_PROTO", "udp"),
            ("KAIA_OLLAMA_PORT", "tcp://10.0.0.2:11434"),
            ("KAIA_OLLAMA_SERVICE_HOST", "10.0.0.2"),
            ("KAIA_HTTP_PORT", "tcp://10.0.0.3:8080"),
            ("KAIA_MODEL_SERVICE_PORT_GRPC", "9"),
        ],
    )
    def test_what_kubernetes_sets_for_services_is_no_misspelling(
        self, name: str, value: str
    ) -> None:
        assert load_settings({name: value}) == load_settings({})

    def test_everything_that_is_wrong_is_said_at_once(self, tmp_path: Path) -> None:
        said = problems(
            {
                "KAIA_MODLE": "builtin",
                "KAIA_NUM_CTX": "x",
                "SLACK_BOT_TOKEN_FILE": str(tmp_path / "absent"),
                "KAIA_CONFIG": str(tmp_path / "absent.yaml"),
            }
        )

        assert len(said) == 4

    @pytest.mark.parametrize("name", SECRETS)
    def test_a_secret_given_twice_is_an_error(self, name: str, tmp_path: Path) -> None:
        path = tmp_path / "secret"
        path.write_text(CANARY, encoding="utf-8")

        assert problems({name: CANARY, f"{name}_FILE": str(path)}) == [
            f"{name} and {name}_FILE are both set; keep one of them."
        ]

    def test_files_that_are_absent_empty_or_no_text_are_errors(self, tmp_path: Path) -> None:
        empty, binary = tmp_path / "empty", tmp_path / "binary"
        empty.write_text("\n", encoding="utf-8")
        binary.write_bytes(b"\xff\xfe\x00")

        [absent_said] = problems({"SLACK_BOT_TOKEN_FILE": str(tmp_path / "absent")})
        [empty_said] = problems({"SLACK_BOT_TOKEN_FILE": str(empty)})
        [binary_said] = problems({"SLACK_APP_TOKEN_FILE": str(binary)})

        assert "SLACK_BOT_TOKEN_FILE names a file that cannot be read: No such file" in absent_said
        assert "SLACK_BOT_TOKEN_FILE names an empty file" in empty_said
        assert "no text in UTF-8" in binary_said

    @pytest.mark.parametrize(
        ("model", "name"),
        [
            ("openai:gpt-5", "OPENAI_API_KEY"),
            ("anthropic:claude", "ANTHROPIC_API_KEY"),
            ("gemini:flash", "GEMINI_API_KEY"),
            ("azure:gpt", "AZURE_OPENAI_ENDPOINT"),
        ],
    )
    def test_a_provider_without_its_key_says_where_keys_are_made(
        self, model: str, name: str
    ) -> None:
        [sentence] = problems({"KAIA_MODEL": model})

        assert sentence.startswith(f"{name} is missing")
        assert model not in sentence

    def test_a_server_of_ones_own_needs_no_key(self) -> None:
        environ = {"KAIA_MODEL": "openai:x", "OPENAI_BASE_URL": "http://127.0.0.1:8000/v1"}

        assert load_settings(environ).openai_api_key is None

    @given(
        name=st.sampled_from(sorted({*SECRETS, "KAIA_MODEL", "KAIA_STORE", "OPENAI_BASE_URL"})),
        lead=st.sampled_from(["", "http://user:", "sqlit://", "https://h:", "ollama", "[", "a:b@"]),
        tail=st.sampled_from(["", "@x", "/"]),
    )
    @example(name="OPENAI_BASE_URL", lead="http://user:", tail="")  # urlsplit quotes a bad port
    def test_no_error_repeats_what_a_setting_held(self, name: str, lead: str, tail: str) -> None:
        said = problems({name: f"{lead}{CANARY}{tail}", "KAIA_NUM_CTX": CANARY, "KAIA_X": CANARY})

        assert CANARY not in "".join(said)


class TestLikelySlips:
    @pytest.mark.parametrize(
        ("written", "right"),
        [
            ("SLACK_BOTTOKEN", "SLACK_BOT_TOKEN"),
            ("SLACK_APP_TOKN", "SLACK_APP_TOKEN"),
            ("OLLAMA_HOSTS", "OLLAMA_HOST"),
            ("OPENAI_API_KEYS", "OPENAI_API_KEY"),
        ],
    )
    def test_a_name_very_like_a_setting_is_remarked_on(self, written: str, right: str) -> None:
        assert load_settings({written: "x"}).remarks == (
            f"{written} is not read; if {right} is meant, rename it.",
        )

    @pytest.mark.parametrize("name", ["OLLAMA_MODELS", "OLLAMA_PORT", "SLACK_CHANNEL", "HOMES"])
    def test_names_that_others_read_are_left_alone(self, name: str) -> None:
        assert load_settings({name: "x"}).remarks == ()

    def test_where_the_right_one_is_set_too_nothing_is_said(self) -> None:
        environ = {"OLLAMA_HOSTS": "x", "OLLAMA_HOST": "box"}

        assert load_settings(environ).remarks == ()


class TestTheConfigFile:
    def test_it_holds_namespaces_patterns_and_a_folder_beside_it(
        self, config_file: ConfigFile, tmp_path: Path
    ) -> None:
        (tmp_path / "runbooks").mkdir()
        environ = config_file(
            "channel_namespaces: {C0123AB: shop, G0123AB: payments}\n"
            "redaction_patterns: ['ACME-[0-9]{6}']\n"
            "runbooks: runbooks\n"
        )

        held = load_settings(environ).file

        assert held.channel_namespaces == {"C0123AB": "shop", "G0123AB": "payments"}
        assert held.redaction_patterns == ("ACME-[0-9]{6}",)
        assert held.runbooks == tmp_path / "runbooks"

    def test_an_empty_file_holds_nothing(self, config_file: ConfigFile) -> None:
        assert load_settings(config_file("# nothing yet\n")).file == load_settings({}).file

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("redaction_pattern: []", "the nearest is redaction_patterns"),
            ("a: 1\nb: [1,\nc: 2}\n", "not YAML at line 3"),
            ("- a list", "has to be a mapping with the keys channel_namespaces"),
            ("redaction_patterns: ['(']", "is no regular expression"),
            ("redaction_patterns: ['a*']", "matches the empty text"),
            ("redaction_patterns: word", "a list of regular expressions"),
            ("channel_namespaces: {shop: shop}", "mapping of Slack channel ids"),
            ("channel_namespaces: {'#shop': shop}", "mapping of Slack channel ids"),
            ("channel_namespaces: {C0123AB: 'kube system'}", "to namespaces"),
            ("runbooks: nowhere", "the path of a folder"),
            ("a: !!python/object:x {}", "not YAML at line 1"),
            ("a: \x07", "a character YAML does not allow"),
        ],
    )
    def test_what_is_wrong_in_it_is_said(
        self, config_file: ConfigFile, text: str, said: str
    ) -> None:
        [sentence] = problems(config_file(text))

        assert said in sentence
        assert "KAIA_CONFIG" in sentence

    def test_a_file_that_is_absent_is_an_error(self, tmp_path: Path) -> None:
        assert problems({"KAIA_CONFIG": str(tmp_path / "absent")}) == [
            "KAIA_CONFIG names a file that cannot be read: No such file or directory."
        ]


class TestSlackTokens:
    def test_both_are_handed_back_where_they_are_right(self) -> None:
        tokens = require_slack(
            load_settings({"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"})
        )

        assert (tokens.bot, tokens.app) == ("xoxb-1", "xapp-1")

    @pytest.mark.parametrize(
        ("bot", "app", "said"),
        [
            ("", "", ["SLACK_BOT_TOKEN is missing", "SLACK_APP_TOKEN is missing"]),
            ("xoxb-1", "", ["Basic Information, App-Level Tokens"]),
            ("", "xapp-1", ["OAuth & Permissions"]),
            ("xapp-1", "xoxb-1", ["are swapped"]),
            ("xoxp-1", "xapp-1", ["SLACK_BOT_TOKEN does not begin with xoxb-"]),
            ("xoxb-1", "secret", ["SLACK_APP_TOKEN does not begin with xapp-"]),
        ],
    )
    def test_what_is_missing_or_mistaken_is_said_with_its_place(
        self, bot: str, app: str, said: list[str]
    ) -> None:
        settings = load_settings({"SLACK_BOT_TOKEN": bot, "SLACK_APP_TOKEN": app})

        with pytest.raises(SettingsError) as caught:
            require_slack(settings)

        sentences = str(caught.value).splitlines()
        assert len(sentences) == len(said)
        assert all(part in sentence for part, sentence in zip(said, sentences, strict=True))

    def test_another_server_than_slacks_may_have_tokens_of_its_own(self) -> None:
        environ = {"SLACK_BOT_TOKEN": "b", "SLACK_APP_TOKEN": "a", "SLACK_API_URL": "http://h/api"}

        assert require_slack(load_settings(environ)).bot == "b"


class TestWhereConversationsAreKept:
    @pytest.mark.parametrize(
        ("environ", "url"),
        [
            ({"HOME": "/home/ann"}, "sqlite:////home/ann/.local/state/kaia/kaia.db"),
            ({"HOME": "/h", "XDG_STATE_HOME": "/var/lib"}, "sqlite:////var/lib/kaia/kaia.db"),
            ({"HOME": "/h", "XDG_STATE_HOME": "rel"}, "sqlite:////h/.local/state/kaia/kaia.db"),
            ({"HOME": "/h", "KAIA_STORE": "sqlite:///x.db"}, "sqlite:///x.db"),
        ],
    )
    def test_the_store_is_the_users_state_folder_unless_set(
        self, environ: dict[str, str], url: str
    ) -> None:
        assert store_of_kaia(load_settings(environ)) == url

    def test_without_any_folder_it_says_what_to_set(self) -> None:
        with pytest.raises(SettingsError, match="KAIA_STORE=sqlite:"):
            store_in_state_folder(load_settings({}), "chat")
