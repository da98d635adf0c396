"""SSL_CERT_FILE holds for every provider, and a certificate that is not trusted is said so."""

import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.agents.models import build_model
from bot.agents.team import Assistant
from bot.errors import ModelUnreachable
from bot.settings import Settings
from tests.apiserver.certificates import Authority
from tests.doubles.anthropic_server import AnthropicServer
from tests.doubles.ollama_server import OllamaServer
from tests.doubles.openai_server import OpenAIServer
from tests.doubles.served import ScriptedServer

SERVERS: dict[str, type[ScriptedServer]] = {
    "ollama": OllamaServer,
    "openai": OpenAIServer,
    "anthropic": AnthropicServer,
}


@pytest.fixture(params=list(SERVERS))
async def server(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[ScriptedServer]:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    own = Authority(tmp_path).issue("localhost", addresses=("127.0.0.1",))
    context.load_cert_chain(own.certificate, own.key)
    async with SERVERS[request.param](tls=context) as server:
        yield server


def settings_for(server: ScriptedServer) -> Settings:
    match server:
        case OllamaServer():
            return Settings(model="ollama:qwen3:8b", ollama_host=server.url)
        case OpenAIServer():
            return Settings(model="openai:gpt-9", openai_base_url=f"{server.url}/v1")
        case _:
            key = SecretStr("sk-canary")
            return Settings(
                model="anthropic:claude-9", anthropic_base_url=server.url, anthropic_api_key=key
            )


async def ask(server: ScriptedServer) -> str:
    model = build_model(settings_for(server))
    try:
        kaia = Assistant(model, deadline_seconds=20)
        return (await kaia.run("fine?", saved=None, situation="", tools=[])).answer
    finally:
        await model.close()


async def test_a_certificate_of_ones_own_authority_is_trusted_by_ssl_cert_file(
    server: ScriptedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.crt"))
    server.say("Fine.")

    assert await ask(server) == "Fine."


async def test_a_certificate_that_is_not_trusted_is_said_so(server: ScriptedServer) -> None:
    server.say("Fine.")

    with pytest.raises(ModelUnreachable, match="SSL_CERT_FILE"):
        await ask(server)

    assert not server.requests
