"""Provider name -> model, from a list in code; it never reads a component file nor the network."""

import asyncio
import importlib
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from types import ModuleType
from typing import Any, Final

from autogen_core.models import ChatCompletionClient, ModelFamily, ModelInfo
from pydantic import SecretStr

from bot.agents.builtin import BuiltinClient
from bot.agents.failures import Origin, host_of
from bot.agents.options import answer_tokens, ollama_options, options_of
from bot.agents.wrapped import Model
from bot.errors import SettingsError
from bot.settings import Settings

DEFAULT_MODEL: Final = "qwen3:8b"
OPENAI_URL: Final = "https://api.openai.com/v1"
ANTHROPIC_URL: Final = "https://api.anthropic.com"
GEMINI_URL: Final = "https://generativelanguage.googleapis.com/v1beta/openai/"

_MISSING_EXTRA = (
    "KAIA_MODEL asks for {provider}, whose client is not installed. Install Kaia with its extra"
    " `{extra}`: `pip install '.[{extra}]'` in Kaia's folder."
)
_MISSING_KEY = "KAIA_MODEL asks for {provider}, and {name} is not set. {where}"
_OPENAI_KEYS = "Make a key at https://platform.openai.com/api-keys."
_ANTHROPIC_KEYS = "Make a key at https://console.anthropic.com/settings/keys."
_GEMINI_KEYS = "Make a key at https://aistudio.google.com/apikey."
_AZURE_ENDPOINT = "The endpoint stands on the resource's page in the Azure portal."
_AZURE_SCOPE = "https://cognitiveservices.azure.com/.default"


def build_model(settings: Settings) -> Model:
    """What KAIA_MODEL names; Ollama's default model where it names none. Raises SettingsError."""
    return wrap(origin_of(settings), settings)


def built_in(settings: Settings) -> Model:
    """The model that needs no model."""
    return wrap(Origin("builtin", ""), settings)


def wrap(origin: Origin, settings: Settings) -> Model:
    return Model(
        origin=origin,
        inner=_PROVIDERS[origin.provider](origin, settings),
        num_ctx=settings.num_ctx,
        answer_tokens=answer_tokens(settings),
        timeout_seconds=settings.model_timeout_seconds,
        parallel=asyncio.Semaphore(settings.parallel_model_calls),
        options=options_of(origin.provider, settings),
    )


def origin_of(settings: Settings) -> Origin:
    """Raises SettingsError, naming the nearest provider, where there is none of that name."""
    wanted = settings.model or f"ollama:{DEFAULT_MODEL}"
    provider, _, model = wanted.partition(":")
    if provider not in _PROVIDERS:
        raise SettingsError(_unknown_provider(provider))
    if provider != "builtin" and not model:
        raise SettingsError(
            f"KAIA_MODEL names the provider {provider} but no model. Write it as {provider}:MODEL."
        )
    return Origin(provider, model, _host(provider, settings))


def _unknown_provider(provider: str) -> str:
    near = get_close_matches(provider.lower(), _PROVIDERS, n=1, cutoff=0.0)
    return (
        f"KAIA_MODEL names the provider {provider}, which Kaia does not know; the nearest is"
        f" {near[0]}. There are: {', '.join(_PROVIDERS)}."
    )


def _host(provider: str, settings: Settings) -> str:
    addresses = {
        "ollama": settings.ollama_host,
        "openai": settings.openai_base_url or OPENAI_URL,
        "azure": settings.azure_openai_endpoint or "",
        "anthropic": settings.anthropic_base_url or ANTHROPIC_URL,
        "gemini": settings.gemini_base_url or GEMINI_URL,
    }
    return host_of(addresses.get(provider, ""))


def _info(family: str = ModelFamily.UNKNOWN) -> ModelInfo:
    """Always given: AutoGen knows the names of its own year alone, and refuses the others."""
    return ModelInfo(
        vision=False,
        function_calling=True,
        json_output=True,
        structured_output=True,
        family=family,
        multiple_system_messages=False,
    )


def _ollama(origin: Origin, settings: Settings) -> ChatCompletionClient:
    return importlib.import_module("bot.agents.ollama").client_for(  # type: ignore[no-any-return]
        origin.model,
        settings.ollama_host,
        keep_alive=settings.keep_alive,
        think=settings.think,
        options=ollama_options(settings),
        info=_info(),
    )


