"""The environment as typed settings; read once, at start, and handed down."""

from pathlib import Path

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class FileSettings(BaseModel):
    """What KAIA_CONFIG may hold."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    channel_namespaces: dict[str, str] = Field(default_factory=dict)
    """Slack channel id or name -> the namespace meant there when none is named."""
    redaction_patterns: tuple[str, ...] = ()
    """Regular expressions of this house's own secrets."""
    runbooks: Path | None = None


class Settings(BaseSettings):
    model_config = SettingsConfigDict(
        frozen=True, extra="ignore", env_ignore_empty=True, case_sensitive=True
    )

    slack_bot_token: SecretStr | None = Field(None, validation_alias="SLACK_BOT_TOKEN")
    slack_app_token: SecretStr | None = Field(None, validation_alias="SLACK_APP_TOKEN")
    slack_api_url: str = Field("https://slack.com/api/", validation_alias="SLACK_API_URL")

    model: str | None = Field(None, validation_alias="KAIA_MODEL")
    """`provider:model`, or `builtin`; None means that the program may look for an Ollama."""
    ollama_host: str = Field("http://127.0.0.1:11434", validation_alias="OLLAMA_HOST")
    num_ctx: int = Field(16_384, validation_alias="KAIA_NUM_CTX", ge=2_048)
    """Window in tokens: sent with every request, the measure of how much fits."""
    keep_alive: str = Field("60m", validation_alias="KAIA_KEEP_ALIVE")
    think: bool = Field(False, validation_alias="KAIA_THINK")
    model_timeout_seconds: float = Field(180, validation_alias="KAIA_MODEL_TIMEOUT_SECONDS", gt=0)
    """For one model call, queueing included."""
    turn_timeout_seconds: float = Field(600, validation_alias="KAIA_TURN_TIMEOUT_SECONDS", gt=0)
    parallel_model_calls: int = Field(4, validation_alias="KAIA_PARALLEL_MODEL_CALLS", ge=1)
    parallel_turns: int = Field(20, validation_alias="KAIA_PARALLEL_TURNS", ge=1)
    openai_api_key: SecretStr | None = Field(None, validation_alias="OPENAI_API_KEY")
    openai_base_url: str | None = Field(None, validation_alias="OPENAI_BASE_URL")
    anthropic_api_key: SecretStr | None = Field(None, validation_alias="ANTHROPIC_API_KEY")
    anthropic_base_url: str | None = Field(None, validation_alias="ANTHROPIC_BASE_URL")
    gemini_api_key: SecretStr | None = Field(
        None, validation_alias=AliasChoices("GEMINI_API_KEY", "GOOGLE_API_KEY")
    )
    gemini_base_url: str | None = Field(None, validation_alias="GEMINI_BASE_URL")
    azure_openai_api_key: SecretStr | None = Field(None, validation_alias="AZURE_OPENAI_API_KEY")
    azure_openai_endpoint: str | None = Field(None, validation_alias="AZURE_OPENAI_ENDPOINT")
    azure_openai_api_version: str = Field("2024-10-21", validation_alias="OPENAI_API_VERSION")

    store: str | None = Field(None, validation_alias="KAIA_STORE")
    """`sqlite:///path`; None means the user's state folder."""
    http_port: int | None = Field(None, validation_alias="KAIA_HTTP_PORT")
    cluster_name: str | None = Field(None, validation_alias="KAIA_CLUSTER_NAME")
    allowed_channels: frozenset[str] = Field(frozenset(), validation_alias="KAIA_ALLOWED_CHANNELS")
    allowed_users: frozenset[str] = Field(frozenset(), validation_alias="KAIA_ALLOWED_USERS")
    config_file: Path | None = Field(None, validation_alias="KAIA_CONFIG")
    kubeconfig: str | None = Field(None, validation_alias="KUBECONFIG")
    file: FileSettings = FileSettings()
