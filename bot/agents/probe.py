"""What can be known of a model before it is asked anything; it never asks it anything.

A key in the environment alone chooses nothing: only KAIA_MODEL sends questions to somebody else.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import httpx
import structlog
from ollama import AsyncClient, ResponseError
from pydantic import ValidationError

from bot.agents.failures import Origin, explain, host_of, without_tools
from bot.agents.models import DEFAULT_MODEL, build_model, built_in, origin_of, wrap
from bot.agents.ollama import connect, disconnect
from bot.agents.wrapped import Model
from bot.errors import SettingsError
from bot.settings import Settings

_FAILURES = (ResponseError, OSError, httpx.HTTPError, ValidationError, ValueError)
_SMALL_WINDOW = 8_192

_BUILTIN = (
    "The built-in wording is used: no model, fixed rules for pods that are not well. Set"
    f" KAIA_MODEL, such as ollama:{DEFAULT_MODEL}, for answers to everything else."
)
_ELSEWHERE = (
    "{label} is asked at {host}: questions and what kubectl shows are sent there, redacted. Its key"
    " is tried with the first question."
)
_CANNOT_THINK = "{model} cannot think first. Set KAIA_THINK=false, or it refuses every question."
_TOO_WIDE = (
    "Kaia sends up to {wanted} tokens, and {model} takes {window}: the beginning of a long"
    " conversation would be lost. Set KAIA_NUM_CTX={window}."
)
_RELOADS = (
    "It is loaded with a window of {loaded} tokens now. Kaia's first question loads it again with"
    " {wanted}; if others use it too, let them send the same num_ctx."
)
_TOO_NARROW = (
    "KAIA_NUM_CTX={wanted} is little for kubectl's output. "
    f"{_SMALL_WINDOW} or more is better where memory allows."
)

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class ModelReport:
    """What `kaia doctor` and the start-up log say about the model."""

    label: str
    is_usable: bool
    sentences: tuple[str, ...]
    """What was found, then what to do."""
    window: int | None = None
    """What the model was made for, in tokens, where it is known."""
    loaded_window: int | None = None
    """What it is loaded with at this moment, where it is."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The model for `make run`, and the sentences that say why."""

    model: Model
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Shown:
    """What an Ollama says about one model."""

    capabilities: tuple[str, ...] = ()
    window: int | None = None

    @property
    def has_tools(self) -> bool:
        return "tools" in self.capabilities


@dataclass(frozen=True, slots=True)
class _Found:
    """What an Ollama has."""

    models: tuple[str, ...] = ()
    with_tools: str | None = None
    """The one to use: the default model before any other."""
    error: str = ""


async def probe(settings: Settings, *, timeout_seconds: float = 5.0) -> ModelReport:
    """Never raises; for other providers than Ollama it looks at the settings alone."""
    try:
        origin = origin_of(settings)
        model = build_model(settings)
    except SettingsError as error:
        return ModelReport(settings.model or "", is_usable=False, sentences=(str(error),))
    await model.close()
    return await report_on(origin, settings, timeout_seconds=timeout_seconds)


async def report_on(
    origin: Origin, settings: Settings, *, timeout_seconds: float = 5.0
) -> ModelReport:
    """The same for a model that is built already."""
    match origin.provider:
        case "builtin":
            return ModelReport(origin.label, is_usable=True, sentences=(_BUILTIN,))
        case "ollama":
            return await _probe_ollama(origin, settings, timeout_seconds)
        case _:
            sentence = _ELSEWHERE.format(label=origin.label, host=origin.host)
            return ModelReport(origin.label, is_usable=True, sentences=(sentence,))


async def choose_model(settings: Settings, *, timeout_seconds: float = 3.0) -> Choice:
    """KAIA_MODEL, else an Ollama that answers with a model that has tools, else the built-in.

    Raises SettingsError where KAIA_MODEL asks for what cannot be had.
    """
    if settings.model is not None:
        return await _chosen(settings, timeout_seconds)
    host = host_of(settings.ollama_host)
    found = await _look_around(settings, timeout_seconds)
    if found.with_tools is not None:
        model = wrap(Origin("ollama", found.with_tools, host), settings)
        used = f"Model: {model.label}, found at {host}. KAIA_MODEL=provider:model names another."
        return Choice(model, (used,))
    return Choice(built_in(settings), _why_builtin(host, found))


