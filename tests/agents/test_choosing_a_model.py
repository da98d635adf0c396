"""What `make run` and `kaia doctor` say of models, and that a key alone sends nothing anywhere."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from pydantic import SecretStr

from bot.agents.probe import Choice, ModelReport, choose_model, probe
from bot.errors import SettingsError
from bot.settings import Settings
from tests.doubles.ollama_server import OllamaServer, Weights
from tests.doubles.openai_server import OpenAIServer

Choose = Callable[..., Awaitable[Choice]]


@pytest.fixture
async def choose(ollama: OllamaServer) -> AsyncIterator[Choose]:
    chosen: list[Choice] = []

    async def act(**fields: Any) -> Choice:
        choice = await choose_model(Settings(**{"ollama_host": ollama.url, **fields}))
        chosen.append(choice)
        return choice

    yield act
    for choice in chosen:
        await choice.model.close()


async def test_an_ollama_with_the_default_model_is_used(
    choose: Choose, ollama: OllamaServer
) -> None:
    ollama.models = {"a:latest": Weights(), "qwen3:8b": Weights()}

    choice = await choose()

    assert choice.model.label == "ollama:qwen3:8b"
    assert "found at 127.0.0.1" in choice.sentences[0]
    assert "KAIA_MODEL" in choice.sentences[0]


async def test_any_other_model_with_tools_is_used_before_the_built_in(
    choose: Choose, ollama: OllamaServer
) -> None:
    ollama.models = {"a:latest": Weights(("completion",)), "llama3.1:8b": Weights()}

    assert (await choose()).model.label == "ollama:llama3.1:8b"


@pytest.mark.parametrize(
    ("models", "words"),
    [({}, "no model yet"), ({"tiny:1b": Weights(("completion",))}, "only tiny:1b, without tools")],
    ids=["empty", "without tools"],
)
async def test_an_ollama_without_a_fit_model_means_the_built_in_and_the_pull_command(
    models: dict[str, Weights], words: str, choose: Choose, ollama: OllamaServer
) -> None:
    ollama.models = models

    choice = await choose()

    assert choice.model.label == "builtin"
    assert words in choice.sentences[0]
    assert "`ollama pull qwen3:8b`" in choice.sentences[1]


async def test_no_ollama_means_the_built_in(choose: Choose, unused_tcp_port: int) -> None:
    choice = await choose(ollama_host=f"http://127.0.0.1:{unused_tcp_port}")

    assert choice.model.label == "builtin"
    assert "no Ollama answers at 127.0.0.1" in choice.sentences[0]


async def test_an_ollama_that_hangs_is_not_waited_for(ollama: OllamaServer) -> None:
    async with OllamaServer() as slow:
        slow.models = {"a:latest": Weights()}
        slow.show_hangs = True
        choice = await choose_model(Settings(ollama_host=slow.url), timeout_seconds=0.3)

    assert choice.model.label == "builtin"
    assert ollama.requests == []


async def test_a_key_alone_chooses_nothing(choose: Choose, unused_tcp_port: int) -> None:
    async with OpenAIServer() as server:
        choice = await choose(
            ollama_host=f"http://127.0.0.1:{unused_tcp_port}",
            openai_api_key=SecretStr("sk-x"),
            openai_base_url=f"{server.url}/v1",
            anthropic_api_key=SecretStr("sk-y"),
            gemini_api_key=SecretStr("z"),
        )

    assert choice.model.label == "builtin"
    assert server.requests == []


async def test_what_kaia_model_names_is_used_even_where_it_is_missing(choose: Choose) -> None:
    choice = await choose(model="ollama:qwen2")

    assert choice.model.label == "ollama:qwen2"
    assert any("`ollama pull qwen2`" in sentence for sentence in choice.sentences)


async def test_what_kaia_model_names_but_cannot_be_had_is_an_error(choose: Choose) -> None:
    with pytest.raises(SettingsError, match="OPENAI_API_KEY"):
        await choose(model="openai:gpt-9")


async def report_on(ollama: OllamaServer, **fields: Any) -> ModelReport:
    settings = {"model": "ollama:qwen3:8b", "ollama_host": ollama.url, **fields}
    return await probe(Settings(**settings))


async def test_a_model_that_is_all_right_says_its_window(ollama: OllamaServer) -> None:
    report = await report_on(ollama)

    assert report.is_usable
    assert report.window == 40_960
    assert report.sentences == (
        f"The Ollama at 127.0.0.1:{ollama.port} has qwen3:8b, made for 40960 tokens.",
    )
    assert ollama.requests == []


ADVICE: dict[str, tuple[Weights, dict[str, Any], str, bool]] = {
    "no tools": (Weights(("completion",)), {}, "cannot call tools", False),
    "no thinking": (Weights(), {"think": True}, "KAIA_THINK=false", True),
    "small model": (Weights(window=8_192), {}, "KAIA_NUM_CTX=8192", True),
    "other window": (Weights(loaded=4_096), {}, "loaded with a window of 4096", True),
    "little window": (Weights(), {"num_ctx": 2_048}, "8192 or more", True),
}


@pytest.mark.parametrize(("weights", "fields", "words", "usable"), ADVICE.values(), ids=ADVICE)
async def test_advice_fits_what_was_found(
    weights: Weights, fields: dict[str, Any], words: str, usable: bool, ollama: OllamaServer
) -> None:
    ollama.models["qwen3:8b"] = weights

    report = await report_on(ollama, **fields)

    assert any(words in sentence for sentence in report.sentences)
    assert report.is_usable is usable


async def test_a_window_as_loaded_needs_no_advice(ollama: OllamaServer) -> None:
    ollama.models["qwen3:8b"] = Weights(loaded=16_384)

    report = await report_on(ollama)

    assert (report.loaded_window, len(report.sentences)) == (16_384, 1)


async def test_a_missing_model_is_reported_with_the_pull_command(ollama: OllamaServer) -> None:
    report = await report_on(ollama, model="ollama:qwen2")

    assert not report.is_usable
    assert "`ollama pull qwen2`" in report.sentences[0]


async def test_an_ollama_that_does_not_answer_is_reported(unused_tcp_port: int) -> None:
    host = f"http://127.0.0.1:{unused_tcp_port}"

    report = await probe(Settings(model="ollama:qwen3:8b", ollama_host=host))

    assert not report.is_usable
    assert str(unused_tcp_port) in report.sentences[0]


@pytest.mark.parametrize(
    ("fields", "usable", "words"),
    [
        ({"model": "builtin"}, True, "built-in wording"),
        ({"model": "openai:gpt-9"}, False, "OPENAI_API_KEY"),
        ({"model": "openai:gpt-9", "openai_api_key": SecretStr("sk-x")}, True, "api.openai.com"),
    ],
    ids=["builtin", "no key", "key"],
)
async def test_other_providers_are_reported_from_the_settings_alone(
    fields: dict[str, Any], usable: bool, words: str
) -> None:
    report = await probe(Settings(**fields))

    assert report.is_usable is usable
    assert words in report.sentences[0]


async def test_a_probe_that_hangs_ends(ollama: OllamaServer) -> None:
    ollama.show_hangs = True
    settings = Settings(model="ollama:qwen3:8b", ollama_host=ollama.url)

    report = await probe(settings, timeout_seconds=0.3)

    assert not report.is_usable
    assert "gave no answer" in report.sentences[0]
