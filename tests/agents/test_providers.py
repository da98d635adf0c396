"""Each provider on its own wire format, and what is said where one cannot be had."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest
from pydantic import SecretStr

from bot.agents.models import build_model
from bot.agents.team import Assistant
from bot.errors import (
    KaiaError,
    ModelBusy,
    ModelError,
    ModelMissing,
    ModelRefused,
    ModelUnreachable,
    ModelWithoutTools,
    SettingsError,
)
from bot.settings import Settings
from tests.agents.conftest import KubectlDouble
from tests.doubles.anthropic_server import AnthropicServer
from tests.doubles.ollama_server import OllamaServer
from tests.doubles.openai_server import OpenAIServer
from tests.doubles.served import Babbles, Calls, Cuts, Fails, Reply, ScriptedServer, runs

KEY = SecretStr("sk-canary")


@pytest.fixture(params=["openai", "compatible", "gemini", "azure", "anthropic"])
def provider(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def settings_for(provider: str, url: str) -> Settings:
    fields: Mapping[str, Mapping[str, Any]] = {
        "openai": {
            "model": "openai:gpt-99-unheard-of",
            "openai_base_url": f"{url}/v1",
            "openai_api_key": KEY,
        },
        "compatible": {"model": "openai:org/Some-Model", "openai_base_url": f"{url}/v1"},
        "gemini": {
            "model": "gemini:gemini-9-flash",
            "gemini_base_url": f"{url}/v1beta/openai/",
            "gemini_api_key": KEY,
        },
        "azure": {
            "model": "azure:my-deployment",
            "azure_openai_endpoint": url,
            "azure_openai_api_key": KEY,
        },
        "anthropic": {
            "model": "anthropic:claude-9-unheard-of",
            "anthropic_base_url": url,
            "anthropic_api_key": KEY,
        },
    }
    return Settings(**fields[provider], model_timeout_seconds=10)


@pytest.fixture
async def server(provider: str) -> AsyncIterator[ScriptedServer]:
    async with AnthropicServer() if provider == "anthropic" else OpenAIServer() as server:
        yield server


@asynccontextmanager
async def assistant_on(settings: Settings) -> AsyncIterator[Assistant]:
    model = replace(build_model(settings), pause_seconds=0.01)
    try:
        yield Assistant(model, deadline_seconds=20)
    finally:
        await model.close()


async def test_a_question_a_call_an_answer_and_a_reply_on_its_own_wire_format(
    provider: str, server: ScriptedServer, kubectl: KubectlDouble
) -> None:
    server.say(runs("kubectl get pods -A", "kubectl get nodes"), "Fine [1].", "Still fine.")

    async with assistant_on(settings_for(provider, server.url)) as kaia:
        first = await kaia.run("fine?", saved=None, situation="lab", tools=[kubectl])
        second = await kaia.run("sure?", saved=first.saved, situation="lab", tools=[kubectl])

    assert (first.answer, second.answer) == ("Fine [1].", "Still fine.")
    assert sorted(kubectl.commands) == ["kubectl get nodes", "kubectl get pods -A"]
    assert first.usage.prompt_tokens == 200
    assert kaia.label == settings_for(provider, server.url).model


async def test_a_tool_loop_that_never_ends_gets_its_last_words_there_too(
    provider: str, server: ScriptedServer, kubectl: KubectlDouble
) -> None:
    server.say(*[runs("kubectl get pods")] * 8, "So.")

    async with assistant_on(settings_for(provider, server.url)) as kaia:
        run = await kaia.run("fine?", saved=None, situation="", tools=[kubectl])

    assert run.answer == "So."


FAILURES: dict[str, tuple[Reply, type[KaiaError]]] = {
    "key": (Fails(401, "bad key sk-canary"), ModelRefused),
    "rights": (Fails(403, "no access"), ModelRefused),
    "name": (Fails(404, "no such model"), ModelMissing),
    "rate": (Fails(429, "slow down"), ModelBusy),
    "busy": (Fails(503, "overloaded"), ModelBusy),
    "overloaded": (Fails(529, "overloaded"), ModelBusy),
    "window": (Fails(400, "prompt is too long", "context_length_exceeded"), ModelRefused),
    "tools": (Fails(400, '"auto" tool choice requires --enable-auto'), ModelWithoutTools),
    "cut": (Cuts(), ModelUnreachable),
}


@pytest.mark.parametrize(("reply", "error"), FAILURES.values(), ids=FAILURES.keys())
async def test_its_errors_become_ours_and_the_key_is_never_told(
    reply: Reply,
    error: type[KaiaError],
    provider: str,
    server: ScriptedServer,
    kubectl: KubectlDouble,
) -> None:
    server.say(reply, reply)

    async with assistant_on(settings_for(provider, server.url)) as kaia:
        with pytest.raises(KaiaError) as raised:
            await kaia.run("fine?", saved=None, situation="", tools=[kubectl])

    assert type(raised.value) is error
    assert "canary" not in str(raised.value)


async def test_a_page_for_people_is_no_answer(provider: str, server: ScriptedServer) -> None:
    server.say(Babbles())
    async with assistant_on(settings_for(provider, server.url)) as kaia:
        with pytest.raises(ModelError, match="does not speak like a model server"):
            await kaia.run("hello", saved=None, situation="", tools=())


async def test_nothing_is_retried_behind_the_wrapper(provider: str, server: ScriptedServer) -> None:
    server.say(Fails(429, "slow down"), "Fine.")

    async with assistant_on(settings_for(provider, server.url)) as kaia:
        with pytest.raises(ModelBusy):
            await kaia.run("fine?", saved=None, situation="", tools=[])

    assert len(server.requests) == 1


async def test_nothing_listens_there(provider: str, unused_tcp_port: int) -> None:
    url = f"http://127.0.0.1:{unused_tcp_port}"

    async with assistant_on(settings_for(provider, url)) as kaia:
        with pytest.raises(ModelUnreachable, match=str(unused_tcp_port)):
            await kaia.run("fine?", saved=None, situation="", tools=[])


async def test_arguments_that_are_no_json_do_not_spoil_the_conversation(
    kubectl: KubectlDouble,
) -> None:
    async with OpenAIServer() as server:
        server.say(Calls((("kubectl", "{broken"),)), "I could not look.", "Fine.")
        async with assistant_on(settings_for("openai", server.url)) as kaia:
            first = await kaia.run("fine?", saved=None, situation="", tools=[kubectl])
            second = await kaia.run("now?", saved=first.saved, situation="", tools=[kubectl])

    assert (kubectl.commands, second.answer) == ([], "Fine.")
    assert "unreadable_arguments" in server.requests[1]["messages"][-1]["content"]


async def test_keys_go_where_each_provider_wants_them(
    provider: str, server: ScriptedServer
) -> None:
    server.say("Fine.")

    async with assistant_on(settings_for(provider, server.url)) as kaia:
        await kaia.run("fine?", saved=None, situation="", tools=[])

    (headers,) = server.headers
    sent = {name.lower(): value for name, value in headers.items()}
    match provider:
        case "anthropic":
            assert sent["x-api-key"] == "sk-canary"
        case "azure":
            assert sent["api-key"] == "sk-canary"
            assert "my-deployment" in server.paths[0]
            assert "api-version=2024-10-21" in server.paths[0]
        case "compatible":
            assert "canary" not in str(sent)
        case _:
            assert sent["authorization"] == "Bearer sk-canary"


async def test_speakers_have_no_field_of_their_own_that_other_servers_refuse() -> None:
    async with OpenAIServer() as server:
        server.say("Fine.")
        async with assistant_on(settings_for("compatible", server.url)) as kaia:
            await kaia.run("Zoë (U1): fine?", saved=None, situation="", tools=[])

    (body,) = server.requests
    assert all("name" not in message for message in body["messages"])


async def test_a_conversation_moves_from_one_provider_to_another(
    ollama: OllamaServer, kubectl: KubectlDouble
) -> None:
    here = Settings(model="ollama:qwen3:8b", ollama_host=ollama.url)
    async with OpenAIServer() as server, AnthropicServer() as third:
        ollama.say(runs("kubectl get pods", "kubectl get svc"), "Fine.")
        server.say(runs("kubectl get nodes"), "Still fine.")
        third.say("Yes.")
        async with (
            assistant_on(here) as first,
            assistant_on(settings_for("openai", server.url)) as second,
            assistant_on(settings_for("anthropic", third.url)) as last,
        ):
            one = await first.run("fine?", saved=None, situation="", tools=[kubectl])
            two = await second.run("now?", saved=one.saved, situation="", tools=[kubectl])
            three = await last.run("sure?", saved=two.saved, situation="", tools=[kubectl])

    assert three.answer == "Yes."


MISSING = {
    "openai:gpt-9": ("OPENAI_API_KEY", "platform.openai.com"),
    "anthropic:claude-9": ("ANTHROPIC_API_KEY", "console.anthropic.com"),
    "gemini:gemini-9": ("GEMINI_API_KEY", "aistudio.google.com"),
    "azure:mine": ("AZURE_OPENAI_ENDPOINT", "Azure portal"),
}


@pytest.mark.parametrize(("model", "words"), MISSING.items(), ids=list(MISSING))
def test_a_missing_key_says_where_to_get_it(model: str, words: tuple[str, str]) -> None:
    with pytest.raises(SettingsError) as raised:
        build_model(Settings(model=model))

    for word in words:
        assert word in str(raised.value)


@pytest.mark.parametrize(
    ("model", "words"),
    [
        ("opena1:gpt", "nearest is openai"),
        ("ollma:qwen3", "nearest is ollama"),
        ("openai:", "no m"),
    ],
)
def test_an_unknown_provider_names_the_nearest(model: str, words: str) -> None:
    settings = Settings().model_copy(update={"model": model})

    with pytest.raises(SettingsError, match=words):
        build_model(settings)


@pytest.mark.parametrize(
    ("module", "model", "extra"),
    [
        ("autogen_ext.models.openai", "openai:gpt-9", "openai"),
        ("autogen_ext.models.openai", "gemini:gemini-9", "openai"),
        ("autogen_ext.models.openai", "azure:mine", "azure"),
        ("autogen_ext.models.anthropic", "anthropic:claude-9", "anthropic"),
    ],
)
def test_a_missing_extra_names_the_command(
    module: str, model: str, extra: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, module, None)

    with pytest.raises(SettingsError, match=rf"pip install '\.\[{extra}\]'"):
        build_model(Settings(model=model))


@pytest.mark.parametrize("model", ["qwen2", "qwen3:8b", "gpt-oss:20b", "hf.co/org/Model-GGUF:Q4"])
async def test_any_name_of_an_ollama_model_works(model: str, ollama: OllamaServer) -> None:
    ollama.models = {
        model if ":" in model else f"{model}:latest": next(iter(ollama.models.values()))
    }
    ollama.say("Fine.")
    settings = Settings(model=f"ollama:{model}", ollama_host=ollama.url)

    async with assistant_on(settings) as kaia:
        run = await kaia.run("fine?", saved=None, situation="", tools=[])

    assert run.answer == "Fine."
    assert ollama.requests[0]["model"] == model


@pytest.mark.parametrize(("set_to", "sent"), [("-1", -1), ("0", 0), ("90s", "90s"), ("300", 300)])
async def test_keep_alive_is_sent_as_ollama_takes_it(
    set_to: str, sent: int | str, ollama: OllamaServer
) -> None:
    ollama.say("Fine.")
    settings = Settings(model="ollama:qwen3:8b", ollama_host=ollama.url, keep_alive=set_to)

    async with assistant_on(settings) as kaia:
        await kaia.run("fine?", saved=None, situation="", tools=[])

    assert ollama.requests[0]["keep_alive"] == sent


def test_no_model_named_means_the_default_one_on_ollama() -> None:
    assert build_model(Settings()).label == "ollama:qwen3:8b"


def test_providers_are_imported_only_when_they_are_asked_for() -> None:
    code = (
        "import sys\n"
        "from bot.agents.models import built_in\n"
        "from bot.settings import Settings\n"
        "built_in(Settings())\n"
        "print([name for name in ('openai', 'anthropic', 'azure.identity') if name in sys.modules])"
    )
    assert asyncio.run(_python(code)) == "[]"


async def _python(code: str) -> str:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", code, stdout=asyncio.subprocess.PIPE
    )
    out, _ = await process.communicate()
    return out.decode().strip()


@pytest.fixture
def proxied(monkeypatch: pytest.MonkeyPatch, unused_tcp_port: int) -> int:
    """Every proxy variable names a port where nothing listens."""
    for name in list(os.environ):
        if name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    for name in ("HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{unused_tcp_port}")
    return unused_tcp_port


async def test_an_ollama_on_this_machine_is_asked_without_a_proxy(
    proxied: int,  # noqa: ARG001
    ollama: OllamaServer,
) -> None:
    ollama.say("Fine.")

    async with assistant_on(Settings(model="ollama:qwen3:8b", ollama_host=ollama.url)) as kaia:
        assert (await kaia.run("fine?", saved=None, situation="", tools=[])).answer == "Fine."


async def test_proxies_and_their_exceptions_hold_for_every_provider(
    provider: str, server: ScriptedServer, proxied: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.say("Fine.")
    async with assistant_on(settings_for(provider, server.url)) as kaia:
        with pytest.raises(ModelUnreachable):
            await kaia.run("fine?", saved=None, situation="", tools=[])
    assert not server.requests, proxied

    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    async with assistant_on(settings_for(provider, server.url)) as kaia:
        assert (await kaia.run("fine?", saved=None, situation="", tools=[])).answer == "Fine."