async def _chosen(settings: Settings, timeout_seconds: float) -> Choice:
    model = build_model(settings)
    report = await report_on(model.origin, settings, timeout_seconds=timeout_seconds)
    return Choice(model, (f"Model: {model.label}, as KAIA_MODEL says.", *report.sentences))


def _why_builtin(host: str, found: _Found) -> tuple[str, ...]:
    pull = f"`ollama pull {DEFAULT_MODEL}`"
    if found.error:
        why = f"Model: the built-in wording, because no Ollama answers at {host}."
        more = f"For a real model start Ollama and run {pull}, or set OLLAMA_HOST or KAIA_MODEL."
    else:
        which = f"only {', '.join(found.models)}, without tools" if found.models else "no model yet"
        why = f"Model: the built-in wording, because the Ollama at {host} has {which}."
        more = f"For a real model run {pull} and start Kaia again, or set KAIA_MODEL."
    return (why, more)


async def _look_around(settings: Settings, timeout_seconds: float) -> _Found:
    client = connect(settings.ollama_host, timeout_seconds=timeout_seconds)
    try:
        async with asyncio.timeout(timeout_seconds):
            names = await _names(client)
            for name in sorted(names, key=lambda name: name != DEFAULT_MODEL):
                if (await _show(client, name)).has_tools:
                    return _Found(names, name)
    except _FAILURES as error:
        _log.info("ollama.absent", error=type(error).__name__)
        return _Found(error=type(error).__name__)
    finally:
        await disconnect(client)
    return _Found(names)


async def _probe_ollama(origin: Origin, settings: Settings, timeout_seconds: float) -> ModelReport:
    client = connect(settings.ollama_host, timeout_seconds=timeout_seconds)
    try:
        shown = await _show(client, origin.model)
        loaded = await _loaded_window(client, origin.model)
    except _FAILURES as error:
        sentence = str(explain(error, origin))
        return ModelReport(origin.label, is_usable=False, sentences=(sentence,))
    finally:
        await disconnect(client)
    sentences = (_present(origin, shown), *_advice(origin, settings, shown, loaded))
    return ModelReport(origin.label, shown.has_tools, sentences, shown.window, loaded)


def _present(origin: Origin, shown: _Shown) -> str:
    window = f", made for {shown.window} tokens" if shown.window else ""
    return f"The Ollama at {origin.host} has {origin.model}{window}."


def _advice(origin: Origin, settings: Settings, shown: _Shown, loaded: int | None) -> Sequence[str]:
    wanted, window = settings.num_ctx, shown.window
    names = {"model": origin.model, "wanted": wanted, "window": window, "loaded": loaded}
    table = (
        (not shown.has_tools, str(without_tools(origin))),
        (settings.think and "thinking" not in shown.capabilities, _CANNOT_THINK),
        (window is not None and window < wanted, _TOO_WIDE),
        (loaded is not None and loaded != min(wanted, window or wanted), _RELOADS),
        (wanted < _SMALL_WINDOW, _TOO_NARROW),
    )
    return [sentence.format(**names) for applies, sentence in table if applies]


async def _names(client: AsyncClient) -> tuple[str, ...]:
    return tuple(each.model for each in (await client.list()).models if each.model)


async def _show(client: AsyncClient, name: str) -> _Shown:
    shown = await client.show(name)
    return _Shown(tuple(shown.capabilities or ()), _window(shown.modelinfo or {}))


def _window(info: Mapping[str, Any]) -> int | None:
    """The key is `<architecture>.context_length`: what the model was trained with."""
    found = (value for name, value in info.items() if name.endswith(".context_length"))
    return next((value for value in found if isinstance(value, int)), None)


async def _loaded_window(client: AsyncClient, name: str) -> int | None:
    tagged = name if ":" in name else f"{name}:latest"
    for each in (await client.ps()).models:
        if each.model == tagged:
            return each.context_length
    return None
