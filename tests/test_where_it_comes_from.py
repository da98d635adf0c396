"""The article that Kaia comes from: its question, its team, and the page that maps it to Kaia."""

import ast
import asyncio
import os
import re
import shutil
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path

import pytest

from bot.agents.models import build_model
from bot.agents.team import Assistant
from bot.app.shown import SHOP
from bot.recordings.format import Recording
from bot.recordings.replay.kubeconfig import kubeconfig, write
from bot.recordings.replay.server import ReplayServer
from bot.settings import Settings
from tests.doubles.ollama_server import OllamaServer

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "where-it-comes-from.md").read_text(encoding="utf-8")
TEST = re.compile(r"`(tests/[\w/]+\.py)::([\w:]+)`")
PLACE = re.compile(r"`((?:bot|docs|tests)/[\w./-]+)`")
QUESTION = "what is wrong with pod dummy?"
ARTICLE = (
    "A chat in the terminal",
    "Its first question",
    "Its invitation",
    "The kubectl tool",
    "A leading kubectl is added",
    "Whatever the model wrote was run",
    "One assistant named kaia",
    "Round robin",
    "A person in the loop",
    "The end",
    "A response format",
    "Reflection",
    "Ollama, kept loaded",
    "No namespace is given",
    "A pod is asked about",
    "Something is found nowhere",
    "A bound on turns",
    "OpenAI",
    "Claude",
    "Gemini",
    "MCP servers for Kubernetes",
    "Speech",
    "What would you add?",
    "How much does it hallucinate?",
    "Which model works best for you?",
)
ITS_WORDS = (
    "Type 'Thanks!' if you're done.",
    QUESTION,
    "whisper to my cluster",
    'TextMentionTermination("Thanks!")',
    "UserProxyAgent",
    "RoundRobinGroupChat",
    "reflect_on_tool_use",
    "FunctionTool",
    "qwen2",
    "keep_alive",
    "max_turns",
)

Chat = Callable[..., Awaitable[str]]


def rows() -> dict[str, list[str]]:
    """The tables' rows by their first cell, all tables together."""
    cells = [line.strip("| ").split(" | ") for line in PAGE.splitlines() if line.startswith("| ")]
    return {row[0]: row for row in cells if row[0] not in ("Capability", "---")}


@cache
def names_in(file: Path) -> frozenset[str]:
    """`test_name` and `TestClass::test_name`, without importing anything."""
    body = ast.parse(file.read_text(encoding="utf-8")).body
    classes = [node for node in body if isinstance(node, ast.ClassDef)]
    inner = [f"{each.name}::{name}" for each in classes for name in functions(each.body)]
    return frozenset([*functions(body), *inner])


def functions(body: list[ast.stmt]) -> list[str]:
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return [node.name for node in body if isinstance(node, kinds)]


def untrue(named: list[tuple[str, str]]) -> list[str]:
    """Tests that do not exist."""
    files = {file: ROOT / file for file, _ in named}
    known = {file: names_in(path) if path.is_file() else () for file, path in files.items()}
    return [f"{file}::{name}" for file, name in named if name not in known[file]]


class TestThePage:
    def test_it_has_every_capability_of_the_article_and_no_other(self) -> None:
        assert tuple(rows()) == ARTICLE

    @pytest.mark.parametrize("words", ITS_WORDS)
    def test_it_quotes_the_article(self, words: str) -> None:
        assert words in PAGE

    @pytest.mark.parametrize("capability", ARTICLE)
    def test_each_capability_names_places_and_tests_that_are_there(self, capability: str) -> None:
        _, _, places, tests, differs = rows()[capability]
        named = TEST.findall(tests)

        assert named
        assert untrue(named) == []
        assert PLACE.findall(places)
        assert [each for each in PLACE.findall(places) if not (ROOT / each).exists()] == []
        assert differs

    def test_every_other_name_in_it_is_true_too(self) -> None:
        named = TEST.findall(PAGE)

        assert PAGE.count("::test_") == len(named)
        assert untrue(named) == []


@pytest.fixture
def with_dummy(tmp_path: Path) -> Path:
    """The recorded shop, in which the pod of cart is called dummy."""
    shutil.copytree(SHOP.parent / "servers", tmp_path / "servers")
    shutil.copytree(SHOP, tmp_path / "shop")
    [log] = (tmp_path / "shop" / "logs" / "shop").glob("cart-*")
    for file in (each for each in (tmp_path / "shop").rglob("*") if each.is_file()):
        file.write_bytes(file.read_bytes().replace(log.name.encode(), b"dummy"))
    log.rename(log.with_name("dummy"))
    return tmp_path / "shop"


@asynccontextmanager
async def chat_on(recording: Path, home: Path) -> AsyncIterator[Chat]:
    """`kaia chat` as a process, in a pipe; gives what it said."""
    opened = await asyncio.to_thread(Recording.open, recording)
    async with ReplayServer(opened) as replay:
        write(home / "config", kubeconfig(replay.url, opened.manifest))

        async def chat(*lines: str) -> str:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "bot", "chat"),
                cwd=ROOT,
                env={
                    "PATH": os.environ["PATH"],
                    "HOME": str(home),
                    "KUBECONFIG": str(home / "config"),
                    "KAIA_MODEL": "builtin",
                },
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
            )
            said, _ = await process.communicate("".join(f"{line}\n" for line in lines).encode())
            assert process.returncode == 0, said.decode()
            return said.decode()

        yield chat


async def test_the_articles_question_is_answered_where_the_pod_is(
    with_dummy: Path, tmp_path: Path
) -> None:
    async with chat_on(with_dummy, tmp_path) as chat:
        said = await chat(QUESTION, "and its logs?", "Thanks!")

    first = said.splitlines()[0]
    assert first == "**CONFIRMED** · StatefulSet shop/db: UnboundClaim [1]."
    assert "`shop/dummy` is **not well**" in said
    assert "StorageClass `fast-ssd`, which does not exist" in said
    assert "FATAL: cannot reach the database at db:5432: connection refused" in said
    assert "[3] kubectl logs pod/dummy --namespace=shop" in said
    assert "You're welcome. This conversation is closed: 2 questions" in said


async def test_where_there_is_no_pod_dummy_the_articles_question_is_answered_so(
    tmp_path: Path,
) -> None:
    async with chat_on(SHOP, tmp_path) as chat:
        said = await chat(QUESTION)

    assert said.startswith("**CONFIRMED** · there is no pod `dummy` in any namespace [1].")
    assert "[1] kaia triage -A" in said


async def test_the_team_is_the_articles_team() -> None:
    async with OllamaServer() as ollama:
        ollama.models = {"qwen2:latest": next(iter(ollama.models.values()))}
        ollama.say("Nothing is.")
        model = build_model(Settings(model="ollama:qwen2", ollama_host=ollama.url))
        kaia = Assistant(model, deadline_seconds=20)
        run = await kaia.run(QUESTION, saved=None, situation="", tools=[])
        await model.close()

    members = {*run.saved["team"]["agent_states"]}
    assert members == {"kaia", "user_proxy", "RoundRobinGroupChatManager"}
