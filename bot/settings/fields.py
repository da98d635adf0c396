"""What can be set. Each `description` is the end of the sentence "NAME has to be …"."""

from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import AliasChoices, BeforeValidator, Field, SecretStr
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from bot.settings.file import FileSettings
from bot.settings.values import (
    ApiBase,
    Apps,
    Channels,
    Duration,
    ModelName,
    Namespaces,
    OllamaAddress,
    StoreUrl,
    Users,
    WebAddress,
)

SLACK_API_URL: Final = "https://slack.com/api/"

LogLevel = Annotated[Literal["debug", "info", "warning", "error"], BeforeValidator(str.lower)]

_ADDRESS = "an address that begins with http:// or https://"
_SECONDS = "a number of seconds above 0"
_COUNT = "a whole number, 1 or more"


class Settings(BaseSettings):
    """Everything Kaia is told by its environment; `load_settings` makes it."""

    model_config = SettingsConfigDict(
        frozen=True, extra="forbid", populate_by_name=True, hide_input_in_errors=True
    )

    slack_bot_token: SecretStr | None = Field(None, validation_alias="SLACK_BOT_TOKEN")
    slack_app_token: SecretStr | None = Field(None, validation_alias="SLACK_APP_TOKEN")
    slack_api_url: ApiBase = Field(
        SLACK_API_URL, validation_alias="SLACK_API_URL", description=_ADDRESS
    )

    model: ModelName | None = Field(
        None,
        validation_alias="KAIA_MODEL",
        description="provider:model, such as ollama:qwen3:8b, with ollama, openai, anthropic,"
        " gemini or azure as the provider; or builtin",
    )
    """`provider:model`, or `builtin`; None means that the program may look for an Ollama."""
    ollama_host: OllamaAddress = Field(
        "http://127.0.0.1:11434",
        validation_alias="OLLAMA_HOST",
        description="an address such as http://127.0.0.1:11434, or host:port",
    )
    num_ctx: int = Field(
        16_384,
        validation_alias="KAIA_NUM_CTX",
        ge=2_048,
        description="a whole number of tokens, 2048 or more, such as 16384",
    )
    """Window in tokens: sent with every request, the measure of how much fits."""
    keep_alive: Duration = Field(
        "60m",
        validation_alias="KAIA_KEEP_ALIVE",
        description="how long Ollama keeps the model loaded, such as 60m, or -1 for ever",
    )
    think: bool = Field(False, validation_alias="KAIA_THINK", description="true or false")
    model_timeout_seconds: float = Field(
        180,
        validation_alias="KAIA_MODEL_TIMEOUT_SECONDS",
        gt=0,
        allow_inf_nan=False,
        description=_SECONDS,
    )
    """For one model call, queueing included."""
    turn_timeout_seconds: float = Field(
        600,
        validation_alias="KAIA_TURN_TIMEOUT_SECONDS",
        gt=0,
        allow_inf_nan=False,
        description=_SECONDS,
    )
    parallel_model_calls: int = Field(
        4, validation_alias="KAIA_PARALLEL_MODEL_CALLS", ge=1, description=_COUNT
    )
    parallel_turns: int = Field(
        20, validation_alias="KAIA_PARALLEL_TURNS", ge=1, description=_COUNT
    )
    openai_api_key: SecretStr | None = Field(None, validation_alias="OPENAI_API_KEY")
    openai_base_url: WebAddress | None = Field(
        None, validation_alias="OPENAI_BASE_URL", description=_ADDRESS
    )
    anthropic_api_key: SecretStr | None = Field(None, validation_alias="ANTHROPIC_API_KEY")
    anthropic_base_url: WebAddress | None = Field(
        None, validation_alias="ANTHROPIC_BASE_URL", description=_ADDRESS
    )
    gemini_api_key: SecretStr | None = Field(
        None, validation_alias=AliasChoices("GEMINI_API_KEY", "GOOGLE_API_KEY")
    )
    gemini_base_url: WebAddress | None = Field(
        None, validation_alias="GEMINI_BASE_URL", description=_ADDRESS
    )
    azure_openai_api_key: SecretStr | None = Field(None, validation_alias="AZURE_OPENAI_API_KEY")
    azure_openai_endpoint: WebAddress | None = Field(
        None, validation_alias="AZURE_OPENAI_ENDPOINT", description=_ADDRESS
    )
    azure_openai_api_version: str = Field("2024-10-21", validation_alias="OPENAI_API_VERSION")

    transcription_url: WebAddress | None = Field(
        None, validation_alias="KAIA_TRANSCRIPTION_URL", description=_ADDRESS
    )
    """Of a server with OpenAI's `/v1/audio/transcriptions`; voice clips go there."""
    transcription_model: str = Field("whisper-1", validation_alias="KAIA_TRANSCRIPTION_MODEL")
    transcription_api_key: SecretStr | None = Field(
        None, validation_alias="KAIA_TRANSCRIPTION_API_KEY"
    )

    store: StoreUrl | None = Field(
        None,
        validation_alias="KAIA_STORE",
        repr=False,
        description="sqlite:///relative/path, sqlite:////absolute/path or postgresql://…",
    )
    """None means an SQLite file in the user's state folder. The URL may hold a password."""
    http_port: int | None = Field(
        None,
        validation_alias="KAIA_HTTP_PORT",
        ge=1,
        le=65_535,
        description="a port number from 1 to 65535",
    )
    otlp_endpoint: WebAddress | None = Field(
        None, validation_alias="OTEL_EXPORTER_OTLP_ENDPOINT", description=_ADDRESS
    )
    """Of a collector for traces, over OTLP/HTTP, without a path; None: none are taken."""
    cluster_name: str | None = Field(None, validation_alias="KAIA_CLUSTER_NAME")
    namespaces: Namespaces = Field(
        (),
        validation_alias="KAIA_NAMESPACES",
        description="a list of namespaces such as shop,bank, with commas between them",
    )
    """Kaia looks into these alone; none for all there are."""
    allowed_channels: Channels = Field(
        frozenset(),
        validation_alias="KAIA_ALLOWED_CHANNELS",
        description="a list of channel ids such as C0123ABCD, found at the bottom of Slack's"
        " channel details, of #names, and im for direct messages, with commas between them",
    )
    allowed_users: Users = Field(
        frozenset(),
        validation_alias="KAIA_ALLOWED_USERS",
        description="a list of member ids such as U0123ABCD, found in a Slack profile under"
        " Copy member ID, and of user group ids such as S0123ABCD, with commas between them",
    )
    allowed_apps: Apps = Field(
        frozenset(),
        validation_alias="KAIA_ALLOWED_APPS",
        description="a list of app ids such as A0123ABCD, found under Basic Information, or bot"
        " ids such as B0123ABCD, with commas between them",
    )
    """Alerting apps that may ask; every other bot is refused."""
    turns_per_hour: int = Field(
        60, validation_alias="KAIA_TURNS_PER_HOUR", ge=1, description=_COUNT
    )
    """In one thread, so that two bots cannot loop."""
    daily_tokens: int | None = Field(
        None, validation_alias="KAIA_DAILY_TOKENS", ge=1, description=_COUNT
    )
    """For the whole bot and a UTC day; above it answers are worded by rule."""
    writes: Literal["off", "approve"] = Field(
        "off", validation_alias="KAIA_WRITES", description="off or approve"
    )
    retention_days: float = Field(
        30,
        validation_alias="KAIA_RETENTION_DAYS",
        gt=0,
        allow_inf_nan=False,
        description="a number of days above 0",
    )
    """Transcripts and receipts that are older are deleted."""
    grace_seconds: float = Field(
        20,
        validation_alias="KAIA_GRACE_SECONDS",
        ge=0,
        allow_inf_nan=False,
        description="a number of seconds, 0 or more",
    )
    """Running turns get so long to end when the process is told to stop."""
    audit_file: Path | None = Field(None, validation_alias="KAIA_AUDIT_FILE")
    """Audit lines go there as well as into the log."""
    config_file: Path | None = Field(None, validation_alias="KAIA_CONFIG")
    kubeconfig: str | None = Field(None, validation_alias="KUBECONFIG")
    log_level: LogLevel = Field(
        "info", validation_alias="KAIA_LOG_LEVEL", description="debug, info, warning or error"
    )

    file: FileSettings = FileSettings()
    """What the file of KAIA_CONFIG holds."""
    state_folder: Path | None = None
    """`$XDG_STATE_HOME/kaia` or `~/.local/state/kaia`; the image sets XDG_STATE_HOME=/var/lib."""
    remarks: tuple[str, ...] = ()
    """Sentences about what looks like a slip but stops nothing."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 - the library names it
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Nothing is read but what `environment.Environment` hands over."""
        return (init_settings,)


def names_of(field: str) -> tuple[str, ...]:
    """The environment variables that can fill a field, the usual one first."""
    match Settings.model_fields[field].validation_alias:
        case str(name):
            return (name,)
        case AliasChoices(choices=choices):
            return tuple(map(str, choices))
        case _:
            return ()


VARIABLES: Final = {name: field for field in Settings.model_fields for name in names_of(field)}
"""Environment variable -> field."""


def is_secret(field: str) -> bool:
    """Whether it is also taken from the file that `NAME_FILE` names."""
    return field == "store" or "SecretStr" in str(Settings.model_fields[field].annotation)