def _openai(origin: Origin, settings: Settings) -> ChatCompletionClient:
    openai = _import("autogen_ext.models.openai", "openai", "openai")
    if settings.openai_api_key is None and settings.openai_base_url is None:
        raise _no_key("openai", "OPENAI_API_KEY", _OPENAI_KEYS)
    # A server of one's own may want no key; the client library refuses to do without.
    return _openai_like(
        openai,
        origin,
        settings,
        key=_reveal(settings.openai_api_key) or "none",
        url=settings.openai_base_url or OPENAI_URL,
    )


def _gemini(origin: Origin, settings: Settings) -> ChatCompletionClient:
    openai = _import("autogen_ext.models.openai", "gemini", "openai")
    if settings.gemini_api_key is None and settings.gemini_base_url is None:
        raise _no_key("gemini", "GEMINI_API_KEY", _GEMINI_KEYS)
    return _openai_like(
        openai,
        origin,
        settings,
        key=_reveal(settings.gemini_api_key) or "none",
        url=settings.gemini_base_url or GEMINI_URL,
        family=ModelFamily.GEMINI_2_5_FLASH,
    )


def _openai_like(
    module: ModuleType,
    origin: Origin,
    settings: Settings,
    *,
    key: str,
    url: str,
    family: str = ModelFamily.UNKNOWN,
) -> ChatCompletionClient:
    client: ChatCompletionClient = module.OpenAIChatCompletionClient(
        model=origin.model,
        api_key=key,
        base_url=url,
        model_info=_info(family),
        **_shared(settings),
    )
    return client


def _azure(origin: Origin, settings: Settings) -> ChatCompletionClient:
    openai = _import("autogen_ext.models.openai", "azure", "azure")
    if settings.azure_openai_endpoint is None:
        raise _no_key("azure", "AZURE_OPENAI_ENDPOINT", _AZURE_ENDPOINT)
    client: ChatCompletionClient = openai.AzureOpenAIChatCompletionClient(
        model=origin.model,
        azure_deployment=origin.model,
        azure_endpoint=settings.azure_openai_endpoint,
        api_version=settings.azure_openai_api_version,
        model_info=_info(),
        **_azure_credentials(settings),
        **_shared(settings),
    )
    return client


def _azure_credentials(settings: Settings) -> Mapping[str, Any]:
    """The key, or whatever identity the process has in Azure."""
    if settings.azure_openai_api_key is not None:
        return {"api_key": _reveal(settings.azure_openai_api_key)}
    identity = _import("azure.identity.aio", "azure", "azure")
    credential = identity.DefaultAzureCredential()
    return {"azure_ad_token_provider": identity.get_bearer_token_provider(credential, _AZURE_SCOPE)}


def _shared(settings: Settings) -> Mapping[str, Any]:
    """Retries are the wrapper's; names of speakers in a field of their own break other servers."""
    return {
        "timeout": settings.model_timeout_seconds,
        "max_retries": 0,
        "include_name_in_message": False,
    }


def _anthropic(origin: Origin, settings: Settings) -> ChatCompletionClient:
    anthropic = _import("autogen_ext.models.anthropic", "anthropic", "anthropic")
    if settings.anthropic_api_key is None and settings.anthropic_base_url is None:
        raise _no_key("anthropic", "ANTHROPIC_API_KEY", _ANTHROPIC_KEYS)
    client: ChatCompletionClient = anthropic.AnthropicChatCompletionClient(
        model=origin.model,
        api_key=_reveal(settings.anthropic_api_key) or "none",
        base_url=settings.anthropic_base_url or ANTHROPIC_URL,
        max_tokens=answer_tokens(settings),
        model_info=_info(),
        timeout=settings.model_timeout_seconds,
        max_retries=0,
    )
    return client


def _builtin(origin: Origin, settings: Settings) -> ChatCompletionClient:  # noqa: ARG001 - as all
    return BuiltinClient()


_PROVIDERS: Final[Mapping[str, Callable[[Origin, Settings], ChatCompletionClient]]] = {
    "ollama": _ollama,
    "openai": _openai,
    "azure": _azure,
    "anthropic": _anthropic,
    "gemini": _gemini,
    "builtin": _builtin,
}
PROVIDERS: Final = tuple(_PROVIDERS)


def _import(module: str, provider: str, extra: str) -> ModuleType:
    """Providers are slow to import, and most are not installed. Raises SettingsError."""
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise SettingsError(_MISSING_EXTRA.format(provider=provider, extra=extra)) from error


def _no_key(provider: str, name: str, where: str) -> SettingsError:
    return SettingsError(_MISSING_KEY.format(provider=provider, name=name, where=where))


def _reveal(secret: SecretStr | None) -> str:
    return secret.get_secret_value() if secret is not None else ""
